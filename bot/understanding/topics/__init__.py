"""A message -> what it tells of its asker or somebody near: told once, for all who ask. Pure.

By its meaning and its words, as `likely` was fitted to read them; besides, by signs that leave no doubt: that somebody
wants to die or is in danger now, and that a named person's pay or sickness is asked for. What is asked about in general
is nothing told, or half a manual would be. From the kind follows whether a channel may read it, what kind word is said,
and what is looked up for whom it happens to.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from typing import Literal, get_args

from bot.understanding.directives import directive
from bot.understanding.follow_up import WHOLE_WORDS, is_whole, points
from bot.understanding.in_english import in_english
from bot.understanding.parts import QUESTION_MARK, asks
from bot.understanding.small_talk import small_talk
from knowledge.text.words import LANGUAGES, data_file, filled, lowered, pattern, stems, stopwords, word_lists

LONGEST = 4_000  # characters looked at: a longer message says it in its opening or not at all; guess

KEPT = 1_024  # messages whose signs were looked for; guess
HELD = 5  # messages for which a grave matter holds on; guess
FEW = 2  # words that say something, of a message that still goes on from what was grave; guess
BRIEF = 2  # words of the shortest clause; guess

_CLAUSE = re.compile(r"(?<=[.!?;,:\n])\s+|\s(?:[-–—]|and|but|und|aber|et|mais|y|pero|ve|ama)\s")
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")
_opening = partial(pattern, __name__, "aside", r"\W*%opens%(?!\w)[,:]?(?:\s+|\Z)")  # of another matter
_helpless = partial(pattern, __name__, "aside", r"(?<!\w)%helpless%")  # asks for help and no more: "what now?"
# where a part of a message begins: a sentence, or what is told next
_part = partial(pattern, __name__, "next", r"(?<=[.!?;])(?= )|(?= %opens% )", re.NOFLAG)

# Not é and ö: "viré" is fired and "vire" paid, "öldü" is dead and "oldu" became.
_SHORT = 80  # characters of a short question; guess
_PLAIN = str.maketrans("áàâäãåçèêëìíîïıñóòôõúùûüşğ", "aaaaaaceeeiiiiinoooouuuusg")

Kind = Literal[
    "self_harm", "emergency", "accident", "bereaved", "relative", "birth", "device", "clicked", "phishing", "legal",
    "harassment", "strain", "health", "pregnancy", "dismissal", "debts", "addiction", "pay", "person", "delivery",
    "home", "breach", "witness", "absent", "fired", "miscarried", "colleague", "resigns",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)[:-5]  # what `likely` was fitted to tell
COMFORTED: tuple[Kind, ...] = (  # a kind word stands first
    "self_harm", "emergency", "accident", "bereaved", "relative", "device", "clicked", "phishing", "legal",
    "harassment", "strain", "health", "pregnancy", "person", "delivery", "fired", "resigns", "home",
    "breach", "witness", "miscarried",
)  # fmt: skip
# no kind word stands before a model's answer: it would only say what the rule does
INSTRUCTED: tuple[Kind, ...] = ("device", "clicked", "phishing", "breach", "witness")
BLAMING: tuple[Kind, ...] = ("harassment", "home")  # their kind word says that somebody did wrong
SURELY_TOLD = 0.95  # probability from which that is said, and no model is heard against what is grave; guess
ALONE = "emergency"  # nothing else is answered beside it
URGENT: tuple[Kind, ...] = ("emergency", "harassment", "person", "home", "witness")  # before all that is asked
UNSURE: tuple[Kind, ...] = ("home", "witness")  # but for these, where their meaning alone tells
OF_US: tuple[Kind, ...] = ("person", "delivery", "pay", "absent")  # asks for something, and tells of nothing
HELD_ON: tuple[Kind, ...] = ("self_harm", "emergency", "home", "harassment")  # what the next messages are about, too
ENDING = ("thanks", "goodbye", "greeting", "praise", "complaint", "person", "quiet")  # chat that ends that
TROUBLES: tuple[Kind, ...] = ("debts", "addiction")  # a rule is looked for first, where one is asked for
ILL: tuple[Kind, ...] = ("health", "strain", "addiction")  # of a colleague: no kind word to the asker
SOMEBODYS: tuple[Kind, ...] = ("pay", "absent")  # asked of a named person
# told by signs besides: none may be missed
SIGNED: tuple[Kind, ...] = (*HELD_ON, "witness", "clicked", "bereaved", "resigns")
CONFIDED = ("harassment", "health", "pregnancy", "dismissal", "debts", "addiction", "self_harm", "pay", "legal")
# told by signs within what the meaning tells: who leaves of their own will needs no comfort, and no good wishes whoever
# lost a child to be
_WITHIN: Mapping[Kind, tuple[Kind, ...]] = {"fired": ("dismissal",), "miscarried": KINDS}
# what the meaning tells rather than signs of another kind: "some mornings I hope a truck hits me"
_KNOWN_BETTER: Mapping[Kind, tuple[Kind, ...]] = {
    "bereaved": ("bereaved", "self_harm", "emergency", "home", "harassment", "accident"),
    "harassment": ("self_harm", "home"), "clicked": ("self_harm", "home", "harassment"),
    "witness": tuple(kind for kind in KINDS if kind != "legal"),
    "resigns": tuple(kind for kind in KINDS if kind not in ("dismissal", "delivery")),
}  # fmt: skip
_OF_TOPIC: Mapping[Kind, Kind] = {
    "strain": "health", "absent": "health", "home": "harassment", "witness": "legal", "fired": "dismissal",
    "resigns": "dismissal", "miscarried": "health", "colleague": "health",
}  # fmt: skip
_UNFIT: Mapping[str | None, tuple[str, ...]] = {
    "bereaved": ("bereaved", "carers"), "relative": ("bereaved", "relative"), "birth": ("relative",),
    "pregnancy": ("relative",), "addiction": ("addiction",), "miscarried": ("bereaved",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What a message tells of, and the part of it that does."""

    kind: Kind
    part: str
    beside: str | None = None  # what of CONFIDED it tells besides
    asked: str = ""  # what is asked of another matter, without what tells
    likely: float = field(default=1.0, compare=False, repr=False)  # the probability that it does; 1 by signs or a model
    held: bool = False  # told in a message before, and not over

    @property
    def topic(self) -> str | None:
        """What of CONFIDED no channel should read; None where anybody may."""
        return private(self.kind) or self.beside

    @property
    def grave(self) -> bool:
        """Whether somebody's life is in danger: who needs help now is told nothing that may not be it."""
        return self.kind in ("self_harm", "emergency")

    @property
    def surely_grave(self) -> bool:
        """The same, whatever a model says."""
        return self.grave and self.likely >= SURELY_TOLD and not self.held

    @property
    def notice(self) -> str | None:
        """By what of texts.private an answer to its asker alone is announced.

        Of self-harm the answer itself begins with whom to call; who asks after somebody else is not comforted.
        """
        return None if self.kind in ("self_harm", "absent", "colleague") else self.topic


