"""What a message tells of, by the classifier as deployed and by the words that leave no doubt; what follows from it."""

import tomllib
from pathlib import Path

import pytest

from bot.privacy.find import find
from bot.privacy.mask import Mask
from bot.texts import languages, of
from bot.types import Question
from bot.understanding.topics import COMFORTED, Kind, Likely, Told, first, instead, outside_family, told, unfit
from bot.wiring.adapters import ByMeaning
from knowledge.errors import KnowledgeError
from knowledge.index.embed import MiniLM
from tests.rows import each

ROWS = Path(__file__).parents[2] / "eval/conversation/matters_by_kind/rows.toml"


@pytest.fixture(scope="module")
def tell() -> Likely:
    return ByMeaning(MiniLM().embed).told


def kind(of_it: Told | None) -> str:
    return of_it.kind if of_it else "none"


def kinds(of_it: Told | None) -> tuple[str | None, ...]:
    return (of_it.kind, of_it.topic) if of_it else ("none",)


def test_what_reviewers_found_misheard_is_heard(tell: Likely) -> None:
    """The classifier has learned from these; tests/eval/conversation/sensitive.py counts what it hears of others."""
    listed = tomllib.loads(ROWS.read_text(encoding="utf-8"))
    rows = [(text, wanted) for wanted, texts in listed.items() for text in texts.strip().splitlines()][::5]
    wrong = [f"{wanted}, not {heard}: {text}" for text, wanted in rows if wanted not in (heard := kinds(tell(text)))]
    assert len(wrong) <= 0.06 * len(rows), "\n".join(wrong)


@each("text, wanted")
def test_every_kind_is_told_and_looked_up_in_every_language(tell: Likely, text: str, wanted: Kind) -> None:
    of_it = tell(text)
    assert of_it is not None and of_it.kind == wanted and of_it.part in text


@each("wanted", COMFORTED)
def test_every_kind_has_a_kind_word_and_is_looked_up_in_every_language(wanted: Kind) -> None:
    for language in languages():
        assert of(language).kindly(wanted) != of(language).kindly("debts")
        looked_up, english = instead(Told(wanted, ""), language), instead(Told(wanted, ""), "en")
        assert bool(looked_up) == (wanted != "delivery")  # what is handed in is looked up itself
        assert wanted == "delivery" or language == "en" or len(looked_up) > len(english)


@each(
    "text",
    [
        "I want to kill myself",
        "I've been thinking about suicide again",
        "Ich bringe mich um",
        "J'ai envie de mourir",
        "No quiero seguir viviendo",
        "İNTİHAR ETMEK İSTİYORUM",
        "kendimi asmak istiyorum",
    ],
)
def test_words_that_leave_no_doubt_are_heard_though_nothing_embeds(text: str) -> None:
    def fails(texts: object) -> None:
        raise KnowledgeError("no")

    assert kind(ByMeaning(fails).told(text)) == "self_harm"


@each(
    "text",
    [
        "Is suicide prevention training mandatory?",
        "Kendimi aşmak istiyorum, hangi fırsatlar var?",
        "I nearly died laughing at the summer party, who took the photos?",
        "Zahlt die Lebensversicherung bei Suizid?",
        "j'ai envie de mourir de rire",
    ],
)
def test_what_sounds_like_it_is_none(text: str) -> None:
    assert told(text) is None


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
        "is there beer at the summer party",
        "Wie viele Krankheitstage werden bezahlt?",
        "Combien de semaines dure le congé de maternité ?",
        "¿Qué indemnización hay por despido?",
        "Doğum izni kaç hafta?",
        "this deadline is killing me, who can move it",
        "who cleans up a coffee spill?",
        "what are the steps for cleaning up a solvent spill in the lab?",
        "",
        "🙂" * 500,
        "and once i've done my 10 yrs?",
        "and after my first two weeks, what then?",
        "per person?",
        "so is it per head?",
        "one person?",
        "pro Person?",
        "par personne ?",
        "¿por persona?",
        "kişi başı mı?",
        "and if I go to the max myself?",
        "what if I drive myself?",
        "Tell me everything on study leave, now",
        "Need a letter for my mortgage that says I work here",
        "Started 3 weeks ago as a waitress in Cork and honestly it's not for me. How quickly can I be out of here?",
        "meds fridge reading 9.4 this morning, insulins and vaccines in there. bin the lot?",
    ],
)
def test_what_anybody_may_read_is_nothing_told(tell: Likely, text: str) -> None:
    assert tell(text) is None


