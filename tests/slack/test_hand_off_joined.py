"""Who sends the owners the very words that somebody sent before joins that thread; nobody else does."""

from datetime import UTC, datetime

import pytest

from bot.rules.file import RulesFile
from bot.store import Store
from tests.slack.bots import answer_to, ended, ends, running
from tests.slack.test_hand_off import REFUSED, SAY, filled, handed_on, in_owners, rules, told, view_of, words
from tests.slack_server import FakeSlack, Message

__all__ = ["rules"]
SENT = "who books THE room"  # as handed_on sends it


async def sent(slack: FakeSlack, store: Store, question: Message, text: str, *, yes: bool = False) -> Message:
    """The second person's question in the owners' channel."""
    view = await view_of(slack, await answer_to(slack, question, store), "U2")
    slack.people.submit(view, filled(text, yes=yes))
    await told(slack, question, "person_sent")
    return in_owners(slack)[-1]


async def test_a_reply_goes_to_all_who_sent_the_same_words(slack: FakeSlack, store: Store, rules: RulesFile) -> None:
    async with running(slack, ends(REFUSED), store, rules=rules):
        first = slack.people.mention("C0ASKING", "U1", "who books room 4?")
        asked = await handed_on(slack, store, first)
        same = slack.people.mention("C0ASKING", "U2", "the room, who has it?")
        joined = await sent(slack, store, same, SENT)
        reply = slack.people.say("C0OWNERS", "U3", "Reception, <@U1>.", thread_ts=asked.ts)
        assert "U1" in words(await told(slack, first, "person_reply"))
        carried = words(await told(slack, same, "person_reply"))
        await slack.settle()
        both = store.hand_offs.answered()
        store.persons.erase("U1", datetime.now(UTC))
        slack.emit(slack.message_event(reply), slack.channels["C0OWNERS"])  # once more
        await slack.settle()
        assert len(slack.replies(same)) == 3  # the refusal, where it went, the reply
    assert joined.thread_ts == asked.ts and SAY["person_how_all"] in words(joined)
    (call,) = [one for one in slack.called("chat.postMessage") if one.args.get("thread_ts") == asked.ts]
    assert call.args["reply_broadcast"]
    assert "Reception" in carried and "U1" not in carried
    assert [(one.state, one.text) for one in both] == [("answered", "")] * 2


@pytest.mark.parametrize(
    ("before", "then", "confided"),
    [
        (SENT, "Who cleans the room?", False),  # other words
        (SENT, SENT, True),
        ("Who books?", "Who books?", False),  # too few words to tell
        ("How many days do I have left?", "How many days do I have left?", False),  # each means their own
        ("Wer zahlt was bei C++ Kursen?", "Wer zahlt was bei C# Kursen?", False),
        ("Puedo llevar un perro?", "Puedo llevar un perro?", False),
        ("Evden çalışabilir miyim acaba bugün?", "Evden çalışabilir miyim acaba bugün?", False),
        ("What does a.b@firm.example get here?", "What does c.d@firm.example get here?", False),
    ],
)
async def test_others_stand_alone(
    slack: FakeSlack, store: Store, rules: RulesFile, before: str, then: str, confided: bool
) -> None:
    async with running(slack, ends(REFUSED), store, rules=rules):
        first = slack.people.mention("C0ASKING", "U1", "who books room 4?")
        view = await view_of(slack, await answer_to(slack, first, store))
        slack.people.submit(view, filled(before))
        await told(slack, first, "person_sent")
        asked = in_owners(slack)[0]
        other = slack.people.dm("U2", then) if confided else slack.people.mention("C0ASKING", "U2", "who books room 4?")
        alone = await sent(slack, store, other, then, yes=confided)
        slack.people.say("C0OWNERS", "U3", "Reception.", thread_ts=asked.ts)
        await told(slack, first, "person_reply")
        await slack.settle()
    assert alone.thread_ts is None and len(in_owners(slack)) == 2
    assert len(slack.replies(other)) == 2  # the refusal, where it went


async def test_where_the_owners_deleted_the_first_it_stands_alone(
    slack: FakeSlack, store: Store, rules: RulesFile
) -> None:
    async with running(slack, ends(REFUSED), store, rules=rules):
        first = slack.people.mention("C0ASKING", "U1", "who books room 4?")
        asked = await handed_on(slack, store, first)
        asked.deleted = True
        same = slack.people.mention("C0ASKING", "U2", "the room, who has it?")
        alone = await sent(slack, store, same, SENT)
        slack.people.say("C0OWNERS", "U3", "Reception.", thread_ts=alone.ts)
        assert "Reception" in words(await told(slack, same, "person_reply"))
    assert alone.thread_ts is None


async def test_what_only_its_thread_explains_joins_nothing(slack: FakeSlack, store: Store, rules: RulesFile) -> None:
    async with running(slack, ends(REFUSED), store, rules=rules):
        first = slack.people.mention("C0ASKING", "U1", "and for managers then?")
        slack.people.submit(
            await view_of(slack, await answer_to(slack, first, store)), filled("and for managers then?")
        )
        await told(slack, first, "person_sent")
        root = slack.people.mention("C0ASKING", "U2", "who books room 4?")
        await answer_to(slack, root, store)
        same = slack.people.mention("C0ASKING", "U2", "and for managers then?", thread_ts=root.ts)
        await ended(slack, store, same)
        slack.people.submit(await view_of(slack, slack.replies(same)[-1], "U2"), filled("and for managers then?"))
        await told(slack, same, "person_sent")
    assert [one.thread_ts for one in in_owners(slack)] == [None, None]
