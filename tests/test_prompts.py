"""Released prompts never change; filling is strict."""

import hashlib
from pathlib import Path

import pytest

from prompts import PromptError, load

ROOT = Path(__file__).parent.parent / "prompts"

# A new version gets a new line here; an old line never changes.
RELEASED = {
    "answer/v1.md": "0addccbac9cb3e0a",
    "answer/v2.md": "71c2c42c1457640c",
    "answer/v3.md": "fda42e289776bbc8",
    "answer/v4.md": "8e491a4b66f24eda",
    "answer/v5.md": "9c303da47034a83c",
    "rewrite/v1.md": "ad0eea68fc7b7724",
    "rewrite/v2.md": "dee18c1efa9d4256",
    "rewrite/v3.md": "0cdb68e2b90d8139",
    "rewrite/v4.md": "0f41f9354a59adb8",
    "rewrite/v5.md": "4bd936a1e61723c6",
    "verify/v1.md": "112496f20875b4bb",
    "verify/v2.md": "5306d1a47833016e",
    "whom/v1.md": "0d66ea183e718e7f",
}


def test_every_released_prompt_is_unchanged_and_listed() -> None:
    found = {
        p.relative_to(ROOT).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()[:16] for p in ROOT.rglob("v*.md")
    }
    assert found == RELEASED


def test_newest_version_is_the_default_and_its_hash_is_of_the_file() -> None:
    template = load("answer")
    assert template.sha256 == hashlib.sha256((ROOT / "answer" / f"{template.version}.md").read_bytes()).hexdigest()
    assert template.parts[0][0] == "system", "the stable part comes first"


def test_filling_takes_every_name_and_no_other() -> None:
    template = load("rewrite")
    assert template.fill(conversation="", question="leave?", languages="English")[1][1].endswith("Question: leave?")
    with pytest.raises(PromptError):
        template.fill(question="leave?")
    with pytest.raises(PromptError):
        template.fill(conversation="", question="leave?", more="x")


def test_a_value_that_looks_like_a_placeholder_stays_text() -> None:
    filled = load("rewrite").fill(conversation="", question="what is {{conversation}}?", languages="English")
    assert "what is {{conversation}}?" in filled[1][1]


def test_a_missing_prompt_is_named() -> None:
    with pytest.raises(PromptError, match="no prompt nothing"):
        load("nothing")
