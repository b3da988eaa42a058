"""Example phrases -> the weights of what is read by meaning, in bot/understanding.

    python -m tests.eval.conversation.train chat SETS  # chat_weights.npy, from chat_examples.toml and real questions
    python -m tests.eval.conversation.train meant      # meant_weights.npy, from meant_examples.toml

Questions are every second one of this folder's sets and of the folder SETS; the others are left for the figures of
`python -m tests.eval.conversation SETS`. The fit is deterministic.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.understanding import addressed, small_talk
from bot.understanding.follow_up import wording
from bot.understanding.small_talk import SMALL_TALK
from knowledge.index.embed import MiniLM
from tests.eval.conversation.__main__ import HERE, questions

STEPS, RATE = 3000, 6.0
L2, L2_MEANT = 2e-4, 1.2e-3
NEGATIVES = 2.5  # weight of all questions together against all chat


def fitted(pairs: Sequence[tuple[str, int]], l2: float, weight: Any) -> Any:
    """The weights of a logistic regression of (text, its class): a row a dimension and one for the bias."""
    vectors = np.hstack([MiniLM().embed([wording(text) for text, _ in pairs]), np.ones((len(pairs), 1))])
    labels = np.array([label for _, label in pairs])
    wanted = np.eye(labels.max() + 1)[labels]
    weights = np.zeros((vectors.shape[1], wanted.shape[1]))
    for _ in range(STEPS):
        scores = vectors @ weights
        odds = np.exp(scores - scores.max(1, keepdims=True))
        slope = vectors.T @ ((odds / odds.sum(1, keepdims=True) - wanted) * weight[:, None]) / len(pairs)
        slope[:-1] += l2 * weights[:-1]
        weights -= RATE * slope
    return weights


def chat(sets: Sequence[Path]) -> None:
    """Fit and write the kinds of chat against questions."""
    listed = tomllib.loads((HERE / "chat_examples.toml").read_text(encoding="utf-8"))
    asked = [row["question"] for row in questions([HERE.parent, *sets])][::2]
    kinds = [*SMALL_TALK, "question"]
    pairs = [(text, kinds.index(kind)) for kind in kinds for text in listed[kind]]
    pairs += [(question, len(SMALL_TALK)) for question in asked]
    is_chat = np.array([label < len(SMALL_TALK) for _, label in pairs])
    weight = np.where(is_chat, 1.0, NEGATIVES * is_chat.sum() / (~is_chat).sum())
    np.save(small_talk.WEIGHTS, fitted(pairs, L2, weight / weight.mean()).astype(np.float16))
    print(f"{is_chat.sum()} pieces of chat, {(~is_chat).sum()} questions -> {small_talk.WEIGHTS.name}")


def meant() -> None:
    """Fit and write what is said to the bot behind its answer against what is said to people or to oneself."""
    listed = tomllib.loads((HERE / "meant_examples.toml").read_text(encoding="utf-8"))
    pairs = [(text, label) for label, kind in enumerate(("for_others", "for_bot")) for text in listed[kind]]
    weights = fitted(pairs, L2_MEANT, np.ones(len(pairs)))
    np.save(addressed.WEIGHTS, (weights[:, 1] - weights[:, 0]).astype(np.float16))
    print(f"{len(listed['for_bot'])} for the bot, {len(listed['for_others'])} not -> {addressed.WEIGHTS.name}")


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description="Trains what is read by meaning.")
    parser.add_argument("what", choices=("chat", "meant"))
    parser.add_argument("sets", type=Path, nargs="*")
    options = parser.parse_args()
    if options.what == "chat":
        chat(options.sets)
    else:
        meant()


if __name__ == "__main__":
    main()
