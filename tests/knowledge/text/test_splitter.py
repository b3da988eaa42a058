"""The splitter: any cut of the stream gives the sentences of the whole text, and what comes out is what went in."""
# ruff: noqa: E501 - cases read best on one line

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.check.markers import LOOK, MARKERS
from knowledge.text.sentences import LIMIT, Splitter
from tests.rows import each

TEXT = """Hello there! You can carry over 5.5 days (e.g. 3 or 4) per Sec. 5.1.1 of the U.S. rules. [1] See \
https://x.example/a?b=c. Next one [2][3]. "Really?" he said. Dr. Smith left at 5 p.m. The end... Or not… yes.

You can:
- Do this. Then that. [1]
- `a. B` item
  wrapped on

| A | B |
|---|---|
| 1. | Yes. No. |

```python
x = 1.
print("Hi. There")
```
1. First thing
2. Second. thing

これは文です。次の文！[1] はい。 क्या है। हाँ। هل تعلم؟ نعم. "Quote." (Bracket.) **Bold.** End [1, 2] tail"""
SENTENCES = [
    "Hello there!",
    "You can carry over 5.5 days (e.g. 3 or 4) per Sec. 5.1.1 of the U.S. rules. [1]",
    "See https://x.example/a?b=c.",
    "Next one [2][3].",
    '"Really?" he said.',
    "Dr. Smith left at 5 p.m.",
    "The end...",
    "Or not… yes.",
    "You can:",
    "- Do this. Then that. [1]",
    "- `a. B` item\n  wrapped on",
    "| A | B |",
    "|---|---|",
    "| 1. | Yes. No. |",
    '```python\nx = 1.\nprint("Hi. There")\n```',
    "1. First thing",
    "2. Second. thing",
    "これは文です。",
    "次の文！[1]",
    "はい。",
    "क्या है।",
    "हाँ।",
    "هل تعلم؟",
    "نعم.",
    '"Quote."',
    "(Bracket.)",
    "**Bold.**",
    "End [1, 2] tail",
]


def split(deltas):
    splitter = Splitter(MARKERS)
    return [s for delta in deltas for s in splitter.feed(delta)] + splitter.finish()


def cut(text, places):
    ends = sorted({min(p, len(text)) for p in places} | {0, len(text)})
    return [text[a:b] for a, b in pairwise(ends)]


def test_sentences_of_a_mixed_text():
    assert [s.strip() for s in split([TEXT])] == SENTENCES


def test_every_single_cut():
    whole = split([TEXT])
    assert all(split([TEXT[:i], TEXT[i:]]) == whole for i in range(len(TEXT)))
    assert split(TEXT) == whole


PIECES = st.sampled_from(
    [".", "!", "?", "…", "。", " ", "  ", "\n", "\n\n", "- ", "1. ", "1", "|", "`", "```", "\n```", "[", "]", "[1]", "[1, 2]",
     '"', ")", "*", "e.g", "No", "U.S", "Inc", "a", "The", "the", "word", "5", "#", "# ", "( ", "[12", "x" * 700, " y" * 400,
     ". ", "([1])", "**[1]**", "[1, p. 3]", "[1]-[3]", "<sup>[1]</sup>", "<s", "(p. 3)", "](http://x/y)", " and ", "states", "\u00a0"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join), st.lists(st.integers(0, 4000), max_size=12))
def test_any_cut_gives_the_sentences_of_the_whole(text, places):
    whole = split([text])
    assert split(cut(text, places)) == whole
    assert "".join(whole) == text
    assert all(len(s) <= LIMIT for s in whole)


@given(st.text(max_size=300), st.lists(st.integers(0, 300), max_size=8))
def test_any_characters(text, places):
    assert split(cut(text, places)) == split([text])
    assert "".join(split([text])) == text


def test_nothing_is_held_for_ever():
    splitter = Splitter(MARKERS)
    assert splitter.feed("word " * ((LIMIT + LOOK) // 5 + 1))
    assert splitter.feed("y" * (LIMIT + LOOK))


@each("text", ["Up to No. 5 applies.", "It is 3.14 or 1,000.50 long.", "Ask Acme Inc. about it.", "See p. 12 there."])
def test_one_sentence(text):
    assert split([text]) == [text]


@pytest.mark.parametrize("text", ["Is it allowed? No. Ask first.", "It is 5 p.m. You leave. Go."])
def test_three_sentences(text):
    assert len(split([text])) == 3


def test_a_marker_before_a_verb_begins_its_sentence():
    assert split(["Leave is paid. [2] says that sickness is. [3] Next."]) == [
        "Leave is paid.",
        " [2] says that sickness is. [3]",
        " Next.",
    ]


def test_a_day_with_its_full_stop_is_no_end() -> None:
    text = "Sie müssen sie bis zum 30. April nehmen. Danach verfallen sie."
    for step in (1, 7, 200):
        splitter = Splitter(MARKERS)
        pieces = [text[i : i + step] for i in range(0, len(text), step)]
        found = [s for piece in pieces for s in splitter.feed(piece)] + splitter.finish()
        assert [s.strip() for s in found] == text.replace("nehmen. ", "nehmen.|").split("|")
