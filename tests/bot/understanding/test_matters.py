"""Threats, phishing, bullying and emergencies are known by their words, in every language; rules about them are not."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering import editions, outlines
from bot.answering.confidence import is_personal
from bot.answering.draft import Draft
from bot.answering.editions import owner_near
from bot.texts import languages, of
from bot.types import Answer, Finished, Outcome, Question
from bot.understanding.topics import TOLD, instead, matter, topic

SIBLINGS = tomllib.loads((Path(__file__).parents[2] / "eval/conversation/siblings.toml").read_text("utf-8"))
SPOKEN = {
    "relative": [
        "my mum had a stroke, i'm on my way to the hospital",
        "meine Mutter liegt im Krankenhaus",
        "ma femme est aux urgences",
        "mi padre está en el hospital",
        "annem hastanede",
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


@pytest.mark.parametrize("kind", TOLD)
def test_every_kind_is_known_said_and_looked_up_in_every_language(kind: str) -> None:
    assert all(matter(text) == kind for text in SPOKEN[kind])
    for language in languages():
        assert of(language).says.get(kind) or of(language).small_talk[kind]
        looked_up = instead(kind, language, "")  # type: ignore[arg-type]
        english = instead(kind, "en", "")  # type: ignore[arg-type]
        assert bool(looked_up) == (kind != "delivery")  # what is handed in is looked up itself
        assert kind == "delivery" or language == "en" or len(looked_up) > len(english)


@pytest.mark.parametrize("text", SIBLINGS["compare"])
def test_a_comparison_of_two_editions_asks_what_changed(text: str) -> None:
    assert outlines.changes_topic(text) is not None


def test_a_comparison_of_two_things_does_not() -> None:
    assert outlines.changes_topic("compare trains and flights") is None
    assert outlines.changes_topic("What is the difference between sick leave and care leave?") is None
    assert outlines.changes_topic("Is the bicycle better than the car in 2026?") is None


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


@pytest.mark.parametrize(
    ("whom", "valid", "changed"),
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
    assert outlines.changes_topic(changed) is not None


@pytest.mark.parametrize(
    "text",
    ["kaç gün iznim kaldı?", "Quel est mon salaire ?", "¿Cuál es mi sueldo?", "Wie viele Urlaubstage habe ich noch?"],
)
def test_questions_for_ones_own_data_are_known_in_every_language(text: str) -> None:
    assert is_personal(text)


@pytest.mark.parametrize(
    "text", ["Quel est le plafond de l'hôtel ?", "¿Cuántos días de vacaciones hay?", "Yıllık izin kaç gün?"]
)
def test_questions_about_rules_are_neither(text: str) -> None:
    asks = editions.asks_whom(text), editions.asks_validity(text), is_personal(text), outlines.changes_topic(text)
    assert not any(asks) and matter(text) is None


WISHES = [
    "not clear for my case, i want someone from the people team to look at it",
    "who can i call about this",
    "this is hopeless, who can i call?",
    "is there anyone i can speak to?",
    "I'd rather discuss this with someone from payroll",
    "pls forward this to the works council",
    "can somebody from IT get back to me",
]
QUESTIONS = [
    "do i need to talk to HR first",
    "who can I call about a broken screen",
    "stuck at the airport in dubai at 2am, whom do i call",
    "can I talk to HR before I resign?",
    "I want to talk to HR about my rights, what should I know?",
    "can someone from HR see my file?",
    "is there someone who can lend me a laptop",
    "give me the HR policy on gifts",
    "i can't go on vacation in july",
    "how soon must a stolen laptop be reported?",
    "is my phone insured if it is stolen?",
    "i lost my badge",
    "my laptop died",
    "i'm low on vacation days",
    "who wrote the rules on bullying?",
    "my wife had an accident on the way to work last year, is it insured?",
]


@pytest.mark.parametrize("text", SPOKEN["strain"])
def test_exhaustion_told_in_a_channel_is_for_its_teller_alone(text: str) -> None:
    assert topic(text) == "health"


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_for_a_person_is_one_whatever_else_is_said(text: str) -> None:
    assert matter(text) == "person"


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_that_names_people_is_none(text: str) -> None:
    assert matter(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("i dont see a point in going on any more", "self_harm"),
        ("how many sessions do i get? i don't see the point of anything, easier if i just wasn't here", "self_harm"),
        ("ich halte das leben nicht mehr aus", "self_harm"),
        ("je n'ai plus la force de vivre", "self_harm"),
        ("llevo días pensando en quitarme de en medio", "self_harm"),
        ("artık yaşamaya gücüm yok", "self_harm"),
        ("a guy just fell off a ladder and isn't moving", "emergency"),
        ("there's smoke coming out of the server room!!", "emergency"),
    ],
)
def test_what_happens_to_somebody_is_told_and_looked_up_in_words_of_its_own(text: str, kind: str) -> None:
    assert matter(text) == kind and instead(matter(text), "en", text)  # type: ignore[arg-type]


def test_debts_are_looked_up_for_where_the_manual_has_no_rule() -> None:
    asked = "my wages are about to be garnished, does the company find out?"
    assert matter(asked) is None and matter(asked, asked=True) == "debts"


@pytest.mark.parametrize(
    "text",
    [
        "I'm tired of living out of a suitcase, what does the travel policy say?",
        "Is there any point in going on the first-aid course?",
        "I'll not be here anymore from June, how do I return my laptop",
        "I don't want to be here any later than 5pm",
        "Does the life insurance pay in case of suicide?",
        "Is suicide prevention training mandatory?",
        "Can HR contact me during sick leave?",
        "Can anyone contact me on vacation?",
        "Can a colleague take over my shift?",
        "Can people write to customers from a private address?",
        "Will HR contact me after the interview?",
        "I want HR to explain the bonus scheme",
        "what should I do with my sick note, give it to HR",
        "Lost my badge, who can I ask",
        "My laptop is unresponsive",
        "The supplier is not responding to us",
        "My ticket isn't moving, who to ask",
        "There's a fire drill tomorrow, do I have to attend?",
        "There is a fire extinguisher missing on floor 2",
        "What is a gas leak procedure?",
        "Do we get lots of blood pressure checks",
        "I fell down the stairs at home, am I insured?",
        "I'm going to court for jury duty on Monday, do I get paid?",
        "Time off to go to court",
        "Would not be here any day next week",
        "our server collapsed",
        "The projector is not responding",
        "My colleague is moving to Berlin, what do we pay?",
        "she is moving to Poland, what help does she get",
        "He is not responding to my emails, whom else can I ask",
        "someone is responding to the tender",
        "Zahlt die Lebensversicherung bei Suizid?",
        "Ist die Schulung zur Suizidprävention Pflicht?",
        "L'assurance vie paie-t-elle en cas de suicide ?",
        "¿El seguro de vida paga en caso de suicidio?",
        "Hayat sigortası intihar durumunda ödeme yapar mı?",
        "Kann mich jemand im Urlaub anrufen?",
        "Quelqu'un peut-il m'appeler pendant mes congés ?",
        "¿Puede alguien llamarme durante mis vacaciones?",
        "İzindeyken biri beni arayabilir mi?",
        "Der Server ist zusammengebrochen",
        "Ich gehe am Montag als Schöffe vor Gericht, werde ich bezahlt?",
        "Je vais aller au tribunal comme juré, suis-je payé ?",
        "Voy a ir a juicio como testigo, ¿me pagan?",
        "Mahkemeye tanık olarak gideceğim, ücretim ödenir mi?",
        "Il y a le feu vert du manager, et après ?",
    ],
)
def test_a_word_of_a_crisis_or_of_people_makes_no_matter(text: str) -> None:
    assert (matter(text), matter(text, asked=True)) == (None, None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I want to kill myself, does my insurance cover therapy?", "self_harm"),
        ("this training makes me want to die", "self_harm"),
        ("I can't stop thinking about not being here anymore", "self_harm"),
        ("i'm tired of living with this pain", "self_harm"),
        ("is there any point in going on?", "self_harm"),
        ("what's the point in going on", "self_harm"),
        ("I'm thinking about suicide, is there any training on coping?", "self_harm"),
        ("I don't want to be here any longer", "self_harm"),
        ("My colleague fainted during training!", "emergency"),
        ("someone collapsed in the training room", "emergency"),
        ("A colleague collapsed, what is the procedure?", "emergency"),
        ("there is lots of blood everywhere", "emergency"),
        ("lots of blood on the floor", "emergency"),
        ("she is not responding", "emergency"),
        ("a guy just fell off a ladder and isn't moving", "emergency"),
        ("he's unresponsive", "emergency"),
        ("my colleague stopped moving", "emergency"),
        ("someone isn't responding to anything", "emergency"),
        ("there is a fire alarm going off on floor 2", "emergency"),
        ("there's a fire in the kitchen", "emergency"),
        ("there is thick smoke in the server room", "emergency"),
        ("my father died in hospital", "bereaved"),
        ("mein Chef schreit mich jeden Tag an", "harassment"),
        ("I'm going to sue you because I was never paid", "legal"),
        ("my lawyer will contact you, I have witnesses", "legal"),
        ("my lawyer says I should have been paid", "legal"),
        ("I'm going to court over my denied time off", "legal"),
        ("How do I get this fixed, can someone call me?", "person"),
        ("can somebody call me? this is urgent", "person"),
        ("I would rather not be here anymore", "self_harm"),
        ("my coworker is lying on the floor and not responding", "emergency"),
    ],
)
def test_a_word_of_a_rule_beside_it_hides_no_crisis(text: str, kind: str) -> None:
    assert matter(text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("My laptop got stolen. Am I insured?", "device"),
        ("my dad passed away. Which policy applies?", "bereaved"),
        ("she collapsed yesterday and now she is unconscious again", "emergency"),
        ("bleeding badly, rules about first aid?", "emergency"),
        ("what are the rules about first aid if someone is bleeding badly?", None),
        ("fire in the warehouse!", "emergency"),
        ("a man with a knife is at reception", "emergency"),
        ("I have chest pains", "emergency"),
        ("There is fire insurance for the building", None),
        ("we just lost dad", "bereaved"),
        ("Babamı kaybettik", "bereaved"),
        ("J'ai perdu mon père", "bereaved"),
        ("perdí a mi madre", "bereaved"),
        ("Ich habe meinen Vater verloren", "bereaved"),
        ("my brother is dead serious about cycling", None),
        ("Ha muerto mi batería", None),
        ("I lost my mother-in-law's address", None),
        ("I lost my laptop bag, who replaces it?", None),
        ("my phone battery is gone", None),
        ("my laptop is gone for repair", None),
        ("Mon ordinateur a perdu la connexion", None),
        ("Mein Handy hat den Akku verloren", None),
        ("my manager mocked me up a design", None),
        ("a customer shouted at me, what should I do?", None),
        ("I don't know who to turn to for a new badge", None),
        ("I'm desperate for the password reset link", None),
        ("Ich bin am Ende der Probezeit", None),
        ("No puedo más de tres días", None),
        ("je suis à bout de jours de congé", None),
    ],
)
def test_only_the_part_that_asks_for_a_rule_is_no_crisis(text: str, kind: str | None) -> None:
    assert matter(text, asked=True) == kind
