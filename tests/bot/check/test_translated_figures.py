"""The veto on answers in another language than the manual's: lies of figures stopped, true ones left alone."""

import pytest

from bot.check.claims import Claim
from bot.check.sources import prepare
from bot.check.veto import veto
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


def ruled(text: str) -> str:
    ruling = veto(Claim(text, "sentence"), prepare([Passage("c", "d", "", (), MANUAL, 1.0)]), "", may_work_out=True)
    return ruling.about if ruling else ""


@pytest.mark.parametrize("text", TRUE)
def test_a_true_figure_in_another_language_is_left_alone(text: str) -> None:
    assert ruled(text) == ""


@pytest.mark.parametrize(("text", "about"), LIES)
def test_a_false_figure_in_another_language_is_never_shown(text: str, about: str) -> None:
    assert ruled(text) == about
