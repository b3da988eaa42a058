"""docs/privacy: the tests, links, verbs and days that the papers name are there."""

import re
from pathlib import Path

import pytest

from bot.settings import Retention

ROOT = Path(__file__).parent.parent
PAPERS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "privacy").glob("*.md"))}
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^ *(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
}
DAYS = {"question": Retention().question, "feedback": Retention().feedback}


@pytest.mark.parametrize("paper", PAPERS)
def test_every_test_and_link_that_a_paper_names_is_there(paper: str) -> None:
    assert not set(re.findall(r"\btest_\w+\b(?!\.py)", PAPERS[paper])) - TESTS
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", PAPERS[paper]):
        assert (ROOT / "docs" / "privacy" / target).exists(), target


def test_every_line_of_the_threat_model_names_a_test() -> None:
    rows = [line for line in PAPERS["threat-model.md"].splitlines() if line.startswith("| ") and "---" not in line]
    assert len(rows) > 15
    assert not [row for row in rows[1:] if "`test_" not in row]


@pytest.mark.parametrize("paper", ["notice.en.md", "notice.de.md", "notice.tr.md", "record-of-processing.md"])
def test_the_days_that_people_are_told_are_those_of_the_settings(paper: str) -> None:
    told = [int(days) for days in re.findall(r"(?<!Art\. )\b(\d\d)\b(?= days| Tagen| gün|;|,|\.)", PAPERS[paper])]
    assert told[:2] == list(DAYS.values())


def test_every_paper_is_listed_and_has_room_for_what_only_its_owner_knows() -> None:
    listed = set(re.findall(r"\]\(([\w.-]+\.md)\)", PAPERS["README.md"]))
    assert listed == PAPERS.keys() - {"README.md"}
    for paper in PAPERS.keys() - {"README.md", "retention.md", "threat-model.md", "what-leaves.md"}:
        assert "**[" in PAPERS[paper], paper
