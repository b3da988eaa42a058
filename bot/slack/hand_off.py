""" "Ask a person": a refused question goes to the channel of those who may know; what they reply comes back.

What its asker writes behind that is offered to be sent on, for nobody else reads it.

In: a press, a form, messages in threads that we began there. Out: rows committed before Slack knows, then messages.
Rules kept: each message is posted once, however often it is tried (it is known by its metadata); nothing goes on but
what its asker sent off in the form, or by a press; the owners' channel is shown no section that it may not see; two
who ask are one question only where both sent the same words that nobody can mean of themselves.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog

from bot.errors import SlackError, StoreError
from bot.privacy.find import find
from bot.privacy.mask import masked, sent, worded
from bot.rules.tables import Person, Rules
from bot.slack import meanings, message_text, own_messages, private
from bot.slack.api import Gone, Refused
from bot.slack.background import every, in_background
from bot.slack.blocks import Block, button, buttons, section_with_ids
from bot.slack.hand_off_views import MENTION, asked_view, form_view, mention, needs_yes, person_button, quoted
from bot.slack.meanings import HandOffGiven, OnMessage, Overheard, Pressed, packed
from bot.slack.safe_text import mrkdwn
from bot.slack.services import Services, note_window
from bot.store.hand_offs import ATTEMPTS, LEASE_S, Carried, ask_key
from bot.store.jobs import OfMessage, Received
from bot.types import INCOMPLETE, Citation, Closest, Outcome, Record
from bot.understanding.phrases import phrases

LOOK_S = 5.0  # between two looks for messages that could not be posted at once; guess
CLOSING_S = 4.0  # a process that stops waits so long for what it is posting; guess
SENT = "outbox_tray"  # the emoji under what went to who asked
FEWEST_WORDS = 4  # of a question that another may ask in the same words; guess


def owners(rules: Rules, record: Record) -> str | None:
    """The channel that the record's question may be handed to; None where there is none."""
    return next(_owned(rules, record), (None, None))[0]


def _owned(rules: Rules, record: Record) -> Iterator[tuple[str, str | None]]:
    """Channels the question may be handed to, best first, with whom the rules name as owner there."""
    asked = record.question
    owned = {(p.collection, p.document): p.owner for p in record.answer.passages}
    places: list[Closest | Citation] = [*record.answer.closest, *record.answer.citations]
    collections = [(_collection(one, record), owned.get((one.collection, one.document))) for one in places]
    for name, owner in dict.fromkeys([*collections, *((name, None) for name in asked.collections)]):
        about, channel = rules.about(name), rules.owner_channel(name, owner, asked.channel)
        if channel and channel != asked.channel and rules.may_see(name, Person(channel=channel)):
            theirs = channel == rules.of_owner(owner) != about.owner_channel  # not the collection's owner's
            yield channel, None if theirs else about.owner


def below(rules: Rules, record: Record) -> list[Block]:
    """The button, below a refusal that can be handed on, and where a person was asked for."""
    open_still = _unanswered(record) and owners(rules, record)
    return [person_button(record.id, record.question.locale)] if open_still else []


async def after_vote(services: Services, on: OnMessage) -> list[Block]:
    """The button, for whom their own answer in this message did not help, if somebody may know; no vote fails of it."""
    with contextlib.suppress(StoreError):
        record = await services.in_thread(services.store.answers.by_message, *on.place)
        if record and record.question.user == on.user and owners(services.rules, record):
            value = packed(record.id, on.channel, on.message_ts, on.thread_ts)
            return [person_button(value, record.question.locale)]
    return []


