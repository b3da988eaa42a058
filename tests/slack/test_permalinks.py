"""What a Slack link of a message leads to: the record of the answer in it, or of the answer to it."""

import pytest

from bot.cli.owner import recorded
from bot.errors import PolicybotError
from bot.store import Store
from tests.slack.bots import answer_to, running, says
from tests.slack_server import FakeSlack


def link(channel: str, ts: str, thread_ts: str | None = None) -> str:
    """As Slack's "Copy link" writes it."""
    thread = f"?thread_ts={thread_ts}&cid={channel}" if thread_ts else ""
    return f"https://acme.slack.com/archives/{channel}/p{ts.replace('.', '')}{thread}"


async def test_links_of_questions_and_answers_lead_to_their_record(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        first = slack.people.mention("C1", "U1", "How much leave?")
        answer = await answer_to(slack, first, store)
        second = slack.people.mention("C1", "U1", "And in the first year?", thread_ts=first.ts)
        await slack.wait_for(lambda: len(slack.replies(first)) == 2, "a second answer")
        await slack.settle()
        later = slack.replies(first)[-1]
    asked = store.asked
    for wanted in (link("C1", first.ts), link("C1", answer.ts, first.ts)):
        assert recorded(asked, wanted).record.question.text == "How much leave?"
    for wanted in (link("C1", second.ts, first.ts), link("C1", later.ts, first.ts)):
        assert recorded(asked, wanted).record.question.text == "And in the first year?"
    with pytest.raises(PolicybotError, match="policybot questions"):
        recorded(asked, link("C2", first.ts))
