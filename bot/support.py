"""Does a passage say what a sentence claims? -> verdict, score, verbatim span. Pure.

The rule kept: a sentence is supported where one to three neighbouring sentences (list items with their lead-in, table
rows with their header) hold all its numbers with their units, dates, names and quotes, its negations and modals over
the same words, and enough of its other words. Text flagged as instructions supports nothing. Knows no model, no corpus.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.facts import AVOID, BANNED, EXEMPT, MAY, MUST, NOT, SHOULD, Fact, Facts, facts, fold, framing
from bot.words import Unit, units
from knowledge.types import Passage

THRESHOLD = 0.6  # share of a sentence's content words that the span must hold
MAX_RUN = 4  # neighbouring content words of a sentence that may be missing
NEAR = 7  # tokens around a number that tell what it counts
MAX_SPAN = 1500  # characters
COPY = 0.75  # share of common words, either way, from which a sentence is a copy of a part

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


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether characters start..end of the passage's text say the sentence; what is missing where they do not."""

    supported: bool
    score: float  # 0..1
    start: int = 0
    end: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence, item or row of a passage, read together with its lead-in or header."""

    start: int
    end: int
    facts: Facts
    words: frozenset[str]
    bag: Counter[str]  # its words as they stand, counted
    plain: str  # normalised, without its lead-in
    is_row: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A passage read once for many sentences."""

    parts: tuple[Part, ...]  # without flagged ones
    words: frozenset[str]
    found: frozenset[tuple[str, float | str]]  # kinds and values of all facts
    digits: frozenset[str]
    around: frozenset[str]  # words of title and section: known context of every sentence


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring parts of one source, or the best windows of several (see `jointly`)."""

    parts: tuple[Part, ...]
    score: float  # share of the claim's content words, less what is missing
    missing: tuple[str, ...]
    contradicted: bool = False

    @property
    def supported(self) -> bool:
        return not self.missing


def judge(sentence: str, passage: Passage) -> Judgement:
    """Whether the passage supports the sentence, and where."""
    claim, read_ = read(sentence), source(passage)
    window = best(claim, read_)
    if window is None:
        return Judgement(False, likeness(claim, read_), missing=("words",))
    score = likeness(claim, read_) * (1.0 if window.supported or not window.contradicted else 0.9)
    return Judgement(window.supported, score, window.parts[0].start, window.parts[-1].end, window.missing)


def likeness(claim: Facts, passage: Source) -> float:
    """How much of the claim the passage holds anywhere, 0..1: for ranking; support is stricter."""
    held = sum(word in passage.words for word in claim.every) / (len(claim.every) or 1)
    run = _longest_run([at for _, at in claim.words], {at for word, at in claim.words if word not in passage.words})
    names = [f for f in claim.found if f.kind == "name"]
    others = [f for f in claim.found if f.kind != "name"]
    named = sum(f.value in passage.words or fold(f.text) in passage.words for f in names) / (len(names) or 1)
    counted = sum(
        (f.kind, f.value) in passage.found or f.value in passage.words or _digits(f.text) in passage.digits
        for f in others
    ) / (len(others) or 1)
    return round(held * (0.5 + 0.5 * counted if others else 1) * (0.7 + 0.3 * named if names else 1) * 0.93**run, 4)


@lru_cache(maxsize=512)
def read(sentence: str) -> Facts:
    return facts(sentence)


def source(passage: Passage) -> Source:
    """The passage, read; remembered, as consecutive questions meet the same passages."""
    return _source(passage.text, passage.flagged, " ".join((passage.title, *passage.section)))


@lru_cache(maxsize=256)
def _source(text: str, flagged: tuple[tuple[int, int], ...], around: str) -> Source:
    parts: list[Part] = []
    lead = ""  # of the current list, or the header of the current table
    group = -1
    last: Unit | None = None
    for unit in units(text):
        own = text[unit.start : unit.end]
        if unit.group != group:
            before = text[last.start : last.end] if last is not None else ""
            if unit.kind == "item":
                lead = before if last is not None and last.kind == "sentence" and len(before) < 400 else ""
            else:
                lead = ""
            group = unit.group
        bad = any(unit.start < end and start < unit.end for start, end in flagged)
        if not bad:
            whole = f"{lead} {own}" if unit.kind == "item" and lead else f"{own} | {lead}" if lead else own
            read_ = facts(whole)
            parts.append(
                Part(
                    unit.start,
                    unit.end,
                    read_,
                    read_.vocabulary | {w for w, _ in read_.words},
                    Counter(read_.plain.split()),
                    facts(own).plain if lead else read_.plain,
                    unit.kind == "row",
                )
            )
        if unit.kind == "row" and not lead and not bad:
            lead = own
        last = unit
    words = frozenset().union(*(p.words for p in parts)) if parts else frozenset()
    found = [f for p in parts for f in p.facts.found]
    return Source(
        tuple(parts),
        words,
        frozenset((f.kind, f.value) for f in found),
        frozenset(d for f in found if (d := _digits(f.text))),
        frozenset(facts(around).vocabulary),
    )


def best(claim: Facts, passage: Source) -> Window | None:
    """The window that says most of the claim; a supporting one where there is one."""
    for part in passage.parts:
        if claim.plain and claim.plain in (part.plain, part.facts.plain):
            return Window((part,), 1.0, ())
    wanted = {w for w, _ in claim.words}
    gains = sorted(
        ((len(wanted & p.words) + 2 * _shared(claim, p), -i) for i, p in enumerate(passage.parts)), reverse=True
    )[:4]
    tried: set[tuple[int, int]] = set()
    rough: list[tuple[float, int, int]] = []
    for gain, negative in gains:
        if not gain and claim.words:
            continue
        i = -negative
        for first in (i, i - 1, i - 2):
            for after in (i + 1, i + 2, i + 3):
                if first < 0 or after > len(passage.parts) or after - first > 3 or (first, after) in tried:
                    continue
                tried.add((first, after))
                parts = passage.parts[first:after]
                if parts[-1].end - parts[0].start > MAX_SPAN:
                    continue
                held = frozenset().union(*(p.words for p in parts))
                rough.append(
                    (
                        len(wanted & held) + 2 * max(_shared(claim, p) for p in parts) - 0.3 * (after - first),
                        first,
                        after,
                    )
                )
    rough.sort(key=lambda r: (-r[0], r[2] - r[1], r[1]))
    top: Window | None = None
    for _, first, after in rough[:5]:
        window = check(claim, passage.parts[first:after], passage.around)
        if top is None or (window.supported, window.score) > (top.supported, top.score):
            top = window
        if window.supported:
            return window
    if top is not None and passage.parts:
        top = _widened(claim, passage, top)
    return top


def _widened(claim: Facts, passage: Source, top: Window) -> Window:
    """The window with the one part more that says most of what it lacks, where both together support the claim."""
    held = frozenset().union(*(p.words for p in top.parts))
    lacking = {w for w, _ in claim.words} - held
    more = max(passage.parts, key=lambda p: len(lacking & p.words) + 2 * _shared(claim, p))
    if more in top.parts:
        return top
    parts = sorted((*top.parts, more), key=lambda p: p.start)
    if parts[-1].end - parts[0].start > MAX_SPAN:
        return top
    window = check(claim, parts, passage.around)
    return window if window.supported else top


def _shared(claim: Facts, part: Part) -> int:
    own = {(f.kind, f.value) for f in part.facts.found}
    return sum((f.kind, f.value) in own for f in claim.found if f.kind != "name")


def jointly(claim: Facts, windows: Sequence[Window], around: frozenset[str]) -> list[int]:
    """Which of the windows are needed to say the claim together; () when they do not."""
    keep = list(range(len(windows)))
    if not check(claim, _parts(windows, keep), around).supported:
        return []
    for i in reversed(range(len(windows))):
        rest = [k for k in keep if k != i]
        if rest and check(claim, _parts(windows, rest), around).supported:
            keep = rest
    return keep


def _parts(windows: Sequence[Window], keep: Iterable[int]) -> tuple[Part, ...]:
    return tuple(part for k in keep for part in windows[k].parts)


def check(claim: Facts, parts: Sequence[Part], around: frozenset[str] = frozenset()) -> Window:
    """Compare the claim with these parts read as one."""
    text = " ".join(p.facts.plain for p in parts)
    held = frozenset().union(*(p.words for p in parts))
    known = held | around
    missing = [q for q in claim.quotes if q not in text]
    hard = len(claim.found)
    wrong = 0
    for fact in claim.found:
        if not _has(fact, claim, parts, known):
            missing.append(fact.text)
            wrong += 1
    total = sum(1 for w, _ in claim.words if not framing(w)) or 1
    absent = [at for w, at in claim.words if w not in known and not framing(w) and not _acronym(w, claim, parts)]
    coverage = 1 - len(absent) / total
    run = _longest_run([at for w, at in claim.words if not framing(w)], set(absent))
    contradiction = next((d for p in parts if (d := _differs(claim, p))), "") or _contradicts(claim, parts)
    if contradiction:
        missing.append(contradiction)
    score = coverage * (1 - 0.5 * wrong / hard if hard else 1.0) * (0.6 if contradiction else 1.0)
    score *= 0.9 ** max(0, run - 1)
    if coverage < THRESHOLD or run >= MAX_RUN:
        missing.append("words")
    if claim.bare or len(claim.words) + len(claim.found) < 2:
        missing.append("words")
    return Window(tuple(parts), round(score, 4), tuple(missing), bool(contradiction))


def _acronym(word: str, claim: Facts, parts: Sequence[Part]) -> bool:
    """Whether the word is the initials of words of the parts ("PII", "personally identifiable information")."""
    return (
        len(word) > 2
        and any(word in p.facts.initials for p in parts)
        and any(f.kind == "name" and f.text.isupper() and fold(f.text) == word for f in claim.found)
    )


def _longest_run(places: Sequence[int], absent: set[int]) -> int:
    longest = run = 0
    for at in places:
        run = run + 1 if at in absent else 0
        longest = max(longest, run)
    return longest


def _has(fact: Fact, claim: Facts, parts: Sequence[Part], known: frozenset[str]) -> bool:
    if fact.kind == "name":
        return (
            fold(fact.text) in known
            or fact.value in known
            or (fact.text.isupper() and len(fact.text) > 1 and any(str(fact.value) in p.facts.initials for p in parts))
        )
    if fact.kind == "code":
        return fact.value in known
    if not fact.kind.startswith("n:"):
        return any((fact.kind, fact.value) == (f.kind, f.value) for p in parts for f in p.facts.found)
    return _number_stands(fact, claim, parts)


def _number_stands(fact: Fact, claim: Facts, parts: Sequence[Part]) -> bool:
    """The number occurs with its unit, and no other number of its kind stands nearer to what the sentence counts."""
    context = {w for w, at in claim.words if abs(at - fact.at) <= NEAR}
    said = {(f.kind, f.value) for f in claim.found}
    own = rival = -1
    for part in parts:
        for other in part.facts.found:
            if not other.kind.startswith("n:"):
                continue
            same = _same(fact, other) and (fact.kind == other.kind or other.kind != "n:" or part.is_row)
            if not same and (other.kind != fact.kind or (other.kind, other.value) in said):
                continue
            near = len({w for w, at in part.facts.words if abs(at - other.at) <= NEAR and w in context})
            if same:
                own = max(own, near)
            else:
                rival = max(rival, near)
    return own >= 0 and own + 1 >= rival


def _same(one: Fact, two: Fact) -> bool:
    if one.kind == two.kind:
        return one.value == two.value
    if "n:" in (one.kind, two.kind):  # a bare number in a table cell, or a unit left out
        return _digits(one.text) == _digits(two.text) != ""
    return (
        one.value == two.value
        and one.kind.split(":")[1] == two.kind.split(":")[1]
        and one.kind.count(":") < two.kind.count(":")
    )


def _digits(text: str) -> str:
    return re.sub(r"[^\d.]", "", text).strip(".")


def _contradicts(claim: Facts, parts: Sequence[Part]) -> str:
    """A word over which claim and passage differ in modality or negation; "" for none.

    Looked at are the words that a modal or negation stands before, on either side, each against the occurrence on the
    other side whose neighbourhood is most like its own.
    """
    exceptions = any(part.facts.exceptions for part in parts)
    spots: dict[str, list[tuple[Facts, int]]] = {}
    mine = {word for word, _ in claim.words}
    for part in parts:
        for word, at in part.facts.words:
            if word in mine:
                spots.setdefault(word, []).append((part.facts, at))
    for word, here in claim.words:
        if word not in spots:
            continue
        anchored = here in claim.anchors
        if not anchored and not any(at in own.anchors for own, at in spots[word]):
            continue
        around = _near(claim, here)
        rated = [(len(around & _near(own, at)), own, at) for own, at in spots[word]]
        top = max(like for like, _, _ in rated)
        best_ = [(own, at) for like, own, at in rated if like == top]
        if not anchored and not any(at in own.anchors for own, at in best_):
            continue
        state = claim.states.get(here, "")
        if any((state, own.states.get(at, "")) in _COMPATIBLE for own, at in best_):
            continue
        if not any(_forgiven(state, here, claim, own.states.get(at, ""), at, own, exceptions) for own, at in best_):
            return word
    return ""


def _near(text: Facts, at: int) -> set[str]:
    return {word for word, other in text.words if abs(other - at) <= NEAR}


def _forgiven(state: str, here: int, claim: Facts, other: str, at: int, own: Facts, exceptions: bool) -> bool:
    """A negation said in another way: "may not ... unless" and "may only ... if", "does not" and "fails to"."""
    negative = {NOT, BANNED, AVOID}
    if (state in negative) == (other in negative):
        return False
    if claim.exceptions and exceptions:
        return True
    text, place = (own, at) if state in negative else (claim, here)
    if any(abs(k - place) <= 4 for k in text.lexical_nots):
        return True
    # "but not determined adversaries", "determined adversaries are not deterred"
    return any(place < k <= place + 5 and text.states.get(k) in negative for k in text.anchors)


def _differs(claim: Facts, part: Part) -> str:
    """What was changed where the claim is almost a copy of one part: a number, name, modal or negation; "" for nothing."""
    bag = Counter(claim.plain.split())
    common = (bag & part.bag).total()
    if common < COPY * bag.total() or common < COPY * part.bag.total():
        return ""
    own = part.facts
    if (claim.negations - own.negations) % 2 and len(claim.lexical_nots) == len(own.lexical_nots):
        return "not"
    added, gone = claim.modals - own.modals, own.modals - claim.modals
    if added and gone and not any((a, g) in _COMPATIBLE for a in added for g in gone):
        return min(added)
    mine, theirs = ({(f.kind, f.value) for f in x.found} for x in (claim, own))
    kinds = {kind for kind, _ in theirs - mine if kind != "name"}
    for kind, value in mine - theirs:
        if kind in kinds and not any(
            _same(f, g) for f in claim.found if f.value == value for g in own.found if g.kind == kind
        ):
            return str(value)
    held = claim.vocabulary
    lost = any(f.kind == "name" and f.value not in held and fold(f.text) not in held for f in own.found)
    if lost:
        for fact in claim.found:
            if fact.kind == "name" and fact.value not in part.words and fold(fact.text) not in part.words:
                return fact.text
    return ""
