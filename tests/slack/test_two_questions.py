"""Two questions in a message, of which a model answers one, and may name the other as open: the answer says so.

The whole product: fake Slack, real assistant, a model endpoint on a port, SQLite in a file.
"""

import asyncio
from pathlib import Path

import pytest

from bot import texts, wiring
from bot.settings import load
from tests.llm_server import FakeLLM
from tests.slack.bots import QUICK, answer_to, running
from tests.slack_server import FakeSlack

SECTIONS = {
    "Hotels": "A hotel room costs up to 140 euros a night including breakfast. Hotels are booked by the travel desk.",
    "Unpaid leave": "Unpaid leave of up to four weeks is approved by the head of department.",
    "Notice": "The notice period is three months to the end of a month.",
    "Lockers": "Lockers are assigned for a calendar year.",
    "Parking": "Cars are parked in the garage, bicycles in the shed.",
    "Meals": "The canteen is open from eleven to two.",
    "Passwords": "Passwords have at least twelve characters.",
    "Visitors": "Visitors are announced at reception a day ahead.",
    "Bonus": "The bonus is paid with the salary of March.",
    "Summer party": "The summer party is on the second Friday of July.",
    "Dogs": "Dogs stay at home.",
    "Printers": "Printers are serviced by the service desk.",
    "Training": "Training of up to five days a year is paid by the company.",
    "Telephones": "Private calls from the desk telephone are allowed if they are short.",
}
HOTEL = "A hotel room costs up to 140 euros a night including breakfast [{Hotels}]."
NAMED = "\n\n**NO_ANSWER:** unpaid leave"
LEAVE = " The head of department approves unpaid leave of up to four weeks [{Unpaid}]."


class Numbered(FakeLLM):
    """Cites the passages by what they say."""

    said = ""

    def text(self, request):  # type: ignore[no-untyped-def]
        found = {word: n for n in range(1, 20) for word in ("Hotels", "Unpaid") if self._has(request.prompt, n, word)}
        self.replies = {"hotel": self.said.format(**{"Hotels": 1, "Unpaid": 1} | found)}
        return super().text(request)

    @staticmethod
    def _has(prompt: str, n: int, word: str) -> bool:
        return any(f" [{n}] " in line and word in line for line in prompt.splitlines() if line.startswith("<"))


@pytest.mark.parametrize("said", [HOTEL, HOTEL + LEAVE, HOTEL + NAMED], ids=["one", "both", "named"])
async def test_what_a_model_passes_over_is_said(slack: FakeSlack, tmp_path: Path, said: str) -> None:
    page = tmp_path / "handbook.md"
    page.write_text("# Handbook\n\n" + "".join(f"## {name}\n\n{text}\n\n" for name, text in SECTIONS.items()), "utf-8")
    async with Numbered() as llm:
        llm.verifier, llm.said = "yes", said
        values = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": llm.url, "POLICYBOT_DATA": str(tmp_path / "data")}
        made = load(values, dotenv=None)
        kept = {"collection": "default", "prune": False, "rebuild": False, "ocr": False}
        await asyncio.to_thread(wiring.ingest, made, [page], **kept, progress=lambda *_: None)
        async with wiring.assistant(made) as parts, running(slack, parts.assistant, parts.store, settings=QUICK):
            asked = "How much may a hotel room cost? Who approves unpaid leave?"
            shown = (await answer_to(slack, slack.people.mention("C1", "U1", asked), parts.store)).shown
    assert "140 euros a night" in shown
    left = texts.of("en").says["part_unsure"].format(part="Who approves unpaid leave?", near=SECTIONS["Unpaid leave"])
    assert (left in shown) == (said != HOTEL + LEAVE), shown
    writes = [write for message in slack.channels["C1"].messages.values() for write in message.writes]
    assert writes and "ANSWER" not in str(writes)
