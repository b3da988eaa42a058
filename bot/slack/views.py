"""Modal windows: opened at once with what is known, filled in when the rest is.

In: a trigger, which Slack takes for three seconds and once, and views. Out: the open view's id, or None. Rule kept:
whoever pressed sees something at once, and what can't be opened or updated is no failure of anything else.
"""

from __future__ import annotations

import structlog

from bot.errors import SlackError
from bot.slack.api import Api
from bot.slack.blocks import Block
from bot.slack.meanings import Aside, ShowPressed, WhyPressed
from bot.slack.services import Services


async def open_view(api: Api, trigger: str, view: Block, *, above: bool = False) -> str | None:
    """The id of the view, now in front of the person; None where Slack would not, as when the trigger is too old.

    `above`: the press was in a view, which it goes above.
    """
    if not trigger:
        return None
    try:
        opened = await api.call("views.push" if above else "views.open", trigger_id=trigger, view=view)
        return str(opened["view"]["id"])
    except (SlackError, KeyError, TypeError) as error:
        structlog.get_logger().info("view_not_opened", error=str(error)[:200])
        return None


async def open_window(
    services: Services, press: ShowPressed | WhyPressed | Aside, view: Block, *, above: bool = False
) -> str | None:
    """The same for who pressed; None where it comes too late, of which they are told."""
    opened = await open_view(services.api, press.trigger, view, above=above)
    if opened is None:
        services.tell(press, services.say(press.user).modals["too_late"])
    return opened


async def update_view(api: Api, view_id: str, view: Block) -> None:
    """Put another view in its place. Raises Refused (the person closed it, say) and other SlackErrors."""
    await api.call_with_retries("views.update", again=True, view_id=view_id, view=view)
