"""Does a message ask something? The questions in it, one each. Pure."""

import re

from bot.understanding.directives import bounded
from bot.understanding.follow_up import depends, points
from bot.understanding.phrases import told_by
from knowledge.text.quantities import quantities
from knowledge.text.words import stems

QUESTION_MARK = re.compile(r"[?？؟](?:\W|\Z)")
QUOTED = re.compile(r"^[^\S\n]*>[^\n]*$|```.*?```", re.M | re.S)
_WH = r"(?:how|what|when|where|who|whom|which|why)(?:['’]?s)?"
_VERB = r"(?:can|could|do|does|did|is|are|am|may|must|should|shall|will|would)"
_ASKS = rf"(?:{_WH}|{_VERB}|have|has)"
# opens a question of its own: an asking word with its subject
_NEW = rf"(?:{_WH}\s+\w|{_VERB}\s+(?:i|we|you|he|she|the|my|our|a|an|there|any)\b)"
_JOINT = re.compile(
    rf"(?<=\?)\s+(?=\S)|(?:;|,?\s+(?:and|plus|&)(?: also)?|,?\s+also)\s+(?={_NEW})"
    rf"|,\s+(?:and|plus|&)\s+(?={_ASKS}\s)"
    r"|[.!]+\s+(?:(?:oh|and|also|plus|besides|secondly|second|ps|p\.s\.|another (?:thing|question))\b[,:]?\s+)+"
    rf"(?={_NEW})"
    rf"|\s+and\s+(?!i\b)(?=[\w ]{{8,60}} {_WH}(?: (?:much|many|long))?\W*\Z)",  # as put into English from Turkish
    re.I,
)
_BEGINS = re.compile(rf"\W*(?:\w+\W+){{0,8}}?{_ASKS}\b", re.I)
_GOES_ON = re.compile(rf"\W*{_ASKS}\b", re.I)
_OPENS = re.compile(_NEW, re.I)
_ABOUT_IT = re.compile(r"(?:what|how) about\b", re.I)
_BEHIND = re.compile(rf"[^\w\s'’-]\s+(?:\w+\s+){{0,3}}?{_NEW}", re.I)  # "..., can I claim the rest"
_ITEM = re.compile(r"\s*(?:[-*•]|\(?\d{1,2}[.)])\s+(?P<what>\S.*)")
_NUMBER = re.compile(r"(?:\A|(?<=\s))\(?([1-9])[.)]\s+")
_OPENING = re.compile(r"\A(?:and|also|plus|&)\b[,:]?\s+", re.I)


def asks(text: str) -> bool:
    """Whether the message asks something, by its marks or its words."""
    unquoted = QUOTED.sub(" ", text)
    return bool(QUESTION_MARK.search(unquoted)) or told_by("asks", unquoted)


def opens_question(text: str) -> bool:
    """Whether a sentence of it opens a whole question in English: "do I need a visa?", but not "what about visas?"."""
    openings = (_OPENS.match(one.strip()) for one in re.split(r"[,.!?:;]\s+", text))
    return any(one and not _ABOUT_IT.match(one.string) for one in openings)


def parts(text: str) -> tuple[str, ...]:
    """The questions in a message, one each; the message itself when it can't be cut safely.

    >>> parts("enough time for the visa? and can I take my normal laptop")
    ('enough time for the visa?', 'can I take my normal laptop?')
    """
    text = bounded(text)
    lines = [line for line in text.splitlines() if line.strip()]
    items = [item["what"] for line in lines if (item := _ITEM.match(line))]
    if len(items) > 1 and len(items) >= len(lines) - 1:
        return tuple(items)
    if numbered := _numbered(text):
        return numbered
    cut = [_OPENING.sub("", p.strip(" ,;")) for p in _JOINT.split(text)]
    if len(cut) < 2 or any(points(p) or depends(p) for p in cut[1:]):
        return (text,)
    forms = (_BEGINS, *(_GOES_ON for _ in cut[1:]))
    asks = (form.match(p) or _BEHIND.search(p) or _asks(p) for p, form in zip(cut, forms, strict=True))
    if not all(asks) or not all(len(set(stems(p))) > 1 for p in cut):
        return (text,)
    return tuple(p if p[-1] in "?." else p + "?" for p in cut)


def _numbered(text: str) -> tuple[str, ...]:
    """The questions numbered in a line, each with what stands before them all; () where not each piece asks.

    >>> _numbered("I need a hotel. 1) is there a limit? 2) is breakfast included?")
    ('I need a hotel. is there a limit?', 'I need a hotel. is breakfast included?')
    """
    numbers = list(_NUMBER.finditer(text))
    ends = [*(one.start() for one in numbers[1:]), len(text)]
    pieces = [text[one.end() : end].strip() for one, end in zip(numbers, ends, strict=False)]
    if len(pieces) < 2 or [int(one[1]) for one in numbers] != list(range(1, len(pieces) + 1)):
        return ()
    if not all(_asks(piece) or _OPENS.match(piece) for piece in pieces):  # "from the 1. of May to the 2. of June"
        return ()
    before = text[: numbers[0].start()]
    return tuple(before + piece for piece in pieces)


def _asks(piece: str) -> bool:
    """Whether it ends as a question and is more than a guess, "or six months?"."""
    spoken = piece.casefold().split()
    return piece.endswith("?") and len(spoken) > (3 if quantities(piece) else 1)
