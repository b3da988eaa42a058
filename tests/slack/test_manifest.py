"""manifest.json against Slack's documented rules, and against what the code needs."""

import json
from pathlib import Path

from bot.slack.checks import EVENTS, SCOPES

ROOT = Path(__file__).parent.parent.parent
MANIFEST = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
NEEDS = {  # event -> scope it needs
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined_channel": "channels:read",  # and groups:read for private channels
}


def test_lengths() -> None:
    shown = MANIFEST["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    view = MANIFEST["features"]["agent_view"]
    assert len(view["agent_description"]) <= 300
    assert 1 <= len(view["suggested_prompts"]) <= 4
    assert all(set(prompt) == {"title", "message"} for prompt in view["suggested_prompts"])
    assert "assistant_view" not in MANIFEST["features"]


def test_scopes_events_and_transport_are_what_the_code_needs() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]["bot"]
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert tuple(scopes) == SCOPES
    assert set(events) == set(EVENTS)
    assert {NEEDS[event] for event in events if event in NEEDS} <= set(scopes)
    assert "agent_session_stopped" in events  # without it there is no Stop button
    assert MANIFEST["settings"]["socket_mode_enabled"]
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"]
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"]
    assert not MANIFEST["features"]["app_home"]["messages_tab_read_only_enabled"]


def test_procfile_names_the_processes() -> None:
    processes = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert set(processes) == {"worker", "web", "release"}
