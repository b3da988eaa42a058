"""The figures of the report -> one HTML page that needs nothing else: no network, no script. Pure.

In: what bot.reporting.figures.report gives. Out: HTML, light or dark as the reader's device is, for phone and paper.
Rule kept: everything that people wrote is escaped by the template; page.mako holds the words. Charts are inline SVG by
pygal (LGPL, pure Python, 130 kB, kept since 2012): it stacks bars, breaks lines where a value is missing and takes CSS
variables for colours; its scripts, which come from a network, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from bot import texts

if TYPE_CHECKING:
    from mako.template import Template
OUTCOMES = {
    "answered": "--good", "unsure": "--unsure", "refused": "--bad", "degraded": "--warn", "failed": "--worst",
    "few": "--few",
}  # fmt: skip
_NAMES = {"few": "fewer than five people"}
_SCRIPT = re.compile(r"<script.*?</script>|<!--.*?-->|<script[^>]*/>", re.S)
LABELS = 5  # days named below a chart; guess
NEAR_BUDGET = 4  # times the busiest day, above which a budget is told in words only; guess


@cache
def _template() -> Template:
    from mako.template import Template

    text = resources.files("bot.reporting").joinpath("page.mako").read_text(encoding="utf-8")
    return Template(text, default_filters=["str", "h"], strict_undefined=True)  # noqa: S702 - h escapes HTML


def page(report: dict[str, Any]) -> str:
    """The page, about 100 kB."""
    style = resources.files("bot.reporting").joinpath("page.css").read_text(encoding="utf-8")
    drawn_and_said = (outcome_bars, wait_lines, cost_lines, number, seconds, dollars, reason)
    return str(_template().render(report=report, style=style, **{one.__name__: one for one in drawn_and_said}))


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


def outcome_bars(days: Sequence[Mapping[str, Any]]) -> str:
    """Questions by day, stacked by outcome."""
    shown = {name: [day["questions" if name == "few" else name] if day["few"] == (name == "few") else 0 for day in days]
             for name in OUTCOMES}  # fmt: skip
    shown = {name: values for name, values in shown.items() if any(values)}
    chart = _chart("StackedBar", days, [OUTCOMES[name] for name in shown])
    for name, values in shown.items():
        chart.add(_NAMES.get(name, name), [value or 0 for value in values])
    return _svg(chart, "Questions by day and outcome")


def wait_lines(days: Sequence[Mapping[str, Any]]) -> str:
    """Seconds to the first words by day: median and 95th percentile."""
    chart = _chart("Line", days, ["--good", "--warn"], dots_size=2, stroke_style={"width": 2})
    for q, name in ((50, "half within"), (95, "95% within")):
        values = [day[f"first_words_p{q}_ms"] for day in days]
        chart.add(name, [None if value is None else round(value / 1000, 2) for value in values])
    return _svg(chart, "Seconds to the first words by day")


def cost_lines(days: Sequence[Mapping[str, Any]], limit: int | None) -> str:
    """Tokens by day; the day's budget as a dashed line, where it does not press the tokens flat."""
    used = [day["tokens"] for day in days]
    chart = _chart("Line", days, ["--good", "--bad"], show_dots=False, stroke_style={"width": 2}, max_scale=8)
    chart.value_formatter = "{:,.0f}".format
    chart.add("tokens", used, fill=True)
    if limit and limit <= NEAR_BUDGET * max(used, default=0):
        chart.add("budget a day", [limit] * len(days), stroke_style={"width": 2, "dasharray": "5, 4"})
    return _svg(chart, "Tokens by day")


def _chart(kind: str, days: Sequence[Mapping[str, Any]], colors: Sequence[str], **options: Any) -> Any:
    import pygal
    from pygal.style import Style

    text, faint = "var(--text)", "var(--line)"
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground=text,
        foreground_strong=text,
        foreground_subtle=faint,
        guide_stroke_color=faint,
        major_guide_stroke_color=faint,
        colors=tuple(f"var({color})" for color in colors),
        font_family="inherit",
        label_font_size=13,
        major_label_font_size=13,
        legend_font_size=13,
        opacity="1",
        opacity_hover="1",
        transition="0s",
    )
    labels = [day["day"][5:] for day in days]
    chart = getattr(pygal, kind)(
        style=style,
        js=(),
        width=440,
        height=270,
        explicit_size=False,
        disable_xml_declaration=True,
        legend_at_bottom=True,
        legend_box_size=12,
        show_minor_x_labels=False,
        margin=4,
        truncate_legend=-1,
        truncate_label=-1,
        include_x_axis=True,
        **options,
    )
    chart.x_labels = labels
    chart.x_labels_major = labels[:: max(1, -(-len(labels) // LABELS))]
    return chart


def _svg(chart: Any, title: str) -> str:
    """The chart as an element of a page, named for those who do not see it."""
    drawn = _SCRIPT.sub("", chart.render(is_unicode=True))
    return str(drawn).replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)
