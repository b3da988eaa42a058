"""A device that was taken, in slang; a named person's pay in other words; ordinary sentences with the same words."""

from __future__ import annotations

import pytest

from bot.understanding.topics import matter, of_somebody


@pytest.mark.parametrize(
    "text",
    [
        "bruhhh phone got yoinked on the tram 💀💀 wut do",
        "my laptop has been half-inched",
        "someone just yoinked my phone",
        "two kids ran off with my tablet",
        "got pickpocketed in the metro, work phone gone",
        "mein Diensthandy wurde in der Bahn gezockt",
        "mir hat einer das Handy gemopst",
        "on m'a piqué mon portable dans le tram",
        "je me suis fait faucher mon téléphone",
        "me han mangado el móvil en el metro",
        "el portátil me lo han birlado",
        "telefonumu metroda çarptılar",
        "laptopumu araklamışlar ya da yürüttüler laptopumu yürüttüler",
    ],
)
def test_a_device_taken_is_reported_whatever_the_slang(text: str) -> None:
    assert matter(text) == "device"


@pytest.mark.parametrize(
    "text",
    [
        "who nabbed the phone booth on level 2",
        "somebody jacked up my phone bill",
        "the tablet feature got yoinked from the app",
        "Marta yoinked my phone charger",
        "my phone got jacked up prices for roaming",
        "he ran off with my idea",
        "I got mugged off by the expense tool on my computer screen",
        "someone made off with my lunch",
        "a nabbed seat near the computer room",
        "my mobile contract was half-price",
        "habe am Handy gezockt",
        "wir haben in der Pause auf dem Tablet gezockt",
        "jemand hat auf dem Laptop gezockt",
        "mir hat das Telefon gut gefallen",
        "die Idee hat mir jemand geklaut",
        "das Handy wird vom Lohn abgezogen",
        "j'ai été piqué par une guêpe en répondant au téléphone",
        "mon téléphone a été réparé",
        "la tablette a piqué ma curiosité",
        "il m'a piqué ma place, pas mon téléphone",
        "se me ha caído el móvil",
        "camisa mangada y el portátil en la mano",
        "el móvil no tiene cobertura",
        "telefonumu yere çarptılar",
        "telefonda projeyi yürüttüler",
        "bilgisayarım yavaş",
    ],
)
def test_ordinary_words_take_no_device(text: str) -> None:
    assert matter(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "what does Dominik in sales take home? word is its double mine",
        "how much is Priya on?",
        "is it true that Tomás earns double",
        "what is Anna on these days",
        "how much does Karim bring home?",
        "Was verdient Dominik im Vertrieb?",
        "Stimmt es, dass Anna das Doppelte verdient?",
        "combien gagne Sophie ?",
        "c'est vrai que Karim touche le double ?",
        "¿Cuánto cobra Lucía?",
        "¿es verdad que Pablo gana el doble?",
        "Ahmet'in maaşı ne kadar?",
        "Zeynep'in ne kadar kazandığını biliyor musun",
    ],
)
def test_a_named_persons_pay_is_nobodys_business(text: str) -> None:
    assert of_somebody(text)


@pytest.mark.parametrize(
    "text",
    [
        "what equipment can I take home?",
        "how much of the bonus do I take home?",
        "can Dominik take home a monitor?",
        "may Priya bring home the laptop",
        "how much is parking on Sunday?",
        "how much is the discount on Fridays?",
        "what is on these days in the canteen",
        "is it true that overtime earns double time?",
        "does Sunday work earn double?",
        "Sunday earns double pay, right?",
        "who earns double points on the card",
        "how much is lunch on Friday?",
        "how much is Wellpass on a corporate contract?",
        "Was verdient ein Werkstudent?",
        "Wie viel bekommt Dominik für die Reise?",
        "Wann verdient man mehr?",
        "Stimmt es, dass Überstunden doppelt zählen?",
        "dass Anna das Doppelte arbeitet",
        "combien gagne un stagiaire ?",
        "combien de jours pour Sophie ?",
        "c'est vrai que le dimanche compte double ?",
        "¿Cuánto cobra un becario?",
        "¿Cuánto cuesta el gimnasio?",
        "¿es verdad que los festivos cuentan el doble?",
        "stajyer ne kadar kazanıyor?",
        "Berlin'in ofisi nerede?",
    ],
)
def test_what_is_paid_in_general_is_a_rule(text: str) -> None:
    assert not of_somebody(text)
