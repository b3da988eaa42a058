"""The messages of a file through the real bot: what each asker sees in the end.

`python -m tests.eval.conversation.messages OUT.jsonl [--rows messages_5.jsonl] [--model FOLDER] [--only m01,m02]`: the
sample manual is ingested, `policybot serve` runs as a process on the local workspace, each message is sent in its way
(mention, post, dm, thread, edit, delete, forward, file) by people of its own, and OUT gets a row each: id, sent, seen.
A row that `follows`, `edits` or `deletes` another is sent once that one is settled, in its thread, by the same people.
With --model the replies come from FOLDER/replies.jsonl; prompts without one go to FOLDER/open.jsonl and get NO_ANSWER:
run, write the replies, run again until nothing is open. Rewrites in model/ to model_15/ were written for rewrite@v2 and
@v3; of an English manual @v4 asks word for word what @v3 does. What a thread's `before` says the bot wrote is not shown
to anybody: people's lines of it are sent, and the bot's are what it really answers.
"""

import argparse
import asyncio
import json
import re
import tempfile
import time
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from bot import wiring
from bot.demo.bot_process import Bot
from bot.demo.run import SAMPLE, ingest
from bot.demo.workspace.state import Message
from bot.settings import environment, load
from bot.store import Store
from tests.eval.conversation.__main__ import rows
from tests.eval.conversation.replies import Replies
from tests.slack_server import FakeSlack

HERE = Path(__file__).parent
QUIET_S = 4.0  # nothing more happens after so long a silence; measured: the slowest answer here is silent for 2 s
LONGEST_S = 60.0  # for one message
AT_ONCE = 6
FORWARDED = re.compile(
    r"""Fwd(?P<author>[^:]*):[ ](?P<quote>"[^"]*"|[^"]*"[^"]*")(?P<words>.*)
    | \[forwarded[ ]from[ ](?P<from>[^]]*)\][ ](?P<said>.*?)[ ]—[ ](?P<asked>.*)""",
    re.DOTALL | re.VERBOSE,
)
KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "txt": "text/plain"}
Row = dict[str, Any]


class Scene:
    """One row, or rows that follow each other: their people and places, which no other scene knows."""

    def __init__(self, slack: FakeSlack, store: Store, lines: list[Row]) -> None:
        self.slack, self.store, self.lines = slack, store, lines
        name = lines[0]["id"]
        others = {line["who"] for row in lines for line in _before(row)} - {"bot", "user"}
        self.people = {who: f"U{name}{who}".upper() for who in sorted({*"ABC", *others})}
        for who, user in self.people.items():
            slack.add_user(user, f"{who.lower()}-{name}")
        self.channel = f"C{name.upper()}"
        slack.add_channel(self.channel, f"room-{name}", members={slack.bot_user, *self.people.values()})
        self.places = {self.channel, *(slack.open_dm(user).id for user in self.people.values())}
        self.sent: dict[str, Message] = {}  # by the row's id

    def _written(self, text: str) -> str:
        for who, user in {**self.people, "bot": self.slack.bot_user}.items():
            text = re.sub(rf"@{who}\b", f"<@{user}>", text)
        return text

    def _say(self, who: str, text: str, thread_ts: str | None = None, **facts: Any) -> Message:
        act = self.slack.people.call if "@bot" in text else self.slack.people.say
        return act(self.channel, self.people[who], self._written(text), thread_ts=thread_ts, **facts)

    async def settled(self) -> None:
        """Once all is answered and nothing has been written, streamed or shown as a status here for a while."""
        last, since, start = self._state(), time.monotonic(), time.monotonic()
        while time.monotonic() - since < QUIET_S and time.monotonic() - start < LONGEST_S:
            await asyncio.sleep(0.1)
            if (now := self._state()) != last:
                last, since = now, time.monotonic()

    def _state(self) -> object:
        messages = [m for place in self.places for m in self.slack.channels[place].messages.values()]
        jobs = [self.store.inbox.find(self.slack.team, m.channel, m.ts) for m in messages if not m.bot_id]
        busy = any(job and job.state not in ("final", "failed") for job in jobs)
        statuses = [s[2] for s in self.slack.statuses if s[0] in self.places]
        return time.monotonic() if busy else (statuses, [(m.ts, len(m.writes), m.deleted) for m in messages])

    async def play(self) -> list[Row]:
        """The rows one after the other, with what is seen when all is quiet after each."""
        seen = []
        for row in self.lines:
            last = self.sent[row["id"]] = await self._send(row)
            await self.settled()
            seen.append({"id": row["id"], "how": row["how"], "sent": row["text"], "seen": self._seen(last)})
        return seen

    async def _send(self, row: Row) -> Message:
        how, text = row["how"], row["text"]
        if changed := row.get("edits") or row.get("deletes"):
            return self._change(self.sent[changed], "edit" if row.get("edits") else "delete", text)
        if how in ("edit", "delete"):
            last = self._say("A", row.get("old_text", text))
            if row.get("before"):
                await self.settled()
            self._change(last, how, text)
            if row.get("press"):
                await self.settled()
                self._press(row["press"])
            return last
        followed = self.sent.get(row.get("follows", ""))
        thread = (followed.thread_ts or followed.ts) if followed else None
        for line in _before(row):
            if line["who"] == "bot":
                await self.settled()
                continue
            said = self._say({"user": "A"}.get(line["who"], line["who"]), line["text"], thread)
            thread = thread or said.ts
        await self.settled()
        facts = {"text": text, "thread_ts": thread, **self._extras(row)}
        if how in ("mention", "post", "thread", "thread reply"):
            return self._say(row.get("who", "A"), **facts)
        return self.slack.people.dm(self.people["A"], **facts)

    def _change(self, message: Message, how: str, text: str) -> Message:
        if how == "edit":
            self.slack.people.edit(message, self._written(text))
        else:
            self.slack.people.delete(message)
        return message

    def _press(self, action: str) -> None:
        """A pressing of the last button of this kind that the asker has been shown, if there is one."""
        offers = [m for m in self.slack.messages(self.channel) if f'"action_id": "{action}"' in json.dumps(m.blocks)]
        if offers:
            self.slack.people.button(offers[-1], action, self.people["A"])

    def _extras(self, row: Row) -> Row:
        """What the row forwards or attaches, as Slack sends it; the words, where they are not the whole text."""
        if found := FORWARDED.fullmatch(row["text"]):
            author, quote, words = (part for part in found.groups() if part is not None)
            return {"text": words.strip(), "attachments": [
                {"is_msg_unfurl": True, "is_share": True, "author_name": author.strip() or "a colleague",
                 "text": quote.strip('"'), "fallback": quote}]}  # fmt: skip
        names = row.get("files") or [file["name"] for file in [row.get("file")] if file]
        files = [{"id": f"F{row['id'].upper()}{n}", "name": name, "title": name, "mode": "hosted",
                  "mimetype": KINDS[name.rpartition(".")[2]], "filetype": name.rpartition(".")[2]}
                 for n, name in enumerate(names)]  # fmt: skip
        return {"subtype": "file_share", "files": files} if files else {}

    def _seen(self, last: Message) -> list[Row]:
        """All that stands in this row's places in the end, by time; the asked message is marked."""
        found = [m for place in sorted(self.places) for m in self.slack.messages(place)]
        names = {user: who for who, user in self.people.items()} | {self.slack.bot_user: "bot"}
        return [
            {"who": "bot" if m.bot_id or m.user == self.slack.bot_user else names.get(m.user, m.user),
             "where": self._where(m), "text": shown(m),
             **({"this_message": True} if m is last else {}),
             **({"reactions": sorted(m.reactions)} if m.reactions else {})}
            for m in sorted(found, key=lambda m: m.ts)
        ]  # fmt: skip

    def _where(self, message: Message) -> str:
        place = "channel" if message.channel == self.channel else f"DM with {message.channel[-1]}"
        place += ", in the thread" if message.thread_ts else ""
        return f"{place}, only {message.only_for[-1]} sees it" if message.only_for else place


