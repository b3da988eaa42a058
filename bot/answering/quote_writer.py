"""The manual writes itself: its own sentences, word for word; needs no model. Pure."""

from __future__ import annotations

import asyncio
import contextlib
import math
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace

from bot import texts
from bot.answering import confidence, editions, outlines, quoting
from bot.answering.draft import Draft
from bot.answering.lexicon import phrases
from bot.answering.scoring import FAR_BEHIND, Candidate, Reading, Similar, lead, nearest, shares_a_word
from bot.answering.search import AnswerPolicy, Search
from bot.answering.unnamed import unnamed
from bot.answering.wanted import gives_reason, kinds_wanted, offered, scope, untold, wants_reason
from bot.types import Checked, Verdict
from bot.understanding.addressed import asks
from bot.understanding.courtesy import wording
from bot.understanding.follow_up import Resolved, depends, goes_on, without_opening
from bot.understanding.topics import matter, of_somebody
from knowledge.errors import KnowledgeError
from knowledge.text.words import stem, stems, stopwords, words
from knowledge.types import Excerpt, Nearness, Passage

BREAK = "\n\n"
# times the policy's threshold: probability that the quotes answer, below which only the closest sections are shown;
# measured: python -m tests.eval.train_answers
SURE = 1.8
# Below this it is said that the quotes may not answer, but for a row; measured: docs/lab/2026-11-29-keyless.md
AHEAD = 0.1  # score by which the first passage stands out, as `confidence.answer_signals` tells it; guess
PLACES = 2  # sections quoted where it is not sure that the first one answers; guess
_WORD = re.compile(r"\w+(?:-\w+)*")
# log-odds behind the best, from which a rule for the asker's own kind of people or country comes first; guess
EXCEPTION_BEHIND = 3.2
SAME_SUBJECT = 0.5  # times the words that the best general rule shares, from which a country's is on the same; guess
FEW = 3  # words of a message that only goes on from the question before it: "in New York?"; guess
NAMED = 3  # sentences with the words of a follow-up that are quoted; guess


