"""Footnotes: where a note is called in, the note behind the sentence that calls it out; those of PDF and HTML pages.

A reader leaves `call(key)` where the mark stood. These characters are private ones that no text keeps, so a call whose
note is never found leaves nothing behind, above all no figure. A note of a PDF page begins with a mark that is called
there: raised, or in smaller letters. What looks like a note but is called nowhere stays where it stands. Pure.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from knowledge.read.hyphens import joined_rows
from knowledge.read.labels import fold, label_list
from knowledge.read.pages import Line, PageText
from knowledge.text.characters import line as one_line

_FIRST = 0xF0000  # a plane of private use: `characters.clean` takes it out
_LAST = chr(_FIRST + 0x100)  # ends a call: another may follow at once
_CALL = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + 0xFF)}]+{_LAST}")
_NEXT_CALL = re.compile(rf"(?<={_LAST}),\s?(?=[{chr(_FIRST)}-{chr(_FIRST + 0xFF)}])")
_END = re.compile(r"[.!?。][\"'”’)\]]*(?=\s*$|\s+[^a-zß-öø-ÿ\s])")
_ENDED = re.compile(r"[.!?。][\"'”’)\]]*\s*$")
_UNIT = re.compile(r"(?<![^\W\d_])(?:[kcdm]?m|ft|yd|mi|sec)$")
_SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_CELLS = re.compile(r"( \| )")
_PLAIN = re.compile(r"[(\[]?(\d{1,3}|[*†‡§]{1,3}|[a-z])[.)\]]?\s+(?=\S)")
_FIRST_NOTE = re.compile(r"[*†‡§]{1,3}(?=\s)")
_LONE = re.compile(r"\d{1,3}|[*†‡§]{1,3}|[a-z]")
_SIGN = re.compile(r"(?<=[\w.,;:)\"”’%])([*†‡§]{1,3})(?=[\s.,;:!?)]|$)")
_TYPED_NOTE = re.compile(r"^[ \t]*(\[\d{1,3}\]|[¹²³⁰⁴-⁹]{1,2}|[*†‡§]{1,3})[ \t]*(?=[^\W\d_])", re.M)
_TYPED_MARK = re.compile(
    r"(?<=\S)(?<!\b[cdk]m)(?<!\bm)(?: ?(\[\d{1,3}\])|([¹²³⁰⁴-⁹]{1,2}|[*†‡§]{1,3}))(?![^\s.,;:!?)])"
)
_BLANK = re.compile(r"\n[ \t]*\n")
_SMALLER = 0.95  # of the body's size: letters of a note
_HTML_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|[ivx]{1,4}|note \d{1,3}|[*†‡§]{1,3})[\])]?", re.I)
_HINT = re.compile(r"foot|note|\bfn|_ftn|_edn|cite|_msocom", re.I)
_COMMENT = re.compile(r"#(?:cmnt|_msocom)")  # of Google Docs and Word: no part of the document
_BACK = re.compile(r"[↩↑^⏎\ufe0e\s]*|back|return", re.I)
_HOLDERS = {"li", "p", "dd", "div", "aside", "td", "section", "blockquote"}
_MAX_NOTE = 2_000  # characters; what is longer is a chapter


def call(key: str) -> str:
    """What stands in the text instead of the mark: unseen, and never a digit."""
    return "".join(chr(_FIRST + byte) for byte in key.encode()) + _LAST


def called(text: str) -> list[str]:
    """The keys that are called in the text, in order."""
    return [_key(call[0]) for call in _CALL.finditer(text)]


def calls_in(text: str) -> str:
    """The calls of the text, without its words."""
    return "".join(_CALL.findall(text))


def signs(text: str) -> str:
    """The text with its calls as the marks that were printed."""
    return _CALL.sub(lambda call: _key(call[0]), text)


def raised(before: str, figures: str) -> str:
    """Raised figures as they are read where they call no note: "10" and "6" give "⁶"; "" where they are a mark."""
    power = not figures.isalpha() and (before[-1:].isdigit() or _UNIT.search(before))
    return figures.translate(_SUPERSCRIPT) if power else ""


def without_calls(text: str) -> str:
    """The text without the raised figures that call notes."""
    return _CALL.sub("", text)


def typed(text: str) -> tuple[str, dict[str, str]]:
    """A plain text without the notes typed below it ("[1] In Paris."), called where their marks stood; the notes."""
    begins = list(_TYPED_NOTE.finditer(text))
    begun = Counter(begin[1] for begin in begins)
    called: dict[str, int] = {}  # where first
    for one in _TYPED_MARK.finditer(text):
        called.setdefault(one[1] or one[2], one.start())
    found, kept, at = dict[str, str](), "", 0
    for begin, end in zip(begins, [*(one.start() for one in begins[1:]), len(text)], strict=False):
        mark = begin[1]
        if begun[mark] == 1 and called.get(mark, len(text)) < begin.start():
            blank = _BLANK.search(text, begin.end(), end)
            kept, at = kept + text[at : begin.start()], blank.start() if blank else end
            found[mark] = one_line(text[begin.end() : at])
    kept += text[at:]
    return _TYPED_MARK.sub(lambda one: call(mark) if (mark := one[1] or one[2]) in found else one[0], kept), found


def attached(text: str, notes: Mapping[str, str]) -> str:
    """Each note in brackets behind its sentence, or at its place where no sentence ends: "Meals are paid. (In Rome.)".

    Rows and cells are looked at one by one. Raised figures that call nothing are read as `raised` says.
    """
    if not _CALL.search(text):
        return text
    rows = [_CELLS.split(row) for row in _NEXT_CALL.sub("", text).split("\n")]
    return "\n".join("".join(_one(cell, notes) for cell in row) for row in rows)


def _one(text: str, notes: Mapping[str, str]) -> str:
    bare, places = "", list[tuple[int, str]]()
    at = 0
    for call in _CALL.finditer(text):
        bare += text[at : call.start()]
        at = call.end()
        if re.match(r" [.,;:!?)](?:\s|$)", text[at : at + 3]):  # the mark kept them apart
            at += 1
        key = _key(call[0])
        figures = re.fullmatch(r"[+-]?\d{1,3}", key)
        if bare[-1:] in ("(", "[") and text[at : at + 1] in (")", "]"):
            if key not in notes:
                bare += key
                continue
            bare, at = bare[:-1], at + 1
        if figures and (_UNIT.search(bare) or key not in notes):
            bare += raised(bare, key)
        elif note := notes.get(key, "").strip():
            places.append((len(bare), note))
        elif typed := re.fullmatch(r"typed ([a-h])", key):
            bare += typed[1]  # "2e étage"
    bare += text[at:]
    for end, note in reversed([(_sentence_end(bare, place), note) for place, note in places]):
        bracketed = note if note[0] == "(" and note[-1] == ")" else f"({note})"
        bare = f"{bare[:end].rstrip()} {bracketed}{bare[end:]}"
    return bare


def _sentence_end(text: str, place: int) -> int:
    if _ENDED.search(text[max(0, place - 8) : place]):
        return place
    end = _END.search(text, place)
    return end.end() if end else place


def _key(marks: str) -> str:
    return bytes(ord(char) - _FIRST for char in marks[:-1]).decode(errors="replace")


@dataclass(frozen=True, slots=True)
class _Begin:
    at: int  # line
    key: str
    text: str  # of the line, without the mark


def without_notes(page: PageText, body: float, words: Collection[str]) -> tuple[PageText, dict[str, str]]:
    """The page's text and its notes. `body`: the size that most of the document has; `words`: of the document."""
    whole = _with_lone_marks(page.lines)
    begun = Counter(first[0] for line in whole if (first := _FIRST_NOTE.match(signs(line.text))))
    lines = [part for line in whole for part in _apart(_with_signs(line, begun))]
    wanted = {key: line.size for line in lines for key in called(_behind_mark(line.text))}  # where it is called
    begins = [one for at, line in enumerate(lines) if (one := _begins(at, line, wanted, body))]
    if not wanted or not any(one.key in wanted for one in begins):
        return replace(page, lines=tuple(lines)), {}
    texts: dict[str, str] = {}
    gone: set[int] = set()
    for one, following in zip(begins, [*begins[1:], None], strict=True):
        if one.key not in wanted or one.key in texts or _stands_above_its_call(one, lines):
            continue
        end = _end(lines, one.at, following.at if following else len(lines))
        gone.update(range(one.at, end))
        texts[one.key] = joined_rows([one.text, *(line.text for line in lines[one.at + 1 : end])], words)
    return replace(page, lines=tuple(line for at, line in enumerate(lines) if at not in gone)), texts


