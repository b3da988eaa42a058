"""Question and passages -> the calibrated probability that the passages can answer it; why one is not answered. Pure.

The rule kept: one number decides before any model call, and again after sentences were chosen without a model; its
threshold is a setting (POLICYBOT_REFUSE_BELOW). How long a question is, how it is written and how politely it is put
say nothing. It tells off-topic questions well, near-topic ones by a code that stands nowhere, a word that the
collection hardly knows, and how near the nearest sentence comes (docs/lab).
"""

import math
import re
from collections.abc import Sequence

from bot.answering.lexicon import phrases
from bot.answering.scoring import Candidate, Reading
from bot.understanding.codes import codes, lacking
from bot.understanding.parts import asks, opens_question
from bot.understanding.topics import of_somebody
from knowledge.text.words import stems, unaccented, words
from knowledge.types import Nearness, Passage

TOP = 5  # passages that count for words; guess

# The share of the question's words that the passages hold was tried as a signal and left out: people's own words share
# few, and near-topic questions many.
WEIGHTS = (9.25, -1.2)  # log-odds for each of `signals`; measured: python -m tests.eval.train_answers ...
BIAS = -3.6  # log-odds; measured: python -m tests.eval.train_answers ...
LEXICAL_WEIGHTS = (4.4, -1.4)  # log-odds for each of `signals` while no vector is there, by words alone; guess
LEXICAL_BIAS = -1.8  # log-odds; guess
# log-odds for each of `sentence_signals`; measured: python -m tests.eval.train_answers ...
SENTENCE_WEIGHTS = (10.0, 4.6, -0.4, -1.6)
SENTENCE_BIAS = -6.9  # log-odds; measured: python -m tests.eval.train_answers ...
# log-odds for each of `answer_signals`; measured: python -m tests.eval.train_answers ...
ANSWER_WEIGHTS = (1.4, 1.2, 0.2, 0.9, 0.41)
ANSWER_BIAS = -1.35  # log-odds; measured: python -m tests.eval.train_answers ...
# log-odds of the same where no judge read the sentence; measured: python -m tests.eval.train_answers ...
UNJUDGED_WEIGHTS = (4.0, 4.8, 0.3, 0.5, 0.0)
UNJUDGED_BIAS = -3.1  # log-odds; measured: python -m tests.eval.train_answers ...
# The judge alone refuses nothing that words and meaning hold for: it has read few questions as bare as "what is the
# mileage rate?"
LEAST = -1.5  # log-odds of the judge, at least; given: docs/lab/2026-11-30-judge.md
FIFTH = 4  # index of the passage that the first one is compared with; guess
FEW_AHEAD = 0.1  # score, where a manual is too small to have a fifth; measured: policybot eval GOLD
MOST_AHEAD = 0.5  # score; a first passage further ahead says no more; guess
WORDS_SHARE = 0.25  # of the question's worth of shared words, what a lead owes to them and not to meaning; guess
COMMON = 6.0  # idf of a word that stands in every 400th passage: rarer ones count against the question; guess
KEYWORDS = 2  # telling words of a search that is no question; guess
FOUND = 0.45  # nearness of a passage that holds them all; guess
WORD_LETTERS = 4  # letters of a word that two forms or compounds share, at least; guess
MOST_LETTERS = 6  # and of a longer one: "Betriebsrat" and "beträgt" share four; guess
MOST = 30.0  # log-odds beyond which a probability is 0 or 1; guess


def signals(question: str, passages: Sequence[Passage]) -> tuple[float, ...]:
    """What the probability is made from: nearness 0..1, codes that stand nowhere.

    A keyword or two that stand in a passage are near enough, whatever their cosine: "dogs".
    """
    if any(p.similarity is not None for p in passages):
        nearness = max(0.0, *(p.similarity or 0.0 for p in passages))
    else:
        nearness = max(p.lexical for p in passages[:TOP])
    telling = len(set(stems(question))) - sum(len(stems(code)) - 1 for code in codes(question))  # "TR-5" is one
    if telling <= KEYWORDS and any(p.lexical >= 0.99 for p in passages[:TOP]):
        nearness = max(nearness, FOUND)
    return nearness, float(len(missing(question, passages)))


def missing(question: str, passages: Sequence[Passage]) -> list[str]:
    """Codes of the question ("E-417", "5.1.2") that stand in no passage.

    A plain number is the asker's case more often than the manual's; words are told by how rare they are.
    """
    asked = codes(question)
    return lacking(asked, " ".join(" ".join((p.title, *p.section, p.text)) for p in passages)) if asked else []


def confidence(question: str, passages: Sequence[Passage]) -> float:
    """Probability 0..1 that `passages` (best first) hold the answer; 0 without passages."""
    if not passages:
        return 0.0
    words_only = all(p.similarity is None for p in passages)
    weights, bias = (LEXICAL_WEIGHTS, LEXICAL_BIAS) if words_only else (WEIGHTS, BIAS)
    return _probability(weights, bias, signals(question, passages))


def second(question: str, passages: Sequence[Passage], rarest: float, near: Sequence[Nearness]) -> float:
    """The probability again, once it is known how near the best sentences are to the question."""
    if not passages or not near:
        return 0.0
    return _probability(SENTENCE_WEIGHTS, SENTENCE_BIAS, sentence_signals(question, passages, rarest, near))


