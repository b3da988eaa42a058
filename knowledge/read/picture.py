"""A page of a PDF with words in, a picture of the page with these words marked out. The file is never trusted.

Each picture is made by a child process of its own with little memory and time, as files are read (knowledge.read.pool):
whatever the file does to the renderer, the caller gets a picture or a PictureError, and soon. The child's output is
bytes that are looked at and never run. Knows no manual, no index, no Slack.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

from knowledge.errors import PictureError, ReadError
from knowledge.files import CHILD_ENVIRONMENT, limited
from knowledge.read.marks import Wanted, find
from knowledge.read.pages import Line, text_of

DPI = 110  # small print is still read on a phone; a trial: 0.3 s and 140 kB a page
MAX_SIDE = 2_400  # pixels; a poster is made smaller
MAX_BYTES = 6_000_000  # of one picture
DEADLINE_S = 15.0  # for one picture, start of the child included
MEMORY_MB = 700  # of address space, as a reading child has
MAX_CHARS = 100_000  # of a page that are looked through for the words
COLOURS = 96  # of the picture: print needs few, and few make a small file
_MARK = (255, 229, 110)  # over the words, as a text marker
_LINE = (217, 119, 6)  # below them, for those who don't see the yellow
_PNG = b"\x89PNG\r\n\x1a\n"
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from knowledge.read.picture import child; child()"
_OCR_DPI = 300
_OCR_PIXELS = 40_000_000  # of a page at most
_OCR_S = 60  # for one page
_Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as PNG; for each of the wanted words the share of its letters that is marked (0 to 1), and what is left.

    `rests`: what stands behind all that was found of them (knowledge.read.marks).
    """

    png: bytes
    marked: tuple[float, ...]
    rests: tuple[str, ...]


def picture(
    path: Path, page: int, wanted: Sequence[Wanted], *, password: str | None = None, deadline_s: float = DEADLINE_S
) -> Picture:
    """The page (1-based, physical) with the wanted words marked where they were found. Raises PictureError."""
    order = {"path": str(path), "page": page, "password": password, "wanted": [asdict(one) for one in wanted]}
    command = [sys.executable, "-c", _CHILD, str(Path(__file__).parents[2])]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=deadline_s,
            check=False,
            env=CHILD_ENVIRONMENT,
        )
    except subprocess.TimeoutExpired:
        raise PictureError("The page takes too long to draw. Print the file to a new PDF.", code="timeout") from None
    head, _, png = done.stdout.partition(b"\n")
    try:
        about: dict[str, Any] = json.loads(head)
        if "error" in about:
            raise PictureError(str(about["message"]), code=str(about["error"]))
        marked = tuple(float(share) for share in about["marked"])
        rests = tuple(str(rest) for rest in about["rests"])
    except (ValueError, TypeError, KeyError):  # it died, or was made to say nonsense
        said_why = "The page breaks the renderer or needs too much memory. Print the file to a new PDF."
        raise PictureError(said_why, code="died") from None
    if not png.startswith(_PNG) or len(png) > MAX_BYTES or not len(marked) == len(rests) == len(wanted):
        raise PictureError("The page's picture is too large. Print the file to a new PDF.", code="too_large")
    return Picture(png, marked, rests)


def child() -> None:
    """The drawing process: one order as JSON on stdin; a line of JSON and then the picture on what was stdout."""
    out = limited(MEMORY_MB)
    resource.setrlimit(resource.RLIMIT_CPU, (int(DEADLINE_S * 2), int(DEADLINE_S * 2)))  # should nobody be left to wait
    os.nice(5)  # answers come first
    order = json.loads(sys.stdin.buffer.read())
    wanted = [Wanted(**one) for one in order["wanted"]]
    try:
        made = draw(Path(order["path"]), order["page"], wanted, password=order["password"])
        out.write(json.dumps({"marked": made.marked, "rests": made.rests}).encode() + b"\n" + made.png)
    except PictureError as error:
        out.write(json.dumps({"error": error.code, "message": error.message}).encode() + b"\n")
    out.flush()
    os._exit(0)  # a file that breaks the library's clean-up must not take the picture with it


