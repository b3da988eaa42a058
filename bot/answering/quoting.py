"""Question and passages -> the sentences that answer, word for word, each with the place it stands. Pure.

The rule kept: every part of a quoted text is a slice of its passage (white space collapsed, list marks unified), so its
support is exact. Every sentence of every passage is scored by a small linear model (`WEIGHTS`); the best are shown in
order of relevance. Where the caller can tell how near a text is to the question in meaning (`similar`), the best are
judged again by that. Lists come whole with their lead-in, table rows with their header. Knows no corpus and no
embedder: what a word is worth is judged from the passages at hand.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from bot.answering.cues import answers
from bot.types import Checked, Support, Verdict
from knowledge.text.words import Unit, stems, units, words
from knowledge.types import Nearness, Passage, edition_order

MAX_SENTENCES = 5
MAX_WORDS = 130
MAX_LIST_WORDS = 160  # a longer list is quoted item by item

SHORTLIST = 6  # units looked at for their meaning: about 0.1 s of CPU with the bundled model
CONTEXT_CHARACTERS = 160  # of a unit, seen for its meaning
MARGIN = 3.5  # a unit scored this much lower than the best is off the question and not shown

# Trained by tests/eval/train_answers.py; the order is that of `features`.
WEIGHTS = (2.9, 0.3, 8.6, 1.0, 0.4, -3.7, 0.5, -0.1, 3.7)
# Of a unit on the shortlist; the last two are its nearness to the question, whole and weakest. Fitting all anew did
# not carry over to other corpora, two weights by hand did.
NEAR_WEIGHTS = (*WEIGHTS, 12.0, 6.0)

# (question, texts) -> how near each text is to the question
Similar = Callable[[str, Sequence[str]], Sequence[Nearness]]

_DANGLING = re.compile(
    r"^\W*(?:this|these|those|it|they|he|she|such|however|but|also|otherwise|in (?:this|that|these) case)\b", re.I
)
_MARK = re.compile(r"^(?:[-*+•●▪◦‣⁃–—·■□➢✓]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivxIVX]{1,5}\)|[ivx]{2,5}[.)])\s+")
_LEAD = re.compile(r":\s*$|\b(?:following|below|these|include[sd]?|are)\W*$", re.I)
_DENIAL = re.compile(r"\b(?:not|never|no|cannot|\w+n['’]t)\b", re.I)
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}")  # a line of a contents page


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of passage number `source` (1-based) with its score, log-odds of being part of the answer."""

    source: int
    index: int  # among the passage's units
    score: float


class Reading:
    """Passages cut into units and stems, and what each stem of the question is worth among them."""

    def __init__(self, question: str, passages: Sequence[Passage]) -> None:
        self.question = question
        self.passages = passages
        self.asked = stems(question)
        self.units = [units(p.text, p.section) for p in passages]
        self.stems = [
            [stems(p.text[u.start : u.end]) for u in own] for p, own in zip(passages, self.units, strict=True)
        ]
        self.titles = [set(stems(" ".join((p.title, *p.section)))) for p in passages]
        self.held = [titles.union(*said) for titles, said in zip(self.titles, self.stems, strict=True)]
        count = Counter(s for held in self.held for s in held)
        self.worth = {s: math.log(1 + len(passages) / (count[s] + 0.5)) for s in set(self.asked)}
        self._total = sum(self.worth.values()) or 1.0

    def share(self, held: Set[str]) -> float:
        """Share of the question's worth that these stems hold, 0..1; rare stems count more."""
        return sum(w for s, w in self.worth.items() if s in held) / self._total

    def text(self, source: int, index: int) -> str:
        unit = self.units[source - 1][index]
        return self.passages[source - 1].text[unit.start : unit.end]

    def quotable(self, source: int, index: int) -> bool:
        """Whether the unit keeps clear of what reads like instructions to a model, and is not the section's heading."""
        unit = self.units[source - 1][index]
        if self.text(source, index).strip() == "".join(self.passages[source - 1].section[-1:]):
            return False
        return not any(unit.start < end and start < unit.end for start, end in self.passages[source - 1].flagged)

    def in_context(self, source: int, index: int) -> str:
        """The unit behind the heading it stands under: what its meaning is judged by."""
        passage = self.passages[source - 1]
        heading = passage.section[-1] if passage.section else passage.title
        return f"{heading}: {_plain(self.text(source, index))[:CONTEXT_CHARACTERS]}"

    def candidates(self, similar: Similar | None = None) -> list[Candidate]:
        """Every unit that may be quoted, best first; with `similar` the SHORTLIST best, judged again."""
        vectors = {(source, index): vector for source, index, vector in features(self)}
        found = _ranked(Candidate(*place, _dot(WEIGHTS, vector)) for place, vector in vectors.items())
        if similar is None or not found:
            return found
        places = [(c.source, c.index) for c in found[:SHORTLIST]]
        near = similar(self.question, [self.in_context(*place) for place in places])
        return _ranked(
            Candidate(*place, _dot(NEAR_WEIGHTS, (*vectors[place], *nearness)))
            for place, nearness in zip(places, near, strict=True)
        )


