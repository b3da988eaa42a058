"""python -m tests.bench.faults [NAME ...]: breaks things under a running bot; the table goes to docs/operate.md.

Each fault: a fresh copy of an ingested data folder, `policybot serve`, one question before, the fault, one question
during it, /readyz, healing by what the product says, one question after. With names, only those are tried and printed.
"""

import asyncio
import contextlib
import os
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot import texts
from tests.llm_server import FakeLLM
from tests.remote_slack import RemoteSlack
from tests.services import Chroma, free_port

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "bot/demo/manual"
PAGE = ROOT / "docs/operate.md"
QUESTIONS = (
    "Within how many days must I submit an expense report?",
    "After a journey, within how many days are expenses reported?",
    "In how many days after the journey must expenses be reported?",
)
SAYS = "within 30 days after the end"
PATIENCE_S = 60.0


@dataclass
class World:
    """A running bot and what it stands on."""

    data: Path
    llm: FakeLLM
    slack: RemoteSlack
    environment: dict[str, str]
    chroma: Chroma | None = None
    bot: asyncio.subprocess.Process | None = None
    held: list[Any] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.data / "policybot.db"

    async def start(self) -> None:
        quiet = asyncio.subprocess.DEVNULL
        self.bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", stdout=quiet, stderr=quiet, env=self.environment
        )
        await comes_true(self.is_ready)

    async def stop(self, how: int = signal.SIGTERM) -> None:
        assert self.bot is not None
        with contextlib.suppress(ProcessLookupError):
            self.bot.send_signal(how)
        try:
            await asyncio.wait_for(self.bot.wait(), 20)
        except TimeoutError:
            self.bot.kill()
            await self.bot.wait()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def run(self, *arguments: str) -> None:
        quiet = asyncio.subprocess.DEVNULL
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, stdout=quiet, stderr=quiet, env=self.environment
        )
        await child.wait()

    async def ready(self) -> tuple[int, str]:
        url = f"http://127.0.0.1:{self.environment['POLICYBOT_HEALTH_PORT']}/readyz"
        try:
            async with aiohttp.ClientSession() as session, session.get(url, timeout=aiohttp.ClientTimeout(8)) as answer:
                told = await answer.json()
                return answer.status, " ".join([*told["problems"], *told.get("notes", ())])
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, "nobody answers"

    async def is_ready(self) -> bool:
        return (await self.ready())[0] == 200

    async def says_nothing_wrong(self) -> bool:
        return await self.ready() == (200, "")

    async def ask(self, question: str, patience_s: float) -> tuple[str, float]:
        """What stands below the question in the end, and after how many seconds."""
        root = await self.slack.do("mention", "C1", "U1", question)
        return await self.reply(root, patience_s)

    async def reply(self, root: dict[str, Any], patience_s: float) -> tuple[str, float]:
        began = time.monotonic()

        def ended(state: dict[str, Any]) -> str | None:
            for one in state["messages"]:
                mine = one["thread_ts"] == root["ts"] and one["bot_id"]
                said = one["only_for"] or (one["metadata"] and one["streaming_state"] in (None, "completed"))
                if mine and said:
                    return "\n".join(dict.fromkeys([one["text"], *_texts(one["blocks"])]))
            return None

        try:
            found = await self.slack.wait_for(ended, "an answer", timeout_s=patience_s, every_s=0.2)
        except (AssertionError, TimeoutError):
            return "", patience_s
        return _brief(found or ""), time.monotonic() - began


