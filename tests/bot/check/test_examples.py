"""Every example of docs/check.md does what the page says."""

import re
from pathlib import Path

import pytest

from bot.llm.verdicts import verdicts
from bot.types import Usage
from knowledge.types import Passage
from tests.bot.check.test_checker import lines, run
from tests.rows import each

PAGE = (Path(__file__).parents[3] / "docs" / "check.md").read_text("utf-8")
QUOTED = " ".join(re.findall(r"^> (.*)$", PAGE, re.M)).replace(" - ", "\n- ")
HANDBOOK = Passage("c", "handbook.pdf", "Handbook", (), QUOTED, 1.0, version="9")
TRUE = "The travel desk does the booking."


def table(heading: str) -> list[list[str]]:
    part = PAGE.split(f"## {heading}")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("| ")
    ]
    return rows[1:]


class Says:
    """A verifier with one reply, and whether it was asked."""

    def __init__(self, reply: str) -> None:
        self.reply, self.asked = reply, False

    async def verify(self, request: object, *, first: bool = True) -> tuple[list[dict[str, str]], Usage]:
        self.asked = True
        return verdicts(self.reply), Usage()


def outcome(said: str, reply: str = "") -> tuple[str, str]:
    """(what happens, the reason), in the page's words."""
    verifier = Says(reply)
    checked, checker = run(said.replace(" / ", "\n"), sources=[HANDBOOK], verifier=verifier)
    if verifier.asked and not reply:
        return "verifier", ""
    if checker.held_back:
        return "held back", checker.held_back[0].reason
    return "shown", checked[-1].reason


@each("said, happens, reason", [*table("1. Copy"), *table("2. Veto"), *table("Headings, lead-ins and courtesies")])
def test_what_a_model_writes(said: str, happens: str, reason: str) -> None:
    assert outcome(said) == (happens, reason)


def verdict(**row: object) -> str:
    said = {"id": 1, "supported": True, "quote": "booked by the travel desk", "source": 1, "wrong": "", **row}
    return str([said]).replace("'", '"').replace("True", "true").replace("False", "false")


REPLIES = {
    "supported, with a quote that stands in the passage": verdict(),
    "supported, with a quote that stands nowhere": verdict(quote="booked by anyone at all"),
    "supported, and names a fault": verdict(wrong="who books"),
    "not supported": verdict(supported=False, quote=""),
    "supported and not supported": verdict()[:-1] + ", " + verdict(supported=False)[1:],
    "nothing, or no JSON": "I think so.",
}


@each("said, happens, reason", table("3. Verifier"))
def test_what_a_verifier_says(said: str, happens: str, reason: str) -> None:
    reply = REPLIES[said]
    assert outcome(f"{TRUE} [1]", f'{{"claims": {reply}}}' if reply.startswith("[") else reply) == (happens, reason)


@pytest.mark.parametrize(("said", "shown"), table("Repair"))
def test_what_stands_instead(said: str, shown: str) -> None:
    checked, _ = run(said, sources=[HANDBOOK], manner="no")
    assert lines(checked) == [shown] * bool(shown)
