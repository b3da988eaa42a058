"""What a process keeps in memory of people's words, so that it need not read them again: emptied after an erasure.

In: what remembers texts. Out: nothing of them in memory that could be read back. Rule kept: a bounded cache of a module
of ours is keyed by texts, so each is emptied; one without a bound holds our own word lists, and stays.
"""

from __future__ import annotations

import functools
import re
import sys
from typing import Protocol


class Forgets(Protocol):
    """What remembers texts, and can forget them."""

    def forget(self) -> None:
        """Keep none of them."""


def forget(*remembering: Forgets | None) -> None:
    """Empty these, every bounded cache of a function of ours, and patterns that were made of people's words."""
    re.purge()
    for one in remembering:
        if one is not None:
            one.forget()
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("bot", "knowledge"):
            for value in list(vars(module).values()):
                if isinstance(value, functools._lru_cache_wrapper) and value.cache_parameters()["maxsize"] is not None:
                    value.cache_clear()