class HandOff:
    """Questions to people and their replies, for one workspace."""

    def __init__(self, services: Services) -> None:
        self._services, self._in_thread = services, services.in_thread
        self._keyed = services.store.audit.pseudonyms.of
        self._carrying: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def share(self, press: Pressed) -> None:
        """Commit that a private answer is shared, and carry it. Raises StoreError."""
        if await private.share_pressed(self._services, press):
            self.carry()

    async def given(self, form: HandOffGiven) -> None:
        """Commit what its asker sends off. Raises StoreError: then the form stays."""
        services, question, (channel, _) = self._services, form.question, form.question.place
        record = await self._in_thread(services.store.answers.by_id, question.answer)
        theirs = record is not None and record.question.user == form.user and owners(services.rules, record) == channel
        if not (record and theirs and question.text and (form.yes or not needs_yes(record))):
            services.post_ephemeral(form, services.texts_for(form.user).modals["person_changed"])
            return
        same = await self._in_thread(digest, question.text, record, self._keyed)
        store = services.store.hand_offs  # what people reply in the thread `before` goes to all who asked
        before = await self._in_thread(store.same_in, form.team, channel, same) if same else None
        if await self._in_thread(store.add, replace(question, place=(channel, before)), services.now()):
            self.carry()

    async def replied(self, heard: Overheard) -> bool:
        """Whether the message stands below a question that was handed on.

        Then it is committed to be carried back; one that opens by calling somebody else only once its writer says so.
        """
        message = heard.message
        if message.thread_ts is None:
            return False
        place = message.team, message.channel, message.thread_ts
        asked = await self._in_thread(self._services.store.hand_offs.asked_in, *place)
        if asked and heard.called and heard.called.isdisjoint(one.asker for one in asked):
            said = self._services.texts_for(message.user).modals["person_among"]
            self._offer(message, asked[0].answer, said)
        else:
            await self._reply(asked, message.user, message.message_ts)
        return bool(asked)

    async def _reply(self, asked: Sequence[Carried], user: str, ts: str) -> None:
        """Commit that this message goes back to who asked. Raises StoreError."""
        services, new = self._services, False
        for one in asked:
            key = f"reply:{one.place[0]}:{one.answer}:{ts}"
            reply = replace(one, key=key, kind="reply", user=user, text="")  # words: as they stand when carried
            new |= await self._in_thread(services.store.hand_offs.add, reply, services.now())
        if new:
            self.carry()

    async def changed(self, message: OfMessage) -> None:
        """Commit that copies of the message, if it was carried, are to say what it says now. Raises StoreError."""
        services = self._services
        if await self._in_thread(services.store.hand_offs.changed, *message.place, services.now()):
            self.carry()

    async def offer(self, message: Received) -> bool:
        """Whether it stands behind a reply by a person, who doesn't read there: its author is offered to send it on."""
        services = self._services
        if not (reply := await self._behind(message)):
            return False
        if await services.once(":".join(("behind", *message.place))):
            say = services.texts_for(message.user).modals
            text = say["person_behind"].format(person=f"<@{reply.user}>", channel=f"<#{reply.place[0]}>")
            self._offer(message, reply.answer, text)
        return True

    def _offer(self, message: Received, answer: str, text: str) -> None:
        """Offer its author to send the message on to the other side."""
        value = packed(answer, message.channel, message.message_ts, message.thread_ts)
        send = button(meanings.SEND_ON, self._services.texts_for(message.user).modals["person_on"], value)
        place = {"channel": message.channel, "thread_ts": message.thread_ts, "user": message.user}
        offered = [section_with_ids(text), buttons(send)]
        self._services.call_in_background("chat.postEphemeral", **place, text=text, blocks=offered)

    async def send_on(self, press: Pressed) -> None:
        """Commit that the message goes on to the other side. Raises StoreError."""
        services = self._services
        asked = await self._in_thread(services.store.hand_offs.find, ask_key(press.answer))
        if asked and asked.place == (press.channel, press.thread_ts):
            place = press.team, press.channel, str(press.thread_ts)
            await self._reply(
                await self._in_thread(services.store.hand_offs.asked_in, *place), press.user, press.message_ts
            )
            return
        if asked is None or asked.asker != press.user or asked.home != (press.channel, press.thread_ts):
            return
        key = f"more:{press.channel}:{press.answer}:{press.message_ts}"
        more = replace(asked, key=key, kind="more", text="")  # words: as they stand when carried
        if await self._in_thread(services.store.hand_offs.add, more, services.now()):
            self.carry()

    async def _behind(self, message: Received) -> Carried | None:
        """The person's answer that its asker's message stands behind; None where there is none, or it can't be told."""
        if message.thread_ts is None:
            return None
        home = message.channel, message.thread_ts
        with contextlib.suppress(StoreError):
            return await self._in_thread(
                self._services.store.hand_offs.written_behind, message.team, message.user, home
            )
        return None

    def carry(self) -> asyncio.Task[None]:
        """Post what is due in the background; what Slack does not take is tried again later."""
        task = in_background(self._carry_all())
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)
        return task

    async def stop(self) -> None:
        """Carry nothing more; what Slack takes too long over is left to the next process."""
        self._stopping = True
        if carrying := set(self._carrying):
            _, late = await asyncio.wait(carrying, timeout=CLOSING_S)
            for task in late:
                task.cancel()
            await asyncio.wait(carrying)

    async def _carry_all(self) -> None:
        store, services = self._services.store.hand_offs, self._services
        while not self._stopping and (message := await self._in_thread(store.claim, services.now())):
            holding = asyncio.create_task(self._hold(message))
            try:
                await self._carry(message)
            except asyncio.CancelledError:  # or its lease would keep the next process from it
                await self._in_thread(store.later, message, services.now())
                raise
            finally:
                holding.cancel()

    async def _hold(self, message: Carried) -> None:
        services, store = self._services, self._services.store.hand_offs
        await every(LEASE_S / 3, "hand_off", lambda: self._in_thread(store.hold, message, services.now()))

    async def _carry(self, message: Carried) -> None:
        """Post it, and tell its asker of it. Raises StoreError."""
        services = self._services
        record = await self._in_thread(services.store.answers.by_id, message.answer) if message.kind == "ask" else None
        same = await self._in_thread(digest, message.text, record, self._keyed) if record else ""
        try:
            ts = await self._post(message)
        except SlackError as error:
            reason = error.reason if isinstance(error, Refused) else error.code
            structlog.get_logger().warning("hand_off_not_posted", kind=message.kind, reason=reason)
            lost = isinstance(error, Refused) and message.kind == "ask" and message.place[1] is not None
            if lost:  # the thread it joins is gone: it stands alone
                message = replace(message, place=(message.place[0], None))
            if message.attempt < ATTEMPTS and (lost or not isinstance(error, Refused)):
                again = services.now() + timedelta(seconds=min(2.0**message.attempt, 60.0))
                await self._in_thread(services.store.hand_offs.later, message, again)
                return
            ts = None
        await self._in_thread(services.store.hand_offs.ended, message, ts, services.now(), same)
        if message.kind == "reply" and ts:
            channel, said = message.place[0], message.key.rpartition(":")[2]
            services.call_in_background("reactions.add", channel=channel, timestamp=said, name=SENT)
        if message.kind == "share" and ts and await self._content(message) is None:  # deleted while it was posted
            await own_messages.delete(services.api, message.target[0], ts)

    async def show(self, press: Pressed) -> None:
        """Show the form, or why there is none. What one may not see is told like what is not there."""
        services = self._services

        async def form(_view: str) -> Block | str:
            record = await services.answer_of(press)
            if record is None or not await services.access.may_see(record, press.user, press.channel, alone=True):
                return "show_nothing"
            if record.question.user != press.user:
                return "person_not_yours"
            locale = record.question.locale  # as the answer and its button
            known = await self._in_thread(services.store.hand_offs.find, ask_key(record.id))
            if known is not None and known.state != "failed":
                return note_window("person", "person_asked", locale=locale, channel=f"<#{known.place[0]}>")
            if (channel := owners(services.rules, record)) is None:
                return "person_changed"
            place = press.channel, press.thread_ts or record.thread_ts or press.message_ts
            return form_view(record, place, channel, locale)

        await services.window(press, "person", form, above=press.in_view)

    async def _post(self, message: Carried) -> str | None:
        """Post it, unless an earlier attempt did; its ts, or None where there is nothing to post any more.

        A reply whose thread is closed to the bot by now goes to its asker's direct messages.
        """
        try:
            return await self._post_in(message, *message.target)
        except Gone:
            if message.kind != "reply":
                raise
        opened = await self._services.api.call_with_retries("conversations.open", again=True, users=message.asker)
        return await self._post_in(message, str(opened["channel"]["id"]), None)

    async def _post_in(self, message: Carried, channel: str, thread_ts: str | None) -> str | None:
        services = self._services
        earlier = None
        if message.attempt > 1:
            earlier = await own_messages.posted(services.api, channel, thread_ts, services.me.user, message.key)
        if earlier and not message.changed:
            return earlier
        content = await self._content(message, changed=earlier is not None)
        if content is None:
            return None
        if await services.reaches_others(channel):
            raise Gone("chat.postMessage", "is_ext_shared")
        if earlier:
            copy = {"channel": channel, "ts": earlier, "text": content[0], "blocks": content[1]}
            await services.api.call_with_retries("chat.update", again=True, **copy)
            return earlier
        place: dict[str, Any] = {"channel": channel, "thread_ts": thread_ts, "unfurl_links": False}
        if message.kind == "ask" and thread_ts:
            place["reply_broadcast"] = True  # else nobody may see it there
        return await own_messages.post(services.api, message.key, *content, **place)

    async def _content(self, message: Carried, *, changed: bool = False) -> tuple[str, list[Block]] | None:
        """Its text and blocks; None where there is nothing to post. `changed`: it was posted before, otherwise."""
        services = self._services
        if message.kind == "share":
            return await private.shared_content(services, message)
        await services.locales.of(message.asker)
        say = services.texts_for(message.asker).modals
        channel, thread_ts = message.place
        if message.kind == "told":
            return say[f"person_{message.text}"].format(channel=f"<#{channel}>"), []
        if message.kind == "reply":
            words = await self._words(message, (channel, str(thread_ts)), say, changed)
            if words is None:
                return None
            team = services.rules.team(channel)
            person = f"<@{message.user}>" + (f" ({mrkdwn(team)})" if team else "")
            head = say["person_reply"].format(asker=f"<@{message.asker}>", person=person)
            asked = await self._in_thread(services.store.hand_offs.asked_in, services.me.team, channel, str(thread_ts))
            others = {f"<@{one.asker}>" for one in asked} - {f"<@{message.asker}>"}
            text = MENTION.sub(lambda named: "@…" if named[1] in others else named[1], words)
            return head, quoted(head, text, mentions=True)
        if message.kind == "more":
            words = await self._words(message, message.home, say, changed)
            head = say["person_more" + ("" if message.named else "_unnamed")].format(person=f"<@{message.asker}>")
            if words is None:
                return None
            return head, quoted(head, worded(sent(words, services.me.find_personal)), mentions=True)
        record = await self._in_thread(services.store.answers.by_id, message.answer)
        return await self._asked(message, record) if record else None

    async def _words(
        self, message: Carried, thread: tuple[str, str], say: Mapping[str, str], changed: bool
    ) -> str | None:
        """What the message, which stands in this thread, says now; None where it is deleted before it was posted."""
        ts = message.key.rpartition(":")[2]
        async for one in self._services.api.replies(*thread):
            if one["ts"] == ts and one.get("user") == message.user:
                text, names = message_text.text_of(one, self._services.me.user), ", ".join(message_text.files(one))
                with_files = say["person_files"].format(files=names) if names else ""
                words = f"{text}\n{with_files}".strip() or say["person_no_words"]
                return f"{words}\n{say['person_edited']}" if changed else words
        return say["person_taken_back"] if changed else None

    async def _asked(self, message: Carried, record: Record) -> tuple[str, list[Block]]:
        """The question as the owners' channel reads it: the sections that came closest, those that were cited."""
        services, rules, answer = self._services, self._services.rules, record.answer
        say, locale = services.texts_for(message.asker).modals, services.locales.known(message.asker)
        channel, thread_ts = message.place
        why = "" if answer.outcome is Outcome.REFUSED else "_open" if _unanswered(record) else "_voted"
        code = f"person_asks{why}" + ("" if message.named else "_unnamed")
        head = say[code].format(person=f"<@{message.asker}>")
        if thread_ts is None:  # who joins a question calls nobody once more
            named = (owner for there, owner in _owned(rules, record) if there == channel)
            head = mention(next(named, None)) + head
        there = Person(channel=channel)  # is shown no section that it may not see
        near = [one for one in answer.closest if rules.may_see(_collection(one, record), there)]
        cited = [one for one in answer.citations if rules.may_see(_collection(one, record), there)]
        link = await self._link(message.home) if message.named and not needs_yes(record) else None
        how = say["person_how" if thread_ts is None else "person_how_all"]
        refused = near if answer.outcome is Outcome.REFUSED else []
        return head, asked_view(head, worded(message.text), message.urgency, refused, cited, link, how, locale)

    async def _link(self, home: tuple[str, str]) -> str | None:
        """A link to the question: it tells who asked, and where."""
        question = {"channel": home[0], "message_ts": home[1]}
        with contextlib.suppress(Refused):
            answer = await self._services.api.call_with_retries("chat.getPermalink", again=True, **question)
            return str(answer["permalink"])
        return None


