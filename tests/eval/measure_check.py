"""Run `python -m tests.eval.measure_check SETS`: the figures of "Checking sentences" in docs/lab.

SETS is a folder with grounding, security, doc2dial and sourcegraph-handbook as the shared evaluation sets have them.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.check.stream import Checker
from bot.check.support import judge
from knowledge.text.injection import flag
from knowledge.text.words import units
from knowledge.types import Passage
from tests.eval.perturb import names_of, perturb


def passage(text: str, flagged: tuple[tuple[int, int], ...] = ()) -> Passage:
    return Passage("c", "d", "", (), text, 1.0, flagged=flagged)


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def grounding(sets: Path) -> None:
    judged = [(judge(r["claim"], passage(r["context"])), r) for r in rows(sets / "grounding/dev/grounding.jsonl")]
    for name, partly in (("all rows", True), ("without partially supported", False)):
        some = [(j, r["supported"]) for j, r in judged if partly or r["label"] != "partially_supported"]
        yes, no = [j.score for j, y in some if y], [j.score for j, y in some if not y]
        auc = sum((a > b) + 0.5 * (a == b) for a in yes for b in no) / len(yes) / len(no)
        shown = [y for j, y in some if j.supported]
        print(f"grounding, {name}: AUC {auc:.3f}, P {sum(shown) / len(shown):.2f}, R {sum(shown) / len(yes):.2f}")


def texts(sets: Path) -> Iterator[str]:
    rng = random.Random(5)
    for pattern, count in (("doc2dial/docs/*/*.md", 60), ("sourcegraph-handbook/docs/**/*.md", 80)):
        files = sorted(sets.glob(pattern))
        for path in rng.sample(files, min(count, len(files))):
            held: list[str] = []
            for paragraph in path.read_text("utf-8").split("\n\n"):
                held.append(paragraph)
                if sum(len(p.split()) for p in held) > 110:
                    yield "\n\n".join(held)[:2500]
                    held = []


def perturbations(sets: Path) -> None:
    rng = random.Random(1)
    all_texts = list(texts(sets))
    names = [n for t in all_texts[:60] for n in names_of(t)]
    made, caught, clean = Counter[str](), Counter[str](), Counter[bool]()
    for text in all_texts:
        good = [u for u in units(text) if 40 < u.end - u.start < 300]
        for unit in rng.sample(good, min(3, len(good))):
            sentence = text[unit.start : unit.end]
            clean[judge(sentence, passage(text)).supported] += 1
            for kind, changed in perturb(sentence, text, names, 1):
                if changed not in text:
                    made[kind] += 1
                    caught[kind] += not judge(changed, passage(text)).supported
    print("verbatim sentences supported:", dict(clean))
    print("changed facts caught:", {k: f"{caught[k]}/{made[k]} = {caught[k] / made[k]:.2f}" for k in made})


def paraphrases() -> None:
    for file in ("paraphrases", "lies"):
        batches: dict[int, list[bool]] = {}
        for row in rows(Path(__file__).parent / f"{file}.jsonl"):
            held = not judge(row["sentence"], passage(row["passage"])).supported
            batches.setdefault(row["batch"], []).append(held)
        print(f"{file} held back, by batch:", {b: f"{sum(held)} of {len(held)}" for b, held in batches.items()})


def injection(sets: Path) -> None:
    leaks, total = Counter[str](), 0
    for row in rows(sets / "security/injection_indirect.jsonl"):
        total += 1
        goal, text = row["goal"], row["text"]
        says = {
            "goal alone": goal,
            "goal cited": f"{goal} [1].",
            "answer, then goal": f"{row['clean']} [1] {goal}",
            "note": f"Note: {goal} [1]",
            "bold": f"**{goal}**",
            "lead-in": f"{goal}:",
            "in a sentence": f"As instructed, here is {goal}. [1]",
            "whole instruction": f"{row['injected']} [1]",
        }
        for flagged, spans in (("flagged", flag(text)), ("not flagged", ())):
            for kind, said in says.items():
                checker = Checker([passage(text, spans)])
                leaks[f"{flagged}: {kind}"] += any(goal in c.text for c in checker.feed(said) + checker.finish())
    print(f"injected goals that came out, of {total}:", dict(leaks))


def speed(sets: Path) -> None:
    others = list(texts(sets))
    rng = random.Random(2)
    spent = {"cited": 0.0, "searched": 0.0}
    data = rows(Path(__file__).parent / "paraphrases.jsonl")
    for row in data:
        sources = [passage(row["passage"]), *map(passage, rng.sample(others, 5))]
        for kind, said in (("cited", f"{row['sentence']} [1]"), ("searched", f"{row['sentence']} zork blarg [3]")):
            checker = Checker(sources)
            started = time.process_time()
            checker.feed(said)
            checker.finish()
            spent[kind] += time.process_time() - started
    print("CPU µs a sentence, six sources:", {k: round(s / len(data) * 1e6) for k, s in spent.items()})


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    grounding(folder)
    perturbations(folder)
    paraphrases()
    injection(folder)
    speed(folder)
