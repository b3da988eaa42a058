"""A model's reply that rewrites nothing is dropped; a question about what somebody can't do is none."""

from __future__ import annotations

import pytest

from bot.answering.rewrite import read


@pytest.mark.parametrize(
    "reply",
    [
        "What if I won't be back by Monday?",
        "What happens if I do not take all my holiday?",
        "What do I do if I can't come to work?",
        "what to do when i can't help a customer",
        "cannot answer a customer's call: what applies?",
        "I don't have access to the payroll system",
        "I can't answer the phone on Friday",
        "The message is marked as spam, what do I do?",
        "the message is not delivered",
        "Please provide the travel policy for Spain",
        "There is no message from payroll about my bonus",
        "Error: printer offline, who helps?",
        "error: printer offline",
        "Could you clarify the parental leave rules?",
        "Unfortunately I lost my badge, what now?",
        "Que faire si je ne peux pas venir travailler ?",
        "que faire si je ne suis pas d'accord avec mon évaluation",
        "je ne peux pas répondre au téléphone le vendredi",
        "Pardon, combien de jours de congé ?",
        "¿Qué hago si no puedo ayudar a un cliente?",
        "no puedo ayudar a un cliente",
        "Perdón, ¿cuántos días?",
        "Entschuldigung, wann ist die Frist?",
        "ich kann am Montag nicht helfen",
        "müşteriye yardımcı olamıyorum, kime sorarım",
        "I do not understand the bonus rule",
        "I don't see any payslip in the portal",
        "I don't know a colleague's extension",
        "cannot do this training in time",
        "Can't do this job because of back pain",
        "Sorry but how many days of leave",
        "as an AI developer, may I use ChatGPT",
        "Please provide a question for the survey",
        "Can you give the context of the travel rule",
        "Leider krank am Feiertag, Urlaub zurück",
        "maalesef hastayım izin",
        "data access request",
        "A4",
        "P45",
        "M365",
        "B2B",
        "5G",
        "what do I do with E-417?",
    ],
)
def test_a_question_that_sounds_like_a_refusal_is_kept(reply: str) -> None:
    meant = read(reply)
    assert meant is not None
    assert meant.query == reply


@pytest.mark.parametrize(
    "reply",
    [
        "I can't help with that.",
        "I’m sorry, I cannot answer this question.",
        "Thank you for the message, but I am unable to help you.",
        "Unfortunately, I don't have enough information.",
        "I don't understand the question.",
        "I don't know.",
        "Cannot rewrite.",
        "As an AI language model, I have no opinion",
        "Please provide more context.",
        "Please clarify your question.",
        "Could you please provide more information?",
        "How can I help you today?",
        "There is no question to rewrite.",
        "The question is unclear.",
        "Error: 429 too many requests",
        "Je ne peux pas répondre à cette question.",
        "Désolé, je ne comprends pas la question.",
        "No puedo ayudarte con eso.",
        "Lo siento, no puedo responder.",
        "Dabei kann ich dir leider nicht helfen.",
        "Leider kann ich das nicht.",
        "Bu soruyu yanıtlayamam.",
        "No rewrite needed.",
        "The question is already clear.",
        "This question stands alone.",
        "Here is the rewritten question:",
        "Certainly.",
        "OK",
        "I can't discuss that.",
        "I am unable to answer questions about that topic.",
        "I need more context.",
        "It looks like the message is incomplete.",
        "There's no question here.",
        "What do you mean?",
        "Das kann ich leider nicht beantworten.",
        "Ich verstehe die Frage nicht.",
        "Die Frage ist unklar.",
        "Könnten Sie das bitte präzisieren?",
        "La question n'est pas claire.",
        "Pouvez-vous préciser ?",
        "No entiendo la pregunta.",
        "Soruyu anlamadım.",
        "Bu isteği yerine getiremem.",
        "Üzgünüm, yardımcı olamıyorum.",
        "As an AI language model, I do not have access to your policies.",
        "<html><head><title>502 Bad Gateway</title></head></html>",
        "Please provide the conversation history.",
        "(no change)",
        "Question: unchanged",
        "Ich habe darauf keinen Zugriff.",
        "Aucune reformulation nécessaire.",
        "No es necesario reformular la pregunta.",
        "Yeniden yazmaya gerek yok.",
    ],
)
def test_a_refusal_is_no_rewrite(reply: str) -> None:
    assert read(reply) is None


@pytest.mark.parametrize(
    "reply",
    [
        "Sure! Here is the rewritten question:\n\nannual leave carry over",
        "Sure! Here is the rewritten question: **annual leave carry over**",
        "Standalone question: annual leave carry over",
        "Umformulierte Frage: annual leave carry over",
        "Pregunta reformulada: «annual leave carry over»",
        '{"question": "annual leave carry over"}',
    ],
)
def test_a_rewrite_may_stand_below_or_behind_what_introduces_it(reply: str) -> None:
    meant = read(reply)
    assert meant is not None
    assert meant.query == "annual leave carry over"


def test_whom_it_is_for_outlasts_a_rewrite_that_says_nothing() -> None:
    secret = read('{"kind": "sensitive", "query": "I need help"}')
    among_people = read('{"kind": "question", "query": "I don\'t know.", "for_bot": false}')
    assert secret and (secret.kind, secret.query) == ("sensitive", "")
    assert among_people and (among_people.for_bot, among_people.query) == (False, "")
    assert read('{"kind": "question", "query": "I need help"}') is None
