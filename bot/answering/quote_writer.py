"""The manual writes itself: its own sentences, word for word; needs no model. Pure."""

import asyncio
import contextlib
import math
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, NamedTuple

from bot import texts
from bot.answering import confidence, editions, follow_up_quotes, outlines, quoting, ranking, wanted
from bot.answering.draft import Draft
from bot.answering.scoring import Candidate, NearnessOf, Reading, Section, lead, nearest, nearest_sentence
from bot.answering.search import AnswerPolicy, Search
from bot.types import INCOMPLETE, Checked, Verdict
from bot.understanding import codes
from bot.understanding.follow_up import Resolved, former
from bot.understanding.topics import COMFORTED, TROUBLES, of_somebody, outside_family, unfit
from knowledge.errors import KnowledgeError
from knowledge.text.places import named_in
from knowledge.text.words import stems
from knowledge.types import Excerpt, Nearness, Passage

BREAK = "\n\n"
# times the policy's threshold: probability that the quotes answer, below which only the closest sections are shown;
# measured: python -m tests.eval.train_answers
SURE = 1.7
# and below which it is said that they may not answer; measured: python -m tests.eval.train_answers
FIRM = 3.0
UNJUDGED_FIRM = 2.3  # the same where no judge read the sentence; guess
PLACES = 2  # sections quoted where it is not sure that the first one answers; guess
# log-odds that the second of them is behind the first, at most; given: docs/lab/2026-11-30-second-questions.md
CLOSE = 3.0
# log-odds, as the judge has it, that what is quoted answers a question put into English word by word, below which it is
# told with a doubt; given: docs/lab/2026-11-30-other-languages.md
UNSUPPORTED = -4.0
# log-odds of the judge, ahead of the rule that it refines, from which a rule for a special case comes first; guess
SPECIAL = 2.0
# log-odds of the judge, from which a thing asked about that stands nowhere is no doubt;
# given: docs/lab/2026-11-30-fresh-manuals.md
SURELY_ANSWERS = 1.0
LEAST_OWN = -3.0  # log-odds that a sentence answers a message by its own words, which may go on from a thread; guess


class _Quotes(NamedTuple):
    """What is quoted for a part of the question, and what is said above it where it may not answer."""

    sentences: list[Checked]
    caveat: str = ""
    nearest: Mapping[Section, str] = MappingProxyType({})  # where no sentence is sure enough
    unsure: str | None = None  # the best sentence, where it comes close enough to be named
    repeated: bool = False  # whether all was said in the thread before


@dataclass(frozen=True, slots=True)
class _Ranked:
    """The sentences of the passages found for a part, by how well they answer."""

    reading: Reading
    candidates: Sequence[Candidate]
    for_asker: Sequence[Candidate]  # rules for the asker's own kind of people or country: they come first
    refined: Sequence[Candidate]  # the rule that the best one refines for a case that may not be the asker's
    nearness_of: NearnessOf | None  # what told by meaning how near they are; None where only words did
    near: Sequence[Nearness]  # as it told

    @property
    def in_order(self) -> list[Candidate]:
        """As they are quoted."""
        return [*self.for_asker, *self.refined, *self.candidates]


