"""Whether Slack's tokens do what the bot needs, Slack knows what policybot.toml names and takes what we show in it.

In: settings; rules; a manifest; an example of every surface that people see, made by what makes the real ones. Out:
what is wrong, each with what to do. Rules kept: asks Slack only harmless questions, about no more than NAMED ids; no
token is ever part of a message; what Slack refuses of the examples it refuses of the real ones.
"""

import contextlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot import texts
from bot.answering.places import places
from bot.errors import SlackAuthError, SlackError
from bot.rules.reading import named
from bot.rules.tables import Person, Rules
from bot.settings import Retention, Settings
from bot.slack import first_contact, hand_off_views, home, meanings, private, render, shortcut, showing, voting
from bot.slack.api import Api, Gone, Refused
from bot.slack.blocks import Block, button, buttons
from bot.types import Answer, Citation, Closest, Outcome, Question, Record

SCOPES = (  # of the bot token; the same as in manifest.json
    "app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write", "commands",
    "files:write", "groups:history", "groups:read", "im:history", "im:write", "mpim:history", "reactions:read",
    "reactions:write", "usergroups:read", "users:read",
)  # fmt: skip
EVENTS = (  # that Slack sends; the same as in manifest.json
    "agent_session_stopped", "app_context_changed", "app_home_opened", "app_mention", "app_uninstalled",
    "member_joined_channel", "message.channels", "message.groups", "message.im", "message.mpim", "reaction_added",
    "reaction_removed", "tokens_revoked",
)  # fmt: skip
UPDATE = (
    "On api.slack.com/apps open your app, paste manifest.json under App Manifest and save; then press Reinstall under "
    "Install App."
)
NAMED = 200  # ids looked up at most; Slack takes 20 to 50 such calls a minute; guess
TOLD = 3  # of Slack's words about one surface; guess
REPORT = "Update policybot; if this is its newest version, report these words: people may not see it until then."
# Of the examples of what people see.
ID = "A" * 32  # as long as an answer's id
TS = "1764300000.000100"
PLACE = ("Travel policy", ("5 Travel", "5.2 Hotels"))
WORDS = "Hotels are paid up to 120 euros a night."
ASKED = "What is the hotel limit in Berlin?"
ADVICE = {
    "channel_not_found": "is not there, or the bot is not in it: correct the id, or invite @policybot there",
    "not_in_channel": "does not have the bot in it: invite @policybot there",
    "is_archived": "is archived: name another channel, or take it out of the archive",
    "is_ext_shared": "is shared with another company, where nothing is answered or handed on: name one of your own",
    "no_such_subteam": "is no user group: correct the id (it begins with S)",
    "user_not_found": "is nobody: correct the id (it begins with U)",
    "missing_scope": "can't be looked up: update the app from manifest.json and install it again",
}


async def check_tokens(settings: Settings) -> list[tuple[str, str]]:
    """(code, what to do) for everything that would keep `serve` from working; empty: all is well."""
    problems: list[tuple[str, str]] = []
    bot_token, app_token = settings.slack_bot_token, settings.slack_app_token
    if not bot_token:
        return [("slack_bot_token", "SLACK_BOT_TOKEN is not set. Copy it from your app's page, OAuth & Permissions.")]
    if not bot_token.startswith("xoxb-"):
        problems.append(("slack_bot_token", "SLACK_BOT_TOKEN must start with xoxb-. Copy the bot token, not another."))
    if not app_token and not settings.slack_signing_secret:
        either = "Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (serve --http); see Basic Information."
        problems.append(("slack_transport", either))
    async with contextlib.aclosing(Api(bot_token, settings.slack_api_url)) as api:
        problems += await _bot(api)
        if app_token:
            problems += await _app(api, app_token)
    return problems


async def _bot(api: Api) -> list[tuple[str, str]]:
    try:
        _, headers = await api.raw("auth.test", {})
    except SlackAuthError as error:
        return [("slack_bot_token", error.message)]
    except SlackError as error:
        return [("slack_unavailable", error.message)]
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",") if scope.strip()}
    missing = [scope for scope in SCOPES if scope not in granted]
    return [("slack_scopes", f"The bot token lacks {', '.join(missing)}. {UPDATE}")] if missing else []


async def _app(api: Api, app_token: str) -> list[tuple[str, str]]:
    if not app_token.startswith("xapp-"):
        return [("slack_app_token", "SLACK_APP_TOKEN must start with xapp-. Copy the app-level token.")]
    try:
        await api.raw("apps.connections.open", {}, token=app_token)
    except SlackAuthError:
        return [("slack_app_token", "Slack refuses SLACK_APP_TOKEN. Make one with connections:write and set it.")]
    except SlackError as error:
        return [("slack_app_token", error.message)]
    return []


async def check_rules(rules: Rules, api: Api) -> list[str]:
    """What to correct, one line an id; then the owner channels that no question may be handed to."""
    every = [(value, path) for kind, path, value in named(rules) if kind in ("channel", "person", "any")]
    owners = {value for value, path in every if path[-1] == "owner_channel"}
    looked_up = [(one, await _problem(one, api)) for one in [*dict(every)][:NAMED]]
    why = "; until then nobody can ask a person"
    return [
        *(f"policybot.toml: {one} {problem}{why if one in owners else ''}" for one, problem in looked_up if problem),
        *(
            f"policybot.toml: {about.owner_channel} may not see {name}, so no question about it is handed on there: "
            f'add it to "only" of [collection.{name}], or name another owner_channel'
            for name, about in rules.collection.items()
            if about.owner_channel and not rules.may_see(name, Person(channel=about.owner_channel))
        ),
    ]


