"""Markers in every form: the numbers they cite are read, and the sentence reads as if it had never had them."""

from bot.check.markers import numbers, without
from knowledge.text.sentences import quotations
from tests.rows import each


@each(
    "written, cited",
    [
        ("[2]", [2]),
        ("[1, 2]", [1, 2]),
        ("[1; 2]", [1, 2]),
        ("[1]-[3]", [1, 2, 3]),
        ("[1][3]", [1, 3]),
        ("[1], [2] and [3]", [1, 2, 3]),
        ("[2, p. 3]", [2]),
        ("[2, Section 4.1]", [2]),
        ("[2: Travel policy]", [2]),
        ("[Source 2: Travel policy, p. 3]", [2]),
        ("[2] (p. 3)", [2]),
        ("[2](https://evil.example)", [2]),
        ("[[2]](https://evil.example)", [2]),
        ("[^2]", [2]),
        ("【2†L5】", [2]),
        ("([2])", [2]),
        ("([1], [2])", [1, 2]),
        ("(see [2])", [2]),
        ("(Source: [2], p. 4)", [2]),
        ("(source 2)", [2]),
        ("**[2]**", [2]),
        ("<sup>[2]</sup>", [2]),
    ],
)
@each("space", [" ", "", "\u00a0"])
def test_a_marker_is_read_and_nothing_of_it_is_left(written: str, cited: list[int], space: str) -> None:
    sentence = f" Hotels are booked early{space}{written}."
    assert (without(sentence), numbers(sentence)) == (" Hotels are booked early.", cited)


@each("sentence, reads")
def test_a_sentence_without_its_markers_has_no_hole(sentence: str, reads: str) -> None:
    assert without(sentence) == reads


@each("sentence", ["Leave under Section 4 (2) is paid.", "See form (ref 12).", "It takes [3 days]."])
def test_what_is_no_marker_stays(sentence: str) -> None:
    assert (without(sentence), numbers(sentence)) == (sentence, [])


def test_a_quotation_begins_and_ends_at_words_not_between_two_others() -> None:
    assert quotations('It stands for the syllable "E" and the barrel a "tun".') == []
    assert quotations('The manual says "ask your manager first" and no more.') == ["ask your manager first"]
