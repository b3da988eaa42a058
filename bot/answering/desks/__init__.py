"""Whom to turn to, as the manual names them: a row of its contacts, or a sentence that names a desk. Pure.

A row says what for in its own words ("Pay statements, missing pay"). A desk's name says it by itself: what people say
who need one stands in matters.toml, and is compared with the question by meaning. What is shown is the manual's own.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cache
from typing import NamedTuple

from bot.answering import editions
from bot.answering.desks.contacts import (
    LISTED,
    NEAREST,
    PASSING,
    SAID,
    Contact,
    contacts,
    english,
    folded,
    matters,
    stems_of,
)
from bot.answering.scoring import Reading
from bot.understanding.in_english import in_english
from bot.understanding.parts import asks
from bot.understanding.small_talk import wording
from knowledge.text import words
from knowledge.text.sentences import spans

Alike = Callable[[str, Sequence[str]], Sequence[float]]  # (a text in English, others) -> how alike they are, cosines
Scores = Mapping[str, float]  # how likely each matter is what is asked about, as a cosine

LANGUAGES = ("en", "de", "fr", "es", "tr")  # in the order of `looked_for` in contacts.toml
CHAT = "chat"  # the matter of what no company has a desk for
MOST_QUESTIONS = "people"  # the matter that most questions of a manual are of
SURE = 0.4  # cosine from which what is asked is what a row is for; guess
SURE_MATTER = 0.46  # the same of a matter, with half of its lead before others; guess
SURE_PASSING = 0.6  # the same with half of its lead where a sentence on another thing names its desk; guess
LIKELY = 0.35  # the same for what most questions are of; guess
TALK = 0.1  # cosine more for them where nothing is asked; guess
CLOSE = 0.04  # cosine within which two rows are as alike; guess
AHEAD = 0.06  # cosine by which a matter is likelier than others; guess
FOREIGN = 0.05  # cosine that words put into English one by one seem more alike than they are; guess
TOLD = 0.6  # cosine that a word of another language is worth which tells its matter by itself; guess
ROW = 0.05  # cosine that a row's list of things is less alike than what people say; guess
STORY = 0.65  # share of a message as a whole, beside what of it asks; guess
SHARES = 0.1  # cosine that a word is worth which a question shares with a row and few others; guess
FEW, FEWEST = 6, 2  # one passage in so many, or so many, have a word that tells a row from the others; guess
NAMED_TOO = 0.25  # times how likely its matter is, for a row that is alike, too; guess
TELLING = 2  # words by which a question tells what it is about; guess
LOOKED_AT = 24  # passages in which contacts are looked for; guess
OFFERED = 24  # contacts that a model chooses among; guess
LOOKED_FOR = 5  # names of a desk that are looked for; guess


class Asked(NamedTuple):
    """What is asked, as it is compared with what desks are for."""

    english: tuple[str, ...]  # what of the message asks, and all of it: a word of the story counts half
    stems: frozenset[str] = frozenset()  # of what asks
    story: frozenset[str] = frozenset()  # of all of it
    told: frozenset[str] = frozenset()  # matters that a word of another language tells by itself
    whom: bool = False  # it asks whom to ask
    asks: bool = True  # it asks something
    foreign: bool = False  # it was put into English word by word


def asked_for(text: str, spoken: str | None) -> Asked:
    """A message in this language (ISO 639-1)."""
    spoken = _spoken(text, spoken)
    each = tuple(dict.fromkeys(wording(one) or one for one in (_asking(text), text)))
    put = tuple(english(one, spoken) for one in each)
    foreign = () if spoken in (None, "en") else matters()
    told = frozenset(one for one in foreign if _foreign(one).search(folded(text)))
    stems, story = (stems_of(each[at], put[at], spoken) for at in (0, -1))
    return Asked(put, stems, story, told, editions.asks_whom(text), asks(text), put != each)


def _spoken(text: str, spoken: str | None) -> str | None:
    """The language of ours that puts a text surely into English, where it seems to be in another: Spanish for "pt"."""
    known = [word in words.vocabulary() for word in words.words(text)]
    if spoken in LANGUAGES or (spoken is None and 2 * sum(known) > len(known)):
        return spoken
    return next((one for one in LANGUAGES[1:] if in_english(text, one)[1]), spoken)


def _asking(text: str) -> str:
    """What of a message asks, without the story around it; all of it where that tells nothing."""
    each = [line[start:end] for line in text.splitlines() for start, end in spans(line, any_case=True)]
    asked = " ".join(one for one in each if asks(one) and not editions.asks_whom(one))
    return asked if len(editions.telling(asked)) >= TELLING else text


@cache
def _foreign(matter: str) -> re.Pattern[str]:
    listed = matters()[matter].get("words", ())
    return re.compile(rf"\b(?:{'|'.join(listed)})" if listed else r"(?!)")


def by_matter(asked: Asked, alike: Alike) -> Scores:
    """How likely each matter is what is asked about."""
    said = [(matter, one) for matter, listed in matters().items() for one in listed["told"]]
    best = {matter: TOLD if matter in asked.told else -1.0 for matter in matters()}
    for (matter, _), cosine in zip(said, _mean(asked, [one for _, one in said], alike), strict=True):
        best[matter] = max(best[matter], cosine - FOREIGN * asked.foreign)
    return best


def _mean(asked: Asked, others: Sequence[str], alike: Alike) -> list[float]:
    each = zip(alike(asked.english[0], others), alike(asked.english[-1], others), strict=True)
    return [(1 - STORY) * asks + STORY * whole for asks, whole in each]


def looked_for(scores: Scores, language: str | None) -> list[str]:
    """What to look for in a manual in this language to find whom to ask: contacts, and the likeliest desk."""
    at = LANGUAGES.index(language) if language in LANGUAGES else 0
    named = matters()[max(scores, key=scores.__getitem__)]
    names = [one for key in ("names", "of") for one in named.get(key, {}).get(LANGUAGES[at], ())]
    listed = words.word_lists(__name__, "contacts")["looked_for"][at]
    return [listed, *filter(None, [", ".join(names[:LOOKED_FOR])])]


def likeliest(reading: Reading, asked: Asked, scores: Scores, alike: Alike) -> list[Contact]:
    """Whom a reader may choose among, the likeliest first; and who is for everything that nobody else is named for."""
    known = [one for one in contacts(reading) if one.worth[0] > PASSING]
    own = _own(known, asked, alike)

    def likely(one: Contact) -> tuple[float, tuple[int, ...]]:
        by_name = max((scores[matter] for matter in one.desks), default=0.0)
        return max(own.get(one, 0.0), by_name) + SHARES * bool(one.stems & asked.stems), one.worth

    ranked = sorted(known, key=likely, reverse=True)
    ranked = [*ranked[: OFFERED - 1], *(one for one in ranked[OFFERED - 1 :] if one.rest)]
    return list({one.words: one for one in reversed(ranked[:OFFERED])}.values())[::-1]


def closest(reading: Reading, asked: Asked, scores: Scores, alike: Alike) -> Contact | None:
    """Whom to ask; None where nobody is fitting.

    Who is for it in the manual's words or by name; for what most questions are of who looks after people; else who is
    for everything that nobody else is named for.
    """
    if scores[CHAT] >= max(SURE, *scores.values()) and not asked.whom:
        return None
    known = contacts(reading)
    common = _common(reading)
    own = _own(known, asked._replace(stems=asked.stems - common), alike)
    shared, plain = asked.story - common, _plainly(scores)
    known = [one for one in known if one.worth[0] > PASSING or one.stems & shared or plain in one.desks]
    desks = {matter: _desks_for(matter, known) for matter in scores}
    matter = _clear(scores, desks)
    likely = scores[matter] if matter and desks[matter] else 0.0
    often = matter is not None and desks[matter] == desks[MOST_QUESTIONS]
    others = [score for one, score in scores.items() if matter and _part_of(one) != _part_of(matter)]
    lead = likely - max(others, default=0.0)
    sure = SURE_MATTER - lead / 2 if not often else LIKELY if asked.asks else LIKELY + TALK
    by_words = max(own.values(), default=0.0)
    named = max((score for one, score in scores.items() if desks[one]), default=0.0)
    fitting = [one for one, score in own.items() if score >= max(SURE, by_words - CLOSE, named - CLOSE)]
    if matter and likely >= sure and (not fitting or likely > by_words - CLOSE):
        unsure = likely < SURE_MATTER and not often
        fitting += [one for one in desks[matter] if one.worth[0] > SAID or not unsure or one.stems & shared]
    if not fitting and (asked.whom or _near(reading)):
        fitting = [one for one in known if one.rest]

    def fits(one: Contact) -> tuple[object, ...]:
        by_name = NAMED_TOO * likely if matter and one in desks[matter] else 0.0
        told = own.get(one, 0.0)
        return (
            one.worth,
            by_name + (told if told >= SURE else 0.0),
            len(one.stems & shared) if one.about else 0,
            one.rest,
            told,
        )

    return max(fitting, key=fits, default=None)


def _own(known: Sequence[Contact], asked: Asked, alike: Alike) -> dict[Contact, float]:
    """How alike what is asked is to what each is for, in the manual's words."""
    told = [one for one in known if one.about and (not one.number or _is_for(one, asked))]
    cosines = _mean(asked, [one.about for one in told], alike)
    return {
        one: cosine + ROW * (one.worth[0] == LISTED) + SHARES * bool(one.stems & asked.stems)
        for one, cosine in zip(told, cosines, strict=True)
    }


