"""The phrase files: readable, in the form they are read in, and each kind known."""

import re
import tomllib
from importlib import resources

from bot.understanding.phrases import languages, normalised, phrases, phrases_in
from bot.understanding.small_talk import KINDS
from tests.rows import each

FILES = [f for f in resources.files("bot.understanding.phrases").iterdir() if f.name.endswith(".toml")]
FORMS = {"language", "tongue", "detail", "shorter", "simpler", "list", "table", "quote", "source", "repeat", "more", ""}


@each("file", FILES)
def test_a_file_holds_known_tables_in_lower_case_without_apostrophes(file: resources.abc.Traversable) -> None:
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    known = {"chat", "form", "words", "languages", "courtesy", "addressed", "leaning", "correction", "self"}
    known |= {"judged", "emoji"}
    assert set(data) <= known
    assert set(data.get("chat", ())) <= {*KINDS, "noted", "filler", "scorn"}
    assert set(data.get("form", ())) <= FORMS
    assert all(len(code) == 2 for code in data.get("languages", ()))
    for table in ("chat", "form"):
        for listed in data.get(table, {}).values():
            for pattern in listed:
                re.compile(pattern.replace("{language}", "german"))
                assert "'" not in pattern and "’" not in pattern
                assert re.sub(r"\\.", "", pattern) == re.sub(r"\\.", "", pattern).lower()


def test_every_kind_has_phrases_and_none_of_them_is_empty() -> None:
    assert set(KINDS) - {"sad"} <= set(phrases("chat"))  # told by emoji alone
    assert set(phrases("form")) == FORMS
    assert phrases_in("chat", "") == {}
    assert languages()["türkçe"] == "tr"


def test_a_clause_is_read_without_marks_and_drawn_out_letters() -> None:
    assert normalised("What's up, you guyyys?!") == "what is up you guys"
    assert phrases_in("form", "shorter please") == {"shorter": "shorter", "": "please"}
    assert phrases_in("form", "shorter leave") is None
