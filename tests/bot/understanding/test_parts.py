"""Which messages are several questions."""

from __future__ import annotations

import pytest

from bot.understanding.parts import parts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("How many leave days do I get and who approves expenses?", 2),
        ("Where do I park my bike? Who pays for lunch?", 2),
        ("Changing from the office in Lyon to Bern, what do I get & what happens if I leave?", 2),
        ("can I bring my dog, and is parking free?", 2),
        ("how many days off for my wedding. also, what is the gift limit for suppliers", 2),
        ("I also work on Fridays. Also my team does. how much overtime is allowed?", 1),
        ("Is R&D allowed on the roof & terrace?", 1),
        ("What is the notice period; can I work abroad during it?", 1),
        ("How many leave days do I get, and who approves them?", 1),
        ("Can I take leave and travel?", 1),
        ("What if I live abroad and have a second job?", 1),
        ("Do you share my data? If yes, which data?", 1),
        ("Is there a dress code? Why?", 1),
        ("just heard I'm off to China. enough time for the visa? and can I take my normal laptop", 2),
        ("moving on the 14th, do I get a day? also the new flat needs a desk, can I claim the rest of the 400", 2),
        ("1) can I bring my kid to the office 2) is there a company kindergarten", 2),
        ("can I still get a diesel? I'm field service, do about 28k a year", 1),
        ("is section 3.2) still valid for the new building?", 1),
        ("I moved to team 2. Is lunch free on Fridays?", 1),
        ("parental leave", 1),
    ],
)
def test_only_safe_cuts_are_made(text: str, count: int) -> None:
    assert len(parts(text)) == count
    if count == 1:
        assert parts(text) == (text,)
