"""Units chosen to be quoted, in blocks -> Markdown, each piece with where it stands. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering.lexicon import phrases
from bot.answering.ranking import names_asked
from bot.answering.scoring import MARK, Reading, one_line
from bot.answering.tables import is_range
from bot.answering.wanted import scope
from bot.types import Checked, Support, Verdict
from knowledge.text.words import stems, words
from knowledge.types import Passage

_FAQ = re.compile(r"^\W*(?:Q(?:uestion)?\s*[:.]\s*)|^\W*A(?:nswer)?\s*:\s*", re.I)
# the judge's log-odds that a row answers, from which it stands above its table; measured: policybot eval on two manuals
# that no rule was made on (docs/lab/2026-11-30-fresh-manuals.md)
SURE_ROW = 2.0
# log-odds of the judge, ahead of the other rows of the table; given: docs/lab/2026-11-30-fresh-manuals.md
AHEAD = 0.75
INSET = "   "  # before an item of an item: Markdown's for one behind "1. "
_DENIAL = re.compile(r"\b(?:not|never|no|cannot|\w+n['’]t)\b", re.I)


@dataclass(frozen=True, slots=True)
class Block:
    """Units of one passage quoted as one."""

    source: int
    indexes: tuple[int, ...]  # ascending
    kind: str  # sentence, list, table
    answer: int  # the unit that was chosen
    answers: float | None = None  # the judge's log-odds that it answers
    rival: float | None = None  # those of the table's row that it has next to it


def figures_in(text: str) -> frozenset[str]:
    """Numbers, and whether it is said with a "not"."""
    return frozenset({*re.findall(r"\d+(?:[.,]\d+)*", text), "denied" if _DENIAL.search(text) else "affirmed"})


def contradict(one: str, two: str) -> bool:
    """Whether two texts say nearly the same, but for figures or a "not"."""
    mine, other = set(stems(one)) - figures_in(one), set(stems(two)) - figures_in(two)
    return len(mine & other) >= 0.6 * len(mine | other) and figures_in(one) != figures_in(two)


def write(reading: Reading, blocks: Sequence[Block]) -> list[Checked]:
    """Blocks as Markdown: sentences one by one, a list in one piece, a row in words and its table."""
    written: list[Checked] = []
    for block in blocks:
        pieces = {"sentence": _prose, "list": _listing, "table": _table}[block.kind](reading, block)
        passage = reading.passages[block.source - 1]
        for n, (text, supports) in enumerate(pieces):
            if not written and passage.section and reading.kind(block.source, block.indexes[0]) == "item":
                text = f"{_FAQ.sub('', passage.section[-1]).rstrip(':')}:\n{text}".replace("?:\n", "?\n", 1)
            elif n == 0 and _is_scoped(reading, block, blocks):
                text = f"{passage.section[-1]}: {text}"
            if passage.standing and n == 0:
                text = _labelled(text, passage.standing)
            gap = "" if not written else " " if n and block.kind == "sentence" else "\n\n"
            written.append(Checked(gap + text, Verdict.SUPPORTED, supports))
    return written


def _is_scoped(reading: Reading, block: Block, blocks: Sequence[Block]) -> bool:
    """Whether the quote must say whom it is about and does not: it is of one country, or a sister section differs."""
    passage = reading.passages[block.source - 1]
    if len(passage.section) < 2 or set(stems(passage.section[-1])) <= set(
        stems(reading.text(block.source, block.answer))
    ):
        return False
    parents = {word for heading in passage.section[:-1] for word in words(heading)}
    if parents & set(phrases("scopes")["parents"]):
        return True
    answer = reading.text(block.source, block.answer)
    sisters = [
        other
        for other in blocks
        for p in [reading.passages[other.source - 1]]
        if (p.document, p.section[:-1]) == (passage.document, passage.section[:-1]) and p.section != passage.section
    ]
    return any(contradict(reading.text(other.source, other.answer), answer) for other in sisters)


def verbatim(checked: Checked, sources: Sequence[Passage]) -> Checked:
    """A model's sentence that is the manual's own, or a quotation in its place, with its edition and whom it is for.

    Other sentences stay: "Austria: “A thirteenth salary is paid.” (edition 2025)".
    """
    if checked.reason not in ("copied", "quoted") or not checked.supports:
        return checked
    passage, text = sources[checked.supports[0].source - 1], checked.text
    name = scope(passage.section) if checked.reason == "quoted" else None
    if name and not set(stems(name)) <= set(stems(text)):
        text = text.replace("“", f"{name}: “", 1)
    if passage.standing and passage.standing not in text:
        body = text.strip()
        text = text.replace(body, _labelled(body, passage.standing))
    return replace(checked, text=text)


def _labelled(text: str, standing: str) -> str:
    """The first line with what its edition is: "It may cost up to 4,000 euros (edition 2025)."."""
    line, rest, below = text.partition("\n")
    if line.startswith("|"):
        return f"({standing})\n\n{text}"
    end = re.search(r"[.:!]?\s*$", line)
    at = end.start() if end else len(line)
    return f"{line[:at]} ({standing}){line[at:]}{rest}{below}"


_Piece = tuple[str, tuple[Support, ...]]


def _prose(reading: Reading, block: Block) -> list[_Piece]:
    pieces: list[_Piece] = []
    for n, index in enumerate(block.indexes):
        text = one_line(reading.text(block.source, index))
        if n == 0:
            text = _with_question(reading, block, text)
        elif _FAQ.match(text):
            text = _FAQ.sub("", text)
        pieces.append((text, _spans(reading, block.source, [index])))
    return pieces


def _with_question(reading: Reading, block: Block, text: str) -> str:
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


def _listing(reading: Reading, block: Block) -> list[_Piece]:
    own, text = reading.units[block.source - 1], reading.passages[block.source - 1].text
    lines: list[str] = []
    outermost: int | None = None  # blanks before the first item
    for index in block.indexes:
        item = one_line(text[own[index].start : own[index].end])
        line = text[text.rfind("\n", 0, own[index].start) + 1 : own[index].end]
        mark = MARK.match(line.lstrip())
        opens = own[index].kind != "sentence" or (own[index].group < 0 and own[index - 1].group != own[index].group)
        if opens:
            blanks = len(line) - len(line.lstrip())
            outermost = blanks if outermost is None else outermost
            bare = MARK.sub("", item) if own[index].kind != "sentence" else item
            lines.append(INSET * (blanks > outermost) + _marked(mark[0].strip() if mark else "") + bare)
        elif own[index].group < 0 and lines:
            lines[-1] += f" {item}"  # a further sentence of a long item
        else:
            lines.append(item)
    return [("\n".join(lines), _spans(reading, block.source, block.indexes))]


def _marked(mark: str) -> str:
    """A mark as Markdown has it, with a letter that may be referred to: "2)" -> "2. ", "(b)" -> "- (b) "."""
    if number := re.match(r"\(?(\d{1,3})[.)]", mark):
        return f"{number[1]}. "
    return f"- {mark} " if any(map(str.isalpha, mark)) else "- "


def _table(reading: Reading, block: Block) -> list[_Piece]:
    """A row in words where it stands out, then its table if that is short; a lead-in before it."""
    source, answer = block.source, block.answer
    shown = [index for index in block.indexes if reading.kind(source, index) == "row"]
    rows = reading.table(source, shown[0])
    head = [] if rows.head is None else [rows.head]
    pieces: list[_Piece] = []
    if answer not in shown:
        pieces.append((one_line(reading.text(source, answer)), _spans(reading, source, [answer])))
    elif len(shown) == 1 or _stands_out(reading, block):
        pieces.append((rows.in_words(answer), _spans(reading, source, [*head, answer])))
    if len(shown) > 1:
        pieces.append((rows.markdown(shown), _spans(reading, source, [*head, *shown])))
    return pieces


def _stands_out(reading: Reading, block: Block) -> bool:
    """Whether this row, of all, is meant: by its range, as the judge read it, or by the question's words.

    Where the judge has another row next to it, its name alone tells: "within the country", asked for a move abroad.
    """
    rows, own = reading.table(block.source, block.answer), block.answer
    if own in rows.picked(reading.question):
        return True
    if 2 * sum(is_range(cells[0]) for cells in rows.rows.values()) > len(rows.rows):  # its figure would pick it
        return False
    held = reading.stems[block.source - 1]
    if block.answers is None:  # another language: a word that few rows hold
        telling = held[own] & (reading.term_weights.keys() | reading.also)
        return any(2 * sum(s in held[n] for n in rows.rows) <= len(rows.rows) for s in telling)
    told = {n: reading.covered(held[n]) for n in rows.rows}
    if block.answers < SURE_ROW and not _is_most(told, own):
        return False
    return block.rival is None or block.answers >= block.rival + AHEAD or _is_most(names_asked(reading, rows), own)


def _is_most(of_rows: Mapping[int, float], own: int) -> bool:
    """Whether this row has more than any other."""
    return of_rows[own] > max((one for n, one in of_rows.items() if n != own), default=0.0)


def _spans(reading: Reading, source: int, indexes: Sequence[int]) -> tuple[Support, ...]:
    """Where the units stand; an unbroken run is one span."""
    own = reading.units[source - 1]
    spans: list[Support] = []
    for n, index in enumerate(indexes):
        goes_on = n > 0 and indexes[n - 1] == index - 1
        start = spans.pop().start if goes_on else own[index].start
        spans.append(Support(source, start, own[index].end))
    return tuple(spans)