class QuoteWriter:
    """The manual's own sentences, word for word; needs no model."""

    def __init__(self, similar: Similar | None, rules: AnswerPolicy) -> None:
        self._similar, self._rules = similar, rules

    async def write(
        self, draft: Draft, resolved: Resolved, language: str, searches: Sequence[Search], *, in_trouble: bool = False
    ) -> AsyncGenerator[Checked]:
        """The sentences that answer best, part by part; parts without any are noted on the draft.

        `in_trouble`: whom to turn to is searched for, for somebody who is told more than names.
        """
        draft.start("extractive", draft.passages, self._rules.docs_url)
        manner = resolved.directive.manner
        reworded = language != (draft.passages[0].language or "en") or manner in ("simpler", "list", "table")
        note = "word_by_word" if draft.spoken else "as_written" if reworded else "quoted"
        seen: set[str] = set()
        for search in searches:
            draft.caveat = ""
            quoted = await asyncio.to_thread(self._quote, draft, search, resolved, language, in_trouble)
            quoted = [_renumbered(one, search.passages, draft.passages) for one in quoted]
            if manner == "shorter":
                quoted = quoted[:2]
            elif not in_trouble and editions.asks_whom(search.asked):
                rule = [] if matter(search.asked, asked=True) else quoted  # of a matter it stands elsewhere
                quoted = [one for one in quoted if editions.tells_whom(one.text)] or rule
            elif len(searches) > 1:
                quoted = quoted[:3]
            if not quoted:
                draft.unanswered.add(search.text)
            for checked in quoted:
                if checked is quoted[0] and draft.caveat:
                    draft.notes.append("incomplete")
                    yield Checked((BREAK if seen else "") + draft.caveat + BREAK, Verdict.PLAIN)
                if not seen:
                    draft.notes.append(note)
                if checked.text.strip() not in seen:
                    gap = BREAK if seen and checked is quoted[0] else ""
                    seen.add(checked.text.strip())
                    yield replace(checked, text=gap + checked.text)

    async def look(self, draft: Draft, search: Search) -> None:
        """Note the sentences that come nearest to a question that is refused, unless nothing comes near at all."""
        if search.confidence >= self._rules.threshold / 2 and not confidence.is_personal(search.asked):
            with contextlib.suppress(KnowledgeError):
                reading = Reading(search.asked, draft.passages, search.in_manual_words)
                draft.nearest |= nearest(reading, await asyncio.to_thread(reading.candidates, self._similar_to(search)))

    def _similar_to(self, search: Search) -> Similar | None:
        """How near texts are to the question, or to the same in the manual's words where they are nearer to that."""
        similar = self._similar
        if similar is None or not search.in_manual_words:
            return similar

        def nearer(question: str, excerpts: Sequence[Excerpt]) -> list[Nearness]:
            asked, in_manual_words = similar(question, excerpts), similar(search.in_manual_words, excerpts)
            return [
                max(both, key=lambda one: one.whole)._replace(words=both[0].words)
                for both in zip(asked, in_manual_words, strict=True)
            ]

        return nearer

    def _quote(
        self, draft: Draft, search: Search, resolved: Resolved, language: str, in_trouble: bool
    ) -> list[Checked]:
        """Sentences quoted for a part, as if asked alone; [] where a second look finds none that is sure enough.

        A question that goes on from its thread gets what was not said there yet.
        """
        text = search.asked
        if confidence.is_personal(text) or (not in_trouble and of_somebody(draft.read_as)):
            return []
        if listed := outlines.overview(text, search.passages) or outlines.changes(text, search.passages):
            return listed
        text = outlines.overview_topic(text) or text
        nearness_of = self._similar_to(search)
        near: list[Nearness] = []

        def similar(question: str, excerpts: Sequence[Excerpt]) -> Sequence[Nearness]:
            assert nearness_of is not None
            near[:] = nearness_of(question, excerpts)  # of the last look, which is the closest
            return near

        history = draft.question.history
        earlier = [turn.text for turn in history if turn.role == "agent"]
        if earlier and wants_reason(resolved.own):
            return _reasons(Reading(text, search.passages), earlier[-1:])
        look = similar if nearness_of else None
        not_again = earlier if resolved.directive.manner == "detail" else []
        draft.repeated = bool(not_again)
        reading = Reading(text, search.passages, search.in_manual_words)
        reading.goes_on = resolved.own if history else ""
        try:
            candidates = reading.candidates(look)
        except KnowledgeError:  # what tells meaning is broken: by words then
            look, candidates = None, reading.candidates()
            near.clear()
        candidates = _on_subject(reading, _by_name(reading, _by_code(text, reading, candidates)))
        brief = resolved.directive.manner == "shorter"
        candidates = _briefest(reading, candidates) if brief else candidates
        theirs = _for_asker(reading, candidates)
        quoted = quoting.chosen(reading, [*theirs, *candidates], already_said=not_again, brief=brief)
        say = texts.of(draft.question.locale).says
        short = goes_on(resolved.own) or len(resolved.own.split()) <= FEW
        own = resolved.own if short else ""  # "and in Italy?", "in Italy?"
        lacking = self._unnamed(reading, candidates[:1], search, near) if language == "en" else []
        if lacking := [name for name in lacking if not history or name in own]:
            draft.caveat = say["unnamed"].format(lacking=", ".join(f"“{word}”" for word in lacking))
        if earlier and resolved.goes_on and (named := _named(draft, reading, resolved.own, quoted)):
            return named
        if earlier and resolved.goes_on and quoting.repeats(quoted, earlier):
            near.clear()
            draft.repeated = True
            if (
                asks(resolved.own)
                and not depends(resolved.own)
                and (best := _best_repeated(reading, candidates, resolved.own, earlier))
            ):
                return quoting.chosen(reading, [best])
            if again := self._answers_own(search.passages, resolved.own, look, earlier):
                return again
            rest = quoting.quote(text, search.passages, look, already_said=earlier)
            elsewhere = rest and not _places(reading, rest) & _places(reading, quoted)  # by a shared word
            return quoted if elsewhere else rest
        # Not in a thread: a question that leans on it is far from every sentence, and one in ten would be lost.
        if near and not history:
            chance = confidence.second(text, search.passages, search.rarest, near)
            if chance < self._rules.threshold:
                draft.nearest |= nearest(reading, candidates)
                return []
            known = self._rules.any_language or reading.language == "en" or shares_a_word(reading, candidates[0])
            sure = confidence.sure(text, reading.general, near, lead(reading, candidates)) if known else 0.0
            first = reading.text(candidates[0].source, candidates[0].index)
            by_code = known and confidence.names(confidence.codes(text), first)
            others_alone = _outsiders(reading) and not theirs
            if others_alone or (sure < SURE * self._rules.threshold and not by_code):
                draft.nearest |= (closest := nearest(reading, candidates))
                draft.unsure[search.text] = next(iter(closest.values()))
                return []
            ahead = confidence.answer_signals(text, reading.general, near, 0.0)[1]
            by_row = reading.units[candidates[0].source - 1][candidates[0].index].kind == "row"
            untold_of = reading.language == "en" and untold(text, " ".join(one.text for one in quoted))
            unsure = untold_of or chance * sure < self._rules.threshold or (ahead < AHEAD and not by_row)
            if unsure and not lacking and not by_code:
                draft.caveat = say["nearest"]
                return _nearest(reading, [*theirs, *candidates])
        return quoted

    @staticmethod
    def _unnamed(reading: Reading, best: Sequence[Candidate], search: Search, near: Sequence[Nearness]) -> list[str]:
        """Codes and things asked about that stand nowhere, unless what is quoted has the glossary's word for them."""
        put = reading.also - set(reading.asked)
        cuts = [(one, reading.cuts[one.source - 1]) for one in best]
        named = any(not put.isdisjoint(cut.stems[one.index] | cut.heading) for one, cut in cuts)
        picked = any(_picked(reading, one) for one in best)
        codes = [] if picked else confidence.missing(reading.question, reading.passages)
        return [*codes, *unnamed(reading.question, search.unknown, near, named=named)]

    @staticmethod
    def _answers_own(
        passages: Sequence[Passage], own: str, look: Similar | None, earlier: Sequence[str]
    ) -> list[Checked]:
        """What answers a follow-up by its own words although it was said before; [] for one without words of its own.

        "Is that in writing?" is answered by the sentence with "in writing", told or not; "since when?" asks for more.
        """
        asked = set(stems(own))
        quoted = quoting.quote(wording(own), passages, look) if asked else []
        best = max(quoted, key=lambda one: len(asked & set(stems(one.text))), default=None)
        if best is None or not asked & set(stems(best.text)) or not quoting.repeats([best], earlier):
            return []
        return [replace(best, text=best.text.strip())]


