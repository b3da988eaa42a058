"""Questions to begin with: for who begins to write to the bot, and once for a channel that it is invited to.

In: HomeOpened, Invited. Out: suggested prompts, or one message with two of them. Rules kept: of what that person, or
everybody in that channel, may see; a channel is greeted once however often Slack tells of it, by whichever worker;
one that came before the first ingest, once there is something to greet it with, by whichever process runs then.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot import texts
from bot.errors import SlackError
from bot.log import traced
from bot.rules.tables import Person
from bot.slack import render
from bot.slack.background import in_background
from bot.slack.blocks import Block, section
from bot.slack.meanings import HomeOpened, Invited
from bot.slack.services import FOR_EVER_S, Services

GREETED_WITH = 2  # prompts in a channel; given: issue 14
WAITS = timedelta(days=1)  # how long a channel that came before the first ingest waits to be greeted; guess
# How the keys of channels begin that may wait (team, channel and inviter follow), and that were greeted.
WAITING, GREETED = "ungreeted:", "hello:"
LOOK_S = 60.0  # seconds between two looks whether there is something to greet with; guess


async def suggest(services: Services, opened: HomeOpened) -> None:
    """Prompts of what this person may see; without any the manifest's stay."""
    person = await services.access.person(opened.user, opened.channel, alone=True)
    questions = await _prompts(services, person, await services.locales.of(opened.user))
    prompts = [{"title": one, "message": one} for one in questions]
    if prompts:
        with contextlib.suppress(SlackError):
            method = "assistant.threads.setSuggestedPrompts"
            await services.api.call_with_retries(method, again=True, channel_id=opened.channel, prompts=prompts)


async def invited(services: Services, to: Invited) -> None:
    """Note that the channel is to be greeted, then greet it. Raises StoreError: then Slack tells of it again."""
    await services.once(f"{WAITING}{to.team}:{to.channel}:{to.user}")
    in_background(greet(services))


async def greet(services: Services) -> None:
    """Greet the channels that wait for it, whichever process was told of them. Raises StoreError."""
    begun, now = services.store.limits.begun, services.now()
    greeted = await services.in_thread(begun, GREETED, now - timedelta(seconds=FOR_EVER_S))
    for waiting in await services.in_thread(begun, WAITING, now - WAITS):
        _, team, channel, user = waiting.split(":")
        key = f"{GREETED}{team}:{channel}"
        if team == services.me.team and key not in greeted:
            try:
                await _greet(services, key, channel, user)
            except Exception as error:  # such as a store that is away: it is asked again, and the others now
                structlog.get_logger().info("channel_not_greeted", channel=channel, **traced(error))


async def _greet(services: Services, key: str, channel: str, user: str) -> None:
    """Greet it, if there is something to greet it with and no other process does."""
    locale = await services.locales.of(user) if user else "en"
    prompts = await _prompts(services, Person(channel=channel), locale)
    if not prompts or not await services.once(key):
        return
    hello, blocks = greeting(prompts, locale)
    text = render.fallback(hello, blocks[1:])
    await services.api.call_with_retries("chat.postMessage", channel=channel, text=text, blocks=blocks)


async def _prompts(services: Services, person: Person, locale: str) -> Sequence[str]:
    collections = services.access.collections(person)
    return await asyncio.to_thread(services.suggested, collections, texts.of(locale).home["prompt"])


def greeting(prompts: Sequence[str], locale: str) -> tuple[str, list[Block]]:
    """What a channel is greeted with: our sentence, and the blocks."""
    hello = texts.of(locale).says["invited"]
    return hello, [section(hello), render.as_list(prompts[:GREETED_WITH])]
