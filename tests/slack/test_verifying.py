"""The verifier's endpoint in every bad manner, and two editions of one document, over the wire.

The whole product: fake Slack, real assistant, one endpoint that writes and one that verifies, SQLite in a file. What is
false by figure is never shown, nothing is lost, and the order is the answer's.
"""

# ruff: noqa: E501 - cases read best on one line

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import texts, wiring
from bot.settings import Settings
from bot.settings import load as settings_from
from bot.wiring import VERIFY_S
from tests.llm_server import FakeLLM
from tests.slack.bots import QUICK, answer_to, running
from tests.slack_server import FakeSlack

MANUAL = """# Travel

Hotels are booked by the travel desk. A room costs up to 140 euros a night. A flight to a trade fair may cost 160 euros
more. Claims for a journey are sent within 30 days. A taxi needs the approval of the team lead.
"""
ASKED = "How do I book a hotel for a journey, and who approves a taxi?"
SAID = (
    "For your journey the travel desk takes care of booking the hotel [1]. A room may cost as much as 160 euros a night "
    "[1]. Claims for the journey have to be sent within 30 days of it [1]. Before a taxi the team lead has to approve [1]."
)
FACTS = ("travel desk", "A room costs up to 140 euros a night", "30 days", "team lead")  # in this order


def settings(folder: Path, llm: FakeLLM, judge: FakeLLM, documents: dict[str, str]) -> Settings:
    """A bot that reads these documents and has an endpoint of its own to verify."""
    values = {
        "OPENAI_API_KEY": "sk-test",
        "OPENAI_BASE_URL": llm.url,
        "POLICYBOT_VERIFIER": f"judge@{judge.url}",
        "POLICYBOT_VERIFIER_API_KEY": "sk-judge",
        "POLICYBOT_EMBEDDING_MODEL": "embedder",
        "POLICYBOT_DATA": str(folder / "data"),
        "POLICYBOT_REFUSE_BELOW": "0",
    }
    made = settings_from(values, dotenv=None)
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")
    pages = [folder / name for name in documents]
    wiring.ingest(made, pages, collection="default", prune=False, rebuild=False, ocr=False, progress=lambda *_: None)
    return made


def hangs(judge: FakeLLM) -> None:
    judge.script = "hang_first"


def writes_too_slowly(judge: FakeLLM) -> None:
    judge.script, judge.cut_after = "hang_between", 3


def is_down(judge: FakeLLM) -> None:
    judge.script = "500"


def replies(manner: str) -> Callable[[FakeLLM], None]:
    return lambda judge: setattr(judge, "verifier", manner)


@pytest.mark.parametrize(
    ("trouble", "is_checked_by_words"),
    [
        (hangs, True),
        (writes_too_slowly, True),
        (is_down, True),
        (replies("garbled"), True),
        (replies("silent"), True),
        (replies("contradicts"), True),
        (replies("invents"), False),
        (replies("no"), False),
        (replies("yes"), False),
    ],
)
async def test_whatever_the_verifier_does_nothing_false_by_figure_is_shown_and_nothing_lost(
    slack: FakeSlack, tmp_path: Path, trouble: Callable[[FakeLLM], None], is_checked_by_words: bool
) -> None:
    async with FakeLLM() as llm, FakeLLM() as judge:
        llm.replies, llm.tokens_per_s = {"book a hotel": SAID}, 0.0
        trouble(judge)
        made = await asyncio.to_thread(settings, tmp_path, llm, judge, {"travel.md": MANUAL})
        async with (
            wiring.assistant(made) as parts,
            running(slack, parts.assistant, parts.store, settings=QUICK),
        ):
            answer = await answer_to(slack, slack.people.mention("C1", "U1", ASKED), parts.store)
        asked = [request for request in judge.requests if "claims" in request.prompt]
    shown, places = answer.text, [answer.text.find(fact) for fact in FACTS]
    assert -1 not in places and places == sorted(places), shown
    assert "as much as" not in shown and "160" not in shown
    assert asked and (texts.of("en").notes["words_only"] in answer.shown) == is_checked_by_words, answer.shown


async def test_the_first_words_wait_for_one_call_and_for_nothing_else(slack: FakeSlack, tmp_path: Path) -> None:
    """They stand there while the verifier still hangs and the model still writes."""
    async with FakeLLM() as llm, FakeLLM("hang_first") as judge:
        llm.replies = {"book a hotel": SAID}
        made = await asyncio.to_thread(settings, tmp_path, llm, judge, {"travel.md": MANUAL})
        llm.script, llm.cut_after = "hang_between", len(SAID[: SAID.index(" A room")].split()) + 2
        async with (
            wiring.assistant(made) as parts,
            running(slack, parts.assistant, parts.store, settings=QUICK),
        ):
            asked = slack.people.mention("C1", "U1", ASKED)
            await slack.wait_for(lambda: any("travel desk" in m.text for m in slack.replies(asked)))
            writing = [request for request in llm.requests if SAID.startswith(request.text) and request.text]
            assert [request.ended for request in writing] == [None] and not judge.released.is_set()
            assert len(judge.requests) == 1
            llm.released.set()
            await answer_to(slack, asked, parts.store)
    assert VERIFY_S <= 2.0, "with a search and a first token that leaves 3.5 seconds to the first words"


EDITIONS = {
    f"guests-{year}.md": f"# Guest policy {year}\n\nGuests stay in the company flat for at most {nights} nights.\n"
    for year, nights in ((2023, "three"), (2026, "five"))
}


@pytest.mark.parametrize(
    ("asked", "said", "shown", "edition"),
    [
        ("How long may guests stay in the flat?", "Guests may spend five nights in the flat [1].", "five nights in", ""),
        ("How long may guests stay in the flat?", "The edition of 2023 is in force: three nights [1].", "five nights.", ""),
        ("How long did guests stay in the 2023 edition?", "Guests spent three nights in the flat [1].", "three", "2023"),
    ],
)  # fmt: skip
async def test_the_newer_edition_answers_and_the_older_when_it_is_asked_for(
    slack: FakeSlack, tmp_path: Path, asked: str, said: str, shown: str, edition: str
) -> None:
    async with FakeLLM() as llm, FakeLLM() as judge:
        llm.replies, judge.verifier = {asked: said}, "yes"
        made = await asyncio.to_thread(settings, tmp_path, llm, judge, EDITIONS)
        async with (
            wiring.assistant(made) as parts,
            running(slack, parts.assistant, parts.store, settings=QUICK),
        ):
            answer = await answer_to(slack, slack.people.mention("C1", "U1", asked), parts.store)
        (prompt,) = [request.prompt for request in llm.requests if "Guest policy" in request.prompt]
    assert shown in answer.text and ("three" in answer.text) == bool(edition), answer.text
    assert (f"Guest policy {edition or 2026}" in answer.shown) and ("2023" in answer.shown) == bool(edition), (
        answer.shown
    )
    assert ("Guest policy 2023" in prompt) == bool(edition) and ("Guest policy 2026" in prompt) != bool(edition)
