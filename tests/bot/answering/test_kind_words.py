"""Kind words, and what stands below them: nothing is promised that does not come, by a model or without one."""

from dataclasses import replace

import pytest

from bot import texts
from bot.answering.assistant import final
from bot.slack import render
from bot.types import INCOMPLETE, UNVOTED, Outcome
from bot.understanding.topics import COMFORTED, Kind
from tests.bot.answering.scripted import LEAVE, Script, Shelf, alike, ask, assistant, tells
from tests.rows import each, failing

FAR = replace(LEAVE, similarity=0.05, lexical=0.0)
OWNED = replace(FAR, owner="People team")
SAY = texts.of("en")
LEADS = {*SAY.leads.values()}
PROMISES = (*LEADS, "below", "above", "named here", "names here")


class Desk(Shelf):
    """Has something on the one thing only: who answers questions on the handbook."""

    async def search(self, query, collections):
        found = await super().search(query, collections)
        handbook = "handbook" in query.texts[0][0]
        return replace(found, passages=(replace(OWNED, similarity=0.9, lexical=1.0),) if handbook else (OWNED,))


def whom(shelf: Shelf) -> str:
    """What is said where the manual has nothing for it."""
    owner = f"{SAY.says['owner_instead']} {SAY.says['owner'].format(title=LEAVE.title, owner='People team')}"
    return owner if isinstance(shelf, Desk) else SAY.says["nobody_named"]


@each("kind", COMFORTED)
async def test_what_has_nothing_below_it_says_so_and_whom_to_ask(kind: Kind) -> None:
    """The same with a model that says NO_ANSWER; who asks for a person is told whom the handbook has."""
    wrong = []
    for shelf in (Shelf(FAR), *([Desk(FAR)] if kind != "person" else [])):
        for model in (None, Script("NO_ANSWER")):
            told = await final(assistant(shelf, model, threshold=0.3, told=tells(kind, "xyz")), ask("xyz happened"))
            comfort, *rest = told.text.split("\n\n")
            said = comfort + "\n\n" == SAY.kindly(kind) and rest == [whom(shelf)] * (kind != "emergency")
            below = str(render.blocks(told, "id"))
            if not said or "feedback" in below or told.outcome is not Outcome.ANSWERED or "person" not in told.notes:
                wrong.append((model and model.name, type(shelf).__name__, told.text, told.notes))
    assert not wrong


@each(
    "kind, text, left",
    [
        ("health", "xyz happened, who pays for the chair?", True),
        ("strain", "xyz happened. may I work from home?", True),
        ("pregnancy", "xyz happened, do I still get the bonus?", True),
        ("health", "xyz happened, what now?", False),
        ("health", "xyz happened", False),
        ("self_harm", "xyz happened, is it insured?", False),
        ("device", "xyz happened, who pays?", False),
    ],
)
async def test_what_a_model_found_no_answer_to_in_confidence_is_said_to_be_left_open(
    kind: Kind, text: str, left: bool
) -> None:
    answer = assistant(Shelf(LEAVE), Script("NO_ANSWER"), threshold=0.3, told=tells(kind, "xyz"))
    told = await final(answer, replace(ask(text), private=True))
    assert (SAY.refused_because["unsure"] in told.text) is (INCOMPLETE in told.notes) is left
    assert left is not any(lead.strip() in told.text for lead in LEADS if lead.strip())


@each("kind", sorted({*COMFORTED} - {"emergency"}))  # of which only what is about one is quoted
async def test_what_the_manual_has_is_led_over_to(kind: Kind) -> None:
    told = await final(assistant(Shelf(LEAVE), threshold=0.3, told=tells(kind, "xyz")), ask("xyz happened"))
    comfort, lead, *rest = told.text.split("\n\n")
    assert (comfort + "\n\n", lead + "\n\n") == (SAY.kindly(kind), SAY.lead(kind)) and "[1]" in rest[0]
    assert (UNVOTED in told.notes) is (kind == "self_harm") is ("feedback" not in str(render.blocks(told, "id")))


@each("language", texts.languages())
def test_no_kind_word_speaks_of_what_comes_below_it(language: str) -> None:
    """Where a lead stands within a kind word, it would stand there alone where nothing follows."""
    say = texts.of(language)
    with failing() as row_of:
        for kind in COMFORTED:
            with row_of(kind):
                assert not [lead for lead in say.leads.values() if lead.rstrip(".") in say.kindly(kind)]
                if language == "en":
                    assert not [word for word in PROMISES if word in say.kindly(kind)]


@pytest.mark.parametrize(("kind", "helps"), [("self_harm", False), ("emergency", False), ("health", True)])
async def test_who_needs_help_now_is_told_nothing_that_may_not_be_it(kind: Kind, helps: bool) -> None:
    unsure = assistant(Shelf(LEAVE), threshold=0.3, told=tells(kind, "xyz"), nearness_of=alike(0.3))
    told = await final(unsure, ask("xyz happened"))
    assert told.text.count(SAY.says["nearest"]) == helps and SAY.lead(kind).strip() not in told.text, told.text
    assert ("[1]" in told.text) is helps
