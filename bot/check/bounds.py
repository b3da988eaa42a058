"""Tokens and the place of a figure -> is it a lower or an upper bound, does it count before or after something? Pure.

The rule kept: ways to say the same bound compare equal ("at least 14", "14 or more", "no fewer than 14"); strict and
not strict count as one ("more than 14", "14 or more"). A bound that is not understood is no bound. English only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.check.figures import Token

UP, DOWN, BEFORE, AFTER = "up", "down", "before", "after"
_WIDE = "longer|later|higher|greater|larger|older|bigger"
_NARROW = "shorter|earlier|sooner|lower|smaller|younger"
_NOT = r"(?:no|not|never|cannot|nor)"
_FILLER = r"(?: (?:of|a|an|the|age|ages|aged|about|to|than|is|are|be|as|us|on|by|after|another|usd|eur|[$€£¥(]))*$"
_LEFT = re.compile(
    rf"\b(?:(?P<down>at (?:the )?(?:most|latest)|up to|{_NOT} (?:more|{_WIDE}|over|above|beyond|after|exceed\w*)"
    rf"|max(?:imum)?|(?:maximum|limit|cap|ceiling)(?: \w+){{0,5}} (?:is|are|of|at|to|be)|limited|less|fewer|{_NARROW}"
    r"|under|below|within|before|until|till|as (?:long|late|much|many|high)|capped at)"
    rf"|(?P<up>at (?:the )?(?:least|earliest)|{_NOT} (?:less|fewer|{_NARROW}|under|below|before|until)"
    rf"|min(?:imum)?|minimum(?: \w+){{0,5}} (?:is|are|of|at|to|be)|more than|{_WIDE}|(?<!carry )(?<!carried )over|above"
    r"|exceed\w*|beyond|after|since|starting|as (?:early|little|few|low)))" + _FILLER
)
_RIGHT = re.compile(
    rf"(?:[\w%$€£]+ ){{0,4}}?(?:(?P<up>(?:or|and) (?:more|above|over|beyond|up(?:wards)?|{_WIDE})\b(?! than| to)"
    r"|at (?:the )?(?:least|earliest)|minimum|onwards?)"
    rf"|(?P<down>(?:or|and) (?:less|fewer|under|below|{_NARROW})\b(?! than)|at (?:the )?(?:most|latest)|maximum))"
)
_SIDE = re.compile(
    r"(?:[\w']+ ){1,3}?(?:(?P<before>before|prior|ahead|beforehand|earlier|in advance)"
    r"|(?P<after>after|later|following))\b"
)
_OPPOSITE = {UP: DOWN, DOWN: UP}


def bound(tokens: Sequence[Token], at: int) -> tuple[str, str]:
    """(up, down or "", before, after or "") of the figure at `at`."""
    right: list[str] = []
    for token in tokens[at + 1 : at + 8]:
        if (token.kind == "stop" and token.text not in "()") or token.kind in ("number", "clock"):
            break
        right.append(token.raw.lower())
    after = " ".join(right)
    side = match.lastgroup or "" if (match := _SIDE.match(after)) else ""
    if match := _RIGHT.match(after):
        return match.lastgroup or "", side
    begin = at
    while begin > max(0, at - 9) and (tokens[begin - 1].kind != "stop" or tokens[begin - 1].text == "("):
        begin -= 1
        if tokens[begin].kind in ("number", "clock"):
            break
    match = _LEFT.search(" ".join(t.text if t.kind == "word" else t.raw.lower() for t in tokens[begin:at]))
    if match is None:
        return "", side
    way = match.lastgroup or ""
    if side == BEFORE and re.search("late|earl|soon", match.group()):
        way = _OPPOSITE[way]  # no later than two days before: two days or more
    return way, side
