"""A capture of everything that leaves, is stored, logged or exported, with every kind of personal data in the question.

The whole product: fake Slack, real assistant, a model endpoint on a port, SQLite in a file. The values may stand in two
places alone: the asker's own message in Slack, and the answer to its asker.
"""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import wiring
from bot.log import configure
from bot.privacy.find import find
from bot.privacy.mask import alone
from bot.settings import Settings
from bot.settings import load as settings_from
from bot.slack.deliver import question_id
from bot.store import Store
from bot.store.jobs import Received
from bot.types import Question, Record, Sentence, Verdict, Vote
from tests.llm_server import FakeLLM
from tests.slack.bots import QUICK, answer_to, answered, ended, running, says
from tests.slack_server import FakeSlack

MANUAL = """# Claims

Travel claims are sent to claims@firm.example within 30 days. The refund goes to your bank account.
A refund is paid with the next salary. A lost card is reported to the bank on the same day.
"""
VALUES = {
    "EMAIL": "m.kaya@web.example",
    "PHONE": "+49 151 23452439",
    "CARD": "4111 1111 1111 1111",
    "IBAN": "DE89 3704 0044 0532 0130 00",
    "NATIONAL_ID": "47539681058",
    "IP": "10.58.139.79",
    "BIRTH_DATE": "12.03.1988",
    "SECRET": "ghp_" + "a1B2c3D4" * 5,
    "PERSON": "U0FRIEND1",
}
STORY = (
    "Where are travel claims sent? I am {EMAIL}, phone {PHONE}, born on {BIRTH_DATE}, TCKN {NATIONAL_ID}. Pay to "
    "{IBAN} or my card {CARD}. My laptop is {IP}, its token {SECRET}; <@{PERSON}> told me."
).format(**VALUES)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Any]:
    page = tmp_path / "claims.md"
    page.write_text(MANUAL, encoding="utf-8")

    def made(llm: FakeLLM) -> Settings:
        values = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": llm.url, "POLICYBOT_DATA": str(tmp_path / "data")}
        found = settings_from(
            values | {"POLICYBOT_EMBEDDING_MODEL": "embedder", "POLICYBOT_REFUSE_BELOW": "0"}, dotenv=None
        )
        wiring.ingest(
            found, [page], collection="default", prune=False, rebuild=False, ocr=False, progress=lambda *_: None
        )
        return found

    yield made


def holding(told: str) -> set[str]:
    """The kinds whose values stand in a text, however they are spaced."""
    bare = "".join(told.split())
    return {kind for kind, value in VALUES.items() if "".join(value.split()) in bare}


def everything_in(folder: Path) -> str:
    """The bytes of every file: database, write-ahead log, vectors."""
    return "".join(file.read_bytes().decode("latin-1") for file in folder.rglob("*") if file.is_file())


async def test_nothing_personal_leaves_is_stored_logged_or_exported(
    slack: FakeSlack, settings: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert holding(STORY) == set(VALUES)
    async with FakeLLM() as llm:
        llm.verifier = "yes"
        llm.replies = {
            "Where are travel claims sent": "Travel claims are sent to claims@firm.example within 30 days [1]. "
            "The refund goes to your bank account <IBAN_1>, and word of it to <EMAIL_1> [1].",
            "And if": "The refund goes to your bank account <IBAN_1>, not to <EMAIL_2> [1].",
        }
        configure("debug")
        async with (
            wiring.assistant(await asyncio.to_thread(settings, llm)) as parts,
            running(slack, parts.assistant, parts.store, settings=QUICK),
        ):
            first = slack.people.mention("C1", "U1", STORY)
            shown = await answer_to(slack, first, parts.store)
            more = slack.people.mention("C1", "U1", "And if I use other@mail.example?", thread_ts=first.ts)
            await ended(slack, parts.store, more)
            other = slack.people.mention("C1", "U2", "And if they pay me, too?", thread_ts=first.ts)
            await ended(slack, parts.store, other)
            slack.people.say("C1", "U1", "thanks", thread_ts=first.ts)
            at = datetime(2026, 12, 1, tzinfo=UTC)
            vote = Vote(slack.team, "C1", shown.ts, "U1", "down", "button", at, comment=f"ask {VALUES['EMAIL']}")
            parts.store.feedback.cast(vote)
            exported = json.dumps(list(parts.store.feedback.export()))
        sent = json.dumps([request.body for request in llm.requests], ensure_ascii=False)
    answers = [m.text for m in slack.replies(first) if m.user == slack.bot_user]
    assert VALUES["EMAIL"] in answers[0] and VALUES["IBAN"] in answers[0], answers[0]
    assert VALUES["IBAN"] in answers[1] and "other@mail.example" in answers[1], answers[1]
    assert VALUES["IBAN"] not in answers[2] and "the account number" in answers[2], "another person asked"
    assert shown.text == answers[0]
    assert "<IBAN_1>" in sent and "<SECRET_1>" in sent and "<PERSON_1>" in sent
    assert "claims@firm.example" in sent, "the manual's contacts are answers"
    stored = everything_in(tmp_path)
    logged = "".join(capfd.readouterr())
    assert "<EMAIL_1>" in stored and "ask <EMAIL_1>" in exported
    for where, told in (("sent", sent), ("stored", stored), ("logged", logged), ("exported", exported)):
        assert holding(told) == set(), where
        assert "other@mail.example" not in told, where


async def test_an_answer_that_a_crash_kept_back_is_shown_with_its_values(slack: FakeSlack, store: Store) -> None:
    """The record has placeholders; whoever brings it out reads the values where they stand, in Slack."""
    asked = "I am m.kaya@web.example, where do claims go?"
    subscriptions, slack.subscriptions = slack.subscriptions, frozenset()
    question = slack.people.dm("U1", asked)
    slack.subscriptions = subscriptions
    ago = datetime.now(UTC) - timedelta(seconds=60)
    event = Received(
        team=slack.team, channel=question.channel, message_ts=question.ts, event_id="EvX", user="U1",
        text=alone(asked, find), thread_ts=None, kind="dm", received_at=ago,
    )  # fmt: skip
    store.inbox.receive(event)
    (job,) = store.inbox.claim("dead", limit=1, lease_s=1, now=ago)
    answer = answered([Sentence("Word goes to <EMAIL_1>.", Verdict.SUPPORTED)])
    kept = Question(question_id(job), job.text, team=job.team, channel=job.channel, user="U1")
    store.answers.save(Record(kept.id, kept, answer, ago, None, question.ts))
    async with running(slack, says("never asked"), store):
        shown = await answer_to(slack, question, store)
        await ended(slack, store, question)
    assert "m.kaya@web.example" in shown.text and "<EMAIL_1>" not in shown.text