def draw(path: Path, number: int, wanted: Sequence[Wanted], *, password: str | None) -> Picture:
    """In this process, without limits: for files one trusts. Raises PictureError."""
    import pypdfium2
    import pypdfium2.raw as raw

    try:
        pdf = pypdfium2.PdfDocument(path, password=password)
        pdf.init_forms()  # what was typed into forms is part of the page
    except FileNotFoundError:
        raise PictureError("The file is gone. Put it back, or ingest anew.", code="gone") from None
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            message = "The file is encrypted. Give its password in POLICYBOT_PDF_PASSWORDS, as NAME=PASSWORD."
            raise PictureError(message, code="encrypted") from None
        raise PictureError("The file can't be drawn. Print it to a new PDF.", code="died") from None
    if not 1 <= number <= len(pdf):
        raise PictureError(f"The file has no page {number} any more. Ingest it anew.", code="no_page")
    try:
        page = pdf[number - 1]
        width, height = page.get_size()
        scale = min(DPI / 72, MAX_SIDE / max(width, height, 1))
        bitmap = page.render(scale=scale)
        image = bitmap.to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        raise PictureError("The page can't be drawn. Print the file to a new PDF.", code="died") from None
    textpage, in_pixels = page.get_textpage(), bitmap.get_posconv(page).to_bitmap
    marks = find(_characters(textpage), wanted)
    for one in marks:
        stretches = (_boxes(textpage, start, end, in_pixels, image.size) for start, end in one.stretches)
        _mark(image, list(chain.from_iterable(stretches)))
    return Picture(_png(image), tuple(one.share for one in marks), tuple(one.rest for one in marks))


def _characters(textpage: Any) -> str:
    """One character for each that pdfium counts, so that places in the text are its own."""
    import pypdfium2.raw as raw

    codes = (raw.FPDFText_GetUnicode(textpage, at) for at in range(min(textpage.count_chars(), MAX_CHARS)))
    return "".join(chr(code) if 0 < code < 0x110000 else " " for code in codes)


def _boxes(textpage: Any, start: int, end: int, in_pixels: Any, size: tuple[int, int]) -> list[_Box]:
    """The characters' places as left, top, right, bottom in pixels: one box a line, however the page is turned."""
    boxes: list[_Box] = []
    for at in range(textpage.count_rects(start, end - start)):
        left, bottom, right, top = textpage.get_rect(at)
        (x1, y1), (x2, y2) = in_pixels(left, bottom), in_pixels(right, top)
        box = (max(0, min(x1, x2) - 1), max(0, min(y1, y2) - 2), max(x1, x2) + 1, max(y1, y2) + 2)
        if boxes and _same_line(boxes[-1], box):
            last = boxes.pop()
            box = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        boxes.append(box)
    return [box for box in boxes if box[0] < size[0] and box[1] < size[1] and box[2] > box[0] and box[3] > box[1]]


def _same_line(one: _Box, other: _Box) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    height = min(one[3] - one[1], other[3] - other[1])
    return shared > height / 2 and other[0] - one[2] < 2 * height and one[0] - other[2] < 2 * height


def _mark(image: Any, boxes: Sequence[_Box]) -> None:
    """Colours the boxes as a text marker does, and draws a line below each."""
    from PIL import Image, ImageChops, ImageDraw

    pen = ImageDraw.Draw(image)
    for left, top, right, bottom in boxes:
        box = (left, top, min(right, image.width), min(bottom, image.height))
        part = image.crop(box)
        image.paste(ImageChops.multiply(part, Image.new("RGB", part.size, _MARK)), box)
        pen.line((box[0], box[3] - 1, box[2] - 1, box[3] - 1), fill=_LINE, width=2)


def _png(image: Any) -> bytes:
    from PIL import Image

    few = image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    stream = BytesIO()
    few.save(stream, "png", optimize=False, compress_level=9)
    return stream.getvalue()


def ocr_lines(page: Any) -> list[Line]:
    """One line a printed line. ReadError when tesseract is not installed; [] when the page has no text it can read."""
    program = shutil.which("tesseract")
    if program is None:
        raise ReadError("OCR needs tesseract. Install it, or run ingest without --ocr.", code="no_ocr")
    width, height = page.get_size()
    scale = min(_OCR_DPI / 72, (_OCR_PIXELS / max(width * height, 1)) ** 0.5)
    image = BytesIO()
    page.render(scale=scale, grayscale=True).to_pil().save(image, "ppm")
    command = [program, "stdin", "stdout", "--psm", "1", "tsv"]
    try:
        done = subprocess.run(command, input=image.getvalue(), capture_output=True, timeout=_OCR_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return []
    lines: dict[tuple[str, ...], list[Line]] = {}
    for row in done.stdout.decode("utf-8", errors="replace").splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[11].strip() and float(cells[10]) > 20:
            left, top, wide, high = (float(cell) / scale for cell in cells[6:10])
            word = Line(cells[11], left, height - top - high, left + wide, height - top)
            lines.setdefault(tuple(cells[2:5]), []).append(word)
    return [
        Line(text_of(words), words[0].x0, min(one.y0 for one in words), words[-1].x1, max(one.y1 for one in words))
        for words in lines.values()
    ]
