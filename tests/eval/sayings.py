"""What people say who need a desk (matters.toml), as the bundled model reads it -> bot/answering/desks/told.npz.

usage: python -m tests.eval.sayings
"""

import numpy as np

from bot.answering.desks.contacts import matters
from bot.wiring.adapters import SAYINGS
from knowledge.index.embed import MiniLM
from knowledge.index.words import Floats


def read() -> tuple[list[str], Floats]:
    texts = [said for one in matters().values() for said in one["told"]]
    return texts, MiniLM().embed(texts)


if __name__ == "__main__":
    texts, rows = read()
    np.savez_compressed(SAYINGS, texts=texts, rows=rows)
