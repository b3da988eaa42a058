"""Run `python -m tests.eval.measure_check SETS`: what copy and veto decide alone, on sentences whose truth is known.

SETS is a folder with grounding, security, doc2dial and sourcegraph-handbook as the shared evaluation sets have them.
What neither decides goes to the verifier; `python -m tests.eval.recorded` measures all three judges together.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.check.claims import Claim, copied, prepare, veto
from bot.check.verifier import refuted
from bot.types import Support
from knowledge.text.sentences import units
from knowledge.text.words import spelt as words
from knowledge.types import Passage
from tests.eval.perturb import names_of, perturb


def decided(sentence: str, text: str) -> str:
    """copied, figure, quotation, order, or open for the verifier; what the nearest sentence refutes is refused too."""
    sources = prepare([Passage("c", "d", "", (), text, 1.0)])
    claim = Claim(sentence, "sentence", (1,))
    refused = veto(claim, sources, "")
    if refused is None and copied(claim, sources):
        return "copied"
    if refused is None and (spans := sources[0].spans):
        nearest = max(spans, key=lambda span: len({*words(sentence)} & {*span.words}))
        refused = refuted(claim, sources[0], Support(1, nearest.start, nearest.end), sources, "")
        return f"refuted {refused.reason}" if refused else "open"
    return refused.reason if refused else "open"


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def report(name: str, pairs: Iterable[tuple[str, str]]) -> None:
    started = time.process_time()
    counts = Counter(decided(sentence, text) for sentence, text in pairs)
    total = sum(counts.values())
    spent = (time.process_time() - started) / total * 1e6
    shares = ", ".join(f"{k} {n} ({n / total:.1%})" for k, n in counts.most_common())
    print(f"{name}, n={total}: {shares}; {spent:.0f} µs of CPU each")


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
    clean: list[tuple[str, str]] = []
    changed: dict[str, list[tuple[str, str]]] = {}
    for text in all_texts:
        good = [u for u in units(text) if 40 < u.end - u.start < 300]
        for unit in rng.sample(good, min(3, len(good))):
            sentence = text[unit.start : unit.end]
            clean.append((sentence, text))
            for kind, lie in perturb(sentence, text, names, 1):
                if lie not in text:
                    changed.setdefault(kind, []).append((lie, text))
    report("true, verbatim sentences", clean)
    for kind, pairs in changed.items():
        report(f"lies, changed {kind}", pairs)


if __name__ == "__main__":
    folder, here = Path(sys.argv[1]), Path(__file__).parent
    for supported in (True, False):
        some = [r for r in rows(folder / "grounding/dev/grounding.jsonl") if r["supported"] is supported]
        report(f"grounding, {'true' if supported else 'not true'}", ((r["claim"], r["context"]) for r in some))
    report("true paraphrases", ((r["sentence"], r["passage"]) for r in rows(here / "paraphrases.jsonl")))
    report("lies by hand", ((r["sentence"], r["passage"]) for r in rows(here / "lies.jsonl")))
    perturbations(folder)
