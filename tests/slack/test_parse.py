"""What requests mean, as values."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import meanings, parse
from bot.store.jobs import Received
from tests.rows import each

ME = meanings.Identity("T1", "UBOT", "BBOT")
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def event(**fields: Any) -> dict[str, Any]:
    base = {"type": "app_mention", "channel": "C1", "user": "U1", "ts": "1.1", "text": "<@UBOT> hi"}
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": base | fields}


def meaning(body: dict[str, Any]) -> meanings.Meaning:
    return parse.parse(body, ME, NOW)


def test_a_mention_is_a_question_without_the_mention() -> None:
    found = meaning(event(text="<@UBOT> how many <#C9|leave> days, <@U2|ann>? see <https://x.y|this> &amp; that"))
    assert isinstance(found, Received)
    assert found.text == "how many #leave days, <PERSON_1>? see this & that"
    assert (found.kind, found.thread_ts, found.outsider) == ("mention", None, False)


def test_a_direct_message_is_a_question_in_its_own_thread() -> None:
    found = meaning(event(type="message", channel_type="im", text="leave?", thread_ts="0.9"))
    assert isinstance(found, Received)
    assert (found.kind, found.thread_ts) == ("dm", "0.9")


@each(
    "fields, reason",
    [
        ({"type": "message", "channel_type": "channel"}, "answers mentions"),  # comes as app_mention too
        ({"type": "message", "channel_type": "channel", "text": "hm", "user_team": "T2"}, "among people"),
        ({"bot_id": "B9", "user": "U9"}, "by a bot"),
        ({"subtype": "bot_message", "bot_id": "B9"}, "by a bot"),
        ({"user": "UBOT"}, "our own"),
        ({"type": "message", "channel_type": "channel", "subtype": "channel_join"}, "not a question"),
        ({"edited": {"ts": "2"}}, "an edit"),
        ({"user": None}, "no author"),
        ({"channel": None}, "no author, time or channel"),
        ({"type": "reaction_added", "reaction": "+1", "item": {"type": "message"}}, "something else"),
        ({"type": "app_home_opened"}, "not used"),
        ({"type": "reaction_added", "reaction": "eyes", "item": {}}, "not a thumb"),
        ({"type": "message", "subtype": "message_changed", "message": {"bot_id": "BBOT"}}, "bot's message"),
        ({"type": "message", "subtype": "message_changed", "message": {"user": "U1", "ts": "1"}}, "not an edit"),
    ],
)
def test_what_is_not_for_us_is_ignored_for_a_stated_reason(fields: dict[str, Any], reason: str) -> None:
    found = meaning(event(**fields))
    assert isinstance(found, meanings.Ignored)
    assert reason in found.reason


@each(
    "top, fields",
    [
        ({"is_ext_shared_channel": True}, {}),
        ({}, {"user_team": "T2"}),
        ({"enterprise_id": "E1"}, {"source_team": "T2"}),
    ],
)
def test_people_from_outside_are_recognised(top: dict[str, Any], fields: dict[str, Any]) -> None:
    found = meaning(event(**fields) | top)
    assert isinstance(found, Received)
    assert found.outsider
    assert found.recipient_team == (fields.get("user_team") or fields.get("source_team") or "T1")


def test_people_of_the_same_organisation_are_no_outsiders() -> None:
    found = meaning(event(user_team="E1") | {"enterprise_id": "E1"})
    assert isinstance(found, Received)
    assert (found.outsider, found.recipient_team) == (False, "T1")


TONES = ["", *(f"::skin-tone-{n}" for n in range(2, 7))]


@each("tone", TONES)
@each("name, value", [("+1", "up"), ("thumbsup", "up"), ("-1", "down"), ("thumbsdown", "down")])
def test_every_thumb_is_a_vote(name: str, value: str, tone: str) -> None:
    item = {"type": "message", "channel": "C1", "ts": "5.5"}
    fields = {"reaction": name + tone, "item": item, "item_user": "UBOT", "event_ts": "7.0"}
    added = meaning(event(type="reaction_added", **fields))
    removed = meaning(event(type="reaction_removed", **fields))
    assert isinstance(added, meanings.Reacted)
    assert isinstance(removed, meanings.Reacted)
    assert (added.value, removed.value, removed.was) == (value, None, value)


def test_a_thumb_under_somebody_elses_message_is_none_of_ours() -> None:
    item = {"type": "message", "channel": "C1", "ts": "5.5"}
    assert isinstance(meaning(event(type="reaction_added", reaction="+1", item=item, item_user="U2")), meanings.Ignored)


@pytest.mark.parametrize("value", [meanings.packed("k", "1.1", "1.0"), '["k", "1.1", "1.0", "as it was"]'])
def test_a_button_names_the_message_to_answer_again(value: str) -> None:
    body = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "channel": {"id": "C1"},
        "message": {"ts": "9.9"},
        "actions": [{"action_id": "again", "value": value}],
    }
    found = meaning(body)
    assert isinstance(found, Received)
    assert (found.message_ts, found.thread_ts, found.kind) == ("1.1", "1.0", "again")
    assert not found.text  # the inbox has it


KEYS = st.sampled_from(
    ["type", "user", "text", "ts", "subtype", "channel_type", "edited", "item", "reaction", "bot_id"]
)


@given(st.dictionaries(KEYS, st.text(max_size=6), max_size=8), st.sampled_from(["message", "app_mention", "x"]))
def test_odd_events_never_raise(fields: dict[str, str], kind: str) -> None:
    odd = {key: value for key, value in fields.items() if key not in ("item", "edited")}
    meaning(event(**(odd | {"type": kind})))
