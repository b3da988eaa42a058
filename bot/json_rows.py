"""The machine interface: results as JSON-ready dicts, the same from every verb. Pure.

Fields once published keep their meaning. Absent values are null; `section` is one string joined by " > "; pages are
1-based physical indexes and `page_label` is what is printed.
"""

import json
from typing import Any

from bot.types import Answer, Citation, Closest, Outcome, Question
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
    costs = "input_tokens output_tokens cost_usd"

    def place(one: Citation | Closest, names: str) -> dict[str, Any]:
        return _fields(one, names) | {"section": SEPARATOR.join(one.section) or None}

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
                "quotes": [_fields(c, "n chunk_id quote") for c in s.citations],
                "verdict": s.verdict.value,
                "reason": s.reason or None,
            }
            for s in item.sentences
        ],
        "dropped": item.dropped,
        "held_back": [_fields(h, "text reason about replaced_by") | {"about": h.about or None} for h in item.held_back],
        "reattributed": item.reattributed,
        "citations": [
            place(c, "n document section page page_end page_label quote quotes url chunk_id edition")
            for c in item.citations
        ],
        "closest": [place(c, "document section page url quote") | {"quote": c.quote or None} for c in item.closest],
        "whom": place(item.whom, "document section page url quote") if item.whom else None,
        "passages": [passage(p) for p in item.passages],
        "usage": _fields(item.usage, costs),
        "usage_by": {feature: _fields(used, costs) for feature, used in item.usage_by.items()},
        "timings_ms": {key: item.timings_ms.get(key) for key in ("retrieve", "first_sentence", "total")},
        "prompt": item.prompt,
        "model": item.model,
        "confidence": item.confidence,
        "notes": list(item.notes),
    }


def _fields(one: object, names: str) -> dict[str, Any]:
    """Fields of plain data: `_fields(usage, "input_tokens cost_usd")` -> {"input_tokens": 12, "cost_usd": None}."""
    return {name: getattr(one, name) for name in names.split()}


def failure(identity: str | None, code: str, message: str) -> dict[str, Any]:
    """A row of a batch that couldn't be asked, in the shape of an answer."""
    return answer(identity, Answer(Outcome.FAILED, "", error=(code, message)))


def ingest(report: IngestReport) -> dict[str, Any]:
    """What `ingest --json` prints."""
    return {
        "documents": {
            **_fields(report, "added unchanged replaced renamed removed"),
            "partial": [_fields(file, "path code message") for file in report.partial],
            "failed": [_fields(file, "path code message") for file in report.failed],
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
