"""A message -> what it tells of its asker or somebody near: told once, for all who ask. Pure.

By its meaning and its words, as `likely` was fitted to read them; besides, by signs that leave no doubt: that somebody
wants to die or is in danger now, and that a named person's pay or sickness is asked for. What is asked about in general
is nothing told, or half a manual would be. From the kind follows whether a channel may read it, what kind word is said,
and what is looked up for whom it happens to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, get_args

from bot.understanding.in_english import in_english
from bot.understanding.parts import asks
from bot.understanding.small_talk import small_talk
from knowledge.text.words import data_file, filled, lowered, word_lists

LONGEST = 4_000  # characters looked at: a longer message says it in its opening or not at all; guess

KEPT = 1_024  # messages whose signs were looked for; guess

# Not é and ö: "viré" is fired and "vire" paid, "öldü" is dead and "oldu" became.
_PLAIN = str.maketrans("áàâäãåçèêëìíîïıñóòôõúùûüşğ", "aaaaaaceeeiiiiinoooouuuusg")

Kind = Literal[
    "self_harm", "emergency", "accident", "bereaved", "relative", "birth", "device", "clicked", "phishing", "legal",
    "harassment", "strain", "health", "pregnancy", "dismissal", "debts", "addiction", "pay", "person", "delivery",
    "absent",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)[:-1]  # what `likely` was fitted to tell
COMFORTED: tuple[Kind, ...] = (  # a kind word stands first
    "self_harm", "emergency", "accident", "bereaved", "relative", "device", "clicked", "phishing", "legal",
    "harassment", "strain", "health", "person", "delivery",
)  # fmt: skip
URGENT: tuple[Kind, ...] = ("emergency", "harassment", "person")  # before all that is asked
TROUBLES: tuple[Kind, ...] = ("debts", "addiction")  # a rule is looked for first
SOMEBODYS: tuple[Kind, ...] = ("pay", "absent")  # asked of a named person
SIGNED: tuple[Kind, ...] = ("self_harm", "emergency", "harassment")  # told by signs besides: none may be missed
FAMILY: tuple[Kind, ...] = ("bereaved", "relative")
CONFIDED = ("harassment", "health", "pregnancy", "dismissal", "debts", "addiction", "self_harm", "pay", "legal")
_UNFIT: Mapping[str | None, tuple[str, ...]] = {
    "bereaved": ("bereaved",), "relative": FAMILY, "birth": ("relative",), "pregnancy": ("relative",),
    "addiction": ("addiction",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What a message tells of, and the part of it that does."""

    kind: Kind
    part: str
    beside: str | None = None  # what of CONFIDED it tells besides

    @property
    def topic(self) -> str | None:
        """What of CONFIDED no channel should read; None where anybody may."""
        return private(self.kind) or self.beside


def private(kind: Kind) -> str | None:
    """What of CONFIDED a kind is; None of what anybody may read."""
    if kind in ("strain", "absent"):
        return "health"
    return kind if kind in CONFIDED else None


Likely = Callable[[str], Told | None]  # bot.understanding.topics.likely


def told(text: str, likely: Likely | None = None) -> Told | None:
    """What a message tells of: by words that leave no doubt, or as `likely` has it."""
    by_meaning = likely(text) if likely else None
    flat = _flat(text)
    sure: Kind | None = next((kind for kind in SIGNED if _told(kind, flat)), None)
    if sure is None and small_talk(text) == "person":
        sure = "person"
    if sure is None:
        sure = next((what for what in SOMEBODYS if _asks_of(what, text)), None)
    return Told(sure, text, by_meaning.topic if by_meaning else None) if sure else by_meaning


def of_somebody(text: str) -> bool:
    """Whether it asks for a named person's pay, or whether he or she is ill: what no manual tells of anybody."""
    return _asks_of("pay", text) or _asks_of("absent", text)


def first(of: Told | None, text: str, *, model: bool = False) -> tuple[Kind | None, Kind | None]:
    """(the kind that is seen to instead of a question, the one for which a kind word stands before the answer).

    Self-harm may be none: what is said is looked up all the same. Where a `model` writes, it finds the words itself,
    but for those whom a kind word is due or whom only a person can help.
    """
    kind = of.kind if of and of.kind in COMFORTED else None
    if kind in (None, "self_harm") or (model and kind in (*FAMILY, "health", "legal")):
        return None, kind
    if model and kind != "person":
        return None, None
    return (kind, None) if kind in URGENT or not asks(text) else (None, kind)


