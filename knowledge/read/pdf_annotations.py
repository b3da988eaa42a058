"""What stands on a PDF page besides its text: what was typed into form fields, free text, and what is struck through.

Boxes are (left, bottom, right, top) in the page's own points, before it is turned. Comments are not the document.
"""

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

import pypdfium2.raw as raw

from knowledge.read.pages import Box

_MAX_ANNOTATIONS = 2_000
_MAX_OBJECTS = 4_000  # of a page that are looked at for lines drawn through words
_MAX_LINES = 20_000  # of a page's drawings that are looked at
_DEEPEST = 3  # drawings in one another
_TICK = 14.0  # points; a box to tick, not a cell; guess
_THIN = 4.0  # points; a line with its stroke, not a box
_MAX_TEXT = 20_000  # characters of one field
_PASSWORD = 1 << 13  # flag of a field whose value nobody shall see
_TAG = re.compile(r"<[^<>]*>")
_TICKED, _OPEN = "☒", "☐"


def written(page: Any) -> Iterator[tuple[str, Box]]:
    """(text, place) of filled-in fields, ticked and open boxes, choices and free text."""
    form = getattr(page.pdf, "formenv", None)
    for annotation in _annotations(page):
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if raw.FPDFAnnot_GetFlags(annotation) & (raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW):
            continue
        text = ""
        if kind == raw.FPDF_ANNOT_FREETEXT:
            plain, rich = (
                _string(partial(raw.FPDFAnnot_GetStringValue, annotation, key)) for key in (b"Contents", b"RC")
            )
            text = plain or _TAG.sub(" ", rich)
        elif kind == raw.FPDF_ANNOT_WIDGET and form is not None:
            text = _value(form.raw, annotation)
        box = _rect(annotation)
        if text.strip() and box is not None:
            yield " ".join(text.split()), box


def struck(page: Any) -> tuple[list[Box], list[Box]]:
    """(marked, drawn): places under strike-out annotations, and thin level lines that may go through words."""
    marked: list[Box] = []
    for annotation in _annotations(page):
        if raw.FPDFAnnot_GetSubtype(annotation) != raw.FPDF_ANNOT_STRIKEOUT:
            continue
        quad = raw.FS_QUADPOINTSF()
        count = raw.FPDFAnnot_CountAttachmentPoints(annotation)
        for at in range(min(count, _MAX_ANNOTATIONS)):
            if raw.FPDFAnnot_GetAttachmentPoints(annotation, at, quad):
                xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
                marked.append((min(xs), min(ys), max(xs), max(ys)))
        if not count and (box := _rect(annotation)):
            marked.append(box)
    return marked, list(_drawn(page))


def _drawn(page: Any) -> Iterator[Box]:
    """Level and upright lines: strokes, thin boxes, and the edges of boxes that are drawn."""
    count, get = raw.FPDFPage_CountObjects(page), partial(raw.FPDFPage_GetObject, page)
    objects = islice(_objects(count, get, ()), _MAX_OBJECTS)
    lines = (line for drawn, matrices in objects for line in _lines(drawn, matrices))
    yield from islice(filter(None, islice(lines, _MAX_LINES)), _MAX_OBJECTS)


def _objects(count: int, get: Callable[[int], Any], around: Sequence[Any]) -> Iterator[tuple[Any, Sequence[Any]]]:
    """Each object with the matrices that place it, the innermost first; a form's objects for a form."""
    for at in range(min(count, _MAX_OBJECTS)):
        drawn, matrix = get(at), raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(drawn, matrix)
        if raw.FPDFPageObj_GetType(drawn) == raw.FPDF_PAGEOBJ_FORM and len(around) < _DEEPEST:
            inner = partial(raw.FPDFFormObj_GetObject, drawn)
            yield from _objects(raw.FPDFFormObj_CountObjects(drawn), inner, (matrix, *around))
        yield drawn, (matrix, *around)


def _lines(drawn: Any, matrices: Sequence[Any]) -> Iterator[Box | None]:
    if raw.FPDFPageObj_GetType(drawn) != raw.FPDF_PAGEOBJ_PATH:
        return
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if raw.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
        ends = ((left.value, bottom.value), (right.value, top.value))
        (x0, y0), (x1, y1) = (_at(x, y, matrices[1:]) for x, y in ends)
        if line := _line(x0, y0, x1, y1):  # level on a page that is turned, too
            yield line
            return
        if max(abs(x1 - x0), abs(y1 - y0)) < _TICK:
            return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(drawn, fill, stroke) or not stroke.value:
        return  # a shade may be that of a paragraph in its cell
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for at in range(raw.FPDFPath_CountSegments(drawn)):
        segment = raw.FPDFPath_GetPathSegment(drawn, at)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        here = _at(x.value, y.value, matrices)
        kind = raw.FPDFPathSegment_GetType(segment)
        yield _line(*last, *here) if kind == raw.FPDF_SEGMENT_LINETO else None
        start, last = (here if kind == raw.FPDF_SEGMENT_MOVETO else start), here
        if raw.FPDFPathSegment_GetClose(segment):
            yield _line(*last, *start)


def _at(x: float, y: float, matrices: Sequence[Any]) -> tuple[float, float]:
    for one in matrices:
        x, y = one.a * x + one.c * y + one.e, one.b * x + one.d * y + one.f
    return x, y


def _line(x0: float, y0: float, x1: float, y1: float) -> Box | None:
    wide, high = abs(x1 - x0), abs(y1 - y0)
    is_line = high <= _THIN < wide or wide <= _THIN < high
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)) if is_line else None


def _annotations(page: Any) -> Iterator[Any]:
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)):
        if annotation := raw.FPDFPage_GetAnnot(page, at):
            try:
                yield annotation
            finally:
                raw.FPDFPage_CloseAnnot(annotation)


def _value(form: Any, annotation: Any) -> str:
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        return _TICKED if raw.FPDFAnnot_IsChecked(form, annotation) else _OPEN
    if kind == raw.FPDF_FORMFIELD_TEXTFIELD and raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
        return ""
    if kind in (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        return _chosen(form, annotation) or _string(partial(raw.FPDFAnnot_GetFormFieldValue, form, annotation))
    return ""


def _chosen(form: Any, annotation: Any) -> str:
    """The labels of what is chosen in a list: its value may be a code that nobody sees."""
    count = raw.FPDFAnnot_GetOptionCount(form, annotation)
    labels = [
        _string(partial(raw.FPDFAnnot_GetOptionLabel, form, annotation, at))
        for at in range(min(count, _MAX_ANNOTATIONS))
        if raw.FPDFAnnot_IsOptionSelected(form, annotation, at)
    ]
    return ", ".join(filter(None, labels))


def _rect(annotation: Any) -> Box | None:
    rect = raw.FS_RECTF()
    if not raw.FPDFAnnot_GetRect(annotation, rect):
        return None
    xs, ys = sorted((rect.left, rect.right)), sorted((rect.bottom, rect.top))
    return xs[0], ys[0], xs[1], ys[1]


def _string(ask: Any) -> str:
    """What pdfium writes into a buffer as UTF-16."""
    size = min(int(ask(None, 0)), 2 * _MAX_TEXT)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    ask(buffer, size)
    return bytes(buffer).decode("utf-16-le", errors="replace").split("\0", 1)[0]
