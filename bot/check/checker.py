"""A model's answer as it arrives -> checked sentences, in order: copy, veto, verifier, repair. No clock, no vendor.

The first judge that can decide does (docs/check.md). The first sentence that needs the verifier is sent alone, since
people wait for it; later ones by BATCH, or at the end. Without a verifier, or once a later call failed, what is not
copied fails too. A failed claim is replaced by the manual's own words, quoted: an answer has no holes.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.check.claims import Claim, Ruling, Source, copied, locate, prepare, veto
from bot.check.lexicon import lexicon
from bot.check.stream import Stream
from bot.check.verifier import Verifier, request, rulings, sources_for
from bot.errors import AnswerError
from bot.types import Checked, HeldBack, Support, Usage, Verdict
from knowledge.text.figures_alike import held
from knowledge.text.injection import Leak, Recital
from knowledge.text.quantities import quantities
from knowledge.text.quotable import Span, tables
from knowledge.text.sentences import indent, row_cells, row_in_words
from knowledge.text.words import LANGUAGES, language, opens_with, stems
from knowledge.types import Passage

BATCH = 3  # claims in one call after the first: more are written too slowly, fewer cost tokens; guess
ENOUGH = 0.34  # share of the claim's own words that the span must hold; measured: python -m tests.eval.recorded
FEW = 3  # words of a claim with which it says what the question names ("From 8:00"); guess
OF_FIGURES = 0.05  # score for a figure of the claim that the span has; guess
LONGEST_OVER = 240  # characters of a lead-in or header that is quoted with its item or row; guess
_BULLET = re.compile(r"(?:[-*+•–‣◦▪●○]|\(?\d{1,3}[.)])\s+")
_Entry = tuple[Claim, asyncio.Future[Ruling]]  # what is ruled about a claim, once it is
_recital = lru_cache(maxsize=4)(Recital)  # the rules of every answer are the same
SECRET = ("leak", "order")  # reasons: nothing of such a piece is kept, nothing stands in for it


class Checker:
    """Checks one answer. After `check` has ended, its counters and `held_back` tell what happened."""

    def __init__(
        self,
        passages: Sequence[Passage],
        question: str,
        *,
        thread: str = "",
        canary: str = "",
        rules: str = "",
        today: str = "",
        repairs: bool = True,
        verifier: Verifier | None = None,
    ) -> None:
        self._sources = prepare(passages)
        self._question, self._asked, self._today = question, f"{thread} {question}", today
        self._verifier, self._repairs = verifier, repairs
        self._stream, self._leak = Stream(self._sources, question), Leak(canary)
        self._recital = _recital(rules)
        self._waiting: list[_Entry] = []  # for the verifier
        self._calls: list[asyncio.Task[None]] = []
        self._shown: list[Support] = []
        self._quoted: list[Support] = []  # of those shown, that stood in for a claim
        self._hole = False  # whether the sentence before is missing, with nothing in its stead
        self.held_back: list[HeldBack] = []
        self.reattributed = 0
        self.verify_usage: list[Usage] = []
        self.words_only = self._alone = verifier is None  # a sentence had to do without the verifier; so has the rest

    @property
    def left_open(self) -> Sequence[str]:
        """Parts of the question that the model says the sources leave open, as it names them."""
        return self._stream.left_open

    async def check(self, deltas: AsyncIterator[str]) -> AsyncGenerator[Checked]:
        """What may be shown, as early as order and verdicts allow. An error of `deltas` is raised after what came."""
        entries: asyncio.Queue[_Entry | Exception | None] = asyncio.Queue()
        reading = asyncio.create_task(self._read(deltas, entries))
        over: list[tuple[Claim, Checked]] = []  # shown with what is below; what needs proof, not with a quotation
        fallen = False  # whether something below them was left out, and nothing shown yet
        try:
            while (entry := await entries.get()) is not None:
                if isinstance(entry, Exception):
                    raise entry
                claim, ruling = entry
                checked = self._settle(claim, await ruling)
                is_below = claim.kind in ("item", "row")
                if not is_below and claim.kind != "plain":
                    inset = indent(claim.text) if claim.kind == "over" else -1  # "- Everyone:" leaves what is above it
                    over, fallen = [one for one in over if not _is_past(one[1], inset, fallen)], False
                if checked is not None and (claim.kind == "over" or (over and claim.kind == "plain")):
                    over.append((claim, checked))
                elif checked is not None:
                    is_proof = not is_below or checked.reason != "quoted"
                    wait = [one for one in over if not is_proof and one[0].needs_proof]
                    if wait and claim.kind == "row":  # above the table, whose header and rule wait for a row of it
                        wait += [one for one in over if one[0].kind == "plain"]
                        end = "" if wait[0][0].text.startswith("\n") else "\n\n"
                        checked = replace(checked, text="\n\n" + checked.text.strip("| \n") + end)
                    for one in (*(shown for shown in over if shown not in wait), (claim, checked)):
                        self._shown += one[1].supports[:1]
                        yield one[1]
                    over, fallen = wait, bool(wait)
                elif is_below and over:
                    fallen = True
        finally:
            for task in (reading, *self._calls):
                task.cancel()
            await asyncio.gather(reading, *self._calls, return_exceptions=True)

    async def _read(self, deltas: AsyncIterator[str], entries: asyncio.Queue[_Entry | Exception | None]) -> None:
        failure: Exception | None = None
        try:
            async for delta in deltas:
                await self._admit(self._stream.feed(delta), entries)
                if self._stream.full:
                    break
            await self._admit(self._stream.finish(), entries)  # not after an error: half a sentence is none
        except Exception as error:  # the reader waits for an end, whatever breaks here
            failure = error
        self._send()
        entries.put_nowait(failure)

    async def _admit(self, claims: Sequence[Claim], entries: asyncio.Queue[_Entry | Exception | None]) -> None:
        for claim in claims:
            entry = claim, asyncio.get_running_loop().create_future()
            ruling = await asyncio.to_thread(self._judge, claim)  # a few milliseconds of CPU
            if ruling is not None:
                entry[1].set_result(ruling)
            else:
                self._waiting.append(entry)
                if not self._calls or len(self._waiting) >= BATCH:
                    self._send()
            entries.put_nowait(entry)

    def _judge(self, claim: Claim) -> Ruling | None:
        """What copy and veto rule; None where only a reader can tell."""
        if self._leak.seen(claim.text) or self._recital.stands_in(claim.text):
            return Ruling(False, "leak")
        if (refused := veto(claim, self._sources, self._asked, self._today)) is not None:
            return refused
        if claim.kind in ("plain", "over"):
            return Ruling(True, claim.kind)
        if claim.kind == "listing":  # the stream makes none of what stands nowhere
            places = filter(None, (locate(claim.listed, source) for source in self._sources))
            return Ruling(True, "copied", supports=(next(places),))
        cited = [self._sources[n - 1] for n in claim.cites]
        if (support := copied(claim, cited) or copied(claim, self._sources)) is not None:
            return Ruling(True, "copied", supports=(support,))
        return Ruling(False, "no_verdict") if self._alone else None

    def _send(self) -> None:
        """Ask the verifier about what waits for it."""
        batch, self._waiting = self._waiting, []
        if batch:
            self._calls.append(asyncio.create_task(self._verdicts(batch, first=not self._calls)))

    async def _verdicts(self, batch: Sequence[_Entry], *, first: bool) -> None:
        claims = dict(enumerate((claim for claim, _ in batch), 1))
        by_claim: dict[int, Ruling] = {}
        try:
            if self._verifier is not None and not self._alone:
                sources = sources_for(list(claims.values()), self._sources, self._asked)
                with contextlib.suppress(AnswerError):
                    rows, usage = await self._verifier.verify(request(self._question, claims, sources), first=first)
                    self.verify_usage.append(usage)
                    by_claim = await asyncio.to_thread(rulings, rows, claims, sources, self._asked, self._today)
            if not by_claim:
                self.words_only, self._alone = True, self._alone or not first  # the rest waits for one more call
            for n, (_, ruling) in enumerate(batch, 1):
                ruling.set_result(by_claim.get(n) or Ruling(False, "no_verdict"))
        except Exception as error:  # whoever waits for a ruling hears of it, whatever breaks here
            for _, ruling in batch:
                ruling.set_exception(error)

    def _settle(self, claim: Claim, ruling: Ruling) -> Checked | None:
        """The claim as it may be shown, or what stands in for it."""
        if not ruling.supported:
            return self._replaced(claim, ruling)
        if claim.kind in ("plain", "over"):
            return Checked(claim.text, Verdict.PLAIN)
        if self._hole and not claim.is_applied:
            is_foreign = claim.kind == "sentence" and language(claim.unmarked) not in (None, *LANGUAGES)
            if claim.leans or is_foreign:  # of its language nobody knows the openings
                return self._replaced(claim, Ruling(False, "leans", supports=ruling.supports))
        self._hole = False
        if ruling.reason == "copied" and any(s in self._quoted for s in ruling.supports):
            return None  # stood in for another sentence before
        self.reattributed += bool(claim.cites) and ruling.supports[0].source not in claim.cites
        return Checked(claim.text, Verdict.SUPPORTED, ruling.supports, ruling.reason)

    def _replaced(self, claim: Claim, ruling: Ruling) -> Checked | None:
        """The manual's own words for a claim that may not be shown; None where there are none near."""
        instead: Checked | None = None  # of what an order to the bot made a model say, nothing is near the question
        if self._repairs and ruling.reason not in SECRET:
            for support in ruling.supports[:1]:  # its own proof says what it leans on, or what speaks against it
                source = self._sources[support.source - 1]
                spans = source.around(support.start, support.end)
                instead = quoted(claim, source, spans[0], self._shown) if spans else None
            if claim.cites:  # what cites nothing often says what the manual does not say: nothing stands in for it
                verdict = opens_with(claim.unmarked, lexicon("verdicts"))  # the rule itself comes behind a "Yes, ..."
                near = [source for source in self._sources if not verdict or source.n in claim.cites]
                instead = instead or repair(claim, near, self._shown, self._question)
        self._hole = instead is None
        self._quoted += instead.supports if instead else ()
        kept = "" if ruling.reason in (*SECRET, "personal") else claim.unmarked
        self.held_back.append(HeldBack(kept, ruling.reason, ruling.about, instead.text.strip() if instead else None))
        return instead


