"""Example phrases -> the weights of what is read by meaning, in bot/understanding.

    python -m tests.eval.conversation.train chat SETS  # chat_weights.npy, from chat_examples.toml and real questions
    python -m tests.eval.conversation.train meant      # meant_weights.npy, from threads/, dialogues, dialogues_2
    python -m tests.eval.conversation.train topics SETS  # topic_weights.npy, from matters_by_kind/ and others

Needs scipy, which nothing else here does: `pip install scipy`.

Questions are every second one of this folder's sets and of the folder SETS (for topics three of four, less those that
tell of something by their words); the others are left for the figures. The fit is deterministic.
"""

import argparse
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.understanding import addressed, small_talk
from bot.understanding.small_talk import SMALL_TALK, wording
from bot.understanding.topics import KINDS, likely, told
from knowledge.index.embed import MiniLM
from knowledge.text.words import language
from tests.eval.conversation.__main__ import HERE, questions, rows, scene

STEPS = 200
L2, L2_MEANT, L2_TOPICS = 2e-4, 1.2e-3, 1e-5
NEGATIVES = 2.5  # weight of all questions together against all chat
LEFT = 3  # of every four questions the one that is left for the figures of topics
RARE = 0.3  # how much more the examples of a kind count that has few
TOLD, PLAIN = 2.0, 3.0  # how much more what tells counts than what doesn't, and what is plainly said


def embedded(texts: Sequence[str]) -> Any:
    """The vectors of texts."""
    return MiniLM().embed([wording(text) for text in texts])


def with_bias(known: Any) -> Any:
    """The rows with a last column of ones."""
    return np.hstack([known, np.ones((len(known), 1))]).astype(np.float32)


