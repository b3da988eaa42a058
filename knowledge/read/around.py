"""Which elements of a web page stand around its text: menus, heads, feet, consent to cookies. Call-outs do not."""

import re
from functools import cache
from typing import Any

from knowledge.text.words import data_file

_AROUND = {"nav", "header", "footer", "aside", "dialog", "menu"}
_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog", "alertdialog"}
_LABEL = 200  # characters in which a call-out says what it is; guess


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
