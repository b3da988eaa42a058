"""A vote counts at once; why it was "not helpful" is asked in a modal, and kept with the vote. Over the wire."""

import asyncio
import json
from typing import Any

import pytest

from bot import texts
from bot.demo.workspace.state import Json, Message, View
from bot.slack.meanings import REASONS
from bot.store import Store
from tests.slack.bots import answer_to, running, says
from tests.slack.test_feedback import an_answer, become
from tests.slack_server import FakeSlack


def told(slack: FakeSlack, user: str = "U1") -> list[str]:
    return [message.text for message in slack.ephemerals(user)]


def filled(reason: str, comment: str | None = None) -> Json:
    choice = {"type": "radio_buttons", "selected_option": {"value": reason}}
    line = {"type": "plain_text_input", "value": comment}
    return {"reason": {"reason": choice}, "comment": {"comment": line}}


async def form_of(slack: FakeSlack) -> View:
    return (await slack.wait_for(lambda: list(slack.views.values()), "a view"))[-1]


def row(store: Store) -> dict[str, Any]:
    (only,) = store.feedback.export()
    return only


async def explained(store: Store, reason: str) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while [row["reason"] for row in store.feedback.export()] != [reason]:  # noqa: ASYNC110 - a database can only be polled
            await asyncio.sleep(0.02)
    return row(store)


