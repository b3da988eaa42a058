"""What people write -> the same with typed placeholders, `<EMAIL_1>`; and back for its writer.

One Mask serves one question with its thread: the same value has the same placeholder there. Values come back only in
what is shown to whoever wrote them. People come back by the names that `named` knows of them; secrets, other people and
values not known (any more) come back as words. Pure; what a Mask knows is never stored.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from bot import texts
from bot.privacy.contacts import is_contact
from bot.privacy.find import FindPersonal
from bot.types import Answer, Question, Turn
from knowledge.text.words import squeezed

PLACEHOLDER = re.compile(r"<([A-Z]{2,11}(?:_[A-Z]{2,11})?)_(\d{1,3})>")

SHORT = 5  # characters of a name that may be part of any word; guess
GONE = ("PERSON", "SECRET")  # kinds that come back as words, never as values


class Mask:
    """Placeholders of one question and its thread; `find_personal` tells them, the same at every door of a process."""

    def __init__(self, find_personal: FindPersonal, named: Callable[[str], str | None] = lambda _: None) -> None:
        """`named`: the name of whom a mention is of, where it is known."""
        self._find, self._named = find_personal, named
        self._names: dict[tuple[str, str], str] = {}  # by kind and value
        self._written: dict[str, str] = {}  # placeholders by value, as people wrote it
        self._values: dict[str, str] = {}  # by placeholder, of what the asker wrote
        self._people: dict[str, str] = {}  # mentions by placeholder
        self._used: set[tuple[str, int]] = set()

    @property
    def own(self) -> str:
        """The values that come back, in one text."""
        return " ".join(self._values.values())

    def text(self, text: str, *, own: bool = True) -> str:
        """The text with placeholders; those in it stay. `own` False: not the asker wrote it."""
        self._seen(text)
        written, at = [], 0
        for span in self._find(text):
            value = text[span.start : span.end]
            name = self._written[value] = self._name(span.kind, value)
            if span.kind == "PERSON":
                self._people[name] = value
            elif own and span.kind not in GONE:
                self._values.setdefault(name, value)
            written += [text[at : span.start], name]
            at = span.end
        return "".join([*written, text[at:]])

    def hidden(self, text: str) -> str:
        """A text of ours with people's values taken out again; the manual's contacts in it stay."""
        values = sorted(filter(None, self._written), key=len, reverse=True)
        any_of = re.compile("|".join([PLACEHOLDER.pattern, *map(_form, values)]))
        return any_of.sub(lambda match: self._written.get(match[0], match[0]), text)

    def question(self, question: Question) -> Question:
        """The question with its thread as it may leave, be kept and be logged. What is masked stays as it is."""
        for turn in question.history:
            if turn.role == "user":  # an answer's placeholders are those of the questions before it
                self._seen(turn.speaker + turn.text)

        def masked_text(turn: Turn) -> str:
            own = turn.speaker in ("", question.speaker)
            return self.text(turn.text, own=own) if turn.role == "user" else self.hidden(turn.text)

        turns = tuple(
            replace(turn, speaker=self.text(turn.speaker), text=masked_text(turn)) for turn in question.history
        )
        return replace(question, text=self.text(question.text), history=turns, speaker=self.text(question.speaker))

    def back(self, text: str) -> str:
        """What is shown to the asker."""
        return PLACEHOLDER.sub(self._back, text) if "<" in text else text

    def shown(self, answer: Answer) -> Answer:
        """The answer as it is shown to the asker."""
        sentences = tuple(replace(sentence, text=self.back(sentence.text)) for sentence in answer.sentences)
        return replace(answer, text=self.back(answer.text), sentences=sentences)

    def _seen(self, text: str) -> None:
        self._used |= {(match[1], int(match[2])) for match in PLACEHOLDER.finditer(text)}

    def _name(self, kind: str, value: str) -> str:
        key = kind, squeezed(value) or value  # two ways to write it are the same
        if key not in self._names:
            number = next(n for n in range(1, len(self._used) + 2) if (kind, n) not in self._used)
            self._used.add((kind, number))
            self._names[key] = f"<{kind}_{number}>"
        return self._names[key]

    def _back(self, match: re.Match[str]) -> str:
        if match[0] in self._values:
            return self._values[match[0]]
        if name := self._named(self._people.get(match[0], "")):
            self._written[name] = match[0]  # shown, and never kept
            return name
        words = texts.of().placeholders.get(match[1])
        return match[0] if words is None else words.format(letter=chr(64 + min(max(int(match[2]), 1), 26)))


def alone(text: str, find_personal: FindPersonal) -> str:
    """One message with placeholders, for where its thread is not known yet."""
    return Mask(find_personal).text(text)


def sent(text: str, find_personal: FindPersonal) -> str:
    """What a person sends to people on purpose, by which they may be reached; with placeholders for all else."""
    return alone(text, lambda said: tuple(span for span in find_personal(said) if not is_contact(said, span)))


def shape(text: str) -> str:
    """A masked message without the numbers of its placeholders: the same however its thread was counted."""
    return PLACEHOLDER.sub(r"<\1>", text)


def worded(text: str) -> str:
    """A kept text as anybody may read it: words in the place of values."""
    return Mask(lambda _: ()).back(text)


def masked(text: str) -> bool:
    """Whether a placeholder stands in the text."""
    return PLACEHOLDER.search(text) is not None


def _form(value: str) -> str:
    """What finds a value in a text: a short word stands alone ("Ali" is not in "Alignment"), others stand anywhere."""
    telling = len(value) > SHORT or "@" in value or any(c.isdigit() for c in value)
    return re.escape(value) if telling else rf"(?<![^\W_]){re.escape(value)}(?![^\W_])"
