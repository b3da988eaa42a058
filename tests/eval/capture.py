"""python -m tests.eval.capture SET.jsonl: all that leaves, is logged, stored or exported in a full run, searched.

The set has rows {"text", "spans": [{"type", "start", "end"}]}. Each text is asked of a bot with a model by a person
of its own, in a direct message and again in its thread, and is the comment on a vote; then it is asked of a bot that
refuses everything, and handed on to people with the same words. Captured: what the model and the embedding endpoint
were sent, traces with text, log lines at level debug, every byte of the data folder, the exports of votes, of the
audit trail and of every person, and what stands in the owners' channel. Printed: each value of a kind that is looked
for that stands in one of them.
"""

import asyncio
import contextlib
import io
import json
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot import tracing, wiring
from bot.log import configure
from bot.rules.file import RulesFile
from bot.slack.meanings import PERSON
from bot.types import Vote
from tests.eval.privacy import KINDS, LEFT_OUT
from tests.llm_server import FakeLLM
from tests.prepared import PAGES, ingested, settings_at
from tests.slack.bots import answer_to, ended, running
from tests.slack.test_hand_off import RULES, filled, in_owners, ruled, told, view_of, words
from tests.slack_server import FakeSlack

AT_ONCE = 8
SEPARATOR = "\n"  # between messages in the owners' channel, as JSON without line breaks
MEMBERS = {"user_per_minute": 0, "shutdown_s": 5.0}


def main(path: str) -> None:
    """Print how many values were tried, and each that came out."""
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    log = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(log):
        captured = asyncio.run(_run(rows, Path(folder) / "data", ruled(Path(folder), RULES)))
        captured["stored"] = "".join(f.read_bytes().decode("latin-1") for f in Path(folder).rglob("*") if f.is_file())
    captured["logged"] = log.getvalue()
    bare = {where: "".join(told.split()) for where, told in captured.items()}
    tried, out = 0, Counter[str]()
    for row in rows:
        for span in row["spans"]:
            kind, value = KINDS.get(span["type"], span["type"]), row["text"][span["start"] : span["end"]]
            if kind in LEFT_OUT:
                continue
            tried += 1
            forms = {"".join(value.split()), "".join(json.dumps(value)[1:-1].split())}
            if found := [where for where, told in bare.items() if any(form in told for form in forms)]:
                out[kind] += 1
                print(f"{kind} {value!r} stands in what was {', '.join(found)}: {row['text'][:100]!r}")
    print(f"{captured['handed on'].count(SEPARATOR) + 1} messages handed on")
    print({where: len(told) for where, told in captured.items()}, "characters")
    print(f"{out.total()} of {tried} values came out of {len(rows)} messages", dict(out))


async def _run(rows: list[dict[str, Any]], data: Path, rules: RulesFile) -> dict[str, str]:
    traces: list[bytes] = []

    async def receive(request: web.Request) -> web.Response:
        traces.append(await request.read())
        return web.Response()

    app = web.Application(client_max_size=2**26)
    app.router.add_post("/v1/traces", receive)
    collector = web.AppRunner(app)
    await collector.setup()
    site = web.TCPSite(collector, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    configure("debug")
    tracing.configure(f"http://127.0.0.1:{port}", {}, text=True)
    async with FakeLLM() as llm, FakeSlack() as slack:
        names = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": llm.url, "POLICYBOT_EMBEDDING_MODEL": "embedder"}
        await asyncio.to_thread(ingested, data, PAGES, **names)
        settings = settings_at(data, POLICYBOT_REFUSE_BELOW="0", **names)
        exported: list[Any] = []
        async with (
            wiring.assistant(settings) as parts,
            running(slack, parts.assistant, parts.store, settings=MEMBERS),
        ):
            turns = asyncio.Semaphore(AT_ONCE)

            async def ask(number: int, text: str) -> None:
                user = f"U{number:08}"
                async with turns:
                    slack.add_user(user)
                    first = slack.people.dm(user, text)
                    await ended(slack, parts.store, first, timeout_s=300)
                    more = slack.people.dm(user, f"And what does the manual say? {text}", thread_ts=first.ts)
                    await ended(slack, parts.store, more, timeout_s=300)
                    answer = next(m for m in slack.replies(first) if m.user == slack.bot_user)
                    at = datetime.now(UTC)
                    vote = Vote(slack.team, first.channel, answer.ts, user, "down", "button", at, comment=text)
                    await asyncio.to_thread(parts.store.feedback.cast, vote)

            await asyncio.gather(*(ask(number, row["text"]) for number, row in enumerate(rows)))
        refusing = settings_at(data, POLICYBOT_REFUSE_BELOW="1", **names)
        slack.add_channel("C0OWNERS", "owners")
        async with (
            wiring.assistant(refusing) as parts,
            running(slack, parts.assistant, parts.store, settings=MEMBERS, rules=rules),
        ):
            for number, row in enumerate(rows):  # one behind the other: a form is known by when it comes
                asked = slack.people.dm(f"U{number:08}", row["text"])
                answer = await answer_to(slack, asked, parts.store)
                if f'"action_id": "{PERSON}"' in words(answer):  # a greeting, say, is not handed on
                    view = await view_of(slack, answer, f"U{number:08}")
                    slack.people.submit(view, filled(row["text"][:3000], yes=True))
                    await told(slack, asked, "person_sent")
            exported += [*parts.store.feedback.export(), *parts.store.audit.export()]
            for number in range(len(rows)):
                exported += parts.store.persons.export(f"U{number:08}", datetime.now(UTC))
        handed = SEPARATOR.join(map(words, in_owners(slack)))
        sent = json.dumps([request.body for request in llm.requests], ensure_ascii=False)
    await asyncio.to_thread(tracing.close)
    await collector.cleanup()
    return {
        "sent": sent,
        "handed on": handed,
        "traced": b"".join(traces).decode("latin-1"),
        "exported": json.dumps(exported, ensure_ascii=False, default=str),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
