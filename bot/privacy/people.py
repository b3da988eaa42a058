"""People's names and postal addresses in what somebody wrote, as far as its words tell; nothing that the manual has.

Text in, places out. A name has no form of its own: what tells it is a given name, a word beside it ("Frau", "my
colleague"), two capital words in a row, or a capital letter in the middle of a sentence; in English also a first word
that is no usual one. So it is for texts that a person looks at before they are kept (`policybot gold add`), and for
questions where policybot.toml says so. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from bot.privacy.find import Span, find
from knowledge.text.words import LANGUAGES, language, stopwords, vocabulary, word_lists

NEAR = 24  # characters before a name that the words beside it may take; guess

_TOKEN = re.compile(r"(?<![^\W_])(?:[A-ZÀ-Þ]['’](?=[A-ZÀ-Þ]))?[^\W\d_]+(?:-[^\W\d_]+){0,3}")
_WORD = re.compile(r"(?:[A-ZÀ-Þ]['’](?=[A-ZÀ-Þ]))?[^\W_]+(?:-[^\W_]+){0,3}")
_INSIDE = re.compile(
    r"\.? (?:[A-Z]\. )?(?:(?i:von|van|de|del|den|der|bin|al|da|di|la|le) ){0,2}"
)  # between two words of one name
_OPENS = re.compile(r"(?:^|[.?!:\n…¿¡«„“\"(])\s*$")
_CAPITAL = r"[A-ZÀ-ÞĞİŞ][\w'’-]{1,30}"
_NUMBER = r"\d{1,5}(?: ?(?:[a-zA-Z]|bis|ter)\b)?"


@dataclass(frozen=True)
class Manual:
    """What a manual has, told by sets: its words, and which two capital words or numbers follow each other."""

    words: frozenset[str] = frozenset()
    lower: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Manual:
        """What the texts have."""
        words, pairs = set[str](), set[tuple[str, str]]()
        for text in texts:
            words.update(_WORD.findall(text))
            pairs |= _pairs(text)
        return cls(frozenset(words), frozenset(map(_lower, words)), frozenset(pairs))

    def has(self, words: str) -> bool:
        """Whether the words stand there as they are written, one behind the other."""
        return self.words.issuperset(_WORD.findall(words)) and self.pairs.issuperset(_pairs(words))


@dataclass(frozen=True)
class People:
    """Finds people by name. `manual`: what stands in it; `keep`: no person's; `hide`: one as well.

    `replaced` gathers the names and addresses found, `doubtful` the words that may be names and were left.
    """

    manual: Manual = field(default_factory=Manual)
    keep: Iterable[str] = ()
    hide: Iterable[str] = ()
    replaced: dict[str, None] = field(default_factory=dict)
    doubtful: dict[str, None] = field(default_factory=dict)

    def find(self, text: str) -> tuple[Span, ...]:
        """What bot.privacy.find finds, and names and addresses between it; ascending, never overlapping."""
        spans = list(find(text))
        for kind, finder in (("PERSON", self._hidden), ("ADDRESS", _addresses), ("PERSON", self._names)):
            for start, end in finder(text):
                if self._counts(text, start, end, spans):
                    spans.append(Span(kind, start, end))
                    self.replaced[text[start:end]] = None
        return tuple(sorted(spans, key=lambda one: one.start))

    def names(self, text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
        """What was found, and people's names between it; ascending, never overlapping."""
        names = (Span("NAME", *place) for place in self._names(text) if self._counts(text, *place, spans))
        return tuple(sorted([*spans, *names], key=lambda one: one.start))

    def _counts(self, text: str, start: int, end: int, spans: Sequence[Span]) -> bool:
        free = all(end <= other.start or other.end <= start for other in spans)
        return free and not self._stays(text[start:end])

    def _hidden(self, text: str) -> Iterator[tuple[int, int]]:
        for name in self.hide:
            yield from (match.span() for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text))

    def _stays(self, name: str) -> bool:
        return name in self.keep or (name not in self.hide and self.manual.has(name))

    def _is_prose(self, word: str) -> bool:
        return _lower(word) not in _words("first") and self.manual.has(_lower(word))

    def _names(self, text: str) -> Iterator[tuple[int, int]]:
        known = language(text)
        code = known or "en"
        for words in _runs(text, code):
            while len(words) > 1 and _OPENS.search(text[: words[0].start()]) and self._is_prose(words[0][0]):
                words = words[1:]  # "Ask Bob"
            start, end = words[0].start(), words[-1].end()
            name, before = text[start:end], text[:start]
            beside = _beside(before, text[end:])
            listed = any(_lower(part) in _words("first") for word in words for part in word[0].split("-"))
            sure = beside or (listed and not _OPENS.search(before))  # "will" of the manual is no "Will"
            known_words = all(self.manual.has(one[0]) if sure else _lower(one[0]) in self.manual.lower for one in words)
            if known_words and not (listed and len(words) > 1):
                continue  # words of the manual; "Ms Cook" is none because of its cooks, nor "Ann Cook"
            if not beside and not listed:
                if _is_noun(name, _last(before), code) or _last(before) in _words("place"):
                    continue
                # "Ludmila asks": no word that opens a sentence
                unknown = known == "en" and _lower(name) not in vocabulary()
                if len(words) == 1 and (code == "de" or _OPENS.search(before)) and not unknown:
                    if name not in (*self.keep, *self.hide):
                        self.doubtful[name] = None
                    continue
            yield start, end


