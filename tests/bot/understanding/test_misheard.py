"""Messages that were taken for something else, and ordinary ones with the same words, which stay what they are."""

from __future__ import annotations

import pytest

from bot.understanding.directives import directive
from bot.understanding.topics import NOTHING, matter, outside_family, topic


def nothing(text: str) -> str:
    """As the classifier has what reads like a question on a rule."""
    return NOTHING


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("how long does my pay go on if the chemo lasts until summer?", "health"),
        ("who covers my shifts during radiotherapy", "health"),
        ("I'm on dialysis three mornings a week, can I start later", "health"),
        ("my oncologist wants me to work half days", "health"),
        ("Wie lange bekomme ich Gehalt, wenn die Chemo bis Sommer dauert?", "health"),
        ("on me paie combien de temps pendant ma chimio ?", "health"),
        ("¿cuánto me pagan durante la quimio?", "health"),
        ("kemoterapi sırasında maaşım ödenir mi", "health"),
        ("they want to throw me out over two late reports, may they", "dismissal"),
        ("can they let me go without notice", "dismissal"),
        ("the last written warning was unfair, can I have it deleted", "dismissal"),
        ("wollen die mich vor die Tür setzen, nur weil ich krank war?", "dismissal"),
        ("peuvent-ils me mettre à la porte pour ça ?", "dismissal"),
        ("¿me pueden poner en la calle? creo que me van a echar", "dismissal"),
        ("beni kapının önüne koyabilirler mi", "dismissal"),
    ],
)
def test_who_goes_through_it_is_heard_though_it_reads_like_a_question_on_a_rule(text: str, wanted: str) -> None:
    assert topic(text, nothing) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "is chemo covered by the plan?",
        "does the dental insurance pay for a crown",
        "what does the plan pay for radiotherapy",
        "who services the instruments for dialysis clinics",
        "do we sell to customers after chemo",
        "the depression of the key is 2 mm, is that in tolerance",
        "VPN keeps throwing me out, whom do I call",
        "Slack kicked me out of the channel, can I come back",
        "can they let me go early on Fridays",
        "does the warning lamp of the chamber matter",
        "das System wirft mich ständig raus, wen rufe ich an",
        "la session me met dehors toutes les dix minutes, que faire ?",
        "en la calle Mayor, ¿hay aparcamiento?",
        "sistem beni sürekli atıyor, kimi arayayım",
    ],
)
def test_an_ordinary_question_with_the_same_words_is_not_confided(text: str) -> None:
    assert topic(text, nothing) is None


@pytest.mark.parametrize(
    "text",
    [
        "I'll see them in court",
        "my lawyer says the clause is void",
        "ich werde die Firma verklagen",
        "tell the people team I'm suing",
        "I'm suing you over the bonus",
        "dites aux RH que je porte plainte",
        "sizi dava ediyorum",
    ],
)
def test_a_legal_threat_is_not_for_all_to_read(text: str) -> None:
    assert topic(text) == "legal"


@pytest.mark.parametrize(
    "text", ["our lawyer will check the NDA, who sends it to her", "can I get time off to go to court as a witness"]
)
def test_what_reads_like_a_rule_about_lawyers_is(text: str) -> None:
    assert topic(text, nothing) is None


def test_what_somebody_earns_is_nothing_else() -> None:
    text = "what does Jana Weber in sales make? she drives a better car than me"
    assert topic(text, lambda _: "harassment") == "pay" and matter(text, likely=lambda _: "harassment") is None


@pytest.mark.parametrize(
    "text",
    [
        "pls approve Selin's holiday 14-18 sept",
        "reject her overtime please",
        "cancel his trip to Porto",
        "Please sign Tom's timesheet for me",
    ],
)
def test_an_order_about_somebody_elses_matter_is_one(text: str) -> None:
    assert matter(text, likely=lambda _: "device") == "delivery"


@pytest.mark.parametrize(
    "text",
    [
        "who may approve Selin's holiday?",
        "approve today's menu or tomorrow's",
        "I approve Tom's leave, when is he told",
    ],
)
def test_asking_about_it_is_none(text: str) -> None:
    assert matter(text) is None


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("my best friend died on sunday", "friend"),
        ("a colleague of mine passed away", "colleague"),
        ("we lost a dear colleague", "colleague"),
        ("ein Freund von mir ist gestorben", "freund"),
        ("mi vecina ha fallecido", "vecina"),
        ("my sister died", None),
        ("my friend's laptop died", None),
        ("a friend passed the exam", None),
        ("I lost my colleague's badge", None),
    ],
)
def test_who_died_outside_the_family_is_named(text: str, whom: str | None) -> None:
    assert outside_family(text) == whom and (whom is None or matter(text) == "bereaved")


@pytest.mark.parametrize("text", ["und in Italien?", "in Italien"])
def test_in_italien_is_where_and_en_italien_the_language(text: str) -> None:
    assert directive(text) == (directive("")[0], text)
    assert directive("en italien")[0].language == "it" == directive("auf Italienisch bitte")[0].language


@pytest.mark.parametrize(
    "text",
    [
        "A customer is suing us, who do I tell?",
        "are we suing the supplier?",
        "my neighbour is suing me, do I get time off for the hearing?",
        "je porte plainte contre un voleur, qui paie l'avocat ?",
        "Ich klage über Kopfschmerzen, gibt es einen Betriebsarzt?",
        "tedarikçi bizi dava ediyor, kime söylemeliyim?",
        "el cliente nos demanda, ¿a quién aviso?",
        "our client is suing, what do I say to the press",
    ],
)
def test_who_is_sued_or_sues_another_threatens_nobody_here(text: str) -> None:
    assert topic(text) is None and matter(text) is None
