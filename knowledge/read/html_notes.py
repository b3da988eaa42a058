"""Footnotes of an HTML page: lifted out of its tree; where a note is called, `notes.call` stands instead of the mark.

A note is what a raised link of a mark's length points to further below, or the paragraph that begins with the same
raised mark. Raised figures that call nothing are exponents ("10⁶", "m²") or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from knowledge.read import notes
from knowledge.text.characters import line

_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|[ivx]{1,4}|note \d{1,3}|[*†‡§]{1,3})[\])]?", re.I)
_HINT = re.compile(r"foot|note|\bfn|_ftn|_edn|cite", re.I)
_BACK = re.compile(r"[↩↑^⏎\ufe0e\s]*|back|return", re.I)
_TITLES = re.compile(r"(?:foot|end)?notes?:?|fußnoten|notes de bas de page|dipnotlar|notas", re.I)
_HOLDERS = {"li", "p", "dd", "div", "aside", "td", "section", "blockquote"}
_MAX_NOTE = 2_000  # characters; what is longer is a chapter


def lifted(root: Any) -> dict[str, str]:
    """Text of each note by its key. The tree loses the notes and keeps calls."""
    found: dict[str, str] = {}
    gone: dict[Any, str] = {}
    for mark, holder in [*_linked(root), *_raised(root)]:
        key = gone.get(holder) or f"n{len(gone) + 1}"
        if holder not in gone:
            text = _text(holder, line("".join(mark.itertext())))
            if not text or len(text) > _MAX_NOTE:
                continue
            gone[holder], found[key] = key, text
        for child in list(mark):
            mark.remove(child)
        mark.text = notes.call(key)
    for holder in gone:
        if holder.getparent() is not None:
            holder.drop_tree()
    if gone:
        _drop_empty_titles(root)
    for raised in root.iter("sup"):
        mark = "".join(raised.itertext())
        if re.fullmatch(r"[+-]?\d{1,3}", mark) and not (raised.tail or "").startswith(("/", "⁄")):
            for child in list(raised):
                raised.remove(child)
            raised.text = notes.raised(_before(raised), mark)
    return found


def _linked(root: Any) -> Iterator[tuple[Any, Any]]:
    order: dict[Any, int] = {}
    by_id: dict[str, Any] = {}
    for at, element in enumerate(root.iter()):
        if isinstance(element.tag, str):
            order[element] = at
            for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
                if name:
                    by_id.setdefault(name, element)
    for link in list(root.iter("a")):
        href = link.get("href") or ""
        target = by_id.get(unquote(href[1:])) if href.startswith("#") else None
        if target is None or not _MARK.fullmatch(line("".join(link.itertext()))):
            continue
        parent = link.getparent()
        raised = (parent is not None and parent.tag == "sup") or link.find(".//sup") is not None
        says = f"{link.get('role')} {link.get('class')} {href}"
        if not raised and not _HINT.search(says):
            continue
        holder = (
            target
            if target.tag in _HOLDERS
            else next((up for up in target.iterancestors() if up.tag in _HOLDERS), None)
        )
        if holder is None or order[target] < order[link] or holder in set(link.iterancestors()):
            continue
        yield link, holder


def _raised(root: Any) -> Iterator[tuple[Any, Any]]:
    """Raised marks without a link, each with the paragraph that begins with the same."""
    begins: dict[str, Any] = {}
    calls: list[tuple[str, Any]] = []
    for raised in list(root.iter("sup")):
        mark, parent = line("".join(raised.itertext())), raised.getparent()
        if not _MARK.fullmatch(mark) or raised.find(".//a[@href]") is not None or parent is None:
            continue
        if parent.tag in _HOLDERS | {"small"} and not (parent.text or "").strip() and raised.getprevious() is None:
            begins.setdefault(mark, parent)
        else:
            calls.append((mark, raised))
    for mark, raised in calls:
        if mark in begins and begins[mark] not in set(raised.iterancestors()):
            yield raised, begins[mark]


def _text(holder: Any, mark: str) -> str:
    parts: list[str] = [holder.text or ""]
    for element in holder.iterdescendants():
        parts += _pieces(element, holder)
    said = line("".join(parts))
    bare = re.escape(mark.strip("[]()"))
    return re.sub(rf"^\W*\(?\[?{bare}[\])]?[.:]?\s+", "", said + " ").strip() if mark else said


def _pieces(element: Any, holder: Any) -> list[str]:
    """The element's own words (a link back has none) and those behind it."""
    link = next((up for up in [element, *element.iterancestors()] if up.tag == "a" or up is holder), holder)
    words = line("".join(link.itertext())) if link.tag == "a" and (link.get("href") or "").startswith("#") else "-"
    back = bool(_BACK.fullmatch(words) or _MARK.fullmatch(words))
    inner = "" if back or not isinstance(element.tag, str) else element.text or ""
    outer = element.tail or "" if not (back and element is not link) else ""
    return [inner, " " if element.tag in _HOLDERS else "", outer]


def _drop_empty_titles(root: Any) -> None:
    for heading in [one for level in range(1, 7) for one in root.iter(f"h{level}")]:
        below = "".join("".join(sibling.itertext()) for sibling in heading.itersiblings())
        if _TITLES.fullmatch(line("".join(heading.itertext()))) and not below.strip():
            heading.drop_tree()


def _before(element: Any) -> str:
    """The end of the text in front of the element, in its paragraph."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        return str(previous.tail or "".join(previous.itertext()))[-12:]
    return str(parent.text or "")[-12:] if parent is not None else ""
