"""A rendered PDF page in, lines out, by the tesseract program where it is installed. Nothing when it is not."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

from knowledge.errors import ReadError
from knowledge.read.pages import Line

_DPI = 300
_MAX_PIXELS = 40_000_000
_TIMEOUT_S = 60


def ocr_lines(page: Any) -> list[Line]:
    """One line a printed line. ReadError when tesseract is not installed; [] when the page has no text it can read."""
    program = shutil.which("tesseract")
    if program is None:
        raise ReadError("OCR needs tesseract. Install it, or run ingest without --ocr.", code="no_ocr")
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MAX_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    header = f"P5 {bitmap.width} {bitmap.height} 255\n".encode()
    rows = bytes(bitmap.buffer)
    stride = bitmap.stride
    image = header + b"".join(rows[at * stride : at * stride + bitmap.width] for at in range(bitmap.height))
    bitmap.close()
    command = [program, "stdin", "stdout", "--psm", "1", "tsv"]
    try:
        done = subprocess.run(command, input=image, capture_output=True, timeout=_TIMEOUT_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return []
    lines: dict[tuple[str, ...], list[tuple[str, float, float, float, float]]] = {}
    for row in done.stdout.decode("utf-8", errors="replace").splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[11].strip() and float(cells[10]) > 20:
            left, top, wide, high = (float(cell) / scale for cell in cells[6:10])
            lines.setdefault(tuple(cells[2:5]), []).append(
                (cells[11], left, height - top - high, left + wide, height - top)
            )
    return [
        Line(
            " ".join(word[0] for word in words),
            words[0][1],
            min(word[2] for word in words),
            words[-1][3],
            max(word[4] for word in words),
        )
        for words in lines.values()
    ]
