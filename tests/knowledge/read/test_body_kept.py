"""Text that looks like a page's edge, a wiki's mark or a document's own label, and is none: it is all still there."""

from pathlib import Path

from knowledge.read.about import in_opening
from tests.knowledge.read.test_siblings import said
from tests.rows import each


def _read(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return said(path)


@each("text")
def test_no_line_of_text_is_lost_at_a_page_s_edge(text: str, tmp_path: Path) -> None:
    found = _read(tmp_path / "a.txt", text)
    assert sorted(found.replace(" > ", " ").split()) == sorted(text.split())


def test_heads_and_feet_go_where_most_of_three_pages_have_them(tmp_path: Path) -> None:
    pages = [f"Kiln rules\n\n{text} is said.\n\n{n + 7}\n" for n, text in enumerate(("First", "Second", "Third"))]
    assert _read(tmp_path / "a.txt", "Cover.\n\f" + "\f".join(pages)).split("\n") == [
        "Cover.", "First is said.", "Second is said.", "Third is said.",
    ]  # fmt: skip


@each(
    "text, stands",
    {
        "in a fence": ("# Wiki\n\nWrite so:\n\n```\nh2. Title\n```\n\n## Rules\n\nKeep it.\n", "Rules > Keep it."),
        "one line": ("# Wiki\nWe write\n\nh2. Title\n\n## Rules\nKeep it.\n", "Rules > Keep it."),
        "before its headings": ("We write\n\nh2. Title\n\n## Rules\n\nKeep it.\n", "Rules > Keep it."),
        "loose hyphens": (
            "h2. Meals\n\nMeals cost 10 -20 EUR and -30 EUR in cities. Use the well-known -old.- tool, not -a. b-.\n",
            "Meals cost 10 -20 EUR and -30 EUR in cities. Use the well-known tool, not -a. b-.",
        ),
        "far hyphens": (f"h2. Meals\n\nThe -{'long ' * 20}way- home\n", "long way- home"),
        "braces": ("h2. Paths\n\nOpen /home/{user}/{color:red}in{color} it.\n", "Open /home/{user}/in it."),
    }.values(),
)  # fmt: skip
def test_markdown_is_no_wiki_and_a_wiki_keeps_its_words(text: str, stands: str, tmp_path: Path) -> None:
    assert stands in " ".join(_read(tmp_path / "a.md", text).split())


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
