"""What messages say: forwarded, quoted, in blocks only, with files; and what can't be read at all."""

from typing import Any

from bot.slack import message_text
from bot.store import Store
from tests.rows import each
from tests.slack.bots import answer_to, running, says
from tests.slack_server import FakeSlack


def rich(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "elements": list(elements)}]


def line(text: str, kind: str = "rich_text_section") -> dict[str, Any]:
    return {"type": kind, "elements": [{"type": "text", "text": text}]}


def forwarded(**fields: Any) -> dict[str, Any]:
    """As a share of a message arrives (java-slack-sdk issue 1179)."""
    shared = {"is_msg_unfurl": True, "is_share": True, "author_id": "U3", "channel_id": "C9", "ts": "1.1"}
    return shared | {"fallback": "[9:41] carla: May I take my dog to the office?"} | fields


DOG = "May I take my dog to the office?"
IN_BLOCKS = [{"team": "T1", "channel": "C9", "ts": "1.1", "message": {"blocks": rich(line(DOG))}}]


@each(
    "message, said",
    [
        ({"text": "Is that right? <@UBOT>", "attachments": [forwarded(text=DOG)]}, f"{DOG}\n\nIs that right?"),
        ({"text": "<@UBOT>", "attachments": [forwarded(text=DOG)]}, DOG),
        ({"text": "", "attachments": [forwarded(message_blocks=IN_BLOCKS, fallback="")]}, DOG),
        ({"text": "", "attachments": [forwarded()]}, "[9:41] carla: May I take my dog to the office?"),
        ({"text": "see <https://x.example/a>", "attachments": [{"title": "A page", "text": "its opening words"}]},
         "see https://x.example/a"),  # a preview of a link is nobody's question
        ({"blocks": rich(line("Who pays this?"), line("Invoice 7", "rich_text_quote"))}, "Who pays this?\nInvoice 7"),
        ({"text": "Who pays?\n&gt; From: Ben\n&gt; 40 &lt; 50\n```total: 40```"},
         "Who pays?\n> From: Ben\n> 40 < 50\n```total: 40```"),
        ({"text": DOG, "attachments": [forwarded(text=DOG)]}, DOG),
        ({"text": "_Who pays_ for snake_case_ and `_it_`?"}, "Who pays for snake_case_ and `_it_`?"),
        ({"text": "See /docs/_private_/x and wiki._index_, _now_"}, "See /docs/_private_/x and wiki._index_, now"),
        ({"text": 7, "attachments": "x", "blocks": [{"type": 3, "text": {}}, None]}, ""),
    ],
)  # fmt: skip
def test_what_a_message_says(message: dict[str, Any], said: str) -> None:
    assert message_text.text_of(message, "UBOT") == said


def test_what_is_asked_of_a_long_forwarded_message_is_kept() -> None:
    said = message_text.text_of({"text": "Is that right?", "attachments": [forwarded(text="x" * 9_000)]}, "UBOT")
    assert said.endswith("x\n\nIs that right?") and len(said) == message_text.MAX_QUESTION


def test_blocks_within_blocks_are_read_to_a_depth_that_ends() -> None:
    nested: dict[str, Any] = line("deep")
    for _ in range(3000):
        nested = {"type": "rich_text_list", "elements": [nested]}
    assert message_text.text_of({"blocks": [nested]}, "UBOT") == ""
    pieces = [
        {"type": "user", "user_id": "UBOT"},
        {"type": "link", "url": "https://x.example"},
        {"type": "emoji", "name": "dog"},
    ]
    assert (
        message_text.text_of({"blocks": rich({"type": "rich_text_section", "elements": pieces})}, "UBOT")
        == "https://x.example:dog:"
    )


async def test_a_forwarded_question_is_answered(slack: FakeSlack, store: Store) -> None:
    assistant = says("Dogs are welcome.")
    async with running(slack, assistant, store):
        await answer_to(slack, slack.people.mention("C1", "U1", "", attachments=[forwarded(text=DOG)]), store)
        await answer_to(slack, slack.people.dm("U1", "", attachments=[forwarded(message_blocks=IN_BLOCKS)]), store)
    assert [q.text for q in assistant.asked] == [DOG, DOG]


async def test_a_file_is_not_passed_over_in_silence(slack: FakeSlack, store: Store) -> None:
    assistant = says("Yes.")
    scan = [{"id": "F1", "name": "scan.pdf", "mimetype": "application/pdf"}]
    async with running(slack, assistant, store):
        asked = slack.people.mention("C1", "U1", "Is this a valid receipt?", files=scan, subtype="file_share")
        answer = await answer_to(slack, asked, store)
        alone = await answer_to(slack, slack.people.dm("U1", "", files=scan, subtype="file_share"), store)
    assert answer.shown.startswith("I can't read attachments; I went by your words alone.\n\nYes.")
    assert "paste the text" in alone.shown
    assert len(assistant.asked) == 1


async def test_a_message_that_cannot_be_read_gets_an_answer(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        root = slack.people.say("C1", "U1", "Hello?")
        event = slack.message_event(root) | {"type": "app_mention", "user_team": {"odd": 1}, "text": "<@U0BOT> May I?"}
        slack.deliverer.deliver(event, slack.channels["C1"])
        slack.deliverer.again(slack.deliveries[-1], 3)
        await slack.wait_for(lambda: slack.replies(root), "a word")
        await slack.settle()
    assert ["plain text" in reply.text for reply in slack.replies(root)] == [True]
