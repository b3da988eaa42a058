"""Sentences of our own: a reply to chat, whom to turn to in trouble, a refusal, what is said below an answer. Pure."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from bot import texts
from bot.answering import editions
from bot.answering.confidence import why
from bot.answering.draft import Draft
from bot.answering.numbering import closest
from bot.answering.ports import Classifiers
from bot.answering.quote_writer import QuoteWriter
from bot.answering.search import MAX_PARTS, NEAR_CHAT, Finder, Findings, interleave
from bot.answering.wanted import wants_reason
from bot.types import Finished, Outcome, Question, Sentence, Turn
from bot.understanding import follow_up
from bot.understanding.addressed import asks, silences
from bot.understanding.follow_up import Resolved
from bot.understanding.topics import Matter, instead, matter, outside_family
from knowledge.errors import KnowledgeError
from knowledge.text.words import stems

MOODS = frozenset({"complaint", "praise", "thanks", "goodbye", "greeting"})  # chat that asks nothing

_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")


class Replies:
    """What is said where no sentence of the manual is the answer, or beside one."""

    def __init__(self, finder: Finder, quotes: QuoteWriter, classifiers: Classifiers) -> None:
        self._finder, self._policy, self._quotes, self._classifiers = finder, finder.policy, quotes, classifiers

    async def without_search(self, question: Question, resolved: Resolved) -> str | None:
        """The reply to chat, or to a question about the documents last cited, or named; None to all else."""
        say = texts.of(question.locale)
        why = bool(question.history) and wants_reason(question.text)  # "how come" alone complains
        talk = None if why else "quiet" if silences(question.text) else follow_up.small_talk(question.text)
        if talk is not None and not (talk == "capabilities" and question.history):  # "how does it work?"
            return say.small_talk[talk]
        if not resolved.texts:
            return say.says["nothing_before"]
        if question.history and not why and not asks(question.text):
            if follow_up.complains(question.text):
                return say.small_talk["complaint"]
            if not follow_up.goes_on(question.text) and (talk := await self._chat(question.text, in_thread=True)):
                return say.small_talk[talk]
        valid, refused = editions.asks_validity(question.text), _refused(question.history)
        if valid and (known := await self._validity(question, () if refused else _cited(question.history))):
            return known
        return say.says["why_refused"] if refused and (valid or why) else None

    async def _validity(self, question: Question, documents: Sequence[str]) -> str:
        known = await self._finder.searcher.editions(question.collections, documents, question.text)
        return editions.validity(known, texts.of(question.locale).says)

    async def _chat(self, text: str, *, in_thread: bool = False) -> str | None:
        """The kind of chat that the message is by its meaning, where that can be told."""
        chat = self._classifiers.chat
        if chat is None or self._classifiers.language(text) not in (None, "en"):
            return None
        with contextlib.suppress(KnowledgeError):  # what tells meaning is broken: it counts as a question
            kind = await asyncio.to_thread(chat, text, in_thread)
            return None if kind in MOODS and asks(text) else kind  # "useless. WHICH ONE" asks
        return None

    async def in_trouble(
        self, draft: Draft, kind: Matter, *, comforted: bool = False
    ) -> AsyncGenerator[Sentence | Finished]:
        """A kind word, and what the manual has for those whom this happens to: whom to turn to."""
        question, say = draft.question, texts.of(draft.question.locale)
        if not comforted:
            yield draft.say(say.kindly(kind))
        spoken = self._classifiers.language(question.text) or "en"
        asked = instead(kind, spoken, question.text) or [question.text]
        if kind == "person":
            draft.notes.append("person")
            asked = follow_up.asked_before(question.history)[-1:] or asked
        searches = sorted(await self._finder.look_up(draft, asked), key=lambda search: -search.confidence)
        draft.passages = interleave([search.passages for search in searches])
        draft.confidence = searches[0].confidence
        near = [search for search in searches if search.confidence >= self._policy.threshold]
        owners = editions.owners(draft.passages[:1], say.says) if near and kind == "person" else ""
        whom = outside_family(question.text) if kind == "bereaved" else None
        if whom and near and not set(stems(whom)) & set(stems(draft.passages[0].text)):
            yield draft.say(say.says["unnamed"].format(lacking=f"“{whom}”") + "\n\n")
        if near and not owners:
            resolved = follow_up.resolve(replace(question, text=near[0].text, history=()))
            async for checked in self._quotes.write(draft, resolved, spoken, near, in_trouble=True):
                for sentence in draft.show(checked):
                    yield sentence
        if owners:
            yield draft.say(owners)
        elif not draft.shown and (owner := editions.owner_near(draft.passages)):
            yield draft.say(say.says["refused_ask"].format(owner=owner))
        yield draft.finish(Outcome.ANSWERED)

    async def unanswered(
        self, draft: Draft, beside: Matter | None, found: Findings | None = None
    ) -> AsyncGenerator[Sentence | Finished]:
        """What is said where the manual has nothing: a refusal, or a reply to what was no question at all.

        Without `found` the passages were looked through in vain already. `beside`: told of and comforted for already.
        """
        question, say = draft.question, texts.of(draft.question.locale)
        if draft.repeated:  # all of it was said in the thread before
            yield draft.say(say.says["nothing_more"])
            yield draft.finish(Outcome.DEGRADED if draft.degraded else Outcome.ANSWERED)
            return
        cited = next((turn.documents for turn in reversed(question.history) if turn.role == "agent"), ())
        before = follow_up.asked_before(question.history)[-1:] if wants_reason(question.text) else []
        told_of = next((matter(text) for text in before if not asks(text) or matter(text) == "self_harm"), None)
        if before and cited and not told_of:
            owner = next((passage.owner for passage in draft.passages if passage.document in cited), None)
            more = f" {say.says['owner_knows'].format(owner=owner)}" if owner else ""
            yield draft.say(say.says["no_reason"] + more)
            yield draft.finish(Outcome.ANSWERED)
            return
        kind = (
            beside
            or told_of
            or await asyncio.to_thread(matter, draft.read_as, asked=True, likely=self._classifiers.topic)
        )
        whom = editions.asks_whom(draft.read_as)
        talk = found.chat if found else None
        if not (kind or whom or draft.unsure or question.private or draft.attacks):
            # what passages may answer is a question; "Cheers for that, saved me a call" is none
            talk = talk or follow_up.small_talk(draft.read_as) or await self._chat(draft.read_as)
            near = asks(draft.read_as) and (draft.confidence or 0.0) >= self._policy.threshold * NEAR_CHAT
            talk = None if near and talk in ("off_topic", "capabilities") else talk
        if kind or talk == "person":
            async for event in self.in_trouble(draft, kind or "person", comforted=bool(beside)):
                yield event
            return
        owner = editions.owner_instead(draft.passages, say.says) if whom and not draft.unsure else ""
        if reply := say.small_talk[talk] if talk else owner:
            yield draft.say(reply)
            yield draft.finish(Outcome.ANSWERED)
        elif found and found.foreign and draft.rewrite is None and not (self._finder.quoting and draft.passages):
            draft.spoken = self._classifiers.language(question.text)  # and was never put into English
            yield draft.finish(Outcome.REFUSED, notes=("language",))
        else:
            if self._finder.quoting and found:
                await self._quotes.look(draft, max(found.searches, key=lambda search: search.confidence))
            yield refusal(draft, self._policy.docs_url)

    async def below(self, draft: Draft, found: Findings, missing: Sequence[str]) -> list[str]:
        """What is said below an answer: what it leaves out, who looks after what it cites, whether that is valid."""
        question, say = draft.question, texts.of(draft.question.locale).says
        below = [
            say["part_unsure" if part in draft.unsure else "part_not_found"].format(
                part=part, near=draft.unsure.get(part)
            )
            for part in missing
        ]
        if missing:
            draft.notes.append("incomplete")
        if draft.spoken and missing:  # the part is our English, which nobody wrote
            below = [texts.of(draft.spoken).says["part_left"]]
        if found.more_parts:
            below.append(say["parts_left"].format(count=MAX_PARTS))
        cited = [citation.document for citation in draft.numbering.citations]
        quotes = (quote for citation in draft.numbering.citations for quote in citation.quotes)
        whom = editions.asks_whom(draft.read_as) and not any(map(editions.names_whom, quotes))
        if whom or question.private:
            told_of = {*cited} if question.private else {*cited, draft.passages[0].document}  # whatever it cites
            below.append(editions.owners((p for p in draft.passages if p.document in told_of), say))
        if any(editions.asks_validity(one) for one in _SENTENCE.split(question.text)) and cited:
            below.append(await self._validity(question, cited[:1]))
        return [text for text in below if text]


def _cited(history: Sequence[Turn]) -> tuple[str, ...]:
    """The documents that the last answer with sources cites."""
    return next((turn.documents for turn in reversed(history) if turn.documents), ())


def _refused(history: Sequence[Turn]) -> bool:
    """Whether the last question put to the bot was refused, which leaves no words of its own."""
    asked = [n for n, turn in enumerate(history) if turn.role == "user" and turn.to_bot]
    return bool(asked) and not any(turn.role == "agent" and turn.text for turn in history[asked[-1] + 1 :])


def refusal(draft: Draft, docs_url: str | None) -> Finished:
    """A refusal that says why, with the closest sections; without them for an attack, and of a person's own matters."""
    near = draft.passages
    # A score may err: where something comes near, words alone tell that the bot's set-up was asked for
    unsaid = {"hidden", "meaning"} if draft.nearest and near else {"hidden"}
    reason = "attack" if {*draft.attacks} - unsaid else why(draft.read_as, near)
    if reason is None and draft.rewrite and draft.spoken:
        reason = "foreign"
    elif reason is None and (draft.unsure or (draft.nearest and near)):
        reason = "unsure"
    return draft.finish(
        Outcome.REFUSED,
        notes=(reason,) if reason else (),
        closest=closest(() if reason in ("somebody", "attack") else near, docs_url, draft.nearest),
        ask=editions.owner_near(near) if reason in (None, "unsure", "foreign") else "",
    )
