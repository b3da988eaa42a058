"""Every sentence users read that is not a quote, by code, in the language of their Slack: one file a language.

In: a locale such as "de-DE". Out: its sentences. Each says what happened and what to do next; `{name}` is filled in
with str.format by the caller. tests/bot/test_texts.py wants every code in every language, as long as Slack takes it.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from bot.types import Answer

HERE = Path(__file__).parent
Sentences = dict[str, str]


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences of one language."""

    says: Sentences
    leads: Sentences  # from a kind word over to what the manual has, by the kind
    status: Sentences  # after the bot's name while an answer is made
    small_talk: Sentences
    refused_because: Sentences  # by the code that bot.answering.refusal gives
    notes: Sentences  # below an answer
    private: Sentences  # by sensitive topic: what an answer to its asker alone opens with
    degraded: Sentences  # below an answer, by the reason why it is not what it could be
    placeholders: Sentences  # what stands for personal data that can't be shown again, by its kind
    modals: Sentences  # in windows that a button opens, and about votes
    home: Sentences  # of the app's Home tab
    errors: Sentences  # by the codes of bot.errors and knowledge.errors

    def kindly(self, kind: str | None) -> str:
        """What is said first to whom this happens, or nothing. Whose life may be in danger reads it everywhere."""
        if kind is None:
            return ""
        sentences = self.private if kind == "self_harm" else self.small_talk if kind in self.small_talk else self.says
        return f"{sentences.get(kind, self.says['troubles'])}\n\n"

    def lead(self, kind: str) -> str:
        """What leads over from that to what the manual has; said where it has something."""
        known = {*self.says, *self.private, *self.small_talk}
        return f"{self.leads.get(kind, self.leads['has' if kind in known else 'troubles'])}\n\n"

    def refusal(self, answer: Answer) -> str:
        """What is said in place of an answer: the text that fits why there is none."""
        asked_in = self.asked_in(answer)
        because = asked_in.refused_because
        text = f"{self.says['refused']} {self.says['refused_next']}"
        text = next((because[note] for note in answer.notes if note in because), text)
        text = f"{self.notes['files']} {text}" if "files" in answer.notes else text  # first: it may be why
        return f"{text} {asked_in.says['refused_ask'].format(owner=answer.ask)}" if answer.ask else text

    def remarks(self, answer: Answer) -> list[str]:
        """What is said below an answer about how it came to be."""
        sentences = self.asked_in(answer).notes
        notes = [note for note in answer.notes if note in sentences and note != "files"]  # that is said first
        if not answer.degraded_reason or "cut" in notes:
            return [sentences[note] for note in notes]
        instead = self.says["quoted_instead" if answer.citations else "refused_instead"]
        happened = self.degraded.get(answer.degraded_reason, self.degraded["model_unavailable"])
        return [happened.format(instead=instead), *(sentences[note] for note in notes if note != "quoted")]

    def asked_in(self, answer: Answer) -> Texts:
        """The sentences in the language of a question that the manual's differs from, where there are such."""
        return of(answer.spoken) if answer.spoken in languages() else self

    def error(self, code: str, question_id: str) -> str:
        """What happened and what to do next, for any code of bot.errors and knowledge.errors."""
        return self.errors.get(code, self.errors["internal"]).format(id=question_id)


@functools.cache
def languages() -> tuple[str, ...]:
    """The languages there are, as two letters."""
    return tuple(sorted(file.stem for file in HERE.glob("*.toml")))


def of(locale: str = "en") -> Texts:
    """The sentences in the language of a locale: "de-DE" -> those of de.toml; English where there is no such file."""
    language = locale[:2].lower()
    return _read(language if language in languages() else "en")


def locale_for(own: str, spoken: str | None) -> str:
    """The locale of our own sentences: the person's, or where that is English the language (ISO 639-1) surely spoken.

    >>> locale_for("en-US", "fr"), locale_for("de-DE", "fr"), locale_for("en-US", "pl")
    ('fr', 'de-DE', 'en-US')
    """
    return spoken if own[:2].lower() == "en" and spoken in languages() else own


@functools.cache
def _read(language: str) -> Texts:
    return Texts(**tomllib.loads((HERE / f"{language}.toml").read_text(encoding="utf-8")))
