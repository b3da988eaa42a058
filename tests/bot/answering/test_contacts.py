"""Tables and lists of contacts of any shape, in five languages: who is for what is asked is named, or for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from bot import wiring
from bot.answering.assistant import final
from bot.types import Answer, Question
from tests.prepared import settings_at
from tests.rows import each

Ask = Callable[[str, str], str]
MANUALS = {
    "trade": """# Works manual

## Shifts

The early shift begins at 6:00 and the late shift at 14:00. Whoever swaps a shift tells the foreman.

## Rooms for hire

| Room | Number | Price per hour |
|---|---|---|
| Assembly hall | 101 | 32 euros |
| Music room | 102 | 12 euros |

## Forms

| Form | Name | Give it to |
|---|---|---|
| HP-104 | Availability change | Scheduling manager |
| HP-121 | Leave request | Foreman |

## Who looks after what

| Function | Person | Phone | What for |
|---|---|---|---|
| Wages | Ana Ruiz | 6100 | Pay slips, missing pay, deductions |
| Tool crib | Ben Oduya | 6114 | Drills, blades, gauges, sharpening |
| Kiln crew | Cem Kaya | 6120 | Firing, glazes, kiln failures |
| Yard | Dora Lind | 6133 | Gates, lorries, weighbridge |
| Front office | on duty | 6000 | Anything else |
""",
    "school": """# School handbook

## Terms

Lessons begin at 8:30. No leave is taken in term.

## Roles

| Role | Name | Extension |
|---|---|---|
| Head of Boarding | Tomas Wilk | 4180 |
| Registrar | Jo Hall | 4122 |

Anything else: reception will find the right person.
""",
    "channels": """# Studio handbook

## Working days

We work from Monday to Thursday. Friday is free in July.

## Contacts

- Laptops, accounts, passwords: #it-help
- Invoices and expenses: money@studio.example
- Contracts, leave, references: Priya, people@studio.example
- Other questions: the studio manager, ext. 12
""",
    "rules": """# Staff handbook

## Badges

Badges are worn at all times on site. A new badge takes two days.

## Kitchen

Facility management clears the fridge on the last Friday of every month. Names are written on all food in it.

## Parking

The parking garage opens at six. HR employees park on level 2, visitors on level 1.

## Working time

The working week has 38 hours. The core time is from ten to three.
""",
    "handbuch": """# Betriebshandbuch

## Arbeitszeit

Die Arbeitszeit beträgt 38 Stunden in der Woche. Sie beginnt um acht Uhr und endet spätestens um achtzehn Uhr.

## Ansprechpartner

| Stelle | Durchwahl | Zuständig für |
|---|---|---|
| Personalabteilung | 210 | Urlaub, Verträge, Zeugnisse |
| Haustechnik | 233 | Heizung, Licht, Schlüssel |
| Empfang | 200 | Alles andere |
""",
    "manuel": """# Manuel du personnel

## Horaires

La durée du travail est de 35 heures par semaine. Les bureaux ouvrent à huit heures et ferment à dix-neuf heures.

## Contacts utiles

| Service | Poste | Pour quoi |
|---|---|---|
| Ressources humaines | 310 | Congés, contrats, attestations |
| Services généraux | 333 | Chauffage, lumière, clés |
| Accueil | 300 | Autres questions |
""",
    "rehber": """# Personel el kitabı

## Çalışma saatleri

Çalışma süresi haftada 45 saattir. Ofis sabah sekizde açılır ve akşam yedide kapanır.

## Kime sorulur

| Birim | Dahili | Konu |
|---|---|---|
| İnsan kaynakları | 510 | İzin, sözleşme, belgeler |
| Bilgi işlem | 533 | Bilgisayar, parola, yazıcı |
| Danışma | 500 | Diğer sorular |
""",
    "guia": """# Manual del personal

## Horario

La jornada es de 40 horas por semana. La oficina abre a las ocho y cierra a las siete de la tarde.

