"""Word's automatic numbers: a paragraph's list and level in, what Word prints in front of it out.

Counts as Word does: per list definition, deeper levels begin again below a higher one, an instance with a start of its
own begins again. Also what styles hand down: struck through, hidden, raised. Knows the XML, not the package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_LEVELS = 9
_CHAIN = 20  # styles that one may be based on


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before a paragraph. `text` is "" for a bullet."""

    text: str
    level: int  # 0-based


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    legal: bool
    restart: int | None  # level (1-based) below which it begins again; 0: never


class Numbers:
    """Marks of paragraphs, asked for in the order of the document."""

    def __init__(self, numbering: Any, styles: Styles) -> None:
        """`numbering`: the root of numbering.xml, None where there is none."""
        self._styles = styles
        lists = [] if numbering is None else list(numbering)
        self._abstract = {one.get(named("abstractNumId")): one for one in lists if one.tag == named("abstractNum")}
        self._nums = {one.get(named("numId")): one for one in lists if one.tag == named("num")}
        by_style = {link: key for key, one in self._abstract.items() if (link := self._of(one, "styleLink"))}
        self._links = {key: by_style.get(self._of(one, "numStyleLink"), key) for key, one in self._abstract.items()}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def mark(self, paragraph: Any) -> Mark | None:
        """Counts this paragraph. None when it has no number and no bullet."""
        num, level = self._place(paragraph)
        instance = self._nums.get(num) if num else None
        if num is None or instance is None:
            return None
        key = self._of(instance, "abstractNumId")
        key = self._links.get(key, key)
        if key not in self._abstract:
            return None
        shown = self._levels(key, instance)
        if level not in shown:
            return None
        self._count(key, num, instance, level, shown)
        return Mark(self._printed(key, level, shown), level)

    def _place(self, paragraph: Any) -> tuple[str | None, int]:
        """(list, level) by the paragraph's own properties, else by its style's."""
        num = level = None
        own = paragraph.find(named("pPr"))
        for at, properties in enumerate([own, *(style.find(named("pPr")) for style in self._styles.of(paragraph))]):
            given = None if properties is None else properties.find(named("numPr"))
            if given is None:
                continue
            if level is None and given.find(named("ilvl")) is not None:
                level = number(given.find(named("ilvl")), 0)
            if num is None and given.find(named("numId")) is not None:
                num = given.find(named("numId")).get(named("val"))
                if at and level is None:
                    level = self._linked_level(num, self._styles.of(paragraph))
        return (None if num == "0" else num), min(level or 0, _LEVELS - 1)

    def _linked_level(self, num: str | None, styles: list[Any]) -> int | None:
        instance = self._nums.get(num or "")
        key = self._links.get(self._of(instance, "abstractNumId")) if instance is not None else None
        for level in self._abstract[key].iter(named("lvl")) if key in self._abstract else ():
            if self._of(level, "pStyle") in {style.get(named("styleId")) for style in styles}:
                return _int(level.get(named("ilvl")))
        return None

    def _levels(self, key: str, instance: Any) -> dict[int, _Level]:
        overriding = [one.find(named("lvl")) for one in instance.iter(named("lvlOverride"))]
        levels = [*self._abstract[key].iter(named("lvl")), *(one for one in overriding if one is not None)]
        return {
            _int(one.get(named("ilvl"))): _Level(
                number(one.find(named("start")), 1),
                self._of(one, "numFmt") or "decimal",
                self._of(one, "lvlText"),
                flag(one.find(named("isLgl"))),
                None if one.find(named("lvlRestart")) is None else number(one.find(named("lvlRestart")), 0),
            )
            for one in levels
        }

    def _count(self, key: str, num: str, instance: Any, level: int, shown: dict[int, _Level]) -> None:
        counts = self._counts.setdefault(key, [None] * _LEVELS)
        starts = {
            _int(one.get(named("ilvl"))): number(one.find(named("startOverride")), 1)
            for one in instance.iter(named("lvlOverride"))
            if one.find(named("startOverride")) is not None
        }
        before = counts[level]
        if level in starts and (num, level) not in self._begun:
            counts[level] = starts[level]
        else:
            counts[level] = shown[level].start if before is None else before + 1
        self._begun.add((num, level))
        for above in range(level):
            if counts[above] is None and above in shown:
                counts[above] = shown[above].start
        for below in range(level + 1, _LEVELS):
            restart = shown[below].restart if below in shown else None
            if restart is None or level < restart:
                counts[below] = None

    def _printed(self, key: str, level: int, shown: dict[int, _Level]) -> str:
        own, counts = shown[level], self._counts[key]
        if own.form == "bullet":
            return ""

        def part(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            form = shown[at].form if at in shown else "decimal"
            return formed(counts[at] or 0, "decimal" if own.legal else form)

        return re.sub(r"%([1-9])", part, own.text).strip()

    @staticmethod
    def _of(element: Any, name: str) -> str:
        child = element.find(named(name))
        return "" if child is None else child.get(named("val")) or ""


def formed(value: int, form: str) -> str:
    """The number in Word's form of this name: "lowerRoman", "upperLetter"."""
    if form == "none":
        return ""
    if form in ("lowerLetter", "upperLetter") and value > 0:
        letters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman") and 0 < value < 4000:
        return _roman(value) if form == "upperRoman" else _roman(value).lower()
    if form == "decimalZero":
        return f"{value:02}"
    if form == "ordinal":
        last = {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th") if value % 100 not in (11, 12, 13) else "th"
        return f"{value}{last}"
    return str(value)


def _roman(value: int) -> str:
    numeral = ""
    for worth, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        numeral += letters * (value // worth)
        value %= worth
    return numeral


def _int(given: str | None) -> int:
    return int(given) if given and re.fullmatch(r"[0-9]{1,4}", given) else 0


def named(name: str) -> str:
    """The name with Word's namespace."""
    return "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}" + name


def named_style(style: Any) -> str:
    """What the style is called, in small letters: "heading 1"."""
    name = style.find(named("name"))
    return "" if name is None else (name.get(named("val")) or "").lower()


def flag(element: Any) -> bool:
    """Whether a property that is on or off is on."""
    return element is not None and (element.get(named("val")) or "1").lower() not in ("0", "false", "off", "none")


def number(element: Any, default: int) -> int:
    """The element's value where it is a number."""
    given = "" if element is None else element.get(named("val")) or ""
    return int(given) if re.fullmatch(r"[0-9]{1,4}", given) else default


class Styles:
    """Styles by id, with those they are based on."""

    def __init__(self, root: Any) -> None:
        """`root`: of styles.xml, None where there is none."""
        styles = [] if root is None else list(root.iter(named("style")))
        self._by_id = {one.get(named("styleId")): one for one in styles}
        defaults = (one for one in styles if one.get(named("default")) in ("1", "true", "on"))
        ids = (one.get(named("styleId")) for one in defaults if one.get(named("type")) == "paragraph")
        self._default = next(ids, None)  # of paragraphs that name none
        self._runs: dict[tuple[str | None, str], bool | None] = {}

    def of(self, paragraph: Any) -> list[Any]:
        """The paragraph's style and those it is based on, the nearest first."""
        return self._chain(self._own(paragraph))

    def name(self, paragraph: Any) -> str:
        """The name of the paragraph's style: "list bullet"."""
        return next(map(named_style, self.of(paragraph)), "")

    def on(self, run: Any, paragraph: Any, name: str) -> bool:
        """Whether a run has this property, by itself or by a style."""
        own = run.find(f"{named('rPr')}/{named(name)}")
        if own is not None:
            return flag(own)
        style = run.find(f"{named('rPr')}/{named('rStyle')}")
        if style is not None and (value := self._inherited(style.get(named("val")), name)) is not None:
            return value
        return bool(self._inherited(self._own(paragraph), name))

    def _own(self, paragraph: Any) -> str | None:
        """The id of the style that the paragraph names, or of the one that serves those that name none."""
        given = paragraph.find(f"{named('pPr')}/{named('pStyle')}")
        name = None if given is None else given.get(named("val"))
        return name if name in self._by_id else self._default

    def _inherited(self, style: str | None, name: str) -> bool | None:
        if (style, name) not in self._runs:
            children = (one.find(f"{named('rPr')}/{named(name)}") for one in self._chain(style))
            first = next((one for one in children if one is not None), None)
            self._runs[style, name] = None if first is None else flag(first)
        return self._runs[style, name]

    def _chain(self, style: str | None) -> list[Any]:
        chain: list[Any] = []
        while style in self._by_id and len(chain) < _CHAIN:
            chain.append(self._by_id[style])
            based = chain[-1].find(named("basedOn"))
            style = None if based is None else based.get(named("val"))
        return chain
