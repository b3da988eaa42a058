"""One recorded question told whole, and beside what today's index, settings and model make of it.

In: a record. Out: text on stdout, or one JSON object. The prompt is put together again from the recorded passages; a
template that has changed since is said to have.
"""

import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot import json_rows, wiring
from bot.answering.assistant import final
from bot.answering.places import where
from bot.cli.terminal import Paper, print_table
from bot.reporting import figures
from bot.settings import Settings
from bot.types import Answer, Citation, Closest, Prompt, Record
from knowledge.types import Passage

PASSAGES = 10  # shown of those found
COMPARED = 5  # passages that are set side by side


async def replayed(record: Record, settings: Settings) -> Answer:
    """The same question with its history and rights, asked today; nothing is recorded or remembered.

    It costs the operator, not the budget of the one who asked.
    """
    question = replace(record.question, team=None, channel=None, user=None)
    async with wiring.assistant(settings, cache=False) as parts:
        return await final(parts.assistant, question)


def prompt(record: Record) -> Prompt | str | None:
    """What the model was given, as today's template says it; why it can't be told; None where no model wrote."""
    from bot.answering.model_writer import STYLES, compose
    from bot.understanding.follow_up import resolve
    from knowledge.text.words import language
    from prompts import load

    answer, question = record.answer, record.question
    if answer.prompt is None:
        return None
    known = {passage.chunk_id: passage for passage in answer.passages}
    if not answer.sources or not all(key in known for key in answer.sources):
        return f"{answer.prompt}: the record does not say which passages it held (made by an earlier version)"
    template = load(answer.prompt.partition("@")[0])
    if template.sha256 != answer.prompt_sha256:
        return f"{answer.prompt}: the template has changed since; its sha256 was {answer.prompt_sha256}"
    resolved = resolve(question)
    return compose(
        template,
        question,
        [known[key] for key in answer.sources],
        budget_tokens=10**9,
        delimiter="--------",
        canary="--------",
        style=STYLES.get(resolved.directive.manner or "", ""),
        language=resolved.directive.language or language(resolved.own) or language(resolved.standalone) or "en",
        today=record.created_at.date().isoformat(),
    )


def as_json(record: Record, row: dict[str, Any], now: Answer | None) -> dict[str, Any]:
    """The row of `questions`, the answer as `ask --json` states it, the searches and the prompt."""
    answer = record.answer
    given = prompt(record)
    whole = row | {
        "history": [{"role": turn.role, "text": turn.text} for turn in record.question.history],
        "searches": [{"text": text, "weight": weight} for text, weight in answer.searched],
        "rewrite": answer.rewrite,
        "answer": json_rows.answer(record.id, answer),
        "prompt": [{"role": m.role, "text": m.content} for m in given.messages] if isinstance(given, Prompt) else given,
    }
    return whole if now is None else whole | {"replayed": json_rows.answer(record.id, now)}


def show(record: Record, row: dict[str, Any]) -> None:
    """Print all that is known; `row` is that of `questions`."""
    paper = Paper(sys.stdout)
    for title, lines in _parts(record, row):
        printed = [line for line in lines if line]
        if printed:
            print(f"\n{title}")
            for line in printed:
                paper.lines(textwrap.indent(line, "  "))


