"""The Home tab over the wire: what the person may see, their own questions, figures for who may see reports."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import texts
from bot.rules.file import RulesFile
from bot.store import Store
from knowledge.catalog.reading import Stated
from tests.slack.bots import answer_to, running, says
from tests.slack_server import FakeSlack

RULES = """
[collection.legal]
title = "Legal precedents"
only = ["S0LAW"]
[admins]
reports = ["U0ANA"]
"""


def stated(collection: str) -> list[Stated]:
    many = 40 if collection == "default" else 1
    return [
        Stated(f"{collection}{n}.md", f"*{collection}* <!channel> guide {n}", "3", "2026-01-01", None, "en", 0, 1)
        for n in range(many)
    ]


async def home_of(slack: FakeSlack, user: str) -> str:
    slack.homes.pop(user, None)
    slack.people.open_home(user)
    view: Any = await slack.wait_for(lambda: slack.homes.get(user), "the Home tab")
    assert view["type"] == "home"
    return json.dumps(view)


async def test_each_sees_their_own(slack: FakeSlack, store: Store, tmp_path: Path) -> None:
    for user in ("U0ANA", "U0BEN"):
        slack.add_user(user)
    slack.usergroups |= {"S0LAW": ["U0BEN"]}
    path = tmp_path / "policybot.toml"
    path.write_text(RULES)
    serving = {"rules": RulesFile(path), "collections": lambda: ["default", "legal"], "stated": stated}
    async with running(slack, says("Yes."), store, **serving):
        assert "not asked me anything yet" in await home_of(slack, "U0ANA")
        answer = await answer_to(slack, slack.people.dm("U0BEN", "May I take the *narwhal* home?"), store)
        slack.people.button(answer, "positive_button", "U0BEN")
        await slack.wait_for(lambda: slack.ephemerals("U0BEN"), "the thank-you")
        ana, ben = await home_of(slack, "U0ANA"), await home_of(slack, "U0BEN")
    assert "Legal precedents" not in ana and "Legal precedents (1)" in ben
    assert "default (40)" in ana and "and 25 more" in ana
    assert "guide 3, version 3, effective 2026-01-01" in ana
    assert "narwhal" not in ana and "narwhal" in ben and "answered \\u00b7 helpful" in ben
    assert "Questions: 1. Answered: 1," in ana and "1 helpful" in ana and "policybot report" in ana
    assert "24 hours" not in ben
    reports = [entry["person"] for entry in store.audit.export() if entry["kind"] == "report"]
    assert set(reports) == {store.audit.pseudonyms.of("U0ANA")}
    assert "kept for 30 days" in ben


async def test_people_of_another_company_see_who_may_ask_and_nothing_else(slack: FakeSlack, store: Store) -> None:
    slack.add_user("U0FAR", team="T0AWAY", locale="de-DE")

    def suggested(collections: Sequence[str], wording: str) -> list[str]:
        return [wording.format(topic=name) for name in collections]

    serving = {"collections": lambda: ["default"], "stated": stated, "suggested": suggested}
    async with running(slack, says("Yes."), store, **serving):
        view = await home_of(slack, "U0FAR")
        slack.people.open_home("U0FAR", "messages")
        slack.people.open_home("U1", "messages")
        await slack.wait_for(lambda: slack.prompts, "prompts")
        await slack.settle()
    (shown,) = json.loads(view)["blocks"]
    assert texts.of("de").says["outsider"] in json.dumps(shown, ensure_ascii=False)
    assert {one["channel_id"] for one in slack.prompts} == {slack.open_dm("U1").id}


async def test_who_opens_it_without_end_costs_nothing(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store, stated=lambda _: []) as bot:
        for _ in range(40):
            slack.people.open_home("U1")
        await slack.settle()
        assert (await home_of(slack, "U2")) and bot.task
    assert len([c for c in slack.called("views.publish") if c.args["user_id"] == "U1"]) <= 30


async def test_who_begins_to_write_is_shown_what_their_collections_answer(slack: FakeSlack, store: Store) -> None:
    def suggested(collections: Sequence[str], wording: str) -> list[str]:
        return [wording.format(topic=name) for name in collections]

    serving = {"collections": lambda: ["default"], "stated": stated, "suggested": suggested}
    async with running(slack, says("Yes."), store, **serving):
        slack.people.open_home("U1", "messages")
        await slack.wait_for(lambda: slack.prompts, "prompts")
    said = "What does the manual say about “default”?"
    assert slack.prompts[0]["prompts"] == [{"title": said, "message": said}]
    assert "U1" not in slack.homes