def _ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda c: (-c.score, c.source, c.index))


def _dot(weights: Sequence[float], vector: Sequence[float]) -> float:
    return sum(w * x for w, x in zip(weights, vector, strict=True))


def features(reading: Reading) -> Iterator[tuple[int, int, tuple[float, ...]]]:
    """(source, unit index, features) of every unit that may be quoted."""
    share = reading.share
    fits = answers(reading.question)
    best_score = max((p.score for p in reading.passages), default=0.0) or 1.0
    for source, passage in enumerate(reading.passages, 1):
        said = reading.stems[source - 1]
        titles = share(reading.titles[source - 1])
        heading = share(set(stems(passage.section[-1]))) if passage.section else 0.0
        whole = share(reading.held[source - 1])
        for i in range(len(said)):
            text = reading.text(source, i)
            if reading.quotable(source, i):
                coverage = share(set(said[i]))
                length = len(text.split())
                place = 1 / (1 + i)
                yield (
                    source,
                    i,
                    (
                        coverage,
                        share(set().union(*said[max(0, i - 1) : i + 2])) - coverage,  # what its neighbours add
                        passage.score / best_score,
                        fits(text),
                        titles,
                        float(length < 5 or bool(_LEADERS.search(text))),
                        whole,
                        place,
                        heading * place,
                    ),
                )


def quote(
    question: str, passages: Sequence[Passage], similar: Similar | None = None, *, said: Sequence[str] = ()
) -> list[Checked]:
    """The verbatim sentences that answer best, most relevant first; [] when there is nothing to quote.

    What already stands in one of the texts `said` is not repeated.
    """
    reading = Reading(question, passages)
    told = [f" {' '.join(words(text))} " for text in said]
    best: float | None = None
    blocks: list[_Block] = []
    taken: set[tuple[int, int]] = set()
    shown: list[tuple[str, set[str], frozenset[str]]] = []
    count = used = 0
    for candidate in reading.candidates(similar):
        if count >= MAX_SENTENCES or used >= MAX_WORDS:
            break
        if best is not None and candidate.score < best - MARGIN:
            break
        if (candidate.source, candidate.index) in taken:
            continue
        own = f" {' '.join(words(reading.text(candidate.source, candidate.index)))} "
        if any(own in earlier for earlier in told):
            continue
        block = _block(reading, candidate, taken)
        text = passages[block.source - 1].text[block.start : block.end]
        held, figures = set(stems(text)), _figures(text)
        if any(_repeats(held, figures, other, numbers) for _, other, numbers in shown):
            continue
        length = len(text.split())
        if blocks and used + length > MAX_WORDS * 1.25:
            continue
        best = candidate.score if best is None else best
        shown.append((text, held, figures))
        taken.update((block.source, i) for i in block.indexes)
        blocks.append(block)
        used += length
        count += len(block.indexes) if block.kind == "sentence" else 1
    return _write(reading, _newer_first(_join(blocks), passages))


def disagree(told: Sequence[tuple[str, str]]) -> bool:
    """Whether of (document, quote) two from different documents say the same but for figures or a "not"."""
    return any(a != b and _contradict(one, two) for n, (a, one) in enumerate(told) for b, two in told[:n])


def repeats(quoted: Sequence[Checked], said: Sequence[str]) -> bool:
    """Whether all that is quoted stands in the texts `said`."""
    told = [f" {' '.join(words(text))} " for text in said]
    return all(any(f" {' '.join(words(one.text))} " in earlier for earlier in told) for one in quoted)


@dataclass(frozen=True, slots=True)
class _Block:
    """Neighbouring units of one passage quoted as one."""

    source: int
    indexes: tuple[int, ...]  # ascending
    start: int
    end: int
    kind: str


def _block(reading: Reading, candidate: Candidate, taken: Set[tuple[int, int]]) -> _Block:
    """The candidate with what it needs to make sense: list and lead-in, header row, the sentences beside it."""
    own = reading.units[candidate.source - 1]
    text = reading.passages[candidate.source - 1].text
    i = candidate.index
    unit = own[i]
    members = [i]
    if unit.kind == "sentence":
        if text[unit.end - 1] == "?" and i + 1 < len(own):
            members += [k for k in (i + 1, i + 2) if k < len(own) and text[own[k].end - 1] != "?"]
        elif _LEAD.search(text[unit.start : unit.end]) and i + 1 < len(own) and own[i + 1].kind == "item":
            members += _list(own, text, i + 1)
        else:
            if _DANGLING.match(text[unit.start : unit.end]) and i and own[i - 1].group == unit.group:
                members = [i - 1, i]
            for after in own[i + 1 : i + 2]:  # often holds the condition
                if after.kind == "sentence" and after.group == unit.group and not _LEAD.search(text[: after.end]):
                    members.append(i + 1)
    elif unit.kind == "item":
        members = _list(own, text, i)
        before = members[0] - 1
        if before >= 0 and own[before].kind == "sentence" and _LEAD.search(text[own[before].start : own[before].end]):
            members = [before, *members]
    members = [m for m in members if reading.quotable(candidate.source, m) and (candidate.source, m) not in taken]
    run = [i]  # the unbroken run around the candidate
    while run[0] - 1 in members:
        run.insert(0, run[0] - 1)
    while run[-1] + 1 in members:
        run.append(run[-1] + 1)
    kind = "list" if any(own[m].kind == "item" for m in run) else unit.kind
    return _Block(candidate.source, tuple(run), own[run[0]].start, own[run[-1]].end, kind)


