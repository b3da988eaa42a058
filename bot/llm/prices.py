"""Model name and token counts -> US dollars, from the dated table in prices.json. A model it lacks has no price."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources

_DATE = re.compile(r"-\d{4}-\d{2}-\d{2}$")  # gpt-4o-mini-2024-07-18 costs what gpt-4o-mini costs


@cache
def _table() -> dict[str, dict[str, float]]:
    text = resources.files("bot.llm").joinpath("prices.json").read_text(encoding="utf-8")
    return dict(json.loads(text)["models"])


def cost_usd(model: str, input_tokens: int, output_tokens: int, *, cached_tokens: int = 0) -> float | None:
    """The list price of one call, or None for a model without a known price."""
    price = _table().get(_DATE.sub("", model))
    if price is None:
        return None
    fresh = input_tokens - cached_tokens
    return (fresh * price["input"] + cached_tokens * price["cached"] + output_tokens * price["output"]) / 1_000_000
