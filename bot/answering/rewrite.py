"""A colleague's message -> its kind and the words a manual would use, by one small model call; cached, dispensable.

In: a question. Out: Meant. Rule kept: what comes back is only ever searched for or looked up in our own texts, never
shown; what no list of ours knows is left out; a model that replies with a bare line instead of JSON has rewritten a
question.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, get_args

from bot.answering.lexicon import phrases
from bot.answering.model_writer import conversation, gist
from bot.answering.ports import BETWEEN, Kind, Meant
from bot.llm.ladder import Ladder, complete
from bot.types import Question, Usage
from bot.understanding.phrases import languages
from bot.understanding.topics import private
from bot.understanding.topics.read import NOTHING, READ
from knowledge.search.meaning import Bounded
from knowledge.text.words import LANGUAGES, data_file, stopwords, words
from prompts import Template

MAX_WORDS = 40  # words of a rewrite; guess
KEPT = 2000  # rewrites remembered a process; guess

_LISTED: tuple[Kind, ...] = ("form", "chat")  # their query is a word of a list: "thanks"

_CODE = re.compile(r"[A-Z]-?\d|\d[A-Z]")  # "A4", "E-417", "5G": words to search for, though short
_QUERY = re.compile(r'"query"\s*:\s*"((?:[^"\\]|\\.)+)')  # in a reply that broke off


class Rewriter:
    """Asks a model what a message means; remembers the latest replies."""

    def __init__(self, model: Ladder, template: Template, deadline_s: float) -> None:
        self._model, self._template, self._deadline_s = model, template, deadline_s
        self._known: Bounded[tuple[str, str, str], Meant] = Bounded(KEPT)

    async def __call__(self, question: Question, languages: Sequence[str]) -> tuple[Meant | None, Usage]:
        """(what is meant, what it cost); None when the model wrote nothing of use. Raises bot.errors.Model*.

        `languages` (ISO 639-1) are the documents', most first.
        """
        history = conversation(question.history, question.speaker)
        wanted = in_languages(languages)
        key = (" ".join(question.text.casefold().split()), history, wanted)
        if (known := self._known.known([key]).get(key)) is not None:
            return known, Usage()
        asked = gist(question.text)
        text, usage = await complete(
            self._model, self._template, self._deadline_s, conversation=history, question=asked, languages=wanted
        )
        meant = read(text)
        if meant is None:
            return None, usage
        self._known.keep({key: meant})
        return meant, usage

    def forget(self) -> None:
        """Remember no message."""
        self._known.clear()


def in_languages(codes: Sequence[str]) -> str:
    """The languages (ISO 639-1) that a query is wanted in, as the prompt says it.

    >>> in_languages(["de", "en"])
    'German and again in English (all in one string, " | " between them)'
    """
    names = data_file("bot.understanding.phrases", "en.toml")["languages"]
    known = (names[code].split()[0].title() if code in names else f'"{code}" (ISO 639-1)' for code in codes)
    said = " and again in ".join(known)
    return f'{said} (all in one string, "{BETWEEN}" between them)' if len(codes) > 1 else said


def read(reply: str) -> Meant | None:
    """What a model's reply says, be it JSON, JSON that broke off, or a bare line; None for nothing.

    Whom it is for is known without a rewrite, too: the query is "" then.
    """
    data = _json(reply)
    kind: Kind = next((one for one in get_args(Kind) if one == data.get("kind")), "question")
    language, for_bot = data.get("language"), data.get("for_bot")
    lines = map(_bare, str(data.get("query") or data.get("question") or "").strip().splitlines())
    query = next((line for line in lines if line and (kind in _LISTED or not _says_nothing(line))), "")
    tells = next((one for one in (*READ, NOTHING) if one == data.get("tells")), None)
    if kind == "question" and tells in READ and private(tells):
        kind = "sensitive"
    if not query and kind != "sensitive" and tells not in READ and (kind in _LISTED or not isinstance(for_bot, bool)):
        return None
    return Meant(
        " ".join(query.split()[:MAX_WORDS]),
        kind,
        language if language in languages().values() else None,
        for_bot if isinstance(for_bot, bool) else None,
        tells,
    )


def _bare(line: str) -> str:
    """A line of a reply without marks and what introduces it: "The rewritten question: **When?**" -> "When?"."""
    lead, _, rest = line.partition(":")
    leads = rest.strip() and _says_nothing(lead) and not set(phrases("no_rewrite")["leads"]).isdisjoint(words(lead))
    return (rest if leads else line).strip(" \"'“”„«»`*")


def _says_nothing(line: str) -> bool:
    """Whether it has no word that a manual could be searched for: "I'm sorry, I can't answer that question."."""
    return line.startswith("<") or (
        not _CODE.search(line)
        and all(len(word) == 1 or word.isdigit() or word in _no_rewrite() for word in words(line.replace("’", "'")))
    )


@cache
def _no_rewrite() -> frozenset[str]:
    return frozenset(phrases("no_rewrite")["words"]).union(*map(stopwords, LANGUAGES))


def _json(reply: str) -> dict[str, Any]:
    start, end = reply.find("{"), reply.rfind("}")
    if start < 0:
        return {"query": reply}
    try:
        data = json.loads(reply[start : end + 1])
    except (ValueError, RecursionError):
        broken = _QUERY.search(reply)
        return {"query": broken[1]} if broken else {}
    return data if isinstance(data, dict) else {}