def _before(row: Row) -> list[Row]:
    """The lines of people, and where the bot answers, above a row."""
    return (row.get("before") or []) + (row.get("thread") or []) if row["how"] not in ("edit", "delete") else []


def scenes(lines: Iterable[Row]) -> list[list[Row]]:
    """The rows, each together with those that follow, edit or delete it."""
    found: dict[str, list[Row]] = {}
    for row in lines:
        before = row.get("follows") or row.get("edits") or row.get("deletes")
        found[row["id"]] = scene = found.get(before or "", [])
        scene.append(row)
    return [scene for name, scene in found.items() if scene[0]["id"] == name]


def shown(message: Message) -> str:
    """The words that a reader sees: of a message with blocks that was not streamed, the blocks' alone, as in Slack."""
    silent = message.blocks and not message.streaming_state
    words = message.shown.removeprefix(message.text) if silent else message.shown
    parts = [part.strip() for part in words.split("\n") if part.strip()]
    parts += [f"[attached: {file['name']}]" for file in message.files]
    return "\n".join(parts + [f"[forwarded: {a.get('text', '')}]" for a in message.attachments])


async def main(out: Path, file: Path, model: Path | None, only: set[str]) -> None:
    wanted = [scene for scene in scenes(rows(file)) if not only or only & {row["id"] for row in scene}]
    with tempfile.TemporaryDirectory() as folder:
        own = {"POLICYBOT_DATA": folder, "OPENAI_API_KEY": "", "POLICYBOT_CONFIG": ""}
        settings = load(environment(own))
        ingest(settings, SAMPLE, lambda *_: None)
        own["POLICYBOT_DATA"] = f"{folder}/demo"
        async with FakeSlack() as slack, Replies(model) as replies:
            own |= {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "SLACK_API_URL": slack.url}
            own |= {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": replies.url} if model else {}
            bot = Bot(lambda: environment(own), Path(folder) / "serve.log", lambda: None)
            await bot.start()
            try:
                await slack.wait_for(lambda: slack.deliverer.connections, "a connection", timeout_s=LONGEST_S)
                with wiring.store(load(environment(own))) as store:
                    gate = asyncio.Semaphore(AT_ONCE)

                    async def one(scene: list[Row]) -> list[Row]:
                        async with gate:
                            return await Scene(slack, store, scene).play()

                    await one([{"id": "first", "how": "mention", "text": "@bot hi"}])  # all is loaded after it
                    outcomes = list(chain.from_iterable(await asyncio.gather(*map(one, wanted))))
            finally:
                await bot.stop()
            print(*sorted({f"violation: {v}" for v in slack.violations}), sep="\n")
    await asyncio.to_thread(
        out.write_text, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in outcomes), "utf-8"
    )
    print(f"{len(outcomes)} outcomes; {len(replies.open)} prompts without a reply")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=Path, default=HERE / "messages.jsonl", help="the messages")
    parser.add_argument("--model", type=Path, help="folder of recorded replies")
    parser.add_argument("--only", default="", help="ids, with commas between")
    options = parser.parse_args()
    asyncio.run(main(options.out, options.rows, options.model, set(filter(None, options.only.split(",")))))
