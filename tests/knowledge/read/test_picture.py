"""Pages as pictures with the cited words marked: real PDFs, looked at pixel by pixel where the words were drawn."""

import io
import random
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from knowledge.errors import PictureError
from knowledge.read.marks import Wanted, find, letters
from knowledge.read.picture import DPI, MAX_SIDE, Picture, picture

HANDBOOK = Path(__file__).parents[3] / "bot" / "demo" / "manual" / "handbook.pdf"
Box = tuple[float, float, float, float]  # left, bottom, right, top in points


def page(path: Path, rows: list[tuple[float, float, str]], **options: object) -> Path:
    canvas = Canvas(str(path), pagesize=A4, **options)
    canvas.setFont("Helvetica", 12)
    for x, y, text in rows:
        canvas.drawString(x, y, text)
    canvas.save()
    return path


def yellow(made: Picture, x: float, y: float, *, height: float = A4[1]) -> bool:
    """Is the paper just above the base line at x, y (points from the lower left corner) marked?"""
    image = Image.open(io.BytesIO(made.png)).convert("RGB")
    scale = image.height / height
    around = [(round(x * scale) + dx, round((height - y - 4) * scale) + dy) for dx in range(-4, 5) for dy in (-2, 0, 2)]
    found = [image.getpixel(place) for place in around]
    return any(r > 200 and g > 180 and b < 160 for r, g, b in found)  # type: ignore[misc]


def test_the_words_are_marked_where_they_stand_and_nothing_else(tmp_path: Path) -> None:
    path = page(tmp_path / "a.pdf", [(72, 700, "Meals are refunded up to 40 euros."), (72, 600, "Hotels are booked.")])
    made = picture(path, 1, [Wanted("Meals are refunded up to 40 euros.")])
    assert made.marked == (1.0,)
    assert yellow(made, 100, 700)
    assert not yellow(made, 100, 600)
    image = Image.open(io.BytesIO(made.png))
    assert abs(image.width - A4[0] * DPI / 72) <= 2


def test_of_equal_sentences_the_one_with_the_same_neighbours_is_marked(tmp_path: Path) -> None:
    rows = [(72, 700, "Interns:"), (72, 680, "Ask first."), (72, 600, "Directors:"), (72, 580, "Ask first.")]
    path = page(tmp_path / "a.pdf", rows)
    made = picture(path, 1, [Wanted("Ask first.", before="Directors:")])
    assert yellow(made, 90, 580)
    assert not yellow(made, 90, 680)


def test_a_sentence_over_lines_with_a_hyphen_between_is_marked_on_both(tmp_path: Path) -> None:
    rows = [(72, 700, "The reim-"), (72, 684, "bursement takes ten days."), (72, 668, "Then ask.")]
    made = picture(page(tmp_path / "a.pdf", rows), 1, [Wanted("The reimbursement takes ten days.")])
    assert made.marked == (1.0,)
    assert yellow(made, 90, 700)
    assert yellow(made, 90, 684)
    assert not yellow(made, 90, 668)


def test_a_turned_and_cut_page_is_marked_where_a_person_sees_it(tmp_path: Path) -> None:
    with pypdfium2.PdfDocument(page(tmp_path / "a.pdf", [(100, 700, "Meals are refunded.")])) as pdf:
        pdf[0].set_cropbox(50, 50, 545, 792)
        pdf[0].set_rotation(90)
        pdf.save(tmp_path / "turned.pdf")
    made = picture(tmp_path / "turned.pdf", 1, [Wanted("Meals are refunded.")])
    image = Image.open(io.BytesIO(made.png)).convert("RGB")
    assert image.width > image.height
    scale = image.width / (792 - 50)
    x, y = (700 + 4 - 50) * scale, (130 - 50) * scale  # a quarter turn clockwise: up becomes right, right becomes down
    pixels = [image.getpixel((round(x) + dx, round(y) + dy)) for dx in range(-3, 4) for dy in range(-3, 4)]
    assert any(b < 160 < r for r, _, b in pixels)  # type: ignore[misc]


def test_words_that_are_not_on_the_page_leave_it_as_it_is(tmp_path: Path) -> None:
    path = page(tmp_path / "a.pdf", [(72, 700, "Meals are refunded.")])
    made = picture(path, 1, [Wanted("Pets may come to the office on Fridays."), Wanted("")])
    assert made.marked == (0.0, 0.0)
    assert not yellow(made, 90, 700)


def test_what_is_cut_by_the_pages_end_is_marked_as_far_as_it_goes(tmp_path: Path) -> None:
    path = page(tmp_path / "a.pdf", [(72, 60, "Whoever travels by train is refunded the second class")])
    whole = "Whoever travels by train is refunded the second class on all lines of the country and abroad."
    made = picture(path, 1, [Wanted(whole)])
    assert 0.3 < made.marked[0] < 0.9
    assert yellow(made, 100, 60)


