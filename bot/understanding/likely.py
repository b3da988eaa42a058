"""Chat by its meaning: the embedding of a message -> the kind of chat that it probably is. Pure.

In: a vector of the bundled model. Out: a code of SMALL_TALK, or None for what may ask the manual. Only for messages
that the manual has nothing on, or that ask nothing in a thread: what is answerable is answered. The weights are a
logistic regression of example phrases (tests/eval/conversation/chat_examples.toml) against real questions, made by
`python -m tests.eval.conversation.train`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bot.understanding.small_talk import SMALL_TALK

WEIGHTS = (
    Path(__file__).parent / "chat_weights.npy"
)  # a row a dimension and one for the bias; SMALL_TALK, then question
QUESTION = 0.55  # probability of a question from which it is one; measured: python -m tests.eval.conversation
IN_THREAD = 0.15  # the same where it may go on from an answer ("in Berlin", "part-time"); guess


def likely_chat(vector: Sequence[float], *, in_thread: bool = False) -> str | None:
    """The kind of chat that a message of this vector probably is; None where it may be a question."""
    import numpy as np

    scores = np.append(np.asarray(vector, np.float64), 1.0) @ _weights()
    odds = np.exp(scores - scores.max())
    if odds[-1] / odds.sum() >= (IN_THREAD if in_thread else QUESTION):
        return None
    kind = SMALL_TALK[int(odds[:-1].argmax())]
    return None if in_thread and kind == "off_topic" else kind


@cache
def _weights() -> Any:
    import numpy as np

    return np.load(WEIGHTS).astype(np.float64)
