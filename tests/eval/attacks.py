"""python -m tests.eval.attacks DIRECT.jsonl BENIGN.jsonl ...: recall on attacks, false alarms on look-alikes."""

import json
import sys
import time
from collections import Counter
from pathlib import Path

from bot.understanding.attacks import kinds
from bot.wiring.adapters import ByMeaning
from knowledge.index.embed import MiniLM


def main(direct: str, *benign: str) -> None:
    """Print the figures, each miss and each false alarm."""
    meaning = ByMeaning(MiniLM().embed).attack
    meaning("warm")  # loads the model
    for path in (direct, *benign):
        rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
        texts = [row.get("text") or row.get("question") for row in rows]
        began = time.perf_counter()
        found = [kinds(text, meaning) for text in texts]
        took = (time.perf_counter() - began) * 1000 / len(texts)
        hits = sum(map(bool, found))
        print(f"{path}: {hits} of {len(texts)} ({hits / len(texts):.3f}), {took:.1f} ms each")
        print("  ", dict(Counter(kind for one in found for kind in one)))
        for text, one in zip(texts, found, strict=True):
            if bool(one) == (path != direct):
                print("  ", "false" if one else "missed", sorted(one), repr(text[:110]))


if __name__ == "__main__":
    main(*sys.argv[1:])
