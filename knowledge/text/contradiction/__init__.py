"""What turns one sentence round against another: a word that excludes its word, another period, a "not". Pure.

"At least 5 days" said of "at most 5 days". Works between the languages of the lists beside, one file a language, all
read as one; kinds.toml names their kinds.

light: articles and the like · hinges: change what a sentence says when they come or go (not, unless, only) · negations:
deny, and so do words with a denying_ending · bounds: beside them a "not" can be said otherwise (until, at most,
forbidden) · refusals: as bounds, and what is turned round by them is the complement ("lapses after March") · relatives:
a "not" behind one denies only of whom it speaks · opposites: phrases that exclude each other, by what they say (more,
less); rest: beside it no limit turns round
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from knowledge.text.figure_words import units
from knowledge.text.figures_alike import held
from knowledge.text.quantities import quantities
from knowledge.text.words import folded_list, stems, word_lists
from knowledge.text.words import spelt as words

SIMPLE = 16  # words of a sentence with one thing to deny; measured: python -m tests.eval.recorded.changed
PROOF = 20  # words of a quote that is cut down to what it proves; measured: python -m tests.eval.recorded.changed
BEHIND = 4  # words behind "before" or "after" that say what of; measured: python -m tests.eval.recorded.changed
SAME = 0.8  # share of content words by which two sentences are one; measured: python -m tests.eval.recorded.changed
RATE = 20  # characters from a number to the "a week" that it counts in; guess

_CLAUSES = re.compile(r";\s|,\s(?:and|but|und|aber|et|mais|y|pero|ve|ama)\s", re.I)  # each says one thing
_PARTS = re.compile(r"[;:()–—]")  # more than one thing is said
# "don t", "non-member", ", not on age": what is denied can't be told
_STOP = re.compile(r"[,:;]\s")
_MORE = re.compile(r"n t\b|\bnon\b|,\s(?:not|nicht|pas|no)\b", re.I)
_BOUND_SIGN = re.compile(r"[<>≤≥](?= ?[\d€$£₺])")  # ">$100k"


def lexicon(name: str) -> frozenset[str]:
    """The words and phrases of one list in every language."""
    return folded_list(__name__, name)


@cache
def opposites() -> Mapping[tuple[str, ...], str]:
    """What each phrase that has an opposite says: {("at", "least"): "more", ...}; read once."""
    pairs = word_lists(__name__, "opposites")
    return {tuple(re.split(r" |(?<!n)'", one.casefold())): name for name, ones in pairs.items() for one in ones}


@cache
def opposed() -> Sequence[Sequence[tuple[str, ...]]]:
    """Groups of sides that exclude each other; a side is one or more kinds of opposites; read once."""
    return [[tuple(side.split("+")) for side in group.split()] for group in word_lists(__name__)["opposed"]]


def denies(word: str) -> bool:
    """Whether a word says "not": "never", "don't", "ödenmez"."""
    return word.partition("'")[0] in lexicon("negations") or _denying().fullmatch(word) is not None


@cache
def _denying() -> re.Pattern[str]:
    return re.compile(rf"\w+(?:{'|'.join(word_lists(__name__)['denying_endings'])})")


@cache
def _forbidding() -> frozenset[str]:
    """What denies a leave in one word: "forbidden"."""
    return frozenset(word[0] for word, name in opposites().items() if name == "may_not" and len(word) == 1)


def rules(text: str) -> bool:
    """Whether a text says what may, must or need not be, or denies something."""
    is_denied = any(denies(word) or word in _forbidding() for word in words(text))
    return is_denied or not _phrases(text).keys().isdisjoint(("may", "must", "should", "need_not"))


def _denials(text: str) -> list[str]:
    """The words by which a text denies or forbids; none where it does both: "is not forbidden"."""
    denying = [word for word in words(text) if denies(word)]
    forbidding = [word for word in words(text) if word in _forbidding() and word not in denying]
    return [] if denying and forbidding else denying + forbidding


def turned(claim: str, quote: str) -> str:
    """The word of a claim that turns a quote round ("at least" of "at most"); "" when none does."""
    mine, theirs = _phrases(claim), _phrases(quote)
    shared = [word for word in {*words(claim)} & {*words(quote)} if word.isalpha()]
    plain = [found.pop("", []) for found in (mine, theirs)]
    excluded: list[tuple[str, Sequence[tuple[str, ...]]]] = []
    is_one = _is_one(content(claim), content(quote))
    for sides in opposed():
        if ("may",) in sides and not is_one:
            continue  # "can" says many things
        if "rest" in {*mine, *theirs} and "more" in sides[0]:
            continue  # "longer ones" says what "up to" leaves; what "tops up to" says is no limit
        if "more" in sides[0] and _compares(claim, quote):
            continue
        my, there = (
            {side: found[name] for side in sides for name in side if name in found} for found in (mine, theirs)
        )
        if len(my) != 1 or len(there) != 1 or my.keys() == there.keys():
            continue
        (word, *behind), (_, *other) = *my.values(), *there.values()
        may_swap = all(lexicon("swapped") & {*found} & {*sides[0], *sides[1]} for found in (mine, theirs))
        is_of_the_same = ({*stems(" ".join(behind))} & {*stems(" ".join(other))}) - lexicon("light")
        if not may_swap or len(shared) < 2 or is_of_the_same:  # "before B comes A" is "after A comes B"
            excluded.append((word, sides))
    if len(excluded) % 2 == 0:
        return ""  # turned twice it is the complement: "under 500 need none" is "only above 500 need it"
    compared = {name for _, sides in excluded for side in sides for name in side}
    is_denied = [
        any(denies(w) or w in lexicon("refusals") for w in rest)
        or any(n in found for n in lexicon("denying") - compared)
        for rest, found in zip(plain, (mine, theirs), strict=True)
    ]
    if is_denied[0] == is_denied[1]:
        return excluded[0][0]
    # "no office above 5" says what "offices up to 5" does, "lapses after March" what "before the end of March" does
    return next((word for word, sides in excluded if ("unless",) in sides), "")


def _compares(claim: str, quote: str) -> bool:
    """Whether a figure of the claim is rightly above or below one of the quote: "50 euros is above the 35 allowed"."""
    figures = [f for f in quantities(claim) if f.number is not None and f.kind != "weak"]
    known = quantities(quote)
    for own, limit in ((a, b) for n, a in enumerate(figures) for b in figures[n + 1 : n + 3]):
        between = claim[own.end : limit.start]
        if held(own, known) or not held(limit, known) or _STOP.search(between) or own.number == limit.number:
            continue
        kinds = _phrases(claim[own.start : limit.end]).keys()
        if (own.number or 0) > (limit.number or 0):
            return bool(kinds & {"more", "over"}) and not kinds & {"less", "under"}
        return bool(kinds & {"less", "under"}) and not kinds & {"more", "over"}
    return False


def _phrases(text: str) -> dict[str, list[str]]:
    """The last phrase of each kind with the words behind it; under "" the words that stand in none."""
    known = opposites()
    text = _BOUND_SIGN.sub(lambda sign: " more than " if sign[0] in ">≥" else " less than ", text)
    spoken = [part for word in words(text) for part in ([word] if word.endswith("n't") else word.split("'")) if part]
    by_kind: dict[str, list[str]] = {"": []}
    longest = max(map(len, known))
    at = 0
    while at < len(spoken):
        size = next((n for n in range(longest, 0, -1) if tuple(spoken[at : at + n]) in known), 0)
        near = spoken[max(0, at - 2) : at] + spoken[at + size : at + size + 3]
        name = known.get(tuple(spoken[at : at + size]), "")
        if name in ("over", "under") and not any(w[0].isdecimal() or quantities(w) for w in near):
            name = ""  # "over the phone"
        behind = spoken[at + size : at + size + BEHIND]
        if name not in ("", "may_not"):
            by_kind[name] = [" ".join(spoken[at : at + size]), *behind]
        else:
            by_kind[""] += spoken[at : at + (size or 1)]
        at += size or 1
    return by_kind


def other_period(claim: str, quote: str, asked: str, *, is_row: bool) -> str:
    """The claim's "per month" where the quote has "per week"; "" when it has none of its own."""
    mine, theirs = _periods(claim, is_claim=True, is_row=is_row), _periods(quote)
    counted = [{f.unit for f in quantities(text)} for text in (claim, quote)]
    new = mine.keys() - theirs.keys() - counted[1] - _periods(asked).keys()
    return mine[min(new)] if new and theirs.keys() - mine.keys() - counted[0] else ""