def _renumbered(checked: Checked, of: Sequence[Passage], among: Sequence[Passage]) -> Checked:
    """The sentence with the numbers that its sources have `among` others."""
    number = {passage.chunk_id: n for n, passage in enumerate(among, 1)}
    supports = (replace(one, source=number[of[one.source - 1].chunk_id]) for one in checked.supports)
    return replace(checked, supports=tuple(supports))


def _best_repeated(
    reading: Reading, candidates: Sequence[Candidate], own: str, earlier: Sequence[str]
) -> Candidate | None:
    """What answers best, where it was one of several sentences told and is of the kind asked for: it is pointed out."""
    texts = {one: reading.text(one.source, one.index) for one in candidates}
    repeated = [one for one in candidates if quoting.repeats([Checked(texts[one], Verdict.PLAIN)], earlier)]
    if len(repeated) < 2 or repeated[0] is not candidates[0]:
        return None
    wanted = kinds_wanted(own)
    return repeated[0] if not wanted or wanted & offered(texts[repeated[0]]) else None


def _nearest(reading: Reading, candidates: Sequence[Candidate]) -> list[Checked]:
    """What would be quoted of the first section, and the best sentence each of the next ones."""
    sections: dict[tuple[str, tuple[str, ...]], list[Candidate]] = {}
    for one in candidates:
        sections.setdefault(_place(reading, one.source), []).append(one)
    first, *others = list(sections.values())[:PLACES]
    quoted = quoting.chosen(reading, first)
    for other in others:
        quoted += [replace(one, text=BREAK + one.text) for one in quoting.chosen(reading, other[:1], brief=True)]
    return quoted


def _named(draft: Draft, reading: Reading, own: str, quoted: Sequence[Checked]) -> list[Checked]:
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
    texts = _texts(reading)
    places = _places(reading, quoted) | _sections_quoted_before(
        reading, texts, [turn.text for turn in draft.question.history if turn.role == "agent"]
    )
    named = [one for one in texts if asked <= set(stems(texts[one])) and _place(reading, one.source) in places]
    return quoting.chosen(reading, named[:NAMED])


def _reasons(reading: Reading, earlier: Sequence[str]) -> list[Checked]:
    """What the sections that were quoted give for a reason; [] where they give none."""
    texts = _texts(reading)
    places = _sections_quoted_before(reading, texts, earlier)
    reasons = [one for one in texts if _place(reading, one.source) in places and gives_reason(texts[one])]
    return quoting.chosen(reading, reasons[:NAMED])


def _texts(reading: Reading) -> dict[Candidate, str]:
    """All that could be quoted."""
    units = [Candidate(source, index, 1.0) for source, of in enumerate(reading.units, 1) for index in range(len(of))]
    return {one: reading.text(one.source, one.index) for one in units}


def _sections_quoted_before(
    reading: Reading, texts: Mapping[Candidate, str], earlier: Sequence[str]
) -> set[tuple[str, tuple[str, ...]]]:
    """The sections of which a sentence was told."""
    flat = " ".join(" ".join(earlier).split())
    return {_place(reading, one.source) for one, text in texts.items() if text in flat}


def _place(reading: Reading, source: int) -> tuple[str, tuple[str, ...]]:
    passage = reading.passages[source - 1]
    return passage.document, passage.section


def _places(reading: Reading, quoted: Sequence[Checked]) -> set[tuple[str, tuple[str, ...]]]:
    """The sections quoted."""
    return {_place(reading, support.source) for one in quoted for support in one.supports}


