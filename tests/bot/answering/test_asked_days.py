from datetime import date

from bot.answering.asked_days import asked_about, years
from bot.answering.editions import in_force
from tests.bot.answering.test_editions import NOW, OLD, TODAY
from tests.rows import each

AS_A_YEAR = [
    "How many days of annual leave did we have in 2025?",
    "What does the 2025 edition say on bicycles?",
    "what did the 2025 bike rules allow",
    "What was 2025's limit?",
    "the rules from 2025: what may a bicycle cost?",
    "asking because of the old bike rules, so back in 2025, what was the most a bike could cost",
    "What was the limit for 2025?",
    "What was allowed in summer 2025?",
    "what was the most it could cost under last year's rules, the 2025 ones?",
    "In 2025, what was the limit?",
    "2025 bicycle rules",
    "2025 annual leave?",
    "What was the 2025 late fee?",
    "FY2025 leave",
    "What about 2025?",
    "And 2025?",
    "As of 2025, how much leave?",
    "leave in 05.2025?",
    "leave 2025-05",
    "hotel limit per night 2025?",
    "Wie war das 2025 mit dem Urlaub?",
    "Was kostet der Saal 2025?",
    "Was ist mit 2025?",
    "Et 2025 ?",
    "¿Y 2025?",
    "Peki 2025?",
    "annual leave 2025",
    "What did the policy (2025) say?",
    "limit at the end of 2025?",
    "Which rules applied throughout 2025?",
    "what did I get in Q3 2025?",
    "Im letzten Quartal 2025: welche Grenze?",
    "2025 yılında kaç gün izin vardı?",
    "2025 sürümünde ne yazıyordu?",
    "Was galt 2025?",
    "2025 hatten wir wie viele Tage?",
    "Wie viel Urlaub gab es 2025 für Teilzeit?",
    "Wie viele Tage durfte man 2025 mitnehmen?",
    "Was stand in der Ausgabe 2025?",
    "Wie hoch war die Grenze im Jahr 2025?",
    "2025 yılında bisiklet ne kadar olabilirdi?",
    "2025'te kaç gün izin vardı?",
    "Combien de jours avait-on en 2025 ?",
    "Que disait l'édition 2025 ?",
    "¿Cuántos días había en 2025?",
    "¿Qué decía la edición de 2025?",
]
NO_YEAR = [
    "My course costs 2025 pounds, how much does the practice pay?",
    "My course costs £2025, how much is paid?",
    "I worked 2000 hours this year, how much annual leave do I have?",
    "How much annual leave do I get? My staff number is 2025.",
    "How many nights can a nurse be on call in room 2025?",
    "Call-out from 1930 to 2015, is it paid?",
    "Is the desk open from 2000 to 2200?",
    "Is lunch between 1130 and 2015?",
    "May I lift 2000 kg?",
    "Is a gift worth 2000 allowed?",
    "My course costs 2000, how much is paid?",
    "I had a course that cost 2000, how much is paid?",
    "My postcode is 2025, which site is mine?",
    "We expect over 2000 at the fair, who approves?",
    "Where is page 2025 of the log kept?",
    "Are 2000 visitors too many?",
    "Sind 2000 Besucher zu viel?",
    "2000 visiteurs, qui approuve ?",
    "¿Puedo invitar a 2000 personas?",
    "2000 kişi için kim onay verir?",
    "may I spend up to 2000 on a laptop?",
    "Is a limit of 2000 too low?",
    "¿puedo gastar hasta 2000?",
    "Darf ich bis zu 2000 ausgeben?",
    "May I send a letter to 2000 employees?",
    "I walked 2000 m, may I take a break?",
    "ext. 2025 does not answer, where do I report a bite?",
    "Who has locker 2025 and who pays for the key?",
    "The alarm code is 2025, may I tell a colleague?",
    "My call-out began at 2025, is it paid?",
    "Mein Kurs kostet 2000 Euro, wie viel wird gezahlt?",
    "Wer hat die Durchwahl 2025?",
    "Darf ich in Raum 2025 essen?",
    "Meine Personalnummer ist 2025, wie viele Tage habe ich?",
    "Bekomme ich für 2000 Kilometer Geld?",
    "2000 avro için kim onay verir?",
    "2025 numaralı odada yemek yiyebilir miyim?",
    "Ma formation coûte 2000 euros, combien est payé ?",
    "Qui paie le badge de la salle 2025 ?",
    "¿Quién paga 2000 euros?",
    "¿Puedo comer en la sala 2025?",
]


@each("question", AS_A_YEAR)
def test_a_number_that_stands_as_a_year_is_one(question: str) -> None:
    assert years(question) == {2025}
    assert [p.chunk_id for p in in_force([OLD, NOW], question, TODAY)] == ["c2025"]


@each("question", NO_YEAR)
def test_an_amount_an_hour_or_the_number_of_a_room_is_no_year(question: str) -> None:
    assert not years(question)
    assert [p.chunk_id for p in in_force([OLD, NOW], question, TODAY)] == ["c2026"]


def test_two_years_are_named_together() -> None:
    for question in (
        "What changed between 2024 and 2025?",
        "from 2024 to 2025",
        "compare 2024 vs 2025",
        "the rules of 2024, 2025",
        "2024 und 2025: was galt?",
    ):
        assert years(question) == {2024, 2025}, question
    assert years("Compare 2025 and 2026 annual leave") == {2025, 2026}
    assert years("the bonus for 2025/26") == {2025}


PAST = date(2025, 12, 31)


@each(
    "question, days",
    [
        ("What was the limit in 2025?", (PAST,)),
        ("What may a bicycle cost in 2025?", (PAST,)),
        ("I had a trip in 2025. What was the rate?", (PAST,)),
        ("In 2025 I had a trip. What did the rules allow back then?", (PAST,)),
        ("In 2025 I carried over nothing. How many days of annual leave now?", ()),
        ("In 2025 I carried over nothing. How many days of annual leave do I have?", (PAST, TODAY)),
        ("In 2025 I carried over nothing, how many days of annual leave now?", (PAST, TODAY)),
        ("How many nights? We discussed it in the meeting of 12 May 2025.", (date(2025, 5, 12), TODAY)),
        ("2025 habe ich nichts mitgenommen. Wie viele Tage habe ich jetzt?", ()),
        ("En 2025 je n'ai rien reporté. Combien de jours ai-je maintenant ?", ()),
        ("En 2025 no guardé nada. ¿Cuántos días tengo ahora?", ()),
        ("2025'te hiç devretmedim. Şimdi kaç günüm var?", ()),
        ("My permit says sept 2027. I'm safe until then, right?", (date(2027, 9, 1),)),
        ("I joined in 2025. How many days do I have?", ()),
        ("How many days do I have?", ()),
        ("What is the 2025 annual leave?", (PAST,)),
        ("What is 2025 annual leave?", (PAST, TODAY)),  # maybe an amount, as in the next
        ("Who signs for 2025 widgets?", (PAST, TODAY)),
        ("Compare 2025 and 2026 annual leave", (PAST, date(2026, 12, 31))),
    ],
)
def test_a_day_beside_the_question_leaves_what_holds_today(question: str, days: tuple[date, ...]) -> None:
    assert asked_about(question, TODAY) == days
