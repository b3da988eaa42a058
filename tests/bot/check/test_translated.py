"""Answers in another language: each line rests on the manual's own words."""

import pytest

from bot.check.translated import Translated
from knowledge.types import Passage

LEAVE = "Employees get two weeks of paid leave each year. Managers get 25 days."
CANARY = "CANARY-77ab12cd"


def run(text):
    checker = Translated([Passage("c", "d.md", "Handbook", (), LEAVE, 1.0)], canary=CANARY)
    return [c.text for c in checker.feed(text) + checker.finish()], checker.dropped


def test_a_line_with_its_source_is_shown():
    shown, dropped = run("Yöneticiler 25 gün izin alır. ||| Managers get 25 days. ||| 1")
    assert shown == ["Yöneticiler 25 gün izin alır. (“Managers get 25 days.”)\n"] and dropped == 0


def test_markers_are_no_numbers_and_not_shown():
    shown, dropped = run("Yöneticiler 25 gün izin alır [3]. ||| Managers get 25 days [3]. ||| 1")
    assert shown == ["Yöneticiler 25 gün izin alır. (“Managers get 25 days.”)\n"] and dropped == 0


def test_an_invented_number_is_dropped():
    assert run("Yöneticiler 30 gün izin alır. ||| Managers get 25 days. ||| 1") == ([], 1)


@pytest.mark.parametrize(
    "leak",
    [CANARY, CANARY.lower(), " ".join(CANARY), CANARY[::-1], CANARY.encode().hex(), CANARY[:6] + "[1]" + CANARY[6:]],
)
def test_the_canary_never_comes_out(leak):
    assert run(f"Yöneticiler {leak} izin alır. ||| Managers get 25 days. ||| 1") == ([], 1)


def test_nor_in_two_lines():
    shown, _ = run(f"Bir {CANARY[:8]} ||| Managers get 25 days. ||| 1\n{CANARY[8:]} ||| Managers get 25 days. ||| 1")
    assert not any(CANARY[8:] in text for text in shown)
