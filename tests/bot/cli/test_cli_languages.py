"""A manual that is not in English, without a model: asked in its language it quotes, in another it says why not."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from tests.prepared import Once, copy_of, ingested

MANUALS = Path(__file__).parents[2] / "eval" / "languages"


@pytest.fixture(params=["de", "tr"])
def language(request: pytest.FixtureRequest, once: Once, tmp_path: Path, verbs_at: Callable[[Path], None]) -> str:
    """The language of the only manual there is."""
    data = once(f"in-{request.param}", lambda folder: ingested(folder, MANUALS / f"{request.param}.md"))
    verbs_at(copy_of(data, tmp_path))
    return request.param


@pytest.fixture
def told(language: str, capsys: pytest.CaptureFixture[str]) -> Callable[[str], dict]:
    def ask(question: str) -> dict:
        capsys.readouterr()
        assert main(["ask", question, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


def test_a_manual_is_quoted_in_its_own_language(language: str, told: Callable[[str], dict]) -> None:
    for row in map(json.loads, (MANUALS / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()[1:4]):
        answer = told(row["question"])
        assert answer["outcome"] == "answered" and row["evidence"] in answer["text"]
        assert "as_written" not in answer["notes"]


def test_what_the_manual_does_not_say_is_refused(language: str, told: Callable[[str], dict]) -> None:
    question = {"de": "Gibt es einen Zuschuss zur Kinderbetreuung?", "tr": "Kreş yardımı var mı?"}[language]
    answer = told(question)
    assert answer["outcome"] == "refused" and answer["closest"] and "language" not in answer["notes"]


def test_a_question_in_a_third_language_is_refused_for_its_language(language: str, told: Callable[[str], dict]) -> None:
    answer = told("Combien de jours de congés ai-je par an ?")
    assert answer["outcome"] == "refused" and answer["notes"] == ["language"]
