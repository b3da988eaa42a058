"""Payloads that Slack would never send, or does once in a blue moon: acknowledged, never answered by mistake."""

import copy
import random
from collections.abc import Iterator
from typing import Any

from hypothesis import example, given, seed, settings
from hypothesis import strategies as st

from bot.demo.workspace.delivery import Delivery
from bot.slack import meanings, parse
from bot.store import Store
from bot.store.jobs import Received
from tests import often
from tests.rows import each
from tests.slack.bots import answer_to, running, says
from tests.slack.test_feedback import votes
from tests.slack.test_parse import ME, NOW, event
from tests.slack_server import FakeSlack

ODD: tuple[Any, ...] = (
    None, "", 0, -1, 1e308, True, [], {}, [None], {"id": None}, "x" * 300, "ü\0\ud800", ["a", "b"], "[" * 99,
)  # fmt: skip


def click(action: str = "feedback", value: str = "up:a1", **fields: Any) -> dict[str, Any]:
    base = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "channel": {"id": "C1"},
        "container": {"channel_id": "C1", "message_ts": "9.9", "thread_ts": "9.1"},
        "message": {"ts": "9.9", "thread_ts": "9.1"},
        "actions": [{"action_id": action, "value": value, "action_ts": "9.95"}],
    }
    return base | fields


LEAVES = st.none() | st.text() | st.integers() | st.floats()
NAMES = st.sampled_from(("type", "event", "user", "channel", "ts", "actions", "item", "message"))
ITEM = {"type": "message", "channel": "C1", "ts": "5.5"}
REAL = (
    event(thread_ts="1.0", user_team="T1"),
    event(type="message", channel_type="im"),
    event(type="message", subtype="message_deleted", deleted_ts="1.1", previous_message={"user": "U1", "ts": "1.1"}),
    event(
        type="message",
        subtype="message_changed",
        message={"user": "U1", "ts": "1.1", "text": "x", "edited": {"ts": "2"}},
    ),
    event(type="reaction_added", reaction="+1", item=ITEM, item_user="UBOT", event_ts="7.0"),
    event(type="agent_session_stopped", thread_ts="1.0", streaming_message_ts=["1.2"]),
    click(),
    click("again", meanings.packed("k", "1.1", "1.0")),
    click("show", "a1", trigger_id="1.2.c"),
    click("why", meanings.packed("1.1", None), trigger_id="1.2.c"),
    {
        "type": "view_submission",
        "user": {"id": "U1", "team_id": "T1"},
        "view": {
            "callback_id": "why",
            "private_metadata": meanings.packed("C1", "1.1", "1.0"),
            "state": {"values": {"reason": {"reason": {"selected_option": {"value": "wrong"}}}, "comment": {}}},
        },
    },
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything inside a payload."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def mutated(dice: random.Random) -> dict[str, Any]:
    """A real payload with one to three places replaced or removed."""
    body = copy.deepcopy(dice.choice(REAL))
    for _ in range(dice.randint(1, 3)):
        ways = list(places(body))
        *way, last = dice.choice(ways)
        inner: Any = body
        for key in way:
            inner = inner[key]
        if isinstance(inner, dict) and dice.random() < 0.3:
            del inner[last]
        else:
            inner[last] = copy.deepcopy(dice.choice(ODD))
    return body


def fits(meaning: meanings.Meaning) -> bool:
    """Whether what is stored fits its columns, in PostgreSQL too."""
    names = ("team", "channel", "message_ts", "thread_ts", "user", "recipient_team", "answer")
    ids = [value for name in names if (value := getattr(meaning, name, None)) is not None]
    at = getattr(meaning, "at", NOW)
    return all(isinstance(x, str) and len(x) <= 64 and x.isascii() and x.isprintable() for x in ids) and at <= NOW


@seed(20261128)
@settings(max_examples=often(400, 3000), deadline=None, database=None)
@example(1)
@given(st.integers(0, 2**64))
def test_no_payload_raises_and_what_is_stored_fits(number: int) -> None:
    meaning = parse.parse(mutated(random.Random(number)), ME, NOW)
    assert isinstance(meaning, meanings.Ignored | meanings.Malformed | meanings.Revoked) or fits(meaning)


@seed(20261128)
@settings(max_examples=often(120, 500), deadline=None, database=None)
@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner)))
def test_no_json_raises(body: Any) -> None:
    parse.parse(body, ME, NOW)


async def test_every_mutated_payload_is_acknowledged_at_once_and_answered_only_where_it_asks(
    slack: FakeSlack, store: Store
) -> None:
    dice = random.Random(900)
    slack.deliverer.retry_delays_s, slack.deliverer.ack_s = (), 30.0
    assistant = says("Yes.")
    async with running(slack, assistant, store):
        for number in range(900):
            body = mutated(dice)
            kind = "interactive" if "actions" in body or "view" in body else "events_api"
            slack.deliverer.send(Delivery(kind, body | {"event_id": f"Ev{number}"}))
        await slack.wait_for(lambda: all(d.acked or d.lost for d in slack.deliveries), "all acks", timeout_s=60)
        question = slack.people.mention("C1", "U1", "Still there?")
        await answer_to(slack, question, store)
        await slack.settle()
        assert [d.payload for d in slack.deliveries if not d.acked] == []
    slack.violations.clear()  # answers went to channels and threads that were made up


async def test_a_vote_counts_only_where_its_answer_stands(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store) as _:
        mine, other = [
            await answer_to(slack, slack.people.mention("C1", "U1", text), store) for text in ("How?", "Why?")
        ]
        slack.people.button(mine, "positive_button", "U2")
        await slack.wait_for(lambda: slack.ephemerals("U2"), "thanks")
        genuine = next(d.payload for d in slack.deliveries if d.kind == "interactive")
        stranger = genuine["user"] | {"id": "U9", "team_id": "T9ELSEWHERE"}
        for change in (
            {"message": {"ts": other.ts}, "container": {}},  # that answer is not here
            {"channel": {"id": "C404"}},
            {"message": {"ts": "1.1"}, "container": {}},
            {"actions": [genuine["actions"][0] | {"value": "down:0123456789ab"}]},
            {"user": stranger},
        ):
            user = {"user": genuine["user"] | {"id": "U7"}}
            slack.deliverer.send(Delivery("interactive", genuine | user | change))
        slack.people.reaction(slack.channels["C1"].messages[mine.thread_ts], "+1", "U7")
        await slack.settle()
    assert votes(store) == {"U2": "up"}


def test_a_time_far_ahead_does_not_lock_a_vote() -> None:
    late = click(actions=[{"action_id": "feedback", "value": "up:a1", "action_ts": "99999999999.0"}])
    found = parse.parse(late, ME, NOW)
    assert isinstance(found, meanings.Pressed) and found.at == NOW
    item = {"type": "reaction_added", "reaction": "+1", "item": ITEM, "item_user": "UBOT", "event_ts": "99999999999.0"}
    thumb = parse.parse(event(**item), ME, NOW)
    assert isinstance(thumb, meanings.Reacted) and thumb.at == NOW


@each("ts", ["", "later", "1" * 40, "١.١"])
def test_a_question_whose_time_is_none_is_not_taken_in(ts: str) -> None:
    found = parse.parse(event(ts=ts), ME, NOW)
    assert not isinstance(found, Received)
