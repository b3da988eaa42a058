"""Recorded questions -> rows of a gold file; and which rows no longer match the manual. Pure.

In: a record with its votes, a right answer if somebody gave one, the manual's live chunks. Out: a row as
bot.evaluation.gold reads it; for each row what is wrong with it. Rule kept: what is to be a gold row never says more
about a person than its placeholders do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import PolicybotError
from bot.evaluation.gold import Case, GoldPlace
from bot.evaluation.metrics import same_document, share, words
from bot.json_rows import replayable
from bot.privacy.mask import Mask
from bot.privacy.people import People
from bot.types import Answer, Outcome
from knowledge.text.sentences import units
from knowledge.types import Chunk, Passage

if TYPE_CHECKING:
    from bot.store.answers import Asked

HALF = 0.5  # share of an evidence's words from which a text is a changed form of it; guess
CITED = 3  # places of an answer that a row names; guess


class NotGold(PolicybotError):
    """A record says too little for a gold row."""

    code = "not_gold"


def corrected(asked: Asked) -> str | None:
    """What the last voter against the answer says would be right."""
    comments = [vote.comment for vote in asked.votes if vote.value == "down" and vote.comment]
    return comments[-1] if comments else None


def row(asked: Asked, answer: str | None, passages: Sequence[Passage], people: People) -> dict[str, Any]:
    """The gold row. `answer`: the right one, in a person's words; `passages`: what the manual has near to it.

    Raises NotGold where the answer was voted down and nobody said what is right, or where it failed.
    """
    record = asked.record
    mask = Mask(people.find)
    question = mask.question(record.question)
    asks = replayable(question) | {"id": record.id}
    if answer is not None:
        says = {"answers": [mask.text(answer, own=False)], **_evidence(answer, passages)}
        return {**asks, "answerable": bool(says.get("evidence")), **says, "from": "a person's answer"}
    if record.answer.outcome is Outcome.FAILED:
        raise NotGold("This question failed, so nothing is known of its answer: give the right one with --answer.")
    against = sum(1 if vote.value == "down" else -1 for vote in asked.votes)
    if record.answer.outcome is Outcome.REFUSED:
        if against > 0:
            raise NotGold("A refusal that was voted down may be wrong: give the right answer with --answer.")
        return {**asks, "answerable": False, "from": "a refusal"}
    if against > 0:
        raise NotGold("This answer was voted down: give the right one with --answer.")
    return {
        **asks,
        "answerable": True,
        **_cited(record.answer, question.text),
        "from": "an answer" + (", voted up" if against else ""),
    }


def _cited(answer: Answer, question: str) -> dict[str, Any]:
    """The place that shares the most words with the question, and the others."""
    if not answer.citations:
        raise NotGold("This answer cites nothing, so no row can be made of it: give the right one with --answer.")
    asked = set(words(question))
    places = sorted(answer.citations[:CITED], key=lambda c: -len(asked & set(words(" ".join(c.quotes or (c.quote,))))))
    first, *others = places
    return {
        "doc": first.document,
        "page": first.page,
        "evidence": " ".join(first.quotes or (first.quote,)),
        "answers": [],
        "also_at": [{"doc": other.document, "page": other.page} for other in others],
    }


def _evidence(answer: str, passages: Sequence[Passage]) -> dict[str, Any]:
    """The sentence of the manual that shares the most words with an answer; nothing where none shares a half."""
    wanted = set(words(answer))
    best: tuple[float, str, Passage] | None = None
    for passage in passages:
        for sentence in _sentences(passage.text, passage.section):
            has = set(words(sentence))
            score = 2 * len(wanted & has) / ((len(wanted) + len(has)) or 1)
            if best is None or score > best[0]:
                best = score, sentence.strip(), passage
    if best is None or best[0] < HALF:
        return {}
    _, text, passage = best
    span = passage.page_at(passage.text.find(text))
    return {"doc": passage.document, "page": span.page if span else None, "evidence": text}


def _sentences(text: str, headings: Sequence[str]) -> list[str]:
    """Sentences, list items and table rows."""
    return [text[unit.start : unit.end] for unit in units(text, headings)]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A gold row that the manual no longer supports. Codes: document_gone, evidence_gone, evidence_changed, moved."""

    id: str
    code: str
    message: str


def mismatches(cases: Iterable[Case], manual: Mapping[str, Sequence[Chunk]]) -> list[Mismatch]:
    """The rows whose evidence is gone, changed or elsewhere; `manual`: the live chunks of each document, in order."""
    wrong = []
    for case in cases:
        if case.wording == "question" and case.answerable and case.places:
            problem = _mismatch(case, case.places, manual)
            if problem:
                wrong.append(Mismatch(case.id, *problem))
    return wrong


def _mismatch(case: Case, places: Sequence[GoldPlace], manual: Mapping[str, Sequence[Chunk]]) -> tuple[str, str] | None:
    named = [path for path in manual if any(same_document(path, place.doc) for place in places)]
    gold = places[0]
    elsewhere = [path for path in manual if case.evidence and _share(case, manual[path]) == 1 and path not in named]
    if not named:
        return "document_gone", f"{gold.doc} is not in the manual" + (
            f"; its evidence stands in {', '.join(elsewhere)}" if elsewhere else ""
        )
    if not case.evidence:
        return None
    best = max(named, key=lambda path: _share(case, manual[path]))
    held = _share(case, manual[best])
    if held < 1:  # one changed figure in a long sentence loses three of its many trigrams
        if elsewhere:
            return "moved", f"the evidence stands in {', '.join(elsewhere)}, no longer in {gold.doc}"
        code = "evidence_changed" if held >= HALF else "evidence_gone"
        near = _nearest(case, manual[best])
        return code, f"{int(100 * held)}% of the evidence stands in {best}" + (f"; nearest: {near}" if near else "")
    pages = _pages(case, manual[best])
    wanted = {place.page for place in places if place.page is not None and same_document(best, place.doc)}
    if pages and wanted and not pages & wanted:
        return "moved", f"the evidence stands on page {min(pages)} of {best}, not on page {min(wanted)}"
    return None


def _share(case: Case, chunks: Sequence[Chunk]) -> float:
    return share(case.evidence, [" ".join(chunk.text for chunk in chunks)])


def _pages(case: Case, chunks: Sequence[Chunk]) -> set[int]:
    """The pages of the chunks that hold most of the evidence."""
    shares = [share(case.evidence, [chunk.text]) for chunk in chunks]
    most = max(shares, default=0.0)
    return {
        span.page
        for chunk, held in zip(chunks, shares, strict=True)
        if most and held >= 0.9 * most
        for span in chunk.pages
    }


def _nearest(case: Case, chunks: Sequence[Chunk]) -> str:
    """The sentence that shares the most words with the evidence, for people to compare."""
    wanted = set(words(case.evidence))
    candidates = [sentence for chunk in chunks for sentence in _sentences(chunk.text, chunk.section)]
    best = max(candidates, key=lambda one: len(wanted & set(words(one))) / (5 + len(words(one))), default="")
    return " ".join(best.split()) if wanted & set(words(best)) else ""
