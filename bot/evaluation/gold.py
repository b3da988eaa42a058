"""Gold cases and batches: JSON Lines in, frozen cases out; one malformed row never stops the others. Pure.

Fields are those of the machine interface (docs/lab): id, question, history, doc, page, evidence, answerable,
also_at, also_in, and other wordings of the question as `question_*`.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.types import Question, Turn

SAYS = {"answerable", "evidence", "evidences", "answers", "doc", "also_at", "also_in"}  # fields of what answers a row


@dataclass(frozen=True, slots=True)
class GoldPlace:
    """Where the gold answer stands: a document, and its page if it has pages."""

    doc: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """One wording of one gold question, with all that is known of its answer."""

    id: str
    wording: str  # "question", "question_keywords", ...
    question: Question
    answerable: bool
    evidence: str = ""
    answers: tuple[str, ...] = ()
    places: tuple[GoldPlace, ...] = ()  # the gold place first; any of them is right


def rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """(line number, row) for each non-empty line; None where it isn't a JSON object with a question."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            json.dumps(row, ensure_ascii=False).encode()  # half a surrogate pair is no text
        except ValueError:
            row = None
        yield number, row if isinstance(row, dict) and isinstance(row.get("question"), str) else None


def question(row: dict[str, Any], collection: str, wording: str = "question", fallback_id: str = "") -> Question:
    """The question a row asks, with its history. Turns of unknown roles count as the user's."""
    given = row.get("history")
    turns = given if isinstance(given, list) else []
    history = tuple(
        Turn("agent" if turn.get("role") in ("agent", "assistant", "bot") else "user", str(turn.get("text") or ""))
        for turn in turns
        if isinstance(turn, dict)
    )
    identity = row.get("id")
    return Question(fallback_id if identity is None else str(identity), row[wording], history, (collection,))


def unstated(lines: Iterable[str]) -> list[str]:
    """The ids of rows that say neither what answers them nor that nothing does: they count as answerable."""
    kept = ((number, row) for number, row in rows(lines) if row and not {*row} & SAYS)
    return [str(number if row.get("id") is None else row["id"]) for number, row in kept]


def cases(lines: Iterable[str], collection: str) -> Iterator[Case]:
    """A case for each wording of each valid row."""
    for number, row in rows(lines):
        if row is None:
            continue
        for wording in [key for key in row if key == "question" or key.startswith("question_")]:
            if not isinstance(row[wording], str) or not row[wording].strip():
                continue
            yield Case(
                id=str(number if row.get("id") is None else row["id"]),
                wording=wording,
                question=question(row, collection, wording, str(number)),
                answerable=str(row.get("answerable", True)).lower() not in ("false", "0"),
                evidence=str(row.get("evidence") or ""),
                answers=tuple(str(a) for a in _list(row.get("answers"))),
                places=tuple(_places(row)),
            )


def _places(row: dict[str, Any]) -> Iterator[GoldPlace]:
    doc = str(row.get("doc") or "")
    if doc:
        yield GoldPlace(doc, _page(row.get("page")))
    for other in [*_list(row.get("also_at")), *_list(row.get("also_in"))]:
        if isinstance(other, dict):
            yield GoldPlace(str(other.get("doc") or doc), _page(other.get("page")))
        else:
            yield GoldPlace(str(other), None)
    for other in _list(row.get("evidences")):
        if isinstance(other, dict) and doc:
            yield GoldPlace(str(other.get("doc") or doc), _page(other.get("page")))


def _list(value: Any) -> list[Any]:
    """People also write one value where a list is meant."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _page(value: Any) -> int | None:
    return int(value) if str(value).isdecimal() else None
