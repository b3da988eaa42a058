"""The language of short messages."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from knowledge.text.words import language, stem
from tests.rows import each

FOREIGN = {
    "de": [
        "Wann muss ich meine Spesen einreichen?",
        "Wie lange ist die Probezeit?",
        "Darf mein Hund ins Büro?",
        "Gibt es Bonus?",
        "Bonus für Azubis?",
        "Wie viel Urlaub?",
        "Wie hoch ist das Limit?",
    ],
    "fr": [
        "Quand dois-je rendre mon ordinateur ?",
        "Qui contacter en cas de perte du badge ?",
        "Le télétravail est-il permis ?",
        "Quel est le plafond ?",
    ],
    "es": [
        "¿Cuándo debo entregar los recibos?",
        "¿Quién paga el hotel?",
        "Necesito una factura para el taxi",
        "¿Y los becarios?",
        "¿Hay bono?",
        "¿cuánto es el límite?",
        "cuánto es el límite",
    ],
    "tr": [
        "Masraf fişlerini ne zaman vermeliyim?",
        "Deneme süresi kaç ay?",
        "Otel ücretini kim öder?",
        "Otel limiti ne kadar?",
        "Prim var mı?",
    ],
    "it": ["Quando devo consegnare le ricevute?", "Quanto dura il periodo di prova?", "Chi paga il viaggio?"],
    "pt": ["Quando tenho de entregar os recibos?", "Qual é a duração do período de experiência?", "Quem paga o hotel?"],
    "nl": ["Wanneer moet ik mijn bonnetjes inleveren?", "Hoe lang is de proeftijd?", "Wie betaalt het hotel?"],
    "pl": ["Kiedy muszę oddać rachunki?", "Jak długo trwa okres próbny?", "Kto płaci za hotel?"],
    "ru": ["Когда нужно сдать чеки?", "Кто оплачивает гостиницу?"],
    "ja": ["領収書はいつ提出しますか？"],
    "zh": ["试用期多长时间？"],
    "ar": ["متى يجب أن أقدم الإيصالات؟"],
    "fi": ["Kuinka monta lomapäivää minulla on?", "Voinko työskennellä kotoa?"],
    "hu": ["Hány nap szabadságom van?", "Ki hagyja jóvá a költségeket"],
    "cs": ["Mohu pracovat z domova?", "Kdo schvaluje cestovní výdaje"],
    "ro": ["Cine aprobă cheltuielile"],
    "sv": ["Vem godkänner reseutlägg"],
    "da": ["Må jeg arbejde hjemmefra?"],
    "uk": ["Чи можу я працювати з дому?"],
    "vi": ["Tôi có bao nhiêu ngày phép?"],
}


@each("code, text", [(code, text) for code, listed in FOREIGN.items() for text in listed])
def test_a_foreign_question_is_recognised(code: str, text: str) -> None:
    assert language(text) == code


@each("text")
def test_short_english_is_not_taken_for_foreign(text: str) -> None:
    assert language(text) in {None, "en"}


@each("read", [language, lambda text: [stem.__wrapped__(word) for word in text.split()]])
def test_many_threads_read_as_one(read: Callable[[str], object]) -> None:
    texts = [text for listed in FOREIGN.values() for text in listed] * 5
    alone = [read(text) for text in texts]
    sys.setswitchinterval(1e-4)
    try:
        with ThreadPoolExecutor(8) as threads:
            together = list(threads.map(lambda _: [read(text) for text in texts], range(8)))
    finally:
        sys.setswitchinterval(0.005)
    assert together == [alone] * 8
