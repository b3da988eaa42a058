"""A dismissal or a death that somebody tells of, and the ordinary sentences with the same words, which tell of none."""

from __future__ import annotations

from bot.understanding.topics import NOTHING, matter, outside_family, topic
from bot.wiring.adapters import ByMeaning
from knowledge.index.embed import MiniLM
from tests.rows import each

ORDINARY = [
    "Outlook keeps kicking me out, who helps?",
    "my laptop keeps throwing me out after ten minutes",
    "The turnstile pushed me out again, is my badge broken?",
    "the hotel threw me out at 10 am, who pays the second night",
    "can they throw me out of the bike leasing when I'm on parental leave",
    "Teams kicked me out without warning, how do I get back in",
    "the CRM is going to kick me out because I'm idle",
    "they kicked me out of the car park, where may I park",
    "will they throw me out when the office closes at eight?",
    "they want to push me out of the group chat, who owns it",
    "Does my boss have to let me go for a doctor's appointment?",
    "Can they let me go after lunch on Fridays?",
    "will you let me go because of the train strike?",
    "does the company let me go over to the other site by taxi?",
    "do they let me go over the budget for a hotel?",
    "can you show me the door code?",
    "can they show me the door to the archive?",
    "the janitor showed me the door but it was locked",
    "the warning I got in Outlook says my mailbox is full",
    "The warning I got from the parking guard, who pays it?",
    "This is the last warning I got about my full mailbox",
    "the final warning I got says my password expires tomorrow",
    "is a written warning needed before a dismissal of a supplier",
    "the written warning I got on the label of the solvent is hard to read",
    "Teams schmeißt mich immer raus",
    "Outlook wirft mich ständig raus, wer hilft?",
    "Der Rechner wirft mich raus",
    "Die Zeiterfassung wirft mich nach 5 Minuten raus",
    "können die mich aus dem Bikeleasing rauswerfen?",
    "kann mich jemand vor die Tür setzen, wenn ich mit dem Taxi komme?",
    "Le manuel me renvoie au service RH, qui est-ce ?",
    "Le portail me renvoie vers une page d'erreur",
    "La RH me renvoie mon formulaire, que faire ?",
    "Quand est-ce qu'on me vire mon salaire ?",
    "on me vire mon remboursement quand ?",
    "peuvent-ils me virer l'argent sur un autre compte ?",
    "le gardien me met dehors à 20 h, est-ce normal ?",
    "ils vont me renvoyer le contrat signé, où le ranger ?",
    "¿me van a echar una bronca si llego tarde?",
    "¿Cuándo me van a echar gasolina en el coche de empresa?",
    "me van a echar de menos",
    "¿me pueden echar una mano con el informe?",
    "¿me ponen en la calle Mayor una plaza?",
    "sistem beni gruptan atacak mı",
    "beni kapının önüne bırakan taksinin fişi yeter mi?",
    "show me the door policy",
    "kick me out of the distribution list",
    "boot me out of the waiting list please",
    "throw me out an idea",
    "der Drucker schmeißt mich raus",
    "on me renvoie d'un service à l'autre",
    "le lien me renvoie sur une page vide",
    "il me renvoie toujours la même facture",
    "taksi beni kapının önüne bıraktı, fişi nasıl veririm",
    "beni e-posta listesinden atarlarsa kime yazayım?",
]


@each("text", ORDINARY)
def test_software_doors_hotels_and_transfers_are_no_dismissal(text: str) -> None:
    assert topic(text, lambda _: NOTHING) is None


def test_nor_are_they_by_their_meaning() -> None:
    likely = ByMeaning(MiniLM().embed).topic
    assert [text for text in ORDINARY if topic(text, likely) == "dismissal"] == []
    assert topic("I'm out of a job from Monday, they told me today", likely) == "dismissal"


@each("text")
def test_who_tells_of_being_sacked_is_heard(text: str) -> None:
    assert topic(text, lambda _: NOTHING) == "dismissal"


@each("text")
def test_nobody_died(text: str) -> None:
    assert outside_family(text) is None is matter(text)


@each("text")
def test_somebody_died(text: str) -> None:
    assert outside_family(text) and matter(text) == "bereaved"