@each(
    "text, tells",
    [
        ("Tell me everything about leave", False),
        ("I want to know everything about leave", False),
        ("Explain everything about leave to me", False),
        ("Give me all the rules on gifts", False),
        ("Ich möchte alles über den Mutterschutz erfahren", False),
        ("Erzähl mir alles zum Thema Elternzeit", False),
        ("Explique-moi tout sur le congé maladie", False),
        ("Quiero saberlo todo sobre la baja médica", False),
        ("Bana hastalık izni hakkında her şeyi söyle", False),
        ("I want to leave everything", True),
        ("I want to know everything about how to kill myself", True),
        ("Tell me about painless ways to die", True),
        ("I want to tell someone everything about what my boss does to me", True),
        ("Tell me everything about leave, I can't go on any more", True),
        ("I want to know about leave because my mother died", True),
        ("I'm pregnant, tell me everything about leave", True),
        ("Tell me everything about my burnout leave", True),
        ("Erzähl mir alles über Krankmeldung, ich bin am Ende", True),
        ("Ich will über alles reden, was mein Chef mit mir macht", True),
        ("Je veux tout savoir sur le congé, ma mère est morte", True),
        ("Quiero contarlo todo sobre mi acoso", True),
        ("Her şeyi bırakıp gitmek istiyorum", True),
    ],
)
def test_who_asks_to_be_told_of_a_topic_tells_no_more_than_that(tell: Likely, text: str, tells: bool) -> None:
    assert (tell(text) is not None) == tells


def test_a_bite_is_an_accident_and_nothing_more(tell: Likely) -> None:
    bitten = tell("I was bitten by a cat, what now?")
    assert bitten is not None and (bitten.kind, bitten.beside) == ("accident", "health")


def test_spelling_is_mended_before_the_kind_is_told(tell: Likely) -> None:
    assert tell("our guests from Korea come for 2 nights. does Halden pay their hotel or do they?") is None  # no Holden
    assert kind(tell("my laptop was stollen from the trian")) == "device"


@each(
    "of_it, text, model, wanted",
    [
        ("bereaved", "my father died last night", False, ("bereaved", None)),
        ("bereaved", "my father died, how many days off do i get?", False, (None, "bereaved")),
        ("harassment", "my manager keeps shouting at me, is he allowed to do that?", False, ("harassment", None)),
        ("witness", "my boss takes bribes", False, ("witness", None)),
        ("addiction", "I am an alcoholic", False, ("addiction", None)),
        ("addiction", "I drink, do I lose my job?", False, (None, None)),
        ("health", "I have the flu, what now?", False, ("health", None)),
        ("device", "Mein Laptop ist weg. Was soll ich jetzt machen?", False, ("device", None)),
        ("bereaved", "mon père est mort, que faire ?", False, ("bereaved", None)),
        ("dismissal", "me han despedido, ¿y ahora qué hago?", False, (None, None)),
        ("clicked", "linke tıkladım, şimdi ne yapayım?", False, ("clicked", None)),
        ("clicked", "I clicked on it, what do I do with the phone?", False, (None, "clicked")),
        ("emergency", "a colleague collapsed, what is the procedure?", False, ("emergency", None)),
        ("self_harm", "I want to kill myself", False, (None, "self_harm")),
        ("self_harm", "I want to kill myself", True, (None, "self_harm")),
        ("person", "can somebody call me? this is urgent", True, ("person", None)),
        ("bereaved", "my uncle died, funeral's friday", True, (None, "bereaved")),
        ("legal", "I've had enough, I'm suing", True, (None, "legal")),
        ("device", "someone stole my work phone, who do i tell?", True, (None, None)),
        ("emergency", "a colleague collapsed, what is the procedure?", True, (None, "emergency")),
        ("fired", "they fired me", True, (None, "fired")),
        ("debts", "I can't pay my rent", True, (None, "debts")),
        ("health", "I have cancer", True, (None, "health")),
        ("dismissal", "they fired me", False, (None, None)),
        ("fired", "they fired me", False, ("fired", None)),
        (None, "how many days off do i get?", False, (None, None)),
    ],
)
def test_what_is_asked_beside_it_is_answered_below_a_kind_word(
    of_it: Kind | None, text: str, model: bool, wanted: tuple[Kind | None, Kind | None]
) -> None:
    assert first(Told(of_it, text) if of_it else None, text, model=model) == wanted


