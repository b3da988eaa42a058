"""Who tells of one thing and asks another is not left without what comes closest to the question."""

from pathlib import Path

import pytest

from bot import texts, wiring
from bot.answering.assistant import final
from bot.types import Question, Turn
from bot.understanding.topics import Told
from bot.wiring import adapters
from tests.prepared import Ask, copy_of, settings_at

BESIDE = [  # text, whose kind word stands first, what is said below it, what isn't
    (
        "how many days may I work from Spain? Also my mum just passed away.",
        "bereaved",
        "up to 25 working days",
        "need for care",
    ),
    (
        "can i park my bike inside? also my manager called me a stupid cow yesterday",
        "harassment",
        "Bicycles are parked",
        "?",
    ),
    ("My boss touches me. How many vacation days do I have?", "harassment", "Annual leave is 30 working days", "?"),
    ("my colleague groped me. where is the ice rink", "harassment", "“where is the ice rink”", "?"),
    (
        "how many days off for a wedding? btw i have cancer",
        "health",
        "own wedding or civil partnership; Working days: 2",
        "closest",
    ),
    ("I want to kill myself. By the way, how many vacation days do I have?", "self_harm", "30 working days", "?"),
    (
        "someone collapsed in the lobby! also how many vacation days do I have",
        "emergency",
        "ambulance; Number: 112",
        "vacation",
    ),
    ("my father died, how many days off do i get?", "bereaved", "child or parent; Working days: 5", "30 working days"),
    ("I was fired today", "fired", "more than 2 and up to 5 years | 2 months", "sick"),
    ("I quit, this is my notice", "resigns", "Notice must be given in writing", "annual leave is requested"),
    ("my son is sick", "relative", "sickness of a child under twelve years; Working days: up to 10", "care leave"),
    ("my son is gravely ill", "relative", "care for a close relative", "?"),
    ("My husband hits me", "home", "Counselling by an outside service", "Halden"),
    ("How do we support the team after a suicide?", "bereaved", "Counselling by an outside service", "emergency"),
    (
        "I forwarded the salary list to the whole company by mistake",
        "breach",
        "disclosure to the wrong person",
        "phishing",
    ),
    ("I'm pregnant, what now?", "pregnancy", "as soon as she knows", "?"),
    ("Ich bin schwanger und habe es noch niemandem gesagt", "pregnancy", "as soon as she knows", "?"),
    ("my wife miscarried at 11 weeks last night", "miscarried", "Counselling by an outside service", "birth"),
    ("I've got covid", "health", "before 9:30 on the first day", "six weeks"),
    ("I'm stuck in the lift, what now?", "emergency", "ambulance; Number: 112", "password"),
    # whom is named above: that part of the question is not left open
    ("Ich werde von meinem Chef belästigt. Wem kann ich das sagen?", "harassment", "Speak Up", "this part"),
    ("Mi jefe me acosa, ¿a quién se lo puedo decir?", "harassment", "Speak Up", "this part"),
    ("How do I report harassment?", "witness", "reporting line", "Halden doesn't tolerate"),
]


def test_what_is_told_has_its_kind_word_and_what_is_asked_beside_it_its_answer(ask: Ask) -> None:
    wrong = []
    for text, kind, rule, other in BESIDE:
        said = ask(text).text
        below = said.removeprefix(texts.of("en").kindly(kind).strip())
        if below == said or rule not in below or other in below.replace("| sickness", ""):
            wrong.append((text, said))
    assert wrong == []


async def test_what_is_asked_of_the_trouble_itself_comes_first(manual_ingested: Path, tmp_path: Path) -> None:
    text = "is there somewhere i can complain about what my boss is doing without anyone finding out it was me"
    async with wiring.assistant(settings_at(copy_of(manual_ingested, tmp_path) / "demo"), cache=False) as parts:
        said = (await final(parts.assistant, Question(id="q", text=text))).text
    say = texts.of("en")
    assert said.startswith(f"{say.kindly('harassment')}{say.lead('harassment')}Concerns can be raised")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("been lying flat since thursday, back. when do they want the paper from the doc", "fourth calendar day"),
        ("lying flat since thursday", ""),
    ],
)
async def test_a_trouble_heard_by_meaning_alone_does_not_hide_the_rule(
    text: str, rule: str, manual_ingested: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters, "likely", lambda text, _: Told("addiction", text))
    settings = settings_at(copy_of(manual_ingested, tmp_path) / "demo")
    async with wiring.assistant(settings, cache=False) as parts:
        said = (await final(parts.assistant, Question(id="q", text=text))).text
    assert said.startswith("I found no sure answer to this part") == bool(rule)
    assert rule in said and "Counselling" in said


def test_the_country_that_a_city_was_put_into_is_said(ask: Ask) -> None:
    answer = ask("I'm in the Madrid office, when does my working day end in July").text
    in_spain = ask("when does the day end in July in Spain").text
    in_the = ask("what are the office hours in Manchester?").text
    in_both = ask("when does the working day end in July in Madrid, Spain").text
    assert "15:00" in answer and "I took it that Madrid is in Spain." in answer
    assert "I took it that Manchester is in the United Kingdom." in in_the
    assert "15:00" in in_spain and "I took it" not in in_spain + in_both


@pytest.mark.parametrize(
    ("talk", "said"), [("what's in it for me if the pink fox wins?", ""), ("may I bring my dog?", "Dogs are")]
)
def test_who_asks_which_of_them_is_right_is_not_told_what_the_bot_is(ask: Ask, talk: str, said: str) -> None:
    before = (Turn("user", talk, "B", to_bot=False), Turn("user", "no idea", "C", to_bot=False))
    answer = ask("which of them is right", *before, speaker="A").text
    assert said in answer and "I answer questions from the policy manual" not in answer
