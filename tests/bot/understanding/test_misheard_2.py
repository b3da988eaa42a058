"""More that was taken for something else, and ordinary messages with the same words, which stay what they are."""

from __future__ import annotations

import pytest

from bot.answering.wanted import things, wants_reason
from bot.understanding.follow_up import complains
from bot.understanding.topics import instead, matter, topic, unfit
from tests.rows import each


@each("text")
def test_a_witness_claims_nothing_though_it_means_the_like(text: str) -> None:
    assert topic(text, lambda _: "legal") is None
    assert matter(text, likely=lambda _: "legal") is None


@each("text")
def test_who_claims_is_heard_whoever_the_witness_is(text: str) -> None:
    assert topic(text, lambda _: "legal") == matter(text, likely=lambda _: "legal") == "legal"


@each(
    "text",
    [
        "Mein Chef hat mir im Meeting gesagt, dass man mich nicht mehr braucht",
        "Man hat mir auf dem Parkplatz gesagt, ich soll nicht mehr wiederkommen",
        "À la réunion, mon chef m'a dit de ne plus revenir",
        "My VPN was cut off and my boss says they are letting me go",
    ],
)
def test_who_is_dismissed_in_a_meeting_is_heard(text: str) -> None:
    assert topic(text, lambda _: "dismissal") == "dismissal"


@each("text, wanted")
def test_what_is_confided_in_other_words(text: str, wanted: str | None) -> None:
    assert topic(text) == wanted


@each("text, wanted")
def test_what_happened_is_heard_in_other_words(text: str, wanted: str | None) -> None:
    assert matter(text) == wanted


def test_what_tells_of_it_is_looked_up_and_not_what_is_asked_beside() -> None:
    assert instead("bereaved", "en", "mum slipped away last night. how much time off do I get?") == [
        "days of leave for a death in the family: mum slipped away last night."
    ]


@each("text, reason")
def test_a_why_with_its_doubt_behind_it_wants_the_reason(text: str, reason: bool) -> None:
    assert wants_reason(text) == reason


@each("text, complaint")
def test_what_nobody_needs_a_bot_for_is_a_complaint(text: str, complaint: bool) -> None:
    assert complains(text) == complaint


@each(
    "question, named",
    [
        ("when does the cooling finally come on", ["cooling"]),
        ("is the gauge ran out last month", ["gauge"]),
        ("ok for the todays measurement", ["measurement"]),
        ("may I bring the family to the assembly", ["family", "assembly"]),
        ("who pays for the reply envelope", ["reply", "envelope"]),
    ],
)
def test_adverbs_and_verbs_are_no_things(question: str, named: list[str]) -> None:
    assert [word for _, word in things(question)] == named


@each("text")
def test_who_is_locked_out_has_no_debts_though_it_means_the_like(text: str) -> None:
    assert topic(text, lambda _: "debts") is None


@each("text")
def test_who_has_debts_is_heard_by_the_meaning_alone(text: str) -> None:
    assert topic(text, lambda _: "debts") == "debts"


@each(
    "language, text, asked",
    [
        ("en", "approve my leave 3-14 aug pls", ["how is leave requested?"]),
        ("en", "book my vacation please", ["how is leave requested?"]),
        ("de", "trag bitte meinen Urlaub ein", ["how is leave requested?", "Wie wird Urlaub beantragt?"]),
        ("en", "order me a new laptop please", []),
        ("en", "submit my expense report, I leave on friday", []),
    ],
)
def test_who_wants_leave_entered_is_told_how_it_is_requested(language: str, text: str, asked: list[str]) -> None:
    assert instead("delivery", language, text) == asked


@pytest.mark.parametrize(
    ("text", "kind"),
    [("patron hediye kartı almamı istiyor", "phishing"), ("şirket kartıyla hediye kartı alabilir miyim?", None)],
)
def test_whoever_asks_whether_gift_cards_may_be_bought_was_not_told_to(text: str, kind: str | None) -> None:
    assert matter(text) == kind


@each(
    "text, private",
    [
        ("Getting married in May and I'm three months along, nobody knows yet", "pregnancy"),
        ("We're getting married because I'm expecting", "pregnancy"),
        ("We marry in June, the test was positive", "pregnancy"),
        ("my wedding is in May and I'll be five months gone by then", "pregnancy"),
        ("I'm getting engaged and will be a mum in autumn", "pregnancy"),
        ("I'm getting married and expecting a parcel of invitations, can I have it sent to the office?", None),
        ("How many days off do I get when I get married?", None),
        ("we're getting married and expecting some guests from abroad, may they park here?", None),
    ],
)
def test_who_is_expecting_is_heard_by_its_meaning_though_there_is_a_wedding_too(text: str, private: str | None) -> None:
    assert topic(text, lambda _: "pregnancy") == private


@each("text, wanted")
def test_a_word_with_two_meanings_is_heard_by_what_stands_beside_it(text: str, wanted: str | None) -> None:
    told = matter(text)
    assert (told if told in ("emergency", "bereaved", "strain") else topic(text)) == wanted


DEATH, WEDDING, BIRTH = "death of a partner, child or parent | 5", "own wedding | 2 days", "birth of a child | 2"


@each(
    "text, fit",
    [
        ("My mother is in hospital and is dying. How many days do I get when she dies?", [DEATH]),
        ("Meine Mutter liegt im Krankenhaus. Wie viele Tage bekomme ich, wenn sie stirbt?", [DEATH]),
        ("My wife is in hospital for the birth of our son, how many days do I get off?", [WEDDING, BIRTH]),
        ("My partner is in hospital. How many days of leave do I get for the wedding?", [WEDDING, BIRTH]),
        ("My mother is in hospital, how many days do I get?", []),
        ("Ma mère est à l'hôpital, combien de jours ?", []),
    ],
)
def test_a_row_that_may_hurt_is_shown_to_who_asks_for_it_by_name(text: str, fit: list[str]) -> None:
    assert [row for row in (DEATH, WEDDING, BIRTH) if not unfit("relative", row, text)] == fit
