"""Talk among the owners stays with them until its writer sends it on, and they see what went out."""

import asyncio

from bot.rules.file import RulesFile
from bot.slack import hand_off, message_text
from bot.store import Store
from tests.rows import each
from tests.slack.bots import ends, running
from tests.slack.test_hand_off import REFUSED, SAY, handed_on, rules
from tests.slack_server import FakeSlack, Message

__all__ = ["rules"]


@each(
    "text, called",
    [
        ("<@U0BEN> what a stupid question lol", {"U0BEN"}),
        ("Hi <@U0BEN>, do you know that?", {"U0BEN"}),
        ("Guten Morgen <@U0BEN|ben>: weißt du das?", {"U0BEN"}),
        ("merci <@U0BEN> ! dis à <@U1> que oui", {"U0BEN"}),
        ("<!here> anybody?", {""}),
        ("<!subteam^S1|@lawyers> yours?", {""}),
        (":wave: <@U1> <@U0BEN> isn't this yours?", {"U1", "U0BEN"}),
        ("<@U1> yes, that is fine; <@U0BEN> said so.", {"U1"}),
        ("Ask <@U0BEN>.", set()),
        ("Bitte an <@U0BEN> wenden.", set()),
        ("Yes. <@U0BEN> books it.", set()),
        ("No idea, honestly.", set()),
        ("thanks for asking, we don't know", set()),
        (None, set()),
    ],
)
def test_whom_a_message_opens_by_calling(text: str | None, called: set[str]) -> None:
    assert message_text.called(text) == called


async def test_what_calls_somebody_else_stays_in_the_thread_until_its_writer_sends_it_on(
    slack: FakeSlack, store: Store, rules: RulesFile
) -> None:
    def back() -> list[Message]:
        return [m for m in slack.replies(question) if "<@U2>" in m.text]

    def offers() -> list[Message]:
        return [m for m in slack.ephemerals("U2") if m.text == SAY["person_among"]]

    async def answered() -> bool:
        return bool(await asyncio.to_thread(store.hand_offs.answered))

    async with running(slack, ends(REFUSED), store, rules=rules):
        question = slack.people.mention("C0ASKING", "U1", "who books room 4?")
        asked = await handed_on(slack, store, question)
        talk = slack.people.say("C0OWNERS", "U2", "<@U0BEN> books it, no?", thread_ts=asked.ts)
        (offer,) = await slack.wait_for(offers, "an offer")
        await slack.settle()
        assert not back() and not talk.reactions and not await answered()
        to_asker = slack.people.say("C0OWNERS", "U2", "hi <@U1> <@U0BEN>, until Friday", thread_ts=asked.ts)
        await slack.wait_for(lambda: hand_off.SENT in to_asker.reactions, "the sign that it went")
        assert len(back()) == 1 and not talk.reactions and await answered()
        for _ in range(2):
            slack.people.button(offer, "send_on", "U2")
        await slack.wait_for(lambda: hand_off.SENT in talk.reactions, "the sign that it went")
        await slack.settle()
    assert len(back()) == 2 and len(offers()) == 1
