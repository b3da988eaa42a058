"""What a message that goes on from an answer is quoted beside, or in place of, what was told before. Pure."""

from collections.abc import Sequence

from bot.answering import quoting, wanted
from bot.answering.scoring import Candidate, NearnessOf, Reading, Section
from bot.types import Checked, Verdict
from bot.understanding.follow_up import depends
from bot.understanding.in_place import without_opening
from bot.understanding.parts import asks
from knowledge.text.words import stems, stopwords
from knowledge.types import Excerpt

# log-odds that something new answers a follow-up's own words, above those of what was told: it is told alone; guess
BETTER = 2.0
# log-odds behind what was told, from where what was not is about something else; measured: python -m tests.eval.second
FAR = 5.0
NAMED = 3  # sentences with the words of a follow-up that are quoted; guess


def not_said_yet(
    reading: Reading,
    candidates: Sequence[Candidate],
    nearness_of: NearnessOf | None,
    quoted: list[Checked],
    own: str,
    earlier: Sequence[str],
) -> tuple[list[Checked], bool]:
    """Sentences with the message's `own` words, else other ones than `earlier`; whether all was said there.

    `quoted` is what its thread and it would get as one question.
    """
    if named := _named(reading, own, quoted, earlier):
        return named, False
    if not quoting.repeats(quoted, earlier):
        return (_fitting(reading, quoted, own, nearness_of, earlier) if nearness_of else quoted), False
    best = _best_repeated(reading, candidates, own, earlier) if asks(own) and not depends(own) else None
    if best:
        return quoting.chosen(reading, [best]), True
    rest = quoting.chosen(reading, candidates, already_said=earlier)
    near = [one for one in candidates if one.score > candidates[0].score - FAR]
    astray = rest and not quoting.chosen(reading, near, already_said=earlier)
    elsewhere = rest and not _places(reading, rest) & _places(reading, quoted)  # by a shared word
    return (quoted if astray or elsewhere else rest), True


def passes_over(own: str, quoted: Sequence[Checked], earlier: Sequence[str]) -> bool:
    """Whether all that was told is only told again, without a word of what the follow-up asks: "and for my child?"."""
    asked, told = set(stems(without_opening(own))) - stopwords(), " ".join(one.text for one in quoted)
    again = all(quoting.repeats([one], earlier) for one in quoted) and 2 * len(told) > len(earlier[-1])
    return again and bool(asked) and asked.isdisjoint(stems(told))


def reasons(reading: Reading, earlier: Sequence[str]) -> list[Checked]:
    """What the sections that were quoted give for a reason; [] where they give none."""
    texts, places = _texts(reading), told_of(reading, earlier)
    reasons = [one for one in texts if reading.section(one.source) in places and wanted.gives_reason(texts[one])]
    return quoting.chosen(reading, reasons[:NAMED])


def told_of(reading: Reading, earlier: Sequence[str]) -> set[Section]:
    """The sections of which a sentence was told."""
    flat = " ".join(" ".join(earlier).split())
    return {reading.section(one.source) for one, text in _texts(reading).items() if text in flat}


def _best_repeated(
    reading: Reading, candidates: Sequence[Candidate], own: str, earlier: Sequence[str]
) -> Candidate | None:
    """What answers best, where it was one of several sentences told and is of the kind asked for: it is pointed out."""
    texts = {one: reading.text(one.source, one.index) for one in candidates}
    repeated = [one for one in candidates if quoting.repeats([Checked(texts[one], Verdict.PLAIN)], earlier)]
    if len(repeated) < 2 or repeated[0] is not candidates[0]:
        return None
    kinds = wanted.kinds_wanted(own)
    return repeated[0] if not kinds or kinds & wanted.offered(texts[repeated[0]]) else None


def _fitting(
    reading: Reading, quoted: list[Checked], own: str, nearness_of: NearnessOf, earlier: Sequence[str]
) -> list[Checked]:
    """What was not told yet alone, where it answers the message's own words far better than what was told.

    Else what was told as well, but nothing new of another section that doesn't answer these words.
    """
    new = [one for one in quoted if not quoting.repeats([one], earlier)]
    told = [one for one in quoted if one not in new]
    if not told:
        return quoted
    texts = [one.text.strip() for one in (*new, *told)]
    near = nearness_of(without_opening(own), [Excerpt("", ((0, len(text)),), text) for text in texts])
    answers = [one.answers or 0.0 for one in near]
    better = max(answers[len(new) :]) + BETTER
    if max(answers[: len(new)]) >= max(0.0, better):
        return new
    places, least = _places(reading, told) | _for_the_named(reading, own), min(0.0, better)
    scored = zip(new, answers, strict=False)
    astray = [one for one, score in scored if score < least and not _places(reading, [one]) & places]
    return [one for one in quoted if one not in astray]


def _for_the_named(reading: Reading, own: str) -> set[Section]:
    """The sections for a country or site that the message names: "and in Spain?"."""
    sources = range(1, len(reading.passages) + 1)
    return {reading.section(n) for n in sources if wanted.named_scope(own, reading.passages[n - 1 : n])}


def _named(reading: Reading, own: str, quoted: Sequence[Checked], earlier: Sequence[str]) -> list[Checked]:
    """Sentences or rows with all of a follow-up's words, "what about first?", where what would be quoted has them not.

    Of the sections that were quoted, or would be: elsewhere the same words are about something else.
    """
    words_asked = set(stems(without_opening(own)))
    asked = words_asked - stopwords() or words_asked
    if (
        not asked
        or all(word.isdigit() for word in asked)
        or any(asked <= set(stems(one.text)) for one in quoted if not one.text.lstrip().startswith("|"))
    ):
        return []
    texts, places = _texts(reading), _places(reading, quoted) | told_of(reading, earlier)
    named = [one for one in texts if asked <= set(stems(texts[one])) and reading.section(one.source) in places]
    return quoting.chosen(reading, named[:NAMED])


def _texts(reading: Reading) -> dict[Candidate, str]:
    """All that could be quoted."""
    units = [Candidate(source, index, 1.0) for source, of in enumerate(reading.units, 1) for index in range(len(of))]
    return {one: reading.text(one.source, one.index) for one in units}


def _places(reading: Reading, quoted: Sequence[Checked]) -> set[Section]:
    """The sections quoted."""
    return {reading.section(support.source) for one in quoted for support in one.supports}