def _parts(record: Record, row: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    answer = record.answer
    person = f" by {row['person']}" if row["person"] else ""
    asked = f"asked {row['at']}{person}, collection {row['collection']}"
    yield f"Question {record.id}", [record.question.text, asked]
    yield "Thread before it", [f"{turn.role}: {_flat(turn.text)}" for turn in record.question.history]
    yield "Searches (weight, text)", [f"{weight:.2f}  {text}" for text, weight in answer.searched]

    sure = f"confidence {answer.confidence:.2f}" if answer.confidence is not None else ""
    passages = ["fused  vector  words  source  place"] if answer.passages else []
    for p in answer.passages[:PASSAGES]:
        vector = "   -  " if p.similarity is None else f"{p.similarity:6.3f}"
        source = f"[{answer.sources.index(p.chunk_id) + 1}]" if p.chunk_id in answer.sources else "-"
        place = figures.section((p.document, p.section))
        passages.append(f"{p.score:5.3f}  {vector}  {p.lexical:5.2f}  {source:<6}  {place}")
    if len(answer.passages) > PASSAGES:
        passages.append(f"... and {len(answer.passages) - PASSAGES} more (--json)")
    yield f"Passages: {len(answer.passages)} found, {len(answer.sources)} given to the model. {sure}", passages

    low = [f"{p:.2f}, needs {least:.2f}{' (too low)' * (p < least)}: {what}" for what, p, least in answer.weighed]
    yield "Probabilities that decided (docs/how-it-works.md, 5 and 6)", low

    given = prompt(record)
    written = [given or "none: no model wrote this answer"] if not isinstance(given, Prompt) else []
    messages = given.messages if isinstance(given, Prompt) else ()
    yield f"Prompt {answer.prompt or ''}".rstrip(), [*written, *(f"{m.role}:\n{m.content}" for m in messages)]

    why = f" ({row['why']})" if row["why"] else ""
    told = [f"{s.verdict.value}, {s.reason or 'no claim'}: {_flat(s.text)}" for s in answer.sentences]
    told += [f"[{c.n}] {where(c)}: {_flat(c.quote)}" for c in answer.citations]
    told += [f"near: {where(near)}" for near in answer.closest]
    yield f"Answer: {answer.outcome.value}{why}, by {answer.model or 'no model'}", told

    held_back = []
    for h in answer.held_back:
        about, instead = (f" ({h.about})" if h.about else ""), (f" -> {h.replaced_by}" if h.replaced_by else "")
        held_back.append(f"{h.reason}{about}: {_flat(h.text) or '...'}{instead}")
    yield "Held back", held_back
    said = [(vote["value"], vote["person"], vote["reason"], vote["comment"]) for vote in row["votes"]]
    yield "Votes", [", ".join(filter(None, vote)) for vote in said]
    yield "Times (ms)", [", ".join(f"{stage.replace('_', ' ')} {ms:.0f}" for stage, ms in answer.timings_ms.items())]
    costs = []
    for feature, used in answer.usage_by.items():
        tokens = f"{used.input_tokens} tokens in, {used.output_tokens} out"
        dollars = "no known price" if used.cost_usd is None else f"${used.cost_usd:.6f}"
        costs.append(f"{feature}, {used.model or 'no model'}: {tokens}, {dollars}")
    yield "Cost", costs


def _flat(text: str) -> str:
    return " ".join(text.split())


_SIDES: dict[str, Callable[[Answer], str]] = {
    "outcome": lambda a: a.outcome.value + (f" ({code})" if (code := figures.why(a)) else ""),
    "text": lambda a: a.text,
    "cites": lambda a: _places(a.citations),
    "near": lambda a: _places(a.closest),
    "passages": lambda a: _places(a.passages[:COMPARED]),
    "confidence": lambda a: "" if a.confidence is None else f"{a.confidence:.2f}",
    "rewrite": lambda a: a.rewrite or "",
    "held back": lambda a: "\n".join(f"{h.reason}: {_flat(h.text)}" for h in a.held_back),
    "prompt": lambda a: a.prompt or "",
    "model": lambda a: a.model or "",
    "time": lambda a: f"{a.timings_ms.get('total', 0):.0f} ms",
}


def _places(places: Sequence[Citation | Closest | Passage]) -> str:
    return "\n".join(dict.fromkeys(figures.section((one.document, one.section)) or "" for one in places))


def compare(then: Answer, now: Answer) -> None:
    """Print both answers side by side; "*" marks what differs."""
    rows = []
    for title, side in _SIDES.items():
        left, right = side(then), side(now)
        if left or right:
            mark = "*" if left != right and title != "time" else ""
            rows.append((f"{title}{mark}", left, right))
    print_table({"": None, "recorded": None, "today": None}, rows)
