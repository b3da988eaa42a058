"""Text -> its likely tokens, before an endpoint has counted them; tokens -> US dollars, by the dated prices.json."""

import json
import re
from functools import cache
from importlib import resources

CHARS_PER_TOKEN = 4.5  # English prose; the endpoint's own count replaces this estimate in records
_DATE = re.compile(r"-\d{4}-\d{2}-\d{2}$")  # gpt-4o-mini-2024-07-18 costs what gpt-4o-mini costs


def tokens(text: str) -> int:
    """Estimated number of tokens, e.g. 2 for "notice period"."""
    return round(len(text) / CHARS_PER_TOKEN)


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
