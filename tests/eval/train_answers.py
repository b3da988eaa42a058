"""Real searches of gold rows -> the coefficients of `scoring` and `confidence`, with leave-one-set-out figures.

usage: python -m tests.eval.train_answers NAME=DATA_FOLDER=GOLD.jsonl ...   (folders made by `policybot ingest`)
A NAME may come again with another folder or file: a folder without some documents and the questions about them, marked
"answerable": false, is where near questions that can't be answered come from. Every wording of a row (question,
question_keywords) is searched. A sentence is right when it holds half of the evidence's trigrams, or half of its own
stand in the evidence. A question counts as answerable when the evidence is within 1,500 words of what was found. Each
answerable one comes again without the sections that hold its evidence: a question of the same length and wording that
can't be answered, so that neither tells anything.
The nearness of sentences is that of the bundled model, with the weights of `scoring` as they are shipped.
Prints; changes nothing.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.answering import confidence, quoting, scoring
from bot.answering.search import PASSAGES
from bot.evaluation.metrics import grams, share, trim, words
from bot.settings import load
from bot.understanding.small_talk import wording
from bot.wiring import knowledge, nearness_of
from knowledge.search.retrieve import Retriever
from knowledge.types import Excerpt, Found, Nearness, Passage, Query

LEFT_OUT = 0.3  # weight of a question whose evidence was taken away: another section may answer it all the same


class Row(NamedTuple):
    row: dict
    key: str  # the wording
    passages: Sequence[Passage]
    signals: tuple[float, ...]  # before sentences are looked at
    sentence_signals: tuple[float, ...]  # and after
    answer_signals: tuple[float, ...]  # and once sentences were chosen
    quoted: float  # share of the evidence in what was quoted
    left_out: bool = False  # the sections that hold the evidence


def found(data: str, gold: str) -> list[Row]:
    rows = [json.loads(line) for line in Path(gold).read_text().splitlines() if line.strip()]
    asked = [(row, key) for row in rows for key in ("question", "question_keywords") if row.get(key)]
    with knowledge(load({"POLICYBOT_DATA": data}, dotenv=None)) as parts:
        alike = nearness_of(parts.retriever)
        assert alike is not None
        return [one for row, key in asked for one in looked(row, key, parts.retriever, alike)]


def looked(row: dict, key: str, retriever: Retriever, alike: scoring.NearnessOf) -> list[Row]:
    question = wording(row[key])
    at_hand = retriever.search(Query(((question, 1.0),), limit=PASSAGES))
    rows = [judged(row, key, at_hand, alike)]
    if row.get("answerable", True):
        held = {(p.document, p.section) for p in at_hand.passages if share(row["evidence"], [p.text]) >= 0.3}
        rest = tuple(p for p in at_hand.passages if (p.document, p.section) not in held)
        if rest:
            rows.append(judged(row, key, replace(at_hand, passages=rest), alike)._replace(left_out=True))
    return rows


def judged(row: dict, key: str, at_hand: Found, alike: scoring.NearnessOf) -> Row:
    question, near = wording(row[key]), []

    def kept(asked: str, excerpts: Sequence[Excerpt]) -> Sequence[Nearness]:
        near[:] = alike(asked, excerpts)
        return near

    reading = scoring.Reading(question, at_hand.passages)
    candidates = reading.candidates(kept)
    before = confidence.signals(question, at_hand.passages)
    after = confidence.sentence_signals(question, at_hand.passages, at_hand.rarest, near)
    first, lead = candidates[0], scoring.lead(reading, candidates)
    by_row = reading.units[first.source - 1][first.index].kind == "row"
    chosen = confidence.answer_signals(question, reading.general, near, first, lead, by_row=by_row)
    said = " ".join(one.text for one in quoting.chosen(reading, candidates))
    return Row(row, key, at_hand.passages, before, after, chosen, share(row.get("evidence") or "", [said]))


def sentences(rows: list[Row]) -> list[tuple[np.ndarray, np.ndarray]]:
    """(features, label weights) of each answerable question that has a right sentence."""
    made = []
    for one in rows:
        row, key, passages, *_ = one
        if not row.get("answerable", True) or one.left_out:
            continue
        reading = scoring.Reading(row[key], passages)
        vectors, labels = [], []
        for source, index, vector in scoring.features(reading):
            text = reading.text(source, index)
            own = share(text, [row["evidence"]]) if len(grams(words(text), 3)) >= 4 else 0.0
            right = max(share(row["evidence"], [text]), own)
            vectors.append(vector)
            labels.append(right if right >= 0.5 else 0.0)
        if vectors and max(labels) > 0:
            made.append((np.array(vectors), np.array(labels) / sum(labels)))
    return made


def fit_sentences(sets: list[list[tuple[np.ndarray, np.ndarray]]], steps: int = 400) -> np.ndarray:
    """Listwise softmax by Adam; every set weighs the same."""
    spread = np.concatenate([x for one in sets for x, _ in one]).std(0) + 1e-6
    weights, mean, square = (np.zeros(len(spread)) for _ in range(3))
    for step in range(1, steps + 1):
        slope = 0.006 * weights
        for one in sets:
            for x, y in one:
                scores = x / spread @ weights
                chance = np.exp(scores - scores.max())
                slope += (x / spread).T @ (chance / chance.sum() - y) / len(one) / len(sets)
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights -= 0.06 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights / spread


def quoted(rows: list[Row]) -> float:
    """Share of answerable questions with 80% of the evidence quoted."""
    hits = [
        share(one.row["evidence"], [" ".join(c.text for c in quoting.quote(one.row[one.key], one.passages))]) >= 0.8
        for one in rows
        if one.row.get("answerable", True) and not one.left_out
    ]
    return float(np.mean(hits))


def questions(rows: list[Row], look: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(signals, answerable, weight); keyword wordings weigh a fifth: they are easy and would drown own words.

    For `answer_signals` what counts is whether the evidence was quoted: half-quoted ones are left out.
    """
    kept = []
    for one in rows:
        weight = 0.2 if one.key == "question_keywords" else LEFT_OUT if one.left_out else 1.0
        answerable = one.row.get("answerable", True) and not one.left_out
        right = answerable and (look != "answer_signals" or one.quoted >= 0.8)
        found_ = answerable and share(one.row["evidence"], trim(one.passages, 1500)) >= 0.8
        if not answerable or (found_ if look != "answer_signals" else not 0.5 <= one.quoted < 0.8):
            kept.append((getattr(one, look), right, weight))
    signals, labels, weights = (np.array(column, float) for column in zip(*kept, strict=True))
    for label in (0, 1):
        weights[labels == label] /= max(1e-9, weights[labels == label].sum())
    return signals, labels, weights


