"""An answer while it is being made: collects sentences, numbers what they cite; ends as a Finished. Pure.

Keeps two rules: nothing is shown before the first supported sentence, so that an answer can still become a refusal; and
what stands over something (a heading, a lead-in, a table's header) is shown with it or not at all. A number stands for
a place, that is a document, a section and a page: all sentences that rest on it share the number, and each keeps the
span that it rests on as its own quote. Links come from the document table and the configured base, never from a model.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from bot import texts
from bot.answering.confidence import worth_a_look
from bot.privacy.mask import PLACEHOLDER
from bot.types import (
    INCOMPLETE,
    UNVOTED,
    Answer,
    Checked,
    Citation,
    Closest,
    Finished,
    HeldBack,
    Outcome,
    Prompt,
    Question,
    Sentence,
    Support,
    Usage,
    Verdict,
)  # fmt: skip
from bot.understanding.topics import Told
from knowledge.text.words import mend
from knowledge.types import Found, PageSpan, Passage

MOST_CLOSEST = 3  # sections told of at a refusal; guess
OWN_DATA = frozenset({"IBAN", "CARD", "BIRTH_DATE", "NATIONAL_ID", "SECRET"})  # what nobody should leave in a chat
_OF_BOTH = (
    "passages", "attacks", "reattributed", "degraded_reason", "usage_by", "model", "spoken", "confidence", "rewrite",
    "generation", "weighed",
)  # fmt: skip
_STANDS_OVER = re.compile(r"\s*(?:(#+|\|)|(\*\*)[^*\n]+\*\*:?\s*\Z|[^\n]*(:)[*_]*\s*\Z)")
_BELOW = re.compile(r"\s*(?:[-*+•–‣◦▪●○]\s|\(?\w{1,3}[.)]\s|\|[\s|:-]*\Z)")  # an item, a table's rule


class Draft:
    """What is known about one question while it is being answered; ends as an Answer."""

    def __init__(self, question: Question, clock: Callable[[], float], docs_url: str | None = None) -> None:
        self.question, self.docs_url = question, docs_url
        self._clock = clock
        self._started = clock()
        self._timings: dict[str, float] = {}
        self._sentences: list[Sentence] = []
        self._opens = True  # what is shown next: the answer, or what follows a line of our own
        self._lead = ""  # behind a kind word: said before the manual's first words
        self._held: list[Checked] = []  # plain or marked sentences that wait for the first supported one
        self.notes: list[str] = []  # codes of remarks
        self.usage_by: dict[str, Usage] = {}  # by feature
        # bot.answering.search
        self.languages: tuple[str, ...] = ()  # of the documents, ISO 639-1, once they are known
        self.readings: list[asyncio.Task[object]] = []  # by a model, of what each part of the message means
        self.read_as = question.text  # its text, once searched for with its spelling mended
        self.searched: dict[tuple[str, float], None] = {}
        self.generation: int | None = None
        self.vectors_missing: str | None = None  # why words alone found, as the code of a note
        # bot.answering.assistant
        self.told: Told | None = None  # what happened to the asker, or near them
        self.may_tell = False  # of something, which a model that reads the message is waited for to tell
        self.attacks: tuple[str, ...] = ()
        self.passages: tuple[Passage, ...] = ()
        self.confidence: float | None = None
        self.weighed: tuple[tuple[str, float, float], ...] = ()
        self.rewrite: str | None = None
        self.spoken: str | None = None  # the language written in, where it is not the manual's
        self.degraded_reason: str | None = None  # why a configured model did not write, or not to the end
        # both writers
        self.model: str | None = None
        self.prompt: Prompt | None = None
        self.numbering = Numbering((), docs_url)
        # bot.answering.model_writer
        self.held_back: list[HeldBack] = []
        self.reattributed = 0
        self.model_found_none = False  # the model says that the passages do not answer
        self.unanswered: set[str] = set()  # parts of the question that were passed over, or words of its only one
        # bot.answering.quote_writer
        self.unsure: dict[str, str] = {}  # parts without a sure answer, each with what comes closest
        # where nothing was sure enough: the sentence that comes nearest
        self.nearest: dict[tuple[str, tuple[str, ...]], str] = {}
        self.repeated = False  # what could be quoted was said in the thread before

    @property
    def shown(self) -> bool:
        """Whether a supported sentence was shown."""
        return any(sentence.verdict is Verdict.SUPPORTED for sentence in self._sentences)

    @property
    def plain(self) -> list[str]:
        """What is shown and claims nothing of the manual."""
        return [sentence.text for sentence in self._sentences if sentence.verdict is Verdict.PLAIN]

    def cites(self, passages: Iterable[Passage]) -> bool:
        """Whether what is shown rests on a section of one of the passages."""
        cited = {(one.collection, one.document, one.section) for one in self.numbering.citations}
        return any((one.collection, one.document, one.section) in cited for one in passages)

    def give_again(self, known: Answer) -> Iterator[Sentence | Finished]:
        """An answer that was given before, as it was."""
        for sentence in known.sentences:
            yield self.pass_on(sentence)
        notes = (*(note for note in known.notes if note not in ("cached", "personal_data")), "cached")
        yield self._finished(replace(known, usage=Usage(), notes=notes))

    def mark(self, stage: str) -> None:
        """Note how long it took to come this far."""
        self._timings[stage] = round((self._clock() - self._started) * 1000, 1)

    def note_found(self, texts: Sequence[tuple[str, float]], found: Found) -> None:
        """What was searched for, as it was read and as the glossary puts it; what that tells of the index."""
        self.read_as = mend(self.read_as, found.reworded)
        self.generation = found.generation
        if found.trouble:
            self.vectors_missing = "vectors_unavailable"
        elif found.vectors_pending and self.vectors_missing is None:
            self.vectors_missing = "vectors_pending"
        self.searched |= dict.fromkeys((mend(text, found.reworded), weight) for text, weight in texts)
        self.searched |= dict.fromkeys(found.added)

    def start(self, model: str, sources: Sequence[Passage], prompt: Prompt | None = None) -> None:
        """A model begins to write, or the manual to be quoted; what was written before and never shown is gone."""
        self.prompt, self.model = prompt, model
        self.numbering = Numbering(sources, self.docs_url)
        self._held.clear()

    def add_usage(self, usage: Usage, feature: str) -> None:
        """`feature` is what the call was for: answer, rewrite or verify."""
        self.usage_by[feature] = self.usage_by.get(feature, Usage()).plus(usage)

    def show(self, checked: Checked) -> Iterable[Sentence]:
        """The sentences that may be shown now: nothing before the first supported one, nothing that is left alone."""
        if checked.verdict is Verdict.PLAIN and not _BELOW.match(checked.text):
            lost = (n for n, one in enumerate(self._held) if _ends(_stands_over(checked), _stands_over(one)))
            del self._held[next(lost, len(self._held)) :]
        self._held.append(checked)
        if checked.verdict is Verdict.PLAIN and any(map(_stands_over, self._held)):
            return
        if checked.verdict is not Verdict.SUPPORTED and not self.shown:
            return
        yield from self.lead_over()
        for item in self._held:
            yield self.pass_on(self.numbering.number(item))
        self._held.clear()

    def say(self, text: str) -> Sentence:
        """Words of our own, which claim nothing of the manual."""
        said = self.pass_on(Sentence(text, Verdict.PLAIN))
        self._opens = text.endswith("\n")
        return said

    def comfort(self, kind: str, before: str = "") -> Sentence:
        """A kind word for whom this happens to, behind what is said `before` it. It promises nothing of the manual."""
        say = texts.of(self.question.locale)
        self._lead = say.lead(kind)
        return self.say(before + say.kindly(kind))

    def lead_over(self) -> Iterator[Sentence]:
        """What leads over from it to the manual's words, once; nothing to a model's, or where a doubt opens them."""
        lead, self._lead = self._lead, ""
        if lead and self.prompt is None and INCOMPLETE not in self.notes:
            yield self.say(lead)

    def say_quoted(self, text: str, of: Passage, start: int, end: int) -> Sentence:
        """Words of the manual within our own, of a passage that no writer was given."""
        support = Support(self.numbering.add(of), start, end)
        return self.pass_on(self.numbering.number(Checked(text, Verdict.SUPPORTED, (support,), "quoted")))

    def pass_on(self, sentence: Sentence) -> Sentence:
        """The sentence as it is shown."""
        if not self._sentences:
            self.mark("first_sentence")
        if self._opens:
            sentence = replace(sentence, text=sentence.text.lstrip())
            self._opens = False
        self._sentences.append(sentence)
        return sentence

    def finish(
        self,
        outcome: Outcome,
        *,
        notes: Sequence[str] = (),
        error: tuple[str, str] | None = None,
        closest: tuple[Closest, ...] = (),
        ask: str = "",
        whom: Closest | None = None,
    ) -> Finished:
        """The end of the answer, with all that is known of it; `notes` take the place of those made on the way."""
        answer = Answer(
            outcome=outcome,
            text="".join(sentence.text for sentence in self._sentences).strip(),
            sentences=tuple(self._sentences),
            citations=self.numbering.citations if outcome is not Outcome.REFUSED else (),
            closest=closest,
            held_back=tuple(self.held_back),
            error=error,
            notes=tuple(notes or self.notes),
            usage=reduce(Usage.plus, self.usage_by.values(), Usage()),
            prompt=self.prompt.label if self.prompt else None,
            prompt_sha256=self.prompt.sha256 if self.prompt else None,
            ask=ask,
            whom=whom,
            searched=tuple(self.searched),
            sources=tuple(passage.chunk_id for passage in self.prompt.sources) if self.prompt else (),
            **{name: getattr(self, name) for name in _OF_BOTH},
        )
        return self._finished(answer)

    def _finished(self, answer: Answer) -> Finished:
        self.mark("total")
        notes = list(answer.notes)
        if {kind for kind, _ in PLACEHOLDER.findall(self.question.text)} & OWN_DATA:
            notes.append("personal_data")
        if self.vectors_missing:
            notes.append(self.vectors_missing)
        if self.told and self.told.kind == "self_harm" and UNVOTED not in notes:
            notes.append(UNVOTED)
        return Finished(replace(answer, notes=tuple(notes), timings_ms=self._timings))


def _stands_over(checked: Checked) -> str:
    """The mark by which a plain sentence says that something follows it; "" for one that stands for itself."""
    plain = checked.verdict is Verdict.PLAIN and not _BELOW.match(checked.text)
    mark = _STANDS_OVER.match(checked.text) if plain else None
    return mark[mark.lastindex or 0] if mark else ""


def _ends(new: str, old: str) -> bool:
    """Whether what `old` stood over is past, and nothing of it was shown, when `new` comes; "" is talk."""
    if new.startswith("#"):
        return bool(old) and not (old.startswith("#") and len(old) < len(new))
    return bool(old) and new in ("", old)


class Numbering:
    """Gives places their numbers in the order in which they are shown."""

    def __init__(self, sources: Sequence[Passage], docs_url: str | None) -> None:
        self._sources = sources
        self._docs_url = docs_url
        self._places: dict[tuple[str, str, tuple[str, ...], int | None], list[tuple[Support, Citation]]] = {}

    @property
    def citations(self) -> tuple[Citation, ...]:
        """One citation a place, with all that was quoted of it."""
        return tuple(self._place(cited) for cited in self._places.values())

    def add(self, source: Passage) -> int:
        """The number of one more source."""
        self._sources = (*self._sources, source)
        return len(self._sources)

    def number(self, checked: Checked) -> Sentence:
        """The sentence with its markers before the closing white space, in a row's last cell, below a listing."""
        cited = list(dict.fromkeys(self._cite(support) for support in checked.supports))
        body = checked.text.rstrip()
        tail = checked.text[len(body) :]
        numbers = dict.fromkeys(c.n for c in cited)
        markers = " " + "".join(f"[{n}]" for n in numbers) if numbers else ""
        if markers and body.endswith("```"):
            markers = "\n" + markers[1:]
        elif markers and body.lstrip().startswith("|") and body.endswith("|"):
            body, tail = body[:-1].rstrip(), f" |{tail}"  # in the last cell: a row stays a row
        return Sentence(body + markers + tail, checked.verdict, tuple(cited), checked.reason)

    def _cite(self, support: Support) -> Citation:
        passage = self._sources[support.source - 1]
        first, last = passage.page_at(support.start), passage.page_at(max(support.start, support.end - 1))
        key = (passage.collection, passage.document, passage.section, first.page if first else None)
        cited = self._places.setdefault(key, [])
        citation = Citation(
            n=cited[0][1].n if cited else len(self._places),
            chunk_id=passage.chunk_id,
            quote=passage.text[support.start : support.end],
            page_end=last.page if last else None,
            edition=passage.edition,
            **_standing_at(passage, first, self._docs_url),
        )
        if (support, citation) not in cited:
            cited.append((support, citation))
        return citation

    def _place(self, cited: Sequence[tuple[Support, Citation]]) -> Citation:
        first = cited[0][1]
        near = [support for support, citation in cited if citation.chunk_id == first.chunk_id]
        text = self._sources[near[0].source - 1].text
        return replace(
            first,
            quote=text[min(s.start for s in near) : max(s.end for s in near)],
            quotes=tuple(dict.fromkeys(citation.quote for _, citation in cited)),
            page_end=max((c.page_end for _, c in cited if c.page_end is not None), default=None),
        )


