"""Load on the Slack side: 50 questions at once, then a steady rate; beside it a bot that only streams (the floor).

    python -m tests.bench.bench_load --seconds 60
    python -m tests.bench.bench_load --seconds 60 --tiers    # Slack's rate limits on, in 50 channels; without the floor
    python -m tests.bench.bench_load --seconds 60 --flood    # what one person's flood does to another's questions

The model is played: 0.5 s to its first token, then 60 tokens a second, six sentences of twenty tokens. The fake Slack,
the bot and this driver are three processes on one machine. Prints a table; asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.fake_slack.remote import RemoteSlack

FIRST_S, EVERY_S, COUNT = 0.5, 20 / 60, 6
MODEL_FIRST_WORDS_S = FIRST_S  # when the first sentence is there
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_S


def memory_mb(pid: int) -> float:
    line = next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def floor(url: str) -> None:
    """A bot that does nothing but stream."""
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    app = AsyncApp(client=AsyncWebClient("xoxb-fake-bot", base_url=url))

    @app.event("app_mention")
    async def answer(event: dict[str, Any], client: AsyncWebClient) -> None:
        place = {"channel": event["channel"], "thread_ts": event["ts"]}
        to = {"recipient_team_id": "T0HOME", "recipient_user_id": event["user"]}
        started = await client.chat_startStream(**place, **to)
        stream = {"channel": event["channel"], "ts": started["ts"]}
        for i in range(COUNT):
            await asyncio.sleep(EVERY_S if i else FIRST_S)
            await client.chat_appendStream(**stream, markdown_text=f"Sentence {i} with some words in it. ")
        await client.chat_stopStream(**stream)

    @app.event("message")
    async def ignore() -> None:
        pass

    await AsyncSocketModeHandler(app, "xapp-fake-app").start_async()


async def measure(name: str, command: list[str], rate: float, seconds: float, channels: int = 0) -> list[str]:
    """One bot under both loads; rows of the table. With `channels`: in so many, within Slack's rate limits."""
    rows = []
    async with RemoteSlack(*(["--rate-limits"] if channels else [])) as slack:
        await slack.set(subscriptions=["app_mention"])
        places = [f"CB{i}" for i in range(channels)] or ["C1"]
        for place in places:
            await slack.do("add_channel", place)
        quiet = asyncio.subprocess.DEVNULL
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *command, "--slack", slack.url, stdout=quiet, stderr=quiet
        )
        await slack.wait_for(lambda state: state["connections"], "a connection")
        before_mb = memory_mb(bot.pid)
        for load, count, gap_s in (
            ("warm-up", 5, 0.0),
            ("50 at once", 50, 0.0),
            (f"{rate:g}/s", int(rate * seconds), 1 / rate),
        ):
            cpu = cpu_s(bot.pid)
            roots = []
            for i in range(count):
                asked = await slack.do("mention", places[i % len(places)], f"U{1 + i % 2}", f"Question {i}?")
                roots.append(asked["ts"])
                if gap_s:
                    await asyncio.sleep(gap_s)
            wanted = set(roots)

            def over(state: dict[str, Any], wanted: set[str] = wanted) -> list[dict[str, Any]]:
                mine = (m for m in state["messages"] if m["thread_ts"] in wanted and m["bot_id"] and not m["only_for"])
                return [m for m in mine if m["metadata"] or m["streaming_state"] == "completed"]

            await slack.wait_for(lambda s, over=over, count=count: len(over(s)) >= count, "all answers", every_s=0.5)
            state = await slack.state()
            mine = over(state)
            used = cpu_s(bot.pid) - cpu
            asked_at = {m["ts"]: m["born"] for m in state["messages"] if m["ts"] in wanted}
            firsts = sorted(
                next(w["at"] for w in m["writes"] if w["text"].strip()) - asked_at[m["thread_ts"]] for m in mine
            )
            acks = [d["acked_after_s"] for d in state["deliveries"][-count:] if d["acked_after_s"] is not None]
            errors = Counter(c["error"] for c in state["calls"] if c["error"])
            shown = [str((m["text"], m["blocks"])) for m in mine]
            whole = sum(all(f"Sentence {i} " in text for i in range(COUNT)) for text in shown)
            streamed = sum(m["streaming_state"] is not None for m in mine)
            lasts = sorted(m["writes"][-1]["at"] - asked_at[m["thread_ts"]] for m in mine)
            if load == "warm-up":
                continue
            p95 = firsts[int(0.95 * (len(firsts) - 1))]
            memory = f"{before_mb:.0f} -> {memory_mb(bot.pid):.0f}"
            rows.append(
                f"| {name} | {load} | {whole}/{count} | {streamed} | {statistics.median(firsts):.2f} | {p95:.2f} "
                f"| {statistics.median(firsts) - MODEL_FIRST_WORDS_S:.3f} | {p95 - MODEL_FIRST_WORDS_S:.3f} "
                f"| {lasts[len(lasts) // 2]:.1f} / {lasts[-1]:.1f} "
                f"| {max(acks):.3f} | {1000 * used / count:.0f} | {memory} | {dict(errors) or 0} |"
            )
        bot.kill()
        await bot.wait()
    return rows


