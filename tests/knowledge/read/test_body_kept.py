"""Text that looks like a document's own label, and is none."""

from knowledge.read.about import in_opening
from tests.rows import each


@each(
    "text, version, owner",
    [
        ("Tool | Version | Owner\nExcel | 16.2 | Finance\n\nVersion 3 of this policy", "3", None),
        ("Tool | Version | Owner\nExcel | 16.2 | Finance\nOwner: Travel desk", None, "Travel desk"),
        ("Task | Responsible | Accountable\nSet up the laptop | IT desk | IT lead", None, None),
        ("Responsible | Accountable\nHR | CEO\nIT | CFO", None, None),
        ("Department | Version\nHR | 3\nIT | 4", None, None),
        ("## Responsible\n\nEach employee keeps the badge", None, None),
        ("Responsible\n\nEach employee keeps the badge.", None, None),
        ("Responsible\nEach employee keeps the badge", None, None),
        ("Accountable\n- every employee", None, None),
        ("Accountable\n\nLab team", None, "Lab team"),
        ("Release: 4 hours before the shift", None, None),
        ("Ausgabe: 4 vom 1. Mai 2026", "4", None),
        ("Release: 4, May 2026", "4", None),
        ("Release: 4 (final)", "4", None),
    ],
)
def test_what_states_nothing_about_the_document(text: str, version: str | None, owner: str | None) -> None:
    found = in_opening(text)
    assert (found.version, found.owner) == (version, owner)


def test_what_other_rules_come_into_force_on_is_no_date_of_the_document() -> None:
    both = "It names regulations that come into force on 1 January 2020. It is effective from 1 May 2026."
    assert str(in_opening(both).effective) == "2026-05-01"
    assert str(in_opening("It comes into force on 1 May 2026.").effective) == "2026-05-01"
