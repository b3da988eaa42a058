"""What a page shows only on a click is opened: panels of tabs, accordions."""

import re
from itertools import islice
from typing import Any

from knowledge.text.characters import line

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TAB = "tab-name"  # attribute of a tab's panel that is shown
_PROSE = ("p", "table", "dl", *HEADINGS)  # a menu has none of them
_LINKS = ("a", "button", "label", "option")  # a menu has all its words in them
_MENU = 4  # times as many letters in links as beside them, at least: a menu; guess
_MOST = 60  # elements in a name, icons counted; more are in a heading that was not closed; guess
# The class of a button ends so.
_ACCORDION = re.compile(
    r"(?:accordion|collapsible|faq)(?:[-_]*(?:button|toggle|header|trigger|title|question))?(?=\s|\Z)", re.I
)
_TARGETS = ("aria-controls", "data-target", "data-bs-target", "href")


def open_tabs(root: Any) -> None:
    """Shows each tab's panel, of which a page shows one at a time, and writes the tab's name on it as `TAB`."""
    names: dict[str | None, str] = {}
    for tab in root.iterfind(".//*[@role='tab']"):
        names |= dict.fromkeys([tab.get("id"), tab.get("aria-controls")], _words(tab))
    names[None] = ""
    for panel in root.iterfind(".//*[@role='tabpanel']"):
        _show(panel)
        panel.set(TAB, names.get(panel.get("aria-labelledby")) or names.get(panel.get("id"), ""))


def name_details(top: Any) -> None:
    """Makes the name over what folds up that of a part, as a tab's; a sentence there stays one."""
    for details in top.iter("details"):
        summary = details.find("summary")
        name = "" if summary is None or any(True for _ in summary.iter(*HEADINGS)) else _words(summary)
        if name and not name.endswith((".", "!", ":", ";")):
            details.set(TAB, name)
            summary.drop_tree()


def open_accordions(root: Any) -> None:
    """Makes words of the buttons that are all of a heading, or an accordion's, and shows what they open."""
    elements = list(root.iter())
    by_id = {element.get("id"): element for element in elements if element.get("id")}
    for control in elements:
        if control.tag in ("button", "a") or control.get("role") == "button":
            _open(control, by_id)


def _open(control: Any, by_id: dict[str, Any]) -> None:
    toggles = "collapse" in (control.get("data-toggle"), control.get("data-bs-toggle"))
    toggles |= any(control.get(name) is not None for name in ("aria-expanded", "aria-controls"))
    if not toggles and control.tag == "a":
        return
    target = next((control.get(name) for name in _TARGETS if control.get(name)), "")
    named = [by_id.pop(one.lstrip("#"), None) for one in target.split()] if toggles else []
    panels = [panel for panel in named if panel is not None]
    around = next(control.iterancestors(*HEADINGS), None)
    if around is not None:  # beside other words it is "Copy link"
        opens = _letters(control) == _letters(around) != ""
    elif control.tag != "a" and _ACCORDION.search(control.get("class", "")):
        around = next(control.iterancestors("p"), None)
        opens = around is None or _letters(control) == _letters(around) != ""
    else:
        opens = any(map(_tells, panels))
    if opens:
        if control.tag == "button":
            control.tag = "p" if around is None else "span"
        following = (control if around is None else around).getnext()
        for shown in panels or ([] if following is None else [following]):
            _show(shown)


def _tells(panel: Any) -> bool:
    """Whether it says more than a menu, whose words are links."""
    if next(panel.iter(*_PROSE), None) is not None:
        return True
    links: set[Any] = set()  # elements in a link, those of addresses and numbers apart
    linked = plain = 0
    for element in islice(panel.iter("*"), _MOST):
        around = None if element is panel else element.getparent()
        is_link = element.tag in _LINKS and not element.get("href", "").startswith(("tel:", "mailto:"))
        if is_link or around in links:
            links.add(element)
        for text, of in ((element.text, element), (element.tail if around is not None else "", around)):
            letters = len((text or "").strip())
            linked, plain = (linked + letters, plain) if of in links else (linked, plain + letters)
    return plain * _MENU > linked


def _show(element: Any) -> None:
    for name in ("hidden", "style", "aria-hidden"):
        element.attrib.pop(name, None)


def _letters(element: Any) -> str:
    """How names are compared: "1. Leave ¶" -> "Leave"."""
    return re.sub(r"[\W\d_]", "", _words(element))


def _words(element: Any) -> str:
    """What a name says; "" of what holds more than names do."""
    if len(list(islice(element.iter(), _MOST))) == _MOST:
        return ""
    return line(" ".join(str(piece) for piece in element.itertext()))