def _is_past(over: Checked, inset: int, fallen: bool) -> bool:
    """Whether nothing stands below it: a table header, or where what did has fallen, a lead-in set in that far."""
    text = over.text.strip(" \n*_")
    return text.startswith("|") or (fallen and text.endswith(":") and indent(over.text) >= inset)


def repair(claim: Claim, sources: Sequence[Source], shown: Collection[Support], asked: str = "") -> Checked | None:
    """The quotation that stands in for the claim; None where nothing is near enough or all of it was shown.

    Where the nearest was shown, a cited one with all the claim's words will do ("Trainees get 27 days"). A figure
    answers the question ("By 20 June."): of a cited source what is near to that will do.
    """
    said, wanted = ({stem for stem in stems(text) if not stem[0].isdigit()} for text in (claim.unmarked, asked))
    claimed = [f for f in quantities(claim.unmarked) if f.kind != "weak"]  # may be what is wrong
    wanted = wanted if claimed else set()
    own = said | (wanted if claim.leans or len(said) < FEW else set())
    found: list[tuple[tuple[bool, bool, float], bool, Source, Span]] = []
    for source in sources:
        spans = [span for span in source.spans if (span.start, span.end, span.text) not in tables(source.spans)]
        for span in spans:  # a header alone tells nothing
            there = set(stems(f"{span.whole_text} {source.passage.section[-1] if source.passage.section else ''}"))
            figures_held = sum(held(figure, quantities(span.text)) for figure in claimed)
            near = len(own & there) / (len(own) or 1)
            is_near = near >= ENOUGH or figures_held > 0
            if not is_near and source.n in claim.cites:
                near = len(wanted & there) / (len(wanted) or 1)
            score = source.n in claim.cites, is_near, near + OF_FIGURES * figures_held
            says_all = source.n in claim.cites and set() < said <= there
            if is_near or says_all or near >= ENOUGH:
                found.append((score, says_all, source, span))
    found.sort(key=lambda one: one[0], reverse=True)
    instead = (quoted(claim, *one[2:], shown) for n, one in enumerate(found) if n == 0 or one[1])
    return next(filter(None, instead), None)


