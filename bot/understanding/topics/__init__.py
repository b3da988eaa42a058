"""A message -> the sensitive topic in it, or the matter that no manual answers by its wording. Pure.

A topic is what a person may not want to be read by a whole channel: by words (one file a language) and, for pay, by
whether it is a named person's. A matter (an emergency, phishing, a legal threat, a wish for a person) has words to
search for instead. The rule kept: what is asked about in general is not sensitive, or half a manual would be. Linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Literal, get_args

from bot.understanding.in_english import in_english
from bot.understanding.parts import asks
from bot.understanding.small_talk import small_talk
from knowledge.text.words import data_file, filled, lowered, word_lists

LONGEST = 4_000  # characters looked at: a longer message says it in its opening or not at all; guess
KEPT = 1_024  # kinds of matter looked for in a message, told once for all who ask; guess

Matter = Literal[
    "self_harm", "emergency", "accident", "bereaved", "relative", "ill", "device", "clicked", "phishing", "legal",
    "harassment", "debts", "addiction", "strain", "person", "delivery",
]  # fmt: skip
TOLD: tuple[Matter, ...] = (  # by their signs
    "emergency", "accident", "bereaved", "relative", "ill", "device", "clicked", "phishing", "legal", "harassment",
    "delivery", "strain", "person",
)  # fmt: skip
URGENT: tuple[Matter, ...] = ("emergency", "harassment", "person", "delivery")  # before all that is asked
TROUBLES: tuple[Matter, ...] = ("debts", "addiction")  # topics; a rule is looked for first
FAMILY: tuple[Matter, ...] = ("bereaved", "relative")
_UNACCENTED = ("emergency", "accident", "bereaved", "device")  # heard without é, too: "evanoui"
CONFIDED = ("harassment", "health", "pregnancy", "dismissal", "debts", "addiction", "self_harm", "pay", "legal")
NOTHING = "none"  # what `likely` says of a message that surely tells of nothing
Likely = Callable[[str], str | None]  # a topic, a matter, NOTHING or None: bot.understanding.topics.likely

# Not é and ö: "viré" is fired and "vire" paid, "öldü" is dead and "oldu" became.
_PLAIN = str.maketrans("áàâäãåçèêëíìîïıñóòôõúùûüşğ", "aaaaaaceeeiiiiinoooouuuusg")


@cache
def _words() -> re.Pattern[str]:
    gravest_first = sorted(word_lists(__name__, "topics").items(), key=lambda one: one[0] != "self_harm")
    groups = (f"(?P<{topic}>{'|'.join(map(_pattern, listed))})" for topic, listed in gravest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(groups)})(?!\w)")


def _pattern(words: str) -> str:
    return re.escape(words.translate(_PLAIN)).replace(r"\*", r"\w{0,20}")


def topic(text: str, likely: Likely | None = None) -> str | None:
    """The sensitive topic of a message, one of CONFIDED: by words that `likely` does not deny, or as it has it."""
    meant = likely(text) if likely else None
    flat = _flat(text)
    found = _topics_in(flat)
    if _means_another(meant, flat) if meant == "self_harm" else _told("emergency", flat):
        meant = None
    if "self_harm" in (*found, meant):
        return "self_harm"
    if found and meant != NOTHING:
        return found[0]
    if _asks_of("pay", text):
        return "pay"
    if sure := next((kind for kind in ("health", "dismissal") if _told(kind, flat)), None):
        return sure  # "how long am I paid if the chemo lasts": by meaning a rule on pay
    if meant != NOTHING and _told("legal", flat):
        return "legal"
    if _asks_of("absent", text) or "strain" in (meant, matter(text)):
        return "health"
    return meant if meant in CONFIDED and not _means_another(meant, flat) else None


@lru_cache(maxsize=KEPT)
def _topics_in(flat: str) -> tuple[str | None, ...]:
    """The topics whose words stand in it, in their order; self-harm first where a sign of it does."""
    for general in _signs("self_harm", "not_now"):  # taken out: what else is said still counts
        flat = general.sub(" ", flat)
    hinted = any(sign.search(flat) for sign in _signs("self_harm", "signs"))
    return (*(["self_harm"] if hinted else []), *(found.lastgroup for found in _words().finditer(flat)))


def of_somebody(text: str) -> bool:
    """Whether it asks for a named person's pay, or whether he or she is ill: what no manual tells of anybody."""
    return _asks_of("pay", text) or _asks_of("absent", text)


def outside_family(text: str) -> str | None:
    """Who died, where it is nobody of the family: "friend"; None where it is, or nobody did."""
    found = (sign.search(_flat(text)) for sign in _signs("bereaved", "outside"))
    whom = next((_small(text)[slice(*match.span("who"))] for match in found if match), None)
    return re.findall(rf"(?i){re.escape(whom)}|\Z", text)[0] or whom if whom else None


def unfit(kind: Matter | None, text: str, message: str = "") -> bool:
    """Whether a row hurts whom it is shown to, of this kind or with this message: a death's, who tells of a birth.

    Not where the message names it: it is asked for.
    """
    if kind not in FAMILY:
        kinds: tuple[str, ...] = ("relative",) if _told("family", _flat(message)) else ()
    else:
        kinds = FAMILY if kind == "relative" else ("bereaved",)
    signs = (sign for one in kinds for sign in _signs(one, "unfit") if not sign.search(_flat(message)))
    return any(sign.search(_flat(text)) for sign in signs)


