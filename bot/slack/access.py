"""Who asks, where -> what they may see, decided before anything is searched, and the language of their Slack.

In: ids from Slack. Out: the collections a question is answered from; whether a record may be shown; locales such as
"de-DE". Rules kept: whom Slack does not tell to be in a user group is not in it; what is not allowed is left out and
never named, so that it reads like what is not there; nobody waits long for a language, and one that is not known is
English.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence

import structlog

from bot.errors import SlackError
from bot.rules.tables import DEFAULT, Person, Rules
from bot.slack.api import Api, Refused
from bot.slack.message_text import user_of
from bot.types import Record

REFRESH_S = 120.0  # between two looks at who is in a user group; guess
STALE_S = 600.0  # members learnt so long ago count no more: nobody keeps a right because Slack can't be asked; guess
ASK_S = 3.0  # longest wait of a question for members that are not known yet
ENGLISH = "en"
LOCALE_S = 1.0  # longest wait of a question for the locale of its asker
KEPT_S = 86_400.0  # so long a locale is kept that Slack said
UNKNOWN_S = 600.0  # and that it said none
MOST = 10_000  # people whose locale is kept
_UNKNOWN = (0.0, ENGLISH, "")

Judge = Callable[[Record | None], bool]  # whether what is recorded, or said by the bot without a record, may be shown


class UserGroups:
    """Members of the user groups that the rules name, as Slack last said. For the event loop's thread."""

    def __init__(self, api: Api, clock: Callable[[], float] = time.monotonic) -> None:
        self._api, self._clock = api, clock
        self._members: dict[str, tuple[float, frozenset[str]]] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        self.problem: str | None = None  # why members are not known

    async def of(self, user: str, groups: Iterable[str]) -> frozenset[str]:
        """Those of the groups that the user is in. One whose members can't be learnt now has none."""
        wanted = list(groups)
        if unknown := [group for group in wanted if self._known(group) is None]:
            await asyncio.wait([self._ask(group) for group in unknown], timeout=ASK_S)
        return frozenset(group for group in wanted if user in (self._known(group) or ()))

    async def refresh(self, groups: Iterable[str]) -> None:
        """Ask for the members of each group that was not asked for of late; one after the other."""
        for group in sorted(set(groups)):
            learnt = self._members.get(group)
            if learnt is None or self._clock() - learnt[0] >= REFRESH_S:
                await asyncio.wait([self._ask(group)])

    def _known(self, group: str) -> frozenset[str] | None:
        learnt = self._members.get(group)
        return learnt[1] if learnt and self._clock() - learnt[0] < STALE_S else None

    def _ask(self, group: str) -> asyncio.Task[None]:
        """One call for all who want to know."""
        if (asking := self._asking.get(group)) is None:
            asking = self._asking[group] = asyncio.create_task(self._learn(group))
            asking.add_done_callback(lambda _: self._asking.pop(group, None))
        return asking

    async def _learn(self, group: str) -> None:
        try:
            answer = await self._api.call_with_retries("usergroups.users.list", again=True, usergroup=group)
            users = answer.get("users")
            members = frozenset(str(user) for user in users) if isinstance(users, list) else frozenset()
            self._members[group], self.problem = (self._clock(), members), None
        except Refused as error:  # there is no such group, or the scope is missing: it has no members
            self._members[group] = self._clock(), frozenset()
            self._note_problem(f"Slack does not tell who is in a user group of the rules ({error.reason}).", group)
        except SlackError as error:
            self._note_problem(f"Slack can't be asked who is in a user group of the rules ({error.code}).", group)

    def _note_problem(self, problem: str, group: str) -> None:
        if problem != self.problem:
            structlog.get_logger().warning("usergroup_unknown", usergroup=group, problem=problem)
        self.problem = f"{problem} Its members see less. Run policybot doctor."


class Access:
    """The one place in which it is decided what a person in Slack may see."""

    def __init__(self, rules: Callable[[], Rules], groups: UserGroups, known: Callable[[], Sequence[str]]) -> None:
        """`known`: the collections that hold something, as they were seen last: it waits for nothing."""
        self.rules, self.known, self._groups = rules, known, groups

    async def person(self, user: str, channel: str, *, alone: bool = False) -> Person:
        """Somebody, where they are. `alone`: nobody but them reads what they are shown, as in a modal."""
        named = self.rules().groups
        groups = await self._groups.of(user, named) if named else frozenset()
        return Person(user, channel, groups, alone or is_direct(channel))

    def collections(self, person: Person) -> tuple[str, ...]:
        """What a question of the person's is answered from. One that is closed to them is as one that is not there."""
        known = self.known()
        if not known:
            return (DEFAULT,)  # nothing was ever ingested: that is told to all alike
        rules = self.rules()
        return tuple(c for c in rules.collections_for(person, known, direct=is_direct(person.channel)) if c in known)

    def judge(self, person: Person) -> Judge:
        """The same for many records in one place. Where access is restricted, what no record tells of is denied."""
        rules = self.rules()

        def may_see(record: Record | None) -> bool:
            if record is None:
                return not rules.restricted
            return rules.may_see_all(record.question.collections, person)

        return may_see

    async def may_see(self, record: Record, user: str, channel: str, *, alone: bool = False) -> bool:
        """Whether a record, or anything made from it, may be shown to this person there. Ask it of every surface.

        `alone`: it is shown to the person only, as in a modal or an ephemeral message.
        """
        return self.judge(await self.person(user, channel, alone=alone))(record)


def is_direct(channel: str | None) -> bool:
    """Whether the channel is a direct message between one person and the bot."""
    return bool(channel) and str(channel).startswith("D")


class Locales:
    """People's languages, and their names. For the event loop's thread."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._learnt: dict[str, tuple[float, str, str]] = {}  # until when, what, and the name they show
        self._asking: dict[str, asyncio.Task[None]] = {}

    def forget(self) -> None:
        """Know nobody's any more."""
        self._learnt.clear()

    def known(self, user: str) -> str:
        """The person's locale as far as it was learnt."""
        return self._learnt.get(user, _UNKNOWN)[1]

    def name(self, mention: str) -> str:
        """The name by which the person shows, as far as it was learnt; "" else."""
        return self._learnt.get(user_of(mention), _UNKNOWN)[2]

    async def of(self, user: str) -> str:
        """The person's locale, asked for if nobody has."""
        if (asking := self.learn(user)) is not None:
            await asyncio.wait([asking], timeout=LOCALE_S)
        return self.known(user)

    def learn(self, user: str) -> asyncio.Task[None] | None:
        """Ask for the person's locale and name in the background, if it is not known or long ago; the asking."""
        if self._learnt.get(user, _UNKNOWN)[0] > time.monotonic():
            return None
        if user not in self._asking:
            task = self._asking[user] = asyncio.create_task(self._ask(user))
            task.add_done_callback(lambda _: self._asking.pop(user, None))
        return self._asking[user]

    async def _ask(self, user: str) -> None:
        try:
            told, kept_s = (await self._api.call("users.info", user=user, include_locale=True)).get("user"), KEPT_S
        except SlackError:
            told, kept_s = None, UNKNOWN_S
        person = told if isinstance(told, dict) else {}
        names = (person.get("profile") or {}).get("display_name"), person.get("real_name"), person.get("name")
        while len(self._learnt) >= MOST:
            del self._learnt[next(iter(self._learnt))]
        name = str(next(filter(None, names), ""))
        self._learnt[user] = (time.monotonic() + kept_s, str(person.get("locale") or ENGLISH), name)
