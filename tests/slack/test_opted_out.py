"""Who opted out gets every answer, and only its figures are kept."""

from datetime import UTC, datetime
from pathlib import Path

from bot.store import Store
from tests.bot.store.traces import files_with
from tests.slack.bots import answer_to, ended, running, says
from tests.slack_server import FakeSlack


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
