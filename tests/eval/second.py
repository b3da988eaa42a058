"""Questions asked second in a thread: what changes against the first question alone, without a model.

    python -m tests.eval.second ROWS.jsonl

Rows: first, second, answerable, evidence, kind. Each `first` is asked, then `second` behind it and alone, of the manual
in POLICYBOT_DATA. Printed by kind: how often the second is answered firmly, hedged or refused, alone and behind the
first; and where it is answerable, whether its evidence is told.
"""

import argparse
import asyncio
import json
from collections import Counter, defaultdict
from pathlib import Path

from bot import wiring
from bot.answering.assistant import Assistant, final
from bot.settings import load
from bot.types import Answer, Outcome, Question, Turn


def told(answer: Answer, evidence: str) -> bool:
    """Whether the answer says it; a row's cells in the words of a table."""
    shown = "".join(answer.text.lower().split())
    wanted = ["".join(cell.lower().split()) for cell in evidence.split("|") if cell.strip()]
    return bool(wanted) and all(cell in shown for cell in wanted)


def outcome(answer: Answer, evidence: str) -> str:
    """How an answer ended, in two words."""
    how = "refused" if answer.outcome is Outcome.REFUSED else "hedged" if "incomplete" in answer.notes else "firm"
    if not evidence:
        return how
    return f"{how} {'told' if told(answer, evidence) else 'other'}"


async def asked(assistant: Assistant, row: dict[str, str]) -> tuple[str, str, Answer]:
    """How the second question ended alone, and behind the first."""
    first = await final(assistant, Question("1", row["first"]))
    history = (Turn("user", row["first"]), Turn("agent", first.text, documents=first.documents))
    alone = await final(assistant, Question("2", row["second"]))
    behind = await final(assistant, Question("3", row["second"], history))
    return outcome(alone, row["evidence"]), outcome(behind, row["evidence"]), behind


async def run(rows: list[dict[str, str]], *, verbose: bool) -> None:
    """The counts, by kind."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    async with wiring.assistant(load(), cache=False) as parts:
        for row in rows:
            alone, behind, answer = await asked(parts.assistant, row)
            counts[row["kind"], "alone"][alone] += 1
            counts[row["kind"], "behind"][behind] += 1
            if verbose:
                print(row["id"], row["kind"], alone, "->", behind, "|", row["first"], "|", row["second"])
                print("     ", " ".join(answer.text.split())[:200])
    for (kind, where), ends in sorted(counts.items()):
        print(f"{kind:15}{where:8}", dict(sorted(ends.items())))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    lines = options.rows.read_text("utf-8").splitlines()
    asyncio.run(run([json.loads(line) for line in lines], verbose=options.verbose))