def private(kind: Kind) -> str | None:
    """What of CONFIDED a kind is; None of what anybody may read."""
    of = _OF_TOPIC.get(kind, kind)
    return of if of in CONFIDED else None


Likely = Callable[[str], Told | None]  # bot.understanding.topics.likely


def told(text: str, likely: Likely | None = None) -> Told | None:
    """What a message tells of: by words that leave no doubt, or as `likely` has it."""
    by_meaning = likely(text) if likely else None
    flat = _flat(text)
    if by_meaning and any(one.search(_flat(by_meaning.part)) for one in _signs(by_meaning.kind, "not_meant")):
        by_meaning = None
    sure: Kind | None = next((kind for kind in SIGNED if _told(kind, flat)), None)
    if sure is None and small_talk(text) == "person":
        sure = "person"
    if sure is None:
        sure = next((what for what in SOMEBODYS if _asks_of(what, text)), None)
    for kind, wider in _WITHIN.items():
        if by_meaning and by_meaning.kind in wider and _told(kind, _flat(by_meaning.part)):
            by_meaning = replace(by_meaning, kind=kind)
    if by_meaning and by_meaning.kind in ILL and _of_a_colleague(by_meaning.part):
        by_meaning = replace(by_meaning, kind="colleague")
    if sure is None and by_meaning is None and _others_death(flat):
        sure = "bereaved"
    if sure is None or (by_meaning and by_meaning.kind in _KNOWN_BETTER.get(sure, ())):
        return by_meaning
    tells = [_told(sure, _flat(one)) for one in clauses(text)]
    beside = by_meaning.topic if by_meaning else None
    if by_meaning and sure == "clicked":  # "somebody hacked me" is near what people do to people
        beside = private(by_meaning.kind)
    return Told(sure, text, beside, apart(sure, text, tells))