def _periods(text: str, *, is_claim: bool = False, is_row: bool = False) -> dict[str, str]:
    """The periods that a text names, not those that it counts, but for a row's: "a month", "monthly", no "3 months"."""
    kept, at, number_end = list[str](), 0, -RATE - 1
    for f in quantities(text):
        is_rate = f.start - number_end <= RATE  # "2 days a week", but "a week in advance"
        is_named = is_row and f.unit if f.kind != "weak" else is_rate or not is_claim
        if not is_named:
            kept.append(text[at : f.start])
            at = f.end
        number_end = number_end if f.kind == "weak" else f.end
    text = " ".join([*kept, text[at:]])
    named = {**units(), **opposites()}
    return {name: word for word in words(text) if (name := named.get((word,))) in lexicon("periods")}


def _is_one(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether two sentences are one but for little words."""
    return len(mine & theirs) >= SAME * (len(mine | theirs) or 1)


def _limits(text: str) -> set[str]:
    return {word for word in words(text) if word.partition("'")[0] in lexicon("bounds") | lexicon("refusals")}


def denied(claim: str, proof: str, exact: str) -> str:
    """The word by which one of claim and quote denies what the other says; "" when they agree or it can't be told.

    Both are one sentence otherwise, or the quote is cut down to what it proves and can't be meant otherwise.
    """
    proof = next((clause for clause in _CLAUSES.split(proof) if exact.strip(" .") in clause), proof)
    mine, theirs = content(claim), content(proof)
    is_same = _is_one(mine, theirs) and _limits(claim) == _limits(proof)
    is_open = bool((_limits(claim) | _limits(exact)) - _forbidding()) or len(words(exact)) > PROOF
    little = {*words(claim)} & {*words(exact)} & (lexicon("light") | lexicon("hinges"))
    is_open = is_open or len(little) > 1 or _is_of_some(exact)  # in one language the whole sentence tells
    is_open = is_open or bool({"over", "under"} & {*_phrases(claim), *_phrases(exact)})  # "none under" is "only over"
    my_kinds, exact_kinds = _phrases(claim).keys(), _phrases(exact).keys()
    # else a "not" may say it in other words
    is_of_it = (
        "may" in exact_kinds or bool(mine & content(exact)) or ("must" in my_kinds & exact_kinds and "," not in claim)
    )
    is_told = is_of_it and len(words(claim)) <= SIMPLE and not _PARTS.search(claim)
    for quote in (proof, exact) if not _MORE.search(f"{claim} {proof}") else ():
        my, there = map(_denials, (claim, quote))
        if bool(my) == bool(there) and (mine != theirs or len(my + there) % 2 == 0):
            continue
        is_one = len(my + there) == 1 and not _PARTS.search(f"{claim} {quote}")
        is_meant = is_told or any(map(denies, there)) or bool(there and "may" in my_kinds)
        if quote is proof and is_one and _limits(claim) == _limits(proof) and _turns(claim, proof):
            return (my + there)[0]
        if (is_same and (is_one or mine == theirs) and quote is proof) or (quote is exact and not is_open and is_meant):
            return (my + there)[0]
    return ""


def _turns(claim: str, quote: str) -> bool:
    """Whether a "not" of one stands between two words that stand together in the other, and the claim says no more.

    "An e-mail is enough" of "an e-mail or a letter is not enough", one clause; "may never work" of "may work".
    """
    if "," in quote or not content(claim) <= content(quote) or any(f.kind != "weak" for f in quantities(claim)):
        return False
    mine, theirs = words(claim), words(quote)
    denying, other = (mine, theirs) if any(map(denies, mine)) else (theirs, mine)
    at = next((n for n, word in enumerate(denying) if denies(word)), 0)
    pair = (denying[at - 1], denying[at + 1]) if 0 < at < len(denying) - 1 else ("", "")
    return pair in {*pairwise(other)} - {*pairwise(denying)}


def _is_of_some(text: str) -> bool:
    """Whether a "not" says of whom or when: "employees who are not on site"."""
    spoken = words(text)
    return any(denies(word) and lexicon("relatives") & {*spoken[max(0, n - 3) : n]} for n, word in enumerate(spoken))


def content(text: str) -> frozenset[str]:
    """The stems of the words that are neither light nor hinges."""
    spoken = [w for w in words(text) if w.isalpha() and w not in lexicon("hinges")]
    return frozenset(stems(" ".join(spoken))) - lexicon("light")
