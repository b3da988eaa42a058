"""What a model's answer leaves open of the question: what it names as open, passes over, or said and could not keep.

Pure. What people read of it are words of the asker's, whatever the model writes.
"""

import re
from collections.abc import Sequence
from itertools import dropwhile

from bot.answering.draft import Draft
from bot.answering.search import Search
from bot.check.checker import Checker
from bot.check.lexicon import lexicon
from bot.check.markers import without
from bot.types import Checked
from bot.understanding.parts import asks
from knowledge.text.words import light, opens_with, stem, stems, words
from knowledge.types import Passage

LONGEST = 120  # characters in which a model names a part "in a few of the asker's words"; guess
_WORD = re.compile(r"<[A-Z_]+_\d+>|[\w'’-]+")
_AROUND = " \t\n-–—:;,.*_`|()[]“”„«»\"'"

Searched = Sequence[tuple[Search, Sequence[Passage]]]  # the parts of a question, each with what the model was to read


def left_open(
    draft: Draft, searched: Searched, checker: Checker, shown: Sequence[Checked], *, theirs: str, alike: bool
) -> set[str]:
    """The parts of the question that are left open, or words of its only one.

    Parts that a model names are believed, and where it names one that it answers all others. One that names none may
    not know how: what it cites nothing of and says no word of is open. So is what only what was held back speaks of.
    `theirs`: what the asker and the thread say; `alike`: whether the sources are in the language of the answer.
    """
    said = [one.text for one in shown]
    uncited = {s.text: not draft.cites(read) for s, read in searched if not s.in_trouble}
    missing = {text: is_so and not checker.left_open for text, is_so in uncited.items()}
    if len(uncited) == 1:  # words tell nothing of a sum that is worked out
        asked = next(s.asked for s, _ in searched if not s.in_trouble)
        missing = dict.fromkeys([] if any(one.reason == "applied" for one in shown) else _asking(asked), False)
    gone = [one.text for one in checker.held_back if not one.replaced_by and alike and not draft.told]
    lost = {*stems(" ".join(one for one in gone if not opens_with(one, lexicon("applied"))))}  # no part of its own
    each = {one: {word for word in stems(one) if word.isalpha()} for one in missing}
    own = {one: each[one].difference(*(each[other] for other in each if other != one)) for one in each}
    found = {one for one in each if missing[one] or own[one] & lost}
    if found:
        read = [f"{p.heading} {p.text}" for _, passages in searched if len(uncited) == 1 for p in passages]
        there = {*stems(" ".join([*said, *read]))}
        found = {one for one in found if not own[one] & there}
    for part in named(checker.left_open, theirs, said):
        whole = [text for text in uncited if len(uncited) > 1 and _content(part) <= _content(text)]
        found.add(whole[0] if len(whole) == 1 and (uncited[whole[0]] or whole[0] in found) else part)
    return found


def named(lines: Sequence[str], theirs: str, said: Sequence[str]) -> list[str]:
    """The parts that a model names as open, in words of `theirs`; none that one sentence of what is said speaks of."""
    asked, spoken, found = _content(theirs), [_content(sentence) for sentence in said], []
    for line in lines:
        part = without(line.strip(_AROUND).partition("\n")[0]).strip(_AROUND)
        own = _content(part)
        if len(part) <= LONGEST and own & asked and not any(own <= sentence for sentence in spoken):
            kept = [word for word in _WORD.findall(part) if _content(word) & asked]
            found.append(part if own <= asked else " ".join(kept))
    return found


def _asking(question: str) -> list[str]:
    """The words of a question from the clause on that asks: what is told before it asks for nothing."""
    clauses = dropwhile(lambda one: not asks(one), re.split(r"(?<=[,.;:!?])\s", question))
    return re.findall(r"\w+", " ".join(clauses))


def _content(text: str) -> set[str]:
    """The stems of its words but the lightest."""
    return {stem(word) for word in words(text)} - light()
