"""BM25 over prefix and text of chunks, in numpy: words in, a score for every chunk out; and the glossary.

Built for its readers: chunks are tokenised once and kept as numbers, so another set of live documents is a fast
rebuild; terms are open to look at, for the share of a question they cover, for quoted phrases and for typos.
(bm25s hides its tokens and rebuilds from texts; the scoring itself is ten lines.) Knows nothing of storage.

The glossary puts people's words as the manual's. Built in are some 1,000 words of workplaces (glossary.toml). What
comes out is searched beside the question, never instead of it. A company's own words stand in `glossary.yaml` in the
folder of its manual; it is read whenever the index is loaded: at the start, and when an ingest found a change.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import OSA

from knowledge.files import GLOSSARY
from knowledge.text.words import data_file, word_list, words

Floats = np.ndarray[Any, np.dtype[np.float32]]
Ints = np.ndarray[Any, np.dtype[np.int32]]

K1, B = 1.2, 0.75
PHRASE_BOOST = 1.5  # times the best plain score, added where a quoted phrase stands; guess
TYPO_WEIGHT = 0.7  # weight of a term that stands in for one the corpus does not have; guess
TYPO_LONG = 8  # letters from which two edits are forgiven instead of one; guess
TYPO_SHORT = 4  # letters below which none is; guess
TOKENS_KEPT = 32_768  # words whose tokens are kept; guess
BLOCK = 16_384  # chunks counted at once while an index is built; measured: python -m tests.bench.bench_search
PREFIX_REPEATS = 1  # times the heading prefix counts; measured: policybot eval GOLD --retrieval

# 5.1.1.1 · 800-63b · i-9 · multi-factor · o'neill · c++ stays c
_WORD = re.compile(r"[^\W_]+(?:[.\-'’_/&][^\W_]+)*")
_JOIN = re.compile(r"[.\-'’_/&]")
_QUOTED = re.compile(r'["“”„«]([^"“”„«»]{3,200})["“”»]')
_VOWEL = re.compile("[aeiouy]")
MOST_BYTES = 1_000_000  # bytes of a company's file that are read; guess
GAP = " ... "  # in a word: up to three others stand there, "come in ... sunday"
_BETWEEN = r" (?:[\w'’-]+ ){0,3}"
GLOSSARY_WEIGHT = 0.3  # weight of the question in the manual's words, beside its own texts; guess


def tokens(text: str) -> list[str]:
    """Lower-case words; joined ones (5.1.1.1, multi-factor) whole and, with letters in them, in parts too."""
    return [token for word in _words(text) for token in _tokens(word)]


def _words(text: str) -> list[str]:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return _WORD.findall(plain.lower())


@lru_cache(maxsize=TOKENS_KEPT)
def _tokens(word: str) -> tuple[str, ...]:
    parts = _JOIN.split(word)
    if len(parts) == 1:
        return (stem(word),)
    if parts[-1] == "s" and len(parts) == 2:  # possessive
        return (stem(parts[0]),)
    return (word,) if word.replace(".", "").isdigit() else (word, *map(stem, parts))


def stem(word: str) -> str:
    """Forms of one word meet (policies, policy; encrypting, encrypted, encrypts). Words with digits stay exact."""
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "xes", "ches", "shes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    base = word.removesuffix("ing") if word.endswith("ing") else word.removesuffix("ed")
    if len(base) >= 3 and not word.endswith("eed") and _VOWEL.search(base):
        word = base
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz" else word


def stop_words() -> frozenset[str]:
    """The words of questions that say nothing about their subject, in small letters."""
    return word_list("search_stopwords")


def phrases(text: str) -> list[str]:
    """What stands in quotation marks."""
    return [" ".join(quoted.split()) for quoted in _QUOTED.findall(text) if quoted.strip()]


@dataclass(frozen=True, slots=True)
class Matches:
    """Of one query text: BM25 and share of the query's term weight (0..1) for every chunk."""

    scores: Floats
    covered: Floats
    most: float  # no chunk's BM25 can pass it; what makes scores of different questions comparable
    rarest: float  # highest idf among its plain words; log(2 x chunks) for one that stands nowhere


class _Forms(dict[str, int]):
    """The number of a word as it stands in a text, each form stemmed once; -1 - n: it counts as `several[n]`."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers
        self.several: list[list[int]] = []

    def __missing__(self, word: str) -> int:
        numbers = self._numbers
        tokens = [numbers.setdefault(token, len(numbers)) for token in _tokens(word)]
        if len(tokens) > 1:
            self.several.append(tokens)
            tokens = [-len(self.several)]
        self[word] = tokens[0]
        return tokens[0]


class Vocabulary:
    """Words to numbers, shared by all builds in a process. Grows only; one thread encodes, any may look words up."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._forms = _Forms(self.numbers)

    def encode(self, prefix: str, text: str) -> Ints:
        """A chunk as numbers, in reading order."""
        words = _words(prefix) * PREFIX_REPEATS + _words(text)
        numbers = np.fromiter(map(self._forms.__getitem__, words), np.int32, len(words))
        if numbers.min(initial=0) >= 0:
            return numbers
        several = self._forms.several
        flat = [part for number in numbers.tolist() for part in (several[-1 - number] if number < 0 else (number,))]
        return np.array(flat, np.int32)


