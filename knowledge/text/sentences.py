"""Text -> its sentences, and passage text -> units (sentences, list items, table rows), with exact places. Pure.

In: a text, or the part of one that is a paragraph. Out: spans in order without the white space around them.
The rule kept: a span is a slice of the text it came from, so what is quoted can be found again character by character;
a full stop behind a short form ends a sentence only where the next word can begin one. Linear in the text.

A text that arrives in pieces gives its sentences as soon as each is complete (`Splitter`): joined, they are what went
in, white space leads the sentence it precedes, and any cut of the input gives the same sentences.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from knowledge.text.figure_words import merged
from knowledge.text.figure_words import units as units_counted
from knowledge.text.words import spelt, word_list

_STOP = re.compile(r"(?<![.!?…؟])[.!?…؟]++[\"'”’»)\]]*+(?=\s)|(?<![。！？।])[。！？।]++[\"'”’」』）]*+")
_SPACE = re.compile(r"\s*+")
_NEXT_WORD = re.compile(r"[\"'“‘(\[]*([^\W\d_]+)")
_UNFINISHED = re.compile(r"[\"'“‘(\[]*[^\W_]*\Z")
_NUMBERED = re.compile(r"\d|[A-Z]{1,2}\d|[IVX]+\b")  # what "No." and "Sec." stand before
_DOTTED = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_¹²³⁰⁴-⁹]")  # "e.g", "B"; a raised digit is a marker
_ASIDE = re.compile(r"\([^()\s]{2,80}\s[^()]{0,600}\)")  # "(In Spain from the first hour.)": no sentence
_CLOSES = re.compile(r"[^()]{0,600}\)")
_LONGEST_ASIDE = 600
_LONGEST_SHORT_FORM = 24
_SHORT_FORMS = ("never_last", "before_number", "may_be_last")  # in lists/en.toml

_ITEM = re.compile(
    r"[ \t]*(?:[-*+•●▪◦‣⁃–—·■□➢✓]|\(?\d{1,3}[.)]|\d{1,2}(?:\.\d{1,2})+\.?|"
    r"\(?[a-zA-Z][.)]|\([ivxIVX]{1,5}\)|[ivx]{2,5}[.)])[ \t]+(?=\S)"
)
_CELL = re.compile(r"\s*(?:\t|(?<!\\)\|)\s*")
_RULE = re.compile(r"[\s|:+=_-]+")  # |---|---| and the like
_PIPED = re.compile(
    r"\b(?:curl|wget|cat|echo|irm|iwr)\s[^|\n]{1,400}\| (?:sudo )?\w{0,12}(?:sh|python3?|perl|iex)\b"
)  # no row
_LINE = re.compile(r"[^\n]+")
_QUOTED = re.compile(r"(?<!\w)[\"“„«]([^\"“”„«»\n]{3,400})[\"”“»](?!\w)")
_LOWER = re.compile(  # begins a sentence of its own, though in lower case: an address, a shell command
    r"[\w.+-]{1,64}@\w|https?://|www\.|(?:sudo|curl|wget|chmod|chown|powershell)\s+\S|rm\s+-"
)

LIMIT = 2000  # characters after which a sentence of what arrives is cut at white space; guess
_CANDIDATE = re.compile(r"[.!?…。！？؟।]+|\n|`+")
_CLOSERS = re.compile(r"[\"'”’»)\]*_」』）]*")
_GAP = re.compile(r"[^\S\n]*")
WRITTEN_ITEM = re.compile(r"(?:[-*+•–‣◦▪●○]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])[ \t]")  # as a model marks one
_WHOLE_LINE = re.compile(rf"{WRITTEN_ITEM.pattern}|#{{1,6}}[ \t]|\||>")
_ONE_LINE = re.compile(r"#|\|")  # a heading or row never runs on


@dataclass(frozen=True, slots=True)
class Unit:
    """Characters start..end of a text. Items of one list and rows of one table share their `group`."""

    start: int
    end: int
    kind: Literal["sentence", "item", "row"]
    group: int  # counts blocks: paragraphs, lists, tables


def spans(text: str, start: int = 0, end: int | None = None, *, any_case: bool = False) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of text[start:end]; with `any_case` every full stop before a space ends one.

    list(spans("See e.g. No. 5. Then stop.")) -> [(0, 15), (16, 26)]
    """
    end = len(text) if end is None else end
    start = _behind(_SPACE, text, start, end)
    for stop in _STOP.finditer(text, start, end):
        after = _behind(_SPACE, text, stop.end(), end)
        if after < end and (any_case or _ends(text, start, stop, after)):
            yield start, stop.end()
            start = after
    end = start + len(text[start:end].rstrip())
    if start < end:
        yield start, end


def united(spans: Iterable[tuple[int, int]], gap: int = 0) -> list[tuple[int, int]]:
    """The spans ascending, those that no more than `gap` characters part as one: [(0, 5), (3, 8)] -> [(0, 8)]."""
    whole: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if whole and start - whole[-1][1] <= gap:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def _behind(pattern: re.Pattern[str], text: str, at: int, end: int) -> int:
    """Where what matches at this place ends."""
    match = pattern.match(text, at, end)
    return match.end() if match else at


