"""Whether Slack's tokens do what the bot needs, for `policybot doctor`.

In: tokens. Out: what is wrong, each with what to do. Rule kept: asks Slack only harmless questions; no token is ever
part of a message. Knows no settings.
"""

from __future__ import annotations

from bot.errors import SlackAuthError, SlackError
from bot.slack.api import Api

SCOPES = (  # of the bot token; the same as in manifest.json
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "mpim:history",
    "reactions:read",
    "reactions:write",
    "usergroups:read",
    "users:read",
)


async def check(
    *, bot_token: str | None, app_token: str | None, signing_secret: str | None, api_url: str
) -> list[tuple[str, str]]:
    """(code, what to do) for everything that would keep `serve` from working; empty: all is well."""
    found: list[tuple[str, str]] = []
    if not bot_token:
        return [("slack_bot_token", "SLACK_BOT_TOKEN is not set. Copy it from your app's page, OAuth & Permissions.")]
    if not bot_token.startswith("xoxb-"):
        found.append(("slack_bot_token", "SLACK_BOT_TOKEN must start with xoxb-. Copy the bot token, not another."))
    if not app_token and not signing_secret:
        found.append(
            (
                "slack_transport",
                "Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (serve --http); see Basic Information.",
            )
        )
    api = Api(bot_token, api_url)
    try:
        found += await _bot(api)
        if app_token:
            found += await _app(api, app_token)
    finally:
        await api.close()
    return found


async def _bot(api: Api) -> list[tuple[str, str]]:
    try:
        _, headers = await api.raw("auth.test", {})
    except SlackAuthError as error:
        return [("slack_bot_token", error.message)]
    except SlackError as error:
        return [("slack_unavailable", error.message)]
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",") if scope.strip()}
    missing = [scope for scope in SCOPES if scope not in granted]
    if not missing:
        return []
    return [
        (
            "slack_scopes",
            f"The bot token lacks {', '.join(missing)}. Update the app from manifest.json and install it again.",
        )
    ]


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
