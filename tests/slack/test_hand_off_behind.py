"""What its asker writes behind a person's answer goes on by a press, and files that can't be passed on are named."""

import asyncio
from pathlib import Path

import pytest

from bot import texts
from bot.rules.file import RulesFile
from bot.store import Store
from tests.slack.bots import answer_to, answered, ended, ends, running, sentences
from tests.slack.test_hand_off import REFUSED, RULES, SAY, filled, in_owners, ruled, told, view_of, words
from tests.slack_server import FakeSlack, Message

SCAN = [{"id": "F1", "name": "dogs.pdf", "mimetype": "application/pdf"}]
BEHIND = SAY["person_behind"].format(person="<@U2>", channel="<#C0OWNERS>")


@pytest.fixture
def rules(tmp_path: Path, slack: FakeSlack) -> RulesFile:
    slack.add_channel("C0OWNERS", "owners")
    slack.add_channel("C0ASKING", "asking")
    return ruled(tmp_path, RULES)


def write(slack: FakeSlack, question: Message, text: str, user: str = "U1") -> Message:
    """A message of a person's in the question's thread, which mentions nobody."""
    return slack.people.say(question.channel, user, text, thread_ts=question.ts)


async def replied_to(slack: FakeSlack, store: Store, question: Message, text: str, named: bool = False) -> Message:
    """The question is handed on, and somebody answers it; what its asker reads."""
    view = await view_of(slack, await answer_to(slack, question, store))
    slack.people.submit(view, filled("Is there a choir?", yes=True, named=named))
    await told(slack, question, "person_sent")
    slack.people.say("C0OWNERS", "U2", text, thread_ts=in_owners(slack)[0].ts)
    back = await told(slack, question, "person_reply")
    home = question.channel, question.thread_ts or question.ts
    async with asyncio.timeout(30):  # that it was posted is a row in the database, which can only be polled
        while True:
            if store.hand_offs.written_behind(slack.team, "U1", home) is not None:
                return back
            await asyncio.sleep(0.02)


async def offers(slack: FakeSlack, count: int = 1) -> list[Message]:
    def shown() -> list[Message]:
        return [m for m in slack.ephemerals("U1") if m.text == BEHIND]

    return await slack.wait_for(lambda: shown() if len(shown()) >= count else None, "an offer")


@pytest.mark.parametrize(("direct", "named"), [(True, False), (False, True)])
async def test_what_is_written_behind_a_reply_goes_on_once_its_asker_presses(
    slack: FakeSlack, store: Store, rules: RulesFile, direct: bool, named: bool
) -> None:
    async with running(slack, ends(REFUSED), store, rules=rules):
        question = slack.people.dm("U1", "choir?") if direct else slack.people.mention("C0ASKING", "U1", "choir?")
        await replied_to(slack, store, question, "Not yet. Are you interested?", named)
        written = write(
            slack,
            question,
            "Yes, I sing alto <!channel>, mail me at ana@example.com, not to DE89 3704 0044 0532 0130 00",
        )
        (offer,) = await offers(slack)
        before = len(in_owners(slack))
        slack.people.button(offer, "send_on")
        slack.people.button(offer, "send_on")
        _, more = await slack.wait_for(lambda: in_owners(slack) if len(in_owners(slack)) > 1 else None, "sent on")
        await slack.wait_for(lambda: [m for m in slack.replies(question) if "passed this on" in m.text][1:], "told")
        slack.people.say("C0OWNERS", "U2", "We meet on Monday.", thread_ts=more.thread_ts)
        back = await slack.wait_for(lambda: [m for m in slack.replies(question) if "Monday" in words(m)], "the next")
        await slack.settle()
    assert before == 1 and len(in_owners(slack)) == 2 and len(back) == 1
    assert more.thread_ts == in_owners(slack)[0].ts and offer.thread_ts == written.thread_ts == question.ts
    assert more.text == SAY["person_more" if named else "person_more_unnamed"].format(person="<@U1>")
    assert "I sing alto" in words(more) and "ana@example.com" in words(more) and "0532" not in words(more)
    assert ("U1" in words(more)) == named
    assert "<!channel>" not in words(more)


