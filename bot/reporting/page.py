"""The figures of the report -> one HTML page that needs nothing else: no network, no script. Pure.

In: what bot.reporting.figures.report gives. Out: HTML, light or dark as the reader's device is, for phone and paper.
Rule kept: everything that people wrote is escaped by the template; page.mako holds the words.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from bot import texts
from bot.reporting import charts

if TYPE_CHECKING:
    from mako.template import Template


@cache
def _template() -> Template:
    from mako.template import Template

    text = resources.files("bot.reporting").joinpath("page.mako").read_text(encoding="utf-8")
    return Template(text, default_filters=["str", "h"], strict_undefined=True)  # noqa: S702 - h escapes HTML


def page(report: dict[str, Any]) -> str:
    """The page, about 100 kB."""
    style = resources.files("bot.reporting").joinpath("page.css").read_text(encoding="utf-8")
    return str(
        _template().render(
            report=report, charts=charts, style=style, number=number, seconds=seconds, dollars=dollars, reason=reason
        )
    )


def reason(code: str) -> str:
    """Why somebody voted against an answer, in the words of the form."""
    return texts.of().modals.get(code, code)


def number(value: float | None) -> str:
    """Digits in groups: "12,345"; "–" for nothing."""
    return "–" if value is None else f"{value:,}"


def seconds(ms: float | None) -> str:
    """Milliseconds as "1.2 s"."""
    return "–" if ms is None else f"{ms / 1000:.1f} s"


def dollars(value: float | None) -> str:
    """Money to the cent, small sums to the hundredth of it."""
    return "–" if value is None else f"${value:,.2f}" if value >= 1 or not value else f"${value:.4f}"
