"""Figures by value, across digits, words and languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import quantities as module
from knowledge.text.figure_words import languages
from knowledge.text.figures_alike import same_value
from knowledge.text.quantities import quantities
from tests.rows import each

CASES = {
    "every other week": ("number", "2", "week"),
    "jede zweite Woche": ("number", "2", "week"),
    "~65TB": ("number", "65", "TB"),
    "25 working days": ("number", "25", "working_day"),
    "25 paid vacation days": ("number", "25", "day"),
    "dreißig Arbeitstage": ("number", "30", "working_day"),
    "zweihundertfünfzig Euro": ("number", "250", "EUR"),
    "two hundred and fifty euros": ("number", "250", "EUR"),
    "yirmi beş gün": ("number", "25", "day"),
    "on gün": ("number", "10", "day"),
    "süresi altı aydır": ("number", "6", "month"),
    "beş günlük": ("number", "5", "day"),
    "telephone 4444 within one hour": ("number", "4444", None),
    "4444 numarasını bir saat içinde": ("number", "4444", None),
    "üç iş günü": ("number", "3", "working_day"),
    "trois jours ouvrés": ("number", "3", "working_day"),
    "quatre-vingt-dix euros": ("number", "90", "EUR"),
    "treinta y cinco días": ("number", "35", "day"),
    "€140": ("number", "140", "EUR"),
    "EUR 500": ("number", "500", "EUR"),
    "10%": ("number", "10", "%"),
    "yüzde 10": ("number", "10", "%"),
    "10 Prozent": ("number", "10", "%"),
    "1.000,50 Euro": ("number", "1000.5", "EUR"),
    "2 million": ("number", "2000000", None),
    "1 May 2026": ("date", "2026-05-01", None),
    "May 1st, 2026": ("date", "2026-05-01", None),
    "1. Mai 2026": ("date", "2026-05-01", None),
    "2026-05-01": ("date", "2026-05-01", None),
    "30 April": ("date", "*-04-30", None),
    "2:30 p.m.": ("time", "14:30", None),
    "14 Uhr": ("time", "14:00", None),
    "12 am": ("time", "00:00", None),
    "two thirds": ("fraction", "2/3", None),
    "the 25th": ("ordinal", "25", None),
    "the 2,364th": ("ordinal", "2,364", None),
    "one day": ("weak", "1", "day"),
    "SP 800-63-2": ("code", "800-63-2", None),
    "401k": ("code", "401k", None),
    "2.5k": ("number", "2500", None),
    "45 K euros": ("number", "45000", "EUR"),
    "2,5 Mio. Euro": ("number", "2500000", "EUR"),
    "10 Tsd. €": ("number", "10000", "EUR"),
    "3 Mio. Kunden": ("number", "3000000", None),
    "10k euros": ("number", "10000", "EUR"),
    "a year and a half": ("number", "1.5", "year"),
    "two and a half hours": ("number", "2.5", "hour"),
    "2½ hours": ("number", "2.5", "hour"),
    "anderthalb Jahre": ("number", "1.5", "year"),
    "zweieinhalb Stunden": ("number", "2.5", "hour"),
    "iki buçuk saat": ("number", "2.5", "hour"),
    "deux heures et demie": ("number", "2.5", "hour"),
    "dos horas y media": ("number", "2.5", "hour"),
    "half a million euros": ("number", "500000", "EUR"),
    "a quarter of a million": ("number", "250000", None),
    "one and a half million euros": ("number", "1500000", "EUR"),
    "a million and a half": ("number", "1500000", None),
    "eine halbe Million Euro": ("number", "500000", "EUR"),
    "demi-million": ("number", "500000", None),
    "un millón y medio": ("number", "1500000", None),
    "yarım milyon euro": ("number", "500000", "EUR"),
    "half an hour": ("number", "0.5", "hour"),
    "eine halbe Stunde": ("number", "0.5", "hour"),
    "yarım saat": ("number", "0.5", "hour"),
    "half of the team": ("fraction", "1/2", None),
    "dreimonatige Frist": ("number", "3", "month"),
    "(30) days": ("number", "30", "day"),
    "1 000 000 euros": ("number", "1000000", "EUR"),
    "12 500,50 euros": ("number", "12500.5", "EUR"),
    "$1.5m": ("number", "1500000", "USD"),
    "TL 50": ("number", "50", "TRY"),
    "yüzde on": ("number", "10", "%"),
    "1 de mayo de 2026": ("date", "2026-05-01", None),
    "14h30": ("time", "14:30", None),
    "noon": ("time", "12:00", None),
    "twenty-fifth": ("ordinal", "25", None),
    "two fifths": ("fraction", "2/5", None),
    "4.2.1": ("code", "4.2.1", None),
    "mark@example.com": ("code", "mark@example.com", None),
    "10000000146": ("code", "10000000146", None),
    "tausendzweihundert Euro": ("number", "1200", "EUR"),
    "24-stündige Frist": ("number", "24", "hour"),
    "mille deux cents euros": ("number", "1200", "EUR"),
    "dos mil quinientos euros": ("number", "2500", "EUR"),
    "iki bin beş yüz lira": ("number", "2500", "TRY"),
    "on iki hafta": ("number", "12", "week"),
    "6.500 avroya kadar": ("number", "6500|6.5", "EUR"),
    "3 iş gününe": ("number", "3", "working_day"),
    "yirmi dörtte biri": ("ordinal", "24", None),
    "14 Uhr 30": ("time", "14:30", None),
    "14 h 30": ("time", "14:30", None),
    "24h": ("number", "24", "hour"),
    "50 mil": ("number", "50000|50", None),
    "30 gigaoctets": ("number", "30", "GB"),
}


@each("text", CASES)
def test_a_figure_is_read_by_its_value(text: str) -> None:
    (found,) = [q for q in quantities(text) if q.kind != "weak"] or quantities(text)
    assert (found.kind, found.value, found.unit) == CASES[text]
    assert text[found.start : found.end] in text and (
        found.number is not None or found.kind in ("time", "date", "code")
    )


@each("text", ["once a year", "the bin is on the left", "may I", "", "tens of thousands"])
def test_words_that_are_numbers_elsewhere_are_none_here(text: str) -> None:
    assert [q for q in quantities(text) if q.kind != "weak"] == []


def test_two_readings_and_a_date_without_its_year() -> None:
    assert same_value("1000", quantities("1,000 euros")[0].value) and same_value("1", quantities("1.000")[0].value)
    assert same_value("*-04-30", "2026-04-30") and not same_value("2026-04-30", "*-04-30")
    assert not same_value("25", "26")


@each("text", ["hundred " * 155, "9" * 400, "1-" * 5000, "1." * 5000, "%" * 5000, "٣٤" * 50])
def test_nothing_breaks_it(text: str) -> None:
    quantities(text)


@given(st.integers(0, 10**9))
def test_every_way_to_write_digits_gives_the_number(n: int) -> None:
    for text in (
        f"{n} days",
        f"{n:,} days",
        f"{n:,}".replace(",", ".") + " days",
        f"{n:,}".replace(",", "\u00a0") + " days",
    ):
        (found,) = quantities(text)
        if found.kind == "number":
            assert str(n) in found.value.split("|"), text


@given(st.text(max_size=200))
def test_places_are_slices_in_order(text: str) -> None:
    found = quantities(text)
    assert all(0 <= q.start < q.end <= len(text) for q in found)
    assert [q.start for q in found] == sorted(q.start for q in found)


WORDS = sorted(
    {word for one in languages() for phrase in one.words for word in phrase}
    | {word for one in languages() for word in (*one.weak, *one.ordinals, *one.denominators, *one.mixed, *one.hours)}
    | {f"{word}{ending}" for one in languages() for (word, *_), _ in one.words.items() for ending in one.adjectives}
    | {"zweihundertfünfzig", "dreimonatige", "hundred", "the", "may", "days", "and", "half", "und", "Jahr", "5"}
)


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))
def test_what_is_not_looked_at_closely_is_no_number(text: str) -> None:
    found = quantities(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "may_begin_a_number", lambda word: True)
        assert found == quantities(text)