async def test_only_its_asker_is_offered_it_and_only_behind_a_reply(
    slack: FakeSlack, store: Store, rules: RulesFile
) -> None:
    assistant = ends(REFUSED)
    async with running(slack, assistant, store, rules=rules):
        question = slack.people.dm("U1", "choir?")
        asked_early = slack.people.dm("U1", "nobody has answered that yet", thread_ts=question.ts)
        await ended(slack, store, asked_early)
        await replied_to(slack, store, question, "Not yet.")
        other = slack.people.mention("C0ASKING", "U1", "choir?")
        write(slack, other, "thanks")
        write(slack, question, "I sing alto")
        await offers(slack)
        write(slack, question, "Can I come today at 3?")
        _, offer = await offers(slack, 2)
        gate = asyncio.Event()  # once it is answered, nothing more is offered
        assistant.script = lambda q: [gate, *ends(answered(sentences("Yes."))).script(q)]
        answered_now = slack.people.dm("U1", "What does the manual say about leave?", thread_ts=question.ts)
        third = len(await offers(slack, 3))
        gate.set()
        await ended(slack, store, answered_now)
        await ended(slack, store, slack.people.dm("U1", "and in Spain?", thread_ts=question.ts))
        slack.people.button(offer, "send_on", "U2")  # whoever else may have seen it
        await slack.settle()
    told = [one.text for one in assistant.asked]  # people among themselves are not talked over
    assert "I sing alto" not in told and "Can I come today at 3?" not in told
    assert third == len(await offers(slack, 3)) == 3 and len(in_owners(slack)) == 1
    assert {m.channel for m in await offers(slack)} == {question.channel}


async def test_what_is_deleted_before_it_goes_on_stays_where_it_was(
    slack: FakeSlack, store: Store, rules: RulesFile
) -> None:
    async with running(slack, ends(REFUSED), store, rules=rules):
        question = slack.people.mention("C0ASKING", "U1", "choir?")
        await replied_to(slack, store, question, "Not yet.")
        written = write(slack, question, "I sing alto")
        (offer,) = await offers(slack)
        slack.people.delete(written)
        slack.people.button(offer, "send_on")
        await told(slack, question, "person_not_sent")
    assert len(in_owners(slack)) == 1


async def test_a_file_in_a_reply_is_named(slack: FakeSlack, store: Store, rules: RulesFile) -> None:
    shared = {"files": SCAN, "subtype": "file_share"}
    async with running(slack, ends(REFUSED), store, rules=rules):
        question = slack.people.mention("C0ASKING", "U1", "choir?")
        back = await replied_to(slack, store, question, "Not yet.")
        asked = in_owners(slack)[0]
        slack.people.say("C0OWNERS", "U2", "See also this", thread_ts=asked.ts, **shared)
        slack.people.say("C0OWNERS", "U2", "", thread_ts=asked.ts, **shared)
        named = await slack.wait_for(lambda: [m for m in slack.replies(question) if "dogs.pdf" in words(m)][1:], "both")
        both = [words(m) for m in slack.replies(question) if "dogs.pdf" in words(m)]
    assert named and "dogs.pdf" not in words(back)
    assert sorted("See also this" in one for one in both) == [False, True]
    assert all(SAY["person_no_words"] not in one for one in both)


def test_every_language_has_its_own_words_for_it() -> None:
    codes = ("person_behind", "person_on", "person_more", "person_more_unnamed", "person_files")
    said = [texts.of(locale).modals[code] for locale in ("en", "de", "fr", "es", "tr") for code in codes]
    assert len(set(said)) == len(said)
    assert all(len(texts.of(locale).modals["person_on"]) <= 75 for locale in ("en", "de", "fr", "es", "tr"))
