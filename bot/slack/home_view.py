"""What the Home tab shows one person: what they are answered from, what is kept, their last questions, admins' figures.

Pure. In: facts chosen for this person. Out: a view of Slack's. Rule kept: everything stands in rich_text or plain_text,
where nothing is parsed. Knows no client, no store, no rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot import texts
from bot.slack import meanings, safe_text
from bot.slack.blocks import Block, bullets, buttons, confirmation, line, plain_text, rich_text, words
from bot.slack.blocks import button as one_button

DOCUMENTS = 15  # named of one collection
SHELVES = 10  # collections shown; more are counted
CHARS = 200  # of one line of what others wrote


@dataclass(frozen=True, slots=True)
class Shelf:
    """A collection: its title, and a line for each document."""

    title: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the person's own: its text, day, outcome, and their vote."""

    text: str
    day: str
    outcome: str
    vote: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """All that one person's Home tab says. `figures`: of the last day, for who may see reports; else None."""

    shelves: Sequence[Shelf]
    asked: Sequence[Asked]
    kept_days: tuple[int, int, int]  # question, feedback, audit
    figures: dict[str, int] | None = field(default=None)
    opted_out: bool = False  # no words of theirs are kept
    raw_text: bool = False  # they may read what people asked


def home_view(shown: Shown, locale: str = "en") -> Block:
    """The view that views.publish takes."""
    say = texts.of(locale).home
    blocks: list[Block] = [_header(say["sources"])]
    if not shown.shelves:
        blocks.append(_own(say["no_sources"]))
    for shelf in shown.shelves[:SHELVES]:
        named = list(shelf.documents[:DOCUMENTS])
        if (more := len(shelf.documents) - len(named)) > 0:
            named.append(say["more"].format(count=more))
        blocks += [rich_text(_line(f"{shelf.title} ({len(shelf.documents)})", bold=True)), _list(named)]
    if (more := len(shown.shelves) - SHELVES) > 0:
        blocks.append(_own(say["more"].format(count=more)))
    blocks.append(_header(say["asked"]))
    votes = {None: "", "up": f" · {say['up']}", "down": f" · {say['down']}"}
    own = [f"{one.day} · {one.text} · {say[one.outcome]}{votes[one.vote]}" for one in shown.asked]
    blocks.append(_list(own) if own else _own(say["none_asked"]))
    question, feedback, audit = shown.kept_days
    blocks += [
        _header(say["kept"]),
        _own(say["kept_how"].format(question=question, feedback=feedback, audit=audit)),
        _buttons(say, opted_out=shown.opted_out),
    ]
    if shown.figures is not None:
        blocks += [_header(say["figures"]), _own(say["figures_day"].format(**shown.figures), say["report"])]
    if shown.raw_text:
        blocks.append(buttons(one_button(meanings.UNANSWERED, say[f"do_{meanings.UNANSWERED}"], meanings.UNANSWERED)))
    return {"type": "home", "blocks": blocks}


def _buttons(say: texts.Sentences, *, opted_out: bool) -> Block:
    """What the person may do about what is stored of them; forgetting asks once more."""

    def button(act: str, **more: Any) -> Block:
        return one_button(act, say[f"do_{act}"], act, **more)

    sure = confirmation(say["sure_title"], plain_text(say["sure"]), say["sure_yes"], say["sure_no"])
    wish = meanings.OPT_IN if opted_out else meanings.OPT_OUT
    forget = button(meanings.FORGET, style="danger", confirm=sure)
    return buttons(button(meanings.EXPORT), button(wish), forget)


def _header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text)}


def _own(*sentences: str) -> Block:
    """Our own sentences, whole: translations are longer than a line."""
    return rich_text(*(line(words(text)) for text in sentences))


def _line(text: str, *, bold: bool = False) -> Block:
    flat = " ".join(safe_text.plain(text).split()) or "…"
    return line(words(flat if len(flat) <= CHARS else flat[: CHARS - 1] + "…", bold=bold))


def _list(items: Sequence[str]) -> Block:
    return rich_text(bullets([_line(item) for item in items])) if items else _own("…")