async def _problem(one: str, api: Api) -> str | None:
    if one.startswith("S"):
        method, arguments = "usergroups.users.list", {"usergroup": one}
    elif one.startswith(("U", "W")):
        method, arguments = "users.info", {"user": one}
    else:
        method, arguments = "conversations.history", {"channel": one, "limit": "1"}
    try:
        await api.call_with_retries(method, again=True, **arguments)
        if "channel" in arguments:
            with contextlib.suppress(Refused):  # a group conversation, for which there is no scope
                answer = await api.call_with_retries("conversations.info", again=True, channel=one)
                wrong = (flag for flag in ("is_archived", "is_ext_shared") if answer["channel"].get(flag))
                return ADVICE.get(next(wrong, ""))
    except (Refused, Gone) as error:
        return ADVICE.get(error.reason, f"can't be looked up ({error.reason})")
    except SlackError as error:
        return f"can't be looked up now ({error.code})"
    return None


def check_manifest(manifest: Any) -> list[str]:
    """What a manifest (as its JSON says) lacks of what the code uses; what it has beyond that does no harm."""
    problems = []
    for what, needed, path in (
        ("scopes", SCOPES, ("oauth_config", "scopes", "bot")),
        ("events", EVENTS, ("settings", "event_subscriptions", "bot_events")),
    ):
        held = manifest
        for key in path:
            held = held.get(key) if isinstance(held, dict) else None
        if missing := [one for one in needed if one not in (held if isinstance(held, list) else ())]:
            again = f"Take the manifest.json of this version of policybot. {UPDATE}"
            problems.append(f"manifest.json lacks the {what} {', '.join(missing)}. {again}")
    return problems


def surfaces(locale: str = "en") -> dict[str, list[Block] | Block]:
    """Every surface by its name: a list of blocks is a message, a dictionary a view."""
    say = texts.of(locale)
    title, section = PLACE
    cited = Citation(1, "c1", "travel.pdf", title, section, WORDS, 3, url="https://example.com/travel.pdf#page=3")
    answer = Answer(Outcome.ANSWERED, f"{WORDS} [1]", citations=(cited,), notes=("cut", "quoted"))
    near = Closest("travel.pdf", title, section, 3, quote=WORDS)
    refusal = Answer(Outcome.REFUSED, "", closest=(near,), ask="People team")
    failed = Answer(Outcome.FAILED, "", error=("model_timeout", ""))
    asked = Question(ID, ASKED, channel="D0", user="U0", private=True, locale=locale)
    record = Record(ID, asked, refusal, datetime(2026, 1, 1, tzinfo=UTC), TS, TS)
    text = render.markdown(answer.text, answer.citations)
    person = hand_off_views.person_button(ID, locale)
    head = say.modals["person_asks"].format(person="<@U0>")
    reply = say.modals["person_reply"].format(asker="<@U0>", person="<@U1>")

    def message(one: Answer, words: str = "") -> list[Block]:
        return render.message_blocks(
            words or render.tail(one, ID, locale), render.blocks(one, ID, meanings.packed(ID, TS), locale)
        )

    figures = Counter(asked=12, answered=11, refused=1)
    shelves, lines = [(title, [f"{title}, 3"])], [f"{ASKED} +1"]
    on = meanings.OnMessage("T0", "C0", TS, TS, "U0")
    why = buttons(button(meanings.WHY, say.modals["tell_why"], meanings.packed(TS, TS)))
    return {
        "an answer": message(answer, text),
        "a refusal": [*message(refusal), person],
        "a failure": message(failed),
        "a private notice": private.asked_again(say.private["asked"], ASKED),
        "a private answer": [*message(answer, text), private.share_button(ID, "C0", locale)],
        "a vote": [why, person],
        "a question to people": hand_off_views.asked_view(
            head,
            ASKED,
            meanings.URGENCIES[0],
            [near],
            [cited],
            "https://example.com/archives/C0/p1",
            say.modals["person_how"],
            locale,
        ),
        "a reply of people": hand_off_views.quoted(reply, "Ask <@U1>.", mentions=True),
        "the greeting of a channel": first_contact.greeting([ASKED, ASKED], locale)[1],
        "the window Show in manual": showing.manual_view(places(answer), {}, coming=True, locale=locale),
        "the window Ask a person": hand_off_views.form_view(record, ("D0", TS), "C0", locale),
        "the window after a thumb down": voting.why_view(on, [person], texts.of(locale).modals),
        "the window of the shortcut": shortcut.window(
            [*shortcut.answer_blocks(answer, text, ID, locale), *shortcut.post_below(say.modals)], say.modals
        ),
        "the Home tab": home.home_view(shelves, lines, Retention(), figures, raw_text=True, locale=locale),
    }


async def check_surfaces(surfaces: Mapping[str, list[Any] | dict[str, Any]], api: Api) -> tuple[list[str], str]:
    """(what Slack refuses of messages and views, in its own words; why not all were looked at, or "")."""
    wrong: list[str] = []
    for name, payload in surfaces.items():
        kind = "blocks" if isinstance(payload, list) else "view"
        try:
            await api.call_with_retries("blocks.validate", again=True, **{kind: json.dumps(payload)})
        except Refused as error:
            if error.reason not in ("invalid_blocks", "invalid_view"):
                return wrong, f"Slack does not say whether it takes what we show: blocks.validate: {error.reason}"
            listed = [one for one in error.errors if isinstance(one, dict)] if isinstance(error.errors, list) else []
            complaints = [f"{one.get('pointer', '')} {one.get('message', '')}" for one in listed]
            wrong.append(f"Slack would refuse {name}: {'; '.join(complaints[:TOLD]) or error.reason}. {REPORT}")
        except SlackError as error:
            return wrong, f"Slack does not say now whether it takes what we show ({error.code})"
    return wrong, ""
