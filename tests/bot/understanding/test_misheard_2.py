"""More that was taken for something else, and ordinary messages with the same words, which stay what they are."""

from __future__ import annotations

import pytest

from bot.answering.wanted import things, wants_reason
from bot.understanding.follow_up import complains
from bot.understanding.topics import instead, matter, topic


@pytest.mark.parametrize(
    "text",
    [
        "got a letter from court, have to go there as a witness on a thursday. is that paid?",
        "am I being called an expert witness on company time?",
        "muss als Zeugin aussagen, bekomme ich den Tag bezahlt?",
        "je suis témoin au tribunal mardi, c'est payé ?",
        "me citaron como testigo, ¿es un día pagado?",
        "mahkemede tanıklık yapacağım, ücretli mi",
        "Summoned as a witness next week, do I have to take holiday?",
        "Ich bin am Dienstag als Zeuge vor Gericht geladen, zählt das als Arbeitszeit?",
        "j'ai été convoquée comme témoin au procès, faut-il poser un congé ?",
        "tengo que ir al juzgado como testigo el lunes, ¿es permiso retribuido?",
        "tanık olarak çağrıldım, izin alabilir miyim",
    ],
)
def test_a_witness_claims_nothing_though_it_means_the_like(text: str) -> None:
    assert topic(text, lambda _: "legal") is None
    assert matter(text, likely=lambda _: "legal") is None


@pytest.mark.parametrize(
    "text",
    [
        "I'll see you in court over this",
        "I'll see you all at the tribunal and I am a witness",
        "I'm filing a claim for unpaid wages, is my colleague allowed as a witness?",
        "I'll sue you. Also I have jury duty in May, do I get leave?",
        "I am going to the tribunal over my unfair treatment, my colleague will be a witness",
        "The dispute with my boss goes to court, I am called as a witness against him",
        "my lawyer wants to name you as a witness for the lawsuit against the company",
        "I'm taking the company to court and Ben comes as a witness",
        "Mein Anwalt meint, die Zeugenaussage reicht für eine Klage gegen den Chef",
        "Wir sehen uns vor Gericht, die Kollegin kommt als Zeugin",
        "Ich gehe vor das Arbeitsgericht, Kollege Müller sagt als Zeuge aus",
        "Ich verklage die Firma und Tom kommt als Zeuge",
        "Mon avocat va attaquer l'entreprise, je suis témoin de tout",
        "je vais vous attaquer, Paul vient comme témoin",
        "Voy a denunciaros, tengo a Marta como testigo",
        "Sizi mahkemeye vereceğim, Ayşe tanık olarak gelecek",
        "Avukatım dava açıyor, arkadaşım tanıklık edecek",
    ],
)
def test_who_claims_is_heard_whoever_the_witness_is(text: str) -> None:
    assert topic(text, lambda _: "legal") == matter(text, likely=lambda _: "legal") == "legal"


