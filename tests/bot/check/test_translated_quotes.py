"""Between languages, of a few quoted words: who denies or gives leave, and the figures of list items and rows."""

# ruff: noqa: E501 - cases read best on one line

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bot.check.test_refuted import MANUAL, reason


@pytest.mark.parametrize(
    ("lie", "quote"),
    [
        ("Nobody may work from abroad", "Work from abroad is allowed"),
        ("Du darfst nicht aus dem Ausland arbeiten", "Work from abroad is allowed"),
        ("No se puede trabajar desde el extranjero", "Work from abroad is allowed"),
        ("The company car may not be used privately", "darf privat genutzt werden"),
        ("Employees may not accept lunch", "may accept lunch"),
        ("Part-time staff earn no bonus", "earn the bonus in proportion"),
    ],
)
def test_but_of_a_leave_or_the_same_words_it_turns_them_round(lie: str, quote: str) -> None:
    text = """Work from abroad is allowed if the manager agrees. Employees may accept lunch. Der Dienstwagen darf privat genutzt
werden. Part-time staff earn the bonus in proportion to their hours."""
    assert reason(lie, quote, replace(MANUAL, text=text)) == "negation"


@pytest.mark.parametrize(
    ("lie", "true", "also_true", "quote"),
    [
        ("Besucher müssen nicht begleitet werden", "Besucher müssen begleitet werden", "Besucher dürfen nicht allein gelassen werden", "Visitors must be accompanied"),
        ("Les visiteurs ne doivent pas être accompagnés", "Les visiteurs doivent être accompagnés", "Aucun visiteur ne reste seul", "Visitors must be accompanied"),
        ("Il est interdit de travailler de l'étranger", "On peut travailler de l'étranger", "Il n'est pas interdit de travailler de l'étranger", "Work from abroad is allowed"),
        ("Yurt dışından çalışmak yasaktır", "Yurt dışından çalışılabilir", "Yurt dışından çalışmak yasak değildir", "Work from abroad is allowed"),
        ("Auf dem Balkon darf geraucht werden", "Auf dem Balkon darf nicht geraucht werden", "Raucher müssen den Balkon verlassen", "Smoking is forbidden on the balcony"),
        ("Se puede fumar en el balcón", "No se puede fumar en el balcón", "Está prohibido fumar en el balcón", "Smoking is forbidden on the balcony"),
        ("Les appels privés sont interdits", "Les appels privés sont autorisés", "Les appels privés ne sont pas interdits", "Private calls are permitted"),
        ("Visitors need not register", "Visitors have to register", "Nobody enters unregistered", "Besucher müssen sich am Empfang anmelden"),
        ("Alcohol may be brought along", "Alcohol must not be brought along", "Guests leave alcohol at home", "Mitbringen von Alkohol ist verboten"),
    ],
)  # fmt: skip
def test_what_is_forbidden_is_not_allowed_nor_is_a_duty_none(lie: str, true: str, also_true: str, quote: str) -> None:
    text = """Visitors must be accompanied at all times. Work from abroad is allowed for up to 25 days a year, if the manager
agrees. Smoking is forbidden on the balcony. Private calls are permitted during breaks. Besucher müssen sich am Empfang anmelden.
Das Mitbringen von Alkohol ist verboten."""
    manual = replace(MANUAL, text=text)
    assert [reason(said, quote, manual) for said in (true, also_true)] == ["", ""]
    assert reason(lie, quote, manual) in ("negation", "opposite")


