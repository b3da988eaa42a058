"""What a message confides by its meaning, where no word of the lists says so; the bundled model, as deployed."""

from __future__ import annotations

import pytest

from bot.privacy.find import find
from bot.privacy.mask import Mask
from bot.types import Question
from bot.understanding.topics import Likely, confided, matter, topic
from bot.wiring.adapters import ByMeaning
from knowledge.errors import KnowledgeError
from knowledge.index.embed import MiniLM
from knowledge.text.words import Speller
from tests.rows import each


@pytest.fixture(scope="module")
def likely() -> Likely:
    return ByMeaning(MiniLM().embed).topic


@each("text, wanted")
def test_what_no_word_tells_its_meaning_does(likely: Likely, text: str, wanted: str) -> None:
    assert topic(text) is None and topic(text, likely) == wanted


@each(
    "text, wanted",
    [
        ("my teammate went grey and slumped over, his lips are blue, who do I ring", "emergency"),
        ("we bury my nan on Tuesday, she raised me", "bereaved"),
        ("the school rang, my boy was hit by a car and I'm on my way", "relative"),
        ("a caller claimed to be from support and wanted the code on my phone", "phishing"),
        ("I shall see this firm before a judge", "legal"),
    ],
)
def test_a_matter_is_told_by_its_meaning_too(likely: Likely, text: str, wanted: str) -> None:
    assert matter(text) is None and matter(text, likely=likely) == wanted


@each(
    "text",
    [
        "how do I record overtime",
        "who is on the committee against bullying",
        "I want to end my trial subscription of the tool",
        "my manager is away, who signs",
        "how much sick leave do I get",
        "what happens if I'm dismissed during probation?",
        "maternity leave weeks",
        "what is the salary band of a data analyst",
        "who pays if a laptop is damaged",
        "is there beer at the summer party",
        "Wie viele Krankheitstage werden bezahlt?",
        "Combien de semaines dure le congé de maternité ?",
        "¿Qué indemnización hay por despido?",
        "Doğum izni kaç hafta?",
        "this deadline is killing me, who can move it",
        "",
        "🙂" * 500,
        "and once i've done my 10 yrs?",
        "and after my first two weeks, what then?",
    ],
)
def test_what_anybody_may_read_is_not_sensitive(likely: Likely, text: str) -> None:
    assert topic(text, likely) is None and matter(text, likely=likely) is None


def test_spelling_is_mended_before_the_kind_is_told() -> None:
    model = MiniLM()
    told = ByMeaning(model.embed, Speller(model.dictionary()).mended).topic
    assert ByMeaning(model.embed).topic("My phone screen is brroken") == "device"  # an unknown word tells of anything
    assert told("My phone screen is brroken") == told("My phone screen is broken") != "device"


def test_an_embedder_that_fails_tells_nothing() -> None:
    def fails(texts: object) -> None:
        raise KnowledgeError("no")

    assert ByMeaning(fails).topic("everything is pointless") is None


@each(
    "text, instead_of_it, beside_it",
    [
        ("my father died last night", "bereaved", None),
        ("my father died, how many days off do i get?", None, "bereaved"),
        ("my mother is in hospital, how many days of care leave do i get?", None, "relative"),
        ("someone stole my work phone at the gym, who do i tell?", None, "device"),
        ("my manager keeps shouting at me, is he allowed to do that?", "harassment", None),
        ("a colleague collapsed, what is the procedure?", "emergency", None),
        ("I want to kill myself, does my insurance cover therapy?", None, "self_harm"),
        ("can somebody call me? this is urgent", "person", None),
        ("how many days off do i get?", None, None),
        ("I'm tired of being alive. how many sick days are left?", None, "self_harm"),
    ],
)
def test_what_is_asked_beside_it_is_answered_below_a_kind_word(
    text: str, instead_of_it: str | None, beside_it: str | None
) -> None:
    assert confided(text) == (instead_of_it, beside_it)


@each(
    "text, instead_of_it, beside_it",
    [
        ("my dad had a stroke on sunday, how long can I stay away", None, "relative"),
        ("my uncle died, funeral's friday. is there a day for uncles", None, "bereaved"),
        ("babaannem dün gece vefat etti. kaç gün iznim var", None, "bereaved"),
        ("I've had enough, tell the people team I'm suing", None, "legal"),
        ("my grandfather has only a few weeks left, can i take leave", None, "relative"),
        ("i was diagnosed with cancer, how long do i get paid", None, "ill"),
        ("does the insurance cover cancer?", None, None),
        ("someone stole my work phone at the gym, who do i tell?", None, None),
        ("how many days are there for a funeral?", None, None),
        ("a colleague collapsed, what is the procedure?", None, None),
        ("my dad drives me to work, is his parking paid?", None, None),
        ("my uncle works here too, may he sign for me?", None, None),
        ("can somebody call me? this is urgent", "person", None),
    ],
)
def test_a_model_that_answers_has_no_kind_word_of_its_own(
    text: str, instead_of_it: str | None, beside_it: str | None
) -> None:
    assert confided(text, model=True) == (instead_of_it, beside_it)


@each("text, heard")
def test_a_hint_of_self_harm_counts_whatever_the_meaning_says(likely: Likely, text: str, heard: str | None) -> None:
    assert topic(text, likely) == heard


def test_a_colleague_who_is_mentioned_is_named_to_the_masks_too() -> None:
    """What is read has placeholders in place of people."""
    wanted = {
        "pay": ["what does {} earn?", "how much did {} get as a bonus?", "was verdient {}?", "combien gagne {} ?",
                "¿cuánto gana {}?", "{} ne kadar kazanıyor?"],
        "health": ["is {} on sick leave?", "is {} on sick leave or on vacation?"],
        None: ["can {} approve my leave?", "who pays {}'s taxi?"],
    }  # fmt: skip
    texts = [(one.format("<@U012ABCDEF>"), kind) for kind, listed in wanted.items() for one in listed]
    heard = [(text, topic(Mask(find).question(Question("", text)).text), kind) for text, kind in texts]
    assert [one for one in heard if one[1] != one[2]] == []
    assert topic("what does <NAME_1> earn?") == "pay"


@each("text, wanted")
def test_what_is_confided_and_what_only_sounds_like_it(likely: Likely, text: str, wanted: str | None) -> None:
    assert topic(text, likely) == wanted