def _ends(text: str, begin: int, stop: re.Match[str], after: int) -> bool:
    """Whether a sentence that began at `begin` ends at this stop, when the text goes on at `after`."""
    run = stop[0].rstrip("\"'”’»)]」』）")
    if run[-1] in "。！？।":
        return True
    if (text[after].islower() and not _LOWER.match(text, after)) or _in_aside(text, begin, stop.end(), after):
        return False
    return run != "." or not _goes_on(text, begin, stop.start(), after)


def _goes_on(text: str, begin: int, stop: int, after: int) -> bool:
    """Whether a full stop belongs to a short form and ends nothing: "e.g. Rome", "No. 5", "1. First", "31. März"."""
    word, is_all = _short_form(text, begin, stop)
    if not word or word in word_list("never_last") or (is_all and word.isdigit()):
        return bool(word)
    if word in word_list("before_number"):
        return _NUMBERED.match(text, after) is not None
    opening = _NEXT_WORD.match(text, after)
    follower = opening[1].casefold() if opening else ""
    if word.isdecimal():
        return len(word) < 3 and (follower in merged("months") or (follower,) in units_counted())
    return follower not in word_list("starters") and opening is not None


def _short_form(text: str, begin: int, stop: int) -> tuple[str, bool]:
    """The word before a full stop, if it may be a short form or a number, and whether the sentence has no other."""
    before = text[max(begin, stop - _LONGEST_SHORT_FORM) : stop]
    word = (before.split() or [""])[-1].lstrip("([{\"'“‘*_").lower()
    is_short = word.isdecimal() or _DOTTED.fullmatch(word) or any(word in word_list(name) for name in _SHORT_FORMS)
    return word if is_short else "", before.strip("([{\"'“‘*_ \t\n") == word


def _in_aside(text: str, begin: int, end: int, after: int) -> bool:
    """Whether an aside in brackets opens here or is open: one of several sentences is no sentences of its own."""
    if text[after] == "(":
        return _ASIDE.match(text, after) is not None
    near = max(begin, end - _LONGEST_ASIDE)
    opened = text.rfind("(", near, end)
    return opened > text.rfind(")", near, end) and _CLOSES.match(text, end) is not None


def units(text: str, headings: Collection[str] = ()) -> list[Unit]:
    """The text's sentences, list items and table rows in order. Lines that are `headings` end a paragraph, no more."""
    cut: list[Unit] = []
    prose: list[tuple[int, int]] = []  # lines of the paragraph being read
    group, last, after_blank, end_before = 0, "", True, 0

    def close() -> None:
        if prose:
            parts = spans(text, prose[0][0], prose[-1][1])
            cut.extend(Unit(start, end, "sentence", group) for start, end in parts)
            prose.clear()

    for line in _LINE.finditer(text):
        raw = line.group()
        after_blank = "\n" in text[end_before : line.start()].replace("\n", "", 1)
        end_before = line.end()
        if not raw.strip() or _RULE.fullmatch(raw):
            continue
        if raw.strip() in headings:
            close()
            last = ""
            continue
        start = line.start() + len(raw) - len(raw.lstrip())
        end = line.end() - (len(raw) - len(raw.rstrip()))
        kind: Literal["sentence", "item", "row"] = "sentence"
        if (" | " in raw and not _PIPED.search(raw)) or "\t" in raw.strip():
            kind = "row"
        elif _ITEM.match(raw):
            kind = "item"
        elif last == "item" and not after_blank and (raw[0] in " \t" or raw.lstrip()[0].islower()):
            cut[-1] = Unit(cut[-1].start, end, "item", cut[-1].group)  # a wrapped item
            continue
        if kind == "sentence":
            if after_blank or last != "sentence":
                close()
                group += 1
            prose.append((start, end))
        else:
            close()
            if kind != last or (kind == "row" and after_blank and _is_header(text, line, cut[-2:])):
                group += 1
            cut.append(Unit(start, end, kind, group))
        last = kind
    close()
    return cut


def _is_header(text: str, row: re.Match[str], above: Sequence[Unit]) -> bool:
    """Whether a row behind an empty line and the rows `above` begins a table: not where each row has such a line."""
    goes_on = text[row.end() : row.end() + 2].strip("\n")  # with a line right below
    return bool(goes_on) and above[0].group == above[-1].group and any(map(str.isalpha, row.group())) and len(above) > 1


class Marks(NamedTuple):
    """What may stand behind a full stop and still belong to the sentence before it."""

    whole: re.Pattern[str]  # matches where such a mark begins
    unfinished: re.Pattern[str]  # matches what may become one when more of the text arrives
    look: int  # characters behind a full stop in which they are looked for


