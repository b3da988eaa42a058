"""Two questions of a thread as one: "leave in Spain?", "and in Italy?" -> "leave in Italy?". Pure; knows no manual."""

import re
from collections import Counter
from functools import partial

from bot.understanding import codes
from bot.understanding.phrases import pattern
from knowledge.text.places import named_in
from knowledge.text.quantities import quantities
from knowledge.text.words import LANGUAGES, stopwords, words

_YEAR = re.compile(r"(?:19|20)\d\d")
_opening = partial(pattern, "leaning", r"\A\W*\b%opens%(?!\w)")


def opens(text: str) -> re.Match[str] | None:
    """What a message that goes on from another opens with: "and for interns?"."""
    return _opening().match(text)


def without_opening(own: str) -> str:
    """What is asked about in a message that goes on: "and for interns?" -> "for interns?"."""
    return _opening().sub("", own).lstrip(" ,")


def joined(before: str, own: str) -> str:
    """One question out of two, that `parts` does not cut again. The only figure of a unit both name is the new one.

    So is the only code of a make: "and EX-9?" after "what is form EX-7 for?".
    """
    if code := codes.another(own, before):
        before = before.replace(code[1], code[0])
        if without_opening(own).strip(" ?.!") == code[0]:
            return before
    named = [one for one in quantities(own) if one.kind == "number"]
    by_unit = {one.unit: own[one.start : one.end] for one in named if one.unit}
    figures = [one for one in quantities(before) if one.kind == "number"]
    # "and after 12?" behind "after 3 years"; not "room 12" or "in 2025"
    bare = len(named) == len(figures) == 1 and not named[0].unit and figures[0].unit and says_figures_alone(own)
    if bare and not _YEAR.fullmatch(new := own[named[0].start : named[0].end]):
        old = figures[0]
        unit = before[old.start : old.end].split(maxsplit=1)[1:]
        return before[: old.start] + " ".join([new, *unit]) + before[old.end :]
    times = Counter(one.unit for one in figures)
    for one in reversed(figures):
        if one.unit in by_unit and times[one.unit] == 1:
            before = before[: one.start] + by_unit[one.unit] + before[one.end :]
    return f"{before.rstrip(' ?.!')} {without_opening(own)}"


def says_figures_alone(own: str) -> bool:
    """Whether it names a figure and nothing that it counts or is about, but for a unit: "and after 10 years?"."""
    rest, figures = own, [one for one in quantities(own) if one.kind == "number"]
    for one in reversed(figures):
        rest = rest[: one.start] + rest[one.end :]
    said = words(without_opening(rest))
    return bool(figures) and any(stopwords(language).issuperset(said) for language in LANGUAGES)


def settles(before: str, own: str) -> str:
    """The question that the turn before ends in, where this is a yes or no to it ("yes please"); else ""."""
    *_, last = re.split(r"(?<=[.!?])\s+|\n+", before.strip())
    says = pattern("leaning", r"\W*\b%bare%(?!\w)").match(own)
    return last if says and last.endswith("?") else ""


def in_place(before: str, own: str) -> str | None:
    """The question with another place in its own's stead: "leave in Spain" and "and in Italy?"; else None."""
    own = without_opening(own)
    head = own.partition(",")[0]
    place, told = (one.pop() if len(one) == 1 else "" for one in ({*named_in(head)}, {*named_in(before)}))
    alone = all(word in stopwords() for word in words(head.replace(place, "")))
    there = re.match(rf"\W*(?:(?!the )\w{{2,5}} )?(?P<new>(?:the )?{re.escape(place)}.*)", own, re.I | re.S)
    if place and told and alone and there:  # "and Brazil, for 1 week?"
        return re.sub(rf"(?:\bthe )?\b{re.escape(told)}\b", lambda _: there["new"].strip(" ¿?.!"), before)
    return None
