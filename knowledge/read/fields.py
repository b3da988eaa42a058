"""What is filled into the fields of an HTML page becomes its text: values typed in, options chosen, boxes ticked."""

from typing import Any

from knowledge.text.characters import line

_TYPED = {"", "date", "datetime-local", "email", "month", "number", "tel", "text", "time", "url", "week"}


def fill_in(top: Any) -> None:
    """Gives each field what people see in it, as PDF and Word are read; options that are not chosen are taken out."""
    for field in top.iter("input"):
        kind = (field.get("type") or "").lower()
        if kind in _TYPED:
            field.text = f" {line(field.get('value') or '')} "
        elif kind in ("checkbox", "radio") and field.getparent().tag in ("label", "p", "td", "th"):  # else a page's own
            field.text = "☐" if field.get("checked") is None else "☒"
    for option in list(top.iter("option")):
        option.text = f" {option.text or ''}"
        if option.get("selected") is None:
            option.set("hidden", "")
