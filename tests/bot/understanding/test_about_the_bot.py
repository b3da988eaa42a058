"""Who asks who the bot is, or complains of it: told from rules that are asked in the same words."""

from __future__ import annotations

import pytest

from bot.understanding.follow_up import complains
from bot.understanding.small_talk import small_talk, without_chat


@pytest.mark.parametrize(
    "text",
    [
        "morning 👋 day two here. you're the handbook one, right?",
        "hey, are you the HR bot?",
        "you are the policy bot, aren't you?",
        "hi! my first day here. is this the bot for company rules?",
        "Moin, Tag zwei hier. Du bist der Handbuch-Bot, oder?",
        "Hallo, bin neu hier. Bist du das Ding für die Richtlinien?",
        "bonjour, c'est toi le bot du manuel, non ?",
        "hola, soy nuevo aquí. ¿eres el bot del manual?",
        "selam, burada yeniyim. el kitabı botu sensin değil mi?",
    ],
)
def test_a_newcomer_who_asks_who_it_is_is_told(text: str) -> None:
    assert small_talk(text) == "identity"


@pytest.mark.parametrize(
    "text",
    [
        "what are you good for honestly",
        "thats the third time this week you tell me its not in there. what are you good for honestly",
        "do you ever actually know anything?",
        "this is the second time you give me the wrong page",
        "that's just wrong and you should be switched off",
        "what use are you?",
        "Wozu bist du eigentlich gut?",
        "Das ist schon das dritte Mal, dass du sagst es steht nicht drin. Wozu taugst du überhaupt?",
        "du gehörst abgeschaltet",
        "C'est la troisième fois que tu me dis que ce n'est pas dedans. à quoi tu sers franchement ?",
        "tu devrais être débranché",
        "es la tercera vez que me dices que no está. ¿para qué sirves entonces?",
        "deberían apagarte",
        "bu hafta üçüncü kez yok diyorsun. ne işe yarıyorsun ki?",
        "seni kapatmaları lazım",
    ],
)
def test_who_complains_of_it_is_not_answered_with_quotes(text: str) -> None:
    assert small_talk(text) == "complaint"


def test_an_emoji_ends_the_sentence_before_a_complaint() -> None:
    assert complains(
        "you told Ines it is certain and now she has ordered 🙄 thats just wrong and you should be scrapped"
    )
    assert not complains("you told us to ask here 🙂 can I carry over leave")


@pytest.mark.parametrize(
    "text",
    [
        "you're the one who approves leave, right?",
        "is this the handbook that counts for temps?",
        "are you the contact for lost badges?",
        "is this the company car policy for managers?",
        "are the rules the same here?",
        "day two of sick leave here, what do I do?",
        "my second day off",
        "first day of parental leave",
        "my first day",
        "Bist du für Reisekosten zuständig?",
        "ist das Handbuch hier auch für Praktikanten?",
        "mein erster Tag Elternzeit",
        "bin neu hier und brauche einen Laptop",
        "le manuel du parking, c'est où ?",
        "mon premier jour de congé",
        "¿es el manual de viajes?",
        "mi primer día de baja",
        "el kitabı nerede?",
        "ilk izin günüm",
        "what are the vouchers good for",
        "do you know anything about parental leave?",
        "is that the third time you can renew?",
        "it's the second time my laptop broke, who replaces it",
        "this is the third time it happened, whom do I tell",
        "should old laptops be switched off?",
        "the alarm should be turned off by whom",
        "they should switch the heating off",
        "what use are the lockers for visitors?",
        "what is the relocation guide good for",
        "Wozu ist der Gutschein gut?",
        "Das ist schon das dritte Mal diese Woche, wem melde ich das?",
        "Was kannst du mir zum Urlaub sagen?",
        "der Drucker gehört repariert",
        "à quoi sert le badge ?",
        "c'est la troisième fois que je demande un congé",
        "le chauffage devrait être éteint le soir",
        "¿para qué sirve la tarjeta?",
        "es la segunda vez que pido vacaciones",
        "bu kart ne işe yarar?",
        "ikinci kez izin alabilir miyim",
    ],
)
def test_a_rule_asked_in_such_words_is_a_question(text: str) -> None:
    assert small_talk(text) is None
    assert not complains(text)


def test_what_a_newcomer_says_of_himself_stays_with_the_question() -> None:
    assert without_chat("day two here. am I paid when I'm ill?") == "day two here. am I paid when I'm ill?"
