"""Question, history and passages -> the prompt for the answering model, within a token budget. Pure.

The stable part (the system message) comes first so that providers' prompt caches hit. Passages are numbered from 1, the
best first, each headed with its document, and set apart by a delimiter that nobody can guess; they are data. What far
better passages make unlikely to be needed is not sent, so the budget is a ceiling that an easy question does not reach.
Knows no model and no clock: today, the delimiter and the canary are arguments.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.scoring import Reading
from bot.llm.cost import tokens
from bot.privacy.mask import masked
from bot.types import Prompt, Question, Turn
from knowledge.types import Passage
from prompts import Template

DELIMITER_CHARS = 24  # characters that eight random ones cost: more than half a token each; guess
# weight of its best sentence beside a passage's share of the best score; measured: python -m tests.eval.budgets GOLD
SENTENCE_WEIGHT = 0.24
BEHIND = 1.2  # score behind the best passage from which one is not sent; measured: python -m tests.eval.budgets GOLD
ALWAYS = 5  # passages that are sent even so, where there are as many; measured: python -m tests.eval.budgets GOLD
HISTORY_TURNS = 12  # turns of the thread, the newest; guess
HISTORY_CHARS = 1800  # characters of them all; guess
ANSWER_CHARS = 600  # characters of an answer of ours among them: what people said matters more; guess
OPENING_CHARS = 500  # characters kept of the opening of a question longer than both together; guess
END_CHARS = 1500  # characters kept of its end; guess

KEEP = "<EMAIL_1> and the like stand for what people wrote; where you need one, write it as it is.\n"
STYLES = {
    "detail": "Give more detail than a short answer: all conditions, steps and exceptions the sources name.",
    "shorter": "Answer in one or two sentences.",
    "simpler": "Explain it in simple words, in short sentences, to someone who is new here.",
    "list": "Answer as a Markdown list, each item with its source numbers.",
    "table": "Answer as a Markdown table, each row with its source numbers.",
    "quote": "Quote the exact sentences of the sources that answer, in quotation marks, and add nothing.",
}


def worth_sending(asked: str, passages: Sequence[Passage]) -> list[Passage]:
    """The passages by score and best sentence for what is asked, without those far behind; never fewer than ALWAYS."""
    best: dict[int, float] = {}
    for candidate in Reading(asked, passages).candidates():
        best.setdefault(candidate.source, candidate.score)
    top = max((p.score for p in passages), default=0.0) or 1.0
    scores = {n: p.score / top + SENTENCE_WEIGHT * best.get(n, 0.0) for n, p in enumerate(passages, 1)}
    ranked = sorted(scores, key=lambda n: (-scores[n], n))
    enough = [n for n in ranked if scores[n] >= scores[ranked[0]] - BEHIND]
    return [passages[n - 1] for n in ranked[: max(ALWAYS, len(enough))]]


def within_budget(passages: Sequence[Passage], budget_tokens: int) -> tuple[Passage, ...]:
    """The best passages that fit the budget as they stand in the prompt, at least one, best first."""
    kept: list[Passage] = []
    for passage in passages:
        if kept and tokens(wrap([*kept, passage], "x" * DELIMITER_CHARS)) > budget_tokens:
            break
        kept.append(passage)
    return tuple(kept)


def conversation(history: Sequence[Turn], asker: str = "") -> str:
    """The newest turns as a block that precedes the question, or "". Of several people it says who asks now."""
    lines: list[str] = []
    room = HISTORY_CHARS
    several = {turn.speaker for turn in history if turn.role == "user"} - {asker}
    for turn in reversed(history[-HISTORY_TURNS:]):
        most = ANSWER_CHARS if turn.role == "agent" else room
        text = " ".join(turn.text.split())[: min(room, most)]
        if not text:
            break
        room -= len(text)
        person = turn.speaker if several and turn.speaker else "Asker"
        lines.append(f"{person if turn.role == 'user' else 'Assistant'}: {text}")
    if not lines:
        return ""
    now = f"{asker} asks now.\n" if several and asker else ""
    return "Conversation so far:\n" + "\n".join(reversed(lines)) + f"\n{now}\n"


def wrap(passages: Sequence[Passage], delimiter: str) -> str:
    """Numbered passages set apart by an unguessable delimiter; a copy of it inside a passage is removed."""
    lines = [
        f"<{delimiter} [{n}] {p.heading.replace(delimiter, '')}>\n{p.for_model.replace(delimiter, '')}\n"
        for n, p in enumerate(passages, 1)
    ]
    return "".join(lines) + f"</{delimiter}>"


def gist(question: str) -> str:
    """A question on one line; of a very long one (a pasted mail) its opening and its end, where the question stands."""
    text = " ".join(question.split())
    return text if len(text) <= OPENING_CHARS + END_CHARS else f"{text[:OPENING_CHARS]} [...] {text[-END_CHARS:]}"


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
    thread = conversation(question.history, question.speaker)
    parts = template.fill(
        sources=wrap(sources, delimiter),
        question=gist(question.text),
        conversation=thread + (KEEP if masked(question.text + thread) else ""),
        canary=canary,
        **extra,
    )
    return Prompt.of(template, parts, sources, canary)
