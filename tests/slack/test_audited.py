"""What stands in the audit trail after people asked and voted in Slack."""

import json

from bot.demo.workspace.state import Message
from bot.store import Store
from bot.types import Finished, Question, Status
from tests.slack.bots import FakeAssistant, answer_to, answered, ended, running, sentences
from tests.slack_server import FakeSlack


def fails_on(word: str) -> FakeAssistant:
    shown = sentences("Meals are refunded.")

    def script(question: Question) -> list:
        if word in question.text:
            return [Status("searching"), ValueError(word)]
        return [Status("searching"), *shown, Finished(answered(shown, prompt="answer@v5"))]

    return FakeAssistant(script)


async def test_every_question_and_vote_is_one_row_without_a_word_or_a_user_id(slack: FakeSlack, store: Store) -> None:
    asked: list[Message] = []
    async with running(slack, fails_on("secretly"), store):
        for text in ("Who pays lunch?", "Do you secretly fail?"):
            asked.append(slack.people.mention("C1", "U1", text))
            await ended(slack, store, asked[-1])
        asked.append(slack.people.dm("U1", "Who pays lunch?"))
        slack.deliverer.again(slack.deliveries[-1], 3)
        await ended(slack, store, asked[-1])
        slack.people.button(await answer_to(slack, asked[0], store), "positive_button", "U2")
        await slack.wait_for(slack.ephemerals, "a thank-you")
    rows = list(store.audit.export())
    (serving,) = [row for row in rows if row["kind"] == "serve"]
    rows.remove(serving)
    assert serving["facts"]["mode"] == "socket"
    assert not store.audit.verify().faults
    assert [(row["kind"], row["facts"].get("outcome")) for row in rows] == [
        ("question", "answered"),
        ("question", "failed"),
        ("question", "answered"),
        ("vote", None),
    ]
    first, failed, direct, vote = rows
    assert first["facts"] | {"cited": ["c1"], "verdicts": {"supported": 1}, "prompt": "answer@v5"} == first["facts"]
    assert first["facts"]["channel"] == "C1" and "channel" not in direct["facts"]
    assert vote["about"] == first["about"] != failed["about"] and vote["facts"]["value"] == "up"
    assert first["person"] == direct["person"] != vote["person"]
    told = json.dumps(rows)
    assert not any(word in told for word in ("lunch", "secretly", "Meals", '"U1"', '"U2"', asked[2].channel))
