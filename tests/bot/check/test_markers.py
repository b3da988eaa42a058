"""Markers in every form: the numbers they cite are read, and the sentence reads as if it had never had them."""

# ruff: noqa: E501 - cases read best on one line
import pytest

from bot.check.claims import quotations
from bot.check.markers import numbers, without


@pytest.mark.parametrize(
    ("written", "cited"),
    [("[2]", [2]), ("[1, 2]", [1, 2]), ("[1; 2]", [1, 2]), ("[1]-[3]", [1, 2, 3]), ("[1][3]", [1, 3]), ("[1], [2] and [3]", [1, 2, 3]),
     ("[2, p. 3]", [2]), ("[2, Section 4.1]", [2]), ("[2: Travel policy]", [2]), ("[Source 2: Travel policy, p. 3]", [2]),
     ("[2] (p. 3)", [2]), ("[2](https://evil.example)", [2]), ("[[2]](https://evil.example)", [2]), ("[^2]", [2]), ("【2†L5】", [2]),
     ("([2])", [2]), ("([1], [2])", [1, 2]), ("(see [2])", [2]), ("(Source: [2], p. 4)", [2]), ("(source 2)", [2]),
     ("**[2]**", [2]), ("<sup>[2]</sup>", [2])],
)  # fmt: skip
@pytest.mark.parametrize("space", [" ", "", "\u00a0"])
def test_a_marker_is_read_and_nothing_of_it_is_left(written: str, cited: list[int], space: str) -> None:
    sentence = f" Hotels are booked early{space}{written}."
    assert (without(sentence), numbers(sentence)) == (" Hotels are booked early.", cited)


@pytest.mark.parametrize(
    ("sentence", "reads"),
    [
        ("According to [2], leave is paid.", "According to the manual, leave is paid."),
        ("As described in [1] and [2], leave is paid.", "As described in the sources, leave is paid."),
        ("Per [2], leave is paid.", "Leave is paid."),
        ("In [2], leave is paid.", "Leave is paid."),
        ("[2] states that leave is paid.", "The manual states that leave is paid."),
        ("Source [2] also says that leave is paid.", "The manual also says that leave is paid."),
        ("While [1] says two days, three are usual.", "While the manual says two days, three are usual."),
        ("Leave is paid (see [2] for details).", "Leave is paid (see the manual for details)."),
        ("For details see section [2].", "For details see the manual."),
        ("The host names the rooms that guests will see [2].", "The host names the rooms that guests will see."),
        ("The policy in [2] limits the stay to 3 days.", "The policy in the manual limits the stay to 3 days."),
        ("Under [2], guests may stay.", "Under the manual, guests may stay."),
        ("As [2] puts it, guests may stay.", "As the manual puts it, guests may stay."),
        ("Managers must consult [2].", "Managers must consult the manual."),
        ("- [2] Leave is paid.", "- Leave is paid."),
        ("1. [2] Do this.", "1. Do this."),
        ("[2]: Leave is paid.", "Leave is paid."),
        ("Visitors are signed in [2].", "Visitors are signed in."),
        ("Visitors are signed in [2], and out [3].", "Visitors are signed in, and out."),
    ],
)
def test_a_sentence_without_its_markers_has_no_hole(sentence: str, reads: str) -> None:
    assert without(sentence) == reads


@pytest.mark.parametrize("sentence", ["Leave under Section 4 (2) is paid.", "See form (ref 12).", "It takes [3 days]."])
def test_what_is_no_marker_stays(sentence: str) -> None:
    assert (without(sentence), numbers(sentence)) == (sentence, [])


def test_a_quotation_begins_and_ends_at_words_not_between_two_others() -> None:
    assert quotations('It stands for the syllable "E" and the barrel a "tun".') == []
    assert quotations('The manual says "ask your manager first" and no more.') == ["ask your manager first"]
