"""What Word's styles hand down: is a run struck through, hidden, raised; which properties has a paragraph's style.

Works on the XML of document and styles; a chain of styles that goes in a circle ends.
"""

from __future__ import annotations

import re
from typing import Any

_CHAIN = 20  # styles that one may be based on


def named(name: str) -> str:
    """The name with Word's namespace."""
    return "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}" + name


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
        self._default = next(
            (one.get(named("styleId")) for one in styles if _is_default(one)), None
        )  # of paragraphs that name none
        self._runs: dict[tuple[str | None, str], bool | None] = {}

    def names(self, paragraph: Any) -> list[str]:
        """Ids of the paragraph's style and those it is based on."""
        given = paragraph.find(f"{named('pPr')}/{named('pStyle')}")
        return self._chain(self._default if given is None else given.get(named("val")))

    def paragraph(self, paragraph: Any) -> list[Any]:
        """Paragraph properties of these styles, the nearest first."""
        found = (self._by_id[name].find(named("pPr")) for name in self.names(paragraph))
        return [one for one in found if one is not None]

    def on(self, run: Any, paragraph: Any, name: str) -> bool:
        """Whether a run has this property, by itself or by a style."""
        own = run.find(f"{named('rPr')}/{named(name)}")
        if own is not None:
            return flag(own)
        style = run.find(f"{named('rPr')}/{named('rStyle')}")
        if style is not None and (said := self._inherited(style.get(named("val")), name)) is not None:
            return said
        given = paragraph.find(f"{named('pPr')}/{named('pStyle')}")
        return bool(self._inherited(self._default if given is None else given.get(named("val")), name))

    def _inherited(self, style: str | None, name: str) -> bool | None:
        if (style, name) not in self._runs:
            found = (self._by_id[one].find(f"{named('rPr')}/{named(name)}") for one in self._chain(style))
            first = next((one for one in found if one is not None), None)
            self._runs[style, name] = None if first is None else flag(first)
        return self._runs[style, name]

    def _chain(self, style: str | None) -> list[str]:
        found: list[str] = []
        while style in self._by_id and style is not None and len(found) < _CHAIN:
            found.append(style)
            based = self._by_id[style].find(named("basedOn"))
            style = None if based is None else based.get(named("val"))
        return found


def _is_default(style: Any) -> bool:
    return style.get(named("type")) == "paragraph" and style.get(named("default")) in ("1", "true", "on")
