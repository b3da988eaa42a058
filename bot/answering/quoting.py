"""Question and passages -> the sentences that answer, word for word, each with the place it stands. Pure.

The rule kept: every part of a quoted text is a slice of its passage (white space collapsed, list marks unified), or the
heading it stands under, so its support is exact. The sentence that answers comes first, with what it needs: the list
or table it belongs to with what holds for all its rows, the lead-in, the question it answers, the noun its pronoun
stands for, the condition behind it, the exception further below.
More follows only from the same place, or one other: what answers about as well, or goes on from what is quoted.
"""

from collections.abc import Sequence, Set
from dataclasses import replace

from bot.answering.lexicon import phrases, says
from bot.answering.quote_blocks import Block, contradict, figures_in, write
from bot.answering.scoring import ANNOUNCES, LEAD_IN, Candidate, NearnessOf, Reading, Section
from bot.answering.tables import MAX_ROWS
from bot.answering.wanted import kinds_wanted, on_another_side, scope
from bot.types import Checked
from knowledge.text.words import stems, stopwords, words
from knowledge.types import Passage

MAX_SENTENCES = 4  # sentences quoted; measured: policybot eval GOLD
MAX_PLACES = 2  # places quoted, of document and section; measured: policybot eval GOLD
MAX_WORDS = 110  # words quoted in all; measured: policybot eval GOLD
MAX_LIST_WORDS = 160  # words of a list that its lead-in announces; guess
SHORT_LIST_WORDS = 60  # words of a list shown whole for one of its items; guess
MARGIN = 3.5  # score behind the best, for what goes on from what is quoted; measured: policybot eval GOLD
OTHER_MARGIN = 1.5  # score behind the best, for more that does not; measured: policybot eval GOLD
MUCH = 0.15  # share of the question's worth, for which a sentence of the same section goes on; guess


def quote(question: str, passages: Sequence[Passage], nearness_of: NearnessOf | None = None) -> list[Checked]:
    """The verbatim sentences that answer best, most relevant first; [] when there is nothing to quote."""
    reading = Reading(question, passages)
    return chosen(reading, reading.candidates(nearness_of))


def chosen(
    reading: Reading, candidates: Sequence[Candidate], *, already_said: Sequence[str] = (), brief: bool = False
) -> list[Checked]:
    """The same from candidates that are known, without what was `already_said`; with `brief` one item of a list."""
    choice = _Choice(reading, already_said)
    for candidate in candidates:
        if choice.is_full(candidate.score):
            break
        if not choice.may_hold(candidate):
            continue
        block = replace(_block(reading, candidate, choice.taken), rival=_rival(reading, candidate, candidates))
        if brief and block.kind == "list" and not reading.text(block.source, block.answer).rstrip().endswith(":"):
            block = replace(block, indexes=(*_lead_in(reading, block.source, block.answer), block.answer))
        if choice.add(block, candidate.score) and block.kind == "table" and not brief:
            choice.add_over(_over_table(reading, block))
            choice.lead_in(_table_lead_in(reading, block))
    return write(reading, _join(choice.blocks))


