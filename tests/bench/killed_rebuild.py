"""`ingest --rebuild FOLDER`, killed (-9) when some of the new vectors are stored: tests.bench.faults starts it."""

import os
import signal
import sys
from typing import Any

from bot.cli import main
from knowledge.index import sync
from knowledge.index.embed import MiniLM

if __name__ == "__main__":
    sync.BATCH_CHUNKS = sync.SLICE_CHUNKS  # stored after each slice: the sample manual is one batch
    read, slices = MiniLM.read, iter([False, True])

    def read_one_slice(model: MiniLM, texts: Any) -> Any:
        if next(slices):
            os.kill(os.getpid(), signal.SIGKILL)
        return read(model, texts)

    MiniLM.read = read_one_slice  # type: ignore[method-assign]
    main(["ingest", "--rebuild", *sys.argv[1:]])
