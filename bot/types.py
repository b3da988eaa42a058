"""The words of the product as plain frozen data: question, prompt, sentence, citation, answer, record, vote.

Pure: knows no vendor, no settings, no clock. `knowledge.types` supplies passages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import InitVar, dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from knowledge.types import Passage

if TYPE_CHECKING:
    from prompts import Template


class Outcome(StrEnum):
    """How an answer ended."""

    ANSWERED = "answered"
    REFUSED = "refused"
    DEGRADED = "degraded"  # a configured model was not used, or was cut
    FAILED = "failed"


class Verdict(StrEnum):
    """What the check says of a sentence."""

    SUPPORTED = "supported"  # a cited span of a passage says it
    PLAIN = "plain"  # carries no claim
    MARKED = "marked"  # "not found in the manual": in records of versions before 0.2


def joined(collections: Iterable[str]) -> str:
    """Names of collections as one text of at most 255 characters, the same for the same names: ",default,legal,"."""
    text = f",{','.join(sorted(quote(name, safe='') for name in set(collections)))},"  # no name holds a comma then
    return text if len(text) <= 255 else "#" + sha256(text.encode()).hexdigest()  # longer than a column


def _whole(text: str) -> str:
    """Half a surrogate pair, as cut text or a bad byte leaves it, can be neither embedded, sent nor printed."""
    return text.encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation."""

    role: Literal["user", "agent"]
    text: str
    speaker: str = ""  # of several people in a thread: a mention, once masked a placeholder
    to_bot: bool = True  # False: said among people
    documents: tuple[str, ...] = ()  # that an answer of ours cites

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _whole(self.text))


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, wherever it came from. `history` is oldest first and ends before this question."""

    id: str
    text: str
    history: tuple[Turn, ...] = ()
    collections: tuple[str, ...] = ("default",)  # that it is answered from: all of them the asker may see
    team: str | None = None
    channel: str | None = None
    user: str | None = None
    private: bool = False  # on something nobody else is to read: kept for no other, no example in a report
    locale: str = "en"  # of the asker's Slack: the language of our own sentences
    speaker: str = ""  # the asker, as `history` names people
    collection: InitVar[str | None] = None  # the only one, in records of versions before 0.3

    def __post_init__(self, collection: str | None) -> None:
        object.__setattr__(self, "text", _whole(self.text))
        if collection is not None:
            object.__setattr__(self, "collections", (collection,))


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message as OpenAI-compatible endpoints take it."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything one model call is asked, and what to make of the reply."""

    messages: tuple[Message, ...]
    name: str
    version: str
    sha256: str  # of the template file
    sources: tuple[Passage, ...] = ()  # source n is sources[n - 1]
    max_output_tokens: int = 600
    canary: str = ""  # must never come out

    @classmethod
    def of(
        cls, template: Template, parts: Iterable[tuple[str, str]], sources: tuple[Passage, ...] = (), canary: str = ""
    ) -> Prompt:
        """What a template asks, its `parts` filled in."""
        messages, most = tuple(Message(role, text) for role, text in parts), template.max_output_tokens  # type: ignore[arg-type]
        return cls(messages, template.name, template.version, template.sha256, sources, most, canary)

    @property
    def label(self) -> str:
        """Name and version: "answer@v5"."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the endpoint counted them, else estimated; cost in US dollars, None without a price."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    estimated: bool = False
    model: str | None = None  # that wrote; with several endpoints the one that served

    def plus(self, later: Usage) -> Usage:
        """Both together. A call without a known price leaves the price of the other."""
        known = [cost for cost in (self.cost_usd, later.cost_usd) if cost is not None]
        return Usage(
            self.input_tokens + later.input_tokens,
            self.output_tokens + later.output_tokens,
            sum(known) if known else None,
            self.estimated or later.estimated,
            later.model,
        )


@dataclass(frozen=True, slots=True)
class Support:
    """Where a source says what a sentence claims: characters start..end of source n's text."""

    source: int  # 1-based number in the prompt
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence that left the check. `text` is Markdown without markers, with the white space that precedes it."""

    text: str
    verdict: Verdict
    supports: tuple[Support, ...] = ()
    reason: str = ""  # why it may be shown: copied, verified, applied, quoted


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A piece of the model's answer that was not shown. Reasons: docs/check.md."""

    text: str  # "" where it may not be kept: it held a secret or an order
    reason: str
    about: str = ""  # the words that the reason is about
    replaced_by: str | None = None  # the manual's own words that were shown instead