def held_on(of: Told | None, text: str, before: Sequence[str], tell: Callable[[str], Told | None]) -> Told | None:
    """What a message itself tells of (`of`), or what is grave and holds on: "nobody would notice", "he did it again".

    `before`: what its author said before it, oldest first. A whole question, chat or another matter ends them, and what
    speaks of nobody: "where's the canteen?".
    """
    if not before:
        return of
    own = of.kind if of and of.likely == 1 else None
    talk = small_talk(text) in ENDING or bool(directive(text)[0])
    if (own in (*HELD_ON, "person") and own != ALONE) or talk or is_whole(text) or _opening().match(text):
        return of
    last = next((one for one in reversed(_part().split(text)) if re.search(r"\w", one)), text)
    said, held = set(re.findall(r"\w{2,}|\bi\b", _flat(last))), word_lists(__name__, "held")
    named = said.difference(held["of"], held["self"], *map(stopwords, LANGUAGES))
    few = FEW if not said.isdisjoint(held["of"]) else 0 if said.isdisjoint(held["self"]) else 1
    if not points(last) and (not few or len(named) > few):  # "I need a new laptop" names a thing
        return of
    for one in before[: -HELD - 1 : -1]:
        if (grave := tell(one)) and grave.kind in HELD_ON:
            return of if own == ALONE and grave.kind != "self_harm" else Told(grave.kind, text, held=True)
        if is_whole(one):
            break
    return of


def clauses(text: str) -> list[str]:
    """Its clauses, without what opens another matter: "and btw".

    >>> clauses("What's the hotel limit? And btw I'm pregnant")
    ["What's the hotel limit?", "I'm pregnant"]
    """
    return [text[start:end] for _, start, end in _clauses(text)]


def apart(kind: Kind, text: str, tells: Sequence[bool]) -> str:
    """What is asked of another matter than what is told; "" where it goes on from that, or nothing is.

    `tells`: whether each of `clauses` does. Another matter is what is asked first, or is said to be one; beside what is
    seen to before all that is asked, it is any question.

    >>> apart("pregnancy", "What's the hotel limit? And btw I'm pregnant", [False, True])
    "What's the hotel limit?"
    """
    found, asked = _clauses(text), ""
    if kind == ALONE or True not in tells or text[: found[tells.index(True)][2]].endswith("?"):
        return ""
    for at, (_, start, end) in enumerate(found):
        if not tells[at]:
            ends = at + 1 == len(found) or tells[at + 1]
            asked += text[start : end if ends else found[at + 1][0]] + " " * ends
    first = found[tells.index(True)][0]
    other = kind in URGENT or _asks_whole(text[:first]) or any(start > begins for begins, start, _ in found)
    return asked.strip(" ,;") if other and _asks_whole(asked) else ""


def _of_a_colleague(text: str) -> bool:
    """Whether it tells of a colleague or a named person, and of its author at most asks something."""
    found = clauses(text)
    own = [one for one in found if _asks_of("self", one) and not asks(one)]
    return not own and any(_asks_of("ill", one) for one in found)


def of_somebody(text: str) -> bool:
    """Whether it asks for a named person's pay, or whether he or she is ill: what no manual tells of anybody."""
    return _asks_of("pay", text) or _asks_of("absent", text)


def first(of: Told | None, text: str, *, model: bool = False) -> tuple[Kind | None, Kind | None]:
    """(the kind that is seen to instead of a question, the one for which a kind word stands before the answer).

    Self-harm may be none: what is said is looked up all the same. Where a `model` writes, it answers all but those whom
    only a person can help; a kind word of its own would not pass the check.
    """
    if of and of.held and not model:
        return of.kind, None
    helpless = not asks_more(text)
    troubles = (TROUBLES if of and of.likely == 1 else ()) if model else ("addiction",) if helpless else ()
    kind = of.kind if of and of.kind in (*COMFORTED, *troubles) else None
    if model and kind != "person":
        unsure = of is not None and of.likely < SURELY_TOLD and kind in BLAMING
        return None, None if unsure or kind in INSTRUCTED else kind
    if kind in (None, "self_harm"):
        return None, kind
    urgent = kind in URGENT and not (kind in UNSURE and of and of.likely < 1)
    return (kind, None) if (helpless or urgent) and not (of and of.asked) else (None, kind)


