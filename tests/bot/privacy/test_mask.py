"""Placeholders in, values back for their writer alone."""

from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.privacy.find import find
from bot.privacy.mask import Mask, alone, masked, sent, shape
from bot.types import Question, Turn

THREAD = Question(
    "q",
    "And may a@b.example call +49 151 23452439, too? x@y.example",
    (Turn("user", "Send it to x@y.example"), Turn("agent", "Sent to x@y.example; ask hr@firm.example.")),
)


def test_the_same_value_has_the_same_placeholder_in_the_whole_thread() -> None:
    found = Mask(find).question(THREAD)
    assert found.text == "And may <EMAIL_2> call <PHONE_1>, too? <EMAIL_1>"
    assert [turn.text for turn in found.history] == [
        "Send it to <EMAIL_1>",
        "Sent to <EMAIL_1>; ask hr@firm.example.",  # the manual's contact stays
    ]


def test_values_come_back_to_their_writer_and_others_as_words() -> None:
    mask = Mask(find)
    mask.text("I am z@other.example", own=False)
    mask.question(THREAD)
    assert (
        mask.back("To <EMAIL_2> and <EMAIL_1>, <EMAIL_9>")
        == "To x@y.example and the e-mail address, the e-mail address"
    )


def test_secrets_and_people_never_come_back() -> None:
    mask = Mask(find)
    said = mask.text("<@U012ABCDEF> and <@U012ABCDEG> know password: hunter2")
    assert said == "<PERSON_1> and <PERSON_2> know password: <SECRET_1>"
    assert mask.back(said) == f"person A and person B know password: {texts.of().placeholders['SECRET']}"


def test_people_of_a_thread_come_back_by_their_names() -> None:
    mask = Mask(find, {"<@U012ABCDEG>": "Will"}.get)
    turns = (Turn("user", "90", "<@U012ABCDEF>"), Turn("user", "No, Plan B: 140", "<@U012ABCDEG>"))
    found = mask.question(Question("q", "What <@U012ABCDEG> says?", turns, speaker="<@U012ABCDEF>"))
    assert [turn.speaker for turn in found.history] == ["<PERSON_1>", "<PERSON_2>"]
    assert (found.text, found.speaker) == ("What <PERSON_2> says?", "<PERSON_1>")
    assert Mask(find).question(found) == found
    assert mask.back("<PERSON_2>'s Plan B, not <PERSON_1>'s") == "Will's Plan B, not person A's"
    assert mask.hidden("Will's Plan B") == "<PERSON_2>'s Plan B"


def test_what_is_masked_stays_and_new_values_get_new_numbers() -> None:
    once = Mask(find).question(THREAD)
    assert Mask(find).question(once) == once
    assert Mask(find).text("<EMAIL_1> or new@b.example") == "<EMAIL_1> or <EMAIL_2>"


def test_a_message_and_what_became_of_it_have_one_shape() -> None:
    assert (
        shape(alone(THREAD.text, find))
        == shape(Mask(find).question(THREAD).text)
        != shape(alone("Something else, x@y.example", find))
    )


def test_what_another_person_of_the_thread_wrote_does_not_come_back() -> None:
    mask = Mask(find)
    turns = (Turn("user", "I am z@other.example", "A"), Turn("user", "and I x@y.example", "B"))
    found = mask.question(Question("q", "Which of us?", turns, speaker="B"))
    assert [turn.text for turn in found.history] == ["I am <EMAIL_1>", "and I <EMAIL_2>"]
    assert mask.back("<EMAIL_1> <EMAIL_2>") == f"{texts.of().placeholders['EMAIL']} x@y.example"


def test_every_kind_has_words() -> None:
    assert set(texts.of().placeholders) == {
        "EMAIL", "PHONE", "CARD", "IBAN", "NATIONAL_ID", "IP", "BIRTH_DATE", "SECRET", "PERSON", "NAME"
    }  # fmt: skip


@given(
    st.lists(
        st.sampled_from(
            [
                "a@b.example",
                "+49 151 23452439",
                "10.1.2.3",
                "hello",
                "<EMAIL_1>",
                "DE89370400440532013000",
                "\n",
                "leave?",
            ]
        )
    )
)
def test_a_masked_text_holds_nothing_personal_and_comes_back(words: list[str]) -> None:
    said = " ".join(words)
    mask = Mask(find)
    hidden = mask.text(said)
    assert find(hidden) == ()
    assert masked(hidden) == bool(find(said) or "<EMAIL_1>" in said)
    if "<EMAIL_1>" not in said:
        assert mask.back(hidden) == said
    assert alone(alone(said, find), find) == alone(said, find)


def test_what_is_sent_to_people_keeps_only_what_says_how_to_reach_somebody() -> None:
    kept = (
        "Call me: +49 170 1234567, or ana@example.com",
        "(ana@example.com, jo@firm.example)",
        "E-Mail:ana@example.com",
        "mailto:ana@example.com",
        "jo (at) firm (dot) example",
        "My card does not open the door. +44 20 7946 0958",
        "My account is locked, tel. 0532 123 45 67",
        "0170 1234567 is my mobile",
        "0170 1234567 (Handy)",
        "Meine Kundennummer finde ich nicht, ruf mich an: 0170 1234567",
        "Appelez-moi au 06 12 34 56 78",
        "Llámame al 612 34 56 78",
        "Beni arayın: 0532 123 45 67",
        "Hesabım kapalı. Telefonum 0532 123 45 67",
    )
    masked_there = (
        ("postgres://bob:secret@db.example.com/x", "secret"),
        ("https://bob:pw@host.com/x", "pw@"),
        ("smtp://mail:secret@host.com", "secret"),
        ("https://token@host.com/x", "token"),
        ("bob:secret@db.example.com", "secret"),
        ("my bank account 12 34 56 78 90", "56 78"),
        ("employee no. 004917012345", "0049"),
        ("kundennr 0800 123456", "0800"),
        ("Kunden-Nr.: 0800 123456", "0800"),
        ("customer number +49 170 1234567", "170"),
        ("call me about my account, 0170 1234567", "0170"),
        ("Call me. My account number is 0170 1234567", "0170"),
        ("0170 1234567 is my account number", "0170"),
        ("0170 1234567 (Kontonummer), ruf mich an", "0170"),
        ("+49 170 1234567 ist meine Kundennummer", "170"),
        ("Steuernummer 0170 1234567", "0170"),
        ("hesap numaram 0532 123 45 67", "0532"),
        ("müşteri numarası: 0532 123 45 67", "0532"),
        ("mi número de cuenta es 612 34 56 78", "612"),
        ("mon numéro de compte: 06 12 34 56 78", "06 12"),
        ("card number 0170 1234567", "0170"),
        ("Where does 0170 1234567 come from?", "0170"),
    )
    wrong = [said for said in kept if sent(said, find) != said]
    wrong += [said for said, value in masked_there if value in sent(said, find)]
    assert wrong == []