class QuoteWriter:
    """The manual's own sentences, word for word; needs no model."""

    def __init__(self, nearness_of: NearnessOf | None, policy: AnswerPolicy) -> None:
        self._nearness_of, self._policy = nearness_of, policy

    async def write(
        self, draft: Draft, resolved: Resolved, language: str, searches: Sequence[Search]
    ) -> AsyncGenerator[Checked]:
        """The sentences that answer best, part by part; parts without any are noted on the draft."""
        by_model = draft.prompt is not None  # of what it wrote nothing could be shown
        draft.start("extractive", draft.passages)
        manner = resolved.directive.manner
        reworded = language != (draft.passages[0].language or "en") or manner in ("simpler", "list", "table")
        note = "word_by_word" if draft.spoken else "as_written" if reworded and not by_model else "quoted"
        seen: set[str] = set()
        doubt = ""  # that stands over what was quoted last
        for search in searches:
            reading, quotes = await asyncio.to_thread(self._quote, draft, search, resolved, language)
            draft.nearest |= quotes.nearest
            if quotes.unsure:
                draft.unsure[search.text] = quotes.unsure
            draft.repeated = quotes.repeated
            quoted = [_renumbered(one, reading.passages, draft.passages) for one in quotes.sentences]
            if manner == "shorter":
                quoted = quoted[:2]
            elif not search.in_trouble and editions.asks_whom(search.asked):
                rule = (
                    [] if draft.told and not draft.told.asked and draft.told.kind in (*COMFORTED, *TROUBLES) else quoted
                )  # of a matter it stands elsewhere
                quoted = _led([one for one in quoted if editions.tells_whom(one.text)], quoted) or rule
            elif len(searches) > 1:
                quoted = quoted[:3]
            if not quoted:
                draft.unanswered.add(search.text)
            told_of = search.in_trouble and quotes.caveat == doubt  # no part of what was asked, but looked up for them
            caveat, doubt = "" if told_of else quotes.caveat, quotes.caveat if quoted else doubt
            for checked in quoted:
                if checked is quoted[0] and caveat:
                    draft.notes.append(INCOMPLETE)
                    yield Checked((BREAK if seen else "") + caveat + BREAK, Verdict.PLAIN)
                if not seen:
                    draft.notes.append(note)
                if checked.text.strip() not in seen:
                    gap = "" if caveat else BREAK
                    apart = checked is quoted[0] and (seen or caveat)
                    seen.add(checked.text.strip())
                    yield replace(checked, text=gap + checked.text.lstrip()) if apart else checked

    async def is_sure(self, draft: Draft, search: Search, resolved: Resolved, language: str) -> bool:
        """Whether something would be quoted for this search, and without a doubt."""
        _, quotes = await asyncio.to_thread(self._quote, draft, search, resolved, language)
        return bool(quotes.sentences) and not quotes.caveat

    async def look(self, draft: Draft, search: Search) -> None:
        """Note the sentences that come nearest to a question that is refused, unless nothing comes near at all."""
        if search.confidence >= self._policy.threshold / 2:
            draft.nearest |= nearest(*await self._nearest(search, draft.passages))

    async def nearest_to(self, search: Search) -> str | None:
        """The sentence nearest to a part of a question that nothing answers; None where nothing comes near."""
        near = search.confidence >= self._policy.threshold  # more than for a list: it stands in an answer
        return nearest_sentence(*await self._nearest(search, search.passages)) if near else None

    async def _nearest(self, search: Search, passages: Sequence[Passage]) -> tuple[Reading, list[Candidate]]:
        """What could be quoted, best first; nothing for a question about the asker's own data."""
        reading = Reading(search.asked, passages, search.in_manual_words)
        if not confidence.is_personal(search.asked):
            with contextlib.suppress(KnowledgeError):
                return reading, await asyncio.to_thread(reading.candidates, self._nearness_to(search))
        return reading, []

    def _nearness_to(self, search: Search) -> NearnessOf | None:
        """How near texts are to the question, or to the same in the manual's words where they are nearer to that.

        What answers it without its place counts too: the rule for all places may hold there.
        """
        nearness_of = self._nearness_of
        others = [text for text in (search.in_manual_words, wanted.placeless(search.asked)) if text]
        if nearness_of is None or not others:
            return nearness_of

        def nearer(question: str, excerpts: Sequence[Excerpt]) -> list[Nearness]:
            told = [nearness_of(text, excerpts) for text in (question, *others)]
            wordings = 2 if search.in_manual_words else 1
            return [
                max(one_text[:wordings], key=lambda one: one.whole)._replace(
                    words=one_text[0].words,
                    answers=max((one.answers for one in one_text if one.answers is not None), default=None),
                )
                for one_text in zip(*told, strict=True)
            ]

        return nearer

    def _quote(self, draft: Draft, search: Search, resolved: Resolved, language: str) -> tuple[Search, _Quotes]:
        """Sentences quoted for a part, and of which search; with a doubt where only its thread gives them a meaning."""
        in_thread, read, least = search.in_thread, resolved.in_thread, self._policy.threshold
        near = in_thread is None or search.confidence >= least  # else its passages are none of the answer's
        by_itself = self._quotes(draft, search, resolved, language) if near else _Quotes([])
        doubt = texts.of(draft.question.locale).says["nearest"]
        settled = bool(by_itself.sentences) and by_itself.caveat != doubt
        if in_thread is None or read is None or in_thread.confidence < least or (settled and not read.leans):
            return search, by_itself
        quotes = self._quotes(draft, in_thread, replace(read, directive=resolved.directive), language)
        own, enough = self._answers(resolved.standalone, quotes.sentences), LEAST_OWN
        if settled:  # what goes on from its thread stays there where that answers as well, in other words
            enough = max(0.0, self._answers(resolved.standalone, by_itself.sentences) - CLOSE)
        told = [one.text for one in by_itself.sentences]
        if own < enough or (settled and any(quoting.repeats([one], told) for one in quotes.sentences)):
            return search, by_itself
        if read.leans and own >= 0:  # it says that it goes on, and by itself asks for the same
            return in_thread, quotes
        return in_thread, quotes._replace(caveat=quotes.caveat or doubt)

    def _answers(self, text: str, quoted: Sequence[Checked]) -> float:
        """The log-odds that the best of the sentences answers the text, as the judge has it; 0 without one."""
        if not quoted:
            return -math.inf
        excerpts = [Excerpt("", ((0, len(one.text)),), one.text) for one in quoted]
        with contextlib.suppress(KnowledgeError):
            if self._nearness_of:
                return max(one.answers or 0.0 for one in self._nearness_of(text, excerpts))
        return 0.0

    def _quotes(self, draft: Draft, search: Search, resolved: Resolved, language: str) -> _Quotes:
        """Sentences quoted for a part read in one way; none where a second look finds none that is sure enough.

        A question that goes on from its thread gets what was not said there yet.
        """
        text, manner = search.asked, resolved.directive.manner
        if confidence.is_personal(text) or (not search.in_trouble and of_somebody(draft.read_as)):
            return _Quotes([])
        overview_of, say = wanted.overview_topic(text), texts.of(draft.question.locale).says
        listed = outlines.overview(text, search.passages) or outlines.changes(
            text, search.in_manual_words, search.passages, say
        )
        if listed:
            return _Quotes(listed)
        text = overview_of or text
        history = () if resolved.by_itself else draft.question.history
        earlier = [turn.text for turn in history if turn.role == "agent"]
        if earlier and wanted.wants_reason(resolved.own):
            return _Quotes(follow_up_quotes.reasons(Reading(text, search.passages), earlier[-1:]))
        reading = Reading(text, search.passages, search.in_manual_words)
        reading.goes_on = resolved.own if history else ""
        said = [turn.text for turn in draft.question.history if turn.role == "agent"]
        if said and resolved.stays and not wanted.named_scope(resolved.own, search.passages):
            reading.stays = follow_up_quotes.told_of(reading, said[-1:])
        english = language == reading.language == "en" and not search.in_trouble and not editions.asks_validity(text)
        ranked = self._ranked(reading, search, draft, english=english, brief=manner == "shorter")
        not_again = earlier if manner == "detail" else []
        repeated = bool(not_again)
        quoted = quoting.chosen(reading, ranked.in_order, already_said=not_again, brief=manner == "shorter")
        own = resolved.own if draft.question.history else ""
        lacking = self._unnamed(draft, search, ranked, quoted, own) if language == "en" else []
        heard = draft.question.text if search.in_trouble else resolved.own  # not what is looked up instead
        lacking = [name for name in lacking if name in heard or not (history or search.in_trouble)]
        judged, lacking = not lacking, list(dict.fromkeys([*_mourned(draft, quoted), *lacking]))
        caveat = say["unnamed"].format(lacking=", ".join(f"“{word}”" for word in lacking)) if lacking else ""
        shown = [search.passages[one.source - 1] for checked in quoted for one in checked.supports]
        if any(said) and quoted and former(resolved.own):
            return _Quotes(quoted, "" if editions.is_another(shown, resolved.own) else say["no_edition"])
        if earlier and resolved.goes_on:
            among = ranked.in_order
            quoted, repeated = follow_up_quotes.not_said_yet(reading, among, ranked.nearness_of, quoted, own, earlier)
            if language == "en" and follow_up_quotes.passes_over(own, quoted, earlier):
                caveat = caveat or say["nearest"]
        # Not behind an answer: a question that leans on it is far from every sentence, and one in ten would be lost.
        elif ranked.near and ranked.candidates and not earlier:
            how_sure = self._how_sure(draft, search, ranked, quoted, judged=judged)
            if how_sure == "sure" and draft.spoken and self._answers(text, quoted) < UNSUPPORTED:
                how_sure = "doubtful"
            if how_sure in ("refuted", "unsure") and not history:  # what people said may hide what is asked
                closest = nearest(reading, ranked.candidates)
                best = nearest_sentence(reading, ranked.candidates) if how_sure == "unsure" else None
                return _Quotes([], nearest=closest, unsure=best, repeated=repeated)
            if how_sure != "sure" and {*draft.attacks} - {"meaning"}:
                return _Quotes([])  # what comes closest to an order to the bot reads as if it were obeyed
            if how_sure != "sure" and not lacking:
                return _Quotes(_nearest(reading, ranked.in_order), say["nearest"], repeated=repeated)
        return _Quotes(quoted, caveat, repeated=repeated)

    def _ranked(self, reading: Reading, search: Search, draft: Draft, *, english: bool, brief: bool) -> _Ranked:
        """The sentences of the passages by how well they answer, none unfit for whom it is; the judge reads English."""
        near: list[Nearness] = []
        told = self._nearness_to(search)

        def noted(question: str, excerpts: Sequence[Excerpt]) -> Sequence[Nearness]:
            assert told is not None
            near[:] = told(question, excerpts)  # of the last look, which is the closest
            if not english:
                near[:] = [one._replace(answers=None) for one in near]
            return near

        nearness_of = noted if told else None
        try:
            candidates = reading.candidates(nearness_of)
        except KnowledgeError:  # what tells meaning is broken: by words then
            nearness_of, candidates = None, reading.candidates()
            near.clear()
        candidates = ranking.by_name(reading, ranking.by_code(reading, candidates))
        kind, asked = draft.told.kind if draft.told else None, draft.question.text
        candidates = [one for one in candidates if not unfit(kind, reading.text(one.source, one.index), asked)]
        candidates = ranking.on_subject(reading, candidates)
        candidates = candidates[:1] if brief else candidates
        for_asker, refined = ranking.for_asker(reading, candidates), ranking.refined(reading, candidates)
        if refined:
            said = (reading.in_words(one.source, one.index) for one in (candidates[0], *refined))
            special, rule = (self._answers(reading.question, [Checked(text, Verdict.PLAIN)]) for text in said)
            refined = refined if special < rule + SPECIAL else []
        return _Ranked(reading, candidates, for_asker, refined, nearness_of, tuple(near))

    def _how_sure(
        self, draft: Draft, search: Search, ranked: _Ranked, quoted: Sequence[Checked], *, judged: bool
    ) -> Literal["refuted", "unsure", "doubtful", "sure"]:
        """How sure it is that the quotes answer, by a second look at the sentences; not of a follow-up.

        Without the judge, who is right to say no, where the rule for other places or things is told with what it lacks.
        """
        reading, near = ranked.reading, ranked.near
        first = ranked.candidates[0] if judged else replace(ranked.candidates[0], near=None)
        text, threshold = reading.question, self._policy.threshold
        chance = confidence.second(text, search.passages, search.rarest, near)
        known = self._policy.any_language or reading.language == "en" or confidence.shares_a_word(reading, first)
        by_row = reading.kind(first.source, first.index) == "row"
        leads = lead(reading, ranked.candidates)
        sure = confidence.sure(text, reading.general, near, first, leads, by_row=by_row) if known else 0.0
        names_it = known and codes.names(codes.codes(text), reading.text(first.source, first.index))
        if ranking.non_employees(reading):
            names_it = bool(ranked.for_asker)
            if not names_it:
                return "unsure"
        if names_it and chance >= threshold:
            return "sure"
        firm = threshold * (UNJUDGED_FIRM if first.answers is None else FIRM)
        draft.weighed += (
            ("these sentences may answer", chance, threshold),
            ("the first sentence answers", sure, SURE * threshold),
            ("the first sentence answers, without a doubt said", sure, firm),
        )
        if sure < SURE * threshold or (chance < threshold and sure < FIRM * threshold):
            return "refuted" if chance < threshold else "unsure"
        untold_of = reading.language == "en" and wanted.untold(text, " ".join(one.text for one in quoted))
        is_table = bool(quoted) and quoted[0].text.lstrip().startswith("|")  # of which no row stands out
        return "doubtful" if untold_of or is_table or sure < firm else "sure"

    def _told(self, draft: Draft, search: Search, ranked: _Ranked, quoted: Sequence[Checked]) -> bool:
        """Whether it is sure to answer, were all that is asked about named; nothing is noted of it."""
        weighed = draft.weighed
        how_sure = self._how_sure(draft, search, ranked, quoted, judged=True)
        draft.weighed = weighed
        return how_sure == "sure"

    def _unnamed(self, draft: Draft, search: Search, ranked: _Ranked, quoted: Sequence[Checked], own: str) -> list[str]:
        """Codes and things asked about that stand nowhere, unless what is quoted has the glossary's word for them."""
        reading, best = ranked.reading, ranked.candidates[:1]
        put = reading.also - set(reading.asked)
        of_best = [(one, reading.passage_units[one.source - 1]) for one in best]
        named = any(not put.isdisjoint(split.stems[one.index] | split.heading) for one, split in of_best)
        picked = any(ranking.is_picked(reading, one) for one in best)
        lacking = [] if picked else confidence.missing(reading.question, reading.passages)
        text, put_so = reading.question, reading.in_manual_words if named else ""
        nowhere = wanted.unnamed(text, search.unknown, ranked.near, named=named, own=own)
        if any((one.answers or 0.0) >= SURELY_ANSWERS for one in best) and self._told(draft, search, ranked, quoted):
            # whatever a thing is called; names are names
            nowhere = tuple(word for word in nowhere if not word.islower() or named_in(word.title()))
        return list(dict.fromkeys((*lacking, *nowhere, *wanted.shouted(put_so or text, reading.passages))))