def _briefest(reading: Reading, candidates: list[Candidate]) -> list[Candidate]:
    """The best candidate; the best item below it where it only announces a list."""
    best = candidates[:1]
    if best and reading.text(best[0].source, best[0].index).endswith(":"):
        items = (c for c in candidates if c.source == best[0].source and c.index > best[0].index)
        return [next((c for c in items if reading.units[c.source - 1][c.index].kind == "item"), best[0])]
    return best


def _by_name(reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of each table's rows first comes the one whose first cell has most of the question's words, compounds uncut.

    For a parent's death that is "death of a partner, child or parent", not "death of a sibling or parent-in-law".
    """
    asked = _whole(f"{reading.question} {reading.in_manual_words}", reading.language) - stopwords()
    first_named: dict[tuple[int, int], Candidate] = {}
    tables: set[tuple[int, int]] = set()
    for one in candidates:
        group = one.source, reading.units[one.source - 1][one.index].group
        if reading.units[one.source - 1][one.index].kind == "row" and group not in tables:
            tables.add(group)
            table = reading.table(one.source, one.index)
            if not table.picked(reading.question):
                named = {n: len(asked & _whole(cells[0], reading.language)) for n, cells in table.rows.items()}
                one = replace(one, index=max(named, key=lambda n: (named[n], n == one.index)))
        first_named.setdefault((one.source, one.index), one)
    return list(first_named.values())


def _whole(text: str, language: str) -> set[str]:
    """The stems of its words, those with hyphens in one piece."""
    return {stem(word, language) for word in _WORD.findall(text.lower())}


def _picked(reading: Reading, one: Candidate) -> bool:
    """Whether it is the row whose range holds a figure of the question: "G5 to G7" names "G6"."""
    row = reading.units[one.source - 1][one.index].kind == "row"
    return row and one.index in reading.table(one.source, one.index).picked(reading.question)


def _for_asker(reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best one on the asker's own kind of people or country, where it comes near the best of all; else none.

    "The desk budget of a new designer?" has an exception of its own beside the rule for everybody. How near does not
    matter to those for whom the rule may not hold at all.
    """
    asked = f" {' '.join(words(reading.question))} "
    groups = (who for who in phrases("scopes")["groups"] if f" {who} " in asked or f" {who}s " in asked)
    outsiders = _outsiders(reading)
    who = outsiders or [frozenset(stems(group, reading.language)) for group in groups]

    def holds(one: Candidate) -> bool:
        cut = reading.cuts[one.source - 1]
        return _of_country(reading, one) or any(kind <= cut.stems[one.index] | cut.heading for kind in who)

    least = candidates[0].score - (math.inf if outsiders else EXCEPTION_BEHIND) if candidates else 0.0
    return [one for one in candidates if one.score >= least and holds(one)][:1]


def _of_country(reading: Reading, one: Candidate) -> bool:
    """Whether it is for the country or site that was asked about."""
    for_one = scope(reading.passages[one.source - 1].section) is not None
    return bool(reading.elsewhere) and one.source not in reading.elsewhere and for_one


def _on_subject(reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """All but what the asked country has on something else: its annual leave, where the limit for hotels is asked for.

    It shares far less of the question's words than the best rule for all countries. "And in France?" gets all that
    comes nearer than this rule: "nine additional days off", where days of vacation were asked for.
    """
    shares = {one: reading.share(reading.cuts[one.source - 1].stems[one.index]) for one in candidates}
    near = (one for one in candidates if one.score > candidates[0].score - FAR_BEHIND)
    rule = next((one for one in near if scope(reading.passages[one.source - 1].section) is None), None)
    least = SAME_SUBJECT * shares[rule] if rule else 0.0
    nearer = {one for one in candidates if rule and reading.goes_on and one.score > rule.score}
    return [one for one in candidates if shares[one] >= least or one in nearer or not _of_country(reading, one)]


def _outsiders(reading: Reading) -> list[frozenset[str]]:
    """Stems of those of the question who are no employees, so that a rule for employees is none for them."""
    every = [frozenset(stems(who, reading.language)) for who in phrases("scopes")["outsiders"]]
    return [who for who in every if who <= reading.also | set(reading.asked)]


def _by_code(asked: str, reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """What names a code that was asked for before all else, and nothing on another code of the same make."""
    codes = confidence.codes(asked)
    if not codes:
        return list(candidates)
    units = {one: reading.text(one.source, one.index) for one in candidates}
    named = [one for one in candidates if confidence.names(codes, units[one]) or _picked(reading, one)]
    others = [o for o in candidates if o not in named and not confidence.names_another(codes, units[o])]
    return named or others or list(candidates)