@pytest.mark.parametrize(
    "text",
    [
        "Mein Chef hat mir im Meeting gesagt, dass man mich nicht mehr braucht",
        "Man hat mir auf dem Parkplatz gesagt, ich soll nicht mehr wiederkommen",
        "À la réunion, mon chef m'a dit de ne plus revenir",
        "My VPN was cut off and my boss says they are letting me go",
    ],
)
def test_who_is_dismissed_in_a_meeting_is_heard(text: str) -> None:
    assert topic(text, lambda _: "dismissal") == "dismissal"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("what does Kerstin Vogt get? heard she's on more than me", "pay"),
        ("what's Annika Lindqvist on? asking because we do the same job", "pay"),
        ("How much does Tom Weber take home, we have the same grade", "pay"),
        ("What does Marta Kern get for her anniversary?", None),
        ("what is Tempo on? the page won't load", None),
        ("What does Germany get in December, same as us?", None),
        ("What does Vienna get? same level as Berlin?", None),
        ("how much does Jonas get, he has the same role as me", "pay"),
        ("What is Sick Pay on day three, is it my full salary?", None),
        ("What does Parental Leave get me in pay?", None),
        ("How much does Overtime get paid, is it more than the normal pay?", None),
        ("What does Human Resources get as pay if they work on Sundays?", None),
        ("How much does Night Shift get, extra pay?", None),
        ("How much does Germany get in holidays, is it more than us?", None),
        ("What is Kurzarbeit on my salary?", None),
        ("im 2 months behind with the rent, could the firm lend me 3000?", "debts"),
        ("bin mit der Miete im Rückstand, gibt es einen Vorschuss?", "debts"),
        ("j'ai deux mois de retard de loyer", "debts"),
        ("tengo alquileres atrasados", "debts"),
        ("kira borcum var", "debts"),
        ("we are behind with the rent and my wife is out of work", "debts"),
        ("ich habe drei Monate Mietrückstand, was nun", "debts"),
        ("The tenant of our second floor has rent arrears, which form do I use?", None),
        ("Our customer is behind with the rent for the warehouse", None),
        ("behind on rent invoices from the landlord, how do we book them?", None),
        ("Unser Kunde hat Mietrückstände, wer mahnt?", None),
        ("notre locataire a trois mois de retard de loyer", None),
        ("¿Cómo se contabilizan los alquileres atrasados de la oficina?", None),
        ("kira borcu nasıl muhasebeleştirilir?", None),
        ("the rental car stands behind the warehouse", None),
        ("who pays the rent of the flat during a relocation?", None),
        ("Llevo dos años apostando desde el móvil, ¿puedo cogerme la baja?", "addiction"),
        ("I can't stop betting on football", "addiction"),
        ("ich hab mein Gehalt verzockt", "addiction"),
        ("je n'arrive pas à arrêter de boire", "addiction"),
        ("her gün bahis oynuyorum, bırakamıyorum", "addiction"),
        ("quiero dejar de beber", "addiction"),
        ("ich kann nicht mehr aufhören zu spielen", "addiction"),
        ("When do I have to stop drinking before I drive the company car?", None),
        ("Please stop drinking coffee in the lab, is that a rule?", None),
        ("Wir haben uns beim Angebot verzockt", None),
        ("Die Kollegen sollen aufhören zu spielen während der Arbeit", None),
        ("Il faut arrêter de jouer au baby-foot à quelle heure ?", None),
        ("Je suis accro aux paris brest de la cantine", None),
        ("La empresa sigue apostando desde Madrid por el teletrabajo", None),
        ("İş yerinde bahis oynamak yasak mı?", None),
        ("estamos apostando por la nube este año", None),
        ("the pump won't stop, who do I call?", None),
        ("is drinking allowed at the party? and when does the band stop", None),
        ("on a parié sur le nouveau logiciel", None),
        ("they gave me my p45 this morning. what now", "dismissal"),
        ("got a pink slip on friday", "dismissal"),
        ("my boss handed me the termination letter today", "dismissal"),
        ("Our supplier handed me the termination letter", None),
        ("I got a notice of termination from our software supplier", None),
        ("I was given the pink slip for the car inspection", None),
        ("I got my marching orders for the Berlin trip", None),
        ("I got my P45 in the post from Tesco, where I worked before", None),
        ("got my P45 from my old job, whom do I give it to?", None),
        ("when do leavers get their P45?", None),
    ],
)
def test_what_is_confided_in_other_words(text: str, wanted: str | None) -> None:
    assert topic(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("gran didn't make it", "bereaved"),
        ("my wife didn't make it through the night", "bereaved"),
        ("mum didn't make it, how many days do I get off?", "bereaved"),
        ("mum slipped away last night", "bereaved"),
        ("Mama ist friedlich gegangen", "bereaved"),
        ("Opa hat es nicht geschafft", "bereaved"),
        ("maman est partie paisiblement", "bereaved"),
        ("mi abuela nos ha dejado", "bereaved"),
        ("babam hayata gözlerini yumdu", "bereaved"),
        ("my dad didn't make it to the summer party", None),
        ("mum didn't make it on time, her train was late", None),
        ("my son slipped on the stairs at school", None),
        ("Mama ist gestern in den Urlaub gegangen", None),
        ("Papa hat den Zug nicht geschafft", None),
        ("ma sœur est partie en vacances", None),
        ("mi jefe nos ha dejado el coche", None),
        ("babam şirketten ayrıldı", None),
        ("L'ordinateur de ma femme s'est éteint", None),
        ("Le téléphone de mon père s'est éteint pendant la réunion", None),
        ("La télé de mon mari s'est éteinte", None),
        ("ma grand-mère s'est éteinte cette nuit", "bereaved"),
        ("mon père n'a pas survécu à l'accident", "bereaved"),
        ("Mon mari est parti paisiblement en vacances", None),
        ("Ma sœur est partie pour toujours au Canada", None),
        ("Mon père n'a pas survécu à la restructuration", None),
        ("Meine Frau hat es leider nicht geschafft, sie steht im Stau", None),
        ("Mein Bruder hat es nicht geschafft, den Zug zu kriegen", None),
        ("Mein Sohn hat es nicht geschafft. Er fällt durchs Abitur", None),
        ("Meine Tochter hat es nicht geschafft, gibt es noch einen Praktikumsplatz?", None),
        ("mein Bruder hat die Operation nicht überlebt", "bereaved"),
        ("mein Vater hat es nicht geschafft. Wie viele Tage bekomme ich?", "bereaved"),
        ("Mein Sohn ist ruhig eingeschlafen", None),
        ("Meine Tochter ist sanft eingeschlafen, ich kann jetzt wieder arbeiten", None),
        ("Mein Sohn ist nicht mehr aufgewacht, als der Wecker klingelte", None),
        ("Oma ist heute Nacht sanft eingeschlafen", "bereaved"),
        ("Mein Mann hat uns verlassen, ich bin jetzt alleinerziehend", None),
        ("Meine Frau hat uns verlassen und ist ausgezogen", None),
        ("Mein Vater hat uns für immer verlassen", "bereaved"),
        ("Mi madre nos dejó ayer las llaves", None),
        ("Mi abuela nos dejó hoy a los niños", None),
        ("Mi padre nos dejó esta mañana en la estación", None),
        ("Mi marido nos dejó ayer, me quedo sola con los niños", None),
        ("Mi mujer nos ha dejado, estamos separados", None),
        ("mi madre nos dejó para siempre", "bereaved"),
        ("Mi hijo no lo logró en el examen", None),
        ("Mi hermano no lo logró, ¿puede presentarse otra vez al proceso?", None),
        ("Mi hijo no sobrevivió a la entrevista jaja", None),
        ("mi hermano no sobrevivió al accidente", "bereaved"),
        ("Mi padre se fue para siempre a Argentina", None),
        ("My husband just slipped away, to the shops", None),
        ("My dad slipped away last Tuesday from the party", None),
        ("My cousin passed on today's invitation", None),
        ("My wife passed on this. Can I use the ticket?", None),
        ("My daughter didn't make it in the end. Is her internship still open?", None),
        ("My son didn't make it. He was in the waiting list for the kindergarten", None),
        ("my brother didn't make it. how many days do I get?", "bereaved"),
        ("dad passed on last friday", "bereaved"),
        ("My wife had a stroke on Monday. She died.", "bereaved"),
        ("My son was in hospital, and now he has died", "bereaved"),
        ("Mein Bruder hatte einen Unfall. Er ist heute gestorben.", "bereaved"),
        ("Mein Vater lag im Krankenhaus aber er ist gestern gestorben", "bereaved"),
        ("ma mère était à l'hôpital. elle est décédée ce matin", "bereaved"),
        ("mi padre estaba en el hospital. Ayer falleció", "bereaved"),
        ("annem hastanedeydi, dün vefat etti", "bereaved"),
        ("My dad was in hospital. The phone died and I could not call", "relative"),
        ("Mein Vater liegt im Krankenhaus, er ist stabil", "relative"),
        ("My brother didn't make it, I need to rebook his flight", None),
        ("Mum didn't make it, do I still pay for her dinner?", None),
        ("my partner didn't make it this morning, can I bring another plus one?", None),
        ("Meine Frau hat es nicht geschafft, kann ich das Paket für sie abholen?", None),
        ("Mama hat es nicht geschafft. Habe ich den Schlüssel noch?", None),
        ("My wife slipped away, the party was boring", None),
        ("The coffee machine is broken again. Can't go on like this!", None),
        ("The meetings are too long, we just can't go on like this", None),
        ("this build takes an hour. can't keep going like this", None),
        ("can't keep going like this", "strain"),
        ("honestly cannot go on like this any more", "strain"),
        ("can't keep going like this with one printer for forty people", None),
        ("keep going like this!", None),
    ],
)
def test_what_happened_is_heard_in_other_words(text: str, wanted: str | None) -> None:
    assert matter(text) == wanted


