"""A bot as a process of its own, to be killed: the real app, an assistant that writes slowly, a database."""

from __future__ import annotations

import argparse
import asyncio
import random
from collections.abc import AsyncIterator

from bot.rules.file import RulesFile
from bot.slack import own_messages, worker
from bot.slack.serve import Serving, serve
from bot.slack.services import Limits
from bot.types import Finished, Question, Sentence, Status
from tests.slack.bots import answered, sentences, store_at


class Writer:
    """`first_s` until the first sentence, then one every `every_s`; the answer names its question."""

    def __init__(self, first_s: float, every_s: float, count: int) -> None:
        self.first_s, self.every_s, self.count = first_s, every_s, count

    async def answer(self, question: Question) -> AsyncIterator[Status | Sentence | Finished]:
        shown = sentences(*(f"{question.text} Sentence {i} with some words in it." for i in range(self.count)))
        yield Status("searching")
        yield Status("reading")
        for i, sentence in enumerate(shown):
            await asyncio.sleep(self.every_s * random.uniform(0.5, 1.5) if i else self.first_s)
            yield sentence
        yield Finished(answered(shown))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--slack", required=True)
    parser.add_argument("--db", required=True, help="URL")
    parser.add_argument("--lease-s", type=float, default=worker.LEASE_S)
    parser.add_argument("--first-s", type=float, default=0.1)
    parser.add_argument("--every-s", type=float, default=0.1)
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--answers", type=int, default=16)
    parser.add_argument("--default-limits", action="store_true")
    options = parser.parse_args()
    worker.LEASE_S = options.lease_s
    own_messages.MOMENT_S = min(own_messages.MOMENT_S, options.lease_s)
    asyncio.run(
        serve(
            Serving(
                Writer(options.first_s, options.every_s, options.count),
                store_at(options.db),
                RulesFile(None),
                bot_token="xoxb-fake-bot",
                app_token="xapp-fake-app",
                api_url=options.slack,
                limits=Limits()
                if options.default_limits
                else Limits(max_answers=options.answers, user_per_minute=0, channel_per_minute=0, shutdown_s=10),
            )
        )
    )
