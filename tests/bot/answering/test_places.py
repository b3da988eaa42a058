"""What a person is shown of a cited place: the manual's text as it is in the record, the cited words marked in it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.places import AROUND, places
from bot.types import Answer, Citation, Outcome
from knowledge.types import PageSpan, Passage

TEXT = (
    "Travel in general.\n\nMeals are refunded. Up to 40 euros a day are paid. Alcohol is not.\n\n"
    "Hotels are booked by the desk.\n- ask early\n- ask twice"
)


def passage(text: str = TEXT, key: str = "c1", **facts: object) -> Passage:
    base: dict[str, object] = {"document": "t.pdf", "title": "Travel", "section": ("Meals",), "owner": "Finance"}
    return Passage(chunk_id=key, text=text, score=1.0, pages=(PageSpan(0, 3, "1"),), **(base | facts))  # type: ignore[arg-type]


def cited(*quotes: str, **facts: object) -> Answer:
    base: dict[str, object] = {"chunk_id": "c1", "document": "t.pdf", "title": "Travel", "section": ("Meals",)}
    citation = Citation(n=1, quote=quotes[0], quotes=quotes, page=3, **(base | facts))  # type: ignore[arg-type]
    return Answer(Outcome.ANSWERED, "x", citations=(citation,), passages=(passage(),))


def test_the_words_are_marked_inside_their_paragraph() -> None:
    (place,) = places(cited("Up to 40 euros a day are paid."))
    assert place.paragraphs == (
        (("Meals are refunded. ", False), ("Up to 40 euros a day are paid.", True), (" Alcohol is not.", False)),
    )
    assert place.owner == "Finance"
    assert place.wanted[0].before.endswith("Meals are refunded. ")
    assert place.wanted[0].after.startswith(" Alcohol is not.")


def test_several_quotes_share_their_paragraph_and_two_paragraphs_are_two() -> None:
    (place,) = places(cited("Alcohol is not.", "Meals are refunded.", "- ask early"))
    assert [[text for text, marked in runs if marked] for runs in place.paragraphs] == [
        ["Meals are refunded.", "Alcohol is not."],
        ["- ask early"],
    ]


def test_a_quote_of_a_record_without_its_passage_stands_alone() -> None:
    answer = cited("Gone from the record.")
    (place,) = places(answer)
    assert place.paragraphs == ((("Gone from the record.", True),),)
    assert place.wanted[0].text == "Gone from the record."


def test_a_long_paragraph_is_cut_around_the_words() -> None:
    long = "word " * 500 + "Meals are refunded." + " more" * 500
    answer = Answer(Outcome.ANSWERED, "x", citations=cited("Meals are refunded.").citations, passages=(passage(long),))
    ((runs,),) = (place.paragraphs for place in places(answer))
    shown = "".join(text for text, _ in runs)
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= 2 * AROUND + 40


SENTENCES = st.lists(st.sampled_from(["Ask first.", "No.", "Meals are paid.", "Go by train."]), min_size=1, max_size=12)


@given(SENTENCES, st.lists(st.sampled_from([" ", "\n\n", "\n"]), min_size=12, max_size=12), st.data())
def test_what_is_bold_is_what_is_cited_and_the_rest_is_the_manuals(
    sentences: list[str], between: list[str], data: st.DataObject
) -> None:
    text = "".join(s + b for s, b in zip(sentences, between, strict=False)).strip()
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))]
    answer = Answer(Outcome.ANSWERED, "x", citations=cited(quote).citations, passages=(passage(text),))
    ((runs,),) = (place.paragraphs for place in places(answer)) if quote.strip() else ((((), ()),),)
    if quote.strip():
        assert [t for t, marked in runs if marked] == [quote]
        assert "".join(t for t, _ in runs) in text
