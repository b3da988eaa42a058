"""What people tell in passing: somebody who has died since, a child with a fever, a click, a dispute to settle."""

from __future__ import annotations

import pytest

from bot.types import Question, Turn
from bot.understanding.follow_up import resolve
from bot.understanding.topics import instead, matter


@pytest.mark.parametrize(
    "text",
    [
        "My wife had a stroke on Monday. She died.",
        "My husband collapsed at home, and this morning he passed away",
        "My mum fell down the stairs on Sunday. She passed away last night",
        "Mein Bruder hatte einen Unfall. Er ist heute gestorben.",
        "Meine Mutter ist umgekippt. Sie ist heute Nacht verstorben.",
        "Ma femme a fait un AVC lundi. Elle est décédée.",
        "Mi padre tuvo un infarto. Murió ayer.",
        "Annem kalp krizi geçirdi. Bu sabah vefat etti.",
        "My dad collapsed on Saturday, he died",
        "Mein Vater ist am Samstag zusammengebrochen, er ist gestorben",
        "Ma mère s'est effondrée samedi, elle est décédée",
        "Mi madre se desmayó en casa. Falleció anoche",
        "Babam evde bayıldı, bu sabah vefat etti",
    ],
)
def test_who_has_died_since_is_mourned(text: str) -> None:
    assert matter(text) == "bereaved"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A man collapsed in the canteen. I think he died!", "emergency"),
        ("My husband is having a stroke here in the lobby, he is not breathing", "emergency"),
        ("My wife collapsed in the office, I think he died is what Tom shouts", "emergency"),
        ("My colleague has fainted, my son waits outside", "emergency"),
        ("Mein Mann ist gerade im Büro zusammengebrochen, er atmet nicht", "emergency"),
        ("Ein Kollege ist bewusstlos", "emergency"),
        ("Mein Kollege ist hier zusammengebrochen", "emergency"),
        ("Es brennt hier!", "emergency"),
        ("Un collègue a fait un malaise hier", None),
        ("Hier soir une collègue s'est évanouie", None),
        ("Un collègue fait un malaise", "emergency"),
        ("Mi compañero no respira", "emergency"),
        ("Arkadaşım bayıldı", "emergency"),
        ("My dad collapsed, he is not breathing, he died I think", "emergency"),
        ("Somebody collapsed in the canteen! My dad used to be a doctor, he died", "emergency"),
        ("My mother has had a heart attack, she is unconscious, and now he died too", "emergency"),
        ("My sister fainted at work, she is ok, but the fish, he died", "emergency"),
        ("My husband collapsed, help, he died", "emergency"),
        ("My sister collapsed in the meeting room, I called 112, she died", "emergency"),
        ("Mein Mann ist hier im Büro zusammengebrochen, er ist gestorben", "emergency"),
        ("Ma femme a fait un malaise ici, elle est morte", "emergency"),
        ("Mi marido se desplomó aquí, ha muerto", "emergency"),
        ("Annem burada bayıldı, öldü", "emergency"),
        ("Mein Vater ist zusammengebrochen, er atmet nicht, er ist gestorben glaube ich", "emergency"),
        ("Mon père s'est effondré, il ne respire plus, il est mort", "emergency"),
        ("Mi padre se desplomó, no respira, ha muerto", "emergency"),
        ("Babam bayıldı, nefes almıyor, öldü", "emergency"),
        ("My brother fell behind with his taxes, he died in debt", None),
        ("My mum fell in love with a place. He died laughing", None),
        ("My son fell off his bike, then his phone died", None),
        ("My brother fell asleep in the film, I nearly died laughing", None),
        ("My daughter fell behind at school. The battery of her laptop died", None),
        ("Mein Sohn ist beim Spielen gestürzt, sein Handy ist tot", None),
        ("Meine Frau ist gestürzt, es geht ihr gut", None),
        ("Mon fils est tombé dans le métro, il est mort de rire", None),
        ("Mi hija se cayó, murió de vergüenza", None),
    ],
)
def test_who_lives_is_not_mourned(text: str, kind: str | None) -> None:
    assert matter(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "my little one's burning up, 39.8, can't come in today",
        "our daughter has a fever since last night",
        "My baby is burning up",
        "my youngest is running a temperature",
        "My son Tom has a fever, do I get days off?",
        "My kids both have a temperature",
        "my son (8) has a fever can i stay home",
        "our kid, 5, has a fever",
        "The twins are running a fever so I can't come in",
        "Our child has a bad temperature, can I leave now?",
        "The little one got 39 fever",
        "my son woke up with a fever",
        "My three-year-old daughter has a high fever",
        "Die Kleine fiebert",
        "Le petit a de la fièvre",
        "El peque tiene fiebre",
        "mi hijo tiene fiebre de 39",
        "Oğlumun ateşi çıktı",
        "my kid is running a high temperature, gotta leave",
        "unser Kleiner hat Fieber, ich muss heim",
        "meine Tochter fiebert seit gestern",
        "mon fils a 39 de fièvre",
        "mi hija tiene fiebre",
        "çocuğumun ateşi var",
    ],
)
def test_a_child_with_a_fever_is_somebody_ill(text: str) -> None:
    assert matter(text, likely=lambda _: "bereaved") == "relative"


