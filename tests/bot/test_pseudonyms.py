"""Pseudonyms: one person, one name, until the key is rotated; small groups are never told apart."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.pseudonyms import FEWEST, OTHERS, Pseudonyms, told_apart


def test_a_pseudonym_is_the_same_in_every_process_until_the_key_is_rotated(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with ThreadPoolExecutor(8) as threads:
        names = set(threads.map(lambda _: Pseudonyms(folder).of("U0000001"), range(32)))
    assert len(names) == 1
    assert stat.S_IMODE((folder / "pseudonyms.key").stat().st_mode) == 0o600
    assert [file.name for file in folder.iterdir()] == ["pseudonyms.key"]
    (before,) = names
    assert Pseudonyms(folder).of("U0000002") != before and "U0000001" not in before
    running = Pseudonyms(folder)
    Pseudonyms(folder).rotate()
    assert running.of("U0000001") == Pseudonyms(folder).of("U0000001") != before
    assert Pseudonyms(tmp_path / "other").of("U0000001") != before


def test_without_a_folder_that_can_be_written_the_key_ends_with_the_process(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for one in (Pseudonyms(None), Pseudonyms(tmp_path / "file")):
        assert one.of("U1") == one.of("U1") != Pseudonyms(None).of("U1")


@given(st.dictionaries(st.text(min_size=1).filter(lambda name: name != OTHERS), st.sets(st.integers(0, 40).map(str))))
def test_whatever_is_shown_is_of_five_people_or_more(groups: dict[str, set[str]]) -> None:
    shown = told_apart(groups)
    assert shown.keys() == groups.keys()
    people: dict[str | None, set[str]] = {}
    for name, under in shown.items():
        assert under in (name, OTHERS, None)
        people.setdefault(under, set()).update(groups[name])
    everybody = set().union(*groups.values())
    assert all(len(of) >= FEWEST for under, of in people.items() if under is not None)
    # A group shown under no name would be told by the total minus the rest: nothing else may be shown then.
    assert people.get(None, set()) == set() or (set(shown.values()) == {None} and len(everybody) < 2 * FEWEST**2)


def test_the_smallest_groups_are_shown_together() -> None:
    groups = {"HR": "abcdefgh", "IT": "ijkl", "Law": "m", "Sales": "nopqrst", "Board": ""}
    assert told_apart(groups) == {"HR": "HR", "Sales": "Sales", "IT": OTHERS, "Law": OTHERS, "Board": OTHERS}
    assert told_apart({"HR": "abcdefgh", "Law": "m"}) == {"HR": OTHERS, "Law": OTHERS}
    assert told_apart({"HR": "abc", "Law": "c"}) == {"HR": None, "Law": None}
