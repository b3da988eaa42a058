"""Sentences of our own: a reply to chat, whom to turn to in trouble, a refusal, what is said below an answer. Pure."""

import asyncio
import contextlib
import re
from collections.abc import Sequence
from dataclasses import replace

from bot import texts
from bot.answering import editions, quoting
from bot.answering.confidence import KEYWORDS, confidence, why
from bot.answering.desks.contacts import says_whom
from bot.answering.draft import Draft, closest
from bot.answering.ports import Choose, Classifiers
from bot.answering.quote_writer import QuoteWriter
from bot.answering.search import MAX_PARTS, NEAR_CHAT, PASSAGES, Finder, Findings, Search, interleave
from bot.answering.wanted import changes_topic, placed, scope, wants_reason
from bot.answering.whom import Named, Whom
from bot.check.stream import silence
from bot.types import INCOMPLETE, UNVOTED, Finished, Outcome, Question, Sentence, Status, Turn
from bot.understanding import follow_up
from bot.understanding.codes import codes
from bot.understanding.follow_up import Resolved
from bot.understanding.in_english import asks_who
from bot.understanding.parts import asks, parts
from bot.understanding.phrases import normalised, phrases
from bot.understanding.small_talk import EMOJI, clause_asked, silences, small_talk, wording
from bot.understanding.topics import ALONE, COMFORTED, TROUBLES, URGENT, Kind, Told, asks_more, instead, of_somebody
from knowledge.errors import KnowledgeError
from knowledge.text.words import vocabulary, words
from knowledge.types import Query

MOODS = frozenset({"complaint", "praise", "thanks", "goodbye", "greeting"})  # chat that asks nothing
JUDGES = frozenset({"complaint", "praise"})  # chat about the bot and what it said
CHAT_WORDS = 20  # words; a longer message asks something, however it begins and whatever it sounds like; guess

_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")


