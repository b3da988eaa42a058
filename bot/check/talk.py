"""What claims nothing: greetings, hedges, transitions, and that the sources are silent on what was asked. Pure."""

# ruff: noqa: SIM905 - word lists are easier to read and change as text
from __future__ import annotations

import re
from collections.abc import Collection

from bot.check.facts import fold, normal

# Words of sentences that claim nothing: a sentence of only these is plain.
_TALK = frozenset(
    """hello hi hey dear welcome thanks thank you glad happy help helps hope good morning afternoon evening great sure
    certainly course absolutely yes no okay ok well so however additionally furthermore moreover also finally firstly
    secondly first second next then lastly overall short summary summarise summarize conclusion note remember important
    importantly please let me know if any further more other question questions feel free ask am i can be is are was it
    this that these those here there the a an of for to in on at by with and or but as from your my our their its about
    following follows below above answer answers based according manual handbook policy policies document documents
    source sources passage passages section sections found find information details detail provided provide what which
    do does did not unfortunately sorry cannot could couldn't don't doesn't would might may seems appears likely perhaps
    possibly generally typically depends depend case cases have has need needs want wants anything else there's
    here's i'm it's that's let's says say states state mentions mention means mean you're you'll i'll
    disagree differ conflict contradict""".split()
)
_SPEAKING = _TALK | frozenset(  # of what sources may be silent on
    """whether how mentioned specify specifies specified stated contain contains cover covers covered include address
    addressed give gives provides regarding given text context""".split()
)
COLUMNS = frozenset(  # what a model may head a column or list with, besides the passages' words
    fold(w)
    for w in """topic item type kind category name role who what when where how much many amount value number limit rule
    detail details note notes condition conditions requirement requirements situation action step steps description
    period duration time date unit cost key point points overview summary exception exceptions""".split()
)
MAX_PLAIN = 25  # words
_SILENT = re.compile(  # one clause, perhaps behind a "However,", that says that the sources do not speak of something
    r"(?:\w+, )?[^,;:]*\b(?:(?:sources?|manuals?|passages?|documents?|handbooks?|polic(?:y|ies)|text|context)"
    r"(?: provided| given)? do(?:es)? not (?:\w+ )?"
    r"(?:say|mention|state|specify|contain|cover|include|address|give|provide)"
    r"|(?:could|can) ?not find|(?:is|contains?|gives?|provides?) no (?:information|mention|details?)"
    r"|(?:is|are) not (?:mentioned|stated|specified|covered|addressed))\b(?P<what>[^,;:]*)",
    re.I,
)
# "You do not need anything": a permission or duty in words of talk. "You can ask", "you have any questions" are none.
_ALLOWS = re.compile(
    r"\b(?:you|we) (?:may|can|could|would|might|do|don't|cannot|couldn't|need|have|want|are)\b"
    r"(?! (?:also |always |then )?(?:ask|find|see|any|more|further|other|another|let|want|to (?:know|ask)|welcome))",
    re.I,
)


def is_plain(text: str) -> bool:
    """Whether the text is talk that claims nothing."""
    said = words(text)
    return (
        len(said) <= MAX_PLAIN
        and not _ALLOWS.search(normal(text))
        and all(word in _TALK for word in said)
        and "://" not in text
        and "<" not in text
    )


def is_silence(text: str, asked: Collection[str], held: Collection[str]) -> bool:
    """Whether it only says that the sources are silent on something: in words of the question, one of which none holds.

    `asked` and `held` are folded words, of the question and of the passages.
    """
    found = _SILENT.fullmatch(normal(text).replace("n't ", " not ").strip().rstrip("."))
    if not found or len(text.split()) > MAX_PLAIN:
        return False
    named = {fold(w) for w in words(text) if w not in _SPEAKING}
    return named <= set(asked) and any(w not in held for w in named & {fold(w) for w in words(found["what"])})


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", normal(text).lower())
