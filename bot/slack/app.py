"""The Bolt app: what Slack sends is committed first, acknowledged second, worked on from the inbox.

In: every event and action of either transport. Out: rows in the store, a worker that wakes. Rules kept: what could not
be committed is not acknowledged, so that Slack sends it again; nothing here waits for Slack or for a model; of a
message that is not for the bot (bot.understanding.addressed decides) nothing is stored but that somebody spoke.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import fields, replace
from functools import partial
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.errors import SlackError, StoreError
from bot.log import traced
from bot.privacy.mask import shape
from bot.slack import first_contact, home, meanings, own_messages, parse, showing, voting
from bot.slack.api import INSTALL_AGAIN
from bot.slack.background import in_background
from bot.slack.blocks import button, buttons
from bot.slack.hand_off import HandOff
from bot.slack.history import FRESH, after_those_before, question_of
from bot.slack.services import Services
from bot.slack.shortcut import Shortcut
from bot.slack.showing import PagePictures
from bot.slack.worker import Worker
from bot.store.hand_offs import ask_key
from bot.store.jobs import DELETED, Job, Received, State, question_id
from bot.types import WITHDRAWN
from bot.understanding.addressed import Scene, doubtful, meant_for_bot
from bot.understanding.edited import asks_another
from bot.understanding.small_talk import silences

QUIET = "no_bell"  # the emoji under a message that silenced the bot
MAX_QUEUE = 500  # questions that wait for a worker; who asks one more is turned away; guess
QUEUE_WINDOW_S = 3600.0
# where the asker of a direct message talks with the person who replied there
BEHIND = Scene(answered=True, same_person=True, others_since=True, names_others=False)
UNSEEN_S = 1.0  # a question that nobody has taken for so long waits


class Intake:
    """Understands and commits what arrives, on threads of its own: no answer's writes delay an acknowledgement."""

    def __init__(self, services: Services, answering: Services, worker: Worker, pictures: PagePictures | None) -> None:
        """`answering`: the same services, whose threads may be busy for long."""
        self._services, self._in_thread, self._worker = services, services.in_thread, worker
        self.hand_off = HandOff(services)
        shortcut = Shortcut(services, worker.wake)
        # what is done with each kind of meaning, or with the press of each button: before it is acknowledged ...
        self._commits: dict[type | str, Callable[[Any], Awaitable[None]]] = {
            Received: self._written,
            meanings.Overheard: self._overheard,
            meanings.Edited: self._edited,
            meanings.Deleted: self._deleted,
            meanings.Stopped: self._stopped,
            meanings.Malformed: self._unreadable,
            meanings.FEEDBACK: partial(voting.clicked, services),
            meanings.Reacted: partial(voting.reacted, services),
            meanings.WhyGiven: partial(voting.explained, services),
            meanings.HandOffGiven: self.hand_off.given,
            meanings.SHARE: self.hand_off.share,
            meanings.SEND_ON: self.hand_off.send_on,
            meanings.Invited: partial(first_contact.invited, services),
        }
        # ... and while nobody waits for it
        self._shows: dict[type | str, Callable[[Any], Coroutine[Any, Any, None]]] = {
            meanings.WHY: partial(voting.reopen, services),
            meanings.PERSON: self.hand_off.show,
            meanings.SHOW: partial(showing.show, services, pictures),
            meanings.ShortcutUsed: shortcut.ask,
            meanings.PostPressed: shortcut.post,
            meanings.HomeOpened: partial(home.opened, answering),
            meanings.HomePressed: partial(home.pressed, answering),
        }

    async def commit(self, body: dict[str, Any]) -> None:
        """Store what the body means. Raises StoreError: then it must not be acknowledged."""
        meaning = parse.parse(body, self._services.me, self._services.now())
        if (user := getattr(meaning, "user", None)) and not isinstance(meaning, meanings.Overheard):
            self._services.locales.learn(user)
        kind = meaning.button if isinstance(meaning, meanings.Pressed) else type(meaning)
        if commit := self._commits.get(kind):
            await commit(meaning)
        elif show := self._shows.get(kind):
            in_background(show(meaning))
        elif isinstance(meaning, meanings.Revoked):
            refused = f"The app was removed from the workspace ({meaning.reason}). {INSTALL_AGAIN}"
            self._services.api.token_refused = refused
            structlog.get_logger().error("revoked", reason=meaning.reason)
        elif isinstance(meaning, meanings.Ignored):
            structlog.get_logger().debug("ignored", reason=meaning.reason)

    async def _deleted(self, gone: meanings.Deleted) -> None:
        jobs = await self._in_thread(self._services.store.inbox.cancel, *gone.place, self._services.now())
        self._worker.apply_cancellations(jobs)
        self._worker.wake()
        await self.hand_off.changed(gone)

    async def _stopped(self, stopped: meanings.Stopped) -> None:
        answers = stopped.team, stopped.channel, stopped.thread_ts, stopped.streams
        self._worker.apply_cancellations(await self._in_thread(self._services.store.inbox.stop, *answers))

    async def _overheard(self, heard: meanings.Overheard) -> None:
        if await self.hand_off.replied(heard):
            return
        await self.hand_off.offer(heard.message)
        services, message = self._services, heard.message
        if message.thread_ts and not heard.called and services.rules.is_owners(message.channel):
            in_background(self._reaches_nobody(message))
        scene = await scene_of(heard, services)
        if scene is None or (not heard.named and await self._silenced(message, answered=scene.answered)):
            return
        if not await self._taken_in(message, scene) and scene.answered and not scene.same_person:
            spoken = message.team, message.channel, message.root, message.message_ts
            await self._in_thread(services.store.threads.spoke, *spoken, services.now())

    async def _reaches_nobody(self, message: Received) -> None:
        """Who replies to a question whose asker is forgotten by now is told so, once in its thread."""
        services, place = self._services, (message.channel, message.root)
        with contextlib.suppress(SlackError):
            key = await own_messages.opens(services.api, *place, services.me.user)
            known = await self._in_thread(services.store.hand_offs.find, key)
            unknown = known is None and key.startswith(ask_key(""))
            if unknown and await services.once(":".join(("lost", message.team, *place, message.user))):
                await services.locales.of(message.user)
                services.post_ephemeral(message, services.texts_for(message.user).modals["person_lost"])

    async def _written(self, message: Received) -> None:
        """Take in what is written to the bot; behind a person's reply only what is not for that person."""
        if message.kind == "dm" and not silences(message.text) and await self.hand_off.offer(message):
            await self._taken_in(message, BEHIND)
        else:
            await self._received(message)

    async def _taken_in(self, message: Received, scene: Scene) -> bool:
        """Whether what mentions nobody is for the bot and taken in by now; a model may read it and do so later."""
        services = self._services
        if services.for_bot is not None and await asyncio.to_thread(doubtful, message.text, scene, services.told):
            in_background(self._read_by_model(message, scene))
            return False
        if ours := await is_for_us(message, scene, services):
            await self._received(message)
        return ours

    async def _silenced(self, message: Received, *, answered: bool) -> bool:
        """Whether the message wants the bot to be quiet in a thread of its: it is from now on, and an emoji says so.

        What is being answered there ends, as with Slack's own button.
        """
        if message.thread_ts is None or not silences(message.text):
            return False
        services, place = self._services, (message.team, message.channel, message.thread_ts)
        begun = await self._in_thread(services.store.inbox.stop, *place, ())
        self._worker.apply_cancellations(begun)
        if not answered and not begun:
            return False
        if message.kind != "dm":  # what is written to the bot alone is for it
            await self._in_thread(services.store.threads.mute, *place, services.now())
        services.call_in_background("reactions.add", channel=message.channel, timestamp=message.message_ts, name=QUIET)
        return True

    async def _read_by_model(self, message: Received, scene: Scene) -> None:
        """Take it in if a model that reads its thread says that it is for the bot; if it doesn't say, the words do."""
        services = self._services
        ours = await services.for_bot(await question_of(services, message)) if services.for_bot else None
        if await is_for_us(message, scene, services) if ours is None else ours:
            await self._received(message)

    async def _received(self, event: Received) -> None:
        services = self._services
        if event.kind in ("mention", "dm") and await self._silenced(event, answered=True):
            return
        if event.kind == "mention" and event.thread_ts:
            await self._in_thread(services.store.threads.wake, event.team, event.channel, event.thread_ts)
        asked: Job | None = None
        if event.kind == "again":
            asked = await self._in_thread(services.store.inbox.find, *event.place)
            if asked is None or asked.reason == DELETED:
                return  # what its asker took back is not answered again
            event = replace(event, text=asked.text or event.text)  # not kept of who opted out
        new = await self._in_thread(services.store.inbox.receive, event, MAX_QUEUE)
        if new is None:
            await self._turn_away(event)
        elif new:
            if asked is not None:
                in_background(self._answered_before(asked, event))
            in_background(self._tell_position(event))
            self._worker.wake()

    async def _answered_before(self, asked: Job, again: Received) -> None:
        """The answer to what a question said before it was changed no longer stands there as if it answered it."""
        services, known = self._services, question_id(asked)
        if job := await self._in_thread(services.store.inbox.find, *again.place):
            await after_those_before(services, job, asyncio.Event())
        record = await self._in_thread(services.store.answers.by_id, known)
        if record is None or shape(asked.text) == shape(record.question.text):  # asked again for another reason
            return
        taken_back = replace(record, answer=replace(record.answer, notes=(*record.answer.notes, WITHDRAWN)))
        await self._in_thread(services.store.answers.save, taken_back)
        text = services.texts_for(asked.user).says["answered_before"]
        first, *more = [record.message_ts, *await self._in_thread(services.store.answers.messages, known)]
        if first is None:
            return
        wordless = not record.answer.text and "stopped" in record.answer.notes  # edited before its first words
        with contextlib.suppress(SlackError):
            if not wordless:
                await services.api.call_with_retries(
                    "chat.update", again=True, channel=asked.channel, ts=first, text=text, blocks=[]
                )
            for ts in {*more, first} if wordless else {*more} - {first}:
                await own_messages.delete(services.api, asked.channel, ts)

    async def _unreadable(self, malformed: meanings.Malformed) -> None:
        """Who waits for an answer is told once. It is acknowledged all the same: sent again, it reads no better."""
        structlog.get_logger().error("payload_malformed", **traced(malformed.error))
        if malformed.place is None:
            return
        channel, thread_ts, user = malformed.place
        services = self._services
        if await services.once(f"unreadable:{services.me.team}:{channel}:{thread_ts}:{user}", QUEUE_WINDOW_S):
            text = services.texts_for(user).says["unreadable"]
            services.call_in_background("chat.postMessage", channel=channel, thread_ts=thread_ts, text=text)

    async def _turn_away(self, event: Received) -> None:
        """The queue is full: the asker is told so once, however often Slack delivers."""
        services = self._services
        if await services.once(":".join(("full", *event.place)), QUEUE_WINDOW_S):
            waiting = await self._in_thread(services.store.inbox.waiting)
            text = services.texts_for(event.user).says["queue_full"].format(waiting=waiting)
            services.post_ephemeral(event, text)

    async def _tell_position(self, event: Received) -> None:
        """Nobody waits in silence: who is not being answered by now learns how many come first."""
        await asyncio.sleep(UNSEEN_S)
        if not self._worker.full:  # then it has been taken
            return
        services = self._services
        job = await self._in_thread(services.store.inbox.find, *event.place)
        if job is None or job.state != State.RECEIVED:
            return
        ahead = await self._in_thread(services.store.inbox.position, job.id) + services.settings.max_answers
        text = services.texts_for(event.user).status["waiting"].format(ahead=ahead)
        services.show_status(event.channel, event.root, text)

    async def _edited(self, edit: meanings.Edited, after_s: float = 0.0) -> None:
        """Answer an edited question anew if it soon asks something else; offer it where its text changed otherwise.

        An edit that comes before its question waits; one that adds the mention asks it.
        """
        await asyncio.sleep(after_s)
        services = self._services
        if not after_s:
            await self.hand_off.changed(edit)
        if not edit.text:
            return
        asked: Job | None = await self._in_thread(services.store.inbox.find, *edit.place)
        if asked is None:
            if not after_s:  # Slack's events come in any order
                in_background(self._edited(edit, UNSEEN_S))
            elif edit.asked and services.now().timestamp() - float(edit.message_ts) <= FRESH.total_seconds():
                await self._received(edit.asked)
            return
        edited: list[Job] = await self._in_thread(services.store.inbox.edit, *edit.place, edit.text)
        if not edited or any(job.state == State.RECEIVED for job in edited):
            return  # the same; or nobody has begun to answer it, and who does reads it so
        if services.now() - asked.received_at <= FRESH and asks_another(asked.text, edit.text):
            self._worker.apply_cancellations(await self._in_thread(services.store.inbox.stop_of, *edit.place))
            known = {one.name: getattr(asked, one.name) for one in fields(Received)}
            now = {
                "text": edit.text,
                "kind": "again",
                "event_id": f"again:{edit.channel}:{edit.key}",
                "received_at": services.now(),
            }
            await self._received(Received(**known | now | {"thread_ts": asked.root}))
            return
        value = meanings.packed(edit.key, edit.message_ts, edit.thread_ts or edit.message_ts)
        say = services.texts_for(edit.user).says
        offer = [buttons(button(meanings.AGAIN, say["answer_again"], value))]
        services.post_ephemeral(edit, say["edited"], offer)