class _Choice:
    """The blocks chosen so far, and what still has a place beside them."""

    def __init__(self, reading: Reading, already_said: Sequence[str]) -> None:
        self._reading, self._already = reading, [_normal(text) for text in already_said]
        self.blocks: list[Block] = []
        self.taken: set[tuple[int, int]] = set()
        self._sections: set[Section] = set()
        self._told: list[tuple[set[str], frozenset[str]]] = []  # stems and figures of each block
        self._best: float | None = None
        self._count = self._words = 0

    def is_full(self, score: float) -> bool:
        """Whether nothing of this score, or a lower one, has a place any more."""
        far = self._best is not None and score < self._best - MARGIN
        return self._count >= MAX_SENTENCES or self._words >= MAX_WORDS or far

    def may_hold(self, candidate: Candidate) -> bool:
        """Whether the candidate adds something, from a place that may be quoted."""
        section, text = self._reading.section(candidate.source), self._text(candidate.source, candidate.index)
        far = self._best is not None and candidate.score < self._best - OTHER_MARGIN
        if far and not _goes_on(self._reading, candidate, self.taken, self.blocks[0]):
            return False
        if section not in self._sections and len(self._sections) == MAX_PLACES:
            return False
        asks = bool(self.blocks) and text.endswith("?")  # a question adds nothing to an answer
        return not (asks or (candidate.source, candidate.index) in self.taken or self._said(text))

    def add(self, block: Block, score: float) -> bool:
        """Whether it was added: it repeats nothing, and there was room."""
        text = self._text(block.source, *block.indexes)
        held, figures, length = set(stems(text)), figures_in(text), len(text.split())
        if any(_repeats(held, figures, *told) for told in self._told):
            return False
        if self.blocks and self._words + length > MAX_WORDS * 1.25:
            return False
        self._best = score if self._best is None else self._best
        self._told.append((held, figures))
        self._sections.add(self._reading.section(block.source))
        self._count += len(block.indexes) if block.kind == "sentence" else 1
        self._put(block, length)
        return True

    def add_over(self, over: Block | None) -> None:
        """What stands over a table that was added, unless it was told."""
        if over is None or not self.taken.isdisjoint((over.source, index) for index in over.indexes):
            return
        if not all(self._said(self._text(over.source, index)) for index in over.indexes):
            self._put(over, len(self._text(over.source, *over.indexes).split()))

    def lead_in(self, leading: Block | None) -> None:
        """What leads in the table that was added last, before it."""
        if leading is not None and (leading.source, leading.answer) not in self.taken:
            self._put(leading, len(self._text(leading.source, leading.answer).split()), before=1)

    def _put(self, block: Block, length: int, *, before: int = 0) -> None:
        self.blocks.insert(len(self.blocks) - before, block)
        self.taken.update((block.source, index) for index in block.indexes)
        self._words += length

    def _said(self, text: str) -> bool:
        return any(_normal(text) in earlier for earlier in self._already)

    def _text(self, source: int, *indexes: int) -> str:
        return " ".join(self._reading.text(source, index) for index in indexes)


def _goes_on(reading: Reading, candidate: Candidate, taken: Set[tuple[int, int]], first: Block) -> bool:
    """Whether it goes on from what is quoted: next to it, or in the first one's section as its limit or telling more.

    Its limit is an exception, or what is forbidden in the same matter. So does the table of that section, and what
    another edition says of the same; not what stands of other things in a country's section.
    """
    source, index = candidate.source, candidate.index
    text, section = reading.text(source, index), reading.section(source)
    if contradict(reading.text(first.source, first.answer), text):
        return True
    if scope(section[1]):
        return False
    if not taken.isdisjoint({(source, index - 1), (source, index + 1)}):
        return True
    if section != reading.section(first.source):
        return False
    held = reading.passage_units[source - 1].stems[index]
    said = frozenset[str]().union(*(reading.passage_units[one - 1].stems[n] for one, n in taken))
    more = reading.covered(held - said) > MUCH
    matter = (said | reading.term_weights.keys()) - stopwords()
    forbids = says("beside", "refused", text) and not matter.isdisjoint(held)
    return more or forbids or reading.kind(source, index) == "row" or says("beside", "exception", text)


def disagree(quotes: Sequence[tuple[str, str]]) -> bool:
    """Whether of (document, quote) two from different documents say the same but for figures or a "not"."""
    return any(a != b and contradict(one, two) for n, (a, one) in enumerate(quotes) for b, two in quotes[:n])


def repeats(quoted: Sequence[Checked], earlier: Sequence[str]) -> bool:
    """Whether all that is quoted stands in the `earlier` texts."""
    normal = [_normal(text) for text in earlier]
    return all(any(_normal(one.text) in text for text in normal) for one in quoted)


