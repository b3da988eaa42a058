"""python -m tests.eval.privacy SET.jsonl [DOCUMENT ...]: precision, recall and time of bot.privacy.find.

The set has rows {"text", "spans": [{"type", "start", "end"}]}; names and addresses, which are not looked for, are left
out of it. A found span is right when it overlaps one of its kind. Documents (text) are a false-alarm test: what is
found in them is printed.
"""

import json
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

from bot.privacy.find import find

KINDS = {"API_KEY": "SECRET"}
LEFT_OUT = {"ADDRESS", "PERSON"}


def main(paths: list[str]) -> None:
    """Print the table, each miss and each false alarm."""
    rows = [json.loads(line) for line in Path(paths[0]).read_text(encoding="utf-8").splitlines() if line.strip()]
    find("Call +49 151 23456789 or a@b.example, TCKN 12345678901")  # imports
    right, false, missed = Counter[str](), Counter[str](), Counter[str]()
    took = []
    for row in rows:
        began = time.perf_counter()
        found = find(row["text"])
        took.append((time.perf_counter() - began) * 1000)
        wanted = [(KINDS.get(s["type"], s["type"]), s["start"], s["end"]) for s in row["spans"]]
        for one in found:
            hit = [w for w in wanted if w[1] < one.end and one.start < w[2]]
            if not any(w[0] == one.kind for w in hit):
                false[one.kind] += 1
                print(f"false {one.kind}: {row['text'][max(0, one.start - 40) : one.end + 20]!r} {hit}")
        for kind, start, end in wanted:
            if kind in LEFT_OUT:
                continue
            whole = any(one.kind == kind and one.start <= start and one.end >= end for one in found)
            (right if whole else missed)[kind] += 1
            if not whole:
                print(f"missed {kind}: {row['text'][max(0, start - 50) : end + 20]!r} {row['text'][start:end]!r}")
    for kind in sorted(right | missed | false):
        wanted_n = right[kind] + missed[kind]
        print(f"{kind:12} recall {right[kind] / max(1, wanted_n):.3f} of {wanted_n}, false {false[kind]}")
    total = right.total()
    print(f"precision {total / (total + false.total()):.3f}, recall {total / (total + missed.total()):.3f}")
    p95 = sorted(took)[int(len(took) * 0.95)]
    print(f"ms a message: median {statistics.median(took):.2f}, p95 {p95:.2f}, most {max(took):.1f}")
    for path in paths[1:]:
        text = Path(path).read_text(encoding="utf-8")
        began = time.perf_counter()
        found = find(text)
        print(f"{path}: {len(text)} characters, {(time.perf_counter() - began) * 1000:.0f} ms, {len(found)} found")
        for one in found:
            print(f"  {one.kind}: {text[max(0, one.start - 40) : one.end + 10]!r}")


if __name__ == "__main__":
    main(sys.argv[1:])
