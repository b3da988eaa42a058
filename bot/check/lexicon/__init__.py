"""The few words that the check knows of answers, one file a language, all languages read as one.

leaning: a sentence that opens so leans on the one before · verdicts: answer a yes-or-no question · applied: a rule is
applied to the asker's case · talk: whole sentences that claim nothing · silent, manual: "the manual does not say" ·
faultless: beside a denial, the fault that a verifier names is none
"""

from __future__ import annotations

from knowledge.text.words import folded_list


def lexicon(name: str) -> frozenset[str]:
    """The words and phrases of one list in every language."""
    return folded_list(__name__, name)
