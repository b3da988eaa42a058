"""A question and what goes on from it -> one question. Pure."""

from __future__ import annotations

import re
from functools import cache

from bot.understanding.phrases import phrases
from knowledge.text.quantities import quantities
from knowledge.text.words import stopwords

_YEAR = re.compile(r"(?:19|20)\d\d")
_NAME = r"[^\W\d_a-z][\w-]+(?: [^\W\d_a-z][\w-]+)*"  # "Italy", "the Czech Republic"
_CODE = re.compile(r"\b(?P<make>[A-Z]{1,4}-?)\d{1,5}\b")  # "E-502", "IT-12"


def opens(text: str) -> re.Match[str] | None:
    """What a message that goes on from another opens with: "and for interns?"."""
    return _opening().match(text)


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(rf"\A\W*\b(?:{'|'.join(phrases('leaning')['opens'])})(?!\w)", re.I)


def without_opening(own: str) -> str:
    """What is asked about in a message that goes on: "and for interns?" -> "for interns?"."""
    return _opening().sub("", own).lstrip(" ,")


def joined(before: str, own: str, *, corrects: bool = False) -> str:
    """One question out of two, that `parts` does not cut again. The only figure of a unit both name is the new one.

    So is the only code of a make: "and EX-9?" after "what is form EX-7 for?". What `corrects` needs no unit ("make that
    2400" after "a trip of 4000"), and is the only name: "I meant Lisbon" after "business class to Boston".
    """
    names = re.findall(rf"(?<=[^\W\d] ){_NAME}", before)
    if corrects and len(names) == 1 and re.fullmatch(_NAME, own):
        return before.replace(names[0], own)
    if code := another_code(own, before):
        before = re.sub(rf"\b{code['make']}\d{{1,5}}\b", code[0], before)
        if without_opening(own).strip(" ?.!") == code[0]:
            return before
    elif both := several_codes(own):
        makes = {code["make"] for code in _CODE.finditer(both[0])}
        shared = [code[0] for code in _CODE.finditer(before) if code["make"] in makes]
        if len(shared) == 1:
            before, own = before.replace(shared[0], both[0]), own.replace(both[0], "")
    named = [one for one in quantities(own) if one.kind == "number"]
    by_unit = {one.unit: own[one.start : one.end] for one in named if one.unit}
    figures = [one for one in quantities(before) if one.kind == "number"]
    bare = re.fullmatch(r"\W*([\w.,]+?)\W*", without_opening(own))  # "what about 12?" after "3 years"; not "room 12"
    fits = len(named) == len(figures) == 1 and (figures[0].unit or corrects)
    if fits and bare and not by_unit and not _YEAR.fullmatch(bare[1]):
        old, new = figures[0], own[named[0].start : named[0].end]
        unit = before[old.start : old.end].split(maxsplit=1)[1:]
        before = before[: old.start] + " ".join([new, *unit]) + before[old.end :]
    units = [one.unit for one in figures]
    for one in reversed(figures):
        if one.unit in by_unit and units.count(one.unit) == 1:
            before = before[: one.start] + by_unit[one.unit] + before[one.end :]
    return f"{before.rstrip(' ?.!')} {without_opening(own)}"


def another_code(own: str, before: str) -> re.Match[str] | None:
    """A code in place of the only one of its make before it: "now it's E-611" behind "E-502", not "E-611 and E-502"."""
    known = {code[0]: code["make"] for code in _CODE.finditer(before)}
    makes, new = list(known.values()), list(_CODE.finditer(own))
    if any(code[0] in known for code in new) or several_codes(own):
        return None
    return next((code for code in new if makes.count(code["make"]) == 1), None)


def several_codes(text: str) -> list[str]:
    """What lists the text's codes, then each of them: "what are E-611 and E-502?" -> ["E-611 and E-502", "E-611", ...].

    [] where it names one, or other codes beside the list: those are compared, or each has a question of its own.
    """
    listed = _code_list().search(text)
    codes = [code[0] for code in _CODE.finditer(text)]
    return [listed[0], *codes] if listed and len(_CODE.findall(listed[0])) == len(codes) else []


@cache
def _code_list() -> re.Pattern[str]:
    code, and_ = _CODE.pattern.replace("?P<make>", "?:"), "|".join(phrases("correction")["and"])
    apart = "".join(rf"(?<!\b{word} )" for word in phrases("leaning")["between"])
    return re.compile(rf"{apart}{code}(?:(?:,|,? (?:{and_}|&|\+)) {code})+")


def in_place(before: str, own: str) -> str | None:
    """The question with another place or group in its own's stead: "leave in Spain" and "and in Italy?"; else None.

    Names in capitals wherever they stand; in small letters one word at the question's end, as people write on a phone.
    """
    own = without_opening(own)
    for name, end in ((rf"(?:\w{{2,3}} )?{_NAME}", ""), (r"\w+", r"(?=\W*\Z)")):
        new = re.fullmatch(rf"\W*(?P<where>(?P<preposition>\w{{2,5}}) {name})\W*", own)
        if new is None or new["preposition"].lower() not in stopwords():
            continue
        old = re.findall(rf"\b(?i:{new['preposition']}) {name}{end}", before)
        if len(old) == 1:
            return before.replace(old[0], new["where"])
    return None