def fit_questions(sets: list[tuple[np.ndarray, np.ndarray, np.ndarray]], ridge: float = 0.01) -> np.ndarray:
    """Weights and bias of a ridge logistic regression, by Newton steps."""
    x, y, w = (np.concatenate([one[part] for one in sets]) for part in range(3))
    mean, spread = x.mean(0), x.std(0) + 1e-6
    z, found_ = np.c_[(x - mean) / spread, np.ones(len(x))], np.zeros(x.shape[1] + 1)
    for _ in range(40):
        chance = 1 / (1 + np.exp(-z @ found_))
        slope = z.T @ (w * (chance - y)) + ridge * w.sum() * np.r_[found_[:-1], 0]
        curve = (z * (w * chance * (1 - chance))[:, None]).T @ z + ridge * w.sum() * np.eye(len(found_))
        found_ = found_ - np.linalg.solve(curve, slope)
    return np.r_[found_[:-1] / spread, found_[-1] - (found_[:-1] / spread) @ mean]


def curve(one: tuple[np.ndarray, np.ndarray, np.ndarray], model: np.ndarray) -> str:
    x, y, _ = one
    chance = 1 / (1 + np.exp(-(x @ model[:-1] + model[-1])))
    wrong = chance[y == 0] if (y == 0).any() else np.zeros(1)
    return "  ".join(
        f"{at}: refused {(chance[y == 1] < at).mean():.3f} answered {(wrong >= at).mean():.2f}"
        for at in (0.1, 0.15, 0.2, 0.22, 0.25, 0.3, 0.4, 0.5)
    )


def main(arguments: list[str]) -> None:
    rows: dict[str, list[Row]] = {}
    for name, data, gold in (a.split("=") for a in arguments):
        rows.setdefault(name, []).extend(found(data, gold))
    for look, shipped in (
        ("signals", [*confidence.WEIGHTS, confidence.BIAS]),
        ("sentence_signals", [*confidence.SENTENCE_WEIGHTS, confidence.SENTENCE_BIAS]),
        ("answer_signals", [*confidence.ANSWER_WEIGHTS, confidence.ANSWER_BIAS]),
    ):
        asked = {n: questions(r, look) for n, r in rows.items()}
        model = fit_questions(list(asked.values()))
        for name in rows:
            print(f"{look}, shipped, {name}: {curve(asked[name], np.array(shipped))}")
            if len(rows) > 1:
                left_out = fit_questions([q for n, q in asked.items() if n != name])
                print(f"{look}, left out, {name}: {curve(asked[name], left_out)}")
            print(f"{look}, all, {name}: {curve(asked[name], model)}")
        print(look, "weights", np.round(model[:-1], 2).tolist(), "bias", round(float(model[-1]), 2))
    right = {n: sentences(r) for n, r in rows.items()}
    for name in rows:
        print(f"sentences, shipped, {name}: quoted {quoted(rows[name]):.3f}")
    for name in rows if len(rows) > 1 else ():
        scoring.WEIGHTS = tuple(fit_sentences([s for n, s in right.items() if n != name]))
        print(f"sentences, left out, {name}: quoted {quoted(rows[name]):.3f}")
    scoring.WEIGHTS = tuple(fit_sentences(list(right.values())))
    for name in rows:
        print(f"sentences, all, {name}: quoted {quoted(rows[name]):.3f}")
    print("scoring.WEIGHTS", np.round(scoring.WEIGHTS, 2).tolist())


if __name__ == "__main__":
    main(sys.argv[1:])