def fitted(x: Any, labels: Any, l2: float, weight: Any) -> Any:
    """The weights of a logistic regression of rows, each of a class, with its bias in the last column."""
    from scipy.optimize import minimize

    wanted = np.eye(labels.max() + 1, dtype=np.float32)[labels]
    weight = (weight / weight.sum()).astype(np.float32)[:, None]
    decay = np.full((x.shape[1], 1), l2, np.float32)
    decay[-1] = 0

    def loss(flat: Any) -> tuple[float, Any]:
        at = flat.reshape(x.shape[1], -1).astype(np.float32)
        scores = x @ at
        logs = scores - scores.max(1, keepdims=True)
        logs -= np.log(np.exp(logs).sum(1, keepdims=True))
        slope = x.T @ ((np.exp(logs) - wanted) * weight) + decay * at
        return float((decay * at * at).sum() / 2 - (weight * wanted * logs).sum()), slope.astype(np.float64).ravel()

    start = np.zeros(x.shape[1] * wanted.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return found.x.reshape(x.shape[1], -1).astype(np.float16)


def by_kind(file: Path) -> list[tuple[str, str]]:
    """(text, kind) of each line."""
    listed = tomllib.loads(file.read_text(encoding="utf-8"))
    return [(text, kind) for kind, texts in listed.items() for text in texts.strip().splitlines()]


def of_kinds(files: str) -> list[tuple[str, str]]:
    """(text, kind) of each line in those files of matters_by_kind."""
    return [pair for file in sorted((HERE / "matters_by_kind").glob(files)) for pair in by_kind(file)]


def topics(sets: Sequence[Path]) -> None:
    """Fit and write what people tell of themselves against what anybody may read."""
    from scipy import sparse

    pairs = of_kinds("*.toml")
    plain = {text for name in ("rows", "*_p") for text, _ in of_kinds(f"{name}.toml")}
    pairs += [(row["text"], row["label"]) for row in rows(HERE / "matters_6_dev.jsonl")]
    said = [text for text, _ in by_kind(HERE / "lookalikes_by_kind.toml")]
    said += [
        row["messages"][-1]["text"]
        for file in sorted(HERE.glob("dialogues*.jsonl"))
        for row in rows(file)
        if "messages" in row
    ]
    said += [row["text"] for row in rows(HERE / "phrases_2.jsonl")]
    asked = [row["question"] for row in questions([HERE.parent, *sets])]
    said += [text for at, text in enumerate(asked) if at % 4 != LEFT and not told(text)]
    pairs += [(text, "none") for text in said]
    kinds = [*KINDS, "none"]
    labels = np.array([kinds.index(kind) for _, kind in pairs])
    often = np.bincount(labels, minlength=len(kinds))
    tells = labels < len(KINDS)
    weight = np.where(tells, (100 / often[labels]) ** RARE, 1.0)
    weight[tells] *= TOLD / weight[tells].mean()
    weight[[text in plain for text, _ in pairs]] *= PLAIN
    model = MiniLM()
    known = [likely.read([text], language(text) or "en", model.embed)[0] for text, _ in pairs]
    vectors = np.stack([vector for vector, _ in known]) * likely.MEANING
    told_by_words = [(row, place, count) for row, (_, counts) in enumerate(known) for place, count in counts.items()]
    at_row, place, count = map(np.array, zip(*told_by_words, strict=True))
    shape = len(pairs), likely.STEMS + likely.LETTERS
    by_words = sparse.csr_matrix((count, (at_row, place - vectors.shape[1])), shape, dtype=np.float32)
    x = sparse.hstack([vectors, by_words, np.ones((len(pairs), 1))], "csr", np.float32)
    np.save(likely.WEIGHTS, fitted(x, labels, L2_TOPICS, weight))
    print(f"{(labels < len(KINDS)).sum()} told, {(labels == len(KINDS)).sum()} others -> {likely.WEIGHTS.name}")


def chat(sets: Sequence[Path]) -> None:
    """Fit and write the kinds of chat against questions."""
    listed = tomllib.loads((HERE / "chat_examples.toml").read_text(encoding="utf-8"))
    asked = [row["question"] for row in questions([HERE.parent, *sets])][::2]
    kinds = [*SMALL_TALK, "question"]
    pairs = [(text, kinds.index(kind)) for kind in kinds for text in listed[kind]]
    pairs += [(question, len(SMALL_TALK)) for question in asked]
    is_chat = np.array([label < len(SMALL_TALK) for _, label in pairs])
    weight = np.where(is_chat, 1.0, NEGATIVES * is_chat.sum() / (~is_chat).sum())
    known, labels = embedded([text for text, _ in pairs]), np.array([label for _, label in pairs])
    np.save(small_talk.WEIGHTS, fitted(with_bias(known), labels, L2, weight))
    print(f"{is_chat.sum()} pieces of chat, {(~is_chat).sum()} questions -> {small_talk.WEIGHTS.name}")


def threads() -> list[tuple[str, addressed.Scene, bool]]:
    """The last messages, in English, that no rule of their thread settles: text, scene, whether it is for the bot."""
    found = [row for file in sorted((HERE / "threads").glob("*.jsonl")) for row in rows(file)]
    made = [([*row["messages"], last], last["for_bot"]) for row in found for last in row["next"]]
    written = [row for name in ("dialogues", "dialogues_2") for row in rows(HERE / f"{name}.jsonl")]
    made += [(row["messages"], row["last_is_for_bot"]) for row in written]
    read = [(messages[-1]["text"], scene(messages), label) for messages, label in made]
    return [
        (text, stands, label)
        for text, stands, label in read
        if addressed.settled(text, stands, "thread") is None and {language(text), language(stands.said)} <= {None, "en"}
    ]


def meant() -> None:
    """Fit and write what is said to the bot in a thread that it has answered in against what is said to people."""
    known = threads()
    labels = np.array([int(label) for *_, label in known])
    messages, said = embedded([text for text, *_ in known]), MiniLM().embed([stands.said for _, stands, _ in known])
    vectors = zip(known, messages, said, strict=True)
    read = np.stack([addressed.told(text, stands, *both) for (text, stands, _), *both in vectors])
    weights = fitted(with_bias(read), labels, L2_MEANT, np.ones(len(known)))
    np.save(addressed.WEIGHTS, weights[:, 1] - weights[:, 0])
    print(f"{labels.sum()} for the bot, {(labels == 0).sum()} not -> {addressed.WEIGHTS.name}")


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description="Trains what is read by meaning.")
    parser.add_argument("what", choices=("chat", "meant", "topics"))
    parser.add_argument("sets", type=Path, nargs="*")
    options = parser.parse_args()
    if options.what == "meant":
        meant()
    else:
        {"chat": chat, "topics": topics}[options.what](options.sets)


if __name__ == "__main__":
    main()
