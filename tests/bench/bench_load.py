"""The real product under load, beside a bot that only streams (the floor), in one run.

    python -m tests.bench.bench_load                         # index of the sample manual
    python -m tests.bench.bench_load --chunks 20000          # and 20,000 synthetic chunks beside it
    python -m tests.bench.bench_load --processes 2           # of the bot, over one data folder
    python -m tests.bench.bench_load --tiers --seconds 60    # played answers, Slack's rate limits on, in 50 channels
    python -m tests.bench.bench_load --flood --seconds 60    # what one person's flood does to another's questions

`serve`, the fake Slack, the model server (0.5 s to the first token, 60 tokens/s, every call) and this driver are
processes of one machine. Questions are asked one at a time, 50 at once, then at a steady rate; each is another, and
the store keeps no answers, so that none is answered from what was said before. tests/bench/watch measures inside
`serve` how long its event loop was busy with one step, and not served. Prints a table; asserts nothing.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import wiring
from bot.settings import Settings
from knowledge.ingest.run import ingest
from tests.bench import watch
from tests.bench.bench_search import RandomVectors, synthetic
from tests.remote_slack import RemoteSlack

FIRST_S, TOKENS_PER_S = 0.5, 60
EVERY_S, COUNT = 20 / TOKENS_PER_S, 6  # of the played answers: six sentences of twenty tokens
ALONE, AT_ONCE = 10, 50
OPENINGS = (
    "Hi,", "Hello,", "Good morning,", "Hey there,", "Excuse me,", "Quick question:", "One question:", "Please tell me:",
    "I wonder:", "Sorry to ask,", "Dear policybot,", "For my team:", "Hello again,", "Good afternoon,", "Hi all,",
    "Just asking:", "A colleague asks:", "Hi bot,", "Good evening,", "Morning,",
)  # fmt: skip
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def cpu_s(bots: Sequence[asyncio.subprocess.Process]) -> float:
    stats = (Path(f"/proc/{bot.pid}/stat").read_text().rpartition(")")[2].split() for bot in bots)
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) * TICK_S


def memory_mb(bots: Sequence[asyncio.subprocess.Process]) -> float:
    pages = (int(Path(f"/proc/{bot.pid}/statm").read_text().split()[1]) for bot in bots)
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


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


def questions() -> tuple[list[str], list[str], list[str]]:
    """Those asked one at a time, those asked at once, and those of the steady rate: no two are the same."""
    rows = Path("tests/eval/gold.jsonl").read_text().splitlines()
    gold = [row["question"] for row in map(json.loads, rows)]
    steady = [f"{opening} {question}" for opening in OPENINGS for question in gold]
    return gold[:ALONE], gold[ALONE : ALONE + AT_ONCE], steady


def rewritten(question: str) -> dict[str, str]:
    """The question with its longer words as its rewrite."""
    return {"question": question, "question_keywords": " ".join(w for w in question.split() if len(w) > 3)}


async def measure(
    name: str,
    command: list[str],
    rate: float,
    seconds: float,
    *,
    env: dict[str, str],
    channels: int = 10,
    tiers: bool = False,
    processes: int = 1,
) -> list[str]:
    """One bot under all loads, in so many processes over one data folder; rows of the table."""
    rows, watched = [], Path(env["BENCH_WATCH"]) if "BENCH_WATCH" in env else None
    alone, at_once, steady = questions()
    async with RemoteSlack(*(["--rate-limits"] if tiers else [])) as slack:
        await slack.set(subscriptions=["app_mention"])
        places = [f"CB{i}" for i in range(channels)]
        people = [f"UB{i}" for i in range(20)]
        for person in people:
            await slack.do("add_user", person)
        for place in places:
            await slack.do("add_channel", place)
        quiet = asyncio.subprocess.DEVNULL
        bots = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", *(part.replace("SLACK", slack.url) for part in command),
                stdout=quiet, stderr=None if "BENCH_LOUD" in os.environ else quiet,
                env=os.environ | env | ({"SLACK_API_URL": slack.url} if env else {}),
            )
            for _ in range(processes)
        ]  # fmt: skip
        await slack.wait_for(lambda state: state["connections"] == processes, "a connection of each", timeout_s=60)
        before_mb = memory_mb(bots)
        for load, asking, gap_s in (
            (
                "warm-up",
                [f"What are the rules on {about}?" for about in ("lunch", "travel", "dogs", "sick leave")],
                None,
            ),
            ("alone", alone, None),
            (f"{AT_ONCE} at once", at_once, 0.0),
            (f"{rate:g}/s", steady[: int(rate * seconds)], 1 / rate),
        ):
            cpu, count = cpu_s(bots), len(asking)
            roots: list[str] = []
            due = time.monotonic()

            def over(state: dict[str, Any], wanted: list[str] = roots) -> list[dict[str, Any]]:
                asked = set(wanted)
                mine = (m for m in state["messages"] if m["thread_ts"] in asked and m["bot_id"] and not m["only_for"])
                return [m for m in mine if m["metadata"] or m["streaming_state"] == "completed"]

            async def ended(roots: list[str] = roots, over: Any = over) -> None:
                with contextlib.suppress(AssertionError):  # a full queue turns questions away: the table says how many
                    await slack.wait_for(lambda s: len(over(s)) >= len(roots), "", timeout_s=60, every_s=0.3)

            if watched:
                watch.forget(watched)
            for i, text in enumerate(asking):
                asked = await slack.do("mention", places[i % len(places)], people[i % len(people)], text)
                roots.append(asked["ts"])
                if gap_s is None:
                    await ended()
                elif gap_s:
                    due += gap_s
                    await asyncio.sleep(max(0.0, due - time.monotonic()))
            used_asking = cpu_s(bots) - cpu
            await ended()
            state = await slack.state()
            mine = over(state)
            used = cpu_s(bots) - cpu
            asked_at = {m["ts"]: m["born"] for m in state["messages"] if m["ts"] in set(roots)}
            firsts = sorted(
                next(w["at"] for w in m["writes"] if w["text"].strip()) - asked_at[m["thread_ts"]] for m in mine
            )
            acks = [d["acked_after_s"] for d in state["deliveries"][-count:] if d["acked_after_s"] is not None]
            errors = Counter(c["error"] for c in state["calls"] if c["error"])
            streamed = sum(m["streaming_state"] is not None for m in mine)
            lasts = sorted(m["writes"][-1]["at"] - asked_at[m["thread_ts"]] for m in mine)
            if load == "warm-up":
                continue
            p95 = firsts[int(0.95 * (len(firsts) - 1))]
            busy, late, where = watch.longest(watched) if watched else (0.0, 0.0, "")
            rows.append(
                f"| {name} | {load} | {len(mine)}/{count} | {streamed} | {statistics.median(firsts):.2f} | {p95:.2f} "
                f"| {lasts[len(lasts) // 2]:.1f} / {lasts[-1]:.1f} | {max(acks):.3f} "
                f"| {1000 * used / count:.0f} | {used_asking / (gap_s * count) if gap_s else 0:.0%} "
                f"| {1000 * busy:.0f} / {1000 * late:.0f} "
                f"| {before_mb:.0f} -> {memory_mb(bots):.0f} | {dict(errors) or 0} | {where} |"
            )
        for bot in bots:
            bot.kill()
            await bot.wait()
    return rows


def index(data: Path, chunks: int, env: dict[str, str]) -> None:
    """The sample manual, and so many synthetic chunks with random vectors beside it."""
    order = [sys.executable, "-m", "bot", "ingest", "bot/demo/manual"]
    subprocess.run(order, env=os.environ | env, check=True, stdout=subprocess.DEVNULL)
    if chunks:
        with tempfile.TemporaryDirectory() as folder:
            synthetic(Path(folder), chunks)
            with wiring.knowledge(Settings(data=data)) as parts:
                ingest([Path(folder)], catalog=parts.catalog, index=parts.index, embedder=RandomVectors())
    with sqlite3.connect(data / "policybot.db") as database:  # nothing is answered from what was said before
        database.execute("CREATE TRIGGER forget AFTER INSERT ON cache BEGIN DELETE FROM cache; END")


async def product(rate: float, seconds: float, chunks: int, processes: int, folder: Path) -> list[str]:
    """The real bot."""
    rewrites = folder / "rewrites.jsonl"  # keywords: the question's own words would not be searched for again
    rewrites.write_text("".join(f"{json.dumps(row)}\n" for row in map(rewritten, itertools.chain(*questions()))))
    model = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.llm_server", "--first-token-s", str(FIRST_S), "--tokens-per-s", str(TOKENS_PER_S),
        "--rewrites", str(rewrites),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert model.stdout
    data = folder / "data"
    env = {
        "SLACK_BOT_TOKEN": "xoxb-fake-bot",
        "SLACK_APP_TOKEN": "xapp-fake-app",
        "OPENAI_API_KEY": "sk-bench",
        "OPENAI_BASE_URL": (await model.stdout.readline()).decode().strip(),
        "OPENAI_MODEL": "fake-model",
        "POLICYBOT_DATA": str(data),
        "POLICYBOT_USER_PER_MINUTE": "0",
        "POLICYBOT_MAX_ANSWERS": "128",
        "POLICYBOT_LOG": "warning",
        "PYTHONPATH": f"{Path(watch.__file__).parent}{os.pathsep}{os.getcwd()}",
        "BENCH_WATCH": str(folder / "gaps"),
    }
    try:
        await asyncio.to_thread(index, data, chunks, env)
        name = f"policybot, {chunks or 'no'} chunks more{f', {processes} processes' if processes > 1 else ''}"
        return await measure(name, ["bot", "serve"], rate, seconds, env=env, processes=processes)
    finally:
        model.kill()
        await model.wait()


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


async def main(rate: float, seconds: float, chunks: int, processes: int, *, tiers: bool, flooded: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        played = ["tests.slack.child", "--db", f"sqlite:///{folder}/bot.db"]
        played += ["--first-s", str(FIRST_S), "--every-s", str(EVERY_S), "--count", str(COUNT), "--answers", "64"]
        if flooded:
            await flood(played, 2, seconds)
            return
        columns = ["bot", "load", "answered", "streamed", "first words median s", "p95 s", "end median / max s"]
        columns += [
            "ack max s",
            "CPU ms an answer",
            "of one core",
            "loop busy / late max ms",
            "MB",
            "refused calls",
            "longest delay seen at",
        ]
        print("| " + " | ".join(columns) + " |")
        print("|---" * len(columns) + "|")
        if tiers:
            played += ["--slack", "SLACK"]
            rows = await measure("played", played, rate, seconds, env={}, channels=50, tiers=True)
        else:
            rows = await measure(
                "floor", ["tests.bench.bench_load", "--floor", "--slack", "SLACK"], rate, seconds, env={}
            )
            print(*rows, sep="\n", flush=True)
            rows = await product(rate, seconds, chunks, processes, Path(folder))
        print(*rows, sep="\n", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--chunks", type=int, default=0, help="synthetic ones beside the sample manual")
    parser.add_argument("--processes", type=int, default=1, help="of the bot, over one data folder")
    parser.add_argument("--tiers", action="store_true", help="with Slack's rate limits")
    parser.add_argument("--flood", action="store_true", help="measure what a flooding person does to the others")
    parser.add_argument("--floor", action="store_true", help="be the minimal bot")
    parser.add_argument("--slack", default="")
    options = parser.parse_args()
    if options.floor:
        asyncio.run(floor(options.slack))
    else:
        how = options.rate, options.seconds, options.chunks, options.processes
        asyncio.run(main(*how, tiers=options.tiers, flooded=options.flood))
