"""Names of collections as one text."""

from hypothesis import given
from hypothesis import strategies as st

from bot.types import joined

names = st.frozensets(st.text(st.characters(codec="utf-8"), max_size=8) | st.text(",a%", max_size=4), max_size=40)


@given(names, names)
def test_two_sets_of_collections_are_never_one_text(one: frozenset[str], other: frozenset[str]) -> None:
    """Kept answers go by it: what one may see must not be found under what another may see."""
    assert (joined(one) == joined(other)) == (one == other) or one | other == {""}
    assert len(joined(one)) <= 255
    assert joined(["legal", "default", "legal"]) == ",default,legal,"