async def comes_true(seen: Callable[[], Awaitable[bool]]) -> None:
    """Wait a minute at most; where it never does, the table shows what was wrong."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if await seen():
            return
        await asyncio.sleep(0.3)


def _texts(block: Any) -> list[str]:
    if isinstance(block, dict):
        own = [block["text"]] if isinstance(block.get("text"), str) else []
        return own + [text for value in block.values() for text in _texts(value)]
    return [text for one in block for text in _texts(one)] if isinstance(block, list) else []


def _brief(shown: str) -> str:
    """The answer, if it is there, and the remarks below it; else what is said instead."""
    say = texts.of()
    instead = [say.says["quoted_instead"], say.says["refused_instead"]]
    remarks = [t.format(instead=i) for t in say.degraded.values() for i in instead] + list(say.notes.values())
    told = [one for one in dict.fromkeys(remarks) if one in shown]
    if SAYS in shown:
        return " ".join(["the answer.", *told])
    return " ".join(shown.split())[:160]


@dataclass(frozen=True)
class Fault:
    """`heal` is what the product says to do; it may end the process."""

    name: str
    break_it: Callable[[World], Awaitable[None]]
    heal: Callable[[World], Awaitable[None]]
    healed_by: str
    server: bool = False  # with a Chroma server
    embeds: bool = False  # with an embedding endpoint
    patience_s: float = PATIENCE_S


def model(script: str) -> Callable[[World], Awaitable[None]]:
    async def run(world: World) -> None:
        world.llm.script = script

    return run


async def model_gone(world: World) -> None:
    world.llm.raw = (503, {}, b"gone")


async def model_floods(world: World) -> None:
    world.llm.raw = (500, {}, b"x" * 50_000_000)


async def model_back(world: World) -> None:
    world.llm.raw, world.llm.script, world.llm.embeddings_hang = None, "faithful", False
    world.llm.released.set()


async def embeddings_hang(world: World) -> None:
    world.llm.embeddings_hang = True


async def chroma_hangs(world: World) -> None:
    assert world.chroma is not None
    world.chroma.process.send_signal(signal.SIGSTOP)


async def chroma_goes_on(world: World) -> None:
    assert world.chroma is not None
    world.chroma.process.send_signal(signal.SIGCONT)
    await comes_true(world.says_nothing_wrong)


async def chroma_dies(world: World) -> None:
    assert world.chroma is not None
    world.chroma.stop()


async def chroma_starts(world: World) -> None:
    assert world.chroma is not None
    await asyncio.to_thread(world.chroma.start)


async def vectors_damaged(world: World) -> None:
    for file in (world.data / "chroma").rglob("*"):
        if file.is_file():
            file.write_bytes(b"\0" * 4096)
    await world.restart()


async def vectors_deleted(world: World) -> None:
    shutil.rmtree(world.data / "chroma")


async def ingest(world: World) -> None:
    await world.run("ingest", str(MANUAL))


async def rebuild(world: World) -> None:
    await world.run("ingest", "--rebuild", str(MANUAL))


async def rebuild_killed(world: World) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.killed_rebuild", str(MANUAL),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, env=world.environment,
    )  # fmt: skip
    assert await child.wait() == -signal.SIGKILL, "it came to its end"
    with contextlib.closing(sqlite3.connect(world.database)) as db:
        spaces = db.execute("SELECT count(DISTINCT embedder) FROM kb_vectors WHERE stored").fetchone()[0]
    assert spaces == 2, "those that answer, and the new ones beside them"


async def database_locked(world: World) -> None:
    held = sqlite3.connect(world.database, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    world.held.append(held)


async def database_unlocked(world: World) -> None:
    world.held.pop().execute("ROLLBACK")


async def disk_full(world: World) -> None:
    """No file of the bot's may grow: as on a full disk, writes fail."""
    assert world.bot is not None
    resource.prlimit(world.bot.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


async def disk_freed(world: World) -> None:
    assert world.bot is not None
    resource.prlimit(world.bot.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


async def database_deleted(world: World) -> None:
    shutil.copy(world.database, world.data / "backup")
    world.database.unlink()


async def database_replaced(world: World) -> None:
    shutil.copy(world.database, world.data / "backup")
    shutil.copy(world.database, world.data / "other")
    (world.data / "other").rename(world.database)


async def database_damaged(world: World) -> None:
    shutil.copy(world.database, world.data / "backup")
    size = world.database.stat().st_size
    with world.database.open("r+b") as file:
        file.write(os.urandom(size))


async def database_cut(world: World) -> None:
    shutil.copy(world.database, world.data / "backup")
    os.truncate(world.database, 0)


async def restored(world: World) -> None:
    await world.stop()
    for name in ("", "-wal", "-shm"):
        world.database.with_name(world.database.name + name).unlink(missing_ok=True)
    (world.data / "backup").rename(world.database)
    await world.start()


async def killed(world: World) -> None:
    await world.stop(signal.SIGKILL)


BY_ITSELF = "nothing to do"
FAULTS = (
    Fault("model: the endpoint answers 503", model_gone, model_back, BY_ITSELF),
    Fault("model: takes the question, never answers", model("hang_first"), model_back, BY_ITSELF),
    Fault("model: stops in the middle", model("cut"), model_back, BY_ITSELF),
    Fault("model: garbled stream", model("malformed"), model_back, BY_ITSELF),
    Fault("model: an error body of 50 MB", model_floods, model_back, BY_ITSELF),
    Fault("embedding endpoint: takes the text, never answers", embeddings_hang, model_back, BY_ITSELF, embeds=True),
    Fault("Chroma server: hangs (SIGSTOP)", chroma_hangs, chroma_goes_on, BY_ITSELF, server=True),
    Fault("Chroma server: killed", chroma_dies, chroma_starts, "start it", server=True),
    Fault("Chroma folder: damaged, bot restarted", vectors_damaged, rebuild, "`ingest --rebuild`"),
    Fault("Chroma folder: deleted", vectors_deleted, ingest, "`ingest`"),
    Fault("`ingest --rebuild` killed (-9) while it makes vectors", rebuild_killed, rebuild, "run it again"),
    Fault("database: locked by another process", database_locked, database_unlocked, "end that process", patience_s=20),
    Fault("database: disk full", disk_full, disk_freed, "free some space", patience_s=20),
    Fault("database: deleted", database_deleted, restored, "restore the backup", patience_s=20),
    Fault("database: replaced by a copy", database_replaced, World.restart, "restart", patience_s=20),
    Fault("database: damaged", database_damaged, restored, "restore the backup", patience_s=20),
    Fault("database: cut to 0 bytes", database_cut, restored, "restore the backup", patience_s=20),
    Fault("bot: killed (-9) before the question", killed, World.start, "the supervisor starts it", patience_s=5),
)


async def tried(fault: Fault, data: Path, environment: dict[str, str], llm: FakeLLM, chroma: Chroma | None) -> str:
    """The fault's row of the table."""
    llm.raw, llm.script, llm.embeddings_hang = None, "faithful", False
    llm.released = asyncio.Event()
    async with RemoteSlack() as slack:
        await slack.set(subscriptions=["app_mention"], retry_delays_s=[0.0, 10.0, 40.0])  # Slack's are at once, 60, 300
        own = environment | {
            "POLICYBOT_DATA": str(data), "SLACK_API_URL": slack.url, "POLICYBOT_HEALTH_PORT": str(free_port()),
        }  # fmt: skip
        world = World(data, llm, slack, own, chroma)
        await slack.do("add_user", "U1")
        try:
            await world.start()
            before, _ = await world.ask(QUESTIONS[0], PATIENCE_S)
            if SAYS not in before and not before.startswith("the answer"):
                return f"| {fault.name} | not tried: before it, {before!r} | | | |"
            await fault.break_it(world)
            root = await slack.do("mention", "C1", "U1", QUESTIONS[1])
            said, took = await world.reply(root, fault.patience_s)
            status, problems = await world.ready()
            await fault.heal(world)
            late = ""
            if not said:
                late, _ = await world.reply(root, 2 * PATIENCE_S)
            after, _ = await world.ask(QUESTIONS[2], PATIENCE_S)
        finally:
            await world.stop(signal.SIGKILL)
    told = f"{said} ({took:.0f} s)" if said else f"nothing; once healed: {late or 'nothing: ask again'}"
    ready = problems if not status else f"{status}: {problems}".removesuffix(": ")
    return f"| {fault.name} | {told} | {ready} | {fault.healed_by}: {after or 'nothing'} |".replace("\n", " ")


async def main(names: list[str]) -> None:
    chosen = [one for one in FAULTS if not names or any(name in one.name for name in names)]
    rows = ["| fault | the asker reads | `/readyz` | healed by, and then |", "|---|---|---|---|"]
    async with FakeLLM() as llm:
        with tempfile.TemporaryDirectory() as folder:
            base = os.environ | {
                "DATABASE_URL": "", "CHROMA_URL": "", "SLACK_BOT_TOKEN": "xoxb-fake-bot",
                "SLACK_APP_TOKEN": "xapp-fake-app",
                "OPENAI_API_KEY": "k", "OPENAI_BASE_URL": llm.url, "POLICYBOT_CACHE": "off",
            }  # fmt: skip
            for at, fault in enumerate(chosen):
                environment, chroma = dict(base), None
                template, data = Path(folder) / "template", Path(folder) / str(at)
                if fault.server:
                    chroma = Chroma(Path(folder) / f"chroma-{at}")
                    await asyncio.to_thread(chroma.start)
                    environment["CHROMA_URL"] = chroma.url
                    template = data  # vectors lie in this server
                if fault.embeds:  # the endpoint's vectors are hashed words: too far from anything to be sure by
                    environment |= {"POLICYBOT_EMBEDDING_MODEL": "hashed", "POLICYBOT_REFUSE_BELOW": "0"}
                    template = data
                if not template.exists():
                    world = World(template, llm, None, environment | {"POLICYBOT_DATA": str(template)})  # type: ignore[arg-type]
                    await ingest(world)
                if template != data:
                    shutil.copytree(template, data)
                try:
                    rows.append(await tried(fault, data, environment, llm, chroma))
                finally:
                    if chroma is not None:
                        chroma.stop()
                print(rows[-1], flush=True)
    if not names:
        head, begin, rest = PAGE.read_text(encoding="utf-8").partition("<!-- faults -->\n")
        _, end, tail = rest.partition("<!-- /faults -->")
        assert begin and end, f"{PAGE} has no place for the table"
        PAGE.write_text(head + begin + "\n".join(rows) + "\n" + end + tail, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
