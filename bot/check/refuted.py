"""What a quote's words refute by themselves: a figure exchanged, a word turned round, a "not".

Pure. Between languages, where no word of the claim stands in the quote, they still work. They speak up only where
little else can be meant: a rule that costs true sentences is none (docs/lab/2026-11-28-check-3.md has the figures).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.check.claims import Claim, Ruling
from bot.check.lexicon import denies, lexicon, opposed, opposites
from bot.check.sources import Source, words
from bot.types import Support
from knowledge.text.figure_words import units
from knowledge.text.figures_alike import crossed, exchanged, unexplained
from knowledge.text.quantities import quantities
from knowledge.text.words import stems

SIMPLE = 16  # words of a sentence with one thing to deny; measured: python -m tests.eval.recorded.changed
PROOF = 20  # words of a quote that is cut down to what it proves; measured: python -m tests.eval.recorded.changed
BEHIND = 4  # words behind "before" or "after" that say what of; measured: python -m tests.eval.recorded.changed
SAME = 0.8  # share of content words by which two sentences are one; measured: python -m tests.eval.recorded.changed
RATE = 20  # characters from a number to the "a week" that it counts in; guess
FEW = 4  # words of the claim by which one sentence of a quote is meant; measured: python -m tests.eval.recorded

_PARTS = re.compile(r"[;:()–—]")  # more than one thing is said
# "don t", "non-member", ", not on age": what is denied can't be told
_MORE = re.compile(r"n t\b|\bnon\b|,\s(?:not|nicht|pas|no)\b", re.I)
_BOUND_SIGN = re.compile(r"[<>≤≥](?= ?[\d€$£₺])")  # ">$100k"
_VERDICT_END = re.compile(r"\s*([,.:;–—])\s*")


def refuted(claim: Claim, source: Source, support: Support, sources: Sequence[Source], asked: str) -> Ruling | None:
    """Why the quote, or a span that says more of the claim, speaks against the claim; None where it does not."""
    quoted = source.around(support.start, support.end)
    if claim.is_applied or not quoted:
        return None  # worked out from the rule and the asker's figures
    wanted = {word for word in words(claim.plain) if word[0].isalpha()} - lexicon("light")
    nearest = max(source.spans, key=lambda span: len(wanted & {*span.words}))
    best, own = len(wanted & {*nearest.words}), len(wanted & {word for span in quoted for word in span.words})
    is_near, is_single = 2 * own >= best or (own > 0 and "|" in quoted[0].text), len(quoted) == 1
    if best > own or (best >= FEW and best >= SAME * own):  # one sentence of the quote says it all
        quoted = [nearest]
    proof = "\n".join(span.whole_text for span in quoted)
    exact = source.passage.text[support.start : support.end]
    others = [s.passage.text for s in sources if s.n in claim.cites and s is not source]
    elsewhere = [f for text in (asked, source.passage.heading, *others) for f in quantities(text)]
    known = [*elsewhere, *quantities(source.passage.text)]
    if unknown := unexplained(claim.plain, known, [source.passage.text, *others]):
        return Ruling(False, "figure", unknown)
    is_row = len(quoted) == 1 and "|" in proof
    for quote, known in ((proof, [*elsewhere, *quantities(exact)]), (exact if is_near else "", elsewhere)):
        is_twin = content(words(claim.plain)) == content(words(quote))
        if figure := exchanged(claim.plain, quote, known, source.passage.text, is_twin=is_twin, is_row=is_row):
            return Ruling(False, "figure", figure)
    if figure := crossed(claim.plain, proof):
        return Ruling(False, "figure", figure)
    if len(quoted) > 1:
        return None  # one of several sentences may say otherwise of something else
    said = _opened(claim.plain)
    if opposite := _turned(said, proof) or _other_period(said, proof, asked, is_row=is_row):
        return Ruling(False, "opposite", opposite)
    negation = "" if claim.context else _denied(said, proof, exact if is_single else proof)
    return Ruling(False, "negation", negation) if negation else None


def _turned(said: str, quote: str) -> str:
    """The word of a claim that turns a quote round ("at least" of "at most"); "" when none does."""
    mine, theirs = _phrases(said), _phrases(quote)
    shared = [word for word in {*words(said)} & {*words(quote)} if word.isalpha()]
    plain = [found.pop("", []) for found in (mine, theirs)]
    turned: list[tuple[str, Sequence[tuple[str, ...]]]] = []
    is_one = _is_one(content(words(said)), content(words(quote)))
    for sides in opposed():
        if ("may",) in sides and not is_one:
            continue  # "can" says many things
        if "rest" in {*mine, *theirs} and "more" in sides[0]:
            continue  # "longer ones" says what "up to" leaves; what "tops up to" says is no limit
        my, there = (
            {side: found[name] for side in sides for name in side if name in found} for found in (mine, theirs)
        )
        if len(my) != 1 or len(there) != 1 or my.keys() == there.keys():
            continue
        (word, *behind), (_, *other) = *my.values(), *there.values()
        may_swap = all(lexicon("swapped") & {*found} & {*sides[0], *sides[1]} for found in (mine, theirs))
        is_of_the_same = ({*stems(" ".join(behind))} & {*stems(" ".join(other))}) - lexicon("light")
        if not may_swap or len(shared) < 2 or is_of_the_same:  # "before B comes A" is "after A comes B"
            turned.append((word, sides))
    if len(turned) % 2 == 0:
        return ""  # turned twice it is the complement: "under 500 need none" is "only above 500 need it"
    compared = {name for _, sides in turned for side in sides for name in side}
    is_denied = [
        any(denies(w) or w in lexicon("refusals") for w in rest)
        or any(n in found for n in lexicon("denying") - compared)
        for rest, found in zip(plain, (mine, theirs), strict=True)
    ]
    if is_denied[0] == is_denied[1]:
        return turned[0][0]
    # "no office above 5" says what "offices up to 5" does, "lapses after March" what "before the end of March" does
    return next((word for word, sides in turned if ("unless",) in sides), "")


def _phrases(text: str) -> dict[str, list[str]]:
    """The last phrase of each kind with the words behind it; under "" the words that stand in none."""
    known = opposites()
    text = _BOUND_SIGN.sub(lambda sign: " more than " if sign[0] in ">≥" else " less than ", text)
    said = [part for word in words(text) for part in ([word] if word.endswith("n't") else word.split("'")) if part]
    found: dict[str, list[str]] = {"": []}
    longest = max(map(len, known))
    at = 0
    while at < len(said):
        size = next((n for n in range(longest, 0, -1) if tuple(said[at : at + n]) in known), 0)
        near = said[max(0, at - 2) : at] + said[at + size : at + size + 3]
        name = known.get(tuple(said[at : at + size]), "")
        if name in ("over", "under") and not any(w[0].isdecimal() or quantities(w) for w in near):
            name = ""  # "over the phone"
        behind = said[at + size : at + size + BEHIND]
        if name not in ("", "may_not"):
            found[name] = [" ".join(said[at : at + size]), *behind]
        else:
            found[""] += said[at : at + (size or 1)]
        at += size or 1
    return found


def _other_period(said: str, quote: str, asked: str, *, is_row: bool) -> str:
    """The claim's "per month" where the quote has "per week"; "" when it has none of its own."""
    mine, theirs = _periods(said, is_claim=True, is_row=is_row), _periods(quote)
    counted = [{f.unit for f in quantities(text)} for text in (said, quote)]
    new = mine.keys() - theirs.keys() - counted[1] - _periods(asked).keys()
    return mine[min(new)] if new and theirs.keys() - mine.keys() - counted[0] else ""


