"""The words beside which a number or a date is personal, or is not; one file a language, all languages read as one.

phone, card, id, birth, host: what follows is one · nobody: a birthday that is no person's · spelt: the two words of an
address that is read out · line: what stands before is a phone · extension: behind a phone, a desk's figures follow ·
other: what follows is an order's, a section's, an amount's · right_before: the same, an everyday word that says so
only with the number directly behind it ·
secret: what follows `:`, `=` or "is" is one · secret_marked: only what follows `:` or `=` ·
no_secret: behind such a word, it speaks of a tool or a rule · reach: what follows is a phone to be reached by ·
account: what follows is an account's, a customer's, an employee's, a tax or a card's number, whatever it looks like
"""

import re
from collections.abc import Iterable
from functools import cache

from knowledge.text.words import word_lists


@cache
def beside() -> dict[str, re.Pattern[str]]:
    """A pattern of all words by kind, any language; read once."""
    return {
        kind: _any(words, r"(?<![^\W_])" if kind.startswith("secret") else r"(?<!\w)")
        for kind, words in word_lists(__name__).items()
    }


def _any(words: Iterable[str], left: str) -> re.Pattern[str]:
    """Whole words; one that ends in `*` may go on. "DB_PASSWORD" ends in a word for a secret."""
    longest = sorted(words, key=lambda word: (-len(word), word))
    forms = (re.escape(word.rstrip("*")) + (r"\w{0,12}" if word.endswith("*") else r"(?!\w)") for word in longest)
    return re.compile(rf"{left}(?:{'|'.join(forms)})", re.I)
