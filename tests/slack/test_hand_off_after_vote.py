"""Whom an answer did not help can pass the question on too: from the form of reasons and below what thanks for it."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.demo.workspace.state import View
from bot.rules.file import RulesFile
from bot.store import Store
from tests.slack.bots import answer_to, ended, running, says
from tests.slack.test_hand_off import RULES, SAY, filled, in_owners, ruled, told, words
from tests.slack_server import FakeSlack, Message

REASON = {"reason": {"reason": {"type": "radio_buttons", "selected_option": {"value": "wrong"}}}, "comment": {}}


@pytest.fixture
def rules(tmp_path: Path, slack: FakeSlack) -> RulesFile:
    slack.add_channel("C0OWNERS", "owners")
    slack.add_channel("C0ASKING", "asking")
    return ruled(tmp_path, RULES)


def person(where: Any) -> dict[str, Any] | None:
    """The button in a view or a message."""
    blocks = where.view["blocks"] if isinstance(where, View) else where.blocks
    buttons = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    return next((one for one in buttons if one["action_id"] == "person"), None)


async def form_of(slack: FakeSlack, seen: set[str]) -> View:
    return await slack.wait_for(
        lambda: next((v for k, v in slack.views.items() if k not in seen and "C0OWNERS" in json.dumps(v.view)), None),
        "the form",
    )


async def voted_down(slack: FakeSlack, answer: Message, user: str = "U1") -> View:
    slack.people.button(answer, "negative_button", user)
    return await slack.wait_for(
        lambda: next((v for v in slack.views.values() if v.user == user and "why" in v.view["callback_id"]), None)
    )


@pytest.mark.parametrize("where", ["form of reasons", "thanks for a reason", "offer below a thumb"])
async def test_the_question_goes_on_with_its_sources_and_urgency(
    slack: FakeSlack, store: Store, rules: RulesFile, where: str
) -> None:
    async with running(slack, says("Yes."), store, rules=rules):
        question = slack.people.mention("C0ASKING", "U1", "who books room 4?")
        answer = await answer_to(slack, question, store)
        await ended(slack, store, question)  # before, nobody can press anything
        assert person(answer) is None
        seen = set(slack.views)
        if "thumb" in where:
            slack.people.reaction(answer, "-1", "U1")
            (offer,) = await slack.wait_for(lambda: slack.ephemerals("U1"), "the offer")
            slack.people.button(offer, "person", "U1")
        else:
            reasons = await voted_down(slack, answer)
            seen |= set(slack.views)
            if "thanks" in where:
                slack.people.submit(reasons, REASON)
                (thanks,) = await slack.wait_for(lambda: slack.ephemerals("U1"), "the thanks")
                slack.people.button(thanks, "person", "U1")
            else:
                slack.people.press_in_view(reasons, {"type": "button", **(person(reasons) or {})})
        form = await form_of(slack, seen)
        urgent = {"urgency": {"urgency": {"type": "radio_buttons", "selected_option": {"value": "today"}}}}
        slack.people.submit(form, filled("Who books room 4?") | urgent)
        await told(slack, question, "person_sent")
        (asked,) = in_owners(slack)
        slack.people.say("C0OWNERS", "U2", "Ada does.", thread_ts=asked.ts)
        await told(slack, question, "person_reply")
    assert SAY["person_asks_voted_unnamed"] in asked.text
    assert "Travel Policy" in words(asked) and "Urgency: Today. Topic: Travel Policy." in words(asked)
    (known,) = store.hand_offs.answered()
    assert (known.urgency, known.user) == ("today", "U1")


async def test_only_the_asker_and_only_where_there_is_somebody_to_ask(
    slack: FakeSlack, store: Store, rules: RulesFile, tmp_path: Path
) -> None:
    async with running(slack, says("Yes."), store, rules=rules):
        answer = await answer_to(slack, slack.people.mention("C0ASKING", "U1", "who books room 4?"), store)
        assert person(await voted_down(slack, answer, "U2")) is None
    (tmp_path / "none").mkdir()
    async with running(slack, says("Yes."), store, rules=ruled(tmp_path / "none", "")):
        answer = await answer_to(slack, slack.people.mention("C0ASKING", "U1", "who books room 5?"), store)
        assert person(await voted_down(slack, answer)) is None


async def test_an_urgency_that_is_none_of_ours_is_not_passed_on(
    slack: FakeSlack, store: Store, rules: RulesFile
) -> None:
    async with running(slack, says("Yes."), store, rules=rules):
        answer = await answer_to(slack, slack.people.mention("C0ASKING", "U1", "who books room 4?"), store)
        reasons = await voted_down(slack, answer)
        slack.people.press_in_view(reasons, {"type": "button", **(person(reasons) or {})})
        form = await form_of(slack, {reasons.id})
        odd = {"urgency": {"urgency": {"type": "radio_buttons", "selected_option": {"value": "<!channel>"}}}}
        sent = slack.people.submit(form, filled("Who?") | odd)
        await slack.wait_for(lambda: sent.acked, "the form")
        await slack.settle()
    assert not in_owners(slack)
