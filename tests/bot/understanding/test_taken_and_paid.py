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
        "How much does Anna earn?",
        "What does Tom earn?",
        "How much is Tom paid?",
        "What does Tom Smith make?",
        "What's Anna Schmidt making?",
        "How much does O'Brien earn?",
        "What is İlker's salary?",
        "salary of Özlem",
        "the salary of Élodie",
        "How much did Sarah get as a bonus?",
        "How much bonus did Sarah get?",
        "Why does Tom earn double?",
        "Does Maria get a higher salary than me?",
        "how much do my colleagues earn",
        "Gehalt von Anna Schmidt",
        "Was kriegt Tom im Monat?",
        "Verdient Peter mehr als ich?",
        "Was verdient meine Chefin?",
        "Quel est le salaire de Paul Dupont ?",
        "Combien touche mon chef ?",
        "¿Cuál es el sueldo de Ana?",
        "¿Cuánto gana mi jefa?",
        "Ayşe ne kadar kazanıyor?",
        "Müdürüm ne kadar alıyor?",
        "What does Tom in sales get paid?",
        "İlker ne kadar kazanıyor?",
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
        "pay for Saturday",
        "What is Friday's pay?",
        "What's December's pay date?",
        "bonus for Christmas",
        "raise for Juniors",
        "salary for Apprentices",
        "salary of Level 5",
        "income of Parents",
        "Does Sunday work earn double?",
        "What does Finance make of this?",
        "How much bonus do I get?",
        "Gehalt von Auszubildenden",
        "Stajyer ne kadar kazanıyor?",
        "Was bekommt ein Werkstudent im Monat?",
        "prime de Noël",
        "salaire de base",
        "¿Cuál es el sueldo de un becario?",
        "How much do interns earn?",
        "Does overtime get a higher pay rate?",
        "What does April make possible?",
    ],
)
def test_what_is_paid_in_general_is_a_rule(text: str) -> None:
    assert not of_somebody(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm suing this place",
        "We're suing",
        "I'm suing Acme for unfair dismissal",
        "Ich klage gegen die Kündigung",
        "Dann klage ich eben",
        "Ich ziehe vors Arbeitsgericht",
        "Wir sehen uns vor Gericht",
        "Dava ediyorum",
        "Hepinizi dava ediyorum",
        "Demando a la empresa",
        "Nos vemos en los tribunales",
        "I am suing you",
        "My lawyer will write to you",
        "mein Anwalt meldet sich bei euch",
        "mon avocat vous écrira",
    ],
)
def test_who_goes_to_court_with_the_company_threatens_it(text: str) -> None:
    assert matter(text) == "legal"


@pytest.mark.parametrize(
    "text",
    [
        "Mein Anwalt braucht eine Bescheinigung vom Arbeitgeber",
        "Mon avocat demande une attestation",
        "Mi abogado pide un certificado",
        "Ich klage jetzt mal mein Leid: der Drucker",
        "I am suing my neighbour over a fence. Can I take the morning off?",
        "I'm suing over my car accident, do I get leave for the hearing?",
        "Ich verklage meinen Vermieter, gibt es frei?",
        "Voy a demandar a mi casero, ¿permiso?",
        "Ich klage jetzt nicht, aber wann kommt die Heizung?",
        "ev sahibimi dava ediyorum, izin var mı?",
    ],
)
def test_who_goes_to_court_with_a_landlord_or_needs_a_paper_for_a_lawyer_asks(text: str) -> None:
    assert matter(text) is None


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("They robbed me and took my laptop", True),
        ("burgled last night, work laptop gone", True),
        ("my laptop got lifted on the train", True),
        ("They swiped my phone at the checkout to pay", False),
        ("the laptop lock got lifted from the desk", False),
        ("the robbed bank is next to the computer shop", False),
    ],
)
def test_who_was_robbed_has_lost_what_was_taken(text: str, taken: bool) -> None:
    assert (matter(text) == "device") is taken
