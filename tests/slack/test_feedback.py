"""Thumbs and buttons become one vote per person and answer."""

import asyncio
from typing import Any

import pytest

from bot.demo.workspace.state import Message
from bot.store import Store
from tests.slack.bots import answer_to, running, says
from tests.slack_server import FakeSlack


def votes(store: Store) -> dict[str, str]:
    return {row["user"]: row["vote"] for row in store.feedback.export()}


async def become(store: Store, expected: dict[str, str]) -> None:
    """Wait for the votes; a database can only be polled."""
    try:
        async with asyncio.timeout(10):
            while votes(store) != expected:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    except TimeoutError:
        assert votes(store) == expected


async def an_answer(slack: FakeSlack, store: Store) -> Message:
    return await answer_to(slack, slack.people.mention("C1", "U1", "How?"), store)


async def test_the_last_button_wins_and_says_thank_you(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        answer = await an_answer(slack, store)
        slack.people.button(answer, "positive_button", "U1")
        await become(store, {"U1": "up"})
        slack.people.button(answer, "negative_button", "U1")
        await become(store, {"U1": "down"})
        slack.people.button(answer, "positive_button", "U2")
        await become(store, {"U1": "down", "U2": "up"})
        await slack.wait_for(lambda: len(slack.ephemerals()) == 2 and slack.views, "two thanks and a question why")
        await slack.settle()
    assert all(d.acked for d in slack.deliveries)


@pytest.mark.parametrize("name", ["+1", "thumbsup::skin-tone-4", "-1::skin-tone-2", "thumbsdown"])
async def test_a_thumb_is_a_vote_and_its_removal_retracts_it(slack: FakeSlack, store: Store, name: str) -> None:
    async with running(slack, says("Yes."), store):
        answer = await an_answer(slack, store)
        slack.people.reaction(answer, name, "U2")
        await become(store, {"U2": "up" if name[0] in "+t" and "down" not in name else "down"})
        slack.people.reaction(answer, name, "U2", remove=True)
        await become(store, {})


async def test_removing_the_first_of_two_thumbs_keeps_the_second(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        answer = await an_answer(slack, store)
        slack.people.reaction(answer, "+1")
        await become(store, {"U1": "up"})
        slack.people.reaction(answer, "-1")
        await become(store, {"U1": "down"})
        slack.people.reaction(answer, "+1", remove=True)
        await slack.settle()
        assert votes(store) == {"U1": "down"}


async def test_the_thumb_that_stands_counts_when_the_other_is_taken_off(slack: FakeSlack, store: Store) -> None:
    """Whichever was put there last, and only its own person's; who took it off is told which vote stands now."""
    async with running(slack, says("Yes."), store):
        answer = await an_answer(slack, store)
        slack.people.reaction(answer, "-1", "U2")
        await become(store, {"U2": "down"})
        slack.people.reaction(answer, "thumbsup::skin-tone-4")
        await become(store, {"U1": "up", "U2": "down"})
        slack.people.reaction(answer, "-1")
        await become(store, {"U1": "down", "U2": "down"})
        slack.people.reaction(answer, "-1", remove=True)
        await become(store, {"U1": "up", "U2": "down"})
        await slack.wait_for(lambda: "now “helpful”" in slack.ephemerals("U1")[-1].text, "what counts now")
        slack.people.reaction(answer, "thumbsup::skin-tone-4", remove=True)
        await become(store, {"U2": "down"})
        await slack.wait_for(lambda: "taken back" in slack.ephemerals("U1")[-1].text, "that nothing counts")


async def test_a_vote_that_cannot_be_stored_is_not_acknowledged(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.errors import StoreError

    cast = store.feedback.cast
    broken = [True]

    def flaky(*args: Any, **kwargs: Any) -> None:
        if broken:
            raise StoreError("The disk is full. Free some space.")
        cast(*args, **kwargs)

    monkeypatch.setattr(store.feedback, "cast", flaky)
    slack.deliverer.retry_delays_s = (0.0, 0.0, 0.0)
    slack.deliverer.ack_s = 0.5
    async with running(slack, says("Yes."), store):
        answer = await an_answer(slack, store)
        slack.people.reaction(answer, "+1")
        click = slack.people.button(answer, "negative_button", "U2")
        note = await slack.wait_for(lambda: slack.ephemerals("U2"), "the note")
        await slack.wait_for(lambda: click.lost, "no ack")
        broken.clear()
        await become(store, {"U1": "up"})
    assert "couldn't note" in note[0].text
