"""Example phrases and real questions -> bot/understanding/chat_weights.npy, the reading of chat by meaning.

    python -m tests.eval.conversation.train SETS

Negatives are every second question of this folder's sets and of the folder SETS; the others are left for the figures of
`python -m tests.eval.conversation SETS`. The fit is deterministic.
"""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path

import numpy as np

from bot.understanding.small_talk import SMALL_TALK, WEIGHTS
from bot.understanding.wording import wording
from knowledge.index.embed import MiniLM
from tests.eval.conversation.__main__ import HERE, questions

L2, STEPS, RATE = 2e-4, 3000, 6.0
NEGATIVES = 2.5  # weight of all questions together against all chat


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description="Trains the reading of chat by meaning.")
    parser.add_argument("sets", type=Path, nargs="*")
    options = parser.parse_args()
    listed = tomllib.loads((HERE / "chat_examples.toml").read_text(encoding="utf-8"))
    asked = [row["question"] for row in questions([HERE.parent, *options.sets])][::2]
    kinds = [*SMALL_TALK, "question"]
    pairs = [(text, kinds.index(kind)) for kind in kinds for text in listed[kind]] + [
        (q, len(SMALL_TALK)) for q in asked
    ]
    vectors = np.hstack([MiniLM().embed([wording(text) for text, _ in pairs]), np.ones((len(pairs), 1))])
    labels = np.array([label for _, label in pairs])
    chat = labels < len(SMALL_TALK)
    weight = np.where(chat, 1.0, NEGATIVES * chat.sum() / (~chat).sum())
    weight /= weight.mean()
    wanted, weights = np.eye(len(kinds))[labels], np.zeros((vectors.shape[1], len(kinds)))
    for _ in range(STEPS):
        scores = vectors @ weights
        odds = np.exp(scores - scores.max(1, keepdims=True))
        slope = vectors.T @ ((odds / odds.sum(1, keepdims=True) - wanted) * weight[:, None]) / len(pairs)
        slope[:-1] += L2 * weights[:-1]
        weights -= RATE * slope
    np.save(WEIGHTS, weights.astype(np.float16))
    print(f"{chat.sum()} pieces of chat, {(~chat).sum()} questions -> {WEIGHTS.name}")


if __name__ == "__main__":
    main()
