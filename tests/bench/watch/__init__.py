"""How long the event loop of a process was busy, and late; measured from inside, without a line in the product.

With this folder on PYTHONPATH and BENCH_WATCH naming a file, Python loads sitecustomize.py at its start.
"""

from pathlib import Path


def longest(file: Path) -> tuple[float, float, str]:
    """CPU seconds of the longest busy stretch; seconds that the loop was late at most, and where it then was."""
    rows = [line.split(" ", 2) for line in file.read_text().splitlines()]
    late = max(rows, key=lambda row: float(row[1]), default=("", "0", ""))
    return max((float(busy) for busy, _, _ in rows), default=0.0), float(late[1]), late[2]


def forget(file: Path) -> None:
    """Measure from now on."""
    file.write_text("")