@dataclass(frozen=True, slots=True)
class Citation:
    """Number `n` in the answer's text stands for a place: document, section and page.

    A sentence's citation has its own `quote`; an answer's is one a place: from the first to the last word cited of its
    first passage, and all `quotes` that stand in the place.
    """

    n: int
    chunk_id: str
    document: str
    title: str
    section: tuple[str, ...]
    quote: str
    page: int | None = None  # 1-based physical index of the page on which the quote starts
    page_end: int | None = None
    page_label: str | None = None
    url: str | None = None
    edition: str | None = None  # "version 3" or "2026-01-01" where the document states it
    version: str | None = None  # 3
    collection: str = ""  # that it was found in
    quotes: tuple[str, ...] = ()  # of an answer's citations


@dataclass(frozen=True, slots=True)
class Closest:
    """A section that came near, named in a refusal. Not a source."""

    document: str
    title: str
    section: tuple[str, ...]
    page: int | None = None
    page_label: str | None = None
    url: str | None = None
    version: str | None = None
    collection: str = ""  # that it was found in
    quote: str = ""  # its sentence that comes nearest, word for word; "" where none was looked for


INCOMPLETE = "incomplete"  # the note of an answer that says of itself that it may not answer, or not all
UNVOTED = "unvoted"  # the note of an answer under which nobody is asked whether it helped
WITHDRAWN = "withdrawn"  # the note of an answer that was taken back, its question having been edited and asked again


@dataclass(frozen=True, slots=True)
class Status:
    """Progress worth showing; `code` is looked up in slack/render.py."""

    code: str
    notice: str | None = field(default=None, compare=False)  # of "sensitive": what announces an answer to one alone


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence ready to show: `text` is Markdown with its [n] markers and the white space that precedes it."""

    text: str
    verdict: Verdict
    citations: tuple[Citation, ...] = ()
    reason: str = ""  # why it may be shown: copied, verified, applied, quoted


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer, with all that was known when it was made."""

    outcome: Outcome
    text: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()  # one a place, by n
    closest: tuple[Closest, ...] = ()
    passages: tuple[Passage, ...] = ()  # as retrieved, best first
    held_back: tuple[HeldBack, ...] = ()
    attacks: tuple[str, ...] = ()  # kinds of attack that the question reads like; then a model's words count if copied
    reattributed: int = 0  # sentences that another source supports than the one cited
    degraded_reason: str | None = None  # error code
    error: tuple[str, str] | None = None  # (code, message)
    notes: tuple[str, ...] = ()  # codes of remarks shown below the answer: cut, cached, vectors_pending, quoted ...
    usage: Usage = Usage()
    usage_by: dict[str, Usage] = field(default_factory=dict)  # by feature: answer, rewrite, verify, whom
    timings_ms: dict[str, float] = field(default_factory=dict)  # retrieve, first_sentence, total
    prompt: str | None = None  # "name@version"
    prompt_sha256: str | None = None
    model: str | None = None
    confidence: float | None = None  # calibrated probability that the passages can answer
    weighed: tuple[tuple[str, float, float], ...] = ()  # (what, its probability, least to answer), as it was decided
    rewrite: str | None = None
    ask: str = ""  # of a refusal: who looks after what comes closest
    whom: Closest | None = None  # of a refusal: where the manual names whom to ask
    spoken: str | None = None  # the question's language (ISO 639-1), where it is not the manual's
    generation: int | None = None
    searched: tuple[tuple[str, float], ...] = ()  # (text, weight) of every search, in order
    sources: tuple[str, ...] = ()  # chunk ids of the passages that the model was given, by their number

    @property
    def ended(self) -> str:
        """Its outcome; "unsure" where it was answered with doubt, or without a part or a thing that was asked about."""
        unsure = self.outcome is Outcome.ANSWERED and INCOMPLETE in self.notes
        return "unsure" if unsure else self.outcome.value

    @property
    def documents(self) -> tuple[str, ...]:
        """The documents it cites, in order."""
        return tuple(dict.fromkeys(cited.document for cited in self.citations))

    @property
    def dropped(self) -> int:
        """How many sentences of the model were not shown, replaced or not."""
        return len(self.held_back)


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of every answer."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Record:
    """Everything needed to replay a question: stored once per answer, joined by votes."""

    id: str
    question: Question
    answer: Answer
    created_at: datetime  # UTC, aware
    message_ts: str | None = None  # of the bot's (first) message
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """One per person and message; the last wins. None retracts."""

    team: str
    channel: str
    message_ts: str
    user: str
    value: Literal["up", "down"] | None
    via: Literal["button", "reaction"]
    at: datetime
    reason: str | None = None
    comment: str | None = None
