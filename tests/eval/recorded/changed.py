"""`python -m tests.eval.recorded.changed [--pairs FILE]`: one thing changed, and a verifier that says yes to it.

In: changed.jsonl, forty sentences about passages of prompts.jsonl in de, tr, fr, es, en, faithful and with one figure,
unit, date, time, percentage or negation changed, and the passage's words that the faithful one says; or another FILE of
such pairs that bring their own passage (question, source, honest, lie, kind, quote). Out: what is shown
when the verifier says yes with those very words, the hardest to stop, with the few of them that decide, as verify@v2
asks for, or with the opening words of a source; then, of fluent.jsonl (answers as a strong model would write them, all
faithful), what a verifier that never errs does not save.
"""

import argparse
import asyncio
import json
import random
import re
from pathlib import Path

from bot.check.lexicon import lexicon
from bot.types import Usage
from knowledge.text.figures_alike import held
from knowledge.text.quantities import quantities
from knowledge.text.words import spelt, stems
from tests.eval.recorded.__main__ import Oracle, Recorded, Row, Tally, Yes, key, one, rows, share, written

SHORT = 8  # words of a quote, at most, as verify@v2 asks for


class Quoting(Recorded):
    """Says yes to everything, with the words that the changed sentence was made from."""

    def __init__(self, quote: str, source: int) -> None:
        super().__init__({}, "", 0.0, random.Random(0))
        self._row = {"supported": True, "quote": quote, "source": source, "wrong": ""}

    async def verify(self, request: Row, *, first: bool = True) -> tuple[list[dict[str, str]], Usage]:
        return written({"id": c["id"], **self._row} for c in request["claims"]), Usage()


class Kind(Oracle):
    """Never errs about an answer that is all true: yes, with the words of a cited source that say most of the claim."""

    def _row(self, claim: Row, sources: list[Row]) -> Row:
        self._labels = [(key(claim["text"]), "F")]
        return super()._row(claim, [s for s in sources if s["n"] in claim["cites"]] or sources)


def deciding(quote: str, honest: str) -> str:
    """The SHORT words in a row of a quote that say most of an honest sentence, its figures and a "not" before all."""
    said, spoken, figures = set(stems(honest)), quote.split(), quantities(honest)

    def weight(part: str) -> tuple[int, int, int]:
        held_too = sum(held(figure, quantities(part)) for figure in figures)
        return held_too, bool(lexicon("denials") & {*spelt(part)}), len(said & set(stems(part)))

    return max((" ".join(spoken[n : n + SHORT]) for n in range(max(1, len(spoken) - SHORT + 1))), key=weight)


def labelled(row: Row) -> Row:
    """An answer of fluent.jsonl with its lines and sentences, all of them faithful."""
    said = re.sub(r"\s?\[\d+\]", "", row["answer"])
    parts = [part for part in re.split(r"(?<=[.!?)])\s+(?=[A-Z(])|\n+", said) if " " in key(part)]
    return {**row, "voice": "fluent", "sentences": [{"text": part, "label": "F"} for part in parts]}


def pairs(path: Path | None) -> list[tuple[Row, Row]]:
    """(prompt, faithful sentence and lie about it) of the forty, or of another file."""
    if path is None:
        prompts = {row["id"]: row for row in rows("prompts.jsonl")}
        own = [(prompts[row["prompt"]] | {"question": ""}, row) for row in rows("changed.jsonl")]
    else:
        read = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        own = [(_prompt(row), _pair(row)) for row in read]
    return [(prompt | {"id": f"{row['id']} {row['language']}"}, row) for prompt, row in own]


def _prompt(row: Row) -> Row:
    passage = {"chunk_id": row["id"], "document": "m.pdf", "title": "Manual", "section": [], "score": 1.0}
    return {"question": row["question"], "passages": [passage | {"text": row["source"]}]}


def _pair(row: Row) -> Row:
    said = {voice: f"{row[name].rstrip('.')} [1]." for voice, name in (("faithful", "honest"), ("lie", "lie"))}
    return {"id": row["id"], "language": row["lang"], "source": 1, **said, "kind": row["kind"], "quote": row["quote"]}


def main(*, examples: bool, path: Path | None) -> None:
    changed = pairs(path)
    for name in ("the right words", "the few that decide", "the opening words"):
        tally = Tally()
        for prompt, row in changed:
            for voice, label in (("faithful", "F"), ("lie", "L")):
                quote = row["quote"] if name == "the right words" else deciding(row["quote"], row["faithful"])
                opening = name == "the opening words"
                verifier = Yes({}, "", 0.0, random.Random(0)) if opening else Quoting(quote, row["source"])
                text = re.sub(r" \[\d+\]", "", row[voice])
                sentences = [{"text": text, "label": label, "kind": row["kind"]}]
                answer = {"id": row["id"], "voice": voice, "answer": row[voice], "sentences": sentences}
                asyncio.run(one(prompt, answer, verifier, tally))
        print(f"\n### yes to everything, quoting {name}: lies shown", end=" ")
        print(share(sum(tally.shown.values()), sum(tally.lies.values())), end="; faithful not shown ")
        print(share(tally.lost + tally.replaced, tally.faithful))
        print("by kind: " + ", ".join(f"{k} {tally.shown[k]} of {n}" for k, n in tally.lies.most_common()))
        if examples:
            print("\n".join(tally.examples))
    if path:
        return
    tally, prompts = Tally(), {row["id"]: row for row in rows("prompts.jsonl")}
    for row in map(labelled, rows("fluent.jsonl")):
        asyncio.run(one(prompts[row["id"]], row, Kind(row), tally))
    print("\n### fluent answers: faithful not shown " + share(tally.lost + tally.replaced, tally.faithful))
    print("\n".join(tally.examples))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", action="store_true", help="print what was lost, replaced or shown wrongly")
    parser.add_argument("--pairs", type=Path, help="pairs of another file")
    options = parser.parse_args()
    main(examples=options.examples, path=options.pairs)
