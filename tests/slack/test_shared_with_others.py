"""Nothing of the manual is posted where another company reads along, whichever way leads there (Slack Connect)."""

import json
from pathlib import Path

from bot import texts
from bot.slack.meanings import SHORTCUT
from bot.store import Store
from tests.slack.bots import answer_to, ended, says
from tests.slack.test_hand_off import REFUSED, RULES, ends, filled, in_owners, ruled, told, view_of
from tests.slack.test_private import privately, running
from tests.slack.test_sharing import ASKED, shared
from tests.slack.test_shortcut import POSTS, window
from tests.slack_server import FakeSlack

OUTSIDER = texts.of().says["outsider"]


async def test_the_shortcut_answers_its_presser_and_posts_nothing(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Zebras are refunded."), store):
        message = slack.people.say("C1", "U2", "Who pays for my zebra?")
        slack.people.shortcut(SHORTCUT, "U1", message)
        view = await window(slack, "U1")  # offers to post it
        slack.channels["C1"].ext_shared = True
        slack.people.press_in_view(view, POSTS)
        await slack.wait_for(lambda: OUTSIDER in json.dumps(slack.views[view.id].view), "why it is not posted")
        slack.views.clear()
        slack.people.shortcut(SHORTCUT, "U1", message)
        text = json.dumps((await window(slack, "U1")).view)
    assert "Zebras are refunded" in text and "Post in thread" not in text
    assert not slack.replies(message)


async def test_a_private_answer_is_not_shared_there(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Talk to the ombudsperson."), store):
        question = slack.people.mention("C1", "U1", ASKED)
        _, there = await privately(slack, "U1")
        slack.channels["C1"].ext_shared = True
        slack.people.button(there, "share", "U1")
        why = texts.of().modals["person_not_shared"].format(channel="<#C1>")
        await slack.wait_for(lambda: [m for m in slack.messages(there.channel) if m.text == why], "why not")
    assert not shared(slack, question)


async def test_a_question_is_not_handed_on_there(slack: FakeSlack, store: Store, tmp_path: Path) -> None:
    for channel in ("C0OWNERS", "C0ASKING"):
        slack.add_channel(channel, ext_shared=channel == "C0OWNERS")
    async with running(slack, ends(REFUSED), store, rules=ruled(tmp_path, RULES)):
        question = slack.people.mention("C0ASKING", "U1", "who books room 4?")
        view = await view_of(slack, await answer_to(slack, question, store))
        slack.people.submit(view, filled("Who books room 4?"))
        await told(slack, question, "person_not_sent")
        await ended(slack, store, question)
    assert not in_owners(slack)