## Contactos

| Área | Extensión | Asunto |
|---|---|---|
| Recursos humanos | 410 | Vacaciones, contratos, certificados |
| Mantenimiento | 433 | Calefacción, luz, llaves |
| Recepción | 400 | Otras consultas |
""",
}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Asks the keyless bot about one of the manuals; what it says, with whom it names."""
    folder = tmp_path_factory.mktemp("contacts")
    settings = settings_at(folder / "data")
    for name, text in MANUALS.items():
        (folder / name).mkdir()
        (folder / name / "manual.md").write_text(text, encoding="utf-8")
        how = {"prune": False, "rebuild": False, "ocr": False, "progress": lambda *_: None}
        wiring.ingest(settings, [folder / name], collection=name, **how)

    def said(answer: Answer) -> str:
        return answer.whom.quote if answer.whom else answer.text

    with asyncio.Runner() as runner:
        asking = wiring.assistant(settings, cache=False)
        parts = runner.run(asking.__aenter__())
        yield lambda name, text: said(runner.run(final(parts.assistant, Question("q", text, collections=(name,)))))
        runner.run(asking.__aexit__(None, None, None))


@each(
    "manual, text, whom",
    [
        ("trade", "my payslip is 80 euros short, why", "6100"),
        ("trade", "Meine Gehaltsabrechnung stimmt nicht", "6100"),
        ("trade", "¿A quién le pregunto por mi nómina?", "6100"),
        ("trade", "where do i get a new saw blade", "6114"),
        ("trade", "the kiln won't heat up", "6120"),
        ("trade", "does anybody rent out the beach house to employees", "6000"),
        ("trade", "who do I ask about the weighbridge?", "6133"),
        ("trade", "whom do I contact about lost property?", "6000"),
        ("school", "I am a boarding assistant. may my aunt sleep in the boarding house in November?", "4180"),
        ("channels", "my laptop won't start", "#it-help"),
        ("channels", "when do i get my expenses back for the fair", "money@studio.example"),
        ("channels", "what is in a job reference", "people@studio.example"),
        ("channels", "who do I ask about the plants?", "ext. 12"),
        ("rules", "the toilet is blocked", "Facility management"),
        ("handbuch", "Wen frage ich wegen der Heizung?", "233"),
        ("handbuch", "wie viel Urlaub bekomme ich", "210"),
        ("handbuch", "who do I ask about a new contract?", "210"),
        ("manuel", "à qui dois-je m'adresser pour le chauffage ?", "333"),
        ("manuel", "combien de jours de congés ai-je", "310"),
        ("rehber", "bilgisayarım açılmıyor", "533"),
        ("rehber", "kaç gün izin hakkım var", "510"),
        ("guia", "¿a quién pregunto por la calefacción?", "433"),
        ("guia", "¿cuántos días de vacaciones tengo?", "410"),
    ],
)
def test_the_row_for_what_is_asked_is_named(ask: Ask, manual: str, text: str, whom: str) -> None:
    assert whom in ask(manual, text), ask(manual, text)


@each(
    "manual, text, never",
    [
        ("trade", "how much is the music room an hour on weekends with a discount", ("6100", "6114")),
        ("trade", "tell me a joke", ("6000", "HP-", "101")),
        ("trade", "what is the weather like", ("6000", "HP-", "101")),
        ("trade", "I saw a drill on the way home. how much will I earn next year?", ("6114", "HP-")),
        ("rules", "when do we get our bonus", ("level 2",)),  # a rule on something else, though it begins with a desk
        ("rules", "can I get a job reference", ("level 2",)),
        ("rules", "do I get parental leave", ("level 2",)),
        ("channels", "recommend a good book", ("#it-help", "@", "ext. 12")),
    ],
)
def test_nobody_else_is_named(ask: Ask, manual: str, text: str, never: tuple[str, ...]) -> None:
    said = ask(manual, text)
    assert not any(one in said for one in never), said
