"""What a person is told and asked about their vote, once it counts. They alone see it.

In: presses, thumbs and forms. Out: the vote committed, then a form, a button or a line. Rule kept: nothing is said
before it is stored, and nobody is asked twice by a thumb.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from bot.errors import StoreError
from bot.slack import feedback, hand_off, why
from bot.slack.background import in_background
from bot.slack.blocks import Block
from bot.slack.feedback import Voted
from bot.slack.meanings import Clicked, Reacted, WhyGiven, WhyPressed
from bot.slack.notices import post_ephemeral
from bot.slack.services import Services
from bot.slack.store_pool import StorePool


class Voting:
    """Votes and their reasons, for one workspace."""

    def __init__(self, services: Services, in_thread: StorePool) -> None:
        self._services, self._in_thread = services, in_thread
        self._store, self._api = services.store, services.api

    async def commit(self, meaning: Clicked | Reacted | WhyPressed | WhyGiven) -> None:
        """Store what it says, then tell or ask in the background. Raises StoreError: then it is not acknowledged."""
        match meaning:
            case Clicked():
                await self._clicked(meaning)
            case Reacted():
                voted = await feedback.reacted(self._store, self._in_thread, meaning)
                if voted:
                    self._services.metrics.voted(voted.change)
                    await self._after_thumb(meaning, voted)
            case WhyPressed():
                more = await self._person(meaning.channel, meaning.message_ts, meaning.thread_ts, meaning.user)
                in_background(why.reopen(self._api, meaning, more, self._locale(meaning.user)))
            case WhyGiven():
                said = await why.given(self._store, self._in_thread, meaning, self._locale(meaning.user))
                more = await self._person(meaning.channel, meaning.message_ts, meaning.thread_ts, meaning.user)
                self._tell(meaning.channel, meaning.user, meaning.thread_ts, said, more)

    async def _clicked(self, click: Clicked) -> None:
        try:
            voted = await feedback.clicked(self._store, self._in_thread, click)
        except StoreError:  # Slack does not repeat clicks
            self._tell(click.channel, click.user, click.thread_ts, self._services.say(click.user).says["vote_failed"])
            raise
        if voted:
            self._services.metrics.voted(voted.change)
        if voted and voted.ask_why:
            place = click.channel, click.user, voted.message_ts, click.thread_ts
            more = await self._person(click.channel, voted.message_ts, click.thread_ts, click.user)
            in_background(why.ask(self._api, click.trigger, *place, more, self._locale(click.user)))
        elif voted:
            changed = voted.change.before == "down"
            say = self._services.say(click.user)
            said = say.modals["vote_up"] if changed else say.says["thanks"]
            self._tell(click.channel, click.user, click.thread_ts, said)

    async def _after_thumb(self, thumb: Reacted, voted: Voted) -> None:
        """A first thumb up is thanks enough; what changed is told, and a first thumb down is asked about."""
        before, after = voted.change.before, voted.change.after
        if before == after or (before is None and not voted.ask_why):
            return
        said = self._services.say(thumb.user).modals[f"vote_{after or 'none'}"] if before else ""
        if voted.ask_why:
            place = thumb.channel, thumb.user, voted.message_ts, voted.thread_ts
            more = await self._person(thumb.channel, voted.message_ts, voted.thread_ts, thumb.user)
            in_background(why.offer(self._api, *place, said, more, self._locale(thumb.user)))
        else:
            self._tell(thumb.channel, thumb.user, voted.thread_ts, said)

    def _locale(self, user: str) -> str:
        return self._services.locales.known(user)

    async def _person(self, channel: str, message_ts: str, thread_ts: str | None, user: str) -> list[Block]:
        """The button "Ask a person", where the answer is theirs and there is somebody to ask; no vote fails of it."""
        with contextlib.suppress(StoreError):
            place = self._services.me.team, channel, message_ts
            return await hand_off.after_vote(self._services, self._in_thread, place, thread_ts, user)
        return []

    def _tell(self, channel: str, user: str, thread_ts: str | None, said: str, more: Sequence[Block] = ()) -> None:
        in_background(post_ephemeral(self._api, channel, user, thread_ts, said, more))
