"""docs/privacy: the tests, links, verbs and days that the papers name are there."""

import re
import tomllib
from pathlib import Path

from bot.pseudonyms import FEWEST
from bot.settings import Retention
from tests.rows import each

ROOT = Path(__file__).parent.parent
PAPERS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "privacy").glob("*.md"))}
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^ *(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
}
KEPT = Retention()
LAW = (
    r"Art\.? \d[\d()]*(?: and \d+)?|m\. \d+(?:/\d+)?|\b5\(2\)|\b6698\b|\b2019/10\b|\b72\b"  # hours, given: GDPR Art. 33
)
NO_FIGURE = rf"\]\([^)]*\)|`[^`]*`|\*\*\[[^\]]*\]\*\*|^(?:## )?\d\. |{LAW}"  # links, code, room for its owner, items


@each("paper", PAPERS)
def test_every_test_and_link_that_a_paper_names_is_there(paper: str) -> None:
    assert not set(re.findall(r"\btest_\w+\b(?!\.py)", PAPERS[paper])) - TESTS
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", PAPERS[paper]):
        assert (ROOT / "docs" / "privacy" / target).exists(), target


def test_every_line_of_the_threat_model_names_a_test() -> None:
    rows = [line for line in PAPERS["threat-model.md"].splitlines() if line.startswith("| ") and "---" not in line]
    assert len(rows) > 15
    assert not [row for row in rows[1:] if "`test_" not in row]


@each("paper", ["notice.en.md", "notice.de.md", "notice.tr.md", "record-of-processing.md"])
def test_the_days_that_people_are_told_are_those_of_the_settings(paper: str) -> None:
    told = [int(days) for days in re.findall(r"\d+", re.sub(NO_FIGURE, "", PAPERS[paper], flags=re.M))]
    assert told[:3] == [KEPT.question, KEPT.feedback, KEPT.audit] and told[3:] in ([], [KEPT.event])


@each("paper", sorted(PAPERS.keys() - {"retention.md"}))  # which has a test of its own
def test_no_figure_stands_in_a_paper_that_nothing_holds_it_to(paper: str) -> None:
    numbers = tomllib.loads((ROOT / "bot/privacy/ids.toml").read_text(encoding="utf-8"))["number"]
    countries = {one["stdnum"].partition(".")[0] for one in numbers if "stdnum" in one}
    held = {KEPT.question, KEPT.feedback, KEPT.audit, KEPT.event, len(countries)}
    modes = {"0700", "0600", "49"}  # tests/knowledge/test_database.py; a country's calling code
    found = set(re.findall(r"(?<!\w)\d(?:[\d.,]*\d)?", re.sub(NO_FIGURE, "", PAPERS[paper], flags=re.M)))
    assert found <= {str(one) for one in held} | modes


def test_few_are_the_five_that_the_papers_say() -> None:
    assert FEWEST == 5 and "of fewer\nthan five people" in PAPERS["dpia.md"]


def test_every_paper_is_listed_and_has_room_for_what_only_its_owner_knows() -> None:
    listed = set(re.findall(r"\]\(([\w.-]+\.md)\)", PAPERS["README.md"]))
    assert listed == PAPERS.keys() - {"README.md"}
    for paper in PAPERS.keys() - {"README.md", "retention.md", "threat-model.md", "what-leaves.md"}:
        assert "**[" in PAPERS[paper], paper