def quoted(claim: Claim, source: Source, span: Span, shown: Collection[Support]) -> Checked | None:
    """The span, with what it leans on, as a quotation that takes the claim's place; None when it was shown."""
    taken = [s for s in shown if s.source == source.n]
    headers = tables(source.spans)  # a header alone tells nothing
    spans = [one for one in source.spans if (one.start, one.end, one.text) not in headers]
    free = [one for one in spans if all(s.end <= one.start or one.end <= s.start for s in taken)]
    if span not in free:
        return None
    first = span
    while not first.over and opens_with(first.text, lexicon("leaning")):  # "They end ..."
        before = next((one for one in reversed(free) if one.end <= first.start), None)
        if before is None or before.over or source.passage.text[before.end : first.start].strip():
            break
        first = before
    first, span = _with_used(claim, source, first, span, free)
    text = source.passage.text[first.start : span.end]
    if span.over in headers:
        text = row_in_words(row_cells(span.over[2]), row_cells(text))
    elif span.over and len(span.over[2]) <= LONGEST_OVER:
        between = source.passage.text[span.over[1] : span.start]
        text = f"{span.over[2]} {'' if between.isspace() else '… '}{text}"
    body = claim.text.lstrip()
    mark = bullet[0] if claim.kind == "item" and (bullet := _BULLET.match(body)) else ""
    quotation = f"{mark}“{' '.join(text.split())}”"
    if claim.kind == "row":  # one cell: a table stays one
        quotation = f"| {quotation.replace('|', '·')} |"
    support = Support(source.n, first.start, span.end)
    return Checked(f"{claim.text[: -len(body)]}{quotation}", Verdict.SUPPORTED, (support,), reason="quoted")


def _with_used(claim: Claim, source: Source, first: Span, last: Span, free: Sequence[Span]) -> tuple[Span, Span]:
    """First and last of what is quoted, with each sentence beside it that says much of the rest of the claim."""
    own = {*stems(claim.unmarked)}
    for one in (*reversed(free), *free) if claim.kind == "sentence" and not last.over else ():
        lacking = own - {*stems(source.passage.text[first.start : last.end])}
        gap = source.passage.text[one.end : first.start] + source.passage.text[last.end : one.start]
        is_next = not one.over and not gap.strip() and "\n" not in gap
        if is_next and len(lacking & {*stems(one.text)}) >= max(3, ENOUGH * len(lacking)):
            first, last = (one, last) if one.end <= first.start else (first, one)
    return first, last
