"""Which first row of a table is its header."""

from knowledge.text.quotable import is_headed
from knowledge.text.sentences import row_cells

HEADED = [
    ["Grade | Days", "B | 24"],
    ["Grade | Car", "7 | small", "8 | large"],
    ["Length of service | Notice period", "up to 2 years | 1 month", "over 2 years | 2 months"],
    ["Country | 2024 | 2025", "Rome | 140 | 150", "Oslo | 190 | 195"],
    ["2024 | 2025", "10 | 20"],
    ["Day | Dish", "Monday | Soup", "Tuesday | Stew"],
    ["Room | 1 night", "Single | 80 euros", "Double | 95 euros"],
    ["Rate per 100 km | Car", "30 euros | small", "50 euros | large"],
    ["Acronym | Meaning", "AES | Advanced Encryption Standard", "CA | Certification Authority"],
    ["Grade | Less than 5 years | 5 to 10 years", "Nurses | 25 days | 27 days", "Porters | 24 days | 25 days"],
    ["Desk | Ext. | Hours", "People | 4100 | Mon-Fri 7:00", "Safety | 4410 | Daily 5:00"],
    ["Who | Rate | May take leave instead?", "Bands 2 to 7 | Time and a half | Yes", "Band 8 | Plain time | No"],
    ["Finding | First in 24 months | Second in 24 months", "Minor | No action | Coaching"],
    ["Event | Full-time | Part-time with 1,000 or more hours in the last 12 months", "Birth | 10 weeks | 5 weeks"],
]
BARE = [
    ["Rome | 140 euros", "Oslo | 190 euros"],
    ["AES | Advanced Encryption Standard", "CA | Certification Authority"],
    ["up to 2 years | 1 month", "more than 2 and up to 5 years | 2 months"],
    ["Up to 50 euros | Manager", "Up to 500 euros | Head", "Above | Board"],
    ["Bis 50 Euro | Leitung | 1 Tag", "Bis 500 Euro | Vorstand | 3 Tage", "Darüber | Rat | 5 Tage"],
    ["Jusqu'à 3 jours | chef", "Plus de 3 jours | direction", "Sinon | conseil"],
    ["Orders of 3 euros | no form", "More than 3 euros | form A", "All else | form B"],
    ["1 | Switch off", "2 | Lock"],
    ["Grade 7 | Clerk", "Grade 8 | Driver"],
    ["2024 | Berlin", "2025 | Prague"],
    ["Impact | Major | 5 | 10", "Impact | High | 4 | 8"],
    ["Access control | The process of granting or denying requests to obtain data.", "Key | A value."],
    ["The employee asks the manager for it. | The manager agrees.", "Then | Go"],
    ["One cell", "another"],
    ["| |", "a | b"],
]


def test_a_header_looks_like_one_and_is_other_in_kind_than_the_rows_below() -> None:
    told = {rows[0]: is_headed([*map(row_cells, rows)]) for rows in (*HEADED, *BARE)}
    assert told == {rows[0]: rows in HEADED for rows in (*HEADED, *BARE)}
