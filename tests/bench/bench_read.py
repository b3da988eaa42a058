"""python -m tests.bench.bench_read FOLDER_OF_PDFS: reading and splitting against bare pypdfium2 on the same pages.

Prints pages per CPU second by stage, ratios and peak memory. CPU seconds, because machines are loaded; ratios count.
"""

import resource
import sys
import time
from pathlib import Path

import pypdfium2

from knowledge.errors import ReadError
from knowledge.ingest.split import split
from knowledge.read import assemble, items


def bare(path: Path) -> int:
    pdf = pypdfium2.PdfDocument(path)
    for page in pdf:
        textpage = page.get_textpage()
        textpage.get_text_range()
        textpage.close()
        page.close()
    return len(pdf)


def main(folder: Path) -> None:
    spent = dict.fromkeys(("bare pypdfium2", "read", "assemble", "split"), 0.0)
    pages = chunks = 0
    wall = time.perf_counter()

    def clocked(stage: str, started: float) -> float:
        now = time.process_time()
        spent[stage] += now - started
        return now

    for path in sorted(folder.rglob("*.pdf")):
        clock = time.process_time()
        pages += bare(path)
        clock = clocked("bare pypdfium2", clock)
        try:
            found = list(items(path))
            clock = clocked("read", clock)
            document = assemble(path, folder, found)
            clock = clocked("assemble", clock)
            chunks += len(split(document, "bench"))
            clocked("split", clock)
        except ReadError as error:
            print(f"{path.name}: {error.code}", file=sys.stderr)
    print(f"{pages} pages, {chunks} chunks, {time.perf_counter() - wall:.0f} s wall")
    print(f"{'stage':16} {'CPU s':>7} {'pages/CPU s':>12} {'of bare':>8}")
    for stage, seconds in spent.items():
        print(f"{stage:16} {seconds:7.1f} {pages / max(seconds, 0.001):12.0f} {seconds / spent['bare pypdfium2']:8.1f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