def _plainly(scores: Scores) -> str | None:
    """The matter that a question is so surely of that a sentence on another thing may name its desk."""
    second, first = sorted(scores, key=scores.__getitem__)[-2:]
    return first if scores[first] + (scores[first] - scores[second]) / 2 >= SURE_PASSING else None


def _is_for(number: Contact, asked: Asked) -> bool:
    """Whether a number without a name is for what is asked: "travel emergency" is for no other journey."""
    each = map(editions.telling, number.about.split(","))
    return any(stems and stems <= asked.story for stems in each)


def _common(reading: Reading) -> Set[str]:
    """The stems that many of the passages have, which tell no row from another."""
    count = Counter(stem for one in reading.passage_units for stem in one.held)
    return {stem for stem, passages in count.items() if passages > max(FEWEST, len(reading.passages) / FEW)}


def _near(reading: Reading) -> bool:
    """Whether the manual has anything near the question."""
    return any((one.similarity or 0.0) >= editions.NEAR for one in reading.passages[:NEAREST])


def _clear(scores: Scores, desks: Mapping[str, list[Contact]]) -> str | None:
    """The likeliest matter; where others are as likely, the one of most questions, if it is among them."""
    first = max(scores, key=scores.__getitem__)
    near = [one for one in scores if scores[one] > scores[first] - AHEAD]
    rivals = [one for one in near if _part_of(one) != _part_of(first) and desks[one] != desks[first]]
    alone = bool(desks[first]) and not desks[_part_of(first)]  # the manual has no desk for the whole
    if not rivals and (alone or scores[first] - scores[_part_of(first)] >= CLOSE):
        return first
    return _part_of(first) if not rivals else next((one for one in near if desks[one] == desks[MOST_QUESTIONS]), None)


def _part_of(matter: str) -> str:
    """What a matter is a part of at last: pay of what concerns people."""
    otherwise = matters()[matter].get("otherwise")
    return _part_of(otherwise) if otherwise else matter


def _desks_for(matter: str, known: Sequence[Contact]) -> list[Contact]:
    """The desks for a matter, or for what it is a part of where the manual only names one in passing."""
    found = [one for one in known if matter in one.desks]
    otherwise = matters()[matter].get("otherwise")
    if otherwise and all(one.worth[0] == PASSING for one in found):
        return _desks_for(otherwise, known) or found
    return found
