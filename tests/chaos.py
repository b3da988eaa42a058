"""Kill -9 at random moments while questions come in: none may be lost, answered twice, or left streaming.

    python -m tests.chaos --kills 200 --questions 100
    python -m tests.chaos --kills 200 --questions 100 --database postgres --workers 2

prints the table, and on stderr every broken rule of Slack's. The fake Slack is a process of its own, so that it
outlives the bots; every event is delivered one to four times, each time up to four seconds late, so in any order.
tests/slack/test_kill.py runs a short version.
"""

import argparse
import asyncio
import contextlib
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.remote_slack import RemoteSlack
from tests.services import Postgres, postgres_binaries, sqlite_at
from tests.slack.child import SENTENCES, start

LATE_S = 4.0


@dataclass
class Outcome:
    kills: int
    questions: int
    answered: int
    lost: int
    twice: int
    incomplete: int
    streaming: int
    orphans: int
    deliveries: int
    calls: int
    violations: int  # of Slack's rules
    exit_codes: list[int | None]  # of the last processes, after SIGTERM
    recovered_after_s: float  # from the last start until everything was answered and closed

    @property
    def good(self) -> bool:
        broken = self.lost or self.twice or self.incomplete or self.streaming or self.orphans or self.violations
        return not broken and set(self.exit_codes) == {0}


@contextlib.contextmanager
def database(kind: str) -> Iterator[str]:
    """URL of an up-to-date database without rows."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield sqlite_at(Path(folder) / "bot.db")
        return
    binaries = postgres_binaries()
    assert binaries, "PostgreSQL is not installed"
    server = Postgres(binaries)
    try:
        server.start()
        yield server.new_database()
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


def look(state: dict[str, Any], roots: list[str]) -> Counter[str]:
    """What became of the questions."""
    found: Counter[str] = Counter()
    by_thread: dict[str, list[dict[str, Any]]] = {}
    for message in state["messages"]:
        if message["bot_id"] and not message["deleted"] and not message["only_for"]:
            by_thread.setdefault(message["thread_ts"], []).append(message)
    for root in roots:
        mine = by_thread.get(root, [])
        answers = [m for m in mine if m["metadata"]]
        found["answered"] += bool(answers)
        found["lost"] += not answers
        found["twice"] += len(answers) > 1
        found["streaming"] += sum(m["streaming_state"] == "in_progress" for m in mine)
        found["orphans"] += len(mine) - len(answers)
        shown = str([(m["text"], m["blocks"]) for m in answers])
        found["incomplete"] += bool(answers) and any(f"Sentence {i} " not in shown for i in range(SENTENCES))
    return found


async def run(
    kills: int,
    questions: int,
    db: str,
    *,
    workers: int = 1,
    lease_s: float = 15.0,
    seed: int = 1,
    alive_s: float = 1.0,
    settle_s: float = 60.0,
) -> Outcome:
    """The whole run. `alive_s`: mean time between all processes being connected and the next kill."""
    rng = random.Random(seed)
    async with RemoteSlack() as slack:
        await slack.set(retry_delays_s=(0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 16.0), ack_s=1.0)
        await slack.set(copies=4, late_s=LATE_S)
        roots: list[str] = []

        async def ask(upto: int) -> None:
            while (i := len(roots)) < upto:
                user = f"U{1 + i % 2}"
                place = ("mention", "C1", user) if i % 2 else ("dm", user)
                roots.append((await slack.do(*place, f"Question {i}?"))["ts"])

        def connected(count: int) -> Any:
            return slack.wait_for(lambda state: state["connections"] == count, f"{count} connections")

        started = time.monotonic()
        processes = [start(slack.url, db, lease_s) for _ in range(workers)]
        await connected(workers)
        for kill in range(kills):
            await ask(questions * (kill + 1) // kills)
            await asyncio.sleep(rng.expovariate(1 / alive_s))
            victim = rng.randrange(workers)
            processes[victim].kill()
            await asyncio.to_thread(processes[victim].join)
            await connected(workers - 1)
            processes[victim] = start(slack.url, db, lease_s)
            started = time.monotonic()
            await connected(workers)
        await ask(questions)

        def settled(state: dict[str, Any]) -> bool:
            found = look(state, roots)
            return not (found["lost"] or found["streaming"] or found["orphans"])

        try:
            await slack.wait_for(settled, "the end", timeout_s=settle_s)
        except AssertionError as error:
            print(error, file=sys.stderr)
        took = time.monotonic() - started
        await slack.wait_for(
            lambda state: all(d["acked_after_s"] or d["lost"] for d in state["deliveries"]), "all acks"
        )
        for process in processes:
            process.terminate()
        for process in processes:
            await asyncio.to_thread(process.join, 30)
        codes = [process.exitcode for process in processes]
        state = await slack.state()
    for violation in state["violations"]:
        print(violation, file=sys.stderr)
    found = look(state, roots)
    names = ("answered", "lost", "twice", "incomplete", "streaming", "orphans")
    counts = (len(state[name]) for name in ("deliveries", "calls", "violations"))
    return Outcome(kills, questions, *(found[name] for name in names), *counts, codes, round(took, 1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--lease-s", type=float, default=15.0)
    parser.add_argument("--alive-s", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with database(options.database) as url:
        outcome = asyncio.run(
            run(
                options.kills,
                options.questions,
                url,
                workers=options.workers,
                lease_s=options.lease_s,
                seed=options.seed,
                alive_s=options.alive_s,
            )
        )
    for name, value in vars(outcome).items():
        print(f"| {name} | {value} |")
    sys.exit(not outcome.good)
