"""A message in a channel that mentions nobody: whether the bot takes it as meant for it, and its wish for quiet.

In: what was overheard. Out: yes or no. Rule kept: of a message that is not for the bot nothing is stored but that
somebody else spoke. The decision itself is bot.understanding.addressed.
"""

from __future__ import annotations

import asyncio

from bot.slack.background import in_background
from bot.slack.meanings import Overheard
from bot.slack.notices import react
from bot.slack.services import Services
from bot.store.answers import Standing
from bot.store.jobs import Received
from bot.understanding.addressed import Scene, meant_for_bot, silences

QUIET = "no_bell"  # the emoji under a message that silenced the bot


async def is_for_us(heard: Overheard, services: Services) -> bool:
    """Whether the bot should answer what it overheard."""
    message, threads, in_thread = heard.message, services.store.threads, services.in_thread
    follow = services.rules.in_channel(message.channel).follow
    if follow == "mention" or (message.thread_ts is None and follow == "thread"):
        return False
    standing = None
    if message.thread_ts is not None:
        place = message.team, message.channel, message.thread_ts
        standing = await in_thread(threads.standing, *place)
        if standing is not None and standing.muted:
            return False
        if standing is not None and not heard.names_others and await silenced(message, services):
            return False
    ours = meant_for_bot(message.text, _scene(heard, standing), follow)
    if ours is None and services.leaning is not None:
        ours = await asyncio.to_thread(services.leaning, message.text)
    if ours:
        return True
    if standing is not None and message.user != standing.last.question.user:
        await in_thread(threads.spoke, *place, message.message_ts, services.now())
    return False


async def silenced(message: Received, services: Services) -> bool:
    """Whether the message wants the bot to be quiet in its thread; from now on it is, and says so by an emoji."""
    if message.thread_ts is None or message.kind == "dm" or not silences(message.text):
        return False
    await services.in_thread(
        services.store.threads.mute, message.team, message.channel, message.thread_ts, services.now()
    )
    in_background(react(services.api, message.channel, message.message_ts, QUIET))
    return True


def _scene(heard: Overheard, standing: Standing | None) -> Scene:
    if standing is None:
        return Scene(answered=False, same_person=False, others_since=False, names_others=heard.names_others)
    last, spoke = standing.last, standing.others_ts
    answered_at = float(last.message_ts or last.created_at.timestamp())  # its message may be on its way to the record
    return Scene(
        answered=True,
        same_person=heard.message.user == last.question.user,
        others_since=spoke is not None and float(spoke) > answered_at,
        names_others=heard.names_others,
        said=f"{last.question.text} {last.answer.text}",
    )
