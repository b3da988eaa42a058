"""What was found for a part of a question, and the policy that answers are made by. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.confidence import confidence
from bot.understanding.follow_up import wording
from knowledge.text.words import mend
from knowledge.types import Found, Passage


@dataclass(frozen=True, slots=True)
class AnswerPolicy:
    """How to answer; see bot/settings.py for the settings behind them."""

    threshold: float
    context_tokens: int = 2300
    docs_url: str | None = None
    rewrite_s: float = 1.5
    verify_s: float = 2.0  # longest wait for one verdict of the verifier
    passages: int = 40
    any_language: bool = False  # whether a question finds what is written in another language


@dataclass(frozen=True, slots=True)
class Search:
    """One part of the question with what was found for it."""

    text: str
    passages: tuple[Passage, ...]
    confidence: float
    rarest: float
    asked: str  # the question itself: without courtesy, its spelling mended
    in_manual_words: str = ""  # the same as the glossary puts it, where it knows a word of it
    unknown: frozenset[str] = frozenset()  # words of it that stand nowhere in the manual

    def written_in(self, *languages: str | None, at_most: float = 1.0) -> Search:
        """The same with the passages in these languages (ISO 639-1; None: not told) alone, and no surer than this."""
        kept = tuple(passage for passage in self.passages if passage.language in languages)
        return replace(self, passages=kept, confidence=min(at_most, confidence(self.asked, kept)))


def scored(text: str, found: Found) -> Search:
    """What was found, as the search for this text, with how likely it answers it."""
    asked = mend(wording(text), found.mended)
    chance = confidence(asked, found.passages)
    in_manual_words = next((said for said, _ in found.added), "")
    return Search(text, found.passages, chance, found.rarest, asked, in_manual_words, found.unknown)


def interleave(rankings: Sequence[Sequence[Passage]]) -> tuple[Passage, ...]:
    """One ranking from several: the best of each first, each passage once."""
    merged: dict[str, Passage] = {}
    for rank in range(max((len(r) for r in rankings), default=0)):
        for ranking in rankings:
            if rank < len(ranking):
                merged.setdefault(ranking[rank].chunk_id, ranking[rank])
    return tuple(merged.values())


def merged(question: str, founds: Sequence[Found], limit: int) -> Found:
    """What several collections hold, as one ranking: by how likely each can answer, and by rank within it.

    Scores of two rankings can't be compared, probabilities can: a passage counts as its collection's probability times
    its share of that collection's best score. Of a text that stands in several collections the first stays.
    """
    if len(founds) == 1:
        return founds[0]
    ranked: list[tuple[float, Passage]] = []
    for found in founds:
        chance = confidence(wording(question), found.passages)
        top = max((p.score for p in found.passages), default=0.0) or 1.0
        ranked += [(chance * p.score / top, p) for p in found.passages]
    best: dict[str, Passage] = {}
    for score, passage in sorted(ranked, key=lambda one: -one[0]):
        best.setdefault(passage.chunk_id, replace(passage, score=score))
    return Found(
        tuple(best.values())[:limit],
        sum(found.generation for found in founds),
        sum(found.vectors_pending for found in founds),
        min((found.rarest for found in founds), default=0.0),  # a word is as rare as where it is most common
        dict(min((found.mended.items() for found in founds), key=len, default=())),  # known in one of them: no mistake
        tuple(dict.fromkeys(one for found in founds for one in found.added)),
        " ".join(dict.fromkeys(found.trouble for found in founds if found.trouble)),
        frozenset.intersection(*(found.unknown for found in founds)) if founds else frozenset(),
    )
