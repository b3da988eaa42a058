"""A seeded month, through the database, to the figures and the page; counted again by SQL."""

import json
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot import wiring
from bot.cli import main
from bot.settings import load
from bot.types import Answer, Outcome, Question, Record
from tests.traffic import month

TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the month, and one question that would break a page."""
    folder = tmp_path_factory.mktemp("month")
    with wiring.store(load({"POLICYBOT_DATA": str(folder)}, dotenv=None)) as store:
        month(store, TODAY)
        nasty = Question(
            "nasty0000001", '</style><script>alert("x")</script> & <b>', team="T1", channel="C", user="U001"
        )
        at = datetime.now(UTC)
        store.answers.save(Record(nasty.id, nasty, Answer(Outcome.REFUSED, ""), at, "1.000001", "1.000001"))
    return folder


@pytest.fixture(autouse=True)
def environment(data: Path, verbs_at: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    verbs_at(data)
    monkeypatch.setenv("POLICYBOT_DAILY_TOKENS", "150000")


def counted(data: Path, query: str) -> list[tuple]:
    with sqlite3.connect(data / "policybot.db") as database:
        return database.execute(query).fetchall()


def test_the_report_cites_what_is_agreed_with_each_endpoint(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (data / "policybot.toml").write_text(
        '[endpoints]\nallow = ["llm.example"]\n[endpoints.host."llm.example"]\ndpa = "DPA of 1 May 2026"\n'
    )
    monkeypatch.setenv("POLICYBOT_CONFIG", str(data / "policybot.toml"))
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://llm.example/v1")
    assert main(["report", "--output", str(data / "page.html")]) == 0
    told = "exts go to llm.example: agreement DPA of 1 May 2026, region not stated"
    assert told in (data / "page.html").read_text(encoding="utf-8")
    assert main(["report", "--json"]) == 0
    assert told in capsys.readouterr().out


def test_the_figures_are_those_of_the_database(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--json", "--since", "60d"]) == 0
    found = json.loads(capsys.readouterr().out)
    for outcome, count in counted(data, "SELECT outcome, count(*) FROM answers GROUP BY 1"):
        assert found["totals"][outcome] == count
    assert found["totals"]["questions"] == sum(day["questions"] for day in found["days"])
    tokens, usd = counted(data, "SELECT sum(tokens), sum(cost_usd) FROM spend")[0]
    assert found["totals"]["tokens"] == tokens and found["totals"]["cost_usd"] == pytest.approx(usd, abs=1e-5)
    for part in ("days", "features", "models", "channels"):
        assert sum(row["tokens"] for row in found["costs"][part]) == tokens, part
    up, down = counted(data, "SELECT sum(value = 'up'), sum(value = 'down') FROM votes")[0]
    assert (found["votes"]["up"], found["votes"]["down"]) == (up, down)
    for day, people in counted(data, "SELECT date(created_at), count(DISTINCT user_id) FROM answers GROUP BY 1"):
        row = next(row for row in found["days"] if row["day"] == day)
        assert row["few"] == (people < 5) == (row["answered"] is None)
    assert "CBOARD" not in json.dumps(found), "three people's channel"
    assert not re.search(r"U0\d\d", json.dumps(found)), "nobody is named"


def test_like_questions_of_the_month_are_one_gap(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--json"]) == 0
    gaps = json.loads(capsys.readouterr().out)["gaps"]
    dogs = [group for gap in gaps for group in gap["groups"] if any("dog" in e["question"] for e in group["examples"])]
    assert dogs[0]["questions"] > 5 and len(dogs[0]["examples"]) == 3
    assert all("dog" in example["question"] for example in dogs[0]["examples"])


class Page(HTMLParser):
    """What a browser would load or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.outside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href", "action", "data") or "url(" in (value or ""):
                self.outside.append(f"{tag} {name}={value}")


def test_the_page_needs_nothing_else_and_escapes_what_people_wrote(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    assert main(["report", "-o", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    page = Page(text)
    assert len(text) < 1_000_000
    assert "script" not in page.tags and "link" not in page.tags and page.outside == []
    assert page.tags.count("svg") == 3 and page.tags.count("style") >= 1
    assert "&lt;/style&gt;&lt;script&gt;" in text and "@import" not in text and "url(" not in text
    assert "prefers-color-scheme: dark" in text and "@media print" in text and 'name="viewport"' in text
    assert not re.search(r"U0\d\d", text)


def test_the_page_and_json_give_the_same_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--json", "--since", "7d"]) == 0
    found = json.loads(capsys.readouterr().out)
    file = tmp_path / "r.html"
    assert main(["report", "-o", str(file), "--since", "7d"]) == 0
    text = file.read_text(encoding="utf-8")
    for name in ("questions", "answered", "refused", "degraded", "failed", "tokens"):
        assert f"<dt>{name}</dt><dd>{found['totals'][name]:,}</dd>" in text
    busiest = max(day["tokens"] for day in found["costs"]["days"])
    assert f"The busiest day used {busiest / 150000:.0%} of the tokens" in " ".join(text.split())


def test_an_empty_time_makes_a_page_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "empty"))
    assert main(["report", "-o", str(tmp_path / "r.html")]) == 0
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<dt>questions</dt><dd>0</dd>" in text and "No question was refused" in text