async def test_a_press_counts_at_once_and_opens_the_form(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        answer = await an_answer(slack, store)
        slack.people.button(answer, "negative_button")
        view = await form_of(slack)
        await become(store, {"U1": "down"})
        assert view.user == "U1"
        options = view.view["blocks"][1]["element"]["options"]
        assert tuple(option["value"] for option in options) == REASONS
        sent = slack.people.submit(view, filled("outdated", " It is 30\n days now. "))
        assert (await explained(store, "outdated"))["comment"] == "It is 30 days now."
        await slack.wait_for(lambda: told(slack), "a thank-you")
        await slack.settle()
    assert sent.acked
    assert "noted with your vote" in told(slack)[0]
    assert slack.ephemerals("U2") == []


async def test_what_would_be_right_is_kept_with_placeholders_for_personal_data(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        slack.people.button(await an_answer(slack, store), "negative_button")
        slack.people.submit(await form_of(slack), filled("wrong", "Ask ada.example@example.com instead."))
        kept = (await explained(store, "wrong"))["comment"]
    assert kept.startswith("Ask ") and kept.endswith(" instead.") and "ada" not in kept


async def test_a_reason_without_a_line_is_enough_and_the_last_reason_stands(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        answer = await an_answer(slack, store)
        for reason in ("wrong", "too_long"):
            seen = len(slack.views)
            slack.people.button(answer, "negative_button")
            await slack.wait_for(lambda seen=seen: len(slack.views) > seen, "a form")  # type: ignore[misc]
            slack.people.submit(await form_of(slack), filled(reason))
            assert (await explained(store, reason))["comment"] is None


async def test_a_thumb_down_is_asked_about_once_and_the_button_opens_the_form(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        answer = await an_answer(slack, store)
        slack.people.reaction(answer, "-1", "U2")
        (note,) = await slack.wait_for(lambda: slack.ephemerals("U2"), "the question why")
        assert note.thread_ts == answer.thread_ts
        slack.people.button(note, "why", "U2")
        slack.people.submit(await form_of(slack), filled("not_asked"))
        await explained(store, "not_asked")
        slack.people.reaction(answer, "-1", "U2", remove=True)
        await become(store, {})
        slack.people.reaction(answer, "-1", "U2")
        await become(store, {"U2": "down"})
        await slack.wait_for(lambda: "now “not helpful”" in told(slack, "U2")[-1], "how the new vote stands")
        await slack.settle()
    asked = [m for m in slack.ephemerals("U2") if m.blocks]
    assert len(asked) == 1
    assert any("taken back" in text for text in told(slack, "U2"))
    assert row(store)["reason"] is None  # a new vote has no old reason


async def test_a_changed_vote_is_told_to_its_voter_only(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        answer = await an_answer(slack, store)
        slack.people.reaction(answer, "+1")
        await become(store, {"U1": "up"})
        slack.people.reaction(answer, "-1")
        await slack.wait_for(lambda: any("now “not helpful”" in text for text in told(slack)), "the change")
        slack.people.button(answer, "positive_button")
        await slack.wait_for(lambda: any("now “helpful”" in text for text in told(slack)), "the change back")
    assert slack.ephemerals("U2") == []
    assert not any("vote" in m.text for m in slack.replies(answer) if not m.only_for and m is not answer)


async def test_a_trigger_that_is_too_old_gets_the_button_instead(slack: FakeSlack, store: Store) -> None:
    slack.trigger_s = -1
    async with running(slack, says("Yes."), store):
        answer = await an_answer(slack, store)
        slack.people.button(answer, "negative_button")
        (note,) = await slack.wait_for(lambda: slack.ephemerals(), "the button")
        await become(store, {"U1": "down"})
        slack.people.button(note, "why")
        await slack.wait_for(lambda: len(slack.ephemerals()) == 2, "a word")
        slack.trigger_s = 3
        slack.people.button(note, "why")
        slack.people.submit(await form_of(slack), filled("wrong"))
        await explained(store, "wrong")
    assert "too long to open" in told(slack)[1]


async def test_a_reason_for_a_vote_that_no_longer_stands_is_not_kept(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        answer = await an_answer(slack, store)
        slack.people.button(answer, "negative_button")
        view = await form_of(slack)
        slack.people.button(answer, "positive_button")
        await become(store, {"U1": "up"})
        slack.people.submit(view, filled("wrong", "No."))
        await slack.wait_for(lambda: any("noted no reason" in text for text in told(slack)), "a word")
    assert (row(store)["vote"], row(store)["reason"], row(store)["comment"]) == ("up", None, None)


async def test_a_reason_that_cannot_be_stored_leaves_the_form_open(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.errors import StoreError

    def full(*args: Any) -> bool:
        raise StoreError("The disk is full. Free some space.")

    slack.deliverer.ack_s = 0.5
    async with running(slack, says("Yes."), store):
        answer = await an_answer(slack, store)
        slack.people.button(answer, "negative_button")
        view = await form_of(slack)
        with monkeypatch.context() as patch:
            patch.setattr(store.feedback, "explain", full)
            sent = slack.people.submit(view, filled("wrong"))
            await slack.wait_for(lambda: sent.lost, "no ack")
        slack.people.submit(view, filled("wrong"))
        await explained(store, "wrong")


def forged(slack: FakeSlack, view: View, **changes: Any) -> Json:
    body = slack.people._by("U2", "view_submission") | {
        "view": view.view | {"id": view.id, "state": {"values": filled("wrong", "Hm.")}}
    }
    return body | changes


async def test_odd_forms_are_acknowledged_and_change_nothing(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        answer = await an_answer(slack, store)
        slack.people.button(answer, "negative_button")
        view = await form_of(slack)
        values = filled("wrong")
        views: list[Any] = [
            None, [], "x", {}, view.view | {"state": None}, view.view | {"state": {"values": []}},
            view.view | {"callback_id": "other"}, view.view | {"private_metadata": "["},
            view.view | {"private_metadata": '["C1", "x", null]', "state": {"values": values}},
            view.view | {"private_metadata": '["C2", "1.1", null]', "state": {"values": values}},
            view.view | {"state": {"values": filled("because; DROP TABLE votes")}},
            view.view | {"state": {"values": filled([])}},  # type: ignore[arg-type]
        ]  # fmt: skip
        for odd in views:
            slack.people.interact(slack.people._by("U1", "view_submission") | {"view": odd})
        slack.people.interact(forged(slack, view))  # another person's form: it explains their own vote only
        slack.people.interact(forged(slack, view, user={"id": "U1", "team_id": "T9"}))
        await slack.settle()
        assert all(d.acked for d in slack.deliveries)
        assert (row(store)["user"], row(store)["reason"]) == ("U1", None)
        long = filled("other", "so " * 900)
        slack.people.submit(view, long)
        assert len((await explained(store, "other"))["comment"]) <= 500


async def test_the_form_is_answered_over_http_too(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store, http_port=0):
        answer: Message = await answer_to(slack, slack.people.mention("C1", "U1", "How?"), store)
        slack.people.button(answer, "negative_button")
        slack.people.submit(await form_of(slack), filled("source_missing", "Ask the works council."))
        await explained(store, "source_missing")


async def test_below_an_answer_in_french_all_that_is_said_of_the_vote_is_french(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Oui."), store):
        question = slack.people.mention("C1", "U1", "Qui réserve la salle de réunion pour les clients ?")
        answer = await answer_to(slack, question, store)
        slack.people.button(answer, "positive_button")
        await slack.wait_for(lambda: told(slack), "a thank-you")
        slack.people.button(answer, "negative_button")
        view = await form_of(slack)
        slack.people.submit(view, filled("outdated"))
        await slack.wait_for(lambda: len(told(slack)) == 2, "another thank-you")
    french = texts.of("fr")
    assert told(slack) == [french.says["thanks"], french.modals["thanks_why"]]
    assert french.modals["why_reason"] in json.dumps(view.view, ensure_ascii=False)


async def test_below_an_english_answer_whose_slack_is_english_reads_english(slack: FakeSlack, store: Store) -> None:
    slack.users["U1"].locale = "de-DE"
    async with running(slack, says("Yes."), store):
        question = slack.people.mention("C1", "U1", "Who books the meeting room for our customers?")
        answer = await answer_to(slack, question, store)
        slack.people.button(answer, "negative_button", user="U2")
        view = await form_of(slack)
    assert texts.of("en").modals["why_reason"] in json.dumps(view.view)
