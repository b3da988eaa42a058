"""What of a web page is its text: what stands around it is not; fields say what is filled in; what folds up is opened.

Around a text stand menus, heads, feet and consent to cookies; call-outs do not.
"""

import re
from functools import cache
from itertools import islice
from typing import Any

from knowledge.text.characters import line
from knowledge.text.words import data_file

_AROUND = {"nav", "header", "footer", "aside", "dialog", "menu"}
_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog", "alertdialog"}
_LABEL = 200  # characters in which a call-out says what it is; guess
_TYPED = {"", "date", "datetime-local", "email", "month", "number", "tel", "text", "time", "url", "week"}
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


def is_around(element: Any, *, page: bool) -> bool:
    """Whether it is no part of the text. `page`: of a whole page, in which elements of some names stand around it."""
    kinds = element.get("class") or ""  # an id may be that of a section on cookies
    if element.get("role") in _ROLES or (page and _names("cookies").search(kinds)):
        return True
    return page and element.tag in _AROUND and not (element.tag == "aside" and _is_call_out(element, kinds))


def _is_call_out(aside: Any, kinds: str) -> bool:
    if aside.get("role") in ("note", "alert") or _names("call_outs").search(kinds):
        return True
    return _names("labels").match("".join(aside.itertext())[:_LABEL].strip()) is not None


@cache
def _names(kind: str) -> re.Pattern[str]:
    return re.compile(data_file("knowledge.read", "dialects.toml")["page"][kind], re.I)


@cache
def page_words() -> frozenset[str]:
    """What pages say of themselves: "Was this page helpful?", "Skip to main content"."""
    return frozenset(data_file("knowledge.read", "dialects.toml")["page"]["words"])


def fill_in(top: Any) -> None:
    """Gives each field what people see in it, as PDF and Word are read; options that are not chosen are taken out."""
    for field in top.iter("input"):
        kind = (field.get("type") or "").lower()
        if kind in _TYPED:
            field.text = f" {line(field.get('value') or '')} "
        elif kind in ("checkbox", "radio") and field.getparent().tag in ("label", "p", "td", "th"):  # else a page's own
            field.text = "☐" if field.get("checked") is None else "☒"
    for option in list(top.iter("option")):
        option.text = f" {option.text or ''}"
        if option.get("selected") is None:
            option.set("hidden", "")


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
