"""What "Ask a person" shows: the button, the form, the question as its owners read it, somebody's words quoted. Pure.

People's words stand in rich_text, where nothing is parsed, and ids in our own sentences are Slack's.
"""

import re
from collections.abc import Sequence

from bot import texts
from bot.slack import blocks, meanings
from bot.slack.access import is_direct
from bot.slack.blocks import Block
from bot.slack.render import closest, sources
from bot.types import Citation, Closest, Record

MENTION = re.compile(r"(<@[UW][A-Z0-9]+>)")  # as bot.slack.message_text leaves it


def person_button(value: str, locale: str) -> Block:
    """The button; `value`: the id of the answer below which it stands, or meanings.packed."""
    return blocks.buttons(blocks.button(meanings.PERSON, texts.of(locale).modals["person"], value))


def mention(owner: str | None) -> str:
    """A person or a user group, as Slack tells them; nobody: nothing."""
    return "" if owner is None else f"<!subteam^{owner}> " if owner.startswith("S") else f"<@{owner}> "


def needs_yes(record: Record) -> bool:
    """Whether the question was put in confidence, so that its asker must agree to who will read it."""
    return record.question.private or is_direct(record.question.channel)


def form_view(record: Record, place: tuple[str, str], owners: str, locale: str) -> Block:
    """The form: the question to edit, its urgency, whether the asker's name goes along, a yes where one is needed."""
    say = texts.of(locale).modals

    def field(name: str, element: Block, **more: object) -> Block:
        return blocks.form_input(name, say[f"person_{name}"], element, **more)

    def box(name: str) -> Block:
        return {"type": "checkboxes", "options": [blocks.option(say[f"person_{name}_box"], "yes")]}

    urgency = [blocks.option(say[f"urgency_{code}"], code) for code in meanings.URGENCIES]
    asked: Block = {"type": "plain_text_input", "multiline": True, "max_length": meanings.MAX_QUESTION}
    if text := record.question.text[: meanings.MAX_QUESTION]:
        asked["initial_value"] = text
    fields = [
        blocks.section_with_ids(say["person_where"].format(channel=f"<#{owners}>")),
        field(meanings.QUESTION, asked, hint=blocks.plain_text(say["person_hint"])),
        field(meanings.URGENCY, {"type": "radio_buttons", "options": urgency, "initial_option": urgency[-1]}),
        field(meanings.NAMED, box(meanings.NAMED), optional=True),
    ]
    if needs_yes(record):
        fields.append(field(meanings.YES, box(meanings.YES)))
    return blocks.modal(
        say["person"],
        say["close"],
        fields,
        submit=say["send"],
        callback_id=meanings.PERSON,
        private_metadata=meanings.packed(record.id, *place, owners),
    )


def asked_view(
    head: str,
    text: str,
    urgency: str | None,
    near: Sequence[Closest],
    cited: Sequence[Citation],
    link: str | None,
    how: str,
    locale: str,
) -> list[Block]:
    """The question in the owners' channel: its words, urgency, topic, places, where it was asked, `how` one replies."""
    say = texts.of(locale).modals
    about = [say["person_about"].format(urgency=say[f"urgency_{urgency}"])] if urgency else []
    titles = [*(one.title for one in near), *(one.title for one in cited)]
    about += [say["person_topic"].format(topic=title) for title in titles[:1]]
    shown = [
        *([blocks.remark(" ".join(about)[:1900])] if about else []),
        *closest(near, locale),
        *sources(cited, locale),
    ]
    if link:
        shown.append(blocks.rich_text(blocks.line({"type": "link", "url": link, "text": say["person_link"]})))
    return [*quoted(head, text), *shown, blocks.section(how)]


def quoted(head: str, text: str, *, mentions: bool = False) -> list[Block]:
    """One of our own sentences, and somebody's words below it; `mentions`: ids in them are people's names."""
    pieces = [piece for piece in MENTION.split(text) if piece] if mentions else [text]
    runs = [
        {"type": "user", "user_id": named[1][2:-1]}
        if mentions and (named := MENTION.fullmatch(piece))
        else blocks.words(piece or "…")
        for piece in pieces or [""]
    ]
    return [blocks.section_with_ids(head), blocks.rich_text(blocks.quote(*runs))]
