"""Question, history and passages -> the prompt for the answering model, within a token budget. Pure.

The stable part (the system message) comes first so that providers' prompt caches hit. Passages are numbered from 1 and
wrapped with a delimiter that nobody can guess; they are data. Knows no model and no clock: the delimiter and the canary
are arguments.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.types import Message, Prompt, Question, Turn
from knowledge.types import Passage
from prompts import Template

CHARS_PER_TOKEN = 4.0  # English prose; the endpoint's own count replaces this estimate in records
FRAME_CHARS = 44  # around a passage: its number, and the delimiter twice
HISTORY_TURNS = 6
HISTORY_CHARS = 1200

STYLES = {
    "detail": "Give more detail than a short answer: all conditions, steps and exceptions the sources name.",
    "shorter": "Answer in one or two sentences.",
    "quote": "Quote the exact sentences of the sources that answer, in quotation marks, and add nothing.",
}


def tokens(text: str) -> int:
    """Estimated number of tokens."""
    return round(len(text) / CHARS_PER_TOKEN)


def within_budget(passages: Sequence[Passage], budget_tokens: int) -> tuple[Passage, ...]:
    """The best passages, in order, that fit the budget as they stand in the prompt; at least one."""
    kept: list[Passage] = []
    left = float(budget_tokens)
    for passage in passages:
        left -= (len(passage.text) + len(place(passage)) + FRAME_CHARS) / CHARS_PER_TOKEN
        if kept and left < 0:
            break
        kept.append(passage)
    return tuple(kept)


def conversation(history: Sequence[Turn]) -> str:
    """The newest turns as a block that precedes the question, or ""."""
    lines: list[str] = []
    room = HISTORY_CHARS
    for turn in reversed(history[-HISTORY_TURNS:]):
        text = " ".join(turn.text.split())[:room]
        if not text:
            break
        room -= len(text)
        lines.append(f"{'Asker' if turn.role == 'user' else 'Assistant'}: {text}")
    return "Conversation so far:\n" + "\n".join(reversed(lines)) + "\n\n" if lines else ""


def place(passage: Passage) -> str:
    """Where a passage stands, for the model's eyes: title, section, page, edition."""
    page = passage.page_at(0)
    parts = [" > ".join((passage.title, *passage.section))]
    if page:
        parts.append(f"page {page.label or page.page}")
    if passage.version:
        parts.append(f"version {passage.version}")
    if passage.effective:
        parts.append(f"effective {passage.effective.isoformat()}")
    return ", ".join(parts)


def wrap(passages: Sequence[Passage], delimiter: str) -> str:
    """Numbered passages between unguessable delimiters; a copy of the delimiter inside a passage is removed."""
    return "\n".join(
        f"<{delimiter} [{n}] {place(passage).replace(delimiter, '')}>\n"
        f"{_without_flagged(passage).replace(delimiter, '')}\n</{delimiter}>"
        for n, passage in enumerate(passages, 1)
    )


def _without_flagged(passage: Passage) -> str:
    """The text less what reads like instructions to a model: it can't support a sentence, so no model needs it."""
    text = passage.text
    for start, end in sorted(passage.flagged, reverse=True):
        text = text[:start] + "[...]" + text[end:]
    return text


def compose(
    template: Template,
    question: Question,
    passages: Sequence[Passage],
    *,
    budget_tokens: int,
    delimiter: str,
    canary: str,
    **extra: str,
) -> Prompt:
    """The prompt and the passages it offers as sources. `extra` fills the template's own placeholders."""
    sources = within_budget(passages, budget_tokens)
    parts = template.fill(
        sources=wrap(sources, delimiter),
        question=" ".join(question.text.split())[:2000],
        conversation=conversation(question.history),
        canary=canary,
        **extra,
    )
    return Prompt(
        messages=tuple(Message(role, text) for role, text in parts),  # type: ignore[arg-type]
        name=template.name,
        version=template.version,
        sha256=template.sha256,
        sources=sources,
        max_output_tokens=template.max_output_tokens,
        canary=canary,
    )
