"""policybot.toml as plain frozen data, one class a table, and what is looked up in it.

In: ids as Slack writes them. Out: what may be searched, seen and done, decided here and nowhere else. Rule kept: what
is not allowed is left out before anything is searched; somebody nothing is known of has no right. Pure.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from typing import Any, Literal

DEFAULT = "default"  # the collection of channels that name none
Follow = Literal["mention", "thread", "every question"]
Right = Literal["reports", "raw_text", "ingest", "settings"]
_NO_OTHER_KEYS = {"extra": "forbid"}  # a key that is misspelt is told, not skipped


def _key(meaning: str, default: Any = None, kind: str | None = None) -> Any:
    """A key of a table; `kind` of the ids or names in it. docs/configure.md is held to these meanings by a test."""
    return field(default=default, metadata={"meaning": meaning, "kind": kind})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, where they are: all that access is decided from."""

    user: str | None = None
    channel: str | None = None
    groups: frozenset[str] = frozenset()  # user groups they are known to be in; unknown ones count as none
    alone: bool = False  # nobody else reads what is said to them: a direct message, a private answer

    @property
    def ids(self) -> frozenset[str]:
        """The person's own ids: user and user groups."""
        return self.groups | ({self.user} if self.user else frozenset())


@dataclass(frozen=True, slots=True)
class Channel:
    """`[channel.C0LEGAL]`: one channel."""

    __pydantic_config__ = _NO_OTHER_KEYS
    collection: str | tuple[str, ...] = _key("the collection it answers from, or a list of them", DEFAULT, "collection")
    follow: Follow = _key(
        '"mention": answers only when mentioned; "thread": also follow-ups in its own threads; '
        '"every question": every message that asks',
        "thread",
    )
    private: bool = _key(
        "who asks is answered in a direct message; only they may share the answer in the channel", False
    )
    owner_channel: str | None = _key("where people's questions to a person go from here", kind="channel")
    questions_per_minute: int | None = _key("more than these are not answered")

    @property
    def collections(self) -> tuple[str, ...]:
        """All it answers from."""
        return (self.collection,) if isinstance(self.collection, str) else self.collection


@dataclass(frozen=True, slots=True)
class Collection:
    """`[collection.legal]`: one collection."""

    __pydantic_config__ = _NO_OTHER_KEYS
    only: tuple[str, ...] | None = _key(
        "ids of channels, user groups and people who may see it; all if it is left out", kind="any"
    )
    title: str | None = _key("what people read as its name")
    owner: str | None = _key(
        "user or user group that answers for it: mentioned where people's questions about it go", kind="person"
    )
    owner_channel: str | None = _key("where people's questions to a person about it go", kind="channel")


@dataclass(frozen=True, slots=True)
class Owner:
    """`[owner."People team"]`: whoever documents name as their owner, in those words."""

    __pydantic_config__ = _NO_OTHER_KEYS
    owner_channel: str | None = _key(
        "where people's questions to a person about their documents go; replies there name them", kind="channel"
    )


@dataclass(frozen=True, slots=True)
class Direct:
    """`[dm]`: direct messages."""

    __pydantic_config__ = _NO_OTHER_KEYS
    collections: tuple[str, ...] | None = _key(
        "what direct messages are answered from; all a person may see if unset", kind="collection"
    )


@dataclass(frozen=True, slots=True)
class Privacy:
    """`[privacy]`: what is private."""

    __pydantic_config__ = _NO_OTHER_KEYS
    sensitive: Literal["private", "open"] = _key(
        '"private": a sensitive question asked in a channel is answered to the asker alone', "private"
    )
    ids: tuple[str, ...] | None = _key("countries whose national and tax ids are masked; all that are known if unset")
    names: bool = _key("people's names are masked too, but for those that the documents have", False)


@dataclass(frozen=True, slots=True)
class Admins:
    """`[admins]`: each key lists the users and user groups that may."""

    __pydantic_config__ = _NO_OTHER_KEYS
    reports: tuple[str, ...] = _key("see reports and figures", (), "person")
    raw_text: tuple[str, ...] = _key("read what people asked in vain, on the Home tab", (), "person")
    ingest: tuple[str, ...] = _key(
        "add and remove documents in Slack, where nothing does so today; it binds nobody at the command line",
        (),
        "person",
    )
    settings: tuple[str, ...] = _key("change settings in Slack; the same holds", (), "person")


@dataclass(frozen=True, slots=True)
class Host:
    """`[endpoints.host."api.openai.com"]`: what is agreed with whoever runs it. `doctor` prints it."""

    __pydantic_config__ = _NO_OTHER_KEYS
    dpa: str | None = _key("the data-processing agreement: its name, date or address")
    region: str | None = _key("where it computes")
    retention: str | None = _key("how long it keeps what it is sent")
    tls: bool = _key(
        "`false` allows plain http:// to this host; to this machine it is allowed where `allow` is left out", True
    )


