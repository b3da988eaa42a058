"""Two editions of a manual -> what was added, removed and changed, section by section; what cites it. Pure.

In: the documents of both editions as they were read. Out: changes with the sentences that came and went. Sections are
paired by their headings, then by headings without their numbers, then by likeness of text: a chapter that was put in
between changes every number behind it and no rule.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bot.answering.editions import family
from bot.evaluation.metrics import same_document, words
from bot.reporting.figures import section as place
from knowledge.text.sentences import units
from knowledge.types import Document

if TYPE_CHECKING:
    from bot.evaluation.gold import Case
    from bot.store.answers import Asked

LIKE = 60.0  # percent of likeness from which two texts are one section under another heading; guess
_NUMBER = re.compile(
    r"(?:(?:chapter|section|part|article|annex)\s+|§\s*)?(?:\d+(?:\.\d+)*[a-z]?[.):]?|[a-z][.)]|[ivx]+[.)])\s+", re.I
)

Section = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one section. `was`: its heading in the old edition, where it has another one now."""

    kind: Literal["added", "removed", "changed", "renamed"]
    document: str  # in the new edition; in the old one, if it was removed
    section: Section
    was: Section | None = None
    gone: tuple[str, ...] = ()  # sentences
    came: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A document in both editions; None where it is not there."""

    old: Document | None
    new: Document | None


def paired(old: Sequence[Document], new: Sequence[Document]) -> list[Pair]:
    """Documents by path; then by title less year and version. One document each is a pair whatever they are called."""
    if len(old) == len(new) == 1:
        return [Pair(old[0], new[0])]
    by_path = {one.path: one for one in new}
    pairs = [Pair(one, by_path.pop(one.path, None)) for one in old]
    by_title = {family(one.title, one.path): one for one in by_path.values()}
    for at, pair in enumerate(pairs):
        if pair.new is None and pair.old is not None:
            pairs[at] = Pair(pair.old, by_title.pop(family(pair.old.title, pair.old.path), None))
    taken = {pair.new.path for pair in pairs if pair.new}
    return [*pairs, *(Pair(None, one) for one in new if one.path not in taken)]


def changes(pair: Pair) -> list[Change]:
    """What differs between the two, in the order of the new edition; removed sections last."""
    before, after = _sections(pair.old), _sections(pair.new)
    path = pair.new.path if pair.new else pair.old.path if pair.old else ""
    match = _matched(before, after)
    changed = []
    for section, text in after.items():
        if section not in match:
            changed.append(Change("added", path, section, came=tuple(_sentences(text, section))))
            continue
        was = match[section]
        gone, came = _difference(_sentences(before[was], was), _sentences(text, section))
        other = was if was != section else None
        if gone or came:
            changed.append(Change("changed", path, section, other, tuple(gone), tuple(came)))
        elif other and _plain(was) != _plain(section):
            changed.append(Change("renamed", path, section, other))
    kept = set(match.values())
    removed = (section for section in before if section not in kept)
    return [*changed, *(Change("removed", path, key, gone=tuple(_sentences(before[key], key))) for key in removed)]


def _sections(document: Document | None) -> dict[Section, str]:
    parts: dict[Section, list[str]] = {}
    for block in document.blocks if document else ():
        parts.setdefault(block.section, []).append(block.text)
    return {section: "\n\n".join(texts) for section, texts in parts.items()}


def _plain(section: Section) -> Section:
    return tuple(" ".join((_NUMBER.sub("", heading) or heading).casefold().split()) for heading in section)


def _matched(before: Mapping[Section, str], after: Mapping[Section, str]) -> dict[Section, Section]:
    """The old section of each new one that has one."""
    from rapidfuzz import fuzz, process

    match = {section: section for section in after if section in before}
    left = {section: text for section, text in before.items() if section not in match}
    by_plain = {_plain(section): section for section in left}
    for section in after:
        if section not in match and (was := by_plain.pop(_plain(section), None)):
            match[section] = was
            del left[was]
    for section, text in after.items():
        if section in match or not left:
            continue
        nearest = process.extractOne(text, left, scorer=fuzz.ratio, score_cutoff=LIKE)
        if nearest:
            match[section] = nearest[2]
            del left[nearest[2]]
    return match


def _sentences(text: str, headings: Sequence[str]) -> list[str]:
    return [" ".join(text[unit.start : unit.end].split()) for unit in units(text, headings)]


def _difference(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    gone, came = list[str](), list[str]()
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += old[a:b]
            came += new[c:d]
    return [one for one in gone if one not in came], [one for one in came if one not in gone]


def _whole_text(document: Document | None) -> str:
    """The words of a document, to look for quotes in."""
    return f" {' '.join(words(' '.join(block.text for block in document.blocks)))} " if document else ""


def _stands(quote: str, text: str) -> bool:
    """Whether a document says all of the quote, word for word."""
    return f" {' '.join(words(quote))} " in text


def outdated(cases: Iterable[Case], pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """The gold rows whose evidence the old edition has and the new one has not."""
    texts = [(pair.old.path, _whole_text(pair.old), _whole_text(pair.new)) for pair in pairs if pair.old]
    rows = []
    for case in cases:
        lost = any(
            any(same_document(path, one.doc) for one in case.places)
            and _stands(case.evidence, before)
            and not _stands(case.evidence, after)
            for path, before, after in texts
        )
        if lost and case.wording == "question" and case.evidence:
            rows.append({"id": case.id, "question": case.question.text, "evidence": case.evidence})
    return rows


def touched(
    asked: Iterable[Asked], pairs: Sequence[Pair], changed: Mapping[str, Sequence[Change]]
) -> list[dict[str, Any]]:
    """The recorded answers that cite changed or removed sections of the old edition, those whose quote is gone first.

    `changed`: the changes by the old document's path.
    """
    new_texts = {pair.old.path: _whole_text(pair.new) for pair in pairs if pair.old}
    rows = []
    for one in asked:
        for citation in one.record.answer.citations:
            path = next((path for path in changed if same_document(citation.document, path)), None)
            if path is None or not changed[path]:
                continue
            quotes = citation.quotes or (citation.quote,)
            gone = [quote for quote in quotes if not _stands(quote, new_texts[path])]
            inside = any(_within(citation.section, change) for change in changed[path])
            if gone or inside:
                rows.append(
                    {
                        "id": one.record.id,
                        "at": one.record.created_at.isoformat(timespec="seconds"),
                        "question": one.record.question.text,
                        "cites": place((citation.document, citation.section)),
                        "gone": gone,
                    }
                )
                break
    return sorted(rows, key=lambda row: not row["gone"])


def _within(cited: Section, change: Change) -> bool:
    """Whether a cited section is the one that changed, or holds it, or lies in it."""
    was = change.was or change.section
    shorter = min(len(cited), len(was))
    return change.kind in ("changed", "removed") and cited[:shorter] == was[:shorter] and shorter > 0
