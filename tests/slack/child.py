"""A bot as a process of its own, to be killed: the real app, an assistant that writes slowly, a database."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.rules.file import RulesFile
from bot.settings import Settings
from bot.slack import own_messages, worker
from bot.slack.serve import serve
from bot.slack.services import Serving
from bot.types import Finished, Question, Sentence, Status
from tests.forks import FORKS
from tests.slack.bots import answered, sentences, store_at

FIRST_S = EVERY_S = 0.1  # until the first sentence, and from each to the next
SENTENCES = 5


class Writer:
    """An answer names its question."""

    async def answer(self, question: Question) -> AsyncIterator[Status | Sentence | Finished]:
        shown = sentences(*(f"{question.text} Sentence {i} with some words in it." for i in range(SENTENCES)))
        yield Status("searching")
        yield Status("reading")
        for i, sentence in enumerate(shown):
            await asyncio.sleep(EVERY_S * random.uniform(0.5, 1.5) if i else FIRST_S)
            yield sentence
        yield Finished(answered(shown))


def start(slack_url: str, database_url: str, lease_s: float) -> ForkServerProcess:
    """The process of a bot that serves until it is ended."""
    process = FORKS.Process(target=_serve, args=(slack_url, database_url, lease_s))
    process.start()
    return process


def _serve(slack_url: str, database_url: str, lease_s: float) -> None:
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    worker.LEASE_S = lease_s
    own_messages.MOMENT_S = min(own_messages.MOMENT_S, lease_s)
    settings = Settings(
        slack_bot_token="xoxb-fake-bot",
        slack_app_token="xapp-fake-app",
        slack_api_url=slack_url,
        max_answers=16,
        user_per_minute=0,
        shutdown_s=10,
    )
    asyncio.run(
        serve(
            Serving(
                Writer(),
                store_at(database_url),
                RulesFile(None),
                settings,
            )
        )
    )