def _normal(text: str) -> str:
    return f" {' '.join(words(text))} "


def _block(reading: Reading, candidate: Candidate, taken: Set[tuple[int, int]]) -> Block:
    """The candidate with what it needs to make sense."""
    own = reading.units[candidate.source - 1]
    i = candidate.index
    kind = "sentence"
    if own[i].kind == "row":
        rows = list(reading.table(candidate.source, i).rows)
        kind, members = "table", rows if len(rows) <= MAX_ROWS else [i]
    elif own[i].kind == "item":
        kind, members = "list", _list(reading, candidate.source, i)
    elif i + 1 < len(own) and own[i + 1].kind != "sentence" and ANNOUNCES.search(reading.text(candidate.source, i)):
        members = [i, *_announced(reading, candidate.source, i + 1)]
        kind = "table" if own[i + 1].kind == "row" else "list"
    else:
        members = _sentences(reading, candidate.source, i)
        if own[i].group < 0:  # of a long item
            members = [*_lead_in(reading, candidate.source, i), *members]
    members = [m for m in members if m == i or reading.quotable(candidate.source, m)]
    members = [m for m in members if m == i or (candidate.source, m) not in taken]
    kind = "sentence" if all(own[m].kind == "sentence" for m in members) else kind
    return Block(candidate.source, tuple(members), kind, i, candidate.answers)


def _rival(reading: Reading, row: Candidate, candidates: Sequence[Candidate]) -> float | None:
    """The judge's log-odds of the best other row of its table; None where it read none."""
    if reading.kind(row.source, row.index) != "row":
        return None
    rows = reading.table(row.source, row.index).rows.keys() - {row.index}
    others = [one.answers for one in candidates if one.source == row.source and one.index in rows]
    return max((answers for answers in others if answers is not None), default=None)


def _list(reading: Reading, source: int, i: int) -> list[int]:
    """A short list whole; else the item alone; with the lead-in."""
    members = reading.group(source, i)
    is_short = sum(len(reading.text(source, m).split()) for m in members) <= SHORT_LIST_WORDS
    if reading.text(source, i).endswith(":") and not (is_short and _is_numbered(reading, source, members[0])):
        members = [m for m in members if m >= i]  # it stands over those below it
    elif not is_short:
        members = [i]
    return [*_lead_in(reading, source, i), *members]


def _is_numbered(reading: Reading, source: int, i: int) -> bool:
    """Whether an item is a step, which is told with those before it."""
    unit = reading.units[source - 1][i]
    return reading.passages[source - 1].text[unit.start].isdecimal()


def _lead_in(reading: Reading, source: int, i: int) -> list[int]:
    """The sentence that stands over the list of item `i`."""
    before = reading.group(source, i)[0] - 1
    leads = before >= 0 and reading.kind(source, before) == "sentence"
    return [before] if leads and LEAD_IN.search(reading.text(source, before)) else []


def _announced(reading: Reading, source: int, first: int) -> list[int]:
    """The list or table below its lead-in, as far as it may be long."""
    members: list[int] = []
    length = 0
    for m in reading.group(source, first):
        if not reading.quotable(source, m):
            continue
        length += len(reading.text(source, m).split())
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
    return members + _conditions(reading, source, i)


