"""Whether a text answers a question, by a small network over what MiniLM saw in both.

A cosine tells what two texts are about; "who pays?" and "how long does it take?" are about the same. This network was
trained to tell them apart, on invented manuals with questions that they answer and questions that they leave open
(`python -m tests.eval.train_judge`). In: hidden states, one row a word piece. Out: log-odds. Knows no text.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.errors import EmbeddingFailed

if TYPE_CHECKING:
    import numpy as np

    from knowledge.index.words import Floats, Halves

WEIGHTS = Path(__file__).parent / "minilm" / "judge.onnx"


class AnswerJudge:
    """The network; loaded at the first call, may be called from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None

    def __call__(self, asked: Halves, texts: Sequence[Halves]) -> list[float]:
        """Log-odds that each text answers what is asked; raises EmbeddingFailed."""
        if not texts:
            return []
        import numpy as np

        held, lengths = _padded(texts)
        question = np.broadcast_to(asked.astype(np.float32), (len(texts), *asked.shape))
        try:
            (odds,) = self._load().run(None, {"asked": question, "texts": held, "lengths": lengths})
        except Exception as error:
            raise EmbeddingFailed(f"Answers could not be judged ({error}). Try again.") from error
        return [float(one) for one in odds]

    def _load(self) -> Any:
        with self._lock:
            if self._session is None:
                import onnxruntime

                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = 1  # a run stays in the thread that calls it
                self._session = onnxruntime.InferenceSession(WEIGHTS, options, providers=["CPUExecutionProvider"])
            return self._session


def _padded(texts: Sequence[Halves]) -> tuple[Floats, np.ndarray[Any, np.dtype[np.int64]]]:
    """(texts, longest, dims), and how many rows of each are its own."""
    import numpy as np

    lengths = np.array([len(one) for one in texts], np.int64)
    held = np.zeros((len(texts), int(lengths.max()), texts[0].shape[1]), np.float32)
    for at, one in enumerate(texts):
        held[at, : len(one)] = one
    return held, lengths
