"""python -m tests.bench.fuzz [PAYLOADS] [OUTPUTS]: hostile Slack payloads and hostile answers, by seeds kept here.

20,000 payloads: real ones of every entry with places replaced, removed or made another person's, channel's, team's or
answer's; read by `parse`, and 1,000 sent to a running bot. 10,000 answers made of attacks, each rendered whole
and cut at positions. Prints figures and what broke; exit 1 where anything did.
"""

import asyncio
import copy
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bot.demo.workspace.delivery import Delivery
from bot.slack import meanings, parse
from bot.slack.safe_text import as_text, markdown, mrkdwn
from bot.store.jobs import Received
from tests.slack.bots import answer_to, running, says, store_at
from tests.slack.test_hostile import ITEM, REAL, click, event, fits, mutated, places
from tests.slack.test_parse import ME, NOW
from tests.slack.test_safe_text import ADDRESS, ATTACKS, LINKING, LIVE, LIVELY, MARKUP, OURS, SHAPES, as_streamed
from tests.slack_server import FakeSlack

SEEDS = (20261128, 1, 2, 3, 5, 8, 13, 21, 34, 55)
CUTS = 4  # of an answer, beside the whole
USER = {"id": "U1", "team_id": "T1"}
ENTRIES = (
    *REAL,
    event(type="app_home_opened", tab="home", channel="D1"),
    event(type="member_joined_channel", user="UBOT", inviter="U2"),
    event(type="tokens_revoked", tokens={"bot": ["UBOT"]}),
    event(type="message", channel_type="mpim", text="<@UBOT> what now?"),
    event(type="message", thread_ts="1.0", text="and in Spain?"),
    event(type="reaction_removed", reaction="-1", item=ITEM, item_user="UBOT"),
    click(meanings.PERSON, "a1", trigger_id="1.2.c"),
    click(meanings.PERSON, json.dumps(["a1", "C1", "1.1", "1.0"]), trigger_id="1.2.c", container={"type": "view"}),
    click(meanings.SHARE, "a1", trigger_id="1.2.c"),
    *(click(name, name, trigger_id="1.2.c", container={"type": "view"}) for name in meanings.HOME_BUTTONS),
    click(
        meanings.POST, "x", trigger_id="1.2.c",
        view={"id": "V1", "private_metadata": json.dumps(["C1", "1.1", None, "x"])},
    ),
    {
        "type": "message_action", "callback_id": meanings.SHORTCUT, "team": {"id": "T1"}, "user": USER,
        "channel": {"id": "C1"}, "message": {"ts": "1.1", "user": "U2", "text": "How many days?"},
        "trigger_id": "1.2.c", "action_ts": "9.9",
    },
    {
        "type": "view_submission", "user": USER,
        "view": {
            "type": "modal", "callback_id": meanings.PERSON,
            "private_metadata": json.dumps(["a1", "C1", "1.0", "C9"]),
            "state": {"values": {"question": {"question": {"value": "Who?"}}, "named": {}, "yes": {}, "urgency": {}}},
        },
    },
)  # fmt: skip
FOREIGN = (
    "T9ELSE",
    "U9ELSE",
    "C9ELSE",
    "D9ELSE",
    "UBOT",
    "USLACKBOT",
    "a9",
    "B1",
    "W1",
    "E1",
    "9999999999.000001",
    "0.0",
)


def payload(dice: random.Random) -> dict[str, Any]:
    """A mutated payload, or one in which ids are somebody else's."""
    if dice.random() < 0.5:
        return mutated(dice)
    body = copy.deepcopy(dice.choice(ENTRIES))
    for _ in range(dice.randint(1, 4)):
        *way, last = dice.choice(list(places(body)))
        inner: Any = body
        for key in way:
            inner = inner[key]
        value = inner[last]
        if isinstance(value, str) and value.startswith("["):  # ids inside a value
            parts = json.loads(value)
            parts[dice.randrange(len(parts))] = dice.choice((*FOREIGN, None, 7, {}))
            inner[last] = json.dumps(parts)
        elif isinstance(value, str):
            inner[last] = dice.choice(FOREIGN)
        elif dice.random() < 0.3:
            inner[last] = dice.choice((None, {}, [], "x"))
    return body


def at_home(body: dict[str, Any], number: int) -> dict[str, Any]:
    """The same in the fake Slack's workspace, under an event id of its own."""
    home = json.dumps(body).replace('"T1"', '"T0HOME"').replace("UBOT", "U0BOT")
    found: dict[str, Any] = json.loads(home)
    return found | {"event_id": f"Ev{number}"}


