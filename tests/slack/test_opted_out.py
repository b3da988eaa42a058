"""Who opted out gets every answer, and only its figures are kept."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.rules.file import RulesFile
from bot.slack.meanings import AGAIN, FEEDBACK, PERSON, SHARE, SHOW
from bot.store import Store
from bot.types import Answer, Closest, Outcome
from tests.bot.store.traces import files_with
from tests.slack.bots import answer_to, answered, ended, ends, running, says, sentences
from tests.slack.test_private import privately
from tests.slack_server import FakeSlack

REFUSED = Answer(Outcome.REFUSED, "", closest=(Closest("visas.pdf", "Visas", ("Entry",), collection="default"),))
CITED = answered(sentences("Zebras are refunded."))


async def test_an_answer_comes_and_its_words_are_not_kept(slack: FakeSlack, store: Store, tmp_path: Path) -> None:
    store.persons.opt_out("U1", datetime.now(UTC))
    async with running(slack, says("Zebras are refunded."), store):
        asked = slack.people.mention("C1", "U1", "Who pays for my zebra?")
        answer = await answer_to(slack, asked, store)
        assert "Zebras are refunded." in answer.text
        await ended(slack, store, asked)
        slack.people.button(answer, "positive_button", "U1")
        await slack.wait_for(slack.ephemerals, "a thank-you")
    (row,) = store.feedback.export()
    assert (row["vote"], row["question"], row["text"]) == ("up", "", "")
    assert store.scrub() and files_with(tmp_path, "zebra") == []


async def test_what_they_edit_is_answered_anew_and_its_words_are_not_kept(
    slack: FakeSlack, store: Store, tmp_path: Path
) -> None:
    store.persons.opt_out("U1", datetime.now(UTC))
    assistant = says("It is refunded.")
    async with running(slack, assistant, store):
        asked = slack.people.mention("C1", "U1", "Who pays for my hotel?")
        await answer_to(slack, asked, store)
        slack.people.edit(asked, "<@U0BOT> Who feeds the zebra on Sundays?")
        await slack.wait_for(lambda: len(assistant.asked) == 2, "the second answer")
        await slack.settle()
    assert "zebra" in assistant.asked[1].text
    assert store.scrub() and files_with(tmp_path, "zebra") == []


@pytest.mark.parametrize(
    ("answer", "private", "theirs", "others"),
    [
        (CITED, False, [FEEDBACK], [SHOW, FEEDBACK]),
        (CITED, True, [FEEDBACK], [SHOW, FEEDBACK, SHARE, PERSON]),
        (REFUSED, False, [FEEDBACK], [FEEDBACK, PERSON]),
        (Answer(Outcome.FAILED, ""), False, [], [AGAIN]),
    ],
)
async def test_no_button_that_needs_their_words_stands_below_their_answers(
    slack: FakeSlack, store: Store, tmp_path: Path, answer: Answer, private: bool, theirs: list[str], others: list[str]
) -> None:
    """Nothing of it can be shown, shared, asked again or handed on; a vote counts."""
    slack.add_channel("C0OWNERS", "owners")
    slack.add_channel("C0ASKING", "asking")
    rules = tmp_path / "policybot.toml"
    closed = "[channel.C0ASKING]\nprivate = true\n" if private else ""
    rules.write_text(f'[collection.default]\nowner_channel = "C0OWNERS"\n{closed}', encoding="utf-8")
    store.persons.opt_out("U1", datetime.now(UTC))
    async with running(slack, ends(answer), store, rules=RulesFile(rules)):
        for user, expected in (("U1", theirs), ("U2", others)):
            asked = slack.people.mention("C0ASKING", user, "Who pays for my zebra?")
            there = (await privately(slack, user))[1] if private else await answer_to(slack, asked, store)
            elements = [one for block in there.blocks for one in block.get("elements", ())]
            assert [one["action_id"] for one in elements if "action_id" in one] == expected