def _led(kept: list[Checked], of: Sequence[Checked]) -> list[Checked]:
    """What is kept, less what leads in what was left out: "are supported as follows:"."""
    behind = {id(one): after for one, after in pairwise(of)}
    return [one for one in kept if not one.text.rstrip().endswith(":") or behind.get(id(one)) in kept]


def _mourned(draft: Draft, quoted: Sequence[Checked]) -> list[str]:
    """Who is mourned, where what is quoted is for the deaths of others: ["friend"]; else []."""
    whom = outside_family(draft.told)
    text = " ".join(one.text for one in quoted)
    return [whom] if whom and unfit("relative", text, "") and not set(stems(whom)) & set(stems(text)) else []


def _renumbered(checked: Checked, of: Sequence[Passage], among: Sequence[Passage]) -> Checked:
    """The sentence with the numbers that its sources have `among` others."""
    number = {passage.chunk_id: n for n, passage in enumerate(among, 1)}
    supports = (replace(one, source=number[of[one.source - 1].chunk_id]) for one in checked.supports)
    return replace(checked, supports=tuple(supports))


def _nearest(reading: Reading, candidates: Sequence[Candidate]) -> list[Checked]:
    """What would be quoted of the first section, and the best sentence of the next one where it comes as close."""
    sections: dict[Section, list[Candidate]] = {}
    for one in candidates:
        sections.setdefault(reading.section(one.source), []).append(one)
    first, *others = list(sections.values())[:PLACES]
    quoted = quoting.chosen(reading, first)
    for other in others:
        if first[0].score - other[0].score > CLOSE:
            continue
        best, *more = quoting.chosen(reading, other[:1], brief=True)
        quoted += [replace(best, text=BREAK + best.text.lstrip()), *more]
    return quoted
