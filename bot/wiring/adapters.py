"""What is given to the assistant: what is personal, and what a message is by its meaning.

What no word of the lists tells of a message, its meaning may: by the bundled model alone, the one that was trained and
measured with, so that nothing leaves the machine. One that can't be read is not sensitive, and not for the bot.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from bot.answering import desks
from bot.privacy.find import Span, find
from bot.privacy.mask import PLACEHOLDER
from bot.privacy.people import Manual, People
from bot.rules.file import RulesFile
from bot.understanding.addressed import Scene, likely_meant
from bot.understanding.attacks import MOST, likely_attack
from bot.understanding.small_talk import likely_chat, wording
from bot.understanding.topics import Told, told
from bot.understanding.topics.likely import Embed, likely, may_tell
from knowledge.errors import KnowledgeError
from knowledge.search.meaning import Bounded
from knowledge.text.words import language, mend, mended

if TYPE_CHECKING:
    from knowledge.catalog import Catalog

TOLD_KEPT = 256  # messages, each with what it tells of; guess
# What people say who need a desk, each with its vector: .4 s of CPU. By `python -m tests.eval.sayings`.
SAYINGS = Path(desks.__file__).with_name("told.npz")
OTHERS_KEPT = 1_024  # texts that messages are compared with, 1.5 kB each; guess
HIDDEN = "HIDDEN"  # the kind of what is a placeholder already
LANGUAGES = ("en", "de", "tr", "fr", "es")  # of the attacks that bot.understanding.attacks was fitted to


class PersonalDataFinder:
    """Finds what is personal, as policybot.toml says at this moment; may be called from any thread.

    All doors of a process share one, so that nothing is masked at one and let through at another. A name that a
    document has is no secret and can be searched for; which those are is read with the documents, never on the way.
    """

    def __init__(self, file: RulesFile, catalog: Catalog) -> None:
        self._file, self._catalog = file, catalog
        self._manual, self._read = Manual(), {}  # type: tuple[Manual, dict[str, int]]
        self.refresh()

    def __call__(self, text: str) -> tuple[Span, ...]:
        """The places, ascending; a placeholder is none."""
        privacy = self._file.rules.privacy
        found = find(text, privacy.ids)
        if not privacy.names:
            return found
        hidden = [Span(HIDDEN, *one.span()) for one in PLACEHOLDER.finditer(text)]
        names = People(self._manual).names(text, [*found, *hidden])
        return tuple(one for one in names if one.kind != HIDDEN)

    def refresh(self) -> None:
        """Read what the documents have, where they changed; nothing where names are not looked for."""
        held: dict[str, int] = {}
        if self._file.rules.privacy.names:
            states = ((name, self._catalog.collection(name)) for name in self._catalog.collections())
            held = {name: state.generation for name, state in states if state is not None}
        if held != self._read:
            live = {one.revision for name in held for one in self._catalog.live(name)}
            entries = self._catalog.entries(live)
            self._manual = Manual.of(f"{entry.prefix}\n{entry.text}" for entry in entries)
            self._read = held


_NAME = re.compile(r"(?<=\w[ ,])[A-Z][a-z]+")  # within a sentence


class ByMeaning:
    """What a message is by its meaning, by this embedder: None, or False, where that can't be told."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._others: Bounded[str, Any] = Bounded(OTHERS_KEPT)  # the manual's and our own words alone
        self._told: Bounded[str, Told | None] = Bounded(TOLD_KEPT)  # told once for all who ask

    def chat(self, text: str, in_thread: bool) -> str | None:
        """The kind of chat. Raises KnowledgeError."""
        return likely_chat(self._vector(text), in_thread=in_thread)

    def attack(self, text: str) -> float | None:
        """The log odds of an attack, in the languages that these were fitted in."""
        if language(text) in (None, *LANGUAGES):
            with _noted("attack"):
                return likely_attack(text[:MOST], self._vector(text[:MOST]))
        return None

    def told(self, text: str) -> Told | None:
        """What a message tells of; the same of the same text, which is kept for a while."""
        known = self._told.known([text])
        if text not in known:
            self._told.keep(known := {text: told(text, self._likely)})
        return known[text]

    def may_tell(self, text: str) -> bool:
        """Whether it may tell of something, so that a model is waited for that knows."""
        with _noted("topic"):
            return may_tell(text, self._embed)
        return False

    def alike(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """Cosines of a text and others, whose vectors are kept; 0 each where nothing embeds."""
        known = {**_sayings(), **self._others.known(others)}
        with _noted("desk"):
            lacking = [one for one in dict.fromkeys(others) if one not in known]
            own, *read = self._embed([text[:MOST], *lacking])
            new = dict(zip(lacking, read, strict=True))
            self._others.keep(new)
            known |= new
            return [float(own @ known[one]) for one in others]
        return [0.0] * len(others)

    def forget(self) -> None:
        """Keep no message."""
        self._told.clear()

    def _likely(self, text: str) -> Told | None:
        with _noted("topic"):
            names = {name.lower() for name in _NAME.findall(text)}  # "Halden" is no slip of "Holden"
            spelt = mended(text, names.__contains__) if language(text) == "en" else {}  # "brroken" tells the same
            return likely(mend(text, spelt), self._embed)
        return None

    def likely_meant(self, text: str, scene: Scene) -> bool | None:
        """Whether a message is for the bot, in English; else None. The first that asks is, unless it is chat."""
        if not scene.answered:
            with _noted("follow_up"):
                return False if language(text) in (None, "en") and self.chat(text, False) else None
        elif {language(text), language(scene.said)} <= {None, "en"}:
            with _noted("follow_up"):
                return likely_meant(text, scene, *self._embed([wording(text), scene.said]))
        return None

    def _vector(self, text: str) -> Sequence[float]:
        vector: Sequence[float] = self._embed([wording(text)])[0]
        return vector


@cache
def _sayings() -> Mapping[str, Any]:
    import numpy as np

    with np.load(SAYINGS) as kept:
        return dict(zip(kept["texts"].tolist(), kept["rows"], strict=True))


@contextlib.contextmanager
def _noted(what: str) -> Iterator[None]:
    """What can't be told of a meaning, because nothing embeds, is logged and done without."""
    try:
        yield
    except KnowledgeError as error:
        structlog.get_logger().warning("meaning_unknown", what=what, error=error.code)


def alike(texts: Sequence[str]) -> Any:
    """N texts -> their n x n cosines, float32, whatever embedder is configured."""
    from knowledge.index.embed import MiniLM

    rows = MiniLM().embed(texts)
    return rows @ rows.T
