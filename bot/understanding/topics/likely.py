"""A message -> what it tells of, and which part of it tells. Pure.

Read of it: what it means (its vector; the bundled model reads English, so that other languages are put into English
first), its stems alone and in pairs, its letters. It is read as a whole and clause by clause, and what tells most
decides: "Work is fine. But I keep planning how I'd do it." Fitted to some 20,000 messages that tell of something, in
five languages, and others with the same words, so that a rule asked about is none.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.understanding.fitted import letters, placed, without_accents
from bot.understanding.in_english import in_english
from bot.understanding.small_talk import wording
from bot.understanding.topics import KINDS, LONGEST, Kind, Told, apart, asks_on, clauses, private, respelt
from knowledge.text.words import filled, language, stem, word_lists

# A row a dimension, one for the bias, and one for each place of stems and letters; a column a kind, then none.
# By `python -m tests.eval.conversation.train topics`.
WEIGHTS = Path(__file__).parent.parent / "topic_weights.npy"
# probability from which a message tells, and of DANGER; measured: python -m tests.eval.conversation.sensitive SETS
LIKELY, LIKELY_DANGER = 0.85, 0.8
DANGER: tuple[Kind, ...] = ("self_harm", "emergency", "home", "accident")
# of a clause alone, which lacks what stands beside it, and where the whole is below LEANING; measured: as LIKELY
ALONE, SURE_ALONE, LEANING = 0.95, 0.98, 0.55
# probability in the whole of what a clause alone tells; measured: python -m tests.eval.conversation.sensitive SETS
BORNE_OUT = 0.1
# probability from which self-harm is that, else strain; measured: python -m tests.eval.conversation.sensitive SETS
SELF_HARM = 0.6
STEMS, LETTERS = 8192, 8192  # places that stems and letters are counted in; given: topic_weights.npy
MEANING, PAIR = 2.0, 0.5  # what the vector counts beside the words, and a pair of stems beside one; guess
# probability from which what is told besides is kept from a channel, too; guess
BESIDE = 0.1
CLAUSES = 8  # that are read; guess
KEPT = 128  # texts whose words were counted, 20 kB each: a message is asked twice what it tells of; guess
# probability in the whole from which a model is waited for; measured: python -m tests.eval.conversation.sensitive SETS
MAY_TELL = 0.3

_WORD = re.compile(r"\w+")

Embed = Callable[[Sequence[str]], Any]  # n texts -> their n vectors by the bundled model


def likely(text: str, embed: Embed) -> Told | None:
    """What it tells of; None where that is nothing, or not sure enough. Raises KnowledgeError.

    >>> likely("they told me today that my post is cut", MiniLM().embed)
    Told(kind='dismissal', part='they told me today that my post is cut')
    """
    text = text[:LONGEST]
    found = clauses(text)
    parts = [text, *(found[:CLAUSES] if len(found) > 1 or found != [text] else ())]
    shares = [_shares(row) for row in read(parts, language(text) or "en", embed)]
    alone = ALONE if 1 - shares[0][-1] >= LEANING else SURE_ALONE
    told = [at for at, row in enumerate(shares) if 1 - row[-1] >= (alone if at else _least(row))]
    told = [at for at in told if at == 0 or shares[0][_likeliest(shares[at])] >= BORNE_OUT]
    if not told:
        return None
    surest = 0 if told[0] == 0 else min(told, key=lambda at: shares[at][-1])
    *kinds, nothing = shares[surest]
    kind = KINDS[_likeliest(shares[surest])]
    held = [
        (share, topic) for n in told for at, share in enumerate(shares[n][:-1]) if (topic := private(_named(at, share)))
    ]
    beside = next((topic for share, topic in sorted(held, reverse=True) if share >= BESIDE), None)
    if kind == "self_harm":
        if 1 - nothing < ALONE and asks_on(text):  # "and if I go to the max myself?"
            return None
        kind = _named(0, kinds[0])
    if kind not in DANGER and (topic := _topic(text)) and likely(topic, embed) is None:
        return None
    tells = [1 - row[-1] >= _least(row) for row in shares[1:]]
    tells += [False] * (len(found) - len(tells))
    return Told(kind, parts[surest], beside, apart(kind, text, tells), 1 - nothing)


def may_tell(text: str, embed: Embed) -> bool:
    """Whether it may tell of something, as a whole. Raises KnowledgeError."""
    [row] = read([text[:LONGEST]], language(text) or "en", embed)
    return 1 - _shares(row)[-1] >= MAY_TELL


def _topic(text: str) -> str | None:
    """What a message asks to be told about, where it does nothing else: "tell me everything about leave"."""
    spoken = " ".join(text.replace("’", "'").split())
    parts = {"TOPIC": " ".join(word_lists(__package__, "parts")["TOPIC"])}
    forms = (filled(one, parts) for one in word_lists(__package__, "aside")["requests"])
    found = next(filter(None, (re.fullmatch(rf"\W*{one}\W*", spoken, re.I) for one in forms)), None)
    return found["topic"] if found else None


def _likeliest(row: Sequence[float]) -> int:
    """Which of KINDS is likeliest."""
    return max(range(len(KINDS)), key=row.__getitem__)


def _least(row: Sequence[float]) -> float:
    """The probability from which what is likeliest counts as told."""
    return LIKELY_DANGER if KINDS[_likeliest(row)] in DANGER else LIKELY


def _named(at: int, share: float) -> Kind:
    """The kind at this place of KINDS; self-harm only where it is likely by itself."""
    return "strain" if KINDS[at] == "self_harm" and share < SELF_HARM else KINDS[at]


def _shares(row: tuple[Any, Mapping[int, float]]) -> list[float]:
    """The probability of each of KINDS and of none."""
    import numpy as np

    vector, places = row
    weights = _weights()
    scores = np.asarray(vector, np.float32) * MEANING @ weights[: len(vector)] + weights[-1]
    scores += np.fromiter(places.values(), np.float32) @ weights[list(places)]
    shares: list[float] = np.exp(scores - np.logaddexp.reduce(scores)).tolist()
    return shares


@cache
def _weights() -> Any:
    import numpy as np

    return np.load(WEIGHTS).astype(np.float32)


def read(texts: Sequence[str], spoken: str, embed: Embed) -> list[tuple[Any, Mapping[int, float]]]:
    """What is known of each text in this language (ISO 639-1): its vector, and what its words count at which row."""
    texts = [respelt(text) for text in texts]
    english = [in_english(text, spoken)[0] for text in texts]
    vectors = embed([wording(put or text) for text, put in zip(texts, english, strict=True)])
    rows = []
    for text, put, vector in zip(texts, english, vectors, strict=True):
        rows.append((vector, _places(text, spoken, put, len(vector))))
    return rows


@lru_cache(maxsize=KEPT)
def _places(text: str, spoken: str, english: str, dims: int) -> Mapping[int, float]:
    """What its words count at which row behind those of its vector."""
    words = _WORD.findall(without_accents(text))
    by_stems = placed(_told(words, spoken, english), STEMS, dims)
    return by_stems | placed([(one, 1.0) for one in letters(words)], LETTERS, dims + STEMS)


def _told(words: Sequence[str], spoken: str, english: str) -> list[tuple[str, float]]:
    """Stems and pairs of them, in the language spoken and in English; "^" and "$" are the ends."""
    put = _WORD.findall(without_accents(english))
    said = ["^", *(stem(word, spoken) for word in words), "|", *(stem(word) for word in put), "$"]
    return [(one, 1.0) for one in said] + [(f"{one} {other}", PAIR) for one, other in pairwise(said)]
