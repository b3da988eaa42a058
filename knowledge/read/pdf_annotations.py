"""What stands on a PDF page besides its text: what was typed into form fields, free text, and what is struck through.

Boxes are (left, bottom, right, top) in the page's own points, before it is turned. Comments are not the document.
"""

import ctypes
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pypdfium2.raw as raw

Box = tuple[float, float, float, float]

_MAX_ANNOTATIONS = 2_000
_MAX_OBJECTS = 4_000  # of a page that are looked at for lines drawn through words
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
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for at in range(min(raw.FPDFPage_CountObjects(page), _MAX_OBJECTS)):
        drawn = raw.FPDFPage_GetObject(page, at)
        if raw.FPDFPageObj_GetType(drawn) != raw.FPDF_PAGEOBJ_PATH:
            continue
        if raw.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            high, wide = top.value - bottom.value, right.value - left.value
            if high <= _THIN < wide or wide <= _THIN < high:  # level on a page that is turned, too
                yield left.value, bottom.value, right.value, top.value


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
