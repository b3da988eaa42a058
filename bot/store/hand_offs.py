"""Messages between an asker and the people who may know: questions on their way, and replies.

In: what is to be carried, and where to. Out: messages to post, each claimed by one worker at a time. Rules kept: one
row a message however often it is delivered; its words are kept until it is posted, no longer: then a digest of them,
where another may ask the same, until somebody replies. Times are arguments.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from bot.store.audit import AuditedRows, Entry
from bot.store.schema import answers, hand_offs, of_row, row_of
from knowledge.database import insert, writing

# to people; to the asker where it went; back; what the asker writes behind that, to people; a private answer
Kind = Literal["ask", "told", "reply", "more", "share"]
OUTCOMES = {
    "ask": ("sent", "not_sent"),
    "more": ("sent", "not_sent"),
    "share": ("shared", "not_shared"),
}  # codes of what the asker is told
LEASE_S = 15.0  # as a question's (bot.slack.worker); who posts renews it; guess
CHANGED = "changed "  # then when, in `text` of a reply, or of what is written behind it: its writer changed it since
ATTEMPTS = 20  # of a message that Slack does not take for now


@dataclass(frozen=True, slots=True)
class Carried:
    """One message. `home` is the asker's thread, `place` the owners' channel and their thread, once there is one.

    Of an answer to be shared `place` is the channel it was asked in and `text` the thread there.
    """

    key: str
    kind: Kind
    team: str
    answer: str  # id of the answer that was no help, which is the question's
    user: str  # who wrote it
    asker: str
    home: tuple[str, str]
    place: tuple[str, str | None]
    text: str
    named: bool = False  # the asker's name goes with it
    urgency: str | None = None  # a code, as its asker chose
    state: str = "waiting"  # waiting, posted, answered, failed
    attempt: int = 0

    @property
    def changed(self) -> bool:
        """Whether its writer changed or deleted it since it was committed."""
        return self.kind in ("reply", "more") and self.text.startswith(CHANGED)

    @property
    def target(self) -> tuple[str, str | None]:
        """The channel it is posted in, and the thread."""
        where = {"ask": self.place, "more": self.place, "share": (self.place[0], self.text)}
        return where.get(self.kind, self.home)


def ask_key(answer: str) -> str:
    """The key of a question on its way out: one for each answer, whoever presses how often."""
    return f"ask:{answer}"


class HandOffs(AuditedRows):
    """What is carried."""

    def add(self, message: Carried, now: datetime) -> bool:
        """Commit the message; False where it is known already."""
        with writing(self.engine) as connection:
            values = _values(message) | {"created_at": now}
            row = insert(connection, hand_offs).values(values)
            failed = hand_offs.c.state == "failed"  # may be tried again
            row = row.on_conflict_do_update(index_elements=["key"], set_=values, where=failed)
            if connection.execute(row.returning(hand_offs.c.key)).first() is None:
                return False
            if message.kind == "reply":
                asked = sa.update(hand_offs).filter_by(key=ask_key(message.answer), state="posted")
                connection.execute(asked.values(state="answered", text=""))
            facts = {"what": message.kind, "channel": message.place[0]}
            entry = Entry("hand_off", now, message.team, message.user, message.answer, facts)
            self._audit.add(connection, entry)
            return True

    def find(self, key: str) -> Carried | None:
        """The message of this key."""
        return next(iter(self._read(sa.select(hand_offs).filter_by(key=key))), None)

    def asked_in(self, team: str, channel: str, thread_ts: str) -> list[Carried]:
        """Who asked what this thread of the owners' channel is about, first to last."""
        h = hand_offs.c
        asked = sa.select(hand_offs).filter_by(team_id=team, channel=channel, thread_ts=thread_ts, kind="ask")
        there = h.state.in_(("posted", "answered"))  # one on its way there is heard of once it stands there
        return self._read(asked.where(there).order_by(h.created_at, h.key))

    def written_behind(self, team: str, user: str, home: tuple[str, str]) -> Carried | None:
        """The newest reply in the asker's thread, unless something was answered there since; else None."""
        h, a = hand_offs.c, answers.c
        at = {"home_channel": home[0], "home_ts": home[1]}
        replies = sa.select(hand_offs).filter_by(team_id=team, asker_id=user, kind="reply", state="posted", **at)
        there = sa.and_(a.team_id == team, a.channel == home[0], a.thread_ts == home[1], a.created_at > h.created_at)
        answered = sa.exists().where(there, a.outcome != "refused").correlate(hand_offs)
        return next(iter(self._read(replies.where(~answered).order_by(h.created_at.desc(), h.key).limit(1))), None)

    def same_in(self, team: str, channel: str, digest: str) -> str | None:
        """The thread of the owners' channel where the same is asked, and nobody has replied yet."""
        same = sa.select(hand_offs).filter_by(team_id=team, channel=channel, kind="ask", state="posted", text=digest)
        asked = self._read(same.order_by(hand_offs.c.created_at.desc(), hand_offs.c.key).limit(1))
        return asked[0].place[1] if asked else None

    def changed(self, team: str, channel: str, ts: str, now: datetime) -> bool:
        """Have what was carried of this message carried again, as it stands now; False where none was."""
        h = hand_offs.c
        of_it = sa.or_(*(h.key.like(f"{kind}:{channel}:%:{ts}") for kind in ("reply", "more")))
        lease = sa.case((h.state == "waiting", h.lease_until))  # whoever has it ends it first
        again = {"state": "waiting", "text": f"{CHANGED}{now.isoformat()}", "lease_until": lease}
        with writing(self.engine) as connection:
            return bool(connection.execute(sa.update(hand_offs).where(h.team_id == team, of_it).values(again)).rowcount)

    def answered(self) -> list[Carried]:
        """Questions that people replied to, newest first."""
        asked = sa.select(hand_offs).filter_by(kind="ask", state="answered")
        return self._read(asked.order_by(hand_offs.c.created_at.desc(), hand_offs.c.key))

    def _read(self, query: sa.Select[Any]) -> list[Carried]:
        return list(map(_carried, self._rows(query)))

    def claim(self, now: datetime) -> Carried | None:
        """The oldest message to post now; nobody else gets it for LEASE_S, or longer if it is held.

        One at a time: of several the last would wait for the others until its lease has ended, and be posted twice.
        """
        h = hand_offs.c
        due = sa.and_(h.state == "waiting", sa.or_(h.lease_until.is_(None), h.lease_until < now))
        taken = {"lease_until": now + timedelta(seconds=LEASE_S), "attempt": h.attempt + 1}
        oldest = sa.select(h.key).where(due).order_by(h.created_at, h.key).limit(1).with_for_update(skip_locked=True)
        with writing(self.engine) as connection:
            claimed = sa.update(hand_offs).where(h.key == oldest.scalar_subquery()).values(taken).returning(hand_offs)
            row = connection.execute(claimed).first()
        return _carried(row) if row else None

    def hold(self, message: Carried, now: datetime) -> None:
        """It is still being posted, which Slack may draw out: nobody else gets it for LEASE_S from now."""
        self._write(_held(message).values(lease_until=now + timedelta(seconds=LEASE_S)))

    def later(self, message: Carried, at: datetime) -> None:
        """It could not be posted; try again then, in its place as it is now."""
        self._write(_held(message).values(lease_until=at, thread_ts=message.place[1]))

    def ended(self, message: Carried, ts: str | None, now: datetime, digest: str = "") -> bool:
        """It is posted as `ts`, or certainly won't be; its words go, and an asker is to be told where a question went.

        False where another worker had it by then, or it changed: it is carried again. `digest`: of words that another
        may ask, too.
        """
        values: dict[str, str | None] = {"state": "posted" if ts else "failed", "text": digest if ts else ""}
        if message.kind in OUTCOMES:
            values["thread_ts"] = ts and (message.place[1] or ts)
        with writing(self.engine) as connection:
            as_carried = _held(message).where(hand_offs.c.text == message.text)
            if not connection.execute(as_carried.values(values)).rowcount:
                connection.execute(_held(message).values(lease_until=None))
                return False
            if message.kind in OUTCOMES:
                outcome = OUTCOMES[message.kind][0 if ts else 1]
                notice = _values(replace(message, key=f"told:{message.key}", kind="told", text=outcome))
                notice["created_at"] = now
                row = insert(connection, hand_offs).values(notice)
                once = row.on_conflict_do_nothing(index_elements=["key"])
                again = row.on_conflict_do_update(index_elements=["key"], set_=notice)
                connection.execute(once if message.changed else again)
        return True


def _held(message: Carried) -> sa.Update:
    """A change of the message, unless another worker has claimed it since."""
    return sa.update(hand_offs).filter_by(key=message.key, state="waiting", attempt=message.attempt)


def _values(message: Carried) -> dict[str, object]:
    row = row_of(message)
    (row["home_channel"], row["home_ts"]), (row["channel"], row["thread_ts"]) = row.pop("home"), row.pop("place")
    return row | {"state": "waiting", "attempt": 0, "lease_until": None}


def _carried(row: sa.Row[Any]) -> Carried:
    return of_row(Carried, row, home=(row.home_channel, row.home_ts), place=(row.channel, row.thread_ts))
