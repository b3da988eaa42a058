"""What a page shows only on a click is opened: panels of tabs, accordions."""

from __future__ import annotations

import re
from typing import Any

from knowledge.text.characters import line

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_INSIDE = 5  # boxes in a tab's panel in which its first paragraph may stand; guess
_ACCORDION = re.compile(r"accordion(?:[-_]*(?:button|toggle|header|trigger))?(?=\s|\Z)", re.I)  # ends a class


def open_tabs(root: Any) -> None:
    """Shows each tab's panel, of which a page shows one at a time, with the tab's name before it: "France: ..."."""
    panels = list(root.iterfind(".//*[@role='tabpanel']"))
    tabs = {tab.get("id"): tab for tab in root.iterfind(".//*[@role='tab']")} if panels else {}
    for panel in panels:
        _show(panel)
        begins, tab = panel, tabs.get(panel.get("aria-labelledby"))
        for _ in range(_INSIDE):
            begins = begins if begins.tag in ("p", "li") or not len(begins) else begins[0]
        if tab is not None:
            begins.text = f"{_words(tab)}: {begins.text or ''}"


def open_accordions(root: Any) -> None:
    """Makes words of the buttons that are all of a heading, or an accordion's, and shows what they open."""
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    headings = {heading: _words(heading) for heading in root.iter(*HEADINGS)}
    for button in list(root.iter("button")):
        heading = next(button.iterancestors(*HEADINGS), None)
        if heading is None:
            opens = _ACCORDION.search(button.get("class", "")) and next(button.iterancestors("p"), None) is None
        else:
            opens = headings[heading] == _words(button)  # beside other words it is "Copy link"
        if opens:
            button.tag = "p" if heading is None else "span"
            opened = by_id.get(button.get("aria-controls"), (button if heading is None else heading).getnext())
            if opened is not None:
                _show(opened)


def _show(element: Any) -> None:
    element.attrib.pop("hidden", None)
    element.attrib.pop("style", None)


def _words(element: Any) -> str:
    return line(" ".join(str(piece) for piece in element.itertext()))
