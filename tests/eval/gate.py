"""What the gate before an answer refuses and lets through, by threshold; prints a Markdown table.

    POLICYBOT_DATA=data python -m tests.eval.gate GOLD.jsonl ...

Rows with `question` and `answerable`, searched for by their own words, as where a rewrite only repeats them. Each cell:
share of the answerable ones that are refused / share of the others that are let through.
"""

import json
import sys
from pathlib import Path

from bot import wiring
from bot.answering.search import PASSAGES, Search
from bot.settings import load
from bot.types import Question
from bot.understanding import follow_up
from knowledge.types import Query

THRESHOLDS = (0.08, 0.11, 0.132, 0.15, 0.18, 0.22, 0.3)


def run(paths: list[Path]) -> None:
    print(
        "| gold | n | " + " | ".join(f"{one:g}" for one in THRESHOLDS) + " |\n" + "|---" * (len(THRESHOLDS) + 2) + "|"
    )
    with wiring.knowledge(load()) as parts:
        for path in paths:
            chances: dict[bool, list[float]] = {True: [], False: []}
            for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
                asked = follow_up.resolve(Question("gate", row["question"]))
                found = parts.retriever.search(Query(tuple(asked.searched), limit=PASSAGES))
                chances[row["answerable"]].append(Search.of(asked.standalone, found).confidence)
            asked_for, others = chances[True], chances[False]
            cells = [
                f"{sum(one < least for one in asked_for) / max(len(asked_for), 1):.3f} / "
                f"{sum(one >= least for one in others) / max(len(others), 1):.2f}"
                for least in THRESHOLDS
            ]
            print(f"| {path.stem} | {len(asked_for)} + {len(others)} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    run(list(map(Path, sys.argv[1:])))
