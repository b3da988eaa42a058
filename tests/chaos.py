"""Kill -9 at random moments while questions come in: none may be lost, answered twice, or left streaming.

    python -m tests.chaos --kills 200 --questions 100

prints the table. The fake Slack is a process of its own, so that it outlives the bot; every event is delivered one to
three times. tests/slack/test_kill.py runs a short version.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fake_slack.remote import RemoteSlack

BOT = "U0BOT"


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
    violations: int
    recovered_after_s: float  # from the last start until everything was answered and closed

    @property
    def good(self) -> bool:
        return not (self.lost or self.twice or self.incomplete or self.streaming or self.orphans or self.violations)


async def start(slack: RemoteSlack, db: Path, lease_s: float) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.slack.child", "--slack", slack.url, "--db", str(db), "--lease-s", str(lease_s),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


def look(state: dict[str, Any], roots: list[str], sentences: int) -> Counter[str]:
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
        found["incomplete"] += bool(answers) and any(f"Sentence {i} " not in shown for i in range(sentences))
    return found


async def run(
    kills: int, questions: int, *, lease_s: float = 15.0, seed: int = 1, alive_s: float = 1.0, settle_s: float = 60.0
) -> Outcome:
    """The whole run. `alive_s`: mean life of a process after it has connected."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        async with RemoteSlack() as slack:
            await slack.set(retry_delays_s=(0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 16.0), ack_s=1.0)
            roots: list[str] = []

            async def ask() -> None:
                for i in range(questions):
                    channel = "C1" if i % 2 else "DM"
                    times = rng.randint(1, 3)
                    if channel == "C1":
                        asked = await slack.do("mention", "C1", f"U{1 + i % 2}", f"Question {i}?", times=times)
                    else:
                        asked = await slack.do("dm", f"U{1 + i % 2}", f"Question {i}?", times=times)
                    roots.append(asked["ts"])
                    await asyncio.sleep(rng.uniform(0, 2 * alive_s * max(kills, 1) / questions))

            db = Path(folder) / "bot.db"
            asking = asyncio.create_task(ask())
            for _ in range(kills):
                process = await start(slack, db, lease_s)
                await slack.wait_for(lambda state: state["connections"], "a connection")
                await asyncio.sleep(rng.expovariate(1 / alive_s))
                process.kill()
                await process.wait()
                await slack.wait_for(lambda state: not state["connections"], "the connection's end")
            process = await start(slack, db, lease_s)
            started = time.monotonic()
            await asking

            def settled(state: dict[str, Any]) -> bool:
                found = look(state, roots, 5)
                return not (found["lost"] or found["streaming"] or found["orphans"])

            try:
                await slack.wait_for(settled, "the end", timeout_s=settle_s)
            except AssertionError as error:
                print(error, file=sys.stderr)
            took = time.monotonic() - started
            process.terminate()
            code = await asyncio.wait_for(process.wait(), 30)
            state = await slack.state()
            found = look(state, roots, 5)
            violations = len(state["violations"]) + (code != 0)
    names = ("answered", "lost", "twice", "incomplete", "streaming", "orphans")
    return Outcome(kills, questions, *(found[name] for name in names), violations, round(took, 1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--lease-s", type=float, default=15.0)
    parser.add_argument("--alive-s", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    outcome = asyncio.run(
        run(
            options.kills,
            options.questions,
            lease_s=options.lease_s,
            seed=options.seed,
            alive_s=options.alive_s,
        )
    )
    for name, value in vars(outcome).items():
        print(f"| {name} | {value} |")
    sys.exit(not outcome.good)