def sentence_signals(
    question: str, passages: Sequence[Passage], rarest: float, near: Sequence[Nearness]
) -> tuple[float, ...]:
    """Mean of the nearest passage and the nearest sentence; the sentence nearest word by word; rarest word; codes.

    A near question that can't be answered often asks for one thing that the whole collection never mentions, or that
    no sentence comes near to, though the rest of it is near.
    """
    codes = signals(question, passages)[1]
    return _mean(question, passages, near), max(one.mean for one in near), max(0.0, rarest - COMMON), codes


def sure(
    question: str, passages: Sequence[Passage], near: Sequence[Nearness], first: Candidate, lead: float, *, by_row: bool
) -> float:
    """The probability that what is quoted first, `lead` log-odds ahead of other places, is the answer.

    Lower than `second`, which only asks whether the passages can hold an answer.
    """
    if not passages or not near:
        return 0.0
    unjudged = first.answers is None
    weights, bias = (UNJUDGED_WEIGHTS, UNJUDGED_BIAS) if unjudged else (ANSWER_WEIGHTS, ANSWER_BIAS)
    return _probability(weights, bias, answer_signals(question, passages, near, first, lead, by_row=by_row))


def answer_signals(
    question: str, passages: Sequence[Passage], near: Sequence[Nearness], first: Candidate, lead: float, *, by_row: bool
) -> tuple[float, ...]:
    """Mean of the nearest passage and sentence; how far the first passage stands out by its meaning; the lead.

    Then whether the first is a row, and the judge's log-odds of it, 0 where none read it. Where nothing answers, many
    passages are about as near; where one does, it stands out.
    """
    ahead = FEW_AHEAD
    if len(passages) > FIFTH:
        ahead = passages[0].score - passages[FIFTH].score - WORDS_SHARE * passages[0].lexical
    judge = max(LEAST, first.answers or 0.0)
    return _mean(question, passages, near), min(MOST_AHEAD, ahead), lead, float(by_row), judge


def shares_a_word(reading: Reading, one: Candidate) -> bool:
    """Whether the candidate, or the headings above it, has a word that begins with or holds one of the question's.

    A row stands below its header, and what has no heading below the title.

    Where the model does not know a language, all of its sentences are about as near: "Urlaubstage", "Jahresurlaub".
    Without accents, as Snowball's stems are in some languages: "gehorschutz".
    """
    passage = reading.passages[one.source - 1]
    text = reading.in_words(one.source, one.index)
    spoken = words(unaccented(" ".join((*(passage.section or (passage.title,)), text))))
    asked = [unaccented(stem)[:MOST_LETTERS] for stem in reading.asked if len(stem) >= WORD_LETTERS]
    in_heading = not reading.passage_units[one.source - 1].heading.isdisjoint(reading.asked)
    return in_heading or any(part in word for part in asked for word in spoken)


def _mean(question: str, passages: Sequence[Passage], near: Sequence[Nearness]) -> float:
    best = max(one.whole for one in near)
    nearest = signals(question, passages)[0]
    return best if all(p.similarity is None for p in passages) else (nearest + best) / 2


def _probability(weights: Sequence[float], bias: float, values: Sequence[float]) -> float:
    odds = bias + sum(w * x for w, x in zip(weights, values, strict=True))
    return 1 / (1 + math.exp(-max(-MOST, min(MOST, odds))))


_TITLE_WORDS = 25  # words; a title page has no more; guess


def why(question: str, passages: Sequence[Passage]) -> str | None:
    """Why a question can't be answered, where something special can be said.

    personal: about the asker's own data; somebody: about a named person's; vague: one word or none to go by, in no
    whole question; codes: names a number or code that stands nowhere; statement: asks nothing.
    """
    if is_personal(question):
        return "personal"
    if of_somebody(question):
        return "somebody"
    if missing(question, passages):
        return "codes"
    if len(telling := set(stems(question))) < 2 and not (telling and opens_question(question)):
        return "vague"
    return "statement" if _only_tells(question) else None


def _only_tells(text: str) -> bool:
    """Whether it opens as what is told and has no word of asking or need: "You told me that yesterday"."""
    words = re.findall(r"[\w']+", text.casefold().replace("’", "'"))
    openings = phrases("statement")
    return not asks(text) and words[0] in openings["opens"] and not {*words} & {*openings["needs"]}


def is_personal(question: str) -> bool:
    """Whether it asks for the asker's own data: "what is my current salary?", not "when is my salary paid?"."""
    text = " " + " ".join(re.findall(r"[\w'’]+", question.casefold())) + " "
    signs = phrases("personal")
    rests = [text.split(f" {asks} ", 1)[1].strip() for asks in signs["asks"] if f" {asks} " in text]
    own = any(rest in signs["data"] or rest.partition(" ")[2] in signs["data"] for rest in rests)
    return own or any(f" {whole} " in text for whole in signs["whole"])


def worth_a_look(passage: Passage) -> bool:
    """Whether a person would find a rule there: no title page, no history of versions, nothing that is for models."""
    if passage.flagged:
        return False
    heading = re.sub(r"^[\W\d]+", "", passage.section[-1] if passage.section else "").casefold().strip()
    if heading in phrases("front_matter")["headings"]:
        return False
    title_page = passage.ordinal == 0 and not passage.section and not re.search(r"[.!?](?:\s|$)", passage.text)
    return not (title_page and len(passage.text.split()) <= _TITLE_WORDS)
