"""The whole bot with a model that breaks: how soon questions are acknowledged, something is seen, and all is said.

    python -m tests.bench.bench_broken

`policybot serve` over the sample manual, the fake Slack and the scripted model, each a process or server of its own.
60 people ask at once: 16 are answered at a time, 20 may wait, so the queue is full and the rest are asked to come back.
Seen is a status, a word, a position or a note. Prints a table, a row a script; asserts nothing.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.llm_server import FakeLLM
from tests.remote_slack import RemoteSlack

SCRIPTS = ("faithful", "hang_first", "hang_between", "429", "500", "malformed", "cut")
ASKED, AT_ONCE = 60, 16
MANUAL = Path(__file__).parents[2] / "bot/demo/manual"
QUESTION = "How many days may I work from another EU country? It is {} who asks."
Json = dict[str, Any]


def seen_at(state: Json, root: Json, user: str) -> float | None:
    """When the asker of this message first saw anything."""
    where = root["channel"], root["ts"]
    words = [
        w["at"]
        for m in state["messages"]
        if (m["thread_ts"] == root["ts"] and m["bot_id"]) or m["only_for"] == user
        for w in m["writes"]
        if w["text"].strip()
    ]
    statuses = [
        c["at"]
        for c in state["calls"]
        if c["method"] == "assistant.threads.setStatus" and (c["args"]["channel_id"], c["args"]["thread_ts"]) == where
    ]
    return min([*words, *statuses], default=None)


async def measure(script: str, environment: dict[str, str]) -> str:
    async with RemoteSlack() as slack, FakeLLM(script) as llm:
        await slack.set(subscriptions=["app_mention"])
        quiet = asyncio.subprocess.DEVNULL
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", stdout=quiet, stderr=quiet,
            env=environment | {"SLACK_API_URL": slack.url, "OPENAI_BASE_URL": llm.url},
        )  # fmt: skip
        await slack.wait_for(lambda state: state["connections"], "a connection")
        users = [f"U{100 + i}" for i in range(ASKED)]
        for user in users:
            await slack.do("add_user", user)
        await slack.do("add_channel", "CALL")  # with everybody in it
        roots = [await slack.do("mention", "CALL", user, QUESTION.format(user)) for user in users]

        def ends(state: Json) -> dict[str, float]:
            done = (m for m in state["messages"] if m["bot_id"] and m["metadata"] and not m["only_for"])
            return {m["thread_ts"]: m["writes"][-1]["at"] for m in done}

        def told(state: Json) -> int:
            return len(ends(state)) + sum(
                bool(m["only_for"]) and "questions are waiting" in m["text"] for m in state["messages"]
            )

        state = await slack.wait_for(
            lambda s: s if told(s) >= ASKED else None, "an end for all", timeout_s=200, every_s=0.5
        )
        bot.terminate()
        code = await bot.wait()
    born = {m["ts"]: m["born"] for m in state["messages"]}
    acks = sorted(d["acked_after_s"] for d in state["deliveries"] if d["acked_after_s"] is not None)
    seen = [at - root["born"] for root, user in zip(roots, users, strict=True) if (at := seen_at(state, root, user))]
    took = sorted(at - born[ts] for ts, at in ends(state).items())
    first = took[:AT_ONCE]  # those that did not wait for a place
    return (
        f"| {script} | {len(took)} | {ASKED - len(took)} | {acks[int(0.99 * (len(acks) - 1))]:.3f} | {len(seen)} "
        f"| {max(seen):.2f} | {first[-1]:.1f} | {took[-1]:.1f} | {len(state['violations'])} | {code} |"
    )


async def main() -> None:
    columns = (
        "model", "answered", "told to come back", "ack p99 s", "saw something", "last of them s",
        "final s (first 16, slowest)", "final s (with waiting, slowest)", "violations", "exit code",
    )  # fmt: skip
    print("| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|", flush=True)
    for script in SCRIPTS:
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {
                "POLICYBOT_DATA": folder, "DATABASE_URL": "", "CHROMA_URL": "", "SLACK_BOT_TOKEN": "xoxb-fake-bot",
                "SLACK_APP_TOKEN": "xapp-fake-app", "OPENAI_API_KEY": "k",
                "POLICYBOT_MAX_ANSWERS": str(AT_ONCE),
            }  # fmt: skip
            ingest = [sys.executable, "-m", "bot", "ingest", str(MANUAL)]
            quiet = asyncio.subprocess.DEVNULL
            await (await asyncio.create_subprocess_exec(*ingest, env=environment, stdout=quiet, stderr=quiet)).wait()
            print(await measure(script, environment), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