async def scene_of(heard: meanings.Overheard, services: Services) -> Scene | None:
    """Who stands where as it is said; None where the bot doesn't listen."""
    message, threads = heard.message, services.store.threads
    follow = services.rules.in_channel(message.channel).follow
    if follow == "mention" or (message.thread_ts is None and follow == "thread"):
        return None
    where = message.team, message.channel
    standing = await services.in_thread(threads.standing, *where, message.thread_ts) if message.thread_ts else None
    if standing is None or (standing.waits and float(message.message_ts) < standing.answered_at):
        return Scene(answered=False, same_person=False, others_since=False, names_others=bool(heard.named))
    if standing.muted:
        return None
    spoke = standing.others_ts
    return Scene(
        answered=True,
        same_person=message.user == standing.user,
        others_since=spoke is not None and float(spoke) > standing.answered_at,
        names_others=bool(heard.named),
        said=standing.said,
    )


async def is_for_us(message: Received, scene: Scene, services: Services) -> bool:
    """Whether the bot should answer what it overheard."""
    follow = "thread" if message.kind == "dm" else services.rules.in_channel(message.channel).follow
    return await asyncio.to_thread(meant_for_bot, message.text, scene, follow, services.likely_meant, services.told)


def build(services: Services, intake: Intake, signing_secret: str | None) -> AsyncApp:
    """The app for both transports.

    Whatever Slack sends is acknowledged once it is committed; Bolt needs to know no more of it, and no call to Slack
    stands between an event and its acknowledgement.
    """

    async def commit_first(req: AsyncBoltRequest, next: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        if isinstance(req.body, dict) and req.body.get("type") == "url_verification":
            return await next()
        try:
            await intake.commit(req.body)
        except Exception as error:  # also a fault of ours: perhaps not when it is sent again
            why = {"error": error.code} if isinstance(error, StoreError) else traced(error)
            structlog.get_logger().error("commit_failed", **why)
            return BoltResponse(status=503, body="")
        return BoltResponse(status=200, body="")

    quiet = logging.getLogger("bot.slack.bolt")
    quiet.setLevel(logging.ERROR)  # Bolt warns of a SLACK_BOT_TOKEN in the environment that it does not need
    return AsyncApp(
        logger=quiet,
        client=services.api.client,
        signing_secret=signing_secret or "not used in Socket Mode",
        before_authorize=commit_first,
    )
