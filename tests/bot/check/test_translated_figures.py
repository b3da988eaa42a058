"""The veto on answers in another language than the manual's: lies of figures stopped, true ones left alone."""

import pytest

from bot.check.claims import Claim, prepare, veto
from knowledge.types import Passage

MANUAL = """Data abroad costs at most 15 euros a day. Drivers are paid $0.62 per mile. The removal firm is paid
after two quotes. Requests are open until 5:30 p.m., and until March 31. Bills are paid on the 15th of a month. Badges
expire after 24 hours. Rights are reviewed twice a year. Who leaves pays back one twenty-fourth.
Up to 1,200 euros are paid."""

TRUE = [
    "Der Zugang gilt 24h",
    "Les demandes sont possibles jusqu'à 17 h 30",
    "Başvurular saat 17.30'a kadar yapılır",
    "Anträge sind bis 17 Uhr 30 und bis zum 31.3. möglich",
    "Rechnungen werden am 15. bezahlt",
    "La factura se paga el día 15",
    "Ayrılan yirmi dörtte birini öder",
    "Bis zu tausendzweihundert Euro",
    "Jusqu'à mille deux cents euros",
    "Hasta mil doscientos euros",
    "En fazla bin iki yüz avro",
    "Zwei Mal im Jahr",
    "Es sind fünf Dinge: Daten, Umzug, Fristen, Rechnungen und Ausweise",
    "0,62 $ pro Meile",
]
LIES = [
    ("günde en fazla 15 dolar", "15 dolar"),
    ("15 $ am Tag", "15 $"),
    ("0,62 $ par kilomètre", "kilomètre"),
    ("Der Ausweis gilt 24 Tage", "24 Tage"),
    ("après huit devis", "huit"),
    ("Başvurular saat 18.30'a kadar yapılır", "18.30"),
    ("bis zum 30.3.", "30.3"),
    ("Hasta mil trescientos euros", "mil trescientos euros"),
    ("En fazla bin üç yüz avro", "bin üç yüz avro"),
]


def ruled(text: str, manual: str = MANUAL) -> str:
    ruling = veto(Claim(text, "sentence"), prepare([Passage("c", "d", "", (), manual, 1.0)]), "", may_work_out=True)
    return ruling.about if ruling else ""


@pytest.mark.parametrize("text", TRUE)
def test_a_true_figure_in_another_language_is_left_alone(text: str) -> None:
    assert ruled(text) == ""


@pytest.mark.parametrize(("text", "about"), LIES)
def test_a_false_figure_in_another_language_is_never_shown(text: str, about: str) -> None:
    assert ruled(text) == about


@pytest.mark.parametrize(
    ("said", "manual"),
    [
        ("El plazo es en junio", "It is due in June"),
        ("En marzo se revisa", "It is reviewed in March"),
        ("Im Januar fällig", "Due in Jan."),
        ("It is due in October", "Due in Oct."),
        ("It is due in October", "Başvurular Ekim ayında yapılır"),
        ("By the end of September", "Die Frist endet am 30.9."),
        ("By the end of September", "Due by 30/09"),
        ("En décembre", "Due 12/2025"),
        ("Son gün 4 Mayıs 2025", "Due on 05/04/2025"),
        ("Until 30 September", "Frist: 30.9."),
        ("Jusqu'au 30 septembre", "Möglich bis zum 30.09. eines Jahres"),
        ("30 September", "Due by 30/09"),
        ("By September 30th", "Due by 9/30"),
        ("le 30/09", "Due by 30 September"),
        ("Dès le 1er mars", "Gilt ab dem 1.3."),
        ("From Mar 1", "Gilt ab 1.3."),
        ("ab 01.03.", "From March 1"),
        ("1 Mart'tan itibaren", "À partir du 1er mars"),
        ("en mayo", "In May you may apply"),
        ("People over 30 may apply", "Mitarbeiter über 30 dürfen das"),
    ],
)
def test_a_month_is_known_however_a_source_writes_it(said: str, manual: str) -> None:
    assert (ruled(said, manual), ruled("Im November", manual)) == ("", "november")


@pytest.mark.parametrize(
    ("said", "about"),
    [("en mayo", "mayo"), ("In March", "march"), ("en juin", "juin"), ("May 2", "May 2"), ("bis 29.9.", "29.9")],
)
def test_a_word_that_may_be_a_month_is_none_of_the_source_s(said: str, about: str) -> None:
    assert ruled(said, "You may march in when you are over 30. Frist: 30.9.") == about


@pytest.mark.parametrize(
    ("said", "manual", "about"),
    [
        ("within 15 working days", "within 15 days", "15 working days"),
        ("binnen 15 Arbeitstagen", "within 15 days", "15 Arbeitstagen"),
        ("binnen 15 Arbeitstagen", "within 15 days; office days are working days", ""),
        ("within 15 calendar days", "binnen 15 Kalendertagen", ""),
        ("On working days it is open", "Open Monday to Friday", ""),
    ],
)
def test_days_are_working_days_only_where_a_source_says_so(said: str, manual: str, about: str) -> None:
    assert ruled(said, manual) == about


def test_a_month_of_the_asker_is_known_without_its_capital() -> None:
    sources = prepare([Passage("c", "d", "", (), "You may apply.", 1.0)])
    assert veto(Claim("In May you can apply", "sentence"), sources, "can i apply in may?", may_work_out=True) is None


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("Urgent changes between two editions are announced", ""),
        ("Zwischen zwei Ausgaben werden dringende Änderungen angekündigt", ""),
        ("Entre deux éditions, les changements urgents sont annoncés", ""),
        ("Urgent changes between three editions are announced", "three"),
        ("Two urgent changes are announced", "Two"),
    ],
)
def test_between_two_counts_nothing(said: str, about: str) -> None:
    assert ruled(said, "Between editions, urgent changes are announced.") == about


@pytest.mark.parametrize(("said", "about"), [("There are 45 lockers", "45"), ("The model year 1973 counts", "")])
def test_digits_grown_together_with_a_word_are_known_only_as_a_year(said: str, about: str) -> None:
    assert ruled(said, "Hand in form A45. The model year1973 counts. Lockers are free.") == about