def _collection(one: Closest | Citation, record: Record) -> str:
    return one.collection or record.question.collections[0]


def _unanswered(record: Record) -> bool:
    """Whether the manual did not answer, or not all, or was not asked: somebody wished for a person, or may well."""
    notes = {*record.answer.notes}
    return bool(notes & {"person", INCOMPLETE, "private_whom"}) or (
        record.answer.outcome is Outcome.REFUSED and "attack" not in notes
    )


def digest(text: str, record: Record, keyed: Callable[[str], str]) -> str:
    """What the same question has in common whoever sends it; "" where only this asker can mean it, or few words tell.

    Of the words as they are sent, whatever their capitals and the marks around them, and of what may be read to answer
    them; nobody can try words on it without the key. Nothing is joined that was put in confidence or by somebody whose
    words are not kept, hangs on its thread or on a value that stays hidden, or speaks of its asker.
    """
    asked, words = record.question, re.findall(r"\w+", text.casefold())
    own: object = asked.history or needs_yes(record) or "person" in record.answer.notes
    own = own or masked(text) or find(text) or not asked.text
    if own or len(words) < FEWEST_WORDS or not {*phrases("self")["words"]}.isdisjoint(words):
        return ""
    alike = " ".join(text.casefold().split()).strip(" ?!.…¿¡")  # marks within tell: C++ and C#, < 50 and > 50
    return keyed(json.dumps(["asked", alike, *asked.collections]))
