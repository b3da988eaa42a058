"""What is said behind a refusal and asks nothing: a complaint gets an apology and whom to ask, a comment no refusal.

The whole product without a model: fake Slack, real assistant, SQLite in a file.
"""

import asyncio
from pathlib import Path

from bot import texts, wiring
from bot.settings import load
from tests.slack.bots import QUICK, answer_to, running
from tests.slack_server import FakeSlack

MANUAL = (
    "---\nowner: Travel desk\n---\n# Travel\n\nHotels are booked by the travel desk. A room costs up to 140 euros.\n"
)


async def test_a_complaint_is_told_whom_to_ask_and_a_comment_is_not_refused(slack: FakeSlack, tmp_path: Path) -> None:
    values = {"POLICYBOT_DATA": str(tmp_path / "data"), "POLICYBOT_REFUSE_BELOW": "1"}
    made, page, say = load(values, dotenv=None), tmp_path / "travel.md", texts.of("en")
    page.write_text(MANUAL, encoding="utf-8")
    kept = {"collection": "default", "prune": False, "rebuild": False, "ocr": False}
    await asyncio.to_thread(wiring.ingest, made, [page], **kept, progress=lambda *_: None)
    async with (
        wiring.assistant(made) as parts,
        running(slack, parts.assistant, parts.store, settings=QUICK, likely_meant=parts.tells.likely_meant),
    ):
        asked = slack.people.mention("C1", "U1", "How long may I stay in a hotel?")
        refused = await answer_to(slack, asked, parts.store)
        slack.people.say("C1", "U1", "great, 'ask someone else' AGAIN. what are you even good for", thread_ts=asked.ts)
        await slack.wait_for(lambda: len(slack.replies(asked)) == 2, "a word on the complaint")
        slack.people.mention("C1", "U1", "finally!! took them long enough", thread_ts=asked.ts)
        await slack.wait_for(lambda: len(slack.replies(asked)) == 3, "a word on the comment")
    _, sorry, last = slack.replies(asked)
    assert "no sure answer" in refused.shown or say.says["refused"] in refused.shown
    assert say.says["sorry"] in sorry.shown and "Travel desk" in sorry.shown
    assert last.shown.startswith(say.small_talk["thanks"])
