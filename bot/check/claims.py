"""What a sentence claims, where a passage says it, and the two judges that need no call. Any language. Pure.

Text that reads like orders to a model supports nothing and is not shown to one. A copy neither adds nor leaves out a
"not", and its figures are the span's; what may be the same in other words ("half", a conversion) is left to the
verifier.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import LCSseq

from bot.check.lexicon import lexicon
from bot.privacy.find import unheld
from bot.types import Support
from knowledge.text.figures_alike import foreign_measure, held, months, unexplained, with_months
from knowledge.text.injection import flag
from knowledge.text.quantities import Quantity, quantities
from knowledge.text.quotable import Span, quotable
from knowledge.text.reckoned import applied, moments, reckoned, told
from knowledge.text.sentences import quotations
from knowledge.text.sums import miscounted
from knowledge.text.words import hinges, light, opens_with, stretch
from knowledge.text.words import spelt as words
from knowledge.types import Passage

Kind = Literal["sentence", "item", "row", "over", "listing", "plain"]
LONGEST_QUOTE = 2000  # characters; guess
FEWEST_QUOTED = 2  # words, unless a whole span is quoted; guess
COPIED = 0.9  # share of words in common; measured: python -m tests.eval.recorded
MOST_SPANS = 3  # neighbouring sentences read as one; guess
FEWEST_WORDS = 3  # words of a sentence that can be a copy; guess

_ELLIPSIS = re.compile(r"\[?(?:\.\.\.|…)\]?")
_MARKDOWN = re.compile(r"^\s*(?:[-*+•–‣◦▪●○]\s+|\(?\d{1,3}[.)]\s+|#{1,6}\s+)|[*`|]+|(?<!\w)_+|_+(?!\w)")


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered passage of a prompt, ready for checking."""

    n: int
    passage: Passage
    spans: tuple[Span, ...]
    whole: str  # its heading and text

    def around(self, start: int, end: int) -> list[Span]:
        """The spans that characters start..end touch."""
        return [span for span in self.spans if span.start < end and start < span.end]


def prepare(passages: Sequence[Passage]) -> tuple[Source, ...]:
    """Source n is passages[n - 1]."""
    cut = (quotable(p.text, p.section, p.flagged) for p in passages)
    return tuple(map(Source, range(1, len(passages) + 1), passages, cut, (f"{p.heading}\n{p.text}" for p in passages)))


def locate(quote: str, source: Source) -> Support | None:
    """Where the quote stands in the source, word for word; left out parts ("...") may lie between."""
    parts = [words(part) for part in _ELLIPSIS.split(quote[:LONGEST_QUOTE])]
    place = stretch(source.passage.text, parts)
    if place is None or any(place[0] < end and start < place[1] for start, end in source.passage.flagged):
        return None
    enough = sum(map(len, parts)) >= FEWEST_QUOTED or any(s.words == words(quote) for s in source.spans)
    return Support(source.n, *place) if enough else None


@dataclass(frozen=True, slots=True)
class Claim:
    """A piece of an answer, in the order of display."""

    text: str  # Markdown without markers, with the white space before it
    kind: Kind  # over: a heading, lead-in or table header; plain: claims nothing
    cites: tuple[int, ...] = ()
    context: str = ""  # what it stands under (a row: the lead-ins, then its header), or the sentence that it leans on
    leans: bool = False  # opens with "It", "Otherwise" ...
    needs_proof: bool = False  # says something that waits for what is to prove it: "Yes.", "You can:"

    @property
    def unmarked(self) -> str:
        """As a person reads it, on one line: "**Two** days" -> "Two days"."""
        return " ".join(_MARKDOWN.sub(" ", self.text).split())

    @property
    def is_applied(self) -> bool:
        """Whether it says that it applies a rule to the asker's case ("So for you: three months.")."""
        return opens_with(self.unmarked, lexicon("applied"))

    def applies(self, asked: str) -> bool:
        """Whether it does so to a figure, day or time that its asker told, or shows how it counts."""
        return self.is_applied and bool("=" in self.text or moments(self.unmarked)[1:] or told(asked) or months(asked))

    @property
    def listed(self) -> str:
        """The lines of a code listing, without its fence."""
        return self.text.strip().strip("`").partition("\n")[2]


@dataclass(frozen=True, slots=True)
class Ruling:
    """`reason` is one of a short list (docs/check.md); `about` the words that it is about."""

    supported: bool
    reason: str
    about: str = ""
    supports: tuple[Support, ...] = ()


def copied(claim: Claim, sources: Iterable[Source]) -> Support | None:
    """Where one of the sources says it, the shortest span first."""
    said = words(claim.unmarked)
    under = words(claim.context.rpartition("\n")[2]) if claim.kind in ("item", "row") else ()  # a row: its header
    if len(said) + len(under) < FEWEST_WORDS or opens_with(claim.unmarked, lexicon("verdicts")):
        return None
    sizes = [(source, size) for source in sources for size in range(1, MOST_SPANS + 1)]
    groups = ((s, s.spans[n : n + size]) for s, size in sizes for n in range(len(s.spans) - size + 1))
    return next((Support(s.n, g[0].start, g[-1].end) for s, g in groups if _says(g, said, under, claim)), None)


def _says(group: tuple[Span, ...], said: tuple[str, ...], under: tuple[str, ...], claim: Claim) -> bool:
    there = tuple(word for span in group for word in span.words)
    if LCSseq.similarity(said, there) < COPIED * len(said):
        return False
    over = words(group[0].over[2]) if group[0].over else ()
    if LCSseq.similarity(under, over) < COPIED * len(under):
        return False  # an item means what its lead-in makes of it
    edits = LCSseq.editops(said, there)
    changed = [said[e.src_pos] if e.tag == "delete" else there[e.dest_pos] for e in edits]
    if any(word not in light() or word in hinges() for word in changed):
        return False
    own = [f for span in group for f in quantities(span.text)]
    return all(held(figure, own) for figure in quantities(claim.unmarked))


def veto(claim: Claim, sources: Sequence[Source], asked: str, today: str = "") -> Ruling | None:
    """Why the claim can't be shown; None when nothing speaks against it. `asked` is the question with its thread."""
    texts = [*(source.whole for source in sources), asked]
    if flag(claim.text):
        return Ruling(False, "order")
    if nobodys := unheld(claim.text, texts):
        return Ruling(False, "personal", nobodys)
    known = [f for text in (*texts, today) for f in quantities(text)] + worked_out(claim, asked, today, texts)
    counts_too = claim.kind != "over" and not claim.is_applied
    unknown = unexplained(claim.unmarked, known, texts, counts_too=counts_too) or miscounted(claim.unmarked)
    if not claim.applies(asked):
        unknown = unknown or foreign_measure(claim.unmarked, [*texts[:-1], with_months(asked)], known)
    reason = "figure" if unknown else "quotation"
    quoted = (" ".join(words(one)) for one in quotations(claim.text))
    unknown = unknown or next((one for one in quoted if not any(one in " ".join(words(text)) for text in texts)), "")
    return Ruling(False, reason, unknown) if unknown else None


def worked_out(claim: Claim, asked: str, today: str, texts: Sequence[str]) -> list[Quantity]:
    """Its figures that follow from those of the texts, or the asker's; of an applied rule all its days and times."""
    known = [f for text in texts for f in quantities(text)]
    own = reckoned(claim.unmarked, f"{claim.context} {asked}", known, is_applied=claim.is_applied)
    own += moments(claim.unmarked) * claim.applies(asked)
    return own + (applied(claim.unmarked, asked, texts, today) if claim.is_applied else [])