def _with_lone_marks(lines: Sequence[Line]) -> list[Line]:
    """Raised marks that the file keeps as lines of their own, with the line they belong to."""
    joined: list[Line] = []
    mark: Line | None = None
    for line in lines:
        if mark is not None:
            if _raised_beside(mark, line) and 0 <= line.x0 - mark.x1 < 30:
                line = replace(line, text=f"{call(signs(mark.text))} {line.text}", x0=mark.x0)
            else:
                joined.append(mark)
            mark = None
        if not _LONE.fullmatch(signs(line.text)):
            joined.append(line)
        elif joined and _raised_beside(line, joined[-1]) and -1 <= line.x0 - joined[-1].x1 < 4:
            joined[-1] = replace(joined[-1], text=joined[-1].text + call(signs(line.text)), x1=line.x1)
        else:
            mark = line
    return joined if mark is None else [*joined, mark]


def _raised_beside(mark: Line, line: Line) -> bool:
    return mark.size < 0.86 * line.size and line.y0 + 0.1 * line.size < mark.y0 < line.y1


def _with_signs(line: Line, begun: Mapping[str, int]) -> Line:
    """Stars and daggers behind a word call a note, raised or not, if one line of the page begins with them."""
    if not _SIGN.search(line.text):
        return line
    return replace(line, text=_SIGN.sub(lambda sign: call(sign[1]) if begun.get(sign[1]) == 1 else sign[1], line.text))


