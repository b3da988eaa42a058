"""Questions to begin with, made of the manual's own sections: each is one that the index answers.

In: a collection's outline and its search. Out: up to COUNT questions, the surest first. Rule kept:
what the search does not find surely enough is not suggested. Reads the index; asks no model.
"""

import re
from collections.abc import Iterable, Sequence

from bot import texts
from bot.answering.confidence import confidence
from knowledge.catalog.reading import Catalog
from knowledge.errors import KnowledgeError
from knowledge.search.retrieve import Retriever
from knowledge.types import Query

COUNT = 4  # given: assistant.threads.setSuggestedPrompts takes no more
TRIED = 40  # sections of a collection that are searched for; guess: bounds the time
WORDS = range(2, 7)  # of a heading that is made a question; guess: one word is a chapter, many are a sentence
_NUMBER = re.compile(r"^(?:[\dA-Z]{1,3}[.)])*\s*[\d.]*\s*")


class FirstPrompts:
    """Made once for each state of a collection. May wait for a disk."""

    def __init__(self, catalog: Catalog, retriever: Retriever, threshold: float, *, any_language: bool) -> None:
        """`any_language`: a question finds what is written in another one; else it is put in the collection's."""
        self._catalog, self._retriever, self._threshold = catalog, retriever, threshold
        self._any_language = any_language or retriever.multilingual
        self._made: dict[tuple[str, str], tuple[int, list[str]]] = {}

    def of(self, collections: Sequence[str], wording: str) -> list[str]:
        """Up to COUNT questions that these collections answer; `wording` has a place for the {topic}."""
        questions = [one for name in collections for one in self._of(name, wording)]
        return questions[:COUNT]

    def _of(self, name: str, wording: str) -> list[str]:
        state = self._catalog.collection(name)
        if state is None:
            return []
        if not self._any_language:
            known = self._catalog.languages([name])
            wording = texts.of(max(known, key=lambda code: known[code], default="en")).home["prompt"]
        generation, made = self._made.get((name, wording), (None, []))
        if generation != state.generation:
            made = self._make(name, wording)
            self._made[name, wording] = state.generation, made
        return made

    def _make(self, name: str, wording: str) -> list[str]:
        candidates: list[tuple[float, str]] = []
        for topic in topics((document, sections) for _, document, _, sections in self._catalog.outline(name)):
            question = wording.format(topic=topic)
            try:
                passages = self._retriever.search(Query(((question, 1.0),), name)).passages
            except KnowledgeError:
                break
            if (sure := confidence(question, passages)) >= self._threshold:
                candidates.append((sure, question))
        return [question for _, question in sorted(candidates, key=lambda one: -one[0])[:COUNT]]


def topics(lines: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Headings fit for a question, a document's first ones before any document's next; pure."""
    by_document: dict[str, list[str]] = {}
    for document, sections in lines:
        heading = _NUMBER.sub("", sections[-1]).strip() if sections else ""
        known = by_document.setdefault(document, [])
        if len(heading.split()) in WORDS and heading not in known and not re.search(r"[?:<>]", heading):
            known.append(heading)
    turns = range(max(map(len, by_document.values()), default=0))
    spread = [known[turn] for turn in turns for known in by_document.values() if turn < len(known)]
    return list(dict.fromkeys(spread))[:TRIED]
