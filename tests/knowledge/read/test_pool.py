"""Child processes: every file ends in a document or a named failure, whatever it is and however long it takes."""

import contextlib
import os
import time
import zlib
from functools import cache
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from knowledge.errors import ReadError
from knowledge.read import pool, read
from knowledge.read.pool import read_all
from knowledge.types import Document
from tests.rows import each

MB = 1_000_000
READER = pool._Reader  # as it is, without what tests/prepared.py keeps
LIMITS = {"workers": 2, "passwords": {}, "ocr": False, "deadline_s": 40.0, "memory_mb": 500}


@pytest.fixture(autouse=True)
def new_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_Reader", READER)


def pdf_of(streams: list[bytes], filters: str = "/FlateDecode") -> bytes:
    """A PDF with one page a content stream, already encoded."""
    kids = " ".join(f"{3 + 2 * at} 0 R" for at in range(len(streams)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {len(streams)}/Kids[{kids}]>>".encode()]
    for at, stream in enumerate(streams):
        font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {4 + 2 * at} 0 R"
            f"/Resources<</Font<</F {font}>>>>>>".encode()
        )
        objects.append(f"<</Length {len(stream)}/Filter[{filters}]>>stream\n".encode() + stream + b"\nendstream")
    out, places = b"%PDF-1.5\n", []
    for at, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{at} 0 obj\n".encode() + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + (
        b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    )  # fmt: skip


def shown(text: str) -> bytes:
    return zlib.compress(f"BT /F 12 Tf 72 700 Td ({text}) Tj ET".encode())


