"""Question and passages -> the sentences that answer, word for word, each with the place it stands. Pure.

The rule kept: every part of a quoted text is a slice of its passage (white space collapsed, list marks unified), or the
heading it stands under, so its support is exact. The sentence that answers comes first, with what it needs: the list
or table it belongs to, the lead-in, the question it answers, the noun its pronoun stands for, the condition behind it.
More follows only from the same place, or one other, and only when it answers about as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from bot.answering.lexicon import phrases
from bot.answering.scoring import ANNOUNCES, LEAD_IN, MARK, Candidate, Reading, Similar, plain
from bot.answering.tables import MAX_ROWS, told
from bot.answering.wanted import scope
from bot.types import Checked, Support, Verdict
from knowledge.text.words import stems, words
from knowledge.types import Passage, edition_order

MAX_SENTENCES = 4  # sentences quoted; measured: policybot eval GOLD
MAX_PLACES = 2  # places quoted, of document and section; measured: policybot eval GOLD
MAX_WORDS = 110  # words quoted in all; measured: policybot eval GOLD
MAX_LIST_WORDS = 160  # words of a list that is asked for, or that its lead-in announces; guess
SHORT_LIST_WORDS = 60  # words of a list shown whole for one of its items; guess
MARGIN = 3.5  # score behind the best, for more from the same place; measured: policybot eval GOLD
OTHER_MARGIN = 1.5  # score behind the best, for more from another place; measured: policybot eval GOLD

_DANGLING = re.compile(
    r"^\W*(?:A:|this|these|those|it|its|they|their|them|he|she|his|her|such|both|each|neither|either|however|but|also"
    r"|otherwise|then|there|here|yes|no|the (?:same|latter|former)|in (?:this|that|these|such|either|both) cases?)\b"
    r"|\b(?:is|are|may|must|can) then\b",
    re.I,
)
_CONDITION = re.compile(
    r"^\W*(?:it|they|this|these|that|such|however|but|otherwise|unless|except(?:ions?)?|only|if (?:not|so|this|it|they)"
    r"|the (?:same|condition)|in (?:this|that|these|such) cases?|after that|later|before that)\b"
    r"|\b(?:of (?:that|this|it|these|them)|instead|in that case|does not apply|doesn['’]t apply)\b",
    re.I,
)
_FAQ = re.compile(r"^\W*(?:Q(?:uestion)?\s*[:.]\s*)|^\W*A(?:nswer)?\s*:\s*", re.I)
_DENIAL = re.compile(r"\b(?:not|never|no|cannot|\w+n['’]t)\b", re.I)
_LISTED = re.compile(r"\b(?:list|steps?|what (?:are|all)|which .*s\b|everything|all the|who all|checklist)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Block:
    """Units of one passage quoted as one."""

    source: int
    indexes: tuple[int, ...]  # ascending
    kind: str  # sentence, list, table
    answer: int  # the unit that was chosen


def quote(
    question: str, passages: Sequence[Passage], similar: Similar | None = None, *, said: Sequence[str] = ()
) -> list[Checked]:
    """The verbatim sentences that answer best, most relevant first; [] when there is nothing to quote.

    What already stands in one of the texts `said` is not repeated.
    """
    reading = Reading(question, passages)
    return chosen(reading, reading.candidates(similar), said=said)


def chosen(
    reading: Reading, candidates: Sequence[Candidate], *, said: Sequence[str] = (), brief: bool = False
) -> list[Checked]:
    """The same from candidates that are known, best first; with `brief` one item of a list."""
    told = [_normal(text) for text in said]
    blocks: list[_Block] = []
    taken: set[tuple[int, int]] = set()
    places: list[tuple[str, tuple[str, ...]]] = []
    shown: list[tuple[set[str], frozenset[str]]] = []
    best: float | None = None
    count = used = 0
    for candidate in candidates:
        if count >= MAX_SENTENCES or used >= MAX_WORDS or (best is not None and candidate.score < best - MARGIN):
            break
        passage = reading.passages[candidate.source - 1]
        place = (passage.document, passage.section)
        text = reading.text(candidate.source, candidate.index)
        far = best is not None and candidate.score < best - OTHER_MARGIN
        if far and (place != places[0] or scope(passage.section)):  # all that holds for a country is one section
            first = blocks[0]
            if not _contradict(reading.text(first.source, first.answer), text):  # another edition's is shown
                continue
        if place not in places and len(places) == MAX_PLACES:
            continue
        if (candidate.source, candidate.index) in taken or (blocks and text.endswith("?")):
            continue  # a question adds nothing to an answer
        if any(_normal(text) in earlier for earlier in told):
            continue
        block = _block(reading, candidate, taken)
        if brief and block.kind == "list":
            block = replace(block, indexes=(*_lead_in(reading, block.source, block.answer), block.answer))
        text = " ".join(reading.text(block.source, index) for index in block.indexes)
        held, figures, length = set(stems(text)), _figures(text), len(text.split())
        if any(_repeats(held, figures, other, numbers) for other, numbers in shown):
            continue
        if blocks and used + length > MAX_WORDS * 1.25:
            continue
        best = candidate.score if best is None else best
        shown.append((held, figures))
        taken.update((block.source, index) for index in block.indexes)
        blocks.append(block)
        if place not in places:
            places.append(place)
        used += length
        count += len(block.indexes) if block.kind == "sentence" else 1
    return _write(reading, _newer_first(_join(blocks), reading))


def disagree(told: Sequence[tuple[str, str]]) -> bool:
    """Whether of (document, quote) two from different documents say the same but for figures or a "not"."""
    return any(a != b and _contradict(one, two) for n, (a, one) in enumerate(told) for b, two in told[:n])


def repeats(quoted: Sequence[Checked], said: Sequence[str]) -> bool:
    """Whether all that is quoted stands in the texts `said`."""
    told = [_normal(text) for text in said]
    return all(any(_normal(one.text) in earlier for earlier in told) for one in quoted)


def _normal(text: str) -> str:
    return f" {' '.join(words(text))} "


def _block(reading: Reading, candidate: Candidate, taken: Set[tuple[int, int]]) -> _Block:
    """The candidate with what it needs to make sense."""
    own = reading.units[candidate.source - 1]
    i = candidate.index
    kind = "sentence"
    if own[i].kind == "row":
        rows = list(reading.table(candidate.source, i).rows)
        kind, members = "table", rows if len(rows) <= MAX_ROWS else [i]
    elif own[i].kind == "item" or (own[i].group < 0 and _LISTED.search(reading.question)):
        kind, members = "list", _list(reading, candidate.source, i)
    elif i + 1 < len(own) and own[i + 1].kind != "sentence" and ANNOUNCES.search(reading.text(candidate.source, i)):
        members = [i, *_announced(reading, candidate.source, i + 1)]
        kind = "table" if own[i + 1].kind == "row" else "list"
    else:
        members = _sentences(reading, candidate.source, i)
        if reading.units[candidate.source - 1][i].group < 0:  # of a long item
            members = [*_lead_in(reading, candidate.source, i), *members]
    members = [m for m in members if m == i or reading.quotable(candidate.source, m)]
    members = [m for m in members if m == i or (candidate.source, m) not in taken]
    kind = "sentence" if all(own[m].kind == "sentence" for m in members) else kind
    return _Block(candidate.source, tuple(members), kind, i)


def _list(reading: Reading, source: int, i: int) -> list[int]:
    """A short list whole, or one that is asked for; else the item alone; of ranges the one; with the lead-in."""
    members = told(reading.question, {m: reading.text(source, m) for m in reading.group(source, i)})
    length = sum(len(reading.text(source, m).split()) for m in members)
    most = MAX_LIST_WORDS if _LISTED.search(reading.question) else SHORT_LIST_WORDS
    if reading.text(source, i).endswith(":"):  # stands over those below it
        members = [m for m in members if m >= i]
    elif length > most:
        members = [i]
    return [*_lead_in(reading, source, i), *members]


def _lead_in(reading: Reading, source: int, i: int) -> list[int]:
    """The sentence that stands over the list of item `i`."""
    before = reading.group(source, i)[0] - 1
    leads = before >= 0 and reading.units[source - 1][before].kind == "sentence"
    return [before] if leads and LEAD_IN.search(reading.text(source, before)) else []


def _announced(reading: Reading, source: int, first: int) -> list[int]:
    """The list or table below its lead-in, as far as it may be long."""
    members: list[int] = []
    length = 0
    items = {m: reading.text(source, m) for m in reading.group(source, first) if reading.quotable(source, m)}
    for m in told(reading.question, items) if reading.units[source - 1][first].kind == "item" else items:
        length += len(items[m].split())
        if members and length > MAX_LIST_WORDS:
            break
        members.append(m)
    return members


def _sentences(reading: Reading, source: int, i: int) -> list[int]:
    """The sentence with what it refers back to and the condition behind it; a question with its answer."""
    own = reading.units[source - 1]

    def text(index: int) -> str:
        return reading.text(source, index)

    if text(i).endswith("?"):
        return [i, *(k for k in (i + 1, i + 2) if k < len(own) and own[k].kind == "sentence" and text(k)[-1] != "?")]
    members = [i]
    while _dangles(text(members[0])) and members[0] > max(0, i - 2):
        before = members[0] - 1
        if own[before].kind != "sentence" or (own[before].group != own[i].group and not text(before).endswith("?")):
            break
        members.insert(0, before)
    after = i + 1
    goes_on = after < len(own) and own[after].kind == "sentence" and own[after].group == own[i].group
    if goes_on and _CONDITION.search(text(after)) and not LEAD_IN.search(text(after)):
        members.append(after)
    return members


def _dangles(text: str) -> bool:
    """Whether a sentence leans on the one before it."""
    return bool(_DANGLING.search(text)) or next(iter(words(text)), "") in phrases("dangling")["opens"]


def _figures(text: str) -> frozenset[str]:
    """Numbers, and whether it is said with a "not"."""
    return frozenset({*re.findall(r"\d+(?:[.,]\d+)*", text), "denied" if _DENIAL.search(text) else "affirmed"})


def _repeats(said: set[str], figures: frozenset[str], other: set[str], numbers: frozenset[str]) -> bool:
    """Nearly the same words and no figure or "not" of its own: two that differ in these are both worth showing."""
    if not said:
        return True
    return len(said & other) / len(said) > 0.8 and figures <= numbers


def _join(blocks: Sequence[_Block]) -> list[_Block]:
    """A block of sentences that goes on where another ends becomes part of it."""
    joined: list[_Block] = []
    for block in blocks:
        for k, other in enumerate(joined):
            both = other.kind == block.kind == "sentence" and other.source == block.source
            if both and other.indexes[-1] + 1 == block.indexes[0]:
                joined[k] = _Block(block.source, (*other.indexes, *block.indexes), "sentence", other.answer)
                break
        else:
            joined.append(block)
    return joined


def _newer_first(blocks: list[_Block], reading: Reading) -> list[_Block]:
    """Of two quotes that say the same with other figures, the one of the newer edition comes first."""
    for i, one in enumerate(blocks):
        for k in range(i + 1, len(blocks)):
            two = blocks[k]
            a, b = reading.passages[one.source - 1], reading.passages[two.source - 1]
            newer = edition_order(b.effective, b.version) > edition_order(a.effective, a.version)
            if newer and _contradict(reading.text(one.source, one.answer), reading.text(two.source, two.answer)):
                blocks[i], blocks[k] = two, one
                return _newer_first(blocks, reading)
    return blocks


def _contradict(one: str, two: str) -> bool:
    said, other = set(stems(one)) - _figures(one), set(stems(two)) - _figures(two)
    return len(said & other) >= 0.6 * len(said | other) and _figures(one) != _figures(two)


def _write(reading: Reading, blocks: Sequence[_Block]) -> list[Checked]:
    """Blocks as Markdown: sentences one by one, a list in one piece, a row in words and its table."""
    written: list[Checked] = []
    for block in blocks:
        pieces = {"sentence": _prose, "list": _listing, "table": _table}[block.kind](reading, block)
        passage = reading.passages[block.source - 1]
        for n, (text, supports) in enumerate(pieces):
            if not written and passage.section and reading.units[block.source - 1][block.indexes[0]].kind == "item":
                text = f"{_FAQ.sub('', passage.section[-1]).rstrip(':')}:\n{text}".replace("?:\n", "?\n", 1)
            elif n == 0 and _is_scoped(reading, block, blocks):
                text = f"{passage.section[-1]}: {text}"
            if passage.standing and n == 0:
                text = _labelled(text, passage.standing)
            gap = "" if not written else " " if n and block.kind == "sentence" else "\n\n"
            written.append(Checked(gap + text, Verdict.SUPPORTED, supports))
    return written


def _is_scoped(reading: Reading, block: _Block, blocks: Sequence[_Block]) -> bool:
    """Whether the quote must say whom it is about and does not: it is of one country, or a sister section differs."""
    passage = reading.passages[block.source - 1]
    if len(passage.section) < 2 or set(stems(passage.section[-1])) <= set(
        stems(reading.text(block.source, block.answer))
    ):
        return False
    parents = {word for heading in passage.section[:-1] for word in words(heading)}
    if parents & set(phrases("scopes")["parents"]):
        return True
    said = reading.text(block.source, block.answer)
    sisters = [
        other
        for other in blocks
        for p in [reading.passages[other.source - 1]]
        if (p.document, p.section[:-1]) == (passage.document, passage.section[:-1]) and p.section != passage.section
    ]
    return any(_contradict(reading.text(other.source, other.answer), said) for other in sisters)


def _labelled(text: str, standing: str) -> str:
    """The first line with what its edition is: "It may cost up to 4,000 euros (edition 2025)."."""
    line, rest, below = text.partition("\n")
    if line.startswith("|"):
        return f"({standing})\n\n{text}"
    end = re.search(r"[.:!]?\s*$", line)
    at = end.start() if end else len(line)
    return f"{line[:at]} ({standing}){line[at:]}{rest}{below}"


_Piece = tuple[str, tuple[Support, ...]]


def _prose(reading: Reading, block: _Block) -> list[_Piece]:
    pieces: list[_Piece] = []
    for n, index in enumerate(block.indexes):
        text = plain(reading.text(block.source, index))
        if n == 0:
            text = _with_question(reading, block, text)
        elif _FAQ.match(text):
            text = _FAQ.sub("", text)
        pieces.append((text, _spans(reading, block.source, [index])))
    return pieces


def _with_question(reading: Reading, block: _Block, text: str) -> str:
    """An answer of a list of questions behind the question that is its heading: "May guests park? Yes, ..."."""
    section = reading.passages[block.source - 1].section
    heading = section[-1] if section else ""
    opens = block.indexes[0] == 0 or not any(
        reading.quotable(block.source, k) for k in range(block.indexes[0])
    )  # else it stands further below
    bare = _FAQ.sub("", text)
    if "?" in heading and (opens or bare != text or re.match(r"\W*(?:yes|no)\b", bare, re.I)):
        return f"{_FAQ.sub('', heading).strip()} {bare}"
    return bare


def _listing(reading: Reading, block: _Block) -> list[_Piece]:
    own, text = reading.units[block.source - 1], reading.passages[block.source - 1].text
    lines: list[str] = []
    for index in block.indexes:
        said = plain(text[own[index].start : own[index].end])
        mark = MARK.match(text[text.rfind("\n", 0, own[index].start) + 1 : own[index].end].lstrip())
        opens = own[index].kind != "sentence" or (own[index].group < 0 and own[index - 1].group != own[index].group)
        if opens:
            number = re.match(r"\(?(\d{1,3})[.)]", mark[0]) if mark else None
            bare = MARK.sub("", said) if own[index].kind != "sentence" else said
            lines.append((f"{number[1]}. " if number else "- ") + bare)
        elif own[index].group < 0 and lines:
            lines[-1] += f" {said}"  # a further sentence of a long item
        else:
            lines.append(said)
    return [("\n".join(lines), _spans(reading, block.source, block.indexes))]


def _table(reading: Reading, block: _Block) -> list[_Piece]:
    """A row in words where it stands out, then its table if that is short; a lead-in before it."""
    source, answer = block.source, block.answer
    shown = [index for index in block.indexes if reading.units[source - 1][index].kind == "row"]
    rows = reading.table(source, shown[0])
    head = [] if rows.head is None else [rows.head]
    pieces: list[_Piece] = []
    if answer not in shown:
        pieces.append((plain(reading.text(source, answer)), _spans(reading, source, [answer])))
    elif len(shown) == 1 or _stands_out(reading, source, answer):
        pieces.append((rows.in_words(answer), _spans(reading, source, [*head, answer])))
    if len(shown) > 1:
        pieces.append((rows.markdown(shown), _spans(reading, source, [*head, *shown])))
    return pieces


def _stands_out(reading: Reading, source: int, index: int) -> bool:
    """Whether the question tells this row from the others: by its range, or by a word that few of them hold."""
    rows = reading.table(source, index)
    if index in rows.picked(reading.question):
        return True
    own = reading.stems[source - 1]
    telling = own[index] & (reading.worth.keys() | reading.also)
    return any(2 * sum(s in own[n] for n in rows.rows) <= len(rows.rows) for s in telling)


def _spans(reading: Reading, source: int, indexes: Sequence[int]) -> tuple[Support, ...]:
    """Where the units stand; an unbroken run is one span."""
    own = reading.units[source - 1]
    spans: list[Support] = []
    for n, index in enumerate(indexes):
        goes_on = n > 0 and indexes[n - 1] == index - 1
        start = spans.pop().start if goes_on else own[index].start
        spans.append(Support(source, start, own[index].end))
    return tuple(spans)
