"""Figures of a table: those of the rows that are spoken of are shown, one of another row or column is held back."""

# ruff: noqa: E501 - a table is read best whole

from knowledge.types import Passage
from tests.bot.check.test_refuted import reason
from tests.rows import each

TABLES = {
    "en": """Animal | up to 5 kg | over 5 to 15 kg | over 15 to 40 kg | over 40 kg | Deposit | Medication | Drop-off | Pick-up
Cat | £14 | £16 | – | – | £50 | £3 | 8:00 | 18:30
Dog | £17 | £21 | £26 | £33 | £80 | £4 | 7:30 | 19:00
Reptile | £19 | £24 | on request | on request | £120 | £6 | 9:00 | 17:00
Fees are per night. (On 24 to 26 December fees are doubled.) A second animal of the same household costs 30% less.""",
    "leave": """Role | Days of leave | Days of study leave | Notice
Veterinarian | 28 | 5 | 3 months
Nurse | 30 | 3 | 2 months
Apprentice | 26 | 2 | 4 weeks""",
    "service": """Length of service | Notice | Days of leave
up to 2 years | 1 month | 25
more than 2 and up to 5 years | 2 months | 27
more than 5 years | 3 months | 30""",
    "shifts": """Shift | Begins | Ends no later than | Hours, paid
Early (E) | 6:00 | 14:30 | 80 hours (10 days)
Late (L) | 13:00 | 21:30 | 120 hours (15 days)
Pool 2-4 | 9:00 | 17:00 | 40 hours (5 days)""",
    "de": """Gruppe | Jahresgebühr | Mahnung | Fernleihe
Erwachsene | 24 € | 2 € | 1,50 €
Studierende und Azubis | 12 € | 3 € | 2,50 €
Kinder bis 13 Jahre | frei | 0,50 € | frei""",
    "fr": """Ville | Chambre | Petit déjeuner | Dîner
Lyon | 110 € | 12 € | 28 €
Bruxelles | 140 € | 15 € | 35 €""",
    "es": """Ciudad | Hotel | Desayuno | Cena
Sevilla | 95 € | 8 € | 22 €
Bilbao | 115 € | 10 € | 26 €""",
    "tr": """Şehir | Otel | Kahvaltı | Akşam yemeği
Ankara | 90 € | 7 € | 20 €
İzmir | 105 € | 9 € | 24 €""",
}


def why(table: str, asked: str, said: str, quote: str) -> str:
    """Why it is held back beside a verifier that says yes; "" where it is shown."""
    return reason(said, quote, Passage("c", "d.md", "Handbook", (), TABLES[table], 1.0), asked)


@each("table, asked, said, quote")
def test_a_right_figure_of_a_table_is_shown(table: str, asked: str, said: str, quote: str) -> None:
    assert why(table, asked, said, quote) == ""


@each("table, asked, said, quote")
def test_a_figure_of_another_row_or_column_is_held_back(table: str, asked: str, said: str, quote: str) -> None:
    assert why(table, asked, said, quote) == "figure"
