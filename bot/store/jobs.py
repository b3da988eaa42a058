"""What a question in the inbox is: as it came in, where its answer stands, and the ids it is known by.

Plain data, and a row of the table `inbox` -> a Job. Rule kept: an id is the same for every delivery and attempt.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

import sqlalchemy as sa

from bot.store.answers import answer_id
from bot.store.schema import PRIVATE as PRIVATE
from bot.store.schema import of_row

Kind = Literal["mention", "dm", "again", "follow"]  # follow: without a mention, in a channel


class State(StrEnum):
    """How far a question has come."""

    RECEIVED = "received"
    ANSWERING = "answering"
    STREAMING = "streaming"  # stream_ts is set: its message exists in Slack
    FINAL = "final"
    FAILED = "failed"


Ended = Literal[State.FINAL, State.FAILED]
OPEN = (State.RECEIVED, State.ANSWERING, State.STREAMING)
DELETED, STOPPED = "question_deleted", "stopped_by_user"  # why a job was cancelled, and then why it ended
MOVED = "private:"  # how the event ids of questions begin that are answered elsewhere than where they were asked


@dataclass(frozen=True, slots=True)
class OfMessage:
    """What is about one message of Slack's."""

    team: str
    channel: str
    message_ts: str

    @property
    def place(self) -> tuple[str, str, str]:
        """What names the message."""
        return self.team, self.channel, self.message_ts


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(OfMessage):
    """A question as it came in. Its `place` is the asker's message: one row, unless kind is again."""

    event_id: str
    user: str
    text: str
    thread_ts: str | None  # None: the message is not in a thread
    kind: Kind
    recipient_team: str | None = None
    outsider: bool = False
    files: bool = False  # something hangs on it that is no text
    received_at: datetime  # UTC, aware

    @property
    def root(self) -> str:
        """The ts at the head of its thread, where the answer stands."""
        return self.thread_ts or self.message_ts


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Received):
    """A question with where its answer stands. (worker, attempt) is the lease that every write shows."""

    id: int
    state: State
    worker: str | None = None
    attempt: int = 0  # 1 for the first claim; more: an earlier worker was lost
    stream_ts: str | None = None  # of the message that is, or was, being streamed
    stream_text: str = ""  # what is known to be in it
    cancelled: bool = False
    reason: str | None = None  # why it ended, or why it was cancelled


def question_id(asked: Received) -> str:
    """The same for every delivery and attempt, so that nothing is recorded or posted twice."""
    again = asked.event_id if asked.kind == "again" else ""
    return answer_id(*asked.place, again)


def moved_id(asked: Received) -> str:
    """The event id of this question where it is answered to its asker alone; it tells where it was asked."""
    return f"{MOVED}{asked.channel}:{asked.message_ts}:{question_id(asked)}"


def asked_at(moved: Received) -> tuple[str, str] | None:
    """The channel and ts of the message that such a question is; None for one that was not moved."""
    if not moved.event_id.startswith(MOVED):
        return None
    parts = moved.event_id.removeprefix(MOVED).split(":")
    return (parts[0], parts[1]) if len(parts) == 3 else None  # before 0.2 it told no more than the answer's id


def job_of(row: sa.Row[Any]) -> Job:
    """The job that a row says."""
    return of_row(Job, row, state=State(row.state))