def _periods(text: str, *, is_claim: bool = False, is_row: bool = False) -> dict[str, str]:
    """The periods that a text names, not those that it counts, but for a row's: "a month", "monthly", no "3 months"."""
    found = quantities(text)
    ends = [f.end for f in found if f.kind != "weak"]
    for f in reversed(found):
        is_rate = any(0 <= f.start - end <= RATE for end in ends)  # "2 days a week", but "a week in advance"
        is_named = is_row and f.unit if f.kind != "weak" else is_rate or not is_claim
        if not is_named:
            text = f"{text[: f.start]} {text[f.end :]}"
    named = {**units(), **opposites()}
    return {name: word for word in words(text) if (name := named.get((word,))) in lexicon("periods")}


def _is_one(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether two sentences are one but for little words."""
    return len(mine & theirs) >= SAME * (len(mine | theirs) or 1)


def _limits(text: str) -> set[str]:
    return {word for word in words(text) if word.partition("'")[0] in lexicon("bounds") | lexicon("refusals")}


def _denied(said: str, proof: str, exact: str) -> str:
    """The word by which one of claim and quote denies what the other says; "" when they agree or it can't be told.

    Both are one sentence otherwise, or the quote is cut down to what it proves and can't be meant otherwise.
    """
    mine, theirs = content(words(said)), content(words(proof))
    is_same = _is_one(mine, theirs) and _limits(said) == _limits(proof)
    is_open = bool(_limits(said) or _limits(exact)) or len(words(exact)) > PROOF
    little = {*words(said)} & {*words(exact)} & (lexicon("light") | lexicon("hinges"))
    is_open = is_open or len(little) > 1 or _is_of_some(exact)  # in one language the whole sentence tells
    is_open = is_open or bool({"over", "under"} & {*_phrases(said), *_phrases(exact)})  # "none under" is "only over"
    is_short = len(words(said)) <= SIMPLE and not _PARTS.search(said)
    for quote in (proof, exact) if not _MORE.search(f"{said} {proof}") else ():
        my, there = ([word for word in words(text) if denies(word)] for text in (said, quote))
        if bool(my) == bool(there) and (mine != theirs or len(my + there) % 2 == 0):
            continue
        is_one = len(my + there) == 1 and not _PARTS.search(f"{said} {quote}")
        if (is_same and (is_one or mine == theirs) and quote is proof) or (
            quote is exact and not is_open and (there or is_short)
        ):
            return (my + there)[0]
    return ""


def _is_of_some(text: str) -> bool:
    """Whether a "not" says of whom or when: "employees who are not on site"."""
    said = words(text)
    return any(denies(word) and lexicon("relatives") & {*said[max(0, n - 3) : n]} for n, word in enumerate(said))


def _opened(text: str) -> str:
    """Less the "Yes," or "No:" that it opens with."""
    first, mark, rest = (*_VERDICT_END.split(text, maxsplit=1), "", "")[:3]
    return rest if mark and " ".join(words(first)) in lexicon("verdicts") else text


def content(said: Sequence[str]) -> frozenset[str]:
    """The stems of the words that are neither light nor hinges."""
    return frozenset(stems(" ".join(w for w in said if w.isalpha() and w not in lexicon("hinges")))) - lexicon("light")
