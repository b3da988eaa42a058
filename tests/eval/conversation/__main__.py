"""The gate on follow-ups and the reading of chat, measured on dialogues and phrases written without sight of the rules.

`python -m tests.eval.conversation [--wrong] [SETS]`: false answers and missed follow-ups with 95% intervals (Wilson);
chat recognised, and questions of this folder's sets (and of the folder SETS) taken for chat. `--wrong` lists them.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from hashlib import sha256
from math import sqrt
from pathlib import Path
from typing import Any

from bot.understanding.addressed import Scene, doubtful, meant_for_bot, untold
from bot.understanding.directives import directive
from bot.understanding.small_talk import likely_chat, silences, small_talk, wording
from bot.wiring.adapters import ByMeaning
from knowledge.index.embed import MiniLM

HERE = Path(__file__).parent
Z = 1.96  # of a 95% interval
Row = dict[str, Any]


def rows(path: Path) -> list[Row]:
    """The rows of a JSON Lines file; none where there is no file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def scene(messages: Sequence[Row]) -> Scene:
    """Who stands where at the last message, as bot/slack/app.py finds it in Slack."""
    *before, last = messages
    at = max((i for i, message in enumerate(before) if message["who"] == "bot"), default=None)
    if at is None:
        return Scene(False, False, False, bool(last.get("mentions")))
    asker = next((m["who"] for m in reversed(before[:at]) if m["who"] != "bot"), None)
    since = {message["who"] for message in before[at + 1 :]} - {asker, "bot"}
    said = " ".join(message["text"] for message in before[max(0, at - 1) : at + 1])
    return Scene(True, last["who"] == asker, bool(since), bool(last.get("mentions")), said)


def half_of(dialogue: Row) -> str:
    """ "A", read when the rules were mended, or "B", which was not; dialogues of one opening are in one half."""
    opening = " ".join(dialogue["messages"][0]["text"].lower().split())
    return "AB"[sha256(opening.encode()).digest()[0] % 2]


def right_behind(dialogue: Row) -> bool:
    """Whether the last message is by whom the bot answered, nobody else having spoken since."""
    stands = scene(dialogue["messages"])
    return stands.same_person and not stands.others_since


def answered(dialogue: Row, read: dict[str, bool] | None = None) -> bool:
    """Whether the bot would answer the last message, or obey it. `read`: what a model says of messages, by row."""
    last = dialogue["messages"][-1]
    if read is not None and doubtful(last["text"], scene(dialogue["messages"]), meaning().told):
        return read[dialogue["id"]]
    if scene(dialogue["messages"]).answered and silences(last["text"]) and not last.get("mentions"):
        return True
    return "bot" in last.get("mentions", ()) or meant_for_bot(
        *(last["text"], scene(dialogue["messages"]), "thread"),
        meaning().likely_meant if read is None else untold,
        meaning().told,
    )


@cache
def meaning() -> ByMeaning:
    """What tells by meaning, as the bot has it."""
    return ByMeaning(MiniLM().embed)


def share(name: str, hits: Sequence[Row], of: Sequence[Row]) -> str:
    """A line with the share and its interval."""
    n, k = len(of), len(hits)
    if not n:
        return f"{name}: none of none"
    p, spread = k / n, Z * sqrt(k / n * (1 - k / n) / n + Z * Z / (4 * n * n))
    low, high = ((p + Z * Z / (2 * n) + sign * spread) / (1 + Z * Z / n) for sign in (-1, 1))
    return f"{name}: {k} of {n} = {p:.1%} ({low:.1%} to {high:.1%})"


def read_as(row: Row, text: str) -> str:
    """What a phrase is taken for where the manual has nothing on it: form, chat or question."""
    wanted, rest = directive(text)
    return "form" if wanted and not rest else "chat" if small_talk(text) or row["likely"] else "question"


def embedded(found: list[Row], key: str) -> list[Row]:
    """The rows, each with the kind of chat that its meaning is likely to be."""
    texts = [wording(row[key]) for row in found]
    kinds = [likely_chat(vector) for vector in MiniLM().embed(texts)] if texts else []
    return [row | {"likely": kind} for row, kind in zip(found, kinds, strict=True)]


def questions(folders: Iterable[Path]) -> list[Row]:
    """Real questions of every set below the folders."""
    found = [row for folder in folders for file in sorted(folder.rglob("*.jsonl")) for row in rows(file)]
    asked = [row for row in found if isinstance(row.get("question"), str) and row.get("answerable", True)]
    return list({row["question"]: row for row in asked}.values())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="False answers, missed follow-ups, chat.")
    parser.add_argument("sets", type=Path, nargs="*", help="folders with further questions (question in each row)")
    parser.add_argument("--wrong", action="store_true", help="list what went wrong")
    options = parser.parse_args()

    def told(name: str, wrong: Callable[[Row], bool], of: list[Row], text: Callable[[Row], str]) -> None:
        hits = [row for row in of if wrong(row)]
        print(share(name, hits, of))
        if options.wrong:
            print(*(f"    {text(row)}" for row in hits), sep="\n")

    def last(row: Row) -> str:
        return " / ".join(f"{m['who']}: {m['text'][:70]}" for m in row["messages"][-3:])

    second = rows(HERE / "dialogues_2.jsonl")
    sets = {"first dialogues": rows(HERE / "dialogues.jsonl"), "second": second}
    sets |= {f"second, half {half}": [row for row in second if half_of(row) == half] for half in "AB"}
    third = rows(HERE / "dialogues_3.jsonl")
    sets |= {"third": third, "third, the one just answered": [row for row in third if right_behind(row)]}
    for name, dialogues in sets.items():
        mine = [row for row in dialogues if row["last_is_for_bot"]]
        others = [row for row in dialogues if not row["last_is_for_bot"]]
        told(f"{name}: false answers", answered, others, last)
        told(f"{name}: missed follow-ups", lambda row: not answered(row), mine, last)
    read = {row["id"]: row["for_bot"] for row in rows(HERE / "dialogues_3_read.jsonl")}
    print(f"third, with a model: {len(read)} of {len(third)} messages read by it")
    for name, wrong, mine in (("false answers", True, False), ("missed follow-ups", False, True)):
        of = [row for row in third if row["last_is_for_bot"] == mine]
        told(f"third, with a model: {name}", lambda row, wrong=wrong: answered(row, read) == wrong, of, last)  # type: ignore[misc]
    phrases = embedded(rows(HERE / "phrases.jsonl"), "text")
    for kind in ("chat", "form"):
        right = [row for row in phrases if row["kind"] == kind]
        told(
            f"{kind} not recognised",
            lambda row, kind=kind: read_as(row, row["text"]) != kind,
            right,
            lambda r: r["text"],
        )  # type: ignore[misc]
    fresh = embedded(rows(HERE / "phrases_2.jsonl"), "text")
    for kind in ("chat", "question"):
        told(
            f"fresh phrases, {kind}: not read as such by words",
            lambda row, kind=kind: (small_talk(row["text"]) is None) == (kind == "chat"),
            [row for row in fresh if row["kind"] == kind],
            lambda r: r["text"],
        )
    asked = embedded(questions([HERE.parent, *options.sets])[1::2], "question")  # the others were trained on
    told("questions taken for chat", lambda row: bool(small_talk(row["question"])), asked, lambda r: r["question"])
    told("or by their meaning, if refused", lambda row: bool(row["likely"]), asked, lambda r: r["question"])
    told("or for form", lambda row: read_as(row, row["question"]) == "form", asked, lambda r: r["question"])


if __name__ == "__main__":
    main()
