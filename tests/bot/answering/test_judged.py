"""What the judge of answers changes: which sentence is quoted first, and which message it is asked about."""

from collections.abc import Sequence

from bot.answering.scoring import JUDGE, Reading
from knowledge.types import Excerpt, Nearness, Passage

BIKES = Passage(
    "c1",
    "bikes.md",
    "Bicycles",
    ("Company bicycles",),
    "Company bicycles are lent to everybody by the caretaker. A bicycle may be kept for three days. Helmets hang "
    "in the yard beside the bicycles.",
    1.0,
    similarity=0.6,
)


def alike(question: str, excerpts: Sequence[Excerpt], odds: dict[str, float]) -> list[Nearness]:
    """All as near; what is read anew is judged by a word that stands in it."""
    return [
        Nearness(0.5, 0.5, 0.5, answers=next((odds[w] for w in odds if w in one.text), -5.0))
        if not one.chunk_id
        else Nearness(0.5, 0.5, 0.5)
        for one in excerpts
    ]


def test_of_sentences_as_near_that_comes_first_which_answers() -> None:
    reading = Reading("where do I find a company bicycle helmet", [BIKES])
    for word in ("caretaker", "three days", "Helmets"):
        first, *others = reading.candidates(lambda q, texts, word=word: alike(q, texts, {word: 20.0}))  # type: ignore[misc]
        assert word in reading.text(first.source, first.index)
        assert first.near is not None and first.near.answers == 20.0
        assert all(one.score <= first.score - 20 * JUDGE for one in others)


def test_what_was_not_read_never_stands_above_what_was() -> None:
    many = Passage("c2", "m.md", "Manual", ("Rules",), " ".join(f"Rule {n} is on bicycles." for n in range(30)), 0.5)
    reading = Reading("company bicycles", [BIKES, many])
    candidates = reading.candidates(lambda q, texts: alike(q, texts, {}))
    judged = [one.near is not None and one.near.answers is not None for one in candidates]
    assert judged == sorted(judged, reverse=True) and not all(judged)
    scores = [one.score for one in candidates]
    assert scores == sorted(scores, reverse=True)
