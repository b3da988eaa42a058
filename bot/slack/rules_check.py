"""Whether Slack knows what policybot.toml names, for `policybot doctor`.

In: rules. Out: what is wrong with each channel, user group and person named, with what to do. Rule kept: asks Slack
only harmless questions, one after the other, and no more than NAMED of them.
"""

from __future__ import annotations

import contextlib

from bot.errors import SlackError
from bot.rules.tables import Person, Rules
from bot.slack.api import Api, Gone, Refused

NAMED = 200  # ids looked up at most; Slack takes 20 to 50 such calls a minute; guess
ADVICE = {
    "channel_not_found": "is not there, or the bot is not in it: correct the id, or invite @policybot there",
    "not_in_channel": "does not have the bot in it: invite @policybot there",
    "is_archived": "is archived: name another channel, or take it out of the archive",
    "no_such_subteam": "is no user group: correct the id (it begins with S)",
    "user_not_found": "is nobody: correct the id (it begins with U)",
    "missing_scope": "can't be looked up: update the app from manifest.json and install it again",
}


def named(rules: Rules) -> list[str]:
    """Every id of a channel, user group or person in the rules, each once."""
    found = [*rules.channel, *(one.owner_channel for one in rules.channel.values())]
    for about in rules.collection.values():
        found += [*(about.only or ()), about.owner, about.owner_channel]
    admins = rules.admins
    found += [*admins.reports, *admins.raw_text, *admins.ingest, *admins.settings]
    return [one for one in dict.fromkeys(found) if one]


async def check(rules: Rules, api: Api) -> list[str]:
    """What to correct, one line an id; then the owner channels that no question may be handed to."""
    found = [(one, await _problem(one, api)) for one in named(rules)[:NAMED]]
    owners = {one.owner_channel for one in rules.channel.values()}
    owners |= {one.owner_channel for one in rules.collection.values()}
    why = "; until then nobody can ask a person"
    return [
        *(f"policybot.toml: {one} {problem}{why if one in owners else ''}" for one, problem in found if problem),
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
            return await _archived(one, api)
    except (Refused, Gone) as error:
        return ADVICE.get(error.reason, f"can't be looked up ({error.reason})")
    except SlackError as error:
        return f"can't be looked up now ({error.code})"
    return None


async def _archived(channel: str, api: Api) -> str | None:
    with contextlib.suppress(Refused):  # a group conversation, for which there is no scope
        found = await api.call_with_retries("conversations.info", again=True, channel=channel)
        return ADVICE["is_archived"] if found["channel"].get("is_archived") else None
    return None