class Lexical:
    """An immutable index over chunks encoded with one vocabulary: `flat` holds one behind the other, by `lengths`."""

    def __init__(self, flat: Ints, lengths: Sequence[int], vocabulary: Vocabulary) -> None:
        self.size = len(lengths)
        self._words = vocabulary.numbers
        self._terms = len(self._words)
        self._lengths = np.array(lengths, np.int64)
        self._flat = flat
        self._starts = np.concatenate(([0], np.cumsum(self._lengths)))
        blocks = [self._counted(first) for first in range(0, self.size, BLOCK)]
        frequency = sum((np.bincount(term, minlength=self._terms) for term, _, _ in blocks), np.zeros(self._terms, int))
        self._ends = np.concatenate(([0], np.cumsum(frequency)))
        self._idf = np.log1p((self.size - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        self._rarest = float(np.log1p((self.size + 0.5) / 0.5))  # of a word that stands nowhere
        mean = max(float(self._lengths.mean()), 1.0) if self.size else 1.0
        norm = (K1 * (1 - B + B * self._lengths / mean)).astype(np.float32)
        self._docs = np.empty(self._ends[-1], np.int32)
        self._weights = np.empty(self._ends[-1], np.float32)
        free = self._ends[:-1].copy()  # where the next chunk of each term goes
        while blocks:
            term, doc, count = blocks.pop(0)
            here = np.bincount(term, minlength=self._terms)
            first = np.concatenate(([0], np.cumsum(here)[:-1]))
            at = free[term] + np.arange(len(term)) - first[term]
            free += here
            weight = count.astype(np.float32)
            self._docs[at] = doc
            self._weights[at] = self._idf[term] * weight * (K1 + 1) / (weight + norm[doc])
        self._spelling: tuple[list[str], np.ndarray[Any, np.dtype[np.int64]]] | None = None

    def _counted(self, first: int) -> tuple[Ints, Ints, Ints]:
        """(term, chunk, how often) of BLOCK chunks, by term and then chunk: all at once would take 2 GB for 200,000."""
        size = min(BLOCK, self.size - first)
        part = self._flat[self._starts[first] : self._starts[first + size]]
        owner = np.repeat(np.arange(size, dtype=np.int64), self._lengths[first : first + size])
        keys, counts = np.unique(part.astype(np.int64) * size + owner, return_counts=True)
        term, doc = np.divmod(keys, size)
        return term.astype(np.int32), (doc + first).astype(np.int32), counts.astype(np.int32)

    def match(self, query: str) -> Matches:
        """Score every chunk. Unknown words stand for the nearest known one; quoted phrases lift where they stand."""
        scores = np.zeros(self.size, np.float32)
        covered = np.zeros(self.size, np.float32)
        total = rarest = 0.0
        words = dict.fromkeys(tokens(query))
        telling = [word for word in words if word not in stop_words()] or list(words)
        for word in telling:
            number, share = self._known(word)
            idf = self._rarest if number is None else float(self._idf[number])
            total += idf
            if share != TYPO_WEIGHT and word.isalpha() and len(word) > 2:  # no typo, code, or half of "I've"
                rarest = max(rarest, idf)
            if number is None:
                continue
            rows = slice(self._ends[number], self._ends[number + 1])
            scores[self._docs[rows]] += share * self._weights[rows]
            covered[self._docs[rows]] += share * self._idf[number]
        for phrase in phrases(query):
            at = self._holding(phrase)
            if len(at):
                scores[at] += PHRASE_BOOST * float(scores.max(initial=1.0))
        return Matches(scores, covered / np.float32(total) if total else covered, total * (K1 + 1), rarest)

    def holds(self, word: str) -> bool:
        """Whether a form of the word stands in a chunk; of several, whether they follow each other in one."""
        if " " in word:
            return bool(len(self._holding(word)))
        number = self._words.get(stem(word))
        return number is not None and number < self._terms and bool(self._ends[number + 1] > self._ends[number])

    def unknown(self, text: str) -> frozenset[str]:
        """The words of a text, in small letters, of which no form stands in a chunk."""
        return frozenset(word for word in words(text) if not self.holds(word))

    def _known(self, word: str) -> tuple[int | None, float]:
        number = self._words.get(word)
        if number is not None and number < self._terms and self._ends[number + 1] > self._ends[number]:
            return number, 1.0
        near = self._nearest(word)
        return (None, 0.0) if near is None else (self._words[near], TYPO_WEIGHT)

    def _nearest(self, word: str) -> str | None:
        """The known word within the edits a word of this length may have; the closest, then the most frequent."""
        if len(word) < TYPO_SHORT or any(letter.isdigit() for letter in word):
            return None
        words, letters = self._spelled()
        most = 2 if len(word) >= TYPO_LONG else 1
        # an edit changes at most two letters of the set: one look at all words leaves a handful to compare
        alike = np.flatnonzero(np.bitwise_count(letters ^ _letters(word)) <= 2 * most)
        best: tuple[int, float, str] | None = None
        for known in (words[at] for at in alike):
            if abs(len(known) - len(word)) <= most and (edits := OSA.distance(word, known, score_cutoff=most)) <= most:
                candidate = (edits, float(self._idf[self._words[known]]), known)
                best = candidate if best is None else min(best, candidate)
        return None if best is None else best[2]

    def _spelled(self) -> tuple[list[str], np.ndarray[Any, np.dtype[np.int64]]]:
        """The words that occur and consist of letters, with the set of letters of each as bits."""
        if self._spelling is None:
            held = np.diff(self._ends) > 0
            words = [w for w, n in list(self._words.items()) if n < self._terms and held[n] and w.isalpha()]
            # two threads may do it at once: both get the same
            self._spelling = words, np.fromiter(map(_letters, words), np.int64, len(words))
        return self._spelling

    def _holding(self, phrase: str) -> Ints:
        """The chunks in which these words follow each other."""
        numbers = [self._words.get(word, -1) for word in tokens(phrase)]
        if not numbers or any(not 0 <= number < self._terms for number in numbers):
            return np.zeros(0, np.int32)
        at = np.flatnonzero(self._flat == numbers[0])
        for step, number in enumerate(numbers[1:], start=1):
            at = at[at + step < len(self._flat)]
            at = at[self._flat[at + step] == number]
        first = np.searchsorted(self._starts, at, side="right") - 1
        last = np.searchsorted(self._starts, at + len(numbers) - 1, side="right") - 1
        return np.unique(first[first == last]).astype(np.int32)


def _letters(word: str) -> int:
    bits = 0
    for letter in word:
        bits |= 1 << ord(letter) % 61
    return bits


def built_in() -> Mapping[str, str]:
    """The words people use, in small letters, with those of manuals."""
    return data_file("knowledge.search", "glossary.toml")


def of_company(folders: Sequence[Path]) -> Mapping[str, str]:
    """The built-in words and, over them, those of each folder's `glossary.yaml`: `PTO: annual leave`, or a list.

    What is no such file counts as none: questions are answered all the same.
    """
    words = dict(built_in())
    for folder in folders:
        words |= _read(folder / GLOSSARY)[0]
    return words


def problems(folders: Sequence[Path]) -> list[str]:
    """What can't be read of the folders' files, each with what to do."""
    return [problem for folder in folders for problem in _read(folder / GLOSSARY)[1]]


def _read(file: Path) -> tuple[dict[str, str], list[str]]:
    """The words of a file with the manual's, and what is wrong in it; none of both where there is no file."""
    if not file.is_file():
        return {}, []
    import yaml

    wanted = "Write one line a word, `PTO: annual leave`, or `PTO: [annual leave, vacation]`."
    try:
        with file.open("rb") as stream:
            given = yaml.safe_load(stream.read(MOST_BYTES))
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        return {}, [f"{file}{where} can't be read, so its words are not known. {wanted}"]
    if not isinstance(given, dict | None):
        return {}, [f"{file} holds no words with their meaning, so none is known. {wanted}"]
    words: dict[str, str] = {}
    wrong: list[str] = []
    for word, manual in (given or {}).items():
        several = manual if isinstance(manual, list) else [manual]
        put = " ".join(str(one) for one in several if isinstance(one, str | int | float)).strip()
        if str(word).strip() and put:
            words[" ".join(str(word).lower().split())] = put
        else:
            wrong.append(str(word).strip() or "a line without a word")
    return words, [f"{file}: {', '.join(wrong)} has no words of the manual. {wanted}"] if wrong else []


def translated(question: str, words: Mapping[str, str]) -> str | None:
    """The question with its words in the glossary put as manuals put them; None where it has none.

    "how many PTO days do I get" -> "how many paid time off annual leave vacation days do I get"
    With `GAP` the words between go with it: "I came in last sunday" -> "I overtime on Sundays".
    """

    def put(match: re.Match[str]) -> str:
        word = match[0].lower().replace("’", "'")
        gapped = (one for one in words if GAP in one and _pattern((one,)).fullmatch(word))
        return words.get(word) or words.get(word.removesuffix("s")) or words[next(gapped)]

    out = _pattern(tuple(words)).sub(put, question)
    return None if out == question else out


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, the longest first; with an s behind it where that makes no other word ("gp", "GPS").

    By their first letters, which tells ten times as fast that none stands at a place.
    """
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        written = re.escape(word[1:]).replace("'", "['’]").replace(re.escape(GAP), _BETWEEN)
        by_letter.setdefault(word[0], []).append(written + "s?" * (len(written) > 2))
    any_of = "|".join(f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
    return re.compile(rf"(?<![\w-])(?:{any_of})(?![\w-])", re.IGNORECASE)
