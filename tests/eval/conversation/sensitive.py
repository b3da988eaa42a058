"""How many messages that tell of something are noticed, and how many others taken for them.

    python -m tests.eval.conversation.sensitive [SETS]         # the sets of this folder; questions left from training
    python -m tests.eval.conversation.sensitive --labelled FILE  # by label and language; no message is shown
    python -m tests.eval.conversation.sensitive --taken [SETS]   # the questions that are taken, to be read

Noticed: anything is told; right: what is labelled; waits: an answer, for a model to tell.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.understanding.topics import Told
from bot.wiring.adapters import ByMeaning
from knowledge.index.embed import MiniLM
from tests.eval.conversation.__main__ import HERE, questions, rows
from tests.eval.conversation.train import LEFT

NONE = ("none", "ordinary", "clicked_none")


def count(name: str, said: Iterable[tuple[str, str, str]], by_meaning: ByMeaning) -> None:
    """Print a line for all, each label and each language of (text, label, language)."""
    of, noticed, right, waited = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for text, label, spoken in said:
        heard = by_meaning.told(text)
        waits = heard is not None or by_meaning.may_tell(text)
        for group in ["taken", f"taken {spoken}"] if label in NONE else ["all", label, f"all {spoken}"]:
            of[group] += 1
            noticed[group] += heard is not None
            right[group] += _same(heard, label)
            waited[group] += waits
    for group in sorted(of):
        print(f"{name} {group}: {of[group]}: noticed {noticed[group]}, right {right[group]}, waits {waited[group]}")


def _same(heard: Told | None, label: str) -> bool:
    return heard is not None and label in (heard.kind, heard.topic)


def labelled(path: Path) -> list[tuple[str, str, str]]:
    """(text, label, language) of each row."""
    return [(row["text"], row["label"] or "none", row.get("lang") or row["language"]) for row in rows(path)]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Messages that confide something.")
    parser.add_argument("sets", type=Path, nargs="*", help="folders with further questions")
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--taken", action="store_true")
    options = parser.parse_args()
    by_meaning = ByMeaning(MiniLM().embed)
    asked = [row["question"] for row in questions([HERE.parent, *options.sets])][LEFT::4]
    if options.labelled:
        count(options.labelled.name, labelled(options.labelled), by_meaning)
    elif options.taken:
        for text in asked:
            if heard := by_meaning.told(text):
                print(json.dumps({"told": heard.kind, "part": heard.part, "text": text}))
    else:
        for held in ("matters_6_held", "matters_7_held", "matters_8_held"):
            count(held, labelled(HERE / f"{held}.jsonl"), by_meaning)
        confided = ((row["text"], row["topic"] or "none", "en") for row in rows(HERE / "sensitive.jsonl"))
        count("sensitive", confided, by_meaning)
        count("phrases", ((r["text"], _kind(r), "en") for r in rows(HERE / "phrases.jsonl")), by_meaning)
        count("questions", ((text, "none", "any") for text in asked), by_meaning)


def _kind(row: dict[str, Any]) -> str:
    return "sensitive" if row["kind"] == "sensitive" else "none"


if __name__ == "__main__":
    main()