def test_an_encrypted_file_needs_its_password(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    path = page(
        tmp_path / "a.pdf", [(72, 700, "Meals are refunded.")], encrypt=StandardEncryption("sesame", strength=128)
    )
    with pytest.raises(PictureError) as failure:
        picture(path, 1, [])
    assert failure.value.code == "encrypted"
    assert "POLICYBOT_PDF_PASSWORDS" in failure.value.message
    assert picture(path, 1, [Wanted("Meals are refunded.")], password="sesame").marked == (1.0,)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    path = page(tmp_path / "a.pdf", [(72, 700, "One.")])
    for file, number, code in ((tmp_path / "none.pdf", 1, "gone"), (path, 2, "no_page"), (path, 0, "no_page")):
        with pytest.raises(PictureError) as failure:
            picture(file, number, [])
        assert failure.value.code == code


def test_a_page_as_large_as_a_house_becomes_a_small_picture(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(14_000, 3_000))
    canvas.drawString(100, 100, "Small print.")
    canvas.save()
    made = picture(tmp_path / "a.pdf", 1, [Wanted("Small print.")])
    assert max(Image.open(io.BytesIO(made.png)).size) <= MAX_SIDE + 1
    assert made.marked == (1.0,)


def test_odd_files_give_a_picture_or_an_error_and_nothing_else(tmp_path: Path) -> None:
    """Twenty damaged copies, seeded; three hundred were measured (docs/lab/2026-11-28-show-in-manual.md)."""
    dice = random.Random(3)
    whole = HANDBOOK.read_bytes()
    path = tmp_path / "odd.pdf"
    for _ in range(20):
        content = bytearray(whole)
        for _ in range(dice.randint(1, 80)):
            at = dice.randrange(len(content))
            if dice.random() < 0.6:
                content[at] = dice.randrange(256)
            else:
                del content[at : at + dice.randint(1, 400)]
        path.write_bytes(content)
        try:
            made = picture(path, dice.randint(1, 6), [Wanted("annual leave")])
        except PictureError as error:
            assert error.code in ("died", "encrypted", "gone", "no_page", "timeout", "too_large")
        else:
            Image.open(io.BytesIO(made.png)).load()


def test_a_page_that_never_ends_is_given_up(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setLineWidth(400)
    path = canvas.beginPath()
    for at in range(120_000):
        path.moveTo(at % 500, at % 700)
        path.curveTo(0, 800, 600, 0, at % 590, at % 810)
    canvas.drawPath(path)
    canvas.save()
    with pytest.raises(PictureError) as failure:
        picture(tmp_path / "a.pdf", 1, [], deadline_s=1.5)
    assert failure.value.code == "timeout"


def test_a_folder_or_a_text_is_no_pdf(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("no PDF at all")
    (tmp_path / "b.pdf").mkdir()
    for name in ("a.pdf", "b.pdf"):
        with pytest.raises(PictureError):
            picture(tmp_path / name, 1, [])


def test_what_is_left_of_a_sentence_is_told_and_a_chance_stretch_does_not_take_its_words() -> None:
    wanted = Wanted("It is asked for three weeks ahead, so that the team can obtain the certificate.")
    first = find("Work from abroad. It is asked for three weeks", [wanted])[0]
    assert first.rest == "ahead, so that the team can obtain the certificate."
    page_text = "ahead, so that the team can obtain the certificate. Rooms are booked seven days ahead. Weeks later."
    second = find(page_text, [Wanted(first.rest)])[0]
    assert (second.share, second.rest, second.stretches) == (1.0, "", ((0, 50),))
    whole = find(page_text, [wanted])[0]
    assert [page_text[a:b] for a, b in whole.stretches] == ["ahead, so that the team can obtain the certificate"]


WORDS = st.lists(st.text("abcdefghijklmnopäöüßﬁ0123456789", min_size=1, max_size=9), min_size=3, max_size=60)
BETWEEN = st.sampled_from((" ", "\n", "  ", "-\n", "\u00ad\n", " \u2022 ", "\r\n", "\ufffe"))


@given(WORDS, st.data())
def test_words_are_found_whatever_stands_between_them(words: list[str], data: st.DataObject) -> None:
    page_text = "".join(word + data.draw(BETWEEN) for word in words)
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    quote = " ".join(words[start:end]).replace("ﬁ", "fi")
    found = find(page_text, [Wanted(quote)])[0]
    assert found.share == 1.0
    marked, wanted = "".join(letters(page_text[a:b])[0] for a, b in found.stretches), letters(quote)[0]
    assert wanted in marked and len(marked) <= len(wanted) + 2  # a ligature is marked whole


@given(st.text(max_size=400), st.text(max_size=200))
def test_what_is_found_stands_in_the_page(page_text: str, quote: str) -> None:
    found = find(page_text, [Wanted(quote)])[0]
    assert 0.0 <= found.share <= 1.0
    last = 0
    for start, end in found.stretches:
        assert last <= start < end <= len(page_text)
        last = end
    assert bool(found.stretches) == (found.share > 0)