def outside_family(of: Told | None) -> str | None:
    """Who died, where it is nobody of the family: "friend"; None where it is, or nobody did."""
    if of is None or of.kind != "bereaved":
        return None
    found = re.search(rf"(?<!\w)(?:{'|'.join(word_lists(__name__, 'bereaved')['outside'])})(?!\w)", of.part, re.I)
    return found[0] if found else None


def unfit(kind: Kind | None, row: str, message: str) -> bool:
    """Whether a row hurts whom it is shown to: a death's, who tells of a birth. Not where the message names it."""
    signs = (sign for one in _UNFIT.get(kind, ()) for sign in _signs(one, "unfit"))
    return any(sign.search(_flat(row)) for sign in signs if not sign.search(_flat(message)))


def instead(of: Told, language: str) -> list[str]:
    """What is looked up for it, in English and in the language spoken: nobody knows the manual's before it is read.

    [] where it is what the message itself says. Some hold the part that tells: whose death it is decides.
    """
    said = word_lists(__name__, of.kind)
    english = in_english(of.part, language)[0] or of.part
    ask = "ask_leave" if any(sign.search(_flat(english)) for sign in _signs(of.kind, "leave")) else "ask"
    return [
        *(text.replace("{message}", english) for text in said.get(ask, ())),
        *(text.replace("{message}", of.part) for text in said.get(f"{ask}_{language}", ())),
    ]


def respelt(text: str) -> str:
    """The text without words that are others without their accents: Turkish "aşmak", exceed, and "asmak", hang."""
    for sign, other in data_file(__name__, "tr.toml")["respelt"].items():
        text = re.sub(sign, other, text)
    return text


@lru_cache(maxsize=KEPT)
def _told(kind: str, flat: str) -> bool:
    """Whether a sign of it stands in a message, and nothing beside it that makes it another one."""
    told = _without(_signs(kind, "not_now"), flat)
    return any(sign.search(told) for sign in _signs(kind, "signs")) and not any(
        sign.search(flat) for sign in _signs(kind, "not_with")
    )


@cache
def _signs(kind: str, name: str) -> tuple[re.Pattern[str], ...]:
    """A list of patterns; of self-harm's signs its words, too, * for any ending."""
    listed = word_lists(__name__, kind)
    signs = [filled(sign, _parts()).translate(_PLAIN) for sign in listed.get(name, ())]
    if kind == "emergency":  # heard without é, too: "evanoui"
        signs = [re.sub(r"(?<![\[eé])é(?!\])", "[eé]", sign) for sign in signs]
    if name == "signs":
        words = (re.escape(word.translate(_PLAIN)).replace(r"\*", r"\w{0,20}") for word in listed.get("words", ()))
        signs += [rf"(?<!\w){word}(?!\w)" for word in words]
    return tuple(map(re.compile, signs))


@cache
def _part() -> re.Pattern[str]:
    """Where a part of a message begins: a sentence, or what is told next."""
    return re.compile(rf"(?<=[.!?;])(?= )|(?= (?:{'|'.join(word_lists(__name__, 'next')['opens'])}) )")


def _without(exceptions: Sequence[re.Pattern[str]], flat: str) -> str:
    """What is left of a message: an exception silences its part, from the comma before it to the part's end.

    >>> _without([re.compile(r"\binsured\b")], "somebody fainted. am i insured?")
    'somebody fainted. '
    """
    kept = []
    for part in _part().split(flat):
        starts = [found.start() for found in (sign.search(part) for sign in exceptions) if found]
        kept.append(part[: part.rfind(",", 0, min(starts)) + 1] if starts else part)
    return "".join(kept)


def _flat(text: str) -> str:
    """The message in small letters without accents, letter for letter, as the lists are read: capitals hide ı."""
    small = respelt(lowered(text[:LONGEST]).casefold().replace("’", "'"))
    return " ".join(small.replace("wanna", "want to").replace("gonna", "going to").split()).translate(_PLAIN)


def _asks_of(what: str, text: str) -> bool:
    """Whether it asks for a named person's "pay", or whether he or she is "absent"."""
    return any(sign.search(text[:LONGEST]) for sign in _of_somebody(what))


@cache
def _of_somebody(what: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(filled(sign, _parts())) for sign in word_lists(__name__, "somebody")[what])


@cache
def _parts() -> Mapping[str, str]:
    """Parts of patterns, by their names."""
    return {name: " ".join(part) for name, part in word_lists(__name__, "parts").items()}
