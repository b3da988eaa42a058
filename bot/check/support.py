"""Does a passage say what a sentence claims? -> verdict, score, verbatim span. Pure.

The rule kept: a sentence is supported where one to three neighbouring sentences (list items with their lead-in, table
rows with their header) hold all its numbers with their units, dates, names and quotes, its negations and modals over
the same words, and enough of its other words. Text flagged as instructions supports nothing. Knows no model, no corpus.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.check.contradiction import contradicts, differs, fits, name_stands, number_stands, same_bound, swapped, turned
from bot.check.facts import Facts, facts, fold, light
from bot.check.figures import Fact
from bot.check.opposites import opposed
from bot.check.sources import Part, Source, digits, source
from knowledge.types import Passage

THRESHOLD = 0.6  # share of a sentence's content words that the span must hold, once it is long
MAX_SPAN = 1500  # characters
# Figures that a text may say without one. Yearly and the like are "once a year", where the parts say no other number.
_IN_WORDS: dict[tuple[str, float | str], frozenset[str]] = {
    ("n:", 1.0): frozenset({"one"}),
    ("n:times", 1.0): frozenset({"annually", "yearly", "annual", "monthly", "weekly", "daily", "every", "each"}),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether characters start..end of the passage's text say the sentence; what is missing where they do not."""

    supported: bool
    score: float  # 0..1
    start: int = 0
    end: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring parts of one source, or the best windows of several (see `jointly`)."""

    parts: tuple[Part, ...]
    score: float  # share of the claim's content words, less what is missing
    missing: tuple[str, ...]
    contradicted: str = ""  # the word over which claim and parts differ

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
        (f.kind, f.value) in passage.found or f.value in passage.words or digits(f.text) in passage.digits
        for f in others
    ) / (len(others) or 1)
    score = held * (0.5 + 0.5 * counted if others else 1) * (0.7 + 0.3 * named if names else 1) * 0.93**run
    return round(score * (0.7 if _strange_voice(claim, [p.facts for p in passage.parts]) else 1), 4)


@lru_cache(maxsize=512)
def read(sentence: str, under: str | None = None) -> Facts:
    return facts(sentence, under=under)


def best(claim: Facts, passage: Source) -> Window | None:
    """The window that says most of the claim; a supporting one where there is one."""
    for part in passage.parts:
        own = part.facts
        if claim.plain and (
            claim.plain == own.plain or (claim.plain == part.plain and fits(claim.modality.under, own.modality.under))
        ):
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
        if window.supported or (after - first == 1 and window.missing == (window.contradicted,)):
            return window  # the sentence that is most alike says the opposite: no other may say it
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
    figures = sum(f.count > 0 for f in claim.found)  # that stand there count as words that do
    total = sum(1 for w, _ in claim.words if not light(w)) + figures or 1
    counted = " ".join(f.text.lower() for f in claim.found if f.kind != "name")  # judged above: "March" of a date
    absent = [
        at
        for w, at in claim.words
        if w not in known and not light(w) and w not in counted and not _acronym(w, claim, parts)
    ]
    coverage = 1 - len(absent) / total
    run = _longest_run([at for w, at in claim.words if not light(w)], set(absent))
    strange = _strange_clause([at for w, at in claim.words if not light(w)], set(absent), claim.clauses)
    contradiction = (
        next((d for p in parts if (d := differs(claim, p))), "")
        or contradicts(claim, parts)
        or turned(claim, parts)
        or swapped(claim, parts)
        or _opposed(claim, parts)
    )
    if contradiction:
        missing.append(contradiction)
    score = coverage * (1 - 0.5 * wrong / hard if hard else 1.0) * (0.6 if contradiction else 1.0)
    score *= 0.9 ** max(0, run - 1)
    if coverage < _needed(total) or strange or (total <= 3 and len(parts) > 1):  # no words of two sentences
        missing.append("words")
    if claim.bare or len(claim.words) + len(claim.found) < 2:
        missing.append("words")
    if _strange_voice(claim, [p.facts for p in parts]):
        missing.append("voice")
    return Window(tuple(parts), round(score, 4), tuple(missing), contradiction)


def _strange_voice(claim: Facts, texts: Sequence[Facts]) -> bool:
    """Whether the claim asks, or says "I", where the texts do not: that is the writer speaking, not the manual."""
    return (claim.personal and not any(t.personal for t in texts)) or (claim.asks and not any(t.asks for t in texts))


def _opposed(claim: Facts, parts: Sequence[Part]) -> str:
    """Over the parts as one; a part that says nearly the whole claim speaks for itself."""
    wanted = {w for w, _ in claim.words}
    alone = [[p] for p in parts if len(wanted & p.words) >= 0.7 * len(wanted)]
    for some in alone or [list(parts)]:
        negated = (claim.modality.negations > 0) != any(p.facts.modality.negations for p in some)
        if word := opposed(claim.vocabulary, frozenset().union(*(p.words for p in some)), negated=negated):
            return word
    return ""


def _needed(words: int) -> float:
    """Share of so many content words that must be held: one changed word changes a short sentence's whole meaning."""
    return 1.0 if words <= 3 else 0.75 if words <= 5 else THRESHOLD


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


def _strange_clause(places: Sequence[int], absent: set[int], clauses: Sequence[int]) -> bool:
    """Whether a clause of two content words or more has none of them in the passage."""
    own: dict[int, list[bool]] = {}
    for at in places:
        own.setdefault(bisect(clauses, at), []).append(at in absent)
    return any(len(missing) > 1 and all(missing) for missing in own.values())


def _has(fact: Fact, claim: Facts, parts: Sequence[Part], known: frozenset[str]) -> bool:
    if fact.kind == "name":
        return name_stands(fact, claim, parts) and (
            fold(fact.text) in known
            or fact.value in known
            or (fact.text.isupper() and len(fact.text) > 1 and any(str(fact.value) in p.facts.initials for p in parts))
        )
    if fact.kind == "code":
        return fact.value in known
    if not fact.kind.startswith("n:"):
        return any(
            (fact.kind, fact.value) == (f.kind, f.value) and same_bound(fact, claim, f, p.facts)
            for p in parts
            for f in p.facts.found
        )
    if fact.kind == "n:" and fact.count == claim.listed:
        return True
    if _IN_WORDS.get((fact.kind, fact.value), frozenset()) & known and not any(
        f.kind == fact.kind != "n:" for p in parts for f in p.facts.found
    ):
        return True
    return number_stands(fact, claim, parts)