@each("text, asked")
def test_what_is_asked_of_another_matter_is_told_apart(tell: Likely, text: str, asked: str) -> None:
    of_it = tell(text)
    assert of_it is not None and of_it.asked.startswith(asked) and bool(of_it.asked) == bool(asked)


@each("text, wanted")
def test_who_was_fired_is_comforted_and_who_leaves_is_not(tell: Likely, text: str, wanted: str | None) -> None:
    assert kind(tell(text)) == (wanted or "none")


@each("text, wanted")
def test_who_lost_a_child_to_be_is_not_wished_well(tell: Likely, text: str, wanted: str | None) -> None:
    assert kind(tell(text)) == (wanted or "none")


@each("text, wanted")
def test_another_s_suicide_is_no_cry_for_help(text: str, wanted: str | None) -> None:
    assert kind(told(text)) == (wanted or "none")


@each("text, wanted")
def test_who_is_stuck_or_sees_a_bag_left_alone_is_in_danger(text: str, wanted: str | None) -> None:
    assert kind(told(text)) == (wanted or "none")


@each("text, wanted")
def test_violence_at_home_is_none_at_work(text: str, wanted: str | None) -> None:
    assert kind(told(text)) == (wanted or "none")


@each("text, wanted")
def test_how_something_is_reported_is_no_victim_s_message(tell: Likely, text: str, wanted: str) -> None:
    assert kind(tell(text)) == wanted


def test_a_question_is_answered_where_meaning_alone_tells_of_others_wrongs() -> None:
    asked = "our guests come for two nights, who pays?"
    assert first(Told("witness", asked, likely=0.9), asked) == (None, "witness")
    assert first(Told("witness", asked), asked) == ("witness", None)


@each("of_it, topic", [("strain", "health"), ("absent", "health"), ("pay", "pay"), ("device", None), ("birth", None)])
def test_what_no_channel_should_read_follows_from_the_kind(of_it: Kind, topic: str | None) -> None:
    assert Told(of_it, "").topic == topic


def test_a_colleague_who_is_mentioned_is_named_to_the_masks_too() -> None:
    """What is read has placeholders in place of people."""
    wanted = {
        "pay": ["what does {} earn?", "how much did {} get as a bonus?", "was verdient {}?", "combien gagne {} ?",
                "¿cuánto gana {}?", "{} ne kadar kazanıyor?"],
        "absent": ["is {} on sick leave?", "is {} on sick leave or on vacation?"],
        "none": ["can {} approve my leave?", "who pays {}'s taxi?"],
    }  # fmt: skip
    texts = [(one.format("<@U012ABCDEF>"), of_it) for of_it, listed in wanted.items() for one in listed]
    heard = [(text, kind(told(Mask(find).question(Question("", text)).text)), of_it) for text, of_it in texts]
    assert [one for one in heard if one[1] != one[2]] == []
    assert kind(told("what does <NAME_1> earn?")) == "pay"


def test_what_is_looked_up_holds_the_part_that_tells() -> None:
    mourned = Told("bereaved", "mum slipped away last night.")
    assert instead(mourned, "en") == ["days of leave for a death in the family: mum slipped away last night."]
    assert "sickness of a child" in instead(Told("relative", "my little one's burning up"), "en")[0]
    assert "care leave" in instead(Told("relative", "my mother is in hospital"), "en")[0]
    assert "leave requested" in instead(Told("delivery", "put me down for leave on friday"), "en")[0]


@each("text, whom")
def test_who_died_is_named_where_a_manual_seldom_names_them(text: str, whom: str | None) -> None:
    assert outside_family(Told("bereaved", text)) == whom and outside_family(Told("relative", text)) is None


@each("text, wanted")
def test_a_pet_s_death_is_a_loss_too_and_a_phone_s_is_none(tell: Likely, text: str, wanted: str | None) -> None:
    assert kind(tell(text)) == (wanted or "none")


@each("of_it, row, hurts")
def test_no_row_hurts_whom_it_is_shown_to(of_it: Kind, row: str, hurts: bool) -> None:
    assert unfit(of_it, row, "") == hurts


def test_a_row_that_may_hurt_is_shown_to_who_asks_for_it_by_name() -> None:
    row = "death of a partner, child or parent"
    assert unfit("birth", row, "our daughter was born") and not unfit("birth", row, "days for the death of a child?")
