"""The language of a person's Slack, asked for once a day: our own sentences are said in it.

In: user ids. Out: locales such as "de-DE"; English where Slack does not say in time. Rule kept: nobody waits longer
than ASK_S for it, and a language that is not known is no fault.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from bot.errors import SlackError
from bot.slack.api import Api

ENGLISH = "en"
ASK_S = 1.0  # longest wait of a question
KEPT_S = 86_400.0  # what Slack said
UNKNOWN_S = 600.0  # that Slack said nothing
MOST = 10_000  # people


class Locales:
    """For the event loop's thread."""

    def __init__(self, api: Api | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._api, self._clock = api, clock
        self._learnt: dict[str, tuple[float, str]] = {}  # until when, what
        self._asking: dict[str, asyncio.Task[None]] = {}

    def forget(self) -> None:
        """Know nobody's any more."""
        self._learnt.clear()

    def known(self, user: str) -> str:
        """The person's locale as far as it was learnt."""
        return self._learnt.get(user, (0.0, ENGLISH))[1]

    async def of(self, user: str) -> str:
        """The person's locale, asked for if nobody has."""
        if (asking := self.learn(user)) is not None:
            await asyncio.wait([asking], timeout=ASK_S)
        return self.known(user)

    def learn(self, user: str) -> asyncio.Task[None] | None:
        """Ask for the person's locale in the background, if it is not known or long ago; the asking."""
        if self._api is None or self._learnt.get(user, (0.0, ""))[0] > self._clock():
            return None
        if user not in self._asking:
            task = self._asking[user] = asyncio.create_task(self._ask(self._api, user))
            task.add_done_callback(lambda _: self._asking.pop(user, None))
        return self._asking[user]

    async def _ask(self, api: Api, user: str) -> None:
        try:
            found = (await api.call("users.info", user=user, include_locale=True)).get("user")
            said, kept_s = (found.get("locale") if isinstance(found, dict) else None), KEPT_S
        except SlackError:
            said, kept_s = None, UNKNOWN_S
        while len(self._learnt) >= MOST:
            del self._learnt[next(iter(self._learnt))]
        self._learnt[user] = (self._clock() + kept_s, said if isinstance(said, str) else ENGLISH)
