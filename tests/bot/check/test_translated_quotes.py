"""Between languages, of a few quoted words: the figures of list items and rows."""

from dataclasses import replace

from tests.bot.check.test_refuted import MANUAL, reason
from tests.rows import each


@each(
    "true, lie, quote",
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


@each("said, quote")
def test_of_several_items_one_is_quoted_and_all_count(said: str, quote: str) -> None:
    assert reason(said, quote, replace(MANUAL, text=LISTS)) == ""


@each(
    "lie, quote",
    [
        ("Breakfast is 20 euros in Rome and 15 euros in Oslo", "Rome | 120 euros | 15 euros"),
        ("Für Rom sind es 180 Euro, das Frühstück kostet 15 Euro", "Rome | 120 euros | 15 euros"),
        ("Until 13:15 from Monday to Thursday and until 14:00 on Friday", "Friday: 11:30 to 13:15"),
    ],
)
def test_but_each_with_its_own_figures(lie: str, quote: str) -> None:
    assert reason(lie, quote, replace(MANUAL, text=LISTS)) == "figure"


@each("said, quote, why")
def test_what_is_named_by_a_number_is_not_counted(said: str, quote: str, why: str) -> None:
    text = "Turn left on mile 3. On day 3 there is a break, on day 4 a test. The form is on page 5. Sign in step 4."
    assert reason(said, quote, replace(MANUAL, text=text)) == why
