"""How many sensitive messages are found, and how many others taken for them: by words, by words and meaning.

python -m tests.eval.conversation.sensitive [FILE ...]         # each FILE's questions (JSON Lines): not sensitive
python -m tests.eval.conversation.sensitive --labelled FILE    # by label and language: found / of, by words alone
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from bot.understanding.topics import matter, topic
from bot.wiring.by_meaning import SensitiveMeaning
from knowledge.index.embed import MiniLM

HERE = Path(__file__).parent


def rows(path: Path) -> list[dict[str, str | None]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def labelled(path: Path) -> None:
    """Print how many of a label were found as that, how many `none` taken for one; no message is shown."""
    of, found = Counter[str](), Counter[str]()
    for row in rows(path):
        told = {topic(row["text"] or ""), matter(row["text"] or ""), matter(row["text"] or "", asked=True)} - {None}
        for name in ("all" if row["label"] != "none" else "taken", str(row["label"]), f"{row['label']} {row['lang']}"):
            of[name] += 1
            found[name] += bool(told) if row["label"] == "none" else row["label"] in told
    print("\n".join(f"{name}: {found[name]} / {of[name]}" for name in sorted(of)))


def main(files: list[str]) -> None:
    meaning = SensitiveMeaning(MiniLM().embed)
    phrases = [(r["text"], r["kind"] == "sensitive") for r in rows(HERE / "phrases.jsonl")]
    fresh = [(r["text"], r["topic"] is not None) for r in rows(HERE / "sensitive.jsonl")]
    sets = {"phrases.jsonl": phrases, "sensitive.jsonl": fresh}
    sets |= {file: [(r.get("question"), False) for r in rows(Path(file))] for file in files}
    for name, said in sets.items():
        asked = sorted({(text, yes) for text, yes in said if text})
        for yes in (True, False):
            texts = [text for text, sensitive in asked if text and sensitive is yes]
            words = [text for text in texts if topic(text)]
            both = [text for text in texts if topic(text) or meaning.of(text)]
            print(f"{name}: {'sensitive' if yes else 'others'}: {len(texts)}, words {len(words)}, both {len(both)}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--labelled"]:
        labelled(Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
