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
        "As an AI language model, I have no access",
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
        "Üzgünüm, yardımcı olamıyorum.",
    ],
)
def test_a_refusal_is_no_rewrite(reply: str) -> None:
    assert read(reply) is None
