"""The questions in a message, one each. Pure."""

from __future__ import annotations

import re

from bot.understanding.directives import bounded
from bot.understanding.follow_up import depends, points
from knowledge.text.words import stems

_ASKS = (
    r"(?:(?:how|what|when|where|who|whom|which|why)(?:['’]?s)?|can|could|do|does|did|is|are|am|may|must|should|shall|will"
    r"|would|have|has)"
)
_NEW = (  # opens a question of its own: an asking word with its subject
    r"(?:(?:how|what|when|where|who|whom|which|why)(?:['’]?s)?\s+\w"
    r"|(?:can|could|do|does|did|is|are|am|may|must|should|shall|will|would)\s+(?:i|we|you|he|she|the|my|our|a"
    r"|an|there|any)\b)"
)
_JOINT = re.compile(
    rf"(?<=\?)\s+(?=\S)|(?:;|,?\s+(?:and|plus|&)(?: also)?|,?\s+also)\s+(?={_NEW})"
    rf"|,\s+(?:and|plus|&)\s+(?={_ASKS}\s)"
    r"|[.!]+\s+(?:(?:oh|and|also|plus|besides|secondly|second|ps|p\.s\.|another (?:thing|question))\b[,:]?\s+)+"
    rf"(?={_NEW})",
    re.I,
)
_BEGINS = re.compile(rf"\W*(?:\w+\W+){{0,8}}?{_ASKS}\b", re.I)
_GOES_ON = re.compile(rf"\W*{_ASKS}\b", re.I)
_BEHIND = re.compile(rf"[^\w\s'’-]\s+(?:\w+\s+){{0,3}}?{_NEW}", re.I)  # "..., can I claim the rest"
_ITEM = re.compile(r"\s*(?:[-*•]|\(?\d{1,2}[.)])\s+(?P<what>\S.*)")
_NUMBER = re.compile(r"(?:\A|(?<=\s))\(?([1-9])[.)]\s+")
_TOLD = (["i", "was"], ["i", "had"], ["we", "were"], ["we", "had"])  # opens what happened
_OPENING = re.compile(r"\A(?:and|also|plus|&)\b[,:]?\s+", re.I)


def parts(text: str) -> tuple[str, ...]:
    """The questions in a message, one each; the message itself when it can't be cut safely.

    >>> parts("enough time for the visa? and can I take my laptop")
    ('enough time for the visa?', 'can I take my laptop?')
    """
    text = bounded(text)
    lines = [line for line in text.splitlines() if line.strip()]
    items = [item["what"] for line in lines if (item := _ITEM.match(line))]
    if len(items) > 1 and len(items) >= len(lines) - 1:
        return tuple(items)
    numbers = list(_NUMBER.finditer(text))
    if len(numbers) > 1 and "".join(one[1] for one in numbers) in "123456789":  # "1) how long? 2) who pays?"
        ends = [*(one.start() for one in numbers[1:]), len(text)]
        return tuple(text[one.end() : end].strip() for one, end in zip(numbers, ends, strict=True))
    cut = [_OPENING.sub("", p.strip(" ,;")) for p in _JOINT.split(text)]
    if len(cut) < 2 or any(points(p) or depends(p) for p in cut[1:]):
        return (text,)
    forms = (_BEGINS, *(_GOES_ON for _ in cut[1:]))
    asks = (p.endswith("?") or form.match(p) or _BEHIND.search(p) for p, form in zip(cut, forms, strict=True))
    if not all(asks) or any(len(set(stems(p))) < 2 for p in cut):
        return (text,)
    return tuple(p if p[-1] in "?." else p + "?" for p in cut)