class Replies:
    """What is said where no sentence of the manual is the answer, or beside one."""

    def __init__(self, finder: Finder, quotes: QuoteWriter, classifiers: Classifiers, choose: Choose | None) -> None:
        self._finder, self._policy, self._quotes, self._classifiers = finder, finder.policy, quotes, classifiers
        self._whom = Whom(finder, classifiers, choose)

    async def without_search(self, question: Question, resolved: Resolved, *, told: bool) -> str | None:
        """The reply to chat, or to a question about the documents last cited, or named; None to all else.

        What tells of something is no scorn: "My laptop was stolen. What are you even good for?"
        """
        say = texts.of(question.locale)
        why = bool(question.history) and wants_reason(question.text)  # "how come" alone complains
        talk = None if why else "quiet" if silences(question.text) else small_talk(question.text)
        if talk is not None and not (talk == "capabilities" and question.history):  # "how does it work?"
            return await self._chatted(question, talk)
        if not why and not told and follow_up.scorns(question.text):
            return await self._chatted(question, "complaint")
        if not resolved.texts:
            return say.says["nothing_before"]
        if question.history and not why and not asks(question.text):
            if follow_up.complains(question.text):
                return await self._chatted(question, "complaint")
            if not follow_up.goes_on(question.text) and (talk := await self._chat(question.text, in_thread=True)):
                return await self._chatted(question, talk)
        valid, refused = editions.asks_validity(question.text), _refused(question.history)
        documents = self._finder.documents
        if valid:
            cited = () if refused else _cited(question.history)
            cited = cited or await documents.named(question.collections, wording(question.text))
            if known := await documents.validity(question.collections, cited, question.text, say.says):
                return known
        whom = editions.asks_whom(question.text)
        if whom and (known := await documents.owners(question.collections, question.text, say.says)):
            return known
        return say.says["why_refused"] if refused and (valid or why) else None

    async def _chatted(self, question: Question, talk: str) -> str:
        """The reply to chat; to a complaint behind a refusal an apology, and whom to ask instead."""
        say = texts.of(question.locale)
        if talk == "praise" and not question.history and not normalised(EMOJI.sub(" ", question.text)):
            talk = "greeting"  # a smile to begin with
        if talk == "person":
            return f"{say.small_talk[talk]} {await self._whom_at_all(question)}"
        if talk != "complaint" or not _refused(question.history):
            return say.small_talk[talk]
        asked = follow_up.asked_before(question.history)[-1:]
        query = Query(tuple((wording(one), 1.0) for one in asked), limit=PASSAGES)
        found = await self._finder.documents.search(query, question.collections)
        owner = editions.owner_near(found.passages)
        return " ".join([say.says["sorry"], *([say.says["refused_ask"].format(owner=owner)] if owner else [])])

    async def _chat(self, text: str, *, in_thread: bool = False) -> str | None:
        """The kind of chat that a message in English is by its meaning, where that can be told.

        None of what names a code, confides something, judges others than the bot, or goes on from what nobody said.
        """
        if codes(text) or clause_asked(text) or not self._is_english(text):
            return None
        listed = phrases("words")
        aimed = {"you", "your", *listed["about"], *listed["thanks"]}  # "useless answer", not "useless server"
        with contextlib.suppress(KnowledgeError):  # what tells meaning is broken: it counts as a question
            kind = await asyncio.to_thread(self._classifiers.chat, text, in_thread)
            if kind in MOODS and asks(text):  # "useless. WHICH ONE" asks
                return None
            if not in_thread and (
                (kind in JUDGES and aimed.isdisjoint(words(text)))
                or (kind == "off_topic" and (follow_up.leans(text) or len(text.split()) <= KEYWORDS))
            ):
                return None
            told = await asyncio.to_thread(self._classifiers.told, text) if kind else None
            return None if told else kind
        return None

    def _is_english(self, text: str) -> bool:
        """Whether it is in English; of a few words that tell no language, most are."""
        spoken = self._classifiers.language(text)
        known = [word in vocabulary() for word in words(text)]
        return spoken == "en" or (spoken is None and 2 * sum(known) > len(known))

    async def in_trouble(self, draft: Draft, told: Told) -> list[Sentence | Finished]:
        """What the manual has for those whom this happens to: whom to turn to. A kind word was said before."""
        question, say, draft.told = draft.question, texts.of(draft.question.locale).says, told
        if told.kind == "person":
            draft.notes.append("person")
        searches = await self.looked_up(draft, told, question.text)
        draft.passages = interleave([search.passages for search in searches])
        draft.confidence = searches[0].confidence
        near = [search for search in searches if search.confidence >= self._policy.threshold]
        if near and told.kind == "person" and (owners := editions.owners(draft.passages[:1], say)):
            return [*draft.lead_over(), *_replied(draft, owners)]
        events: list[Sentence | Finished] = []
        spoken = self._classifiers.language(question.text) or "en"
        urgent = told.kind == ALONE or (told.kind in URGENT and asks(question.text))
        if urgent and question.text not in (one.text for one in searches):
            own = (await self._finder.look_up(draft, [question.text]))[0]  # "must I pass on what she told me?"
            by_itself = replace(follow_up.resolve(replace(question, history=())), by_itself=True)
            if await self._quotes.is_sure(draft, own, by_itself, spoken):
                draft.passages = interleave([own.passages, draft.passages])
                near = [own, *near]
        if near:
            resolved = follow_up.resolve(replace(question, text=near[0].text, history=()))
            async for checked in self._quotes.write(draft, resolved, spoken, near):
                if told.grave and INCOMPLETE in draft.notes:
                    break  # what only comes closest is no help
                events += draft.show(checked)
        if not draft.shown:
            if told.kind != ALONE:
                owner = editions.owner_instead(draft.passages, say)
                events.append(draft.say(owner or await self._whom_at_all(question)))
            draft.notes += [note for note in ("person", UNVOTED) if note not in draft.notes]
        return [*events, draft.finish(Outcome.ANSWERED)]

    async def _whom_at_all(self, question: Question) -> str:
        """Who looks after the manual, where it names nobody for what is told; or that it names nobody."""
        say = texts.of(question.locale).says
        for one in instead(Told("person", ""), self._classifiers.language(question.text) or "en"):
            query = Query(((one, 1.0),), limit=PASSAGES)
            found = (await self._finder.documents.search(query, question.collections)).passages
            owners = editions.owners(found[:1], say)
            if owners and confidence(one, found) >= self._policy.threshold:
                return f"{say['owner_instead']} {owners}"
        return say["nobody_named"]

    async def looked_up(self, draft: Draft, told: Told, *otherwise: str) -> list[Search]:
        """What is found for those whom this happens to, or `otherwise`, the surest first."""
        asked = instead(told, self._classifiers.language(draft.question.text) or "en")
        if told.kind == "person":
            asked = follow_up.asked_before(draft.question.history)[-1:] or asked
        asked = asked or [*otherwise]
        found = [replace(one, in_trouble=True) for one in await self._finder.look_up(draft, asked)] if asked else []
        return sorted(found, key=lambda search: -search.confidence)

    async def unanswered(
        self, draft: Draft, beside: Kind | None, found: Findings
    ) -> Sequence[Status | Sentence | Finished]:
        """What is said where the manual has nothing: a refusal, or a reply to what was no question at all.

        `beside`: what the message tells of, comforted for already.
        """
        question, say = draft.question, texts.of(draft.question.locale)
        if draft.repeated:  # all of it was said in the thread before
            outcome = Outcome.DEGRADED if draft.degraded_reason else Outcome.ANSWERED
            return [draft.say(say.says["nothing_more"]), draft.finish(outcome)]
        if of_somebody(question.text):
            return [draft.finish(Outcome.REFUSED, notes=("somebody",))]
        told = draft.told
        if wants_reason(question.text) and (before := follow_up.asked_before(question.history)):
            told = await self._told_before(before[-1])
            if not told and (reply := _no_reason(draft)):
                return _replied(draft, reply)
        if told and told.kind not in (*COMFORTED, *TROUBLES):
            told = None
        whom = editions.asks_whom(draft.read_as)
        talk = None if told else await self._talk(draft, None if draft.model else found.chat, whom=whom)
        if told or talk == "person":
            told = told or Told("person", question.text)
            comfort = [] if beside else [draft.comfort(told.kind, await self._closest_rule(draft, told.kind))]
            alone = [Status("sensitive")] if told.topic and not question.private else []
            if draft.model_found_none and told.topic and not (whom or told.grave) and asks_more(question.text):
                comfort.append(draft.say(f"\n\n{say.refused_because['unsure']}\n\n"))
                draft.notes.append(INCOMPLETE)
            return [*alone, *comfort, *await self.in_trouble(draft, told)]
        doubted = talk == "off_topic" and asks(draft.read_as)  # "can I have his number, the truck is waiting"
        named = None
        if not draft.attacks and (doubted or not talk):
            named = await self._whom.named(draft, draft.read_as, found)
        talk = None if named else talk
        if whom and named and not talk:
            said = draft.say_quoted(f"“{named.contact.words}”", named.passage, *named.contact.place)
            return [said, draft.finish(Outcome.ANSWERED)]
        owner = editions.owner_instead(draft.passages, say.says) if whom and not draft.unsure and not named else ""
        if talk:
            draft.passages = ()  # nobody votes on chat
        if reply := await self._chatted(question, talk) if talk else owner:
            return _replied(draft, reply)
        return [await self._refuse(draft, found, named)]

    async def _told_before(self, text: str) -> Told | None:
        """What the question before tells of; what only asks of it tells of none, but self-harm."""
        told = await asyncio.to_thread(self._classifiers.told, text)
        return told if told and (told.kind == "self_harm" or not asks(text)) else None

    async def _closest_rule(self, draft: Draft, kind: Kind) -> str:
        """What comes closest to what is asked behind a trouble: "I'm an addict. When is the note due?"; or ""."""
        *told, asked = _SENTENCE.split(draft.read_as)
        if kind not in TROUBLES or not told or not asks(asked) or draft.spoken:
            return ""
        near = await self._quotes.nearest_to((await self._finder.look_up(draft, [asked]))[0])
        say = texts.of(draft.question.locale).says
        return say["part_unsure"].format(part=asked, near=near) + "\n\n" if near else ""

    async def _refuse(self, draft: Draft, found: Findings, named: Named | None) -> Finished:
        """A refusal; of what no writer has looked through, with what comes nearest, or for its language alone."""
        by_quotes = self._finder.quoting
        if draft.model is None and found.foreign and draft.rewrite is None and not (by_quotes and draft.passages):
            draft.spoken = self._classifiers.language(draft.question.text)  # and was never put into English
            return draft.finish(Outcome.REFUSED, notes=("language",), whom=named and named.place(draft.docs_url))
        if draft.model is None and by_quotes:
            await self._quotes.look(draft, max(found.searches, key=lambda search: search.confidence))
        return refusal(draft, named)

    async def _whom_below(
        self, draft: Draft, found: Findings, missing: Sequence[str], *, wanted: bool
    ) -> list[Sentence]:
        """Whom to ask: where that is `wanted`, or the answer is not sure, or says that the manual lacks something."""
        quotes = [one for citation in draft.numbering.citations for one in citation.quotes]
        if INCOMPLETE not in draft.notes and any(silence(one) for one in draft.plain):
            draft.notes.append(INCOMPLETE)
        if not wanted and (INCOMPLETE not in draft.notes or draft.told or any(map(says_whom, quotes))):
            return []
        named = await self._whom.named(draft, " ".join(missing) or draft.read_as, found)
        if named is None:
            return []
        text = f"\n\n{texts.of(draft.question.locale).says['whom']} “{named.contact.words}”"
        return [draft.say_quoted(text, named.passage, *named.contact.place)]

    async def _talk(self, draft: Draft, talk: str | None, *, whom: bool) -> str | None:
        """The kind of chat that a message is, of which a model read `talk`; what passages may answer is a question."""
        if follow_up.complains(draft.read_as) and not draft.attacks:
            return "complaint"
        pointed = bool(draft.question.history) and follow_up.points_above(draft.question.text)
        if whom or pointed or draft.unsure or draft.question.private or draft.attacks:
            return talk
        talk = talk or small_talk(draft.read_as)
        if talk is None and len(draft.read_as.split()) <= CHAT_WORDS:
            talk = await self._chat(draft.read_as)
        near = asks(draft.read_as) and (draft.confidence or 0.0) >= self._policy.threshold * NEAR_CHAT
        return None if near and talk in ("off_topic", "capabilities") else talk

    async def below(self, draft: Draft, found: Findings) -> list[Sentence]:
        """What is said below an answer: what it leaves out, who looks after what it cites, whether that is valid."""
        question, say = draft.question, texts.of(draft.question.locale).says
        quotes = [(citation.document, one) for citation in draft.numbering.citations for one in citation.quotes]
        # Who asks what changed wants to see editions that disagree.
        if quoting.disagree(quotes) and changes_topic(question.text) is None:
            draft.notes.append("disagree")
        missing = [s for s in found.searches if s not in found.answerable or s.text in draft.unanswered]
        if draft.told and draft.told.topic in texts.of().leads and quotes:  # "This is whom the manual names."
            missing = [one for one in missing if not asks_who(one.text)]
        below, own = [], found.resolved.own
        for search in missing:
            near = draft.unsure.get(search.text) or await self._quotes.nearest_to(search)
            if near and any(near in quote for _, quote in quotes):  # it stands above, for another part
                if question.history:
                    continue  # which the follow-up goes on from
                near = None
            asked = (one for one in parts(own) if search.text.endswith(one))
            part = next(asked, own)  # as it was asked, without the talk above it
            below.append(say["part_unsure" if near else "part_not_found"].format(part=part, near=near))
        named = draft.unanswered - {search.text for search in found.searches}
        below += [say["part_not_found"].format(part=word) for word in sorted(named)]
        if missing or named:
            draft.notes.append(INCOMPLETE)
        if draft.spoken and missing:  # the part is our English, which nobody wrote
            below = [texts.of(draft.spoken).says["part_left"]]
        if found.more_parts:
            below.append(say["parts_left"].format(count=MAX_PARTS))
        cited = [citation.document for citation in draft.numbering.citations]
        if question.private:
            below.append(editions.owners((p for p in draft.passages if p.document in cited), say))
        named_by = [name for one in draft.numbering.citations if (name := scope(one.section))]
        below += placed(question, draft.read_as, named_by)
        if any(editions.asks_validity(one) for one in _SENTENCE.split(question.text)) and cited:
            validity = self._finder.documents.validity
            below.append(await validity(question.collections, cited[:1], question.text, say))
        said = [draft.say("\n\n" + text) for text in below if text]
        whom = editions.asks_whom(draft.read_as) and not any(says_whom(quote) for _, quote in quotes)
        titled = [one for one in draft.passages if one.owner and one.document in cited]
        titled = [one for one in titled if whom and editions.shares_a_word(one.title, draft.read_as)]
        if not titled or question.private:  # the owner of what is asked about comes before a desk for such matters
            said += await self._whom_below(draft, found, [*(one.text for one in missing), *named], wanted=whom)
        if whom and not question.private and not (said and said[-1].citations):
            told_of = {*cited, draft.passages[0].document}  # whatever it cites
            owners = editions.owners(titled or (p for p in draft.passages if p.document in told_of), say)
            said += [draft.say("\n\n" + owners)] if owners else []
        return said


