"""What can be quoted of a passage, and what each span stands under."""

from knowledge.text.quotable import quotable, tables

TEXT = """Notice is given in writing. You tell:

- your manager
- the office

| Service | Notice |
| up to 2 years | 1 month |

| over 2 years | 2 months |
"""


def under(hidden: str = "") -> list[tuple[str, str]]:
    at = TEXT.find(hidden) if hidden else -1
    spans = quotable(TEXT, (), ((at, at + len(hidden)),) if hidden else ())
    assert all(span.text == TEXT[span.start : span.end] for span in spans)
    return [(span.text, span.over[2] if span.over else "") for span in spans]


def test_items_stand_under_their_lead_in_and_rows_under_their_header() -> None:
    assert under()[1:5] == [
        ("You tell:", ""),
        ("- your manager", "You tell:"),
        ("- the office", "You tell:"),
        ("| Service | Notice |", ""),
    ]
    assert {over for text, over in under() if "years" in text} == {"| Service | Notice |"}
    (table,) = tables(quotable(TEXT)).values()
    assert table.names == ("Service", "Notice")


def test_a_numbered_clause_below_a_table_does_not_stand_under_its_header() -> None:
    text = (
        "Move | Single | Family\nabroad | €2,100 | €3,800\n6.4 Half is paid at once. The rest comes after six months."
    )
    assert quotable(text)[-1].over is None


def test_nothing_hidden_is_a_span_or_stands_over_one() -> None:
    assert ("- your manager", "") in under(hidden="You tell:")
    assert "writing" not in str(under(hidden="in writing"))