async def flood(command: list[str], rate: float, seconds: float) -> None:
    """Others ask `rate` questions a second, first alone, then beside one person who writes ten times as many."""
    async with RemoteSlack() as slack:
        await slack.set(subscriptions=["app_mention"])
        quiet = asyncio.subprocess.DEVNULL
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *command, "--slack", slack.url, "--default-limits", stdout=quiet, stderr=quiet
        )
        await slack.wait_for(lambda state: state["connections"], "a connection")
        others = [f"U{10 + i}" for i in range(10)]
        for user in (*others, "UFLOOD"):
            await slack.do("add_user", user)
        print("| beside | others' questions | to the end median s | p95 s | max s | flood answered / limited |")
        print("|---" * 6 + "|")
        medians = []
        for beside in ("warm-up", "nobody", "one flooding person"):
            roots, floods = [], []
            for i in range(int(rate * seconds)):
                roots.append((await slack.do("mention", "C1", others[i % len(others)], f"Question {i}?"))["ts"])
                for _ in range(10):
                    if beside == "one flooding person":
                        floods.append((await slack.do("mention", "C1", "UFLOOD", "Me, me, me?"))["ts"])
                    await asyncio.sleep(0.1 / rate)

            def ended(state: dict[str, Any], roots: list[str] = roots) -> dict[str, float]:
                found = (m for m in state["messages"] if m["metadata"] and m["thread_ts"] in roots)
                return {m["thread_ts"]: m["writes"][-1]["at"] for m in found}

            await slack.wait_for(lambda state, ended=ended, roots=roots: len(ended(state)) == len(roots), "all answers")
            state = await slack.state()
            born = {m["ts"]: m["born"] for m in state["messages"]}
            took = sorted(at - born[root] for root, at in ended(state).items())
            medians.append(statistics.median(took))
            answered = len(ended(state, floods))
            print(
                f"| {beside} | {len(took)} | {medians[-1]:.3f} | {took[int(0.95 * (len(took) - 1))]:.3f} "
                f"| {took[-1]:.3f} | {answered} / {len(floods) - answered} |",
                flush=True,
            )
        print(f"the median is {medians[2] / medians[1] - 1:+.0%} beside the flood")
        bot.kill()
        await bot.wait()


async def main(rate: float, seconds: float, *, tiers: bool, flooded: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours = ["tests.slack.child", "--db", f"sqlite:///{folder}/bot.db"]
        ours += ["--first-s", str(FIRST_S), "--every-s", str(EVERY_S)]
        ours += ["--count", str(COUNT), "--answers", "64"]
        if flooded:
            await flood(ours, 2, seconds)
            return
        columns = [
            "bot",
            "load",
            "whole",
            "streamed",
            "first words median s",
            "p95 s",
            "own share median s",
            "own share p95 s",
        ]
        columns += ["end median / max s", "ack max s", "CPU ms an answer", "MB", "refused calls"]
        print("| " + " | ".join(columns) + " |")
        print("|---" * len(columns) + "|")
        bots = [] if tiers else [("floor", ["tests.bench.bench_load", "--floor"])]
        for name, command in (*bots, ("policybot", ours)):
            for row in await measure(name, command, rate, seconds, 50 if tiers else 0):
                print(row, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rate", type=float, default=10)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--tiers", action="store_true", help="with Slack's rate limits")
    parser.add_argument("--flood", action="store_true", help="measure what a flooding person does to the others")
    parser.add_argument("--floor", action="store_true", help="be the minimal bot")
    parser.add_argument("--slack", default="")
    options = parser.parse_args()
    if options.floor:
        asyncio.run(floor(options.slack))
    else:
        asyncio.run(main(options.rate, options.seconds, tiers=options.tiers, flooded=options.flood))
