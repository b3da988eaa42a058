"""`python -m tests.eval.recorded.translated [--half odd|even] [--examples]`: answers not in the manual's language.

In: translated.jsonl (question, passages, a faithful answer and one with a lie, in de, tr, fr, es), the writer's own
verdict about each sentence, and what a blind reader replied to verify@v2. Out: by language and by kind of lie, what is
shown with those verdicts, one in ten of the blind ones wrong, a verifier that says yes to everything, and none.
"""

import argparse
import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence

from tests.eval.recorded.__main__ import Recorded, Row, Tally, Yes, key, one, rows, share

PARITY = {"even": (0,), "odd": (1,), "all": (0, 1)}


def read(half: str) -> list[tuple[Row, list[Row], dict[tuple[str, str], Row]]]:
    """Each row as a prompt, its two answers by sentence, and the verdicts."""
    verdicts = rows("translated_verdicts.jsonl")
    out = []
    for row in (r for r in rows("translated.jsonl") if int(r["id"][1:]) % 2 in PARITY[half]):
        own = [v for v in verdicts if v["id"] == row["id"]]
        passages = [
            {"chunk_id": f"{row['id']}-{p['n']}", "section": [p["section"]], "score": 1.0}
            | {k: p[k] for k in ("document", "title", "text")}
            for p in row["passages"]
        ]
        answers = [
            {
                **{"id": row["id"], "voice": voice, "answer": row[voice], "lie_kind": row["kind"]},
                "sentences": [
                    {"text": v["sentence"], "label": "L" if voice == "lie" and _is_lie(v, row) else "F"}
                    for v in own
                    if v["answer"] == voice
                ],
            }
            for voice in ("faithful", "lie")
        ]
        out.append(({**row, "passages": passages}, answers, {(row["id"], key(v["sentence"])): v for v in own}))
    return out


def _is_lie(verdict: Row, row: Row) -> bool:
    return key(verdict["sentence"]) == key(row["lie_sentence"])


def main(*, half: str, examples: bool) -> None:
    data = read(half)
    blind = {(v["id"], key(v["claim"])): v for v in rows("translated_verdicts_2.jsonl")}
    ways: dict[str, Callable[[Row, dict[tuple[str, str], Row]], Recorded | None]] = {
        "the writer's verdicts": lambda a, ruled: Recorded(ruled, a["id"], 0.0, random.Random(a["id"])),
        "blind verdicts": lambda a, ruled: Recorded(blind, a["id"], 0.0, random.Random(a["id"])),
        "wrong 1 in 10": lambda a, ruled: Recorded(blind, a["id"], 0.1, random.Random(a["id"])),
        "yes to everything": lambda a, ruled: Yes(ruled, a["id"], 0.0, random.Random(a["id"])),
        "no verifier": lambda a, ruled: None,
    }
    for name, verifier_of in ways.items():
        tallies: dict[str, Tally] = {}
        unruled = 0
        for prompt, answers, ruled in data:
            tally = tallies.setdefault(prompt["language"], Tally())
            for answer in answers:
                verifier = verifier_of(answer, ruled)
                asyncio.run(one(prompt, answer, verifier, tally))
                unruled += len(verifier.unruled) if verifier else 0
        print(f"\n### {name}, {half} rows" + (f" ({unruled} claims without a verdict)" if unruled else ""))
        for language, tally in tallies.items():
            _line(language, [tally])
        _line("all", list(tallies.values()))
        lies = sum((t.lies for t in tallies.values()), Counter[str]())
        shown = sum((t.shown for t in tallies.values()), Counter[str]())
        print("by kind: " + ", ".join(f"{k} {shown[k]} of {n}" for k, n in sorted(lies.items())))
        if examples:
            print("\n".join(e for t in tallies.values() for e in t.examples))


def _line(name: str, tallies: Sequence[Tally]) -> None:
    lies, shown = (sum(sum(getattr(t, k).values()) for t in tallies) for k in ("lies", "shown"))
    lost, replaced, faithful = (sum(getattr(t, k) for t in tallies) for k in ("lost", "replaced", "faithful"))
    print(f"{name}: lies shown {share(shown, lies)}; faithful not shown {share(lost + replaced, faithful)},", end=" ")
    print(f"{replaced} of them replaced by quotations")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=sorted(PARITY), default="all", help="rows by the parity of their number")
    parser.add_argument("--examples", action="store_true", help="print what was lost, replaced or shown wrongly")
    options = parser.parse_args()
    main(half=options.half, examples=options.examples)
