"""A rule and what refines it, a document and what it holds: which of the two the sample manual is asked for."""

import re

from tests.prepared import Ask
from tests.rows import each

HOTEL, FAIR = "A hotel room may cost up to 130 euros", "For trade fairs with more than 50,000 visitors"
ABROAD, CARERS = "Working from another country of the European", "Employees who care for a close relative in another"


@each(
    "text, first, second",
    [
        ("hotel limit", HOTEL, FAIR),
        ("hotel limit per night?", HOTEL, FAIR),
        ("What's the hotel limit?", HOTEL, FAIR),
        ("what is the maximum for a hotel", HOTEL, FAIR),
        ("Otel limiti nedir?", HOTEL, FAIR),
        ("Can I work from my parents' place in Spain for a month?", ABROAD, CARERS),
        ("hotel limit at a trade fair", FAIR, ""),
        ("What is the hotel limit for customer installations?", FAIR, ""),
        ("I care for my mother in Italy, how many days may I work from there?", CARERS, ""),
        ("Me and my sister look after our dad in Portugal. How many days a year could I work from there?", CARERS, ""),
        ("How many days can I work from abroad?", ABROAD, ""),
    ],
)
def test_a_rule_comes_before_what_refines_it_for_a_case_that_is_not_asked_about(
    ask: Ask, text: str, first: str, second: str
) -> None:
    said = ask(text).text
    shown = sorted((said.find(one), one) for one in (HOTEL, FAIR, ABROAD, CARERS) if one in said)
    assert [one for _, one in shown][: 1 + bool(second)] == [one for one in (first, second) if one]


@each(
    "text, told",
    [
        ("Who is the owner of the relocation guide?", "“Relocation guide” is looked after by People team."),
        ("who owns the handbook", "“Halden Instruments Employee Handbook” is looked after by People team."),
        ("Who looks after the bicycle leasing policy?", "“Bicycle leasing” is looked after by Benefits."),
        ("Is the bike leasing policy still valid?", "“Bicycle leasing”: version 2026, in force since 2026-01-01"),
        ("Is the relocation guide up to date?", "“Relocation guide”: version 2, in force since 2025-09-01"),
    ],
)
def test_a_question_on_a_document_itself_is_answered_by_the_record_alone(ask: Ask, text: str, told: str) -> None:
    answer = ask(text)
    assert answer.text.startswith(told) and not answer.citations


@each(
    "text",
    [
        "Who do I ask about parental leave?",
        "Who is responsible for the policy on gifts?",
        "Who is responsible for data protection?",
        "Whom do I ask when the handbook is unclear?",
        "Is the leave policy still valid?",
        "Is the mileage rate still valid?",
        "Who is responsible for relocation?",
    ],
)
def test_a_question_on_a_matter_is_looked_up_and_no_lead_in_stands_alone(ask: Ask, text: str) -> None:
    answer = ask(text)
    assert answer.citations and not re.search(r": \[\d\](?!\n)", answer.text)