def spaces(count: int) -> bytes:
    """That many MB of spaces, deflated: what one squeezes into, again and again, with the checksum of all of them."""
    one = zlib.compressobj(9, wbits=-15)
    block = one.compress(b" " * MB) + one.flush(zlib.Z_FULL_FLUSH)
    n = count * MB
    checksum = (n + 32 * n * (n + 1) // 2) % 65521 << 16 | (1 + 32 * n) % 65521  # Adler-32 of n spaces
    return b"\x78\xda" + block * count + one.flush() + checksum.to_bytes(4, "big")


@cache
def many_operators() -> bytes:
    return zlib.compress(b"BT /F 1 Tf 72 700 Td " + b"(word of it) Tj 1 0 Td " * 2_000_000 + b" ET", 9)


def outcomes(folder: Path, **limits: object) -> dict[str, Document | ReadError]:
    files = [(path, folder) for path in sorted(folder.iterdir())]
    found = list(read_all(files, **{**LIMITS, **limits}))  # type: ignore[arg-type]
    assert sorted(path for path, _ in found) == [path for path, _ in files]
    return {path.name: result for path, result in found}


def code(result: Document | ReadError) -> str:
    return result.code if isinstance(result, ReadError) else "partial" if result.problems else "ok"


@each("name", ["handbook.pdf", "canteen.html", "customer-visits.docx"])
def test_a_child_reads_what_read_reads(name: str) -> None:
    folder = Path(__file__).parents[3] / "bot" / "demo" / "manual"
    ((_, found),) = read_all([(folder / name, folder)], **LIMITS)  # type: ignore[arg-type]
    assert found == read(folder / name, folder)


def test_hostile_files_end_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a good one.md").write_text("Leave is 28 days a year for everybody who works here.")
    (tmp_path / "binary.md").write_bytes(os.urandom(5000))
    (tmp_path / "empty.pdf").write_bytes(b"")
    (tmp_path / "text.pdf").write_text("no PDF at all")
    bomb = zlib.compress(zlib.compress(spaces(900), 9), 9)
    (tmp_path / "bomb.pdf").write_bytes(pdf_of([bomb], "/FlateDecode/FlateDecode/FlateDecode"))
    (tmp_path / "operators.pdf").write_bytes(pdf_of([many_operators()]))
    (tmp_path / "nested.html").write_text("<b><div>" * 20_000 + "deep down here it stands")
    (tmp_path / "yaml.md").write_text(
        "---\na: &a [x,x,x]\nb: &b [*a,*a,*a]\ntitle: *b\n---\nText with a title that is none."
    )
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    found = {name: code(result) for name, result in outcomes(tmp_path).items()}
    assert found.pop("bomb.pdf") in ("too_large", "empty", "no_text", "timeout", "page_failed")
    assert found.pop("operators.pdf") in ("too_large", "timeout", "page_failed")
    assert found == {
        "a good one.md": "ok",
        "binary.md": "binary",
        "empty.pdf": "empty",
        "text.pdf": "unreadable",
        "nested.html": "ok",
        "yaml.md": "ok",
        "loop.md": "unreadable",
        "gone.md": "unreadable",
    }


def test_the_pages_around_one_that_kills_the_reader_are_read(tmp_path: Path) -> None:
    pages = [shown("Page one tells about leave."), many_operators(), shown("Page three tells about travel.")]
    (tmp_path / "a.pdf").write_bytes(pdf_of(pages))
    document = outcomes(tmp_path, memory_mb=300)["a.pdf"]
    assert isinstance(document, Document)
    assert [(block.page, block.text) for block in document.blocks] == [
        (1, "Page one tells about leave."),
        (3, "Page three tells about travel."),
    ]
    assert [problem.code for problem in document.problems] == ["page_failed"] and "Page 2" in document.problems[
        0
    ].message


def test_a_page_that_is_too_large_to_unpack_is_told(tmp_path: Path) -> None:
    pages = [shown("Page one tells about leave."), spaces(200), shown("Page three.")]
    (tmp_path / "a.pdf").write_bytes(pdf_of(pages))
    (tmp_path / "none.pdf").write_bytes(pdf_of([]))
    found = outcomes(tmp_path)
    assert code(found["none.pdf"]) == "empty"
    document = found["a.pdf"]
    assert isinstance(document, Document) and [block.page for block in document.blocks] == [1, 3]
    assert [(problem.code, problem.message[:6]) for problem in document.problems] == [("page_failed", "Page 2")]


def test_passwords_go_by_name(tmp_path: Path) -> None:
    for name, password in (("a.pdf", "one"), ("b.pdf", "two")):
        canvas = Canvas(str(tmp_path / name), encrypt=password)
        canvas.drawString(72, 700, f"The text of {name} is here.")
        canvas.save()
    found = outcomes(tmp_path, passwords={"a.pdf": "one"})
    assert {name: code(result) for name, result in found.items()} == {"a.pdf": "ok", "b.pdf": "encrypted"}


def children() -> set[str]:
    """Of any of our threads: the one that started a child is its parent."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {number for task in tasks for number in task.read_text().split()}


def test_closing_ends_the_children(tmp_path: Path) -> None:
    for at in range(20):
        (tmp_path / f"{at}.md").write_text(f"Rule {at} is a rule like any other one.")

    before = children()  # of other tests: servers
    reading = read_all([(path, tmp_path) for path in tmp_path.iterdir()], **LIMITS)  # type: ignore[arg-type]
    next(reading)
    reading.close()
    end = time.monotonic() + 20
    while children() - before and time.monotonic() < end:
        pass
    assert not children() - before


def test_a_child_knows_no_secret_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-ours")
    for at in range(20):
        (tmp_path / f"{at}.md").write_text(f"Rule {at} is a rule like any other one.")
    before = children()
    reading = read_all([(path, tmp_path) for path in tmp_path.iterdir()], **LIMITS)  # type: ignore[arg-type]
    next(reading)
    known = [Path(f"/proc/{number}/environ").read_bytes() for number in children() - before]
    reading.close()
    assert known and not any(b"secret-of-ours" in one for one in known)


def test_a_process_with_many_open_files_reads_too(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Leave\n\nEverybody has thirty days of leave a year.\n")
    with contextlib.ExitStack() as stack:
        for _ in range(1_100):
            stack.enter_context(Path(os.devnull).open())
        assert {name: code(result) for name, result in outcomes(tmp_path).items()} == {"a.md": "ok"}