@pytest.mark.parametrize(
    ("true", "lie", "quote"),
    [
        ("Gifts up to 35 euros may be kept", "Gifts up to 100 euros may be kept", "bis 35 Euro darf man behalten"),
        ("Bir yıl sonra 14 gün izin vardır", "Bir yıl sonra 20 gün izin vardır", "14 days of leave after one year"),
        ("Für eine Hochzeit gibt es 3 Tage", "Für eine Hochzeit gibt es 5 Tage", "3 days for a wedding"),
        ("Annual leave is 14 days after one year", "Annual leave is 20 days after one year", "bir yıl sonra 14 gün"),
        ("Bir uyarı iki yıl saklanır", "Bir uyarı beş yıl saklanır", "A warning is kept for two years"),
    ],
)
def test_another_figure_of_the_quoted_sentence_is_none_of_the_quote(true: str, lie: str, quote: str) -> None:
    sentences = [
        "Geschenke bis 35 Euro darf man behalten, ab 100 Euro werden sie zurückgegeben.",
        "Staff get 14 days of leave after one year, 20 days after five.",
        "Staff get 2 days for a move, 3 days for a wedding and 5 days for a birth.",
        "Yıllık izin bir yıl sonra 14 gün, beş yıl sonra 20 gündür.",
        "A warning is kept for two years, a second warning for five years.",
    ]
    manual = replace(MANUAL, text=next(one for one in sentences if quote in one))
    assert (reason(true, quote, manual), reason(lie, quote, manual)) == ("", "figure")


LISTS = """Service awards are paid as follows:
- Year 3: $250
- Year 5: $500
- Year 8+: $1,000 USD
To get a visa you need:
- a passport that is valid for 6 months
- two photographs
- a letter of invitation
Leave for family events:
- wedding: 3 days
- move: 1 day
- birth of a child: 5 days
| City | Limit a night | Breakfast |
| --- | --- | --- |
| Rome | 120 euros | 15 euros |
| Oslo | 180 euros | 20 euros |
Opening hours of the canteen:
- Monday to Thursday: 11:30 to 14:00
- Friday: 11:30 to 13:15
"""


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("You need a passport valid for 6 months, two photographs and a letter of invitation", "two photographs"),
        ("Il faut un passeport valable six mois, deux photos et une lettre d'invitation", "a letter of invitation"),
        ("You get 3 days for a wedding, 1 for a move and 5 for the birth of a child", "move: 1 day"),
        ("Für eine Hochzeit gibt es drei Tage, für eine Geburt fünf", "birth of a child: 5 days"),
        ("After three years you get 250 USD, after eight years 1,000 USD", "Year 8+: $1,000 USD"),
        ("Nach drei Jahren gibt es 250 USD, nach acht Jahren 1.000 USD", "Year 8+: $1,000 USD"),
    ],
)
def test_of_several_items_one_is_quoted_and_all_count(said: str, quote: str) -> None:
    assert reason(said, quote, replace(MANUAL, text=LISTS)) == ""


@pytest.mark.parametrize(
    ("lie", "quote"),
    [
        ("Breakfast is 20 euros in Rome and 15 euros in Oslo", "Rome | 120 euros | 15 euros"),
        ("Für Rom sind es 180 Euro, das Frühstück kostet 15 Euro", "Rome | 120 euros | 15 euros"),
        ("Until 13:15 from Monday to Thursday and until 14:00 on Friday", "Friday: 11:30 to 13:15"),
    ],
)
def test_but_each_with_its_own_figures(lie: str, quote: str) -> None:
    assert reason(lie, quote, replace(MANUAL, text=LISTS)) == "figure"


@pytest.mark.parametrize(
    ("said", "quote", "why"),
    [
        ("Biegen Sie bei Meile 3 ab", "Turn left on mile 3", ""),
        ("Biegen Sie nach 3 Meilen ab", "Turn left on mile 3", "figure"),
        ("Le troisième jour, il y a une pause", "On day 3 there is a break", ""),
        ("An Tag 3 ist Pause", "On day 3 there is a break", ""),
        ("Le quatrième jour, il y a une pause", "On day 3 there is a break", "figure"),
        ("Das Formular steht auf Seite 5", "The form is on page 5", ""),
        ("Das Formular hat 5 Seiten", "The form is on page 5", "figure"),
        ("In step 4 you sign", "Sign in step 4", ""),
    ],
)
def test_what_is_named_by_a_number_is_not_counted(said: str, quote: str, why: str) -> None:
    text = "Turn left on mile 3. On day 3 there is a break, on day 4 a test. The form is on page 5. Sign in step 4."
    assert reason(said, quote, replace(MANUAL, text=text)) == why
