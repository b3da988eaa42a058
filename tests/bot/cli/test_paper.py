import io
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.cli.paper import Paper


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


@given(st.lists(st.text("ab |\n[1]", max_size=40), max_size=5), st.integers(5, 30))
def test_nothing_but_white_space_changes(texts: list[str], width: int) -> None:
    printed = re.sub(r"\x1b\[\d+m", "", shown(*texts, width=width))
    assert printed.split() == "".join(texts).split()
