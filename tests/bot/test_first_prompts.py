"""Questions to begin with come from the manual's own sections, spread over its documents, and only if answered."""

from bot.wiring.first_prompts import topics


def test_topics_are_spread_over_documents_and_plain() -> None:
    lines = [
        ("a.md", ("A", "1. Annual leave")),
        ("a.md", ("A", "5.2 Hotel costs abroad")),
        ("a.md", ("A", "Annual leave")),
        ("a.md", ("A", "Leave")),
        ("b.md", ("B", "What is paid?")),
        ("b.md", ("B", "Mobile phones")),
        ("c.md", ()),
    ]
    assert topics(lines) == ["Annual leave", "Mobile phones", "Hotel costs abroad"]
    assert topics([]) == []