def _apart(line: Line) -> list[Line]:
    """Two notes that the file runs into one line."""
    text = line.text
    if not called(text[:4]) or len(called(text)) < 2:
        return [line]
    places = (call.start() for call in _CALL.finditer(text))
    starts = [0, *(at for at in places if text[:at].rstrip()[-1:] in (".", ")", "/") and text[at + 1 :].strip())]
    return [replace(line, text=text[a:b].strip()) for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def _behind_mark(text: str) -> str:
    """The text without a mark that it begins with."""
    first = called(text[:4])
    return text.removeprefix(call(first[0])) if first else text


def _begins(at: int, line: Line, sizes: Mapping[str, float], body: float) -> _Begin | None:
    first = called(line.text[:4])
    if first and line.text.startswith(call(first[0])):
        return _Begin(at, first[0], _behind_mark(line.text).strip())
    plain = _PLAIN.match(line.text)
    if plain and (line.size < _SMALLER * max(body, sizes.get(plain[1], body)) or not plain[1].isalnum()):
        return _Begin(at, plain[1], line.text[plain.end() :])
    return None


def _stands_above_its_call(one: _Begin, lines: Sequence[Line]) -> bool:
    heights = [line.y0 for at, line in enumerate(lines) if at != one.at and one.key in called(line.text)]
    return not any(y > lines[one.at].y0 for y in heights)


def _end(lines: Sequence[Line], at: int, limit: int) -> int:
    """Where the note that begins at this line ends: lines of its size, one close below the other."""
    end = at + 1
    while end < limit:
        before, line = lines[end - 1], lines[end]
        step = before.y0 - line.y0
        if abs(line.size - lines[at].size) > 0.08 * lines[at].size + 0.5 or not -2 < step < 1.8 * line.size:
            break
        end += 1
    return end


def lifted(root: Any) -> dict[str, str]:
    """Text of each note of an HTML page by its key. The tree loses the notes and keeps calls.

    A note is what a raised link of a mark's length points to further below, or the paragraph that begins with the same
    raised mark. Raised figures that call nothing are exponents ("10⁶", "m²") or nothing.
    """
    texts: dict[str, str] = {}
    gone: dict[Any, str] = {}
    for raised_marks in list(root.iter("sup")):
        _apart_html(raised_marks)
    for mark, holder in [*_linked(root), *_raised_html(root)]:
        key = gone.get(holder) or f"n{len(gone) + 1}"
        if holder not in gone:
            text = _note_text(holder, one_line("".join(mark.itertext())))
            if not text or len(text) > _MAX_NOTE:
                continue
            gone[holder], texts[key] = key, "" if _COMMENT.match(mark.get("href") or "") else text
        mark[:], mark.text = [], call(key)
        mark.attrib.pop("id", None)  # the call's: no anchor of a heading
    for holder in gone:
        if holder.getparent() is not None:
            holder.drop_tree()
    if gone:
        _drop_empty_titles(root)
    for high in root.iter("sup"):
        mark = "".join(high.itertext())
        if re.fullmatch(r"[+-]?\d{1,3}", mark) and not (high.tail or "").startswith(("/", "⁄")):
            high[:], high.text = [], raised(_text_before(high), mark)
    return texts


def _apart_html(marks: Any) -> None:
    """Several marks in one raised element, "1, 2", each in its own."""
    first, *more = re.split(r"[,;]\s*", marks.text or "")
    if len(marks) or not more or not all(map(_HTML_MARK.fullmatch, (first, *more))):
        return
    marks.text = first
    for mark in reversed(more):
        new = marks.makeelement("sup")
        new.text = mark
        marks.addnext(new)


def _linked(root: Any) -> Iterator[tuple[Any, Any]]:
    order = {element: at for at, element in enumerate(root.iter())}
    by_id: dict[str | None, Any] = {}
    for element in order:
        by_id.setdefault(element.get("id"), element)
        by_id.setdefault(element.get("name") if element.tag == "a" else None, element)
    for link in list(root.iter("a")):
        href = link.get("href") or ""
        target = by_id.get(unquote(href[1:])) if re.match("#.", href) else None
        if target is None or not _HTML_MARK.fullmatch(one_line("".join(link.itertext()))):
            continue
        parent = link.getparent()
        raised = (parent is not None and parent.tag == "sup") or link.find(".//sup") is not None
        says = f"{link.get('role')} {link.get('class')} {href}"
        if not raised and not _HINT.search(says):
            continue
        holder = next((up for up in (target, *target.iterancestors()) if up.tag in _HOLDERS), None)
        if holder is None or order[target] < order[link] or holder in set(link.iterancestors()):
            continue
        yield link, holder


def _raised_html(root: Any) -> Iterator[tuple[Any, Any]]:
    """Raised marks without a link, each with the paragraph that begins with the same."""
    begins: dict[str, Any] = {}
    calls: list[tuple[str, Any]] = []
    for raised in list(root.iter("sup")):
        mark, parent = one_line("".join(raised.itertext())), raised.getparent()
        if not _HTML_MARK.fullmatch(mark) or raised.find(".//a[@href]") is not None or parent is None:
            continue
        if parent.tag in _HOLDERS | {"small"} and not (parent.text or "").strip() and raised.getprevious() is None:
            begins.setdefault(mark, parent)
        else:
            calls.append((mark, raised))
    for mark, raised in calls:
        if mark in begins and begins[mark] not in set(raised.iterancestors()):
            yield raised, begins[mark]


def _note_text(holder: Any, mark: str) -> str:
    """What the note says, without the mark that it begins with and the links back to its call."""
    for element in list(holder.iterdescendants()):
        if element.tag in _HOLDERS:
            element.tail = f" {element.tail or ''}"
        if element.tag == "a" and (element.get("href") or "").startswith("#"):
            words = one_line("".join(element.itertext()))
            if _BACK.fullmatch(words) or _HTML_MARK.fullmatch(words):
                element[:], element.text = [], ""
    text = one_line("".join(holder.itertext()))
    bare = re.escape(mark.strip("[]()"))
    return re.sub(rf"^\W*\(?\[?{bare}[\])]?[.:]?\s+", "", text + " ").strip() if mark else text


def _drop_empty_titles(root: Any) -> None:
    for heading in list(root.iter("h1", "h2", "h3", "h4", "h5", "h6")):
        below = "".join("".join(sibling.itertext()) for sibling in heading.itersiblings())
        if fold(one_line("".join(heading.itertext())).rstrip(":")) in label_list("notes") and not below.strip():
            heading.drop_tree()


def _text_before(element: Any) -> str:
    """The end of the text in front of the element, in its paragraph."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        return str(previous.tail or "".join(previous.itertext()))[-12:]
    return str(parent.text or "")[-12:] if parent is not None else ""
