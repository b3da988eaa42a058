"""What a quote's words refute by themselves, whatever the verifier says: a figure exchanged, a "not" come or gone.

Pure. Between languages, where no word of the claim stands in the quote, both still work. They speak up only where
little else can be meant: a rule that costs true sentences is none (docs/lab/2026-11-28-check-2.md has the figures).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from bot.check.claims import Claim, Ruling, figures, spelt_otherwise
from bot.check.lexicon import lexicon
from bot.check.sources import Source, heading, words
from bot.types import Support
from knowledge.text.figure_words import units
from knowledge.text.figures_alike import may_stand_for
from knowledge.text.quantities import Quantity, converted
from knowledge.text.words import stems

SIMPLE = 16  # words of a sentence with one thing to deny; measured: python -m tests.eval.recorded.changed
PROOF = 20  # words of a quote that is cut down to what it proves; measured: python -m tests.eval.recorded.changed
BEHIND = 4  # words behind "before" or "after" that say what of; measured: python -m tests.eval.recorded.changed
TWO_CLAUSES = 40  # words of claim and quote whose clauses are told apart; guess
SAME = 0.8  # share of content words by which two sentences are one; measured: python -m tests.eval.recorded.changed

FEW = 4  # words of the claim by which one sentence of a quote is meant; measured: python -m tests.eval.recorded

# Groups of sides that exclude each other; a side is one or more kinds of phrases in the lexicon.
OPPOSED = [
    [tuple(side.split("+")) for side in group.split()]
    for group in (
        "more+over less+under", "later+next earlier+previous same", "latest earliest", "start end", "early late",
        "gross net base", "taxed untaxed", "paid unpaid", "must need_not", "with without", "included excluded",
        "must may should", "unless even", "outside inside", "abroad home", "written oral", "full_time part_time",
    )
]  # fmt: skip
SWAPPED = {"later", "earlier", "with", "without"}  # what they speak of must be the same
PERIODS = ("hour", "day", "night", "week", "month", "quarter", "year")
_CLOCK = re.compile(r"[012]?\d\.[0-5]\d?")
_CLAUSES = re.compile(r"[,;|\n]\s|\s(?:and|und|et|y|ve)\s")
_PARTS = re.compile(r"[;:()–—]")  # more than one thing is said
_MORE = re.compile(r"n t\b|\bnon\b", re.I)  # "don t", "non-member": what is denied can't be told
_VERDICT_END = re.compile(r"\s*([,.:;–—])\s*")
# Turkish denies in the middle of a word: "ödenmez", "verilmemeli", "ödenmemektedir", "etmeyecek", "olmadığı".
_TURKISH = re.compile(
    r"\w+(?:m[ae]z(?:s[ıi]n[ıi]z|l[ae]r)?|m[ae]m(?:[ıi]ş|[ae](?:l[ıi]|s[ıi]|kt))\w*|m[ıiuü]yor\w*|m[ae]y(?:[ıi]n|[ae]c[ae]|[ae]n)\w*"
    r"|m[ae]d[ıi](?:m|n[ıi]z|k(?:ç[ae])?|ğ\w*|l[ae]r\w*)?)"  # no "immediately"
)


def refuted(claim: Claim, source: Source, support: Support, sources: Sequence[Source], asked: str) -> Ruling | None:
    """Why the quote, or a span that says more of the claim, speaks against the claim; None where it does not."""
    quoted = source.around(support.start, support.end)
    if claim.is_applied or not quoted:
        return None  # worked out from the rule and the asker's figures
    said = {word for word in words(claim.plain) if word[0].isalpha()} - lexicon().light
    others = [s for s in sources if s.n in claim.cites and s is not source]
    nearest = max(source.spans, key=lambda span: len(said & set(span.words)))
    best, own = len(said & set(nearest.words)), len(said & {word for span in quoted for word in span.words})
    is_nearest, is_near = best > own, 2 * own >= best or (own > 0 and "|" in quoted[0].text)
    is_single = len(quoted) == 1
    if is_nearest or (best >= FEW and best >= SAME * own):  # one sentence of the quote says it all
        quoted = [nearest]
    proof = "\n".join(span.whole_text for span in quoted)
    exact = source.passage.text[support.start : support.end]
    elsewhere = [
        f for text in (asked, heading(source.passage), *(s.passage.text for s in others)) for f in figures(text)
    ]
    is_row = len(quoted) == 1 and "|" in proof
    for quote, known in ((proof, [*elsewhere, *figures(exact)]), (exact if is_near else "", elsewhere)):
        if figure := _exchanged(claim, quote, known, source.passage.text, is_row=is_row):
            return Ruling(False, "figure", figure)
    if crossed := _crossed(claim.plain, proof):
        return Ruling(False, "figure", crossed)
    opened = _opened(claim.plain)
    if len(quoted) > 1:
        return None  # one of several sentences may say otherwise of something else
    if opposite := _turned(opened, proof) or _other_period(opened, proof, asked, is_row=is_row):
        return Ruling(False, "opposite", opposite)
    negation = "" if claim.context else _denied(opened, proof, exact if is_single else proof)
    return Ruling(False, "negation", negation) if negation else None


def _exchanged(claim: Claim, quote: str, elsewhere: Sequence[Quantity], text: str, *, is_row: bool) -> str:
    """The claim's figure that stands in the place of another one of the quote, as written; "" when none does.

    `elsewhere`: figures of the question, the title and the other cited sources; `text`: the source's; `is_row`: the
    quote is of a table, whose units stand in its header.
    """
    said, there = (
        [f for f in _counted(one) if is_row or (f.value, f.unit) != ("1", None)] for one in (claim.plain, quote)
    )
    known = [*there, *elsewhere, *figures(quote)]
    unused = [one for one in there if not any(may_stand_for(figure, one) for figure in said)]
    is_twin = _content(words(claim.plain)) == _content(words(quote))
    for figure in said:
        written = claim.plain[figure.start : figure.end].strip()
        if any(may_stand_for(figure, one) for one in known):
            continue
        if spelt_otherwise(figure, written, [quote if figure.kind == "code" else text]):
            continue
        if (is_twin and figure.kind != "code") or any(_in_place_of(figure, one, is_row=is_row) for one in unused):
            return written
    return ""


def _crossed(said: str, quote: str) -> str:
    """A figure paired with one of another clause: "two from 25,000" of "two from 5,000, three from 25,000"."""
    if max(len(words(said)), len(words(quote))) > TWO_CLAUSES:
        return ""
    mine = [f for f in _counted(said) if f.kind == "number"]
    clauses = [(at, clause) for clause in _CLAUSES.split(quote) if len(at := _counted(clause)) > 1]
    held = [
        {
            (figure, other.kind, other.unit)  # stands with another of that kind, which the claim leaves out
            for figure in mine
            for one in at
            for other in at
            if may_stand_for(figure, one) and not any(may_stand_for(f, other) for f in mine)
        }
        for at, _ in clauses
    ]
    for n, first in enumerate(held):
        for second in held[n + 1 :]:
            for one, *missing in first:
                for other, *needed in second:
                    if missing == [other.kind, other.unit] and needed == [one.kind, one.unit]:
                        return said[other.start : other.end].strip()
    return ""


def _counted(text: str) -> list[Quantity]:
    """The figures of a text; "one hour" is one, "an hour" none."""
    return [
        replace(f, kind="number") if f.kind == "weak" else f
        for f in figures(text)
        if f.kind != "weak" or (f.unit and text[f.start : f.end].split()[0].casefold() not in ("a", "an"))
    ]


def _in_place_of(figure: Quantity, other: Quantity, *, is_row: bool) -> bool:
    """Whether a figure measures what another does, or is the same of another unit: "six ans" of "6 months"."""
    units_ = {figure.unit, other.unit}
    if other.kind == "time" and figure.unit is None and _CLOCK.fullmatch(figure.value):
        return True  # "6.15" of "16:40"
    if figure.kind != other.kind or len(units_) == 1 or None in units_:
        is_bare = is_row or (other.unit is None and "1" not in (figure.value, other.value))  # "must not exceed ten"
        return figure.kind == other.kind and (len(units_) == 1 or is_bare)
    least, other_least = converted(figure), converted(other)
    if figure.value == "1" and least and other_least and least[1] == other_least[1]:
        return True  # "eine Stunde" of "30 minutes"
    return figure.value == other.value and "day" not in units_  # working days are days


def _turned(said: str, quote: str) -> str:
    """The word of a claim that turns a quote round ("at least" of "at most", "net" of "gross"); "" when none does."""
    mine, theirs = _phrases(said), _phrases(quote)
    shared = {word for word in {*words(said)} & {*words(quote)} if word.isalpha()}
    is_denied = any(map(_denies, mine.pop("", []))) != any(map(_denies, theirs.pop("", [])))
    is_one = _is_one(_content(words(said)), _content(words(quote)))
    for sides in OPPOSED:
        if ("may",) in sides and not is_one:
            continue  # "can" says many things
        if is_denied and "unless" not in sides[0]:
            continue  # "no office above 5" says what "offices up to 5" does
        my, there = (
            {side: found[name] for side in sides for name in side if name in found} for found in (mine, theirs)
        )
        if len(my) != 1 or len(there) != 1 or my.keys() == there.keys():
            continue
        (word, *behind), (_, *other) = *my.values(), *there.values()
        may_swap = all(SWAPPED & {*found} & {*sides[0], *sides[1]} for found in (mine, theirs))
        if not may_swap or _is_of_the_same(behind, other, is_alike=len(shared) > 1, is_apart="with" in sides[0]):
            return word
    return ""


def _is_of_the_same(behind: Sequence[str], other: Sequence[str], *, is_alike: bool, is_apart: bool) -> bool:
    """Whether two such words stand before the same thing: "before B comes A" is "after A comes B"."""
    if ({*stems(" ".join(behind))} & {*stems(" ".join(other))}) - lexicon().light:
        return True
    return not is_alike and (is_apart or any(w[0].isdecimal() for w in behind) == any(w[0].isdecimal() for w in other))


def _phrases(text: str) -> dict[str, list[str]]:
    """The last phrase of each kind with the words behind it; under "" the words that stand in none."""
    known = lexicon().opposites
    said = [part for word in words(text) for part in ([word] if word.endswith("n't") else word.split("'")) if part]
    found: dict[str, list[str]] = {"": []}
    at = 0
    while at < len(said):
        size = next((n for n in (3, 2, 1) if tuple(said[at : at + n]) in known), 0)
        near = said[max(0, at - 2) : at] + said[at + size : at + size + 3]
        name = known.get(tuple(said[at : at + size]), "")
        if name in ("over", "under") and not any(w[0].isdecimal() or figures(w) for w in near):
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
    mine, theirs = dict(_periods(said, all_too=is_row)), dict(_periods(quote))
    counted = [{f.unit for f in figures(text)} for text in (said, quote)]
    new = mine.keys() - theirs.keys() - counted[1] - dict(_periods(asked)).keys()
    return mine[min(new)] if new and theirs.keys() - mine.keys() - counted[0] else ""


def _periods(text: str, *, all_too: bool = False) -> Iterator[tuple[str, str]]:
    """The periods that a text names without counting them: "per month", "monthly", not "3 months" but for `all_too`."""
    counted = [(f.start, f.end) for f in figures(text) if f.kind != "weak" and not (all_too and f.unit)]
    for word in re.finditer(r"[^\W\d_]+", text):
        unit = _period_words().get(word[0].casefold())
        if unit and not any(start < word.end() and word.start() < end for start, end in counted):
            yield unit, word[0]


@cache
def _period_words() -> dict[str, str]:
    named = {phrase: name for phrase, name in (*units().items(), *lexicon().opposites.items()) if name in PERIODS}
    return {phrase[0]: name for phrase, name in named.items() if len(phrase) == 1}


def _is_one(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether two sentences are one but for little words."""
    return len(mine & theirs) >= SAME * (len(mine | theirs) or 1)