def _list(own: Sequence[Unit], text: str, i: int) -> list[int]:
    """The whole list of item `i`, or the item alone when the list is too long to show."""
    members = [k for k, unit in enumerate(own) if unit.group == own[i].group]
    length = len(text[own[members[0]].start : own[members[-1]].end].split())
    return members if length <= MAX_LIST_WORDS else [i]


def _figures(text: str) -> frozenset[str]:
    """Numbers, and whether it is said with a "not"."""
    return frozenset({*re.findall(r"\d+(?:[.,]\d+)*", text), "denied" if _DENIAL.search(text) else "affirmed"})


def _repeats(said: set[str], figures: frozenset[str], other: set[str], numbers: frozenset[str]) -> bool:
    """Nearly the same words and no figure or "not" of its own: two that differ in these are both worth showing."""
    if not said:
        return True
    return len(said & other) / len(said) > 0.8 and figures <= numbers


def _join(blocks: Sequence[_Block]) -> list[_Block]:
    """Blocks that touch become one, at the place of the better."""
    joined: list[_Block] = []
    for block in blocks:
        for k, other in enumerate(joined):
            if other.source == block.source and other.kind == block.kind == "sentence":
                indexes = tuple(sorted({*other.indexes, *block.indexes}))
                if indexes[-1] - indexes[0] == len(indexes) - 1:
                    joined[k] = _Block(
                        block.source, indexes, min(block.start, other.start), max(block.end, other.end), "sentence"
                    )
                    break
        else:
            joined.append(block)
    return joined


def _newer_first(blocks: list[_Block], passages: Sequence[Passage]) -> list[_Block]:
    """Of two quotes that say the same with other figures, the one of the newer edition comes first."""
    for i, one in enumerate(blocks):
        for k in range(i + 1, len(blocks)):
            two = blocks[k]
            a, b = passages[one.source - 1], passages[two.source - 1]
            newer = edition_order(b.effective, b.version) > edition_order(a.effective, a.version)
            if newer and _contradict(a.text[one.start : one.end], b.text[two.start : two.end]):
                blocks[i], blocks[k] = two, one
                return _newer_first(blocks, passages)
    return blocks


def _contradict(one: str, two: str) -> bool:
    said, other = set(stems(one)) - _figures(one), set(stems(two)) - _figures(two)
    return len(said & other) >= 0.6 * len(said | other) and _figures(one) != _figures(two)


def _write(reading: Reading, blocks: Sequence[_Block]) -> list[Checked]:
    """Blocks as Markdown: sentences one by one, a list or table row in one piece."""
    written: list[Checked] = []
    for block in blocks:
        text, own = reading.passages[block.source - 1].text, reading.units[block.source - 1]
        gap = "\n\n" if written else ""
        if block.kind == "sentence":
            for index in block.indexes:
                unit = own[index]
                supports = (Support(block.source, unit.start, unit.end),)
                written.append(Checked(gap + _plain(text[unit.start : unit.end]), Verdict.SUPPORTED, supports))
                gap = " "
            continue
        if block.kind == "row":
            written.append(_row(text, own, block, gap))
            continue
        parts = []
        for index in block.indexes:
            said = _plain(text[own[index].start : own[index].end])
            parts.append(said if own[index].kind == "sentence" else "- " + _MARK.sub("", said))
        supports = (Support(block.source, block.start, block.end),)
        written.append(Checked(gap + "\n".join(parts), Verdict.SUPPORTED, supports))
    return written


def _row(text: str, own: Sequence[Unit], block: _Block, gap: str) -> Checked:
    """A row as "header: cell; header: cell"; the first row of a table is its header."""
    unit = own[block.indexes[0]]
    head = next(u for u in own if u.group == unit.group)
    names, cells = _cells(text[head.start : head.end]), _cells(text[unit.start : unit.end])
    supports = (Support(block.source, unit.start, unit.end),)
    if head is unit or len(names) != len(cells):
        return Checked(gap + "; ".join(c for c in cells if c), Verdict.SUPPORTED, supports)
    said = "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=True) if cell)
    return Checked(gap + said, Verdict.SUPPORTED, (Support(block.source, head.start, head.end), *supports))


def _cells(row: str) -> list[str]:
    return [_plain(c) for c in re.split(r"\s*(?:\t|\|)\s*", row.strip().strip("|"))]


def _plain(text: str) -> str:
    return " ".join(text.split())