def test_what_tells_of_it_is_looked_up_and_not_what_is_asked_beside() -> None:
    assert instead("bereaved", "en", "mum slipped away last night. how much time off do I get?") == [
        "days of leave for a death in the family: mum slipped away last night."
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("but why, it measures fine", True),
        ("ok why though: nobody was hurt", True),
        ("aber warum, es funktioniert doch", True),
        ("mais pourquoi, ça marche", True),
        ("pero por qué, si funciona", True),
        ("ama neden, sorun yok ki", True),
        ("but why, who decides that?", False),
        ("so why, thanks anyway", False),
        ("but why, then, can't I take it in July", False),
        ("and why, is it a law", False),
        ("ok, why: it was 28 before", False),
        ("and why is the limit 130 in Berlin?", False),
    ],
)
def test_a_why_with_its_doubt_behind_it_wants_the_reason(text: str, reason: bool) -> None:
    assert wants_reason(text) == reason


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("you told me 25 days, my manager says 30. whats the point of you if i have to check everything myself", True),
        ("you sent me there twice. why do I even bother asking", True),
        ("you said 25. what's the point of the form if I have to sign it twice", False),
        ("you said 25. why do I bother the team with it?", False),
        ("What is the point of asking if I can work from Spain", False),
        ("what is the point of asking when the holiday requests are never approved", False),
        ("What are you good for if I need a visa letter", False),
        ("you said 25. what are you good for if I still have to call HR", True),
    ],
)
def test_what_nobody_needs_a_bot_for_is_a_complaint(text: str, complaint: bool) -> None:
    assert complains(text) == complaint


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("when does the cooling finally come on", ["cooling"]),
        ("is the gauge ran out last month", ["gauge"]),
        ("ok for the todays measurement", ["measurement"]),
        ("may I bring the family to the assembly", ["family", "assembly"]),
        ("who pays for the reply envelope", ["reply", "envelope"]),
    ],
)
def test_adverbs_and_verbs_are_no_things(question: str, named: list[str]) -> None:
    assert [word for _, word in things(question)] == named


