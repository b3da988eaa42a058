"""The pure plan: every pair of before and after, against what each file must become."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from knowledge.catalog.changes import Known
from knowledge.ingest.plan import Seen, plan, to_hash

names = st.sampled_from(["a", "b", "c", "d"])
contents = st.dictionaries(names, st.integers(0, 3))


@given(contents, contents, st.booleans())
def test_every_file_ends_as_it_is_on_disk(before: dict[str, int], after: dict[str, int], touched: bool) -> None:
    known = [
        Known(n, "r", name, n, f"hash{value}", value, 1, "s", False, ())
        for n, (name, value) in enumerate(before.items())
    ]
    mtime = 2 if touched else 1
    seen = [Seen("r", name, Path(name), Path(), value, mtime) for name, value in after.items()]
    hashes = {file: f"hash{after[file.path]}" for file in to_hash(seen, known)}
    assert touched or all(before.get(file.path) != after[file.path] for file in hashes)
    absent = [doc for doc in known if doc.path not in after]
    todo = plan(seen, hashes, known, absent, splitter="s", ocr=False, afresh=False)
    same = {name for name in after if before.get(name) == after[name]}
    assert {file.path for file, _ in todo.unchanged} == same
    assert {file.path for file in todo.read} == after.keys() - same
    assert {file.path for file, _ in todo.touched} == (same if touched else set())
    for file, was in todo.renamed.items():
        assert file.path not in before and was.path not in after and before[was.path] == after[file.path]
    moved = [doc.path for doc in todo.renamed.values()]
    assert len(set(moved)) == len(moved)
    assert {doc.path for doc in todo.gone} == before.keys() - after.keys() - set(moved)
    left = [before[doc.path] for doc in todo.gone]
    new = [after[f.path] for f in todo.read if f.path not in before and f not in todo.renamed]
    assert not set(left) & set(new) or len(set(before.values())) < len(before)  # all that could be renamed is


def test_another_splitter_or_possible_ocr_or_a_rebuild_reads_again() -> None:
    whole = Known(1, "r", "a", 1, "h", 1, 1, "s", False, ())
    scanned = Known(1, "r", "a", 1, "h", 1, 1, "s", False, (("no_text", "Scanned."),))
    seen = [Seen("r", "a", Path("a"), Path(), 1, 1)]

    def read(known: Known, *, splitter: str = "s", ocr: bool = False, afresh: bool = False) -> bool:
        return bool(plan(seen, {}, [known], [], splitter=splitter, ocr=ocr, afresh=afresh).read)

    assert not read(whole) and not read(whole, ocr=True) and not read(scanned)
    assert read(whole, splitter="t") and read(whole, afresh=True) and read(scanned, ocr=True)