def asks_more(text: str) -> bool:
    """Whether it asks for anything but help: "I'm ill. who pays?", but not "I'm ill. what now?"."""
    return asks(_helpless().sub(" ", text))


def outside_family(of: Told | None) -> str | None:
    """Who died, where it is nobody of the family: "friend"; None where it is, or nobody did."""
    if of is None or of.kind != "bereaved":
        return None
    found = pattern(__name__, "bereaved", r"(?<!\w)%outside%(?!\w)").search(of.part)
    return found[0] if found else None


def unfit(kind: Kind | None, row: str, message: str) -> bool:
    """Whether a row hurts whom it is shown to: a death's, who tells of a birth. Not where the message names it.

    Of a kind that has words of its own one without any, and without a word of the message, is unfit, too: a phone's
    return, in a fire.
    """
    signs = (sign for one in _UNFIT.get(kind, ()) for sign in _signs(one, "unfit"))
    fit = _signs(kind, "fit") if kind else ()
    if fit and not any(sign.search(_flat(row)) for sign in fit):
        return not (set(stems(row)) & set(stems(message))) - stopwords()
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


def asks_on(text: str) -> bool:
    """Whether it is a short question that goes on from another one: "what if I drive myself?"."""
    return len(text) <= _SHORT and any(sign.search(_flat(text)) for sign in _signs("self_harm", "asks_on"))


def respelt(text: str) -> str:
    """The text without words that are others without their accents: Turkish "aşmak", exceed, and "asmak", hang."""
    for sign, other in data_file(__name__, "tr.toml")["respelt"].items():
        text = re.sub(sign, other, text)
    return text


@lru_cache(maxsize=KEPT)
def _told(kind: str, flat: str) -> bool:
    """Whether a sign of it stands in a message, and nothing beside it that makes it another one."""
    for sign in _signs(kind, "of_others"):
        flat = sign.sub(" ", flat)
    told = _without(_signs(kind, "not_now"), flat)
    return any(sign.search(told) for sign in _signs(kind, "signs")) and not any(
        sign.search(flat) for sign in _signs(kind, "not_with")
    )


def _others_death(flat: str) -> bool:
    """Whether it tells of another's suicide, which is no cry for help."""
    told = _without(_signs("self_harm", "not_now"), flat)
    return any(sign.search(told) for sign in _signs("self_harm", "of_others"))


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


def _asks_whole(text: str) -> bool:
    """Whether a sentence of it asks all that it means; verbs and what is asked stand last in Turkish."""
    asked = [one.strip(" ,;") for one in _SENTENCE.split(text)]
    return any(is_whole(one) or (QUESTION_MARK.search(one) and not points(one) and _long(one)) for one in asked)


def _long(text: str) -> bool:
    return len(set(stems(text)) - stopwords()) >= WHOLE_WORDS


def _clauses(text: str) -> list[tuple[int, int, int]]:
    """(where it begins, where it does without what opens another matter, where it ends) of each clause."""
    found, start = [], 0
    for stop in [*_CLAUSE.finditer(text), None]:
        end = stop.start() if stop else len(text)
        opening = _opening().match(text, start, end)
        begins = opening.end() if opening else start
        if len(text[begins:end].split()) >= (BRIEF if begins == start else 1):  # "by the way, pregnant"
            found.append((start, begins, end))
        if begins < end:  # else it opens what comes next: "also, who..."
            start = stop.end() if stop else end
    return found


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


@lru_cache(maxsize=KEPT)
def _asks_of(what: str, text: str) -> bool:
    """Whether it asks for a named person's "pay", or whether he or she is "absent", ill or pregnant."""
    return any(sign.search(text[:LONGEST]) for sign in _of_somebody(what))


@cache
def _of_somebody(what: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(filled(sign, _parts())) for sign in word_lists(__name__, "somebody")[what])


@cache
def _parts() -> Mapping[str, str]:
    """Parts of patterns, by their names."""
    return {name: " ".join(part) for name, part in word_lists(__name__, "parts").items()}
