"""How long the event loop of a process was busy, and late; measured from inside, without a line in the product.

With this folder on PYTHONPATH and BENCH_WATCH naming a file, Python loads sitecustomize.py at its start.
"""

from __future__ import annotations

from pathlib import Path


def longest(file: Path) -> tuple[float, float]:
    """Seconds: CPU of the longest single step, and how late the loop was at most (which other processes cause too)."""
    rows = [tuple(map(float, line.split())) for line in file.read_text().splitlines()]
    return max((busy for busy, _ in rows), default=0.0), max((late for _, late in rows), default=0.0)


def forget(file: Path) -> None:
    """Measure from now on."""
    file.write_text("")