def read_all(count: int) -> tuple[Counter[str], list[str]]:
    """How the payloads were read, and what must not be."""
    kinds, broken = Counter[str](), list[str]()
    for seed in SEEDS:
        dice = random.Random(seed)
        for _ in range(count // len(SEEDS)):
            body = payload(dice)
            meaning = parse.parse(body, ME, NOW)
            kinds[type(meaning).__name__] += 1
            theirs = (body.get("user") or {}).get("team_id") if isinstance(body.get("user"), dict) else None
            read = not isinstance(meaning, meanings.Ignored | meanings.Malformed | meanings.Revoked)
            if read and not fits(meaning):
                broken.append(f"does not fit: {meaning!r}")
            known = isinstance(meaning, Received) and meaning.outsider  # which a setting of its own decides about
            if (
                read
                and not known
                and isinstance(theirs, str)
                and theirs not in ("", "T1")
                and not body.get("enterprise")
            ):
                broken.append(f"another workspace's: {meaning!r}")
            if isinstance(meaning, Received) and meaning.kind != "again" and meaning.user in (ME.user, "USLACKBOT"):
                broken.append(f"a bot's question: {meaning!r}")
    return kinds, broken


async def sent(count: int) -> tuple[int, list[str]]:
    """As many payloads sent to a running bot: how many were acknowledged, and what must not have happened."""
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        store = store_at(Path(folder) / "p.db")
        async with FakeSlack() as slack, running(slack, says("Yes."), store):
            slack.deliverer.retry_delays_s, slack.deliverer.ack_s = (), 60.0
            answer = await answer_to(slack, slack.people.mention("C1", "U2", "How?"), store)
            dice, mine = random.Random(SEEDS[0]), list[Delivery]()
            for number in range(count):
                body = payload(dice)
                kind = "events_api" if body.get("type") == "event_callback" else "interactive"
                mine.append(Delivery(kind, at_home(body, number)))
                slack.deliverer.send(mine[-1])
            await slack.wait_for(lambda: all(d.acked or d.lost for d in mine), "all acks", timeout_s=600)
            await answer_to(slack, slack.people.mention("C1", "U3", "Still there?"), store)
            broken += [f"not acknowledged: {d.payload}"[:300] for d in mine if not d.acked]
            cast = [vote for row in store.asked.since() for vote in row.votes]
            broken += [f"a vote on what stands elsewhere: {vote}" for vote in cast]
            asked = {row.record.question.user for row in store.asked.since()}
            broken += [f"answered {user}" for user in asked & {"U0BOT", "USLACKBOT"}]
            if answer.streaming:
                broken.append("the first answer streams still")
            slack.violations.clear()  # answers went to channels that were made up
    return sum(d.acked for d in mine), broken


def rendered(count: int) -> list[str]:
    """What came out live of `count` answers made of attacks, whole or cut."""
    broken: list[str] = []
    pieces = [
        *f"{MARKUP} {LIVELY} {LINKING} a@b.test".split(" "),
        *SHAPES,
        *(text for text, _, _ in ATTACKS if len(text) < 200),
    ]
    for seed in SEEDS:
        dice = random.Random(seed)
        for _ in range(count // len(SEEDS)):
            text = "".join(dice.choices(pieces, k=dice.randint(1, 14)))
            for render in (markdown, mrkdwn):
                outs = {render(text, [OURS], addresses="")}
                streamed = {as_streamed(text, dice.randint(0, len(text)), render) for _ in range(CUTS)}
                if len(streamed) > 1:
                    broken.append(f"hangs on the cut: {text!r}")
                for out in outs | streamed:
                    if LIVE.search(out.replace("\n", " ")):
                        broken.append(f"live: {text!r} -> {out!r}")
                if any(ADDRESS.search(out) for out in outs):
                    broken.append(f"an address: {text!r}")
            if set("<>\0") & set(as_text(text)):
                broken.append(f"markup in plain text: {text!r}")
    return broken


async def main(payloads: int = 20_000, outputs: int = 10_000) -> int:
    began = time.monotonic()
    kinds, broken = read_all(payloads)
    print(
        f"{kinds.total()} payloads read in {time.monotonic() - began:.0f} s, {len(broken)} wrong; as",
        dict(kinds.most_common()),
    )
    began, over = time.monotonic(), payloads // 20
    acked, wrong = await sent(over)
    print(f"{over} sent to a running bot in {time.monotonic() - began:.0f} s: {acked} acknowledged, {len(wrong)} wrong")
    began = time.monotonic()
    live = rendered(outputs)
    print(
        f"{outputs} answers, whole and {CUTS} cuts, 2 surfaces, in {time.monotonic() - began:.0f} s: {len(live)} wrong"
    )
    for line in [*broken[:20], *wrong[:20], *live[:20]]:
        print("  ", line[:400])
    return int(bool(broken or wrong or live))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*map(int, sys.argv[1:]))))
