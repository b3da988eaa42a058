"""How many messages that confide something are noticed, and how many others taken for them: by words, and by both.

    python -m tests.eval.conversation.sensitive [SETS]         # the sets of this folder; questions left from training
    python -m tests.eval.conversation.sensitive --labelled FILE  # by label and language; no message is shown
    python -m tests.eval.conversation.sensitive --taken [SETS]   # the questions that are taken, to be read

Noticed: any topic or matter is told; right: the label is among them. By both: by words, or else by meaning.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.understanding.topics import NOTHING, Likely, matter, topic
from bot.wiring.adapters import ByMeaning
from knowledge.index.embed import MiniLM
from knowledge.text.words import Speller
from tests.eval.conversation.__main__ import HERE, questions, rows
from tests.eval.conversation.train import LEFT

NONE = ("none", "ordinary", "clicked_none")


def told(text: str, likely: Likely | None) -> set[str]:
    """All that is told of a message, where anything is done about it."""
    found = topic(text, likely), matter(text, asked=True, likely=likely), likely(text) if likely else None
    return {kind for kind in found if kind and kind != NOTHING}


def count(name: str, said: Iterable[tuple[str, str, str]], likely: Likely) -> None:
    """Print a line for all, each label and each language of (text, label, language)."""
    of, noticed = Counter[str](), Counter[tuple[str, str]]()
    for text, label, spoken in said:
        words, both = told(text, None), told(text, likely)
        groups = ["taken", f"taken {spoken}"] if label in NONE else ["all", label, f"all {spoken}"]
        for group in groups:
            of[group] += 1
            noticed[group, "words"] += bool(words)
            noticed[group, "both"] += bool(both)
            noticed[group, "right"] += label in both
    for group in sorted(of):
        by = ", ".join(f"{how} {noticed[group, how]}" for how in ("words", "both", "right"))
        print(f"{name} {group}: {of[group]}: {by}")


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
    model = MiniLM()
    likely = ByMeaning(model.embed, Speller(model.dictionary()).mended).topic
    asked = [row["question"] for row in questions([HERE.parent, *options.sets])][LEFT::4]
    if options.labelled:
        count(options.labelled.name, labelled(options.labelled), likely)
    elif options.taken:
        for text in asked:
            if found := told(text, likely):
                print(json.dumps({"told": sorted(found), "words": bool(told(text, None)), "text": text}))
    else:
        count("matters_6_held", labelled(HERE / "matters_6_held.jsonl"), likely)
        count("sensitive", ((r["text"], r["topic"] or "none", "en") for r in rows(HERE / "sensitive.jsonl")), likely)
        count("phrases", ((r["text"], _kind(r), "en") for r in rows(HERE / "phrases.jsonl")), likely)
        count("questions", ((text, "none", "any") for text in asked), likely)


def _kind(row: dict[str, Any]) -> str:
    return "sensitive" if row["kind"] == "sensitive" else "none"


if __name__ == "__main__":
    main()
