"""The door to SQL: what must outlive a process, in SQLite or PostgreSQL. All calls are sync and thread-safe."""

from pathlib import Path

import sqlalchemy as sa

from bot.pseudonyms import Pseudonyms
from bot.store.answers import Answers, AskedQuestions, Feedback, Threads
from bot.store.audit import Audit
from bot.store.hand_offs import HandOffs
from bot.store.inbox import Inbox
from bot.store.persons import Persons
from bot.store.retention import Purge, scrub
from bot.store.shared import Presence, RateWindows, Spend


class Store:
    """Everything the bot stores, by what it is. The engine is opened, migrated and closed by its owner.

    `folder` keeps the key of the pseudonyms and the audit trail's anchor; without one they end with the process.
    """

    def __init__(self, engine: sa.Engine, folder: Path | None = None) -> None:
        self.engine = engine
        self.audit = Audit(engine, Pseudonyms(folder), folder)
        self.persons = Persons(engine, self.audit)
        self.purge = Purge(engine, self.audit, folder)
        self.inbox = Inbox(engine, self.audit)
        self.answers = Answers(engine)
        self.asked = AskedQuestions(engine)
        self.threads = Threads(engine)
        self.hand_offs = HandOffs(engine, self.audit)
        self.feedback = Feedback(engine, self.audit)
        self.spend = Spend(engine)
        self.limits = RateWindows(engine)
        self.presence = Presence(engine)

    def scrub(self, *, rewrite: bool = False) -> bool:
        """Take the bytes of what was deleted out of the database's files: bot.store.retention.scrub says how far."""
        return scrub(self.engine, rewrite=rewrite)