def _standing_at(passage: Passage, at: PageSpan | None, docs_url: str | None) -> dict[str, Any]:
    """Where a passage stands, as citations and closest sections tell it."""
    same = ("document", "title", "section", "version", "collection")
    page, label = (at.page, at.label) if at else (None, None)
    place = {"page": page, "page_label": label, "url": link(docs_url, passage.document, page, passage.anchor)}
    return place | {name: getattr(passage, name) for name in same}


def link(docs_url: str | None, document: str, page: int | None, anchor: str | None) -> str | None:
    """Where a person opens the document at the page or heading; None without a configured base."""
    if docs_url is None:
        return None
    url = f"{docs_url}/{quote(document)}"
    if page is not None:
        return f"{url}#page={page}"
    return f"{url}#{quote(anchor)}" if anchor else url


def place(passage: Passage, start: int, docs_url: str | None, quote: str) -> Closest:
    """Where the words of a passage stand that are quoted in a refusal."""
    return Closest(quote=quote, **_standing_at(passage, passage.page_at(start), docs_url))


def closest(
    passages: Sequence[Passage],
    docs_url: str | None,
    quotes: Mapping[tuple[str, tuple[str, ...]], str] = MappingProxyType({}),
) -> tuple[Closest, ...]:
    """The best passages' sections, each once; no title, no contents. First those of the `quotes`, in their order.

    Pages in front of the first heading of a document are its title page, or a preface.
    """
    headed = {passage.document for passage in passages if passage.pages and passage.section}
    sections: dict[tuple[str, str, tuple[str, ...]], Closest] = {}
    order = {place: n for n, place in enumerate(quotes)}
    ranked = sorted(passages, key=lambda passage: order.get((passage.document, passage.section), len(order)))
    for passage in filter(worth_a_look, ranked):
        if not passage.section and passage.document in headed:
            continue
        key = (passage.collection, passage.document, passage.section)
        if key not in sections:
            quoted = quotes.get((passage.document, passage.section), "")
            sections[key] = Closest(quote=quoted, **_standing_at(passage, passage.page_at(0), docs_url))
        if len(sections) == MOST_CLOSEST:
            break
    return tuple(sections.values())