def _conditions(reading: Reading, source: int, i: int) -> list[int]:
    """The condition behind a sentence, and an exception further below.

    One that leans on what stands before it comes with that, or not at all; one that does not, for a word of the
    question that the sentence lacks.
    """
    own, split = reading.units[source - 1], reading.passage_units[source - 1]
    text = {n: reading.text(source, n) for n in range(i + 1, len(own)) if own[n].group == own[i].group}
    text = {n: said for n, said in text.items() if own[n].kind == "sentence" and not LEAD_IN.search(said)}
    text = {n: said for n, said in text.items() if not on_another_side(reading.sides, said)}
    asked = reading.term_weights.keys() - stopwords()
    wanted = kinds_wanted(reading.question) - split.offered[i]
    # What limits or adds to a rule further above; it counts where it leans on that or shares a word of the question.
    exceptions = {n: said for n, said in text.items() if says("beside", "exception", said)}
    limits = {n: says("beside", "condition", said) or _dangles(said) for n, said in exceptions.items()}
    found: list[int] = []
    if said := text.get(i + 1):
        answers = bool(wanted & split.offered[i + 1]) and says("beside", "pronoun", said)
        if says("beside", "condition", said) or answers or (i + 1 in limits and asked & split.stems[i + 1]):
            found.append(i + 1)
    if limits.get(i + 2) and i + 1 in text:
        return [i + 1, i + 2]
    alone = (n for n, leans in limits.items() if n > i + 1 and not leans and asked & split.stems[n] - split.stems[i])
    return [*found, *list(alone)[:1]]


def _over_table(reading: Reading, block: Block) -> Block | None:
    """What stands over the table on all of its rows: "The periods of the table apply to both sides. They end ..."."""
    source, first = _top_of_table(reading, block)
    names = set(phrases("tables")["names"])
    sentences = {n: reading.text(source, n) for n in range(first) if reading.kind(source, n) == "sentence"}
    start = next((n for n in reversed(sentences) if names & set(words(sentences[n]))), None)
    if start is None or sentences[start].endswith(":"):
        return None
    members = [start]
    while members[-1] + 1 in sentences and _dangles(sentences[members[-1] + 1]):
        members.append(members[-1] + 1)
    return Block(source, tuple(members), "sentence", start)


def _table_lead_in(reading: Reading, block: Block) -> Block | None:
    """For whom or what the table is: "Who has at least 12 months of service may take paid leave as follows."."""
    source, first = _top_of_table(reading, block)
    told = first > 0 and LEAD_IN.search(reading.text(source, first - 1)) and reading.kind(source, first - 1) != "row"
    slight = told and reading.passage_units[source - 1].slight[first - 1]
    return Block(source, (first - 1,), "sentence", first - 1) if told and not slight else None


def _top_of_table(reading: Reading, block: Block) -> tuple[int, int]:
    """The passage and the unit that the table of the block's rows begins with, or the end of the passage before it."""
    source, passage = block.source, reading.passages[block.source - 1]
    first = next((n for n in block.indexes if reading.kind(source, n) == "row"), 0)
    while first and reading.kind(source, first - 1) == "row":
        first -= 1
    if first == 0:  # the table is a chunk of its own
        over = (passage.document, passage.section, passage.ordinal - 1)
        places = [(one.document, one.section, one.ordinal) for one in reading.passages]
        if over in places:
            source = places.index(over) + 1
            return source, len(reading.units[source - 1])
    return source, first


def _dangles(text: str) -> bool:
    """Whether a sentence leans on the one before it."""
    return says("beside", "leans", text) or next(iter(words(text)), "") in phrases("dangling")["opens"]


def _repeats(held: set[str], figures: frozenset[str], other: set[str], numbers: frozenset[str]) -> bool:
    """Nearly the same words and no figure or "not" of its own: two that differ in these are both worth showing."""
    if not held:
        return True
    return len(held & other) / len(held) > 0.8 and figures <= numbers


def _join(blocks: Sequence[Block]) -> list[Block]:
    """A block of sentences that goes on where another ends becomes part of it."""
    joined: list[Block] = []
    for block in blocks:
        for k, other in enumerate(joined):
            both = other.kind == block.kind == "sentence" and other.source == block.source
            if both and other.indexes[-1] + 1 == block.indexes[0]:
                joined[k] = Block(block.source, (*other.indexes, *block.indexes), "sentence", other.answer)
                break
        else:
            joined.append(block)
    return joined
