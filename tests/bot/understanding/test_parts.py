"""Which messages are several questions."""

from __future__ import annotations

import pytest

from bot.understanding.parts import parts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("How many leave days do I get and who approves expenses?", 2),
        ("Where do I park my bike? Who pays for lunch?", 2),
        ("Changing from the office in Lyon to Bern, what do I get & what happens if I leave?", 2),
        ("can I bring my dog, and is parking free?", 2),
        ("how many days off for my wedding. also, what is the gift limit for suppliers", 2),
        ("I also work on Fridays. Also my team does. how much overtime is allowed?", 1),
        ("Is R&D allowed on the roof & terrace?", 1),
        ("What is the notice period; can I work abroad during it?", 1),
        ("How many leave days do I get, and who approves them?", 1),
        ("Can I take leave and travel?", 1),
        ("What if I live abroad and have a second job?", 1),
        ("Do you share my data? If yes, which data?", 1),
        ("Is there a dress code? Why?", 1),
        ("just heard I'm off to China. enough time for the visa? and can I take my normal laptop", 2),
        ("moving on the 14th, do I get a day? also the new flat needs a desk, can I claim the rest of the 400", 2),
        ("1) can I bring my kid to the office 2) is there a company kindergarten", 2),
        ("can I still get a diesel? I'm field service, do about 28k a year", 1),
        ("is section 3.2) still valid for the new building?", 1),
        ("I moved to team 2. Is lunch free on Fridays?", 1),
        ("Two questions: 1. can I bring my kid? 2. who pays for lunch?", 2),
        ("Wie viel Urlaub habe ich? Wer genehmigt ihn?", 1),
        ("¿Cuántos días de vacaciones tengo? ¿Quién los aprueba?", 1),
        ("Combien de jours de congé ai-je ? Qui les approuve ?", 1),
        ("¿Cuál es el límite del hotel? ¿Quién aprueba los viajes?", 2),
        ("Qui paie les repas ? Qui approuve les congés ?", 2),
        ("Où est la cantine ? Comment les repas sont-ils payés ?", 2),
        ("Wie viel Urlaub habe ich? Wer genehmigt Reisen?", 2),
        ("¿Quién los sábados abre la oficina? ¿Quién paga la comida?", 2),
        ("Qui le lundi ouvre le bureau ? Qui paie les repas ?", 2),
        ("Wie viele Tage habe ich nach 5 Jahren? Darf ich 3 Wochen in Spanien arbeiten?", 2),
        ("Ist die Frist für die Reisekosten der 1. Mai oder der 2. Juni?", 1),
        ("Ich war am 3. und 4. Mai krank, brauche ich ein Attest?", 1),
        ("Vom 1. März bis 2. April in Spanien arbeiten, geht das?", 1),
        ("I was sick on the 3. and 4. of May, do I need a sick note?", 1),
        ("Is there leave for the 1. and 2. child?", 1),
        ("Does section 4. 5. apply to me?", 1),
        ("Can I bring (1) my dog and (2) my kid?", 1),
        ("Which approvals do I need: 1) for a laptop 2) for a business class flight", 1),
        ("I have two kids. 1) is in school. 2) is a baby. How much child sick leave?", 1),
        ("How long is probation? six months?", 1),
        ("Do I get 26 vacation days? 30 days?", 1),
        ("Do I need a sick note? I was at the doctor on Monday?", 1),
        ("parental leave", 1),
    ],
)
def test_only_safe_cuts_are_made(text: str, count: int) -> None:
    assert len(parts(text)) == count
    if count == 1:
        assert parts(text) == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "If I have E-611 and E-502 at the same time, what do I do?",
        "Are M1 and M2 compatible?",
        "Do both A1 and B2 need to be signed?",
        "Do levels L4 and L5 get the same bonus?",
        "Do P1 and P2 tickets have the same SLA?",
        "Can I work in zones A1 and B2 together?",
        "what do E-611 and E-502 mean?",
        "what's the difference between E-611 and E-502?",
        "is E-611 worse than E-502 and E-503?",
        "E-502 says see E-611 and E-612",
        "can I fly with EX-7 and a laptop?",
        "what is E-611 and who do I call",
        "do I need IT-12 or EX-7?",
        "is the B2B and B2C price the same?",
        "zwischen L3 und L4 wechseln, was ändert sich?",
    ],
)
def test_several_codes_stay_in_one_question(text: str) -> None:
    assert parts(text) == (text,)
