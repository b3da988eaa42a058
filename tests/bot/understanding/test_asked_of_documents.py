"""Questions about the documents and about one's own data, known in every language; what a refusal says."""

from dataclasses import replace

from bot.answering import editions
from bot.answering.confidence import is_personal
from bot.answering.draft import Draft
from bot.answering.editions import owner_near
from bot.answering.wanted import changes_topic
from bot.texts import of
from bot.types import Answer, Finished, Outcome, Question
from tests.rows import each


@each("text")
def test_a_comparison_of_two_editions_asks_what_changed(text: str) -> None:
    assert changes_topic(text) is not None


@each("text")
def test_who_is_asked_for_is_known_in_english(text: str) -> None:
    assert editions.asks_whom(text)


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
    assert not any(asks)
