"""What a person is told and asked about their vote, once it counts. They alone see it.

In: presses, thumbs and forms. Out: the vote committed, then a form, a button or a line. Rule kept: nothing is said
before it is stored, and nobody is asked twice by a thumb.
"""

from __future__ import annotations

from bot import texts
from bot.errors import StoreError
from bot.slack import feedback, why
from bot.slack.api import Api
from bot.slack.background import in_background
from bot.slack.feedback import Voted
from bot.slack.notices import post_ephemeral
from bot.slack.parse import Clicked, Reacted
from bot.slack.pressed import WhyGiven, WhyPressed
from bot.slack.store_pool import StorePool
from bot.store import Store


class Voting:
    """Votes and their reasons, for one workspace."""

    def __init__(self, store: Store, in_thread: StorePool, api: Api) -> None:
        self._store, self._in_thread, self._api = store, in_thread, api

    async def commit(self, meaning: Clicked | Reacted | WhyPressed | WhyGiven) -> None:
        """Store what it says, then tell or ask in the background. Raises StoreError: then it is not acknowledged."""
        match meaning:
            case Clicked():
                await self._clicked(meaning)
            case Reacted():
                voted = await feedback.reacted(self._store, self._in_thread, meaning)
                if voted:
                    self._after_thumb(meaning, voted)
            case WhyPressed():
                in_background(why.reopen(self._api, meaning))
            case WhyGiven():
                said = await why.given(self._store, self._in_thread, meaning)
                self._tell(meaning.channel, meaning.user, meaning.thread_ts, said)

    async def _clicked(self, click: Clicked) -> None:
        try:
            voted = await feedback.clicked(self._store, self._in_thread, click)
        except StoreError:  # Slack does not repeat clicks
            self._tell(click.channel, click.user, click.thread_ts, texts.of().says["vote_failed"])
            raise
        if voted and voted.ask_why:
            place = click.channel, click.user, voted.message_ts, click.thread_ts
            in_background(why.ask(self._api, click.trigger, *place))
        elif voted:
            changed = voted.change.before == "down"
            said = texts.of().modals["vote_up"] if changed else texts.of().says["thanks"]
            self._tell(click.channel, click.user, click.thread_ts, said)

    def _after_thumb(self, thumb: Reacted, voted: Voted) -> None:
        """A first thumb up is thanks enough; what changed is told, and a first thumb down is asked about."""
        before, after = voted.change.before, voted.change.after
        if before == after or (before is None and not voted.ask_why):
            return
        said = texts.of().modals[f"vote_{after or 'none'}"] if before else ""
        if voted.ask_why:
            place = thumb.channel, thumb.user, voted.message_ts, voted.thread_ts
            in_background(why.offer(self._api, *place, said))
        else:
            self._tell(thumb.channel, thumb.user, voted.thread_ts, said)

    def _tell(self, channel: str, user: str, thread_ts: str | None, said: str) -> None:
        in_background(post_ephemeral(self._api, channel, user, thread_ts, said))