def _cited(history: Sequence[Turn]) -> tuple[str, ...]:
    """The documents that the last answer with sources cites."""
    return next((turn.documents for turn in reversed(history) if turn.documents), ())


def _refused(history: Sequence[Turn]) -> bool:
    """Whether the last question put to the bot was refused, which leaves no words of its own."""
    asked = [n for n, turn in enumerate(history) if turn.role == "user" and turn.to_bot]
    return bool(asked) and not any(turn.role == "agent" and turn.text for turn in history[asked[-1] + 1 :])


def _no_reason(draft: Draft) -> str:
    """That what the answer before cites gives no reason, and who may know it; "" where it cites nothing."""
    cited = next((turn.documents for turn in reversed(draft.question.history) if turn.role == "agent"), ())
    say = texts.of(draft.question.locale).says
    owner = next((passage.owner for passage in draft.passages if passage.document in cited), None)
    more = f" {say['owner_knows'].format(owner=owner)}" if owner else ""
    return say["no_reason"] + more if cited else ""


def _replied(draft: Draft, text: str) -> list[Sentence | Finished]:
    """Words of ours as the whole answer, or the rest of it."""
    return [draft.say(text), draft.finish(Outcome.ANSWERED)]


def refusal(draft: Draft, named: Named | None = None) -> Finished:
    """A refusal that says why, with the closest sections; without them for an attack, and of a person's own matters."""
    near = draft.passages
    # A score may err: where something comes near, words alone tell that the bot's set-up was asked for
    unsaid = {"hidden", "meaning"} if draft.nearest and near else {"hidden"}
    reason = "attack" if {*draft.attacks} - unsaid else why(draft.read_as, near)
    if reason is None and draft.rewrite and draft.spoken:
        reason = "foreign"
    elif reason is None and (draft.unsure or (draft.nearest and near)):
        reason = "unsure"
    if reason in ("attack", "somebody"):
        named = None
    return draft.finish(
        Outcome.REFUSED,
        notes=(reason,) if reason else (),
        closest=closest(() if reason in ("somebody", "attack") else near, draft.docs_url, draft.nearest),
        ask=editions.owner_near(near) if reason in (None, "unsure", "foreign") and not named else "",
        whom=named and named.place(draft.docs_url),
    )
