"""A store full of one person's traces, and the bytes that are left of them."""

import subprocess
from datetime import datetime
from pathlib import Path

from bot.store import Store
from bot.store.audit import Entry
from bot.store.jobs import Received, State
from bot.store.shared import Memory
from bot.types import Answer, Citation, HeldBack, Outcome, Question, Record, Sentence, Turn, Usage, Verdict, Vote
from knowledge.catalog import Catalog


def memory(store: Store, at: datetime) -> Memory:
    return Memory(store.engine, Catalog(store.engine), "1", lambda: at)


def ask(
    store: Store, user: str, number: int, at: datetime, *, word: str, channel: str = "C1", thread: str = "5.0"
) -> str:
    """One question from its receipt to its vote, `word` in every text of it; returns the answer's id."""
    answer_id, ts = f"{word[:3]}{number}", f"{number}.{sum(word.encode())}"
    long = " ".join(f"{word} {n}" for n in range(400))  # more than one page of the database
    event = Received(
        team="T1", channel=channel, message_ts=ts, event_id=f"Ev{answer_id}", user=user, text=f"{long}?",
        thread_ts=thread, kind="dm" if channel.startswith("D") else "mention", received_at=at,
    )  # fmt: skip
    assert store.inbox.receive(event)
    job = next(j for j in store.inbox.claim("w", limit=99, lease_s=15, now=at) if j.message_ts == ts)
    store.inbox.stream_started(job, f"{ts}1")
    store.inbox.stream_text(job, f"{word} is")
    cited = Citation(1, "c1", "leave.pdf", "Leave", ("1",), f"quote of {word}", 4)
    answer = Answer(
        Outcome.ANSWERED,
        f"{word} is refunded [1].",
        (Sentence(f"{word} is refunded [1].", Verdict.SUPPORTED, (cited,)),),
        (cited,),
        held_back=(HeldBack(f"{word} held", "figure", word),),
        usage=Usage(10, 20, 0.5, model="m"),
        timings_ms={"total": 12.5},
        rewrite=f"{word} rewritten",
        searched=((word, 1.0),),
        error=("code", f"{word} failed"),
    )
    question = Question(answer_id, long, (Turn("user", f"before {word}"),), ("hr",), "T1", channel, user)
    store.answers.save(Record(answer_id, question, answer, at, f"{ts}1", thread), also=[f"{ts}2"])
    store.inbox.finish(job, State.FINAL, "answered", Entry("question", at, "T1", user, answer_id))
    store.feedback.cast(Vote("T1", channel, f"{ts}1", user, "down", "button", at, "wrong", f"no {word}"))
    memory(store, at).keep(("hr", long), answer, ("hr",), user)
    store.spend.add("T1", user, channel, {"answer": Usage(10, 20, 0.5, model="m")}, at)
    store.limits.hit(f"user:T1:{user}", 60, at)
    return answer_id


def files_with(folder: Path, *words: str) -> list[str]:
    """Files below the folder whose raw bytes hold one of the words, in any case, with the word."""
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        held = file.read_bytes().lower()
        found += [f"{file.relative_to(folder)}: {word}" for word in words if word.lower().encode() in held]
    return found


def server_files_with(folder: Path, *words: str) -> list[str]:
    """The same for a PostgreSQL server's folder, without its write-ahead log."""
    grep = ["grep", "-rlaiE", "--exclude-dir=pg_wal", "|".join(words), str(folder)]
    return subprocess.run(grep, capture_output=True, text=True, check=False).stdout.splitlines()
