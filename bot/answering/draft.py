"""An answer while it is being made: collects sentences, figures and remarks; ends as a Finished. Pure.

Keeps two rules: nothing is shown before the first supported sentence, so that an answer can still become a refusal; and
what stands over something (a heading, a lead-in, a table's header) is shown with it or not at all.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from bot import texts
from bot.answering import editions
from bot.answering.confidence import why
from bot.answering.numbering import Numbering, Place, closest
from bot.answering.rewrite import Meant
from bot.privacy.mask import PLACEHOLDER
from bot.types import Answer, Checked, Finished, HeldBack, Outcome, Prompt, Question, Sentence, Usage, Verdict
from bot.understanding.topics import Matter
from knowledge.text.words import mend
from knowledge.types import Found, Passage

OWN_DATA = frozenset({"IBAN", "CARD", "BIRTH_DATE", "NATIONAL_ID", "SECRET"})  # what nobody should leave in a chat
_STANDS_OVER = re.compile(r"\s*(?:(#+|\|)|(\*\*)[^*\n]+\*\*:?\s*\Z|[^\n]*(:)[*_]*\s*\Z)")
_BELOW = re.compile(r"\s*(?:[-*+•–‣◦▪●○]\s|\(?\w{1,3}[.)]\s|\|[\s|:-]*\Z)")  # an item, a table's rule


class Draft:
    """What is known about one question while it is being answered; ends as an Answer."""

    def __init__(self, question: Question, clock: Callable[[], float]) -> None:
        self.question = question
        self.read_as = question.text  # its text, once searched for with its spelling mended
        self._clock = clock
        self._started = clock()
        self._timings: dict[str, float] = {}
        self._sentences: list[Sentence] = []
        self.held: list[Checked] = []  # plain or marked sentences that wait for the first supported one
        self.numbering: Numbering | None = None
        self.passages: tuple[Passage, ...] = ()
        self.usage = Usage()
        self.usage_by: dict[str, Usage] = {}
        self.unspent: dict[str, Usage] = {}  # of it not yet charged to the budget, by feature
        self.prompt: Prompt | None = None
        self.model: str | None = None
        self.degraded: str | None = None
        self.notes: list[str] = []
        self.unanswered: set[str] = set()  # parts of the question
        self.unsure: dict[str, str] = {}  # parts without a sure answer, each with what comes closest
        self.nearest: dict[Place, str] = {}  # where nothing was sure enough: the sentence that comes nearest
        self.caveat = ""  # what is said above the quotes of a part that may not answer it
        self.beside: Matter | None = None  # what the message tells of beside what it asks; our kind word stands first
        self.told = False  # what could be quoted was said in the thread before
        self.held_back: list[HeldBack] = []
        self.attacks: tuple[str, ...] = ()
        self.reattributed = 0
        self.ask = ""  # who looks after what comes closest to a refused question
        self.model_found_none = False  # the model says that the passages do not answer
        self.rewrite: str | None = None
        self.reading: asyncio.Task[Meant | None] | None = None  # by a model, of what the message means
        self.meant: Meant | None = None  # as a model reads the message
        self.spoken: str | None = None  # the language written in, where it is not the manual's
        self.chats: str | None = None  # the kind of chat that it is, which asks nothing
        self.generation: int | None = None
        self.confidence: float | None = None
        self.by_words: str | None = None  # why words alone found, as the code of a note
        self.searched: dict[tuple[str, float], None] = {}

    @property
    def shown(self) -> bool:
        """Whether a supported sentence was shown."""
        return any(sentence.verdict is Verdict.SUPPORTED for sentence in self._sentences)

    def give_again(self, known: Answer) -> Iterator[Sentence | Finished]:
        """An answer that was given before, as it was."""
        for sentence in known.sentences:
            yield self.pass_on(sentence)
        notes = (*(note for note in known.notes if note not in ("cached", "personal_data")), "cached")
        yield self.finish(known.outcome, base=replace(known, usage=Usage()), notes=notes)

    def below(self, missing: Sequence[str], asked: int, most: int) -> list[str]:
        """What is said below an answer: parts not found, parts beyond the first few, who looks after what it cites."""
        question, say = self.question, texts.of(self.question.locale).says
        below = [
            say["part_unsure" if part in self.unsure else "part_not_found"].format(
                part=part, near=self.unsure.get(part)
            )
            for part in missing
        ]
        if missing:
            self.notes.append("incomplete")
        if self.spoken and missing:  # the part is our English, which nobody wrote
            below = [texts.of(self.spoken).says["part_left"]]
        if asked > most:
            below.append(say["parts_left"].format(count=most))
        if (editions.asks_whom(self.read_as) or question.private) and self.numbering:
            cited = {citation.document for citation in self.numbering.citations}
            if not question.private:
                cited.add(self.passages[0].document)  # what the question is about, whatever the answer cites
            below.append(editions.owners((p for p in self.passages if p.document in cited), say))
        return [text for text in below if text]

    def mark(self, stage: str) -> None:
        """Note how long it took to come this far."""
        self._timings[stage] = round((self._clock() - self._started) * 1000, 1)

    def note_found(self, found: Found) -> None:
        """What a search tells of the index, and of the question's spelling."""
        self.read_as = mend(self.read_as, found.mended)
        self.generation = found.generation
        if found.trouble:
            self.by_words = "vectors_unavailable"
        elif found.vectors_pending and self.by_words is None:
            self.by_words = "vectors_pending"

    def note_search(self, texts: Sequence[tuple[str, float]], found: Found) -> None:
        """What was searched for, as it was read, and what the glossary made of it."""
        self.searched |= dict.fromkeys((mend(text, found.mended), weight) for text, weight in texts)
        self.searched |= dict.fromkeys(found.added)

    def start(self, prompt: Prompt, model: str, docs_url: str | None) -> None:
        """A model begins to write."""
        self.prompt, self.model = prompt, model
        self.numbering = Numbering(prompt.sources, docs_url)

    def add_usage(self, usage: Usage, feature: str) -> None:
        """`feature` is what the call was for: answer, rewrite or verify."""
        self.usage = self.usage.plus(usage)
        self.unspent[feature] = self.unspent.get(feature, Usage()).plus(usage)
        self.usage_by[feature] = self.usage_by.get(feature, Usage()).plus(usage)

    def show(self, checked: Checked) -> Iterable[Sentence]:
        """The sentences that may be shown now: nothing before the first supported one, nothing that is left alone."""
        if checked.verdict is Verdict.PLAIN and not _BELOW.match(checked.text):
            lost = (n for n, one in enumerate(self.held) if _ends(_stands_over(checked), _stands_over(one)))
            del self.held[next(lost, len(self.held)) :]
        self.held.append(checked)
        if checked.verdict is Verdict.PLAIN and any(map(_stands_over, self.held)):
            return
        if checked.verdict is not Verdict.SUPPORTED and not self.shown:
            return
        assert self.numbering is not None
        for item in self.held:
            yield self.pass_on(self.numbering.number(item))
        self.held.clear()

    def say(self, text: str) -> Sentence:
        """Words of our own, which claim nothing of the manual."""
        return self.pass_on(Sentence(text, Verdict.PLAIN))

    def pass_on(self, sentence: Sentence) -> Sentence:
        """The sentence as it is shown."""
        if not self._sentences:
            self.mark("first_sentence")
            sentence = replace(sentence, text=sentence.text.lstrip())
        self._sentences.append(sentence)
        return sentence

    def finish(
        self,
        outcome: Outcome,
        *,
        base: Answer | None = None,
        notes: tuple[str, ...] = (),
        error: tuple[str, str] | None = None,
        closest_to: Sequence[Passage] = (),
        docs_url: str | None = None,
    ) -> Finished:
        """The end of the answer, with all that is known of it."""
        self.mark("total")
        if outcome is Outcome.REFUSED and not notes:
            # A score may err: where something comes near, words alone tell that the bot's set-up was asked for
            unsaid = {"hidden", "meaning"} if self.nearest and closest_to else {"hidden"}
            attacked = "attack" if {*self.attacks} - unsaid else None
            reason = (
                attacked
                or why(self.read_as, closest_to)
                or ("foreign" if self.rewrite and self.spoken else None)
                or ("unsure" if self.unsure or (self.nearest and closest_to) else None)
            )
            notes = (reason,) if reason else ()
            self.ask = self.ask if reason in (None, "unsure", "foreign") else ""
            closest_to = () if reason in ("somebody", "attack") else closest_to
        if {kind for kind, _ in PLACEHOLDER.findall(self.question.text)} & OWN_DATA:
            self.notes.append("personal_data")
            notes = notes and (*notes, "personal_data")
        if self.by_words:
            notes = notes and (*notes, self.by_words)  # of a refusal
            self.notes.append(self.by_words)
        answer = base or Answer(
            outcome=outcome,
            text="".join(sentence.text for sentence in self._sentences).strip(),
            sentences=tuple(self._sentences),
            citations=self.numbering.citations if self.numbering and outcome is not Outcome.REFUSED else (),
            closest=closest(closest_to, docs_url, self.nearest),
            passages=self.passages,
            held_back=tuple(self.held_back),
            attacks=self.attacks,
            reattributed=self.reattributed,
            degraded_reason=self.degraded,
            error=error,
            usage=self.usage,
            usage_by=self.usage_by,
            prompt=self.prompt.label if self.prompt else None,
            prompt_sha256=self.prompt.sha256 if self.prompt else None,
            model=self.model,
            ask=self.ask,
            spoken=self.spoken,
            confidence=self.confidence,
            rewrite=self.rewrite,
            generation=self.generation,
            searched=tuple(self.searched),
            sources=tuple(passage.chunk_id for passage in self.prompt.sources) if self.prompt else (),
        )
        return Finished(replace(answer, notes=notes or tuple(self.notes), timings_ms=self._timings))


def _stands_over(checked: Checked) -> str:
    """The mark by which a plain sentence says that something follows it; "" for one that stands for itself."""
    plain = checked.verdict is Verdict.PLAIN and not _BELOW.match(checked.text)
    found = _STANDS_OVER.match(checked.text) if plain else None
    return found[found.lastindex or 0] if found else ""


def _ends(new: str, old: str) -> bool:
    """Whether what `old` stood over is past, and nothing of it was shown, when `new` comes; "" is talk."""
    if new.startswith("#"):
        return bool(old) and not (old.startswith("#") and len(old) < len(new))
    return bool(old) and new in ("", old)
