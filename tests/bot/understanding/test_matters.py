"""Threats, phishing, bullying and emergencies are known by their words, in every language; rules about them are not."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering import editions
from bot.answering.confidence import is_personal
from bot.answering.draft import Draft
from bot.answering.editions import owner_near
from bot.answering.wanted import changes_topic
from bot.texts import languages, of
from bot.types import Answer, Finished, Outcome, Question
from bot.understanding.topics import TOLD, instead, matter, topic
from tests.rows import each

SIBLINGS = tomllib.loads((Path(__file__).parents[2] / "eval/conversation/siblings.toml").read_text("utf-8"))
SPOKEN = {
    "relative": [
        "my mum had a stroke, i'm on my way to the hospital",
        "meine Mutter liegt im Krankenhaus",
        "ma femme est aux urgences",
        "mi padre está en el hospital",
        "annem hastanede",
        "my grandfather has only a few weeks left, can i take leave",
        "my mum was diagnosed with cancer, what leave do I get",
        "my mother is terminally ill, what are my options",
        "mein Opa hat nur noch wenige Wochen, kann ich Urlaub nehmen?",
        "meine Mutter hat Krebs, welche Freistellung gibt es?",
        "mon père est en train de mourir, quel congé ai-je ?",
        "notre fille a une leucémie",
        "ma mère a un cancer, puis-je travailler à temps partiel ?",
        "a mi abuelo le quedan pocas semanas, puedo pedir días?",
        "mi madre tiene cáncer, qué permiso tengo?",
        "dedemin birkaç haftası kaldı, izin alabilir miyim?",
        "anneme kanser teşhisi kondu, ne kadar izin alabilirim?",
    ],
    "ill": [
        "i was diagnosed with cancer last week, how long do i get paid",
        "i have breast cancer. how does sick pay work",
        "just got my diagnosis, it's cancer. what now",
        "bei mir wurde Krebs diagnostiziert, wie lange bekomme ich Gehalt?",
        "on m'a diagnostiqué un cancer, combien de temps suis-je payé ?",
        "me han diagnosticado cáncer, cuánto cobro?",
        "bana kanser teşhisi kondu, maaşım ne kadar ödenir?",
    ],
    "bereaved": [
        "my granddad died on saturday",
        "we lost my grandma this morning",
        "my brother in law passed away last night, funeral is thursday",
        "mein Vater ist gestern gestorben",
        "ma grand-mère est décédée",
        "mi madre falleció ayer",
        "dün annemi kaybettik, annem vefat etti",
    ],
    "strain": [
        "i cant sleep anymore because of work and i cry in the bathroom",
        "i'm completely exhausted and break down crying before every shift",
        "i can't cope any more with the workload",
        "ich kann nicht mehr",
        "je n'en peux plus",
        "ya no puedo más",
        "artık dayanamıyorum",
    ],
    "device": [
        "my laptop got nicked on the train just now, what do i do",
        "someone stole my work phone at the gym, who do i tell",
        "left my laptop in the taxi",
        "My laptop is stolen. Who do I call?",
        "mein Diensthandy wurde geklaut",
        "on a volé mon ordinateur, mon ordinateur a disparu",
        "me han robado el portátil",
        "telefonum çalındı",
    ],
    "person": [
        "get me the People team",
        "Ich möchte mit jemandem aus der Personalabteilung sprechen",
        "je voudrais parler avec quelqu'un",
        "quiero hablar con una persona",
        "gerçek bir kişiyle görüşmek istiyorum",
    ],
    "delivery": [
        "here's my doctor's note",
        "Hi, attached are the receipts of my trip",
        "anbei meine Krankmeldung",
        "voici mon certificat médical",
        "adjunto mi factura del hotel",
        "ekteki raporum",
    ],
    "emergency": [
        "smoke in the server room!!! who do i call",
        "Ein Kollege ist bewusstlos",
        "Arkadaşım bayıldı",
        "Ma collègue s'est évanouie",
        "Mi compañero no respira",
    ],
    "accident": [
        "I hurt myself on the stairs at work",
        "slipped? yes: I slipped in the canteen and my knee hurts",
        "I cut my hand on a box knife",
        "ich habe mich auf der Treppe verletzt",
        "je me suis fait mal dans l'escalier au travail",
        "me he hecho daño en la escalera del trabajo",
        "işte merdivende düştüm",
    ],
    "clicked": [
        "clicked on the parcel link. entered my password. pls don't tell anybody",
        "ich hab auf den Link geklickt und mein Passwort eingegeben",
        "linke tıkladım ve şifremi girdim",
        "j'ai cliqué sur le lien et donné mon mot de passe",
        "he pinchado en un enlace raro",
    ],
    "phishing": [
        "Ich habe eine verdächtige Mail bekommen",
        "Şüpheli bir link geldi, şüpheli mail",
        "J'ai reçu un mail suspect",
        "He recibido un correo sospechoso",
    ],
    "legal": [
        "Mein Anwalt meldet sich",
        "Avukatım sizi arayacak",
        "Mon avocat va vous écrire",
        "Voy a demandar a la empresa",
    ],
    "harassment": [
        "my boss reads my messages and yells at me in front of everyone. is that allowed",
        "my manager keeps shouting at me in meetings, is he allowed to do that?",
        "team lead insults me in the group chat. do i have to put up with that?",
        "Mein Chef beleidigt mich",
        "Müdürüm bana hakaret ediyor",
        "Mon chef m'insulte",
        "Mi jefe me insulta",
    ],
}


@pytest.mark.parametrize("kind", ["legal", "phishing"])
def test_most_siblings_are_known_and_no_rule_is(kind: str) -> None:
    assert {matter(text) for text in SIBLINGS[kind]} <= {kind, "clicked"}
    assert not any(matter(text) for text in SIBLINGS[f"{kind}_not"])


def test_bullying_that_is_told_and_not_asked_about() -> None:
    assert all(matter(text) == "harassment" for text in SIBLINGS["bullying"])
    assert not any(matter(text) for text in SIBLINGS["bullying_not"])
    asked = "How do I report harassment?"
    assert matter(asked) is None and matter(asked, asked=True) == "harassment"


@each("kind", TOLD)
def test_every_kind_is_known_said_and_looked_up_in_every_language(kind: str) -> None:
    assert all(matter(text) == kind for text in SPOKEN[kind])
    for language in languages():
        assert of(language).says.get(kind) or of(language).small_talk[kind]
        looked_up = instead(kind, language, "")  # type: ignore[arg-type]
        english = instead(kind, "en", "")  # type: ignore[arg-type]
        assert bool(looked_up) == (kind != "delivery")  # what is handed in is looked up itself
        assert kind == "delivery" or language == "en" or len(looked_up) > len(english)


@each("text", SIBLINGS["compare"])
def test_a_comparison_of_two_editions_asks_what_changed(text: str) -> None:
    assert changes_topic(text) is not None


def test_a_comparison_of_two_things_does_not() -> None:
    assert changes_topic("compare trains and flights") is None
    assert changes_topic("What is the difference between sick leave and care leave?") is None
    assert changes_topic("Is the bicycle better than the car in 2026?") is None


def test_personal_data_are_told_to_be_deleted() -> None:
    draft = Draft(Question("q", "put <IBAN_1> into the system"), lambda: 0.0)
    assert "personal_data" in draft.finish(Outcome.ANSWERED).answer.notes
    kept = draft.finish(Outcome.ANSWERED).answer
    *_, again = Draft(Question("q", "put <IBAN_1> into the system"), lambda: 0.0).give_again(
        replace(kept, sentences=())
    )
    assert isinstance(again, Finished) and again.answer.notes.count("personal_data") == 1
    draft = Draft(Question("q", "my mail is <EMAIL_1>, how many days of leave do I get?"), lambda: 0.0)
    assert "personal_data" not in draft.finish(Outcome.ANSWERED).answer.notes


def test_a_refusal_names_whom_to_ask_and_says_of_files_first() -> None:
    said = of("en").refusal(Answer(Outcome.REFUSED, "", notes=("unsure", "files"), ask="Benefits"))
    assert "Benefits" in said and said.startswith(of("en").notes["files"])
    assert of("en").notes["files"] not in of("en").remarks(Answer(Outcome.REFUSED, "", notes=("files",)))
    spoken = of("en").refusal(Answer(Outcome.REFUSED, "", notes=("language", "files"), spoken="de"))
    assert spoken == f"{of('en').notes['files']} {of('de').refused_because['language']}"
    assert owner_near([]) == ""


@each(
    "whom, valid, changed",
    [
        ("Wer ist zuständig?", "Gilt das noch?", "Was hat sich geändert?"),
        ("Bunu kime sorabilirim?", "Bu hâlâ geçerli mi?", "Ne değişti?"),
        ("À qui dois-je m'adresser ?", "Est-ce toujours valable ?", "Qu'est-ce qui a changé ?"),
        ("¿A quién puedo preguntar?", "¿Esto sigue siendo válido?", "¿Qué ha cambiado?"),
    ],
)
def test_questions_about_the_documents_are_known_in_every_language(whom: str, valid: str, changed: str) -> None:
    assert editions.asks_whom(whom) and not editions.asks_validity(whom)
    assert editions.asks_validity(valid) and not editions.asks_whom(valid)
    assert changes_topic(changed) is not None


@each(
    "text",
    ["kaç gün iznim kaldı?", "Quel est mon salaire ?", "¿Cuál es mi sueldo?", "Wie viele Urlaubstage habe ich noch?"],
)
def test_questions_for_ones_own_data_are_known_in_every_language(text: str) -> None:
    assert is_personal(text)


@each("text", ["Quel est le plafond de l'hôtel ?", "¿Cuántos días de vacaciones hay?", "Yıllık izin kaç gün?"])
def test_questions_about_rules_are_neither(text: str) -> None:
    asks = editions.asks_whom(text), editions.asks_validity(text), is_personal(text), changes_topic(text)
    assert not any(asks) and matter(text) is None


@each("text", SPOKEN["strain"])
def test_exhaustion_told_in_a_channel_is_for_its_teller_alone(text: str) -> None:
    assert topic(text) == "health"


@each("text")
def test_a_wish_for_a_person_is_one_whatever_else_is_said(text: str) -> None:
    assert matter(text) == "person"


@each("text")
def test_a_question_that_names_people_is_none(text: str) -> None:
    assert matter(text) is None


@each("text, kind")
def test_what_happens_to_somebody_is_told_and_looked_up_in_words_of_its_own(text: str, kind: str) -> None:
    assert matter(text) == kind and instead(matter(text), "en", text)  # type: ignore[arg-type]


def test_debts_are_looked_up_for_where_the_manual_has_no_rule() -> None:
    asked = "my wages are about to be garnished, does the company find out?"
    assert matter(asked) is None and matter(asked, asked=True) == "debts"


@each("text")
def test_a_word_of_a_crisis_or_of_people_makes_no_matter(text: str) -> None:
    assert (matter(text), matter(text, asked=True)) == (None, None)


@each("text, kind")
def test_a_word_of_a_rule_beside_it_hides_no_crisis(text: str, kind: str) -> None:
    assert matter(text) == kind


@each("text, kind")
def test_only_the_part_that_asks_for_a_rule_is_no_crisis(text: str, kind: str | None) -> None:
    assert matter(text, asked=True) == kind
