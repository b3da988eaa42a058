"""What people wrote to each other by way of the bot says what its writer says now, and that it was changed."""

import pytest

from bot.rules.file import RulesFile
from bot.store import Store
from tests.slack.bots import answer_to, ends, running
from tests.slack.test_hand_off import REFUSED, SAY, filled, handed_on, in_owners, rules, told, view_of, words
from tests.slack.test_hand_off_behind import offers, replied_to, write
from tests.slack_server import FakeSlack, Message

__all__ = ["rules"]


async def now_says(slack: FakeSlack, place: Message, *telling: str) -> Message:
    """The message of ours in that thread that says all of this."""

    def found() -> Message | None:
        ours = slack.replies(place)
        return next((one for one in ours if all(part in words(one) for part in telling)), None)

    return await slack.wait_for(found, telling)


@pytest.mark.parametrize("direct", [False, True])
async def test_a_reply_that_is_edited_or_deleted_changes_where_its_askers_read_it(
    slack: FakeSlack, store: Store, rules: RulesFile, direct: bool
) -> None:
    ask = slack.people.dm if direct else lambda user, text: slack.people.mention("C0ASKING", user, text)
    async with running(slack, ends(REFUSED), store, rules=rules):
        question = ask("U1", "choir?")
        back = await replied_to(slack, store, question, "Yes, dogs are <@U1> ok")
        (reply,) = [one for one in slack.channels["C0OWNERS"].messages.values() if one.user == "U2"]
        slack.people.edit(reply, "No, dogs are NOT ok")
        edited = await now_says(slack, question, "dogs are NOT ok", SAY["person_edited"])
        heads = edited.ts == back.ts, edited.text == back.text
        slack.people.delete(reply)
        gone = await now_says(slack, question, SAY["person_taken_back"])
        await slack.settle()
    assert heads == (True, True) and gone.ts == back.ts
    assert "dogs" not in words(gone) and SAY["person_edited"] not in words(gone)
    assert len(slack.replies(question)) == 3  # the refusal, where it went, the reply


async def test_all_who_asked_the_same_read_the_change(slack: FakeSlack, store: Store, rules: RulesFile) -> None:
    async with running(slack, ends(REFUSED), store, rules=rules):
        questions = [slack.people.mention("C0ASKING", user, "who books room 4?") for user in ("U1", "U2")]
        for question in questions:
            view = await view_of(slack, await answer_to(slack, question, store), question.user)
            slack.people.submit(view, filled("Who books the room?"))
            await told(slack, question, "person_sent")
        reply = slack.people.say("C0OWNERS", "U3", "Reception.", thread_ts=in_owners(slack)[0].ts)
        for question in questions:
            await now_says(slack, question, "Reception.")
        slack.people.edit(reply, "The porter.")
        for question in questions:
            await now_says(slack, question, "The porter.", SAY["person_edited"])
            assert not [one for one in slack.replies(question) if "Reception." in words(one)]


async def test_so_does_what_its_asker_sent_on_and_they_are_told_of_that_once(
    slack: FakeSlack, store: Store, rules: RulesFile
) -> None:
    async with running(slack, ends(REFUSED), store, rules=rules):
        question = slack.people.mention("C0ASKING", "U1", "choir?")
        await replied_to(slack, store, question, "Not yet. Do you sing?")
        written = write(slack, question, "Yes, alto")
        slack.people.button((await offers(slack))[0], "send_on")
        asked = in_owners(slack)[0]
        await now_says(slack, asked, "Yes, alto")
        await slack.wait_for(lambda: [m for m in slack.replies(question) if "passed this on" in m.text][1:], "told")
        slack.people.edit(written, "Yes, tenor")
        await now_says(slack, asked, "Yes, tenor", SAY["person_edited"])
        slack.people.delete(written)
        await now_says(slack, asked, SAY["person_taken_back"])
        await slack.settle()
        assert len([m for m in slack.replies(question) if "passed this on" in m.text]) == 2
    assert len(in_owners(slack)) == 2


async def test_what_was_edited_before_it_could_be_posted_is_posted_once_as_it_is_now(
    slack: FakeSlack, store: Store, rules: RulesFile
) -> None:
    async with running(slack, ends(REFUSED), store, rules=rules):
        question = slack.people.mention("C0ASKING", "U1", "who books room 4?")
        view = await view_of(slack, await answer_to(slack, question, store))
        slack.people.submit(view, filled("Who books the room?"))
        await told(slack, question, "person_sent")
        down = slack.fault("chat.postMessage", when=lambda args: args["channel"] == "C0ASKING", error="internal_error")
        reply = slack.people.say("C0OWNERS", "U2", "Reception.", thread_ts=in_owners(slack)[0].ts)
        await slack.wait_for(lambda: down.hits, "a try")
        slack.people.edit(reply, "The porter.")
        await slack.settle()
        slack.clear_faults()
        back = await now_says(slack, question, "The porter.")
        await slack.settle()
    assert "Reception." not in words(back) and SAY["person_edited"] not in words(back)
    assert len([one for one in slack.replies(question) if "The porter." in words(one)]) == 1


@pytest.mark.parametrize("archived", [True, False])
async def test_a_reply_whose_thread_is_closed_to_the_bot_goes_to_its_asker_once(
    slack: FakeSlack, store: Store, rules: RulesFile, archived: bool
) -> None:
    async with running(slack, ends(REFUSED), store, rules=rules):
        question = slack.people.mention("C0ASKING", "U1", "who books room 4?")
        asked = await handed_on(slack, store, question)
        asking = slack.channels["C0ASKING"]
        asking.archived = archived
        if not archived:
            asking.members.discard(slack.bot_user)
        reply = slack.people.say("C0OWNERS", "U2", "Ask Ada.", thread_ts=asked.ts)
        await slack.wait_for(lambda: "outbox_tray" in reply.reactions, "the sign that it was sent")
        place = slack.open_dm("U1")
        (told,) = [m for m in place.messages.values() if m.user == slack.bot_user]
    assert "Ask Ada." in told.shown and "<@U2>" in told.shown