def _limits(text: str) -> set[str]:
    return {word for word in words(text) if word.partition("'")[0] in lexicon().bounds}


def _is_alike(said: str, quote: str) -> bool:
    """Whether two texts are in one language: they share two of its little words."""
    known = lexicon()
    return len({*words(said)} & {*words(quote)} & (known.light | known.hinges)) > 1


def _denied(said: str, proof: str, exact: str) -> str:
    """The word by which one of claim and quote denies what the other says; "" when they agree or it can't be told.

    Both are one sentence otherwise, or the quote is cut down to what it proves and can't be meant otherwise.
    """
    mine, theirs = _content(words(said)), _content(words(proof))
    is_same = _is_one(mine, theirs) and _limits(said) == _limits(proof)
    is_open = bool(_limits(said) or _limits(exact)) or len(words(exact)) > PROOF
    is_short = len(words(said)) <= SIMPLE and not _PARTS.search(said) and not _is_alike(said, exact)
    for quote in (proof, exact) if not _MORE.search(f"{said} {proof}") else ():
        my, there = ([word for word in words(text) if _denies(word)] for text in (said, quote))
        if bool(my) == bool(there) and (mine != theirs or len(my + there) % 2 == 0):
            continue
        is_one = len(my + there) == 1 and not _PARTS.search(f"{said} {quote}")
        if (is_same and (is_one or mine == theirs) and quote is proof) or (
            quote is exact and not is_open and (there or is_short)
        ):
            return (my + there)[0]
    return ""


def _content(said: Sequence[str]) -> frozenset[str]:
    """The stems of the words that are neither light nor hinges."""
    known = lexicon()
    return frozenset(stems(" ".join(w for w in said if w.isalpha() and w not in known.hinges))) - known.light


def _denies(word: str) -> bool:
    stem = word.partition("'")[0]
    return stem in lexicon().negations or word.endswith("n't") or _TURKISH.fullmatch(word) is not None


def _opened(text: str) -> str:
    """Less the "Yes," or "No:" that it opens with."""
    first, mark, rest = (*_VERDICT_END.split(text, maxsplit=1), "", "")[:3]
    return rest if mark and " ".join(words(first)) in lexicon().verdicts else text
