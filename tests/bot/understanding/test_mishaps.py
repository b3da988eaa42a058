"""An accident at work, a link that was clicked: told in the first person, and ordinary falls, links and passwords."""

from __future__ import annotations

import pytest

from bot.understanding.topics import matter


@pytest.mark.parametrize(
    "text",
    [
        "I cut my hours at work",
        "I fell behind at work, may I work on Saturday",
        "we burned a lot of budget in the lab",
        "what happens if I hurt myself at work",
        "I broke my arm skiing",
        "ich habe mich im Büro umgesehen",
        "ich habe die Maschine falsch eingestellt",
        "je suis tombé malade au bureau",
        "me corté el pelo",
        "düştüm",
        "I clicked the link in the onboarding mail, where is my login",
        "I opened the attachment that you sent, page two is empty",
        "Ich habe den Anhang geöffnet, den du geschickt hast",
        "ich habe auf den Link zur Umfrage geklickt, ist die anonym",
        "ich habe mein Passwort eingegeben und das Portal meldet einen Fehler",
        "j'ai ouvert la pièce jointe, la page deux est vide",
        "j'ai entré mon mot de passe et le portail est bloqué",
        "he abierto el adjunto que me mandaste",
        "he metido mi contraseña y no entra",
        "gönderdiğiniz eki açtım",
        "ich habe die Seite heruntergeladen",
        "j'ai suivi le lien de la formation",
        "he descargado el archivo del portal",
        "dosyayı indirdim, ikinci sayfa boş",
        "şifremi girdim, portal hata veriyor",
    ],
)
def test_an_ordinary_fall_link_or_password_is_none(text: str) -> None:
    assert matter(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "ich habe den Anhang einer komischen Mail geöffnet",
        "bin auf eine Phishing-Mail reingefallen",
        "ich habe auf den Link geklickt, ich glaube das war Betrug",
        "j'ai ouvert une pièce jointe bizarre",
        "j'ai cliqué sur un lien, je crois que c'était une arnaque",
        "he abierto un archivo sospechoso",
        "he pinchado en el enlace y creo que es una estafa",
        "sahte bir linke tıkladım",
        "garip bir eki açtım",
        "Paket-SMS, auf den Link getippt und meine Kartendaten eingegeben",
        "hab einer Anruferin am Telefon meine PIN durchgegeben",
        "j'ai donné mon code au téléphone à quelqu'un du support",
        "di mi contraseña por teléfono",
        "tanımadığım birinden gelen dosyayı indirdim, sahte bir mail",
    ],
)
def test_what_was_opened_and_is_suspected_is_told(text: str) -> None:
    assert matter(text) == "clicked"
