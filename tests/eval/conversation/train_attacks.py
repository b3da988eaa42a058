"""Attacks and look-alikes by kind -> bot/understanding/attack_weights.npy.

    python -m tests.eval.conversation.train_attacks SETS             # fits and writes
    python -m tests.eval.conversation.train_attacks --held-out SETS  # each kind judged by a fit that has not seen it

Fitted to attacks_by_kind.toml against lookalikes_by_kind.toml, attack_examples.toml, attacks_blind.jsonl, this folder's
own questions, phrases and dialogues, and the attacks and look-alikes of the folder SETS, where they are two kinds each
by turns. Messages (messages*.jsonl) are left for judging. Deterministic.
"""

import argparse
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from bot.understanding.attacks import ATTACK, MOST, WEIGHTS, kinds, read
from bot.understanding.small_talk import wording
from bot.wiring.adapters import LANGUAGES
from knowledge.index.embed import MiniLM
from knowledge.text.words import language
from tests.eval.conversation.__main__ import HERE, questions, rows

STEPS, L2 = 200, 5e-5
HONEST = 1.5  # weight of all that is honest against all attacks
ASKED = 0.5  # weight of what was asked in other sets beside what was written to look like an attack
FAR = 6.0  # weight of look-alikes that no employee asks: tasks for any assistant, and those of the sets
FOLDS = 6
SETS = "of the sets"  # the kind of what the folder holds


@dataclass(frozen=True, slots=True)
class Example:
    """One message."""

    text: str
    kind: str
    attack: bool
    written: bool = True  # for this; else asked in another set


def examples(sets: Path | None) -> list[Example]:
    """All that is fitted to, each text once."""
    found = []
    for file, attack in (("attacks", True), ("lookalikes", False)):
        for kind, listed in tomllib.loads((HERE / f"{file}_by_kind.toml").read_text(encoding="utf-8")).items():
            found += [Example(text, kind, attack) for text in listed.strip().splitlines()]
    listed = tomllib.loads((HERE / "attack_examples.toml").read_text(encoding="utf-8"))
    found += [
        Example(text, f"example {n * 6 // len(listed['attack'])}", True) for n, text in enumerate(listed["attack"])
    ]
    found += [Example(text, "example", False) for text in listed["benign"]]
    found += [Example(row["text"], row["id"], row["label"] == "attack") for row in rows(HERE / "attacks_blind.jsonl")]
    for file, attack in (("injection_direct", True), ("benign_lookalikes", False)) if sets else ():
        listed = rows(sets / f"{file}.jsonl")
        found += [Example(row["text"], f"{SETS} {n % 2}", attack) for n, row in enumerate(listed)]
    asked = [row["question"] for row in questions([HERE.parent])]
    talks = [row for file in sorted(HERE.glob("dialogues*.jsonl")) for row in rows(file)]
    asked += [row["messages"][-1]["text"] for row in talks if "messages" in row]
    asked += [row["text"] for file in sorted(HERE.glob("phrases*.jsonl")) for row in rows(file)]
    found += [Example(text, text, False, written=False) for text in asked]
    return list({one.text: one for one in reversed(found)}.values())[::-1]


def fitted(known: Any, attack: Any, weight: Any) -> Any:
    """The weights of a logistic regression: one a column and one for the bias (Nesterov's steps)."""
    x = np.hstack([known, np.ones((len(known), 1))]).astype(np.float32)
    step = 1 / (0.15 * float((x**2).sum(1) @ weight) / len(x) + L2)
    decay = np.full(x.shape[1], L2, np.float32)
    decay[-1] = 0
    at = ahead = np.zeros(x.shape[1], np.float32)
    pace = 1.0
    for _ in range(STEPS):
        wrong = weight * (1 / (1 + np.exp(-(x @ ahead))) - attack) / len(x)
        new = ahead - np.float32(step) * (wrong.astype(np.float32) @ x + decay * ahead)
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = new + np.float32((pace - 1) / faster) * (new - at)
        at, pace = new, faster
    return at


def weights_of(found: list[Example]) -> Any:
    """How much each counts."""
    attack = np.array([one.attack for one in found])
    far = np.array([one.kind == "tasks" or one.kind.startswith(SETS) for one in found])
    counts = np.array([1.0 if one.written else ASKED for one in found])
    counts = np.where(attack, 1 / attack.sum(), HONEST * counts / counts[~attack].sum())
    counts[far & ~attack] *= FAR
    return counts / counts.mean()


def held_out(found: list[Example], known: Any) -> None:
    """Print recall and false alarms where each kind is judged by a fit without it, patterns and score joined."""
    attack = np.array([one.attack for one in found])
    kinds_of = sorted({(one.attack, one.kind) for one in found}, key=lambda kind: crc32(repr(kind).encode()))
    fold = np.array([kinds_of.index((one.attack, one.kind)) % FOLDS for one in found])
    for n in (0, 1):  # what is of the sets, and of one half, goes together
        fold[[one.kind == f"{SETS} {n}" for one in found]] = n
    odds = np.zeros(len(found))
    for n in range(FOLDS):
        seen = np.flatnonzero(fold != n)
        weights = fitted(known[seen], attack[seen], weights_of([found[i] for i in seen]))
        odds[fold == n] = known[fold == n] @ weights[:-1] + weights[-1]
    of_sets = np.array([one.kind.startswith(SETS) for one in found])
    written = np.array([one.written for one in found])
    shares = {"sets": of_sets, "asked": ~written}
    tongues = [language(one.text) if one.written else None for one in found]
    shares |= {tongue: ~of_sets & (np.array(tongues) == tongue) for tongue in LANGUAGES}
    shares["written"] = ~of_sets & written
    hits = np.array([bool(kinds(one.text, lambda _, o=o: o)) for one, o in zip(found, odds, strict=True)])  # type: ignore[misc]
    for name, which in shares.items():
        good, bad = which & attack, which & ~attack
        by_score = (odds > ATTACK) & which
        print(
            f"{name}: attacks {hits[good].sum()} of {good.sum()} (score alone {by_score[good].sum()}),",
            f"others {hits[bad].sum()} of {bad.sum()} (score alone {by_score[bad].sum()})",
        )
    for i in np.flatnonzero(hits & ~attack):
        print(f"  false {odds[i]:.1f} {found[i].text[:100]!r}")


def main() -> None:
    """Fit and write, or judge what is held out."""
    parser = argparse.ArgumentParser(description="Trains the score of attacks.")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("sets", type=Path, nargs="?")
    options = parser.parse_args()
    found = examples(options.sets)
    vectors = MiniLM().embed([wording(one.text[:MOST]) for one in found])
    known = np.stack([read(one.text[:MOST], row) for one, row in zip(found, vectors, strict=True)])
    if options.held_out:
        held_out(found, known)
        return
    attack = np.array([one.attack for one in found])
    np.save(WEIGHTS, fitted(known, attack, weights_of(found)).astype(np.float16))
    print(f"{attack.sum()} attacks, {(~attack).sum()} others -> {WEIGHTS.name}")


if __name__ == "__main__":
    main()
