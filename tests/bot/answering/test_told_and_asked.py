"""Who tells of one thing and asks another is not left without what comes closest to the question."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import wiring
from bot.answering.assistant import final
from bot.types import Question
from bot.wiring import adapters
from tests.prepared import copy_of, settings_at


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("been lying flat since thursday, back. when do they want the paper from the doc", "fourth calendar day"),
        ("lying flat since thursday", ""),
    ],
)
async def test_a_trouble_heard_by_meaning_alone_does_not_hide_the_rule(
    text: str, rule: str, manual_ingested: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters, "likely", lambda *_: "addiction")
    settings = settings_at(copy_of(manual_ingested, tmp_path) / "demo")
    async with wiring.assistant(settings, cache=False) as parts:
        said = (await final(parts.assistant, Question(id="q", text=text))).text
    assert said.startswith("I found no sure answer to this part") == bool(rule)
    assert rule in said and "Counselling" in said
