"""The machine interface: results as JSON-ready dicts, the same from every verb. Pure.

Fields once published keep their meaning. Absent values are null; `section` is one string joined by " > "; pages are
1-based physical indexes and `page_label` is what is printed.
"""

from __future__ import annotations

import json
from typing import Any

from bot.types import Answer, Question
from knowledge.types import IngestReport, Passage

SEPARATOR = " > "


def dumps(value: Any) -> str:
    """The value as one line of JSON; what JSON has no word for is written as text."""
    return json.dumps(value, ensure_ascii=False, default=str)


def passage(item: Passage) -> dict[str, Any]:
    """A passage with its place: what `search --json` lists and an answer's `passages` are."""
    first, last = (item.pages[0], item.pages[-1]) if item.pages else (None, None)
    return {
        "text": item.text,
        "document": item.document,
        "page": first.page if first else None,
        "page_end": last.page if last else None,
        "page_label": first.label if first else None,
        "section": SEPARATOR.join(item.section) or None,
        "score": round(item.score, 6),
        "chunk_id": item.chunk_id,
    }


def search(identity: str | None, passages: tuple[Passage, ...], vectors_pending: int) -> dict[str, Any]:
    """A line of `search --json`."""
    return {"id": identity, "results": [passage(p) for p in passages], "vectors_pending": vectors_pending}


def answer(identity: str | None, item: Answer) -> dict[str, Any]:
    """A line of `ask --json`, and what `feedback export` holds under `answer`."""
    return {
        "id": identity,
        "outcome": item.outcome.value,
        "degraded_reason": item.degraded_reason,
        "error": {"code": item.error[0], "message": item.error[1]} if item.error else None,
        "text": item.text,
        "sentences": [
            {
                "text": s.text.strip(),
                "citations": list(dict.fromkeys(c.n for c in s.citations)),
                "quotes": [{"n": c.n, "chunk_id": c.chunk_id, "quote": c.quote} for c in s.citations],
                "verdict": s.verdict.value,
                "reason": s.reason or None,
            }
            for s in item.sentences
        ],
        "dropped": item.dropped,
        "held_back": [
            {"text": h.text, "reason": h.reason, "about": h.about or None, "replaced_by": h.replaced_by}
            for h in item.held_back
        ],
        "reattributed": item.reattributed,
        "citations": [
            {
                "n": c.n,
                "document": c.document,
                "section": SEPARATOR.join(c.section) or None,
                "page": c.page,
                "page_end": c.page_end,
                "page_label": c.page_label,
                "quote": c.quote,
                "quotes": list(c.quotes),
                "url": c.url,
                "chunk_id": c.chunk_id,
                "edition": c.edition,
            }
            for c in item.citations
        ],
        "closest": [
            {
                "document": c.document,
                "section": SEPARATOR.join(c.section) or None,
                "page": c.page,
                "url": c.url,
                "quote": c.quote or None,
            }
            for c in item.closest
        ],
        "passages": [passage(p) for p in item.passages],
        "usage": {
            "input_tokens": item.usage.input_tokens,
            "output_tokens": item.usage.output_tokens,
            "cost_usd": item.usage.cost_usd,
        },
        "usage_by": {
            feature: {"input_tokens": used.input_tokens, "output_tokens": used.output_tokens, "cost_usd": used.cost_usd}
            for feature, used in item.usage_by.items()
        },
        "timings_ms": {key: item.timings_ms.get(key) for key in ("retrieve", "first_sentence", "total")},
        "prompt": item.prompt,
        "model": item.model,
        "confidence": item.confidence,
        "notes": list(item.notes),
    }


def failure(identity: str | None, code: str, message: str) -> dict[str, Any]:
    """A row of a batch that couldn't be asked, in the shape of an answer."""
    from bot.types import Outcome

    return answer(identity, Answer(Outcome.FAILED, "", error=(code, message)))


def ingest(report: IngestReport) -> dict[str, Any]:
    """What `ingest --json` prints."""

    def files(items: Any) -> list[dict[str, str]]:
        return [{"path": f.path, "code": f.code, "message": f.message} for f in items]

    return {
        "documents": {
            "added": report.added,
            "unchanged": report.unchanged,
            "replaced": report.replaced,
            "renamed": report.renamed,
            "removed": report.removed,
            "partial": files(report.partial),
            "failed": files(report.failed),
            "flagged": [{"document": document, "page": page} for document, page in report.flagged],
        },
        "pages": report.pages,
        "chunks": report.chunks,
        "seconds": round(report.seconds, 2),
        "notes": list(report.notes),
    }


def replayable(question: Question) -> dict[str, Any]:
    """A question as a row that `--batch` reads."""
    return {
        "id": question.id,
        "question": question.text,
        "history": [{"role": turn.role, "text": turn.text} for turn in question.history],
    }


def whereabouts(document: str, section: tuple[str, ...], page: int | None, label: str | None) -> str:
    """Where a person finds it: `Travel policy › 5.2 Hotels, p. 45 (PDF page 72)`."""
    text = " › ".join((document, *section))
    if page is None:
        return text
    if label is None or label == str(page):
        return f"{text}, p. {page}"
    return f"{text}, p. {label} (PDF page {page})"
