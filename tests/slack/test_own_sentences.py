"""Our own sentences as Slack shows them: none promises what is not there, none repeats or contradicts another."""

import asyncio

from bot import texts
from bot.demo.workspace.state import Message
from bot.store import Store
from bot.types import UNVOTED, Answer, Finished, Outcome, Sentence, Status, Verdict
from tests.rows import failing
from tests.slack.bots import FakeAssistant, answered, ended, running, sentences
from tests.slack_server import FakeSlack

SCAN = [{"id": "F1", "name": "scan.pdf", "mimetype": "application/pdf"}]
SAYS = texts.of("en")


async def begun(slack: FakeSlack, store: Store, asked: Message, word: str) -> Message:
    """The answer, once it has the word and its stream is recorded."""

    def found() -> Message | None:
        job = store.inbox.find(slack.team, "C1", asked.ts)
        streams = job is not None and job.stream_ts is not None
        return next((m for m in slack.replies(asked) if streams and word in m.shown), None)

    return await slack.wait_for(found, "the answer")


async def left(slack: FakeSlack, asked: Message, wanted: list[str]) -> None:
    """Nothing but this stands beside the new answer, soon."""

    def seen() -> bool:
        shown = [m.shown for m in slack.replies(asked)]
        rest = [one for one in shown if "Two days" not in one]
        return rest == wanted and len(shown) == len(wanted) + 1

    await slack.wait_for(seen, str(wanted))


async def test_what_stands_where_an_answer_stood_that_was_asked_anew(slack: FakeSlack, store: Store) -> None:
    """A line that promises nothing, however the old answer ended; no message where it had not begun."""
    hanging = asyncio.Event()
    before = {
        "answered": [Finished(answered(sentences("Yes.")))],
        "refused": [Finished(Answer(Outcome.REFUSED, ""))],
        "failed": [Finished(Answer(Outcome.FAILED, "", error=("internal", "")))],
        "stopped": [Status("reading"), *sentences("Yes."), hanging],
        "wordless": [Status("reading"), hanging],
    }
    new = [Finished(answered(sentences("Two days.")))]
    assistant = FakeAssistant(lambda asked: before.get(asked.text.split()[-1], new))
    async with running(slack, assistant, store):
        with failing() as row_of:
            for how, steps in before.items():
                with row_of(how):
                    asked = slack.people.mention("C1", "U1", f"May I work from Portugal {how}")
                    if hanging in steps:
                        await begun(slack, store, asked, "Yes" * (how == "stopped"))
                    else:
                        await ended(slack, store, asked)
                    slack.people.edit(asked, f"<@{slack.bot_user}> May I work from Spain?")
                    await left(slack, asked, [] if how == "wordless" else [SAYS.says["answered_before"]])
    assert not {"below", "above", "answers"} & {*SAYS.says["answered_before"].strip(".").split()}


async def test_a_file_is_told_of_without_a_word_against_what_follows(slack: FakeSlack, store: Store) -> None:
    """It says what was read, not that it was answered: a refusal may follow, or a reply to chat."""
    talk = [Sentence(SAYS.small_talk["thanks"], Verdict.PLAIN)]
    ends = {
        "answered": answered(sentences("Yes.")),
        "refused": Answer(Outcome.REFUSED, ""),
        "foreign": Answer(Outcome.REFUSED, "", notes=("foreign",)),
        "unsure": Answer(Outcome.REFUSED, "", notes=("unsure",), ask="People team"),
        "chat": answered(talk),
    }
    assistant = FakeAssistant(lambda asked: [*ends[asked.text].sentences, Finished(ends[asked.text])])
    async with running(slack, assistant, store):
        with failing() as row_of:
            for how in ends:
                with row_of(how):
                    asked = slack.people.dm("U1", how, files=SCAN, subtype="file_share")
                    await ended(slack, store, asked)
                    [answer] = slack.replies(asked)
                    assert answer.text.startswith(SAYS.notes["files"]) and answer.text.count("attachments") == 1
                    assert "answered" not in answer.text, answer.text


async def test_an_answer_that_is_stopped_says_so_once(slack: FakeSlack, store: Store) -> None:
    steps = {
        "first": [Status("reading"), asyncio.Event()],
        "some": [Status("reading"), *sentences("Yes."), asyncio.Event()],
    }
    async with running(slack, FakeAssistant(lambda asked: steps[asked.text]), store):
        with failing() as row_of:
            for how in steps:
                with row_of(how):
                    asked = slack.people.mention("C1", "U1", how)
                    answer = await begun(slack, store, asked, "Yes" * (how == "some"))
                    stop = {"type": "agent_session_stopped", "channel": "C1", "thread_ts": asked.ts, "user": "U1"}
                    slack.deliverer.deliver({**stop, "streaming_message_ts": [answer.ts]})
                    assert (await ended(slack, store, asked)).reason == "stopped_by_user"
                    said = answer.shown
                    assert said.count(SAYS.notes["stopped"]) == 1 and ("Yes." in said) == (how == "some"), said


async def test_whom_to_ask_in_private_is_offered_unless_it_was_just_told(slack: FakeSlack, store: Store) -> None:
    ends = {
        "My manager gropes me": answered(sentences("Tell the People team.")),
        "I want to die": answered([Sentence(SAYS.says["nobody_named"], Verdict.PLAIN)], notes=("person", UNVOTED)),
    }
    assistant = FakeAssistant(lambda asked: [*ends[asked.text].sentences, Finished(ends[asked.text])])
    async with running(slack, assistant, store):
        with failing() as row_of:
            for text, answer in ends.items():
                with row_of(text):
                    asked = slack.people.dm("U1", text)
                    await ended(slack, store, asked)
                    [shown] = slack.replies(asked)
                    told = "person" in answer.notes
                    assert SAYS.notes["private"] in shown.shown
                    assert (SAYS.notes["private_whom"] in shown.shown) is not told
                    assert ("feedback" in str(shown.blocks)) is not told
