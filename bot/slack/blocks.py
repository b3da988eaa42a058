"""The pieces that Slack's messages, windows and Home tab are built of.

Pure. In: our own sentences, or lines in which nothing is parsed. Out: dictionaries, as in Block Kit's reference.
Rule kept: what others wrote passes bot.slack.safe_text before it comes here, or stands in rich_text.
"""

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]
TITLE_CHARS = 24  # of a title or a button of a view; given: docs.slack.dev/reference/views


def one_line(text: str, most: int) -> str:
    """The text without line breaks, cut to so many characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def plain_text(text: str) -> Block:
    """Text without markup."""
    return {"type": "plain_text", "text": text}


def section(text: str) -> Block:
    """One of our own sentences."""
    return {"type": "section", "text": plain_text(text)}


def section_with_ids(text: str) -> Block:
    """One of our own sentences in which Slack's ids, as `<@U1>` and `<#C1>`, are shown as names."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def remark(text: str) -> Block:
    """One of our own sentences, small and grey."""
    return {"type": "context", "elements": [plain_text(text)]}


def button(action: str, label: str, value: str, **more: Any) -> Block:
    """A button; a press tells `action` and `value`."""
    return {"type": "button", "action_id": action, "text": plain_text(label), "value": value, **more}


def buttons(*elements: Block) -> Block:
    """Buttons side by side."""
    return {"type": "actions", "elements": list(elements)}


def confirmation(title: str, text: Block, yes: str, no: str) -> Block:
    """What is asked before a press counts; `text` is plain_text or mrkdwn."""
    return {"title": plain_text(title), "text": text, "confirm": plain_text(yes), "deny": plain_text(no)}


def option(label: str, value: str) -> Block:
    """A choice of radio buttons or checkboxes."""
    return {"text": plain_text(label), "value": value}


def form_input(name: str, label: str, element: Block, **more: Any) -> Block:
    """A field of a form, whose value stands in the form's state under `name` twice."""
    named = {"action_id": name, **element}
    return {"type": "input", "block_id": name, "label": plain_text(label), "element": named, **more}


def modal(title: str, close: str, blocks: Sequence[Block], **more: Any) -> Block:
    """A window."""
    if "submit" in more:
        more["submit"] = plain_text(more["submit"][:TITLE_CHARS])
    title, close = title[:TITLE_CHARS], close[:TITLE_CHARS]
    return {"type": "modal", "title": plain_text(title), "close": plain_text(close), "blocks": list(blocks), **more}


def words(text: str, *, bold: bool = False) -> Block:
    """A piece of rich text."""
    return {"type": "text", "text": text} | ({"style": {"bold": True}} if bold else {})


def line(*pieces: Block) -> Block:
    """A line of rich text."""
    return {"type": "rich_text_section", "elements": list(pieces)}


def bullets(lines: Sequence[Block]) -> Block:
    """Lines of rich text as a list."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(lines)}


def rich_text(*elements: Block) -> Block:
    """Lines, lists and quotes in which nothing is parsed."""
    return {"type": "rich_text", "elements": list(elements)}


def quote(*pieces: Block) -> Block:
    """A quotation as a part of rich text."""
    return {"type": "rich_text_quote", "elements": list(pieces)}