@pytest.mark.parametrize(
    "text",
    [
        "can you reset my password, I'm locked out",
        "I need to unlock my company credit card",
        "mein Passwort geht nicht mehr",
        "je n'arrive plus à me connecter, mon compte est bloqué",
        "no puedo iniciar sesión, mi cuenta está bloqueada",
        "hesabım kilitlendi, giriş yapamıyorum",
    ],
)
def test_who_is_locked_out_has_no_debts_though_it_means_the_like(text: str) -> None:
    assert topic(text, lambda _: "debts") is None


@pytest.mark.parametrize(
    "text",
    [
        "they froze my bank account",
        "the collectors won't leave me alone",
        "I owe people money and I can't log in to my bank any more",
        "I can't sign in to pay my credit card, they are chasing me for the money",
        "I'm so broke I can't even pay my phone, it is locked out",
        "Inkasso ruft dauernd an und ich kann mich nicht mehr einloggen in mein Konto",
        "Ich kann meine Kredite nicht mehr bedienen, mein Konto ist gesperrt, Kennwort weg",
        "Ich bin ausgesperrt und habe kein Geld mehr",
        "Je n'arrive plus à payer mes crédits et ma connexion bancaire est coupée",
        "no puedo iniciar sesión en el banco y debo mucho dinero",
        "bankaya giriş yapamıyorum, param bitti",
    ],
)
def test_who_has_debts_is_heard_by_the_meaning_alone(text: str) -> None:
    assert topic(text, lambda _: "debts") == "debts"


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("en", "approve my leave 3-14 aug pls", ["how is leave requested?"]),
        ("en", "book my vacation please", ["how is leave requested?"]),
        ("de", "trag bitte meinen Urlaub ein", ["how is leave requested?", "Wie wird Urlaub beantragt?"]),
        ("en", "order me a new laptop please", []),
        ("en", "submit my expense report, I leave on friday", []),
    ],
)
def test_who_wants_leave_entered_is_told_how_it_is_requested(language: str, text: str, asked: list[str]) -> None:
    assert instead("delivery", language, text) == asked


@pytest.mark.parametrize(
    ("text", "kind"),
    [("patron hediye kartı almamı istiyor", "phishing"), ("şirket kartıyla hediye kartı alabilir miyim?", None)],
)
def test_whoever_asks_whether_gift_cards_may_be_bought_was_not_told_to(text: str, kind: str | None) -> None:
    assert matter(text) == kind
