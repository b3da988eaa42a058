"""What is taken for the right matter: an attack on an account, a second month in the job, a colleague's illness."""

import pytest

from bot.texts import languages, of
from bot.understanding.topics import Likely, first, unfit
from bot.wiring.adapters import ByMeaning
from knowledge.index.embed import MiniLM
from tests.rows import each

CLICKED = """someone phished me
somebody just phished my account
I got phished
I think I've been phished
someone hacked me
they hacked our team account
we were hacked
jemand hat mich gehackt
ich wurde gephisht
quelqu'un m'a piraté
je me suis fait hameçonner
me han hackeado
alguien me ha hackeado
biri beni hackledi
oltalama saldırısına uğradım""".splitlines()
HARASSED = """someone bullied me
someone hit me
someone touched me
someone keeps insulting me
mein Chef schreit mich ständig an""".splitlines()
NOTHING = """we did a hackathon, someone hacked together a demo
someone hacked up the cake
how do I report phishing?
what happens if someone phished me in the training?
any life hacks for me?
I'm in my second month, may I work from home?
I am in my sixth month, when do I get a bike?
I'm in my third month here: how much leave do I have?
I'm in my eighth month here, how much leave do I have?
I'm in month three, is there still a probation?
ich bin im zweiten Monat, darf ich von zu Hause arbeiten?
je suis dans mon deuxième mois, puis-je télétravailler ?
estoy en mi segundo mes, ¿puedo teletrabajar?
ikinci ayımdayım, evden çalışabilir miyim?""".splitlines()
PREGNANT = """I'm in my second month of pregnancy, may I work from home?
I'm in my third trimester
I'm pregnant, in my fifth month, may I work nights?
I'm in my eighth month, when does my leave start?
I'm in my seventh month, can I still travel by plane?
I'm in my fifth month, may I still fly?
Ich bin im siebten Monat. Wann muss ich aufhören zu arbeiten?
je suis dans mon huitième mois, quand commence mon congé ?
estoy en mi octavo mes, ¿puedo volar?
hamileliğimin sekizinci ayındayım, ne zaman izne ayrılmalıyım?
ich bin im dritten Monat schwanger
je suis enceinte de trois mois
estoy embarazada de tres meses
üç aylık hamileyim""".splitlines()
COLLEAGUE = """My colleague Ben Miller has cancer, does he need a sick note from day 1?
Ben Miller has cancer
one of my team has depression, what do I do?
one of my reports is an alcoholic, what may I say?
my colleague was diagnosed with depression, how long is she paid?
our team lead has cancer, do I have to tell anybody?
meine Kollegin hat Depressionen
Frau Schmidt hat Krebs
einer meiner Mitarbeiter ist Alkoholiker, was tun?
mon collègue Ben Martin a une dépression
une personne de mon équipe est alcoolique, que faire ?
mi jefe tiene cáncer
una persona de mi equipo tiene depresión, ¿qué hago?
iş arkadaşım kanser
Ayşe Hanım depresyonda""".splitlines()
OWN = """I have cancer, do I need a sick note from day 1?
I was diagnosed with depression, how long am I paid?
my colleague had the flu and now I have it, too
Sick since ten weeks now with my back, joined 18 months ago. How long am I paid?
Cancer is back, how long am I paid?
Grip oldum. Hangi günden itibaren doktor raporu gerekiyor?
ich habe Krebs, brauche ich ein Attest?
j'ai un cancer
tengo cáncer, ¿necesito un justificante?
Everything is too much
Alcohol has taken over my life
Anxiety is through the roof lately
Sleep has become impossible because of my workload
Endometriosis is making my work impossible
Multiple Sclerosis has been with me for a year
My manager is the reason for the panic attacks
My boss is relentless. Panic attacks every night
Alles ist zu viel
Alkohol hat mein Leben übernommen
Schlaf ist seit Wochen unmöglich
Mein Chef ist schuld an meinen Depressionen
Tout est trop
L'alcool a pris le dessus sur ma vie
L'angoisse est insupportable depuis des semaines
Mon chef est la cause de ma dépression
Todo es demasiado
Alcohol se ha adueñado de mi vida
Ansiedad es lo que siento cada noche
Mi jefe es la causa de mi depresión
Her şey çok fazla geliyor
Alkol hayatımı ele geçirdi, bağımlı oldum
Müdürüm yüzünden depresyondayım
Kronik ağrı yüzünden hastayım""".splitlines()


@pytest.fixture(scope="module")
def tell() -> Likely:
    return ByMeaning(MiniLM().embed).told


def told(tell: Likely, text: str) -> str:
    of_it = tell(text)
    return of_it.kind if of_it else "none"


@each("kind, texts", [("clicked", CLICKED), ("harassment", HARASSED), ("none", NOTHING), ("pregnancy", PREGNANT)])
def test_each_is_told_as_what_it_is(tell: Likely, kind: str, texts: list[str]) -> None:
    assert [(text, it) for text in texts if (it := told(tell, text)) != kind] == []


def test_an_attack_on_an_account_is_nothing_that_a_channel_must_not_read(tell: Likely) -> None:
    assert [text for text in CLICKED if (of_it := tell(text)) is None or of_it.topic] == []


def test_nobody_is_wished_strength_for_a_colleagues_illness_which_no_channel_reads(tell: Likely) -> None:
    wrong = []
    for text in (*COLLEAGUE, *OWN):
        of_it = tell(text)
        comforted = any(of(one).kindly(kind) for one in languages() for kind in first(of_it, text))
        if of_it and (comforted != (text in OWN) or of_it.topic not in ("health", "addiction")):
            wrong.append((text, of_it.kind, of_it.topic))
    assert wrong == []


def test_in_an_emergency_a_rule_on_that_or_on_any_emergency_is_fit() -> None:
    spill = "a crate of lye tipped over"
    assert not unfit("emergency", "Lye is swept up with the sand beside the door.", spill)
    assert not unfit("emergency", "If an armed person is in the building, hide.", "a man with a rifle is here")
    assert unfit("emergency", "Employees may keep their phone number when they leave.", spill)