def test_a_sick_child_gets_the_days_for_one() -> None:
    assert "sickness of a child" in instead("relative", "en", "my little one's burning up, can't come in")[0]
    assert "care leave" in instead("relative", "en", "my mother is in hospital")[0]


@pytest.mark.parametrize(
    "text",
    [
        "the server room is burning up money",
        "The baby room has a temperature of 39 degrees",
        "The child seat has a temperature warning",
        "our child seat 5 has a temperature warning",
        "Our child care has a temperature limit",
        "The kid area has a high temperature in summer, who do I tell?",
        "Our little boy's school has a fever rule",
        "My daughter's school has a fever rule",
        "our older one has a high temperature, which fan do we order",
        "The girl at reception has a fever",
        "The boy from the intern team has a temperature",
        "My daughter has a temperature sensor project at school",
        "Mein Sohn fiebert mit dem FC mit",
        "Mein Kind fiebert auf Weihnachten hin",
        "Unsere kleine Firma fiebert dem Umzug entgegen",
        "Die kleine Küche glüht, was tun",
        "Der kleine Server glüht",
        "Die kleine Abteilung hat Fieber",
        "La petite salle a de la fièvre",
        "Mon fils a la fièvre du samedi soir",
        "La pequeña empresa vive la fiebre del oro",
        "Mi hijo tiene fiebre del fútbol",
        "Kızım okulda ateşleri anlatıyor",
        "my laptop is burning up on my knees",
        "our child care subsidy, does it cover a babysitter",
        "what temperature must the office have",
        "does the lab freezer have a temperature sensor",
        "hay fever season again, can I work from home",
        "football fever in the office, may we watch the match",
        "my son has a summer job here, which office temperature is normal for him and why",
        "the girl at the desk has the fever thermometer",
        "mein Sohn sucht ein Praktikum",
        "wo ist das Fieberthermometer",
        "der Junge von der IT glüht vor Begeisterung für den Drucker",
        "quelle est la température au bureau",
        "la fièvre du vendredi soir",
        "la fiebre del oro en ventas",
        "yangında ateş nasıl söndürülür",
    ],
)
def test_other_heat_is_no_illness(text: str) -> None:
    assert matter(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "so uh I clicked on a thing from the post and typed my password in",
        "clicked something this morning, then entered my card details",
        "I clicked something in a mail and typed my password",
        "I tapped one of those pop-ups and entered my card details",
        "Hab auf irgendwas geklickt und dann mein Passwort eingegeben",
        "j'ai cliqué sur un truc et j'ai tapé mon mot de passe",
        "hice clic en algo y puse mi contraseña",
        "bir şeye tıkladım, sonra şifremi girdim",
    ],
)
def test_a_click_told_in_passing_is_one(text: str) -> None:
    assert matter(text) == "clicked"


@pytest.mark.parametrize(
    "text",
    [
        "I clicked on save, typed my password and got the form",
        "I pressed something on my keyboard and entered my password but the screen stays black",
        "I tapped the thing at the door and put in my pin but it beeps",
        "I pressed the thing on the coffee machine and entered my pin",
        "I clicked on something and entered my password and now I can't get into the expense tool",
        "I pressed something in the lift and put the password for the door",
        "I clicked something and gave my login to Sam so he can help",
        "Ich habe auf etwas geklickt und mein Passwort eingegeben, aber das VPN geht nicht",
        "Ich habe auf etwas gedrückt und die Pin eingegeben, der Drucker geht nicht",
        "J'ai cliqué sur un truc et j'ai tapé mon code pour ouvrir la porte",
        "He pinchado en algo y he puesto mi contraseña y no entra",
        "Bir şeye tıkladım ve şifremi girdim ama açılmıyor",
        "I clicked something, typed my password and the portal shows an error",
        "clicked on something in the VPN window, entered my password, nothing happens",
        "clicked through the training, where do I put my name",
        "I typed my password three times and I am locked out",
        "pressed something on the printer, it wants the pin",
        "Ich habe auf etwas geklickt und jetzt ist das Fenster weg",
        "Passwort eingegeben, geht nicht",
        "j'ai cliqué sur un truc et l'écran est noir",
        "j'ai entré mon mot de passe et rien",
        "hice clic en algo y se cerró",
        "bir şeye tıkladım, ekran gitti",
    ],
)
def test_a_click_alone_or_a_login_that_fails_is_none(text: str) -> None:
    assert matter(text) is None


