"""Whom to ask what the manual leaves open: the line of the manual that names them, by code or by a model's choice.

A model is given the likeliest lines and says the number of one. Rule kept: the line is shown as the manual has it, so
that a model can choose badly but say nothing of its own; where it is late, or says nothing of use, code chooses.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from bot.answering import desks
from bot.answering.desks.contacts import NEAREST, Contact
from bot.answering.draft import Draft, place
from bot.answering.model_writer import gist
from bot.answering.ports import Choose, Classifiers
from bot.answering.scoring import Reading
from bot.answering.search import Finder, Findings, Search
from bot.llm.ladder import Ladder, complete
from bot.types import Closest, Usage
from knowledge.errors import KnowledgeError
from knowledge.types import Passage, Query
from prompts import Template

WITHIN_S = 1.5  # seconds that a refusal waits for a model's choice; guess
READ = 8  # passages, the first, in which a model's lines are looked for; guess

_NUMBER = re.compile(r"\d{1,3}")


class Named(NamedTuple):
    """Where the manual names whom to ask."""

    passage: Passage
    contact: Contact

    def place(self, docs_url: str | None) -> Closest:
        """The line and its place, as a refusal shows it."""
        return place(self.passage, self.contact.place[0], docs_url, self.contact.words)


class Whom:
    """Finds whom to ask. `choose` None: no model is asked."""

    def __init__(self, finder: Finder, classifiers: Classifiers, choose: Choose | None) -> None:
        self._finder, self._classifiers, self._choose = finder, classifiers, choose

    async def named(self, draft: Draft, text: str, found: Findings) -> Named | None:
        """Where the manual names whom to ask about what a text asks, for the very thing or in such matters."""
        search, alike = max(found.searches, key=lambda one: one.confidence), self._classifiers.alike
        asked, scores = await asyncio.to_thread(self._asked, draft, text, search)
        passages = draft.passages[: READ if self._choose else NEAREST]
        looked_for = desks.looked_for(scores, passages[0].language if passages else None)
        for one in (*looked_for, f"{looked_for[0]} {text}") if self._choose else looked_for:
            query = Query(((one, 1.0),), limit=desks.LOOKED_AT)
            with contextlib.suppress(KnowledgeError):
                passages += (await self._finder.documents.search(query, draft.question.collections)).passages
        each = tuple({one.chunk_id: one for one in reversed(passages)}.values())[::-1]
        reading = Reading(search.asked, each, search.in_manual_words)
        if self._choose and (known := await asyncio.to_thread(desks.likeliest, reading, asked, scores, alike)):
            in_thread = found.resolved.standalone if text == draft.read_as else text
            ask = partial(self._choose, in_thread, [one.words for one in known])
            chosen = await self._finder.by_model(draft, "whom", ask, WITHIN_S)
            if chosen is not None:
                return Named(each[known[chosen - 1].source - 1], known[chosen - 1]) if chosen else None
        named = await asyncio.to_thread(desks.closest, reading, asked, scores, alike)
        return Named(each[named.source - 1], named) if named else None

    def _asked(self, draft: Draft, text: str, search: Search) -> tuple[desks.Asked, desks.Scores]:
        """What a text asks, or what is searched for with its thread, and how likely it is of each matter."""
        asked = desks.asked_for(text, self._classifiers.language(text))
        scores = desks.by_matter(asked, self._classifiers.alike)
        if not draft.question.history or max(scores.values()) >= desks.LIKELY:
            return asked, scores
        asked = desks.Asked((search.asked,))
        return asked, desks.by_matter(asked, self._classifiers.alike)


class Chooser:
    """Implements bot.answering.ports.Choose with a chat endpoint."""

    def __init__(self, model: Ladder, template: Template) -> None:
        self._model, self._template = model, template

    async def __call__(self, question: str, lines: Sequence[str]) -> tuple[int | None, Usage]:
        """The line chosen, and what it cost. Raises bot.errors.Model*."""
        request = {"question": gist(question), "lines": dict(enumerate(lines, 1))}
        text = json.dumps(request, ensure_ascii=False)
        reply, usage = await complete(self._model, self._template, WITHIN_S, request=text)
        return number_in(reply, len(lines)), usage


def number_in(reply: str, most: int) -> int | None:
    """The number from 0 to `most` that a model's reply has; None where there is none, or several.

    >>> number_in('```json\\n{"line": 3}\\n```', 5), number_in("3 or 4", 5), number_in("9", 5)
    (3, None, None)
    """
    numbers = {int(one) for one in _NUMBER.findall(reply)}
    return min(numbers) if len(numbers) == 1 and max(numbers) <= most else None
