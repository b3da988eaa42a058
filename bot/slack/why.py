"""Why an answer did not help: a form behind every "not helpful", and what it says stored with the vote.

In: a vote that counts already. Out: a modal at once where there is a trigger; else, once, a button that only the voter
sees. Rule kept: the vote never waits for the form, and a reason is kept only while the vote it explains stands.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot import texts
from bot.slack import meanings
from bot.slack.api import Api
from bot.slack.blocks import Block, button, buttons, form_input, modal, option, section
from bot.slack.meanings import WhyGiven, WhyPressed
from bot.slack.notices import post_ephemeral
from bot.slack.store_pool import StorePool
from bot.slack.views import open_view
from bot.store import Store

ONCE_S = 10 * 365 * 86_400.0  # a person is asked about an answer once


def form(channel: str, message_ts: str, thread_ts: str | None, more: Sequence[Block], locale: str) -> Block:
    """The modal that asks for a reason and, if the person likes, for what would be right; `more` stands below."""
    say = texts.of(locale).modals
    reasons = {"type": "radio_buttons", "options": [option(say[code], code) for code in meanings.REASONS]}
    line = {"type": "plain_text_input", "max_length": meanings.MAX_COMMENT}
    return modal(
        say["why_title"],
        say["close"],
        [
            section(say["why_counts"]),
            form_input(meanings.REASON, say["why_reason"], reasons),
            form_input(meanings.COMMENT, say["why_comment"], line, optional=True),
            *more,
        ],
        submit=say["send"],
        callback_id=meanings.WHY,
        private_metadata=meanings.packed(channel, message_ts, thread_ts),
    )


async def ask(
    api: Api,
    trigger: str,
    channel: str,
    user: str,
    message_ts: str,
    thread_ts: str | None,
    more: Sequence[Block],
    locale: str,
) -> None:
    """Open the form; where Slack would not any more, offer it."""
    if await open_view(api, trigger, form(channel, message_ts, thread_ts, more, locale)) is None:
        await offer(api, channel, user, message_ts, thread_ts, "", more, locale)


async def offer(
    api: Api,
    channel: str,
    user: str,
    message_ts: str,
    thread_ts: str | None,
    said: str,
    more: Sequence[Block],
    locale: str,
) -> None:
    """A button that opens the form, for the voter alone, below `said`."""
    say = texts.of(locale).modals
    below = [buttons(button(meanings.WHY, say["tell_why"], meanings.packed(message_ts, thread_ts))), *more]
    await post_ephemeral(api, channel, user, thread_ts, said or say["tell_why_asked"], below)


async def reopen(api: Api, press: WhyPressed, more: Sequence[Block], locale: str) -> None:
    """The form again, or a word that it came too late."""
    view = form(press.channel, press.message_ts, press.thread_ts, more, locale)
    if await open_view(api, press.trigger, view) is None:
        await post_ephemeral(api, press.channel, press.user, press.thread_ts, texts.of(locale).modals["too_late"])


async def given(store: Store, in_thread: StorePool, why: WhyGiven, locale: str) -> str:
    """Keep the reason with the vote; what to say about it. Raises StoreError: then Slack keeps the form open."""
    place = why.team, why.channel, why.message_ts, why.user
    kept = await in_thread(store.feedback.explain, *place, why.reason, why.comment, why.at)
    return texts.of(locale).modals["thanks_why" if kept else "why_late"]