class Splitter:
    """Feed deltas, take sentences; `finish` gives what is left.

    A list item, table row, heading and code block is one sentence; citation markers right after a full stop belong to
    the sentence before them. No sentence is held longer than LIMIT characters.
    """

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._text = ""
        self._line_start = True  # the text that is left begins a line

    def feed(self, delta: str) -> list[str]:
        """Sentences that `delta` completes."""
        self._text += delta
        return self._take(last=False)

    def finish(self) -> list[str]:
        """The rest; the splitter is then as new."""
        sentences = self._take(last=True)
        self._line_start = True
        return sentences

    def _take(self, *, last: bool) -> list[str]:
        sentences = []
        while self._text:
            window = self._text[: LIMIT + self._marks.look]
            whole = last or len(window) == LIMIT + self._marks.look
            end = _end(window, self._marks, line_start=self._line_start, last=whole)
            if end is None:
                break
            if end > LIMIT:
                space = max(window.rfind(c, LIMIT - 200, LIMIT) for c in " \n\t")
                end = space if space > 0 else LIMIT
            sentences.append(self._text[:end])
            self._text = self._text[end:]
            self._line_start = False
        return sentences


def unfenced(sentence: str, marks: Marks) -> list[str]:
    """The sentences of a text, or a part of it, that a model has fenced like code."""
    opening, _, rest = sentence.rstrip("`").partition("```")
    language, line_end, text = rest.partition("\n")
    splitter = Splitter(marks)
    return splitter.feed(opening + (text if line_end else language)) + splitter.finish()


def _end(text: str, marks: Marks, *, line_start: bool, last: bool) -> int | None:
    """Where the first sentence of `text` ends; None while that depends on what follows."""
    begin = len(text) - len(text.lstrip())
    if begin == len(text):
        return len(text) if last else None
    line_start = line_start or "\n" in text[:begin]
    if line_start and text.startswith("```", begin):
        return _code_end(text, begin, last)
    whole_line = line_start and _WHOLE_LINE.match(text, begin) is not None
    in_code = False
    for candidate in _CANDIDATE.finditer(text, begin):
        run, at = candidate.group(), candidate.start()
        if candidate.end() == len(text) and not last:
            return None
        if run[0] == "`":
            in_code = not in_code
        elif run == "\n":
            in_code = False
            after = _first(text, at + 1)
            if after is None:
                return at if last else None
            if not after.islower() or text[at - 1] in ".!?:;" or _ONE_LINE.match(text, begin):
                return at
        elif not in_code and not whole_line:
            end = _stop(text, marks, begin, candidate, last)
            if end != -1:
                return end
    return len(text) if last else None


def _first(text: str, at: int) -> str | None:
    """The first character from `at` on that is no space or tab; a second line feed counts."""
    at = _behind(_GAP, text, at, len(text))
    return text[at : at + 1] or None


def _code_end(text: str, begin: int, last: bool) -> int | None:
    close = text.find("\n```", begin)
    if close != -1:
        line = text.find("\n", close + 1)
        if line != -1:
            return line
    return len(text) if last else None


def _stop(text: str, known: Marks, begin: int, run: re.Match[str], last: bool) -> int | None:
    """End of the sentence if these full stops end it; -1 if not; None if what follows decides."""
    closed = _behind(_CLOSERS, text, run.end(), len(text))
    marks = known.whole.match(text, closed, closed + known.look)
    end = marks.end() if marks else closed
    after = _behind(_GAP, text, end, len(text))
    more = len(text) < closed + known.look  # of what arrives may be looked at
    if not last and (after == len(text) or (more and known.unfinished.match(text, after))):
        return None
    if text[end - 1 : end + 1] == "](":  # a link's label and target: apart, each would be rendered as harmless
        return -1
    unspaced = run.group()[-1] in "。！？"
    if after == len(text) or unspaced:
        return end
    if marks and text[after].islower() and marks.group()[0].isspace():
        return closed  # "... a year. [2] says that"
    if after == end and not marks and text[after] != "\n":
        return -1
    follows = text[after]
    if run.group() != ".":
        return -1 if follows.islower() and not marks else end
    if follows.islower() and not marks:
        return -1
    if not last and _UNFINISHED.match(text, after) and _short_form(text, begin, run.start())[0]:
        return None
    return -1 if _goes_on(text, begin, run.start(), after) else end


def indent(text: str) -> int:
    """How far an item is set in; -1 for what is none."""
    line = text.lstrip("\n")
    return len(line) - len(line.lstrip()) if WRITTEN_ITEM.match(line.lstrip()) else -1


def quotations(text: str) -> list[str]:
    """What the text puts in quotation marks, of three words or more."""
    return [quoted for quoted in _QUOTED.findall(text) if len(spelt(quoted)) > 2]


def row_cells(row: str) -> tuple[str, ...]:
    """The cells of a row: "| a | b |" -> a, b; of one without its border those at the edges may be empty: "| a"."""
    row = row.strip()
    inner = row[1:-1] if row.startswith("|") and row.endswith("|") else row
    return tuple(" ".join(cell.split()) for cell in _CELL.split(inner))


def row_in_words(names: Sequence[str], row: Sequence[str]) -> str:
    """A row as a sentence, by its header's cells: "Length of service: up to 2 years; Notice period: 1 month"."""
    if len(names) != len(row):
        return "; ".join(cell for cell in row if cell)
    pairs = zip(names, row, strict=True)
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)
