"""How many tokens a text is likely to be, before an endpoint has counted them. Pure."""

CHARS_PER_TOKEN = 4.5  # English prose; the endpoint's own count replaces this estimate in records


def tokens(text: str) -> int:
    """Estimated number of tokens, e.g. 2 for "notice period"."""
    return round(len(text) / CHARS_PER_TOKEN)
