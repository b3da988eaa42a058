import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.operating import print_table
from bot.cli.terminal import Paper


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(*texts: str, out: io.StringIO | None = None, width: int = 20) -> str:
    out = out or Terminal()
    paper = Paper(out, width)
    for text in texts:
        paper.write(text)
    return out.getvalue()


def test_sentences_are_wrapped_at_words_over_several_calls_and_markers_coloured() -> None:
    assert shown("Leave is 30 days.", " Ask early. [1]") == "Leave is 30 days.\nAsk early. \x1b[36m[1]\x1b[0m"


def test_a_pipe_gets_the_text_as_it_is() -> None:
    text = "Leave is thirty working days a year. [1][2]\n\n| a | b |\n"
    assert shown(text, out=io.StringIO(), width=0) == text


def test_a_table_and_a_long_word_are_not_cut() -> None:
    row = "| Length of service | Notice period [1] |\n"
    assert shown(row).replace("\x1b[36m", "").replace("\x1b[0m", "") == row
    assert "x" * 40 in shown("a", " " + "x" * 40)


def test_a_line_goes_on_indented() -> None:
    out = Terminal()
    Paper(out, 20).line("[1] Employee Handbook › Leave")
    assert out.getvalue().splitlines()[1:] == ["    Handbook › Leave"]


def test_lines_go_on_further_to_the_right_than_they_begin() -> None:
    out = Terminal()
    Paper(out, 20).lines("Answer\n\n  supported: Leave is thirty days")
    assert out.getvalue().splitlines() == ["Answer", "", "  supported: Leave", "    is thirty days"]


def test_documents_fit_a_terminal_and_are_a_table_for_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {
        "title": "Bicycle leasing", "version": "2025", "effective": "2025-01-01", "owner": "Benefits", "pages": 0,
        "chunks": 1, "file_date": "2026-11-28", "superseded_by": "pages/bicycle-leasing-of-2026.md",
        "path": "pages/bicycle-leasing-of-2025.md",
    }  # fmt: skip
    printed = []
    monkeypatch.setenv("COLUMNS", "80")
    for out in (Terminal(), io.StringIO()):
        monkeypatch.setattr("sys.stdout", out)
        print_table([row])
        printed.append(out.getvalue().splitlines())
    people, programs = printed
    assert people[0] == "Bicycle leasing (pages/bicycle-leasing-of-2025.md)" and max(map(len, people)) <= 80
    assert " ".join(" ".join(people).split()).endswith("superseded by pages/bicycle-leasing-of-2026.md")
    assert [len(line.split("\t")) for line in programs] == [10, 10]


@given(st.lists(st.text("ab |\n[1]", max_size=40), max_size=5), st.integers(5, 30))
def test_nothing_but_white_space_changes(texts: list[str], width: int) -> None:
    printed = re.sub(r"\x1b\[\d+m", "", shown(*texts, width=width))
    assert printed.split() == "".join(texts).split()
