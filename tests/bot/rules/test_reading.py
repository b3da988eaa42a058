"""policybot.toml: what it says, and what is wrong with it, line by line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.numbers import _ids
from bot.rules.reading import TABLES, RulesError, _begun, line_of, read
from bot.rules.tables import Channel, Rules
from tests.rows import each

EXAMPLE = Path(__file__).parents[3] / "docs/policybot.example.toml"


def wrong(text: str) -> list[tuple[int, str]]:
    with pytest.raises(RulesError) as caught:
        read(text)
    assert all(f":{line}: {what}" in caught.value.message for line, what in caught.value.problems)
    return [(line, what) for line, what in caught.value.problems]


def test_the_example_is_read_and_names_every_key() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    rules = read(text)
    assert rules.in_channel("C0LEGAL01").collections == ("legal",)
    assert rules.title("legal") == "Legal precedents"
    assert rules.endpoints.host["api.openai.com"].region == "EU"
    keys = {key.name for table in TABLES for key in table.__dataclass_fields__.values() if "meaning" in key.metadata}
    assert [key for key in sorted(keys - {"tls"}) if f"{key} =" not in text] == []


def test_every_country_whose_ids_are_told_may_be_named() -> None:
    known = {country for country, *_ in _ids()}
    assert read(f"[privacy]\nids = {sorted(known)}").privacy.ids == tuple(sorted(known))
    assert wrong('[privacy]\nids = ["XX"]')[0][1].endswith(", ".join(sorted(known)))


def test_nothing_said_is_what_holds_without_a_file() -> None:
    assert read("") == Rules()
    assert read("[channel.C012]") == Rules(channel={"C012": Channel()})


def test_each_problem_is_told_with_its_line() -> None:
    text = """\
[channel.C0LEGAL]
follow = "trhead"
privat = true
questions_per_minute = true

[channel.general]

[collection."a/b"]
[collection.legal]
only = [
  "S0LAW",
  "#legal",
]
owner = "Marta"
owner_channel = "S0LAW"
[admins]
reports = "U0ANA"
raw_text = ["C012"]
[frob]
"""
    assert [line for line, _ in wrong(text)] == [2, 3, 4, 6, 8, 12, 14, 15, 17, 18, 19]
    assert wrong(text)[1] == (3, "channel.C0LEGAL.privat: is no key: did you mean private?")
    assert [line for line, _ in wrong(text.replace("= true\n\n", "= 0\n\n"))][2] == 4


@each("text, line")
def test_a_problem_of_any_spelling_has_its_line(text: str, line: int) -> None:
    assert {at for at, _ in wrong(text)} == {line}


@given(st.lists(st.sampled_from(["", "# note", "x = '''\n]\n'''", "y = [1,\n 2]", "z.a = {b = 1}"]), unique=True))
def test_a_line_is_found_behind_whatever_precedes_it(before: list[str]) -> None:
    """The oracle writes the file, so it knows the line."""
    head = "\n".join(before)
    text = f'{head}\n[collection.legal]\nonly = [\n "S01",\n "S02",\n]\n'
    first = head.count("\n") + 2
    assert line_of(text, ("collection", "legal")) == first
    assert line_of(text, ("collection", "legal", "only", 1)) == first + 3
    assert line_of(text, ("collection", "legal", "nothing")) == first


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    try:
        read(text)
    except RulesError as error:
        assert all(1 <= problem.line <= text.count("\n") + 1 for problem in error.problems)


def test_a_slip_in_a_long_file_is_found_without_reading_it_line_for_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand channels took more than a minute: the file was parsed up to each of its lines."""
    tried: list[str] = []

    def counted(text: str) -> dict[str, object] | None:
        tried.append(text)
        return _begun(text)

    monkeypatch.setattr("bot.rules.reading._begun", counted)
    text = "".join(f"[channel.C0{n:03}]\nprivate = false\n" for n in range(300)) + "[dm]\n\ncolections = ['a']\n"
    assert wrong(text) == [(603, "dm.colections: is no key: did you mean collections?")]
    assert len(tried) < 60