def matter(text: str, *, asked: bool = False, likely: Likely | None = None) -> Matter | None:
    """The kind of matter that a message tells of; with `asked`, or asks about: then the manual was looked at first.

    By its words, or else as `likely` has it.
    """
    meant = likely(text) if likely and not _asks_of("pay", text) else None  # of pay nothing else is told
    flat = _flat(text)
    about = _topics_in(flat)
    if meant and (_means_another(meant, flat) or (meant in FAMILY and _told("family", flat))):
        meant = None  # "became a dad and took my wife's surname"
    if "self_harm" in about:
        return "self_harm"
    if kind := next((kind for kind in TOLD if _told(kind, flat)), None):
        return "self_harm" if (kind, meant) == ("strain", "self_harm") else kind
    if "harassment" in about and (asked or (not asks(text) and meant != NOTHING)):
        return "harassment"
    if trouble := next((kind for kind in TROUBLES if kind in (*about, meant)), None):
        return trouble if asked else None
    return next((kind for kind in get_args(Matter) if kind == meant), None)


def confided(text: str, likely: Likely | None = None, *, model: bool = False) -> tuple[Matter | None, Matter | None]:
    """(the matter that is seen to instead of a question, the one for which a kind word stands before the answer).

    Where a `model` writes, only signs tell of those whom kind words are due or whom only a person can help.
    """
    talk, meant = small_talk(text), likely(text) if likely else None
    by_words = matter(text, likely=lambda _: meant if meant in (NOTHING, "self_harm") else None)
    kind: Matter | None = "person" if talk == "person" else by_words
    if model and kind not in ("person", "self_harm"):
        return None, kind if kind in (*FAMILY, "ill", "legal") else None
    if kind == "self_harm":  # a hint may be none: what is said is looked up all the same
        return None, kind if matter(text) else "strain"  # by `likely` alone, a mother's broken hip is one
    if talk or kind in URGENT or (kind and not asks(text)):
        return kind, None
    return None, kind or matter(text, likely=lambda _: meant)


@lru_cache(maxsize=KEPT)
def _told(kind: str, flat: str) -> bool:
    """Whether a sign of it stands in a message, and nothing beside it that makes it another one."""
    told = _without(_signs(kind, "not_now"), flat)
    signs, against = (*_signs(kind, "signs"), *_signs(kind, "outside")), _signs(kind, "not_with")
    return any(sign.search(told) for sign in signs) and not any(sign.search(flat) for sign in against)


def _means_another(meant: str, flat: str) -> bool:
    """Whether a message says that it isn't what its meaning comes near to: "kicked me out of the car park"."""
    return any(sign.search(flat) for sign in _signs(meant, "not_meant"))


@cache
def _part() -> re.Pattern[str]:
    """Where a part of a message begins: a sentence, or what is told next."""
    return re.compile(rf"(?<=[.!?;])(?= )|(?= (?:{'|'.join(word_lists(__name__, 'next')['opens'])}) )")


@cache
def _signs(kind: str, name: str) -> tuple[re.Pattern[str], ...]:
    """A list of patterns, kept here: they are more than half of what `re` itself keeps."""
    signs = [filled(sign, _parts()).translate(_PLAIN) for sign in word_lists(__name__, kind).get(name, ())]
    if kind in _UNACCENTED:
        signs = [re.sub(r"(?<![\[eé])é(?!\])", "[eé]", sign) for sign in signs]
    return tuple(map(re.compile, signs))


def _without(exceptions: Sequence[re.Pattern[str]], flat: str) -> str:
    """What is left of a message: an exception silences its part, from the comma before it to the part's end.

    >>> _without([re.compile(r"\binsured\b")], "my laptop got stolen. am i insured?")
    'my laptop got stolen. '
    """
    kept = []
    for part in _part().split(flat):
        starts = [found.start() for found in (sign.search(part) for sign in exceptions) if found]
        kept.append(part[: part.rfind(",", 0, min(starts)) + 1] if starts else part)
    return "".join(kept)


def instead(kind: Matter, language: str, message: str) -> list[str]:
    """What is looked up for it, in English and in the language spoken: nobody knows the manual's before it is read.

    [] where it is what the message itself says. Some hold the message: whose death it is decides.
    """
    said = word_lists(__name__, kind)
    telling = (part for part in _part().split(message[:LONGEST]) if _told(kind, _flat(part)))
    message = next(telling, message)
    english = in_english(message, language)[0] or message
    ask = "ask_leave" if any(sign.search(_flat(english)) for sign in _signs(kind, "leave")) else "ask"
    return [
        *(text.replace("{message}", english) for text in said.get(ask, ())),
        *(text.replace("{message}", message) for text in said.get(f"{ask}_{language}", ())),
    ]


def respelt(text: str) -> str:
    """The text without words that are others without their accents: Turkish "aşmak", exceed, and "asmak", hang."""
    for sign, other in data_file(__name__, "tr.toml")["respelt"].items():
        text = re.sub(sign, other, text)
    return text


def _small(text: str) -> str:
    """The message in small letters: "I’m gonna QUIT" -> "i'm going to quit"."""
    small = respelt(lowered(text[:LONGEST]).casefold().replace("’", "'"))
    return " ".join(small.replace("wanna", "want to").replace("gonna", "going to").split())


def _flat(text: str) -> str:
    """The same without accents, letter for letter, as the lists are read: many type none, and capitals hide ı."""
    return _small(text).translate(_PLAIN)


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