@dataclass(frozen=True, slots=True)
class Endpoints:
    """`[endpoints]`: where texts may be sent."""

    __pydantic_config__ = _NO_OTHER_KEYS
    allow: tuple[str, ...] | None = _key("hosts that models may be asked at; any if it is left out", kind="host")
    host: dict[str, Host] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole file."""

    __pydantic_config__ = _NO_OTHER_KEYS
    channel: dict[str, Channel] = field(default_factory=dict, metadata={"kind": "channel"})
    collection: dict[str, Collection] = field(default_factory=dict, metadata={"kind": "collection"})
    owner: dict[str, Owner] = field(default_factory=dict)
    dm: Direct = Direct()
    privacy: Privacy = Privacy()
    admins: Admins = Admins()
    endpoints: Endpoints = Endpoints()

    def in_channel(self, channel: str | None) -> Channel:
        """The channel's table, or what holds for a channel without one."""
        return self.channel.get(channel or "", Channel())

    def title(self, collection: str) -> str:
        """What people read as the collection's name."""
        return self.about(collection).title or collection

    def about(self, collection: str) -> Collection:
        """The collection's table, or what holds for a collection without one."""
        return self.collection.get(collection, Collection())

    def may_see(self, collection: str, person: Person) -> bool:
        """Whether what stands in the collection may be said to this person, there.

        In the open, the channel must be one of `only`: who else reads there is not the person's to decide.
        """
        only = self.about(collection).only
        if only is None:
            return True
        return person.channel in only or (person.alone and not person.ids.isdisjoint(only))

    def apart(self, collection: str, known: Iterable[str]) -> list[str]:
        """Those of the known collections that not all may see who may see this one."""
        mine = self.about(collection).only
        return [one for one in known if one != collection and self.about(one).only not in (None, mine)]

    def may_see_all(self, collections: Iterable[str], person: Person) -> bool:
        """Whether what was made from all these collections may be said to this person, there."""
        return all(self.may_see(name, person) for name in collections)

    def visible(self, collections: Iterable[str], person: Person) -> tuple[str, ...]:
        """Those of the collections that the person may see, in their order."""
        return tuple(name for name in collections if self.may_see(name, person))

    def collections_for(self, person: Person, known: Iterable[str], *, direct: bool) -> tuple[str, ...]:
        """What a question is answered from: the channel's collections, in a direct message all (`known`).

        Empty where the person may see none of them.
        """
        if not direct:
            return self.visible(self.in_channel(person.channel).collections, person)
        named = self.dm.collections
        return self.visible(sorted({DEFAULT, *known}) if named is None else named, person)

    @property
    def served(self) -> tuple[str, ...]:
        """The collections that the file names."""
        named = {name for one in self.channel.values() for name in one.collections}
        return tuple(sorted({*named, *self.collection, *(self.dm.collections or ())}))

    @property
    def restricted(self) -> bool:
        """Whether access to anything hangs on who asks, so that user groups must be known."""
        return any(one.only is not None for one in self.collection.values())

    @property
    def groups(self) -> frozenset[str]:
        """User groups that any right hangs on."""
        named = [one for ids in astuple(self.admins) for one in ids]
        named += [one for about in self.collection.values() for one in about.only or ()]
        return frozenset(one for one in named if one.startswith("S"))

    def shut(self, known: Iterable[str]) -> tuple[str, ...]:
        """Those of the collections that nobody in Slack can see, for want of a file that says who may."""
        return ()

    def owner_channel(self, collection: str, owner: str | None, channel: str | None = None) -> str | None:
        """Where a question to a person goes: the channel's, the owner's, the collection's, or `default`'s channel."""
        own = self.in_channel(channel).owner_channel or self.of_owner(owner)
        return own or self.about(collection).owner_channel or self.about(DEFAULT).owner_channel

    def is_owners(self, channel: str) -> bool:
        """Whether questions to people may go to this channel."""
        named: tuple[Channel | Collection | Owner, ...]
        named = (*self.channel.values(), *self.collection.values(), *self.owner.values())
        return any(one.owner_channel == channel for one in named)

    def of_owner(self, owner: str | None) -> str | None:
        """The channel of whom a document names as its owner."""
        wanted = " ".join((owner or "").casefold().split())
        return next((one.owner_channel for name, one in self.owner.items() if name.casefold() == wanted), None)

    def team(self, channel: str) -> str | None:
        """The name of the owner whose channel it is; None where several share it."""
        names = [name for name, one in self.owner.items() if one.owner_channel == channel]
        return names[0] if len(names) == 1 else None

    def may(self, right: Right, person: Person) -> bool:
        """Whether the person may do that. Nobody may who is not named."""
        return not person.ids.isdisjoint(getattr(self.admins, right))


class NoFile(Rules):
    """What holds without a file: `default` and nothing else. A file that is lost opens no collection that it closed."""

    __slots__ = ()

    def may_see(self, collection: str, person: Person) -> bool:
        """Whether it is the one that needs no file."""
        return collection == DEFAULT

    def apart(self, collection: str, known: Iterable[str]) -> list[str]:
        """All others, of the one that needs no file."""
        return [one for one in known if collection == DEFAULT != one]

    def shut(self, known: Iterable[str]) -> tuple[str, ...]:
        """All others."""
        return tuple(sorted(set(known) - {DEFAULT}))
