"""The door to SQL: what must outlive a process, in SQLite or PostgreSQL. All calls are sync and thread-safe."""

from __future__ import annotations

from sqlalchemy import Engine

from bot.store.answers import Answers
from bot.store.asked import AskedQuestions
from bot.store.feedback import Feedback
from bot.store.inbox import Inbox
from bot.store.shared import Cache, Limits, Presence, Spend


class Store:
    """Everything the bot stores, by what it is. The engine is opened, migrated and closed by its owner."""

    def __init__(self, engine: Engine) -> None:
        self.inbox = Inbox(engine)
        self.answers = Answers(engine)
        self.asked = AskedQuestions(engine)
        self.feedback = Feedback(engine)
        self.spend = Spend(engine)
        self.limits = Limits(engine)
        self.presence = Presence(engine)
        self.cache = Cache(engine)
