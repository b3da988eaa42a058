"""What somebody may not see reaches them on no surface, and reads like what is not there.

A real index of four collections, the real assistant without a model, a bot on the fake Slack. The oracle spells the
rules out once more, from the generated plan and not from bot.rules.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import wiring
from bot.answering.assistant import Assistant, Event
from bot.demo.workspace.state import Message
from bot.rules.file import RulesFile
from bot.settings import load
from bot.slack.access import Access, UserGroups
from bot.slack.api import Api
from bot.types import Question, Record
from tests.slack.bots import running
from tests.slack.test_home import home_of
from tests.slack_server import FakeSlack

# collection -> what is asked for, the figure and version that only it holds, the owner that only its document has;
# figures that no log line has by chance, as 631 milliseconds
SECRETS = {
    "default": ("quokka", "41717", "Zephyr"),
    "legal": ("narwhal", "52323", "Borealis"),
    "sales": ("axolotl", "63131", "Meridian"),
    "hr": ("pangolin", "74949", "Cascade"),
}
ASKED = {
    "root": "How many days is the {} allowance?",
    "thread": "How many days is the {} allowance?",
    "leaning": "And how long before?",
    "valid": "Is the {} guide still valid?",
    "whom": "Who do I ask about the {} allowance?",
}
MEMBERS = {"S01": ["U01"], "S02": ["U02", "U03"]}
UNLIMITED = {"user_per_minute": 0}


@dataclass
class Heard:
    """The assistant, with what it was asked."""

    assistant: Assistant
    asked: list[Question] = field(default_factory=list)

    async def answer(self, question: Question) -> AsyncIterator[Event]:
        self.asked.append(question)
        async for event in self.assistant.answer(question):
            yield event


@dataclass
class House:
    """A serving bot with its index, its rules file and a workspace of three people."""

    slack: FakeSlack
    heard: Heard
    file: RulesFile
    parts: wiring.Asking
    access: Access

    def rule(self, text: str) -> None:
        self.file.path.write_text(text)
        self.file.reread()
        self.file.reread()
        assert self.file.problem is None

    async def ask(self, place: str, user: str, text: str, thread: Message | None = None) -> tuple[Record, str]:
        """The record of the answer, and all that people read of it."""
        root = None if thread is None else thread.thread_ts or thread.ts
        if place == "dm":
            asked = self.slack.people.dm(user, text, thread_ts=root)
        else:
            asked = self.slack.people.mention(place, user, text, thread_ts=root)
        already = len(self.heard.asked)

        def written() -> list[Message]:
            return [
                m for m in self.slack.replies(asked) if m.ts > asked.ts and m.streaming_state in (None, "completed")
            ]

        await self.slack.wait_for(written, "an answer")
        assert len(self.heard.asked) == already + 1
        record = self.parts.store.answers.by_id(self.heard.asked[-1].id)
        assert record is not None
        return record, "\n".join(m.shown for m in written())


def write(folder: Path, name: str) -> None:
    word, number, title = SECRETS[name]
    (folder / f"{name}.md").write_text(
        f"---\ntitle: {word.title()} guide\nowner: {title} team\nversion: {number}\n---\n\n# {word.title()} guide\n\n"
        f"## The {word} allowance\n\nThe {word} allowance is {number} days a year. "
        f"It is asked for in writing, a week before the {word} is needed.\n"
    )


@asynccontextmanager
async def house(folder: Path, *names: str) -> AsyncIterator[House]:
    env = {"POLICYBOT_DATA": str(folder / "data")}
    chosen = load(env, dotenv=None)
    for name in names:
        write(folder, name)
        wiring.ingest(
            chosen, [folder / f"{name}.md"], collection=name, prune=False, rebuild=False, ocr=False,
            progress=lambda *_: None,
        )  # fmt: skip
    (folder / "policybot.toml").write_text("")
    file = RulesFile(folder / "policybot.toml")
    async with FakeSlack() as slack, wiring.assistant(chosen) as parts:
        for user in ("U01", "U02", "U03"):
            slack.add_user(user)
        for channel in ("C01", "C02"):
            slack.add_channel(channel)
        slack.usergroups |= MEMBERS
        api = Api(slack.bot_token, slack.url)
        heard, known = Heard(parts.assistant), parts.catalog.collections
        access = Access(lambda: file.rules, UserGroups(api), known)
        serving = {"rules": file, "collections": known, "settings": UNLIMITED, "stated": parts.catalog.stated}
        async with running(slack, heard, parts.store, **serving):
            yield House(slack, heard, file, parts, access)
        await api.aclose()
        assert not slack.violations


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, House]]:
    with asyncio.Runner() as runner:
        open_house = house(tmp_path_factory.mktemp("house"), *SECRETS)
        yield runner, runner.run(open_house.__aenter__())
        runner.run(open_house.__aexit__(None, None, None))


Only = tuple[str, ...] | None
onlies = st.none() | st.lists(st.sampled_from(["C01", "C02", "S01", "S02", "U01", "U02"]), max_size=3, unique=True)
plans = st.fixed_dictionaries(
    {
        "only": st.dictionaries(st.sampled_from([*SECRETS]), onlies),
        "serves": st.dictionaries(
            st.sampled_from(["C01", "C02"]), st.lists(st.sampled_from([*SECRETS]), min_size=1, unique=True)
        ),
    }
)
steps = st.tuples(
    st.sampled_from(["U01", "U02", "U03"]),
    st.sampled_from(["C01", "C02", "dm"]),
    st.sampled_from([*SECRETS]),
    st.sampled_from([*ASKED]),
)


def toml(plan: dict[str, Any]) -> str:
    lines = [f"[channel.{channel}]\ncollection = {names!r}" for channel, names in plan["serves"].items()]
    lines += [
        f"[collection.{name}]" + (f"\nonly = {only!r}" if only is not None else "")
        for name, only in plan["only"].items()
    ]
    return "\n".join(lines) + "\n"


def allowed(plan: dict[str, Any], name: str, user: str, place: str, *, alone: bool = False) -> bool:
    """The oracle: may what stands in the collection be said to this person there?"""
    only = plan["only"].get(name)
    if only is None or place in only:
        return True
    mine = {user} | {group for group, members in MEMBERS.items() if user in members}
    return (place == "dm" or alone) and bool(mine & set(only))


def searched(plan: dict[str, Any], user: str, place: str) -> set[str]:
    names = set(SECRETS) if place == "dm" else set(plan["serves"].get(place, ["default"]))
    return {name for name in names if allowed(plan, name, user, place)}


def told(text: str) -> set[str]:
    """The collections that a text gives something away of."""
    return {name for name, (_, number, title) in SECRETS.items() if re.search(rf"\b{number}\b|{title}", text)}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=plans, other=plans, taken=st.lists(steps, min_size=2, max_size=5))
def test_no_surface_leaks(
    at_home: tuple[asyncio.Runner, House], plan: dict[str, Any], other: dict[str, Any], taken: list[Any]
) -> None:
    runner, home = at_home
    with structlog.testing.capture_logs() as logs:
        runner.run(scenario(home, plan, other, taken))
    assert told(str(logs)) == set()


async def scenario(home: House, plan: dict[str, Any], other: dict[str, Any], taken: list[Any]) -> None:
    threads: dict[str, Message] = {}
    records: list[Record] = []
    for n, (user, place, name, how) in enumerate([*taken, *taken]):  # again: from memory, and under other rules
        now = plan if n < len(taken) else other
        home.rule(toml(now))
        spot = f"dm {user}" if place == "dm" else place
        thread = threads.get(spot) if how in ("thread", "leaning") else None
        text = ASKED[how].format(SECRETS[name][0])
        record, shown = await home.ask(place, user, text, thread)
        threads[spot] = next(m for m in home.slack.messages() if m.ts == (record.thread_ts or ""))
        records.append(record)
        visible = searched(now, user, place)
        assert set(record.question.collections) == visible
        assert told(shown) <= visible
        assert told(str(record)) <= {c for c in SECRETS if allowed(now, c, user, place)}  # history too
        if how in ("root", "valid"):
            assert (name in told(shown)) == (name in visible)
        for who in ("U01", "U03"):
            assert told(await home_of(home.slack, who)) == searched(now, who, "dm")
            for where in ("C01", "D" + who):
                for alone in (False, True):
                    spot = "dm" if where.startswith("D") else where
                    for earlier in records:
                        may = all(allowed(now, c, who, spot, alone=alone) for c in earlier.question.collections)
                        assert await home.access.may_see(earlier, who, where, alone=alone) == may


async def test_what_is_closed_reads_like_what_is_not_there(tmp_path: Path) -> None:
    said = []
    for names in (("default", "legal"), ("default",)):
        folder = tmp_path / "-".join(names)
        folder.mkdir()
        async with house(folder, *names) as home:
            home.rule('[channel.C02]\ncollection = "legal"\n[collection.legal]\nonly = ["S01"]\n')
            seen = []
            for place in ("dm", "C01", "C02"):
                record, shown = await home.ask(place, "U03", "How many days is the narwhal allowance?")
                seen.append((shown.replace(record.id, "ID"), record.question.collections, record.answer.outcome))
            said.append(seen)
    assert said[0] == said[1]  # and the same collections were searched, so that it took the same work


async def test_who_leaves_a_user_group_loses_its_rights_and_so_does_everybody_when_slack_is_silent(
    tmp_path: Path,
) -> None:
    now = [0.0]
    async with FakeSlack() as slack:
        slack.usergroups |= {"S01": ["U01"]}
        api = Api(slack.bot_token, slack.url)
        groups = UserGroups(api, lambda: now[0])
        assert await groups.of("U01", ["S01", "S09"]) == {"S01"}
        assert groups.problem and "no_such_subteam" in groups.problem
        slack.usergroups["S01"] = ["U02"]
        assert await groups.of("U01", ["S01"]) == {"S01"}, "from memory"
        now[0] += 130
        await groups.refresh(["S01"])
        assert await groups.of("U01", ["S01"]) == set() and await groups.of("U02", ["S01"]) == {"S01"}
        slack.fault("usergroups.users.list", error="missing_scope", times=None)
        now[0] += 130
        await groups.refresh(["S01"])
        assert await groups.of("U02", ["S01"]) == set()
        await api.aclose()


async def test_a_source_names_its_collection_where_several_were_searched(tmp_path: Path) -> None:
    async with house(tmp_path, "default", "legal") as home:
        home.rule('[collection.legal]\ntitle = "Legal precedents"\n')
        _, shown = await home.ask("dm", "U01", "How many days is the narwhal allowance?")
        assert "Legal precedents: Narwhal guide" in shown
        _, shown = await home.ask("C01", "U01", "How many days is the quokka allowance?")
        assert "Quokka guide" in shown and "default:" not in shown


async def test_neither_a_thread_nor_a_kept_answer_tells_another_what_one_was_told(tmp_path: Path) -> None:
    async with house(tmp_path, "default", "legal") as home:
        text = "How many days is the narwhal allowance?"
        home.rule('[channel.C01]\ncollection = "legal"\n')
        record, shown = await home.ask("C01", "U01", text)
        assert told(shown) == {"legal"}
        thread = next(m for m in home.slack.messages() if m.ts == record.thread_ts)
        # the same words where the collection is not served, and from somebody it is closed to
        assert "legal" not in told((await home.ask("C02", "U01", text))[1])
        home.rule('[collection.legal]\nonly = ["U01"]\n')
        assert told((await home.ask("dm", "U01", text))[1]) == {"legal"}
        assert "legal" not in told((await home.ask("dm", "U03", text))[1])
        assert "legal" not in told((await home.ask("C01", "U01", text))[1]), "others read along in a channel"
        for follow_up in ("And how long before?", "Shorter, please", text):
            record, shown = await home.ask("C01", "U03", follow_up, thread)
            assert "legal" not in told(shown) | told(str(record.question))
        # a thread that can't be read is what the records know of it: less what they may not tell
        home.slack.fault("conversations.replies", error="missing_scope", times=None)
        record, shown = await home.ask("C01", "U03", "And how long before?", thread)
        assert "legal" not in told(shown) | told(str(record.question))
