"""The judge of answers with its shipped weights, over what MiniLM sees."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from knowledge.errors import EmbeddingFailed
from knowledge.index import embed
from knowledge.index.embed import AnswerJudge, MiniLM
from knowledge.index.words import STATES, Halves
from tests.rows import each

TEXTS = (
    "Company bicycles: A bicycle may be borrowed for at most three days.",
    "Company bicycles: Helmets hang beside the bicycles in the yard.",
    "Company bicycles: Whoever damages a bicycle pays the first 80 pounds of the repair.",
    "Company bicycles: Keys are handed out by the caretaker until five o'clock.",
)


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


def states(model: MiniLM, *texts: str) -> list[Halves]:
    read = [one.states for one in model.read(texts)]
    return [one for one in read if one is not None]


@each(
    "question, answer",
    [
        ("how long can I keep it", 0),
        ("crashed one of the bikes, what will it cost me", 2),
        ("where's head protection kept", 1),
        ("who gives me the key", 3),
    ],
)
def test_of_sentences_on_one_thing_it_prefers_that_which_says_what_is_asked(
    model: MiniLM, question: str, answer: int
) -> None:
    (asked,) = states(model, question)
    odds = AnswerJudge()(asked, states(model, *TEXTS))
    assert int(np.argmax(odds)) == answer, odds


def test_what_no_sentence_says_is_less_likely_answered_than_what_one_says(model: MiniLM) -> None:
    said, left_open = states(model, "how long can I keep a bike", "what colour are the bikes")
    texts = states(model, *TEXTS)
    assert max(AnswerJudge()(said, texts)) > max(AnswerJudge()(left_open, texts)) + 1


def test_each_text_is_judged_as_if_it_were_alone_from_many_threads(model: MiniLM) -> None:
    one_judge = AnswerJudge()
    (asked,) = states(model, "who gives me the key")
    texts = states(model, *TEXTS, "Yes.", "Company bicycles: " + "The yard is swept on Mondays and Thursdays. " * 9)
    assert max(map(len, texts)) == STATES
    alone = [AnswerJudge()(asked, [text])[0] for text in texts]
    with ThreadPoolExecutor(8) as pool:
        for odds in pool.map(lambda _: one_judge(asked, texts), range(32)):
            assert np.allclose(odds, alone, atol=1e-3)
    assert one_judge(asked, []) == []


def test_weights_that_are_missing_say_so(model: MiniLM, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(embed, "JUDGE", f"{tmp_path}/judge.onnx")
    (asked,) = states(model, "who gives me the key")
    with pytest.raises(EmbeddingFailed, match="could not be judged"):
        AnswerJudge()(asked, [asked])
