"""A claim and what a passage says about the same -> where they differ in a number, a modal or a negation. Pure.

The rule kept: like is compared with like. A word is compared with the occurrence whose neighbourhood is most like its
own, a number with the numbers of its kind that stand near the same words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.check.facts import Facts, fold, light
from bot.check.figures import Fact
from bot.check.modality import AVOID, BANNED, EXEMPT, MAY, MUST, NOT, SHOULD
from bot.check.sources import Part

NEAR = 7  # tokens around a number that tell what it counts
_NAMED = {"name", "code", "month", "weekday"}  # one may be swapped for another
COPY = 0.75  # share of common words, either way, from which a sentence is a copy of a part

What = str | tuple[str, float | str]  # a word, or kind and value of a number

# Pairs of (sentence, passage) modality that do not contradict each other; "" is a plain statement.
_COMPATIBLE = frozenset(
    {(s, s) for s in ("", MUST, SHOULD, MAY, NOT, BANNED, EXEMPT, AVOID)}
    | {(MUST, ""), ("", MUST), ("", MAY), (MAY, ""), ("", SHOULD), (SHOULD, "")}
    | {
        (NOT, BANNED),
        (BANNED, NOT),
        (NOT, EXEMPT),
        (EXEMPT, NOT),
        (NOT, AVOID),
        (AVOID, NOT),
        (EXEMPT, MAY),
        (MAY, EXEMPT),
    }
    | {(EXEMPT, ""), ("", EXEMPT)}
)


def contradicts(claim: Facts, parts: Sequence[Part]) -> str:
    """A word over which claim and passage differ in modality or negation; "" for none.

    Looked at are the words that a modal or negation stands before, on either side, each against the occurrence on the
    other side whose neighbourhood is most like its own.
    """
    exceptions = any(part.facts.modality.exceptions for part in parts)
    spots: dict[str, list[tuple[Facts, int]]] = {}
    mine = {word for word, _ in claim.words}
    for part in parts:
        for word, at in part.facts.words:
            if word in mine:
                spots.setdefault(word, []).append((part.facts, at))
    for word, here in claim.words:
        if word not in spots:
            continue
        anchored = here in claim.modality.anchors
        if not anchored and not any(at in own.modality.anchors for own, at in spots[word]):
            continue
        around = near(claim, here)
        rated = [(len(around & near(own, at)), own, at) for own, at in spots[word]]
        top = max(like for like, _, _ in rated)
        best_ = [(own, at) for like, own, at in rated if like == top]
        if not anchored and not any(at in own.modality.anchors for own, at in best_):
            continue
        state = claim.modality.states.get(here, "")
        if any((state, own.modality.states.get(at, "")) in _COMPATIBLE for own, at in best_):
            continue
        if not any(
            _forgiven(state, here, claim, own.modality.states.get(at, ""), at, own, exceptions) for own, at in best_
        ):
            return word
    return ""


def turned(claim: Facts, parts: Sequence[Part]) -> str:
    """Where one side denies what the other says, all of it or most of the words of one part: "not"; else ""."""
    says = claim.modality
    denies = says.negations and any(at in says.states for word, at in claim.words if not light(word))
    if denies and not any(p.facts.modality.limits for p in parts):
        return "not"
    if says.limits:
        return ""
    mine = {word for word, _ in claim.words if not light(word)}
    for part in parts:
        common = [at for word, at in part.facts.words if word in mine]
        denied = [at for at in common if part.facts.modality.states.get(at) in (NOT, BANNED)]
        if len({w for w, _ in part.facts.words} & mine) >= COPY * len(mine) and 2 * len(denied) > len(common):
            return "not"
    return ""


def fits(under: str | None, other: str | None) -> bool:
    """Whether an item under this lead-in may be copied from under the other; what is not known fits."""
    return under is None or (under, other or "") in _COMPATIBLE


def near(text: Facts, at: int) -> set[str]:
    return {word for word, other in text.words if abs(other - at) <= NEAR}


def _forgiven(state: str, here: int, claim: Facts, other: str, at: int, own: Facts, exceptions: bool) -> bool:
    """A negation said in another way: "may not ... unless" and "may only ... if", "does not" and "fails to"."""
    negative = {NOT, BANNED, AVOID}
    if (state in negative) == (other in negative):
        return False
    if claim.modality.exceptions and exceptions:
        return True
    text, place = (own, at) if state in negative else (claim, here)
    if any(abs(k - place) <= 4 for k in text.modality.lexical_nots):
        return True
    # "but not determined adversaries", "determined adversaries are not deterred"
    return any(place < k <= place + NEAR and text.modality.states.get(k) in negative for k in text.modality.anchors)


def differs(claim: Facts, part: Part) -> str:
    """What was changed where the claim is almost a copy of one part: number, name, modal, negation; "" for nothing."""
    bag = Counter(claim.plain.split())
    common = (bag & part.bag).total()
    if common < COPY * bag.total() or common < COPY * part.bag.total():
        return ""
    own = part.facts
    if (claim.modality.negations - own.modality.negations) % 2 and len(claim.modality.lexical_nots) == len(
        own.modality.lexical_nots
    ):
        return "not"
    added, gone = claim.modality.modals - own.modality.modals, own.modality.modals - claim.modality.modals
    if added and gone and not any((a, g) in _COMPATIBLE for a in added for g in gone):
        return min(added)
    mine, theirs = ({(f.kind, f.value) for f in x.found} for x in (claim, own))
    kinds = {kind for kind, _ in theirs - mine if kind != "name"}
    for kind, value in mine - theirs:
        if kind in kinds and not any(
            same_fact(f, g) for f in claim.found if f.value == value for g in own.found if g.kind == kind
        ):
            return str(value)
    for fact in claim.found:
        twins = [g for g in own.found if (g.kind, g.value) == (fact.kind, fact.value)]
        if twins and not any(same_bound(fact, claim, g, own) for g in twins):
            return fact.text
    held = claim.vocabulary
    if any(f.kind in _NAMED and f.value not in held and fold(f.text) not in held for f in own.found):
        for fact in claim.found:
            if fact.kind in _NAMED and fact.value not in part.words and fold(fact.text) not in part.words:
                return fact.text
    return ""


def swapped(claim: Facts, parts: Sequence[Part]) -> str:
    """A number that changed places with another of its kind, by the order of the words or by those nearest; else ""."""
    mine, theirs = _once([claim]), _once([part.facts for part in parts])
    common = sorted(mine.keys() & theirs.keys(), key=mine.__getitem__)
    words = [w for w in common if isinstance(w, str)]
    turns = sum(theirs[one] > theirs[two] for one, two in pairwise(words))
    in_order = len(words) > 1 and turns * 4 <= len(words)
    for one, two in pairwise(fact for fact in common if not isinstance(fact, str)):
        if one[0] != two[0]:
            continue
        moved = [_nearer(mine, w, one, two) * _nearer(theirs, w, one, two) for w in words]
        if (in_order and theirs[one] > theirs[two]) or (moved.count(-1) > 1 and sum(moved) < 0):
            return str(one[1])
    return ""


def _nearer(places: Mapping[What, tuple[int, int]], word: What, one: What, two: What) -> int:
    """1 where the word stands nearer to the first number, -1 to the second, 0 where neither or in another part."""
    part, at = places[word]
    far = [abs(places[n][1] - at) if places[n][0] == part else 1000 for n in (one, two)]
    return (far[0] < far[1]) - (far[0] > far[1])


def _once(texts: Sequence[Facts]) -> dict[What, tuple[int, int]]:
    """Places of the words, and of the numbers with a unit, that stand once in the texts read as one."""
    found: list[tuple[What, tuple[int, int]]] = []
    for n, text in enumerate(texts):
        found += [(word, (n, at)) for word, at in text.words]
        found += [((f.kind, f.value), (n, f.at)) for f in text.found if f.kind.startswith("n:") and f.kind != "n:"]
    count = Counter(what for what, _ in found)
    return {what: at for what, at in found if count[what] == 1}


_IN_CENTS = {"n:USD", "n:EUR"}


def same_fact(one: Fact, two: Fact) -> bool:
    if one.kind == two.kind:
        return one.value == two.value
    if "n:" in (one.kind, two.kind):  # a bare number in a table cell, or a unit left out
        return one.count == two.count
    if "n:cent" in (one.kind, two.kind):
        return one.value == two.value and {one.kind, two.kind} & _IN_CENTS != set()
    return (
        one.value == two.value
        and one.kind.split(":")[1] == two.kind.split(":")[1]
        and one.kind.count(":") < two.kind.count(":")
    )


def same_bound(one: Fact, claim: Facts, two: Fact, own: Facts) -> bool:
    """Whether both figures bound the same way; what is not bounded, or stands in a sentence turned round, may."""
    (way, side), (other, aside) = one.bound, two.bound
    if side and aside and side != aside:
        return False
    return not way or not other or way == other or (claim.modality.negations - own.modality.negations) % 2 == 1


def name_stands(fact: Fact, claim: Facts, parts: Sequence[Part]) -> bool:
    """No other name of the passage stands nearer to what the sentence says about this one."""
    name, said = fold(fact.text), {w for w, _ in claim.words}
    context = {w for w, at in claim.words if w != name and abs(at - fact.at) <= NEAR}
    own = rival = -1
    for part in parts:
        others = {f.at for f in part.facts.found if f.kind == "name" and fold(f.text) not in said}
        for word, here in part.facts.words:
            if word == name or here in others:
                near = len({w for w, at in part.facts.words if abs(at - here) <= NEAR and w in context})
                own, rival = (max(own, near), rival) if word == name else (own, max(rival, near))
    return own < 0 or own + 1 >= rival or own > 3


def number_stands(fact: Fact, claim: Facts, parts: Sequence[Part]) -> bool:
    """The number occurs with its unit, and no other number of its kind stands nearer to what the sentence counts."""
    context = {w for w, at in claim.words if abs(at - fact.at) <= NEAR}
    said = {(f.kind, f.value) for f in claim.found}
    own = rival = -1
    slack = 0 if all(part.is_row for part in parts) else 1
    for part in parts:
        for other in part.facts.found:
            if not other.kind.startswith("n:"):
                continue
            same = same_fact(fact, other) and (fact.kind == other.kind or other.kind != "n:" or part.is_row)
            if same and not same_bound(fact, claim, other, part.facts):
                same = False
            elif not same and (other.kind != fact.kind or (other.kind, other.value) in said):
                continue
            near = len({w for w, at in part.facts.words if abs(at - other.at) <= NEAR and w in context})
            if same:
                own = max(own, near)
            else:
                rival = max(rival, near)
    return own >= 0 and own + slack >= rival