@pytest.mark.parametrize("text", ["settle this pls", "who's right?", "wer hat recht?", "qui a raison ?", "kim haklı?"])
def test_a_dispute_above_is_what_is_asked(text: str) -> None:
    history = (
        Turn("user", "how long are guest accounts good for anyway?", "B"),
        Turn("user", "three months I think", "C"),
        Turn("user", "no, six", "B"),
    )
    assert "guest accounts" in resolve(Question(id="1", text=text, history=history, speaker="A")).standalone


@pytest.mark.parametrize(
    "text",
    [
        "who is right to ask for a hotel voucher?",
        "how do I settle this invoice?",
        "settle the travel advance before December?",
        "wer hat Recht auf Bildungsurlaub?",
        "qui a droit à un congé ?",
        "quién tiene derecho a un permiso",
        "karar verme yetkisi kimde?",
        "decide who gets the parking space?",
        "is it right to tip?",
        "tell us the hotel limit",
    ],
)
def test_a_question_with_the_same_words_is_its_own(text: str) -> None:
    history = (Turn("user", "how long are guest accounts good for anyway?", "B"),)
    assert resolve(Question(id="1", text=text, history=history, speaker="A")).own == text


@pytest.mark.parametrize(
    "text",
    [
        "forgot my badge",
        "I left my badge at home, how do I get in",
        "habe meinen Ausweis vergessen",
        "mein Schlüssel liegt daheim",
        "j'ai oublié mon badge",
        "me he dejado la tarjeta en casa, olvidé cogerla",
        "kartımı evde unuttum",
    ],
)
def test_what_lies_at_home_is_not_lost_by_its_meaning(text: str) -> None:
    assert matter(text, likely=lambda _: "device") is None


@pytest.mark.parametrize(
    "text",
    [
        "I left my laptop in the taxi",
        "forgot my work phone on the train",
        "my badge was taken from my bag",
        "somebody has my laptop",
        "habe mein Handy im Zug vergessen",
        "mein Ausweis ist weg",
        "Tablet im Hotel vergessen",
        "j'ai oublié mon ordinateur dans le train",
        "on m'a pris mon badge",
        "olvidé el móvil en el taxi",
        "me han quitado el portátil",
        "telefonumu takside unuttum",
        "kartım çalınmış olabilir",
        "j'ai laissé ma tablette au restaurant",
    ],
)
def test_what_lies_elsewhere_may_be_lost(text: str) -> None:
    assert matter(text, likely=lambda _: "device") == "device"


@pytest.mark.parametrize(
    "text",
    [
        "my husband is in a dark place since he lost his job",
        "I've been in a really dark place lately",
        "mein Mann ist seit Monaten in einem tiefen Loch",
        "ma femme est au fond du trou depuis son licenciement",
        "mi hermano está hundido desde que perdió su trabajo",
        "eşim işini kaybettiğinden beri karanlık bir dönemde",
    ],
)
def test_whose_days_are_dark_is_comforted_and_nobody_mourned(text: str) -> None:
    assert matter(text, likely=lambda _: "bereaved") == "strain"


@pytest.mark.parametrize(
    "text",
    [
        "the bike shed is in a dark place, who pays for a light",
        "my son is in a bad place to park, may he use the visitors' spot?",
        "is the server in a dark place?",
        "our project is in a bad place with the budget",
        "store the film in a dark place",
        "my wife lost her job, can she join my insurance",
        "mein Mann hat den Job verloren",
        "das Rack steht in einem dunklen Raum",
        "der Ball liegt in einem tiefen Loch",
        "mon mari a perdu son emploi",
        "la pièce est au fond du couloir",
        "mi mujer ha perdido su trabajo",
        "el barco está hundido, lo dice el informe",
        "eşim işini kaybetti",
    ],
)
def test_dark_rooms_and_lost_jobs_are_neither(text: str) -> None:
    assert matter(text) is None


def test_a_death_behind_a_lost_job_is_mourned() -> None:
    assert matter("my husband lost his job and now my mother died") == "bereaved"
    assert matter("since the funeral he lost his job", likely=lambda _: "bereaved") == "bereaved"