def _runs(text: str, code: str) -> Iterator[list[re.Match[str]]]:
    """Words that may be names, those that follow each other together."""
    run: list[re.Match[str]] = []
    for token in _TOKEN.finditer(text):
        if not _may_be_name(token[0], code):
            continue
        if run and not _INSIDE.fullmatch(text[run[-1].end() : token.start()]):
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def _may_be_name(word: str, code: str) -> bool:
    """Whether it has a capital letter and is no function word, no title, no day, no country."""
    lower = _lower(word)
    if not re.sub(r"^(?:Mc|Mac|De|Le|La)(?=[A-Z])", "", word).istitle() or len(word) < 2:
        return False
    if lower in stopwords(code) or lower in _words("title") | _words("after") | _words("never"):
        return False
    return lower in _words("first") or lower not in _empty() | _words("before")


def _is_noun(name: str, before: str, code: str) -> bool:
    """German nouns have capital letters too."""
    endings = tuple(_words("noun_ending"))
    return code == "de" and (before in _words("determiner") or any(w.endswith(endings) for w in name.split()))


def _beside(before: str, after: str) -> bool:
    """Whether a word stands on either side that stands beside names."""
    left = _lower(before[-NEAR:]).rstrip(" ,.:\n")
    phrases = _words("title") | _words("before")
    right = re.match(r"\s*([\w'’]+)", after)
    return any(left.endswith(one) and not left[: -len(one)][-1:].isalnum() for one in phrases) or (
        right is not None and _lower(right[1]) in _words("after")
    )


def _last(before: str) -> str:
    match = re.search(r"([\w'’]+) $", before[-NEAR:])
    return _lower(match[1]) if match else ""


def _pairs(text: str) -> set[tuple[str, str]]:
    """Capital words and numbers that follow each other, small words between them left out."""
    telling = [match for match in _WORD.finditer(text) if not match[0][0].islower()]
    return {(one[0], next_[0]) for one, next_ in pairwise(telling) if next_.start() - one.end() <= NEAR}


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _address().finditer(text))


@cache
def _address() -> re.Pattern[str]:
    """A street with the number of a house, and the place that follows."""

    def some(name: str) -> str:
        return "|".join(re.escape(word) for word in sorted(_words(name), key=lambda word: (-len(word), word)))

    capitals = rf"{_CAPITAL}(?: {_CAPITAL}){{0,3}}"
    ahead = rf"(?i:{some('street_before')})\s?(?:(?:de|des|du|la|las|los|le|del|l['’]) ?){{0,2}}{capitals}"
    ending = (
        rf"(?:(?i:am|im|an der|auf der|zum|zur) )?(?:{_CAPITAL} ){{0,2}}[A-ZÄÖÜ]?\w{{0,30}}(?i:{some('street_ending')})"
    )
    after = rf"(?:{_CAPITAL}\.? ){{1,3}}(?i:{some('street')})(?!\w)"
    place = r"(?:,? (?:[A-ZÀ-ÞĞİŞ][\w'’-]{1,30}|[A-Z0-9]{2,4}\b|\d{4,6}\b)){0,4}"
    return re.compile(
        rf"(?<!\w)(?:{_NUMBER},? (?:{ahead}|{after})"
        rf"|(?:{after} ?){{1,2}},?(?: No\.?:?)? ?{_NUMBER}|{ending} {_NUMBER}|{ahead},?(?: n\.?º)? ?{_NUMBER}){place}"
    )


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(word_lists("bot.privacy.people_words").get(name, ()))


@cache
def _empty() -> frozenset[str]:
    return frozenset().union(*(stopwords(code) for code in LANGUAGES))


def _lower(word: str) -> str:
    return word.replace("İ", "i").lower()
