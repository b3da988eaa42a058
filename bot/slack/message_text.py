"""What a message of Slack's says, as plain text: its words, what it forwards, what stands in its blocks only.

In: a message as events and conversations.replies carry it. Out: text as its author saw it, without mentions of the bot,
other people by their ids; quoted mails and code keep their lines. Rule kept: previews of links are not part of what was
said, forwarded messages are. Pure; text cut to what is read.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.understanding.small_talk import small_talk

MAX_QUESTION = 4000  # characters; what is beyond is not read
MAX_TEXT = 40_000  # characters of a message, as Slack cuts them
DEEPEST = 8  # levels of blocks within blocks that are read; guess

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|([^<>]*))?>")
_SPECIAL = re.compile(r"<(#[A-Z0-9]+|![^<>|]+|[^<>|\s]+)(?:\|([^<>]*))?>")
_ITALIC = re.compile(r"(?<![\w`/.])_([^\s_](?:[^_\n]*[^\s_])?)_(?![\w`])")
_ANY = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>|<!(?:subteam\^|here|channel|everyone)[^<>]*>")
_CALLS = re.compile(rf"(?:(?:{_ANY.pattern})[^\w<]*)+")

Message = Mapping[str, Any]


def text_of(message: Message, me: str) -> str:
    """All that the message says: what it forwards, then its text about that, or where it has none its blocks."""
    text = message.get("text")
    own = typed(text, me) if isinstance(text, str) else ""
    own = own or typed(_of_blocks(message.get("blocks")), me)
    attached = [one for one in _list(message.get("attachments")) if isinstance(one, dict)]
    forwarded = [one for one in attached if one.get("is_share") or one.get("is_msg_unfurl")]
    quoted = [typed(_attached(one), me) for one in (forwarded if own else attached)]
    above = "\n\n".join(dict.fromkeys(part for part in quoted if part != own))
    return f"{above[: max(0, MAX_QUESTION - len(own) - 2)]}\n\n{own}".strip()


def typed(text: str, me: str) -> str:
    """A text as its author typed it, without mentions of the bot."""

    def mention(match: re.Match[str]) -> str:
        return "" if match[1] == me else f"\1{match[1]}\2"

    def special(match: re.Match[str]) -> str:
        target, label = match[1], match[2]
        if target.startswith("#"):
            return f"#{label or 'channel'}"
        if target.startswith("!"):
            return label or f"@{target[1:].partition('^')[0]}"
        return label or target.removeprefix("mailto:")

    shown = _ITALIC.sub(r"\1", _SPECIAL.sub(special, _MENTION.sub(mention, text[:MAX_TEXT])))
    return re.sub(r"[ \t]+", " ", html.unescape(shown).replace("\1", "<@").replace("\2", ">")).strip()[:MAX_QUESTION]


def mentions(text: Any) -> set[str]:
    """The people and groups named in a message's text: user ids, "" for a group or everybody."""
    return {match[1] or "" for match in _ANY.finditer(text[:MAX_TEXT])} if isinstance(text, str) else set()


def called(text: Any) -> set[str]:
    """Whom a message's text calls before it says anything, as `mentions` tells them: "@Ben look", "hi @Ben, do you"."""
    first = _ANY.search(text[:MAX_TEXT]) if isinstance(text, str) else None
    if first is None or small_talk(text[: first.start()]) is None:
        return set()
    calls = _CALLS.match(text, first.start())
    return mentions(calls[0]) if calls else set()


def user_of(mention: str) -> str:
    """Whom a mention is of, by id.

    >>> user_of("<@U012AB|ben>")
    'U012AB'
    """
    return mention.strip("<@>").partition("|")[0]


def files(message: Message) -> list[str]:
    """The names of what hangs on it that is no text; "…" where Slack tells none."""
    attached = [one for one in _list(message.get("attachments")) if isinstance(one, dict)]
    found = [file for one in (message, *attached) for file in _list(one.get("files"))]
    named = [file.get("name") or file.get("title") if isinstance(file, dict) else None for file in found]
    return [name if isinstance(name, str) else "…" for name in named]


def _attached(attachment: Message) -> str:
    """What an attachment says: a forwarded message's text, or its blocks."""
    text, fallback = attachment.get("text"), attachment.get("fallback")
    if isinstance(text, str) and text.strip():
        return text
    within = _of_blocks(attachment.get("message_blocks") or attachment.get("blocks"))
    return within or (fallback if isinstance(fallback, str) else "")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _of_blocks(blocks: Any) -> str:
    return "\n".join(line for line in _lines(blocks, DEEPEST) if line.strip())[:MAX_TEXT]


def _lines(node: Any, depth: int) -> Iterator[str]:
    """The lines of blocks, or of a forwarded message's wrapping of them."""
    if depth < 0:
        return
    for one in _list(node):
        if not isinstance(one, dict):
            continue
        if isinstance(inner := one.get("message"), dict):
            yield from _lines(inner.get("blocks"), depth - 1)
        elif one.get("type") in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
            yield "".join(_piece(piece) for piece in _list(one.get("elements")))
        elif isinstance(one.get("text"), str):  # markdown
            yield one["text"]
        elif isinstance(text := one.get("text"), dict):  # section, header
            yield str(text.get("text") or "")
        else:
            yield from _lines(one.get("elements"), depth - 1)


def _piece(piece: Any) -> str:
    """A piece of rich text, written as in a message's text."""
    if not isinstance(piece, dict):
        return ""
    match piece.get("type"):
        case "user":
            return f"<@{piece.get('user_id')}>"
        case "channel":
            return f"<#{piece.get('channel_id')}>"
        case "usergroup" | "broadcast":
            return f"@{piece.get('range') or 'someone'}"
        case "emoji":
            return f":{piece.get('name')}:"
        case _:
            return str(piece.get("text") or piece.get("url") or "")
