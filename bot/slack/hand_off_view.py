"""What "Ask a person" looks like: the button, the form, the message to the owners' channel and the reply's.

Pure. Rule kept: people's words stand in rich_text, where nothing is parsed; ids in our own sentences are Slack's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import texts
from bot.slack import pressed
from bot.slack.access import is_direct
from bot.slack.render import Block, closest, section_block, sources
from bot.slack.views import modal
from bot.types import Citation, Closest, Record

_MENTION = re.compile(r"(<@[UW][A-Z0-9]+>)")  # as bot.slack.written leaves it


def button(value: str, locale: str) -> Block:
    """The button; `value`: the id of the answer below which it stands, or pressed.person_value."""
    shown = _plain(texts.of(locale).modals["person"])
    element = {"type": "button", "action_id": pressed.PERSON, "text": shown, "value": value}
    return {"type": "actions", "elements": [element]}


def needs_yes(record: Record) -> bool:
    """Whether the question was put in confidence, so that its asker must agree to who will read it."""
    return record.question.private or is_direct(record.question.channel)


def note(code: str, locale: str, **filled: str) -> Block:
    """The modal with nothing but one of our sentences."""
    say = texts.of(locale).modals
    return modal(say["person"], say["close"], [_section(say[code].format(**filled))])


def form(record: Record, place: tuple[str, str], owners: str, locale: str) -> Block:
    """The form: the question to edit, its urgency, whether the asker's name goes along, a yes where one is needed."""
    say = texts.of(locale).modals

    def input_block(name: str, element: Block, **more: object) -> Block:
        label = _plain(say[f"person_{name}"])
        return {"type": "input", "block_id": name, "label": label, "element": {"action_id": name, **element}, **more}

    def box(name: str) -> Block:
        return {"type": "checkboxes", "options": [{"text": _plain(say[f"person_{name}_box"]), "value": "yes"}]}

    def option(code: str) -> Block:
        return {"text": _plain(say[f"urgency_{code}"]), "value": code}

    urgency = [option(code) for code in pressed.URGENCIES]
    text = record.question.text[: pressed.MAX_QUESTION]
    words: Block = {"type": "plain_text_input", "multiline": True, "max_length": pressed.MAX_QUESTION}
    if text:
        words["initial_value"] = text
    blocks = [
        _section(say["person_where"].format(channel=f"<#{owners}>")),
        input_block(pressed.QUESTION, words, hint=_plain(say["person_hint"])),
        input_block(pressed.URGENCY, {"type": "radio_buttons", "options": urgency, "initial_option": urgency[-1]}),
        input_block(pressed.NAMED, box(pressed.NAMED), optional=True),
    ]
    if needs_yes(record):
        blocks.append(input_block(pressed.YES, box(pressed.YES)))
    return modal(
        say["person"],
        say["close"],
        blocks,
        submit=say["send"],
        callback_id=pressed.PERSON,
        private_metadata=pressed.person_metadata(record.id, *place, owners),
    )


def asked(
    head: str,
    text: str,
    places: tuple[Sequence[Closest], Sequence[Citation]],
    urgency: str | None,
    link: str | None,
    locale: str,
) -> list[Block]:
    """The message to the owners' channel; `places`: the sections that came closest, and those that were cited."""
    near, cited = places
    titles = [*(one.title for one in near), *(one.title for one in cited)]
    say = texts.of(locale).modals
    opened = {"type": "link", "url": link, "text": say["person_link"]}
    line: list[Block] = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [opened]}]}]
    about = [say["person_about"].format(urgency=say[f"urgency_{urgency}"])] if urgency else []
    about += [say["person_topic"].format(topic=title) for title in titles[:1]]
    facts = [{"type": "context", "elements": [{"type": "plain_text", "text": " ".join(about)[:1900]}]}] if about else []
    found = [*closest(near, locale), *sources(cited, locale)]
    return [*quoted(head, text), *facts, *found, *(line if link else ()), section_block(say["person_how"])]


def quoted(head: str, text: str, *, mentions: bool = False) -> list[Block]:
    """One of our own sentences, and somebody's words below it; `mentions`: ids in them are people's names."""
    pieces = [piece for piece in _MENTION.split(text) if piece] if mentions else [text]
    said = [
        {"type": "user", "user_id": found[1][2:-1]}
        if mentions and (found := _MENTION.fullmatch(piece))
        else _text(piece)
        for piece in pieces or [""]
    ]
    return [_section(head), {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": said}]}]


def _text(text: str) -> Block:
    return {"type": "text", "text": text or "…"}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def _section(text: str) -> Block:
    """One of our own sentences, in which Slack's ids are names."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}
