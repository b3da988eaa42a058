"""An answer -> the places it cites as a person checks them: the cited words inside their paragraphs, and where.

Pure. Everything comes from the record, so that an old answer shows what it was made from, whatever the manual says by
now. Knows neither files nor Slack.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot import texts
from bot.types import Answer, Citation, Closest
from knowledge.read.marks import Wanted
from knowledge.text.sentences import united
from knowledge.types import Passage

AROUND = 400  # characters of a paragraph that are shown before and behind the cited words; guess
CONTEXT = 120  # characters around the words that tell them from equal ones on the page; guess
CUT = "…"
OVERLAP = -1  # characters between what overlaps, at most: what only touches stays apart; given: united()


@dataclass(frozen=True, slots=True)
class Place:
    """One cited place. A paragraph is its runs in order, each with whether it is cited."""

    cited: Citation
    paragraphs: tuple[tuple[tuple[str, bool], ...], ...]
    wanted: tuple[Wanted, ...]  # the cited words with their surroundings, to be found on the page
    owner: str | None = None


def where(place: Citation | Closest, locale: str = "en") -> str:
    """How a place reads: `Travel policy 3 › 5.2 Hotels, p. 45 (PDF page 72)`; one page number where both agree."""
    title = place.title or place.document
    if place.version and not re.search(rf"(?<!\w){re.escape(place.version)}(?!\w)", title, re.I):
        title += f" {place.version}"
    text = " › ".join((title, *place.section[-1:]))
    return ", ".join(filter(None, (text, page_of(place.page, place.page_label, locale))))


def page_of(page: int | None, label: str | None, locale: str = "en") -> str:
    """The printed page, and the PDF's where it is another: `p. 45 (PDF page 72)`; "" where there are no pages."""
    if page is None:
        return ""
    code = "page" if label in (None, "", str(page)) else "page_of_pdf"
    return texts.of(locale).modals[code].format(label=label, page=page)


def places(answer: Answer) -> tuple[Place, ...]:
    """The places in the order of their numbers."""
    return tuple(_place(cited, answer.passages) for cited in answer.citations)


def _place(cited: Citation, passages: Sequence[Passage]) -> Place:
    near = [p for p in passages if p.chunk_id == cited.chunk_id]
    near += [p for p in passages if p.document == cited.document and p.section == cited.section and p not in near]
    spans: dict[int, list[tuple[int, int]]] = {}  # by number of the passage
    wanted = []
    lost = []
    for quote in cited.quotes or (cited.quote,):
        stands = next(((n, at) for n, p in enumerate(near) if (at := p.text.find(quote)) >= 0), None)
        if stands is None or not quote.strip():
            lost.append(quote)
            wanted.append(Wanted(quote))
            continue
        number, at = stands
        text, end = near[number].text, at + len(quote)
        spans.setdefault(number, []).append((at, end))
        wanted.append(Wanted(quote, text[max(0, at - CONTEXT) : at], text[end : end + CONTEXT]))
    shown = [runs for number, cuts in spans.items() for runs in _paragraphs(near[number].text, cuts)]
    shown += [((quote, True),) for quote in lost if quote.strip()]
    owner = next((p.owner for p in near if p.owner), None)
    return Place(cited, tuple(shown), tuple(wanted), owner)


def _paragraphs(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[tuple[str, bool], ...]]:
    """The paragraphs around the spans; spans that share one, or overlap, are shown in it together."""
    cuts, found = united(spans, OVERLAP), []
    for start, end in cuts:
        before, behind = text.rfind("\n\n", 0, start), text.find("\n\n", end)
        found.append((before + 2 if before >= 0 else 0, behind if behind >= 0 else len(text)))
    whole = united(found, OVERLAP)
    return [tuple(_runs(text, begin, stop, [cut for cut in cuts if begin <= cut[0] < stop])) for begin, stop in whole]


def _runs(text: str, begin: int, stop: int, cuts: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    at = begin
    for number, (start, end) in enumerate(cuts):
        before = text[at:start]
        if number == 0 and len(before) > AROUND:
            before = CUT + before[before.find(" ", len(before) - AROUND) :]
        elif len(before) > 2 * AROUND:
            before = before[: before.rfind(" ", 0, AROUND) + 1] + CUT + before[before.find(" ", len(before) - AROUND) :]
        runs += [(before, False), (text[start:end], True)]
        at = end
    after = text[at:stop]
    if len(after) > AROUND:
        after = after[: after.rfind(" ", 0, AROUND) + 1] + CUT
    return [run for run in (*runs, (after, False)) if run[0]]
