"""Model text, piece by piece -> checked sentences with the spans that support them. Pure.

The rule kept: a sentence leaves with a verdict. Supported: its cited passages say it. Wrongly or not cited: given to
the one offered passage that says it, else dropped (or marked, by setting). Plain: only greetings, hedges, transitions
and headlines made of the passages' own words. Markers never leave; nothing that holds the canary or reads like an
instruction to a model leaves.
"""

# ruff: noqa: SIM905 - word lists are easier to read and change as text
from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Literal

from bot.check import support
from bot.check.facts import Facts, facts, fold, framing, governed, normal
from bot.check.sentences import MARK, NUMBERS, Splitter
from bot.check.sources import source
from bot.types import Checked, Support, Verdict
from knowledge.instructions import flag
from knowledge.types import Passage

_MARK = re.compile(  # one number only without brackets: the next may be the sentence's own
    rf"{MARK}|\A\s*(?:according to|as \w+ in|per|based on) (?:source|passage) \d{{1,3}},(?=\s)", re.I
)
_REFERENCES = re.compile(r"\W*(?:source|reference|citation)s?\W*", re.I)  # heads a list of marks
_HEADLINE = re.compile(r"\s*(?:#{1,6}\s.*|\*\*[^*\n]+\*\*:?|[^\n]*:\**|\|.*)\s*", re.S)
_RULE = re.compile(r"[\s|:+=_*-]+")
_ITEM = re.compile(r"(?:[-*+•–‣◦]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])[ \t]")
_LEAD = re.compile(r".*:[*_\s]*|#.*[^.!?\s]\s*|\*\*[^*\n]*[^.!?]\*\*", re.S)  # what stands over a list
_WHOLE = re.compile(r".*[.!?][\"'”’)\]*_]*", re.S)
# Words of sentences that claim nothing: a sentence of only these is plain.
_TALK = frozenset(
    """hello hi hey dear welcome thanks thank you glad happy help helps hope good morning afternoon evening great sure
    certainly course absolutely yes no okay ok well so however additionally furthermore moreover also finally firstly
    secondly first second next then lastly overall short summary summarise summarize conclusion note remember important
    importantly please let me know if any further more other question questions feel free ask am i can be is are was it
    this that these those here there the a an of for to in on at by with and or but as from your my our their its about
    following follows below above answer answers based according manual handbook policy policies document documents
    source sources passage passages section sections found find information details detail provided provide what which
    do does did not unfortunately sorry cannot could couldn't don't doesn't would might may seems appears likely perhaps
    possibly generally typically depends depend case cases have has need needs want wants anything else there's
    here's i'm it's that's let's says say states state mentions mention means mean you're you'll i'll""".split()
)
_COLUMNS = frozenset(  # what a model may head a column or list with, besides the passages' words
    fold(w)
    for w in """topic item type kind category name role who what when where how much many amount value number limit rule
    detail details note notes condition conditions requirement requirements situation action step steps description
    period duration time date unit cost key point points overview summary exception exceptions""".split()
)
MAX_PLAIN = 25  # words


class Checker:
    """Feed the model's deltas; take what may be shown. Source n of the prompt is sources[n - 1]."""

    def __init__(
        self, sources: Sequence[Passage], *, unsupported: Literal["drop", "mark"] = "drop", canary: str = ""
    ) -> None:
        self._sources = [source(passage) for passage in sources]
        self._words = frozenset[str]().union(*(s.words | s.around for s in self._sources))
        self._around = frozenset[str]().union(*(s.around for s in self._sources))
        self._unsupported = unsupported
        self._secrets = Secrets(canary)
        self._splitter = Splitter()
        self._leads: list[tuple[int, str | None]] = []  # of the current list: indent and modality, outermost first
        self._last = ""  # sentence: what stands right over an item is its lead-in
        self.dropped = 0
        self.reattributed = 0

    def feed(self, delta: str) -> list[Checked]:
        """What `delta` completes and may be shown."""
        return [c for s in self._splitter.feed(delta) if (c := self._check(s)) is not None]

    def finish(self) -> list[Checked]:
        """The rest."""
        return [c for s in self._splitter.finish() if (c := self._check(s)) is not None]

    def _check(self, sentence: str) -> Checked | None:
        cited = _numbers(sentence)
        body = sentence.strip()
        said = _MARK.sub("", sentence).strip()
        if not said or self._is_reference(body, said):
            return None
        if said != body and _MARK.match(body):
            said = said[0].upper() + said[1:]  # "According to source 1, hotels are ..."
        text = sentence[: len(sentence) - len(sentence.lstrip())] + said
        under = self._under(text)
        checked = None if self._secrets.leak(sentence) else self._verdict(text, cited, under)
        if checked is not None and flag(text):
            checked = None
        if _LEAD.fullmatch(text.strip()) and checked is not None:
            self._leads.append((_indent(text), governed(text)))
        self._last = text if checked is not None else ""
        if checked is None:
            self.dropped += 1
            return None
        self.dropped += checked.verdict is Verdict.MARKED
        return checked

    def _under(self, text: str) -> str | None:
        """The modality that the lead-ins shown above put over this sentence."""
        body = text.strip()
        if _ITEM.match(body):
            if not self._leads and self._last:
                self._leads = [(-1, governed(self._last))]
            while self._leads and self._leads[-1][0] >= _indent(text):
                self._leads.pop()
        elif _WHOLE.fullmatch(body) and not _LEAD.fullmatch(self._last.strip()):
            self._leads = []
        elif _LEAD.fullmatch(body):
            self._leads = []
            return ""
        return next((state for _, state in reversed(self._leads) if state != ""), "")

    def _verdict(self, text: str, cited: list[int], under: str | None) -> Checked | None:
        if _RULE.fullmatch(text) or is_plain(text):
            return Checked(text, Verdict.PLAIN)
        body = text.strip()
        claim = support.read(body, under)
        alone = support.read(body) if under else claim
        first_row = body.startswith("|") and not self._last.lstrip().startswith("|")
        if (body.startswith("#") or first_row) and self._is_headline(text, alone):
            return Checked(text, Verdict.PLAIN)
        supports = self._supports(claim, [n for n in cited if n <= len(self._sources)])
        if supports:
            return Checked(text, Verdict.SUPPORTED, supports)
        if self._is_headline(text, alone):
            return Checked(text, Verdict.PLAIN)
        return Checked(text, Verdict.MARKED) if self._unsupported == "mark" else None

    def _supports(self, claim: Facts, cited: list[int]) -> tuple[Support, ...]:
        windows = {n: w for n in cited if (w := support.best(claim, self._sources[n - 1])) is not None}
        good = [n for n, w in windows.items() if w.supported]
        if not good and len(windows) > 1:
            numbers = list(windows)
            needed = support.jointly(claim, [windows[n] for n in numbers], self._around)
            good = [numbers[i] for i in needed]
        if not good:
            wanted = {w for w, _ in claim.words}
            for n, passage in enumerate(self._sources, 1):
                enough = len(wanted & (passage.words | passage.around)) >= support.THRESHOLD * 0.5 * len(wanted)
                if n not in cited and enough:
                    window = support.best(claim, passage)
                    if window is not None and window.supported:
                        windows[n] = window
                        good.append(n)
            if len(good) != 1:
                return ()
            self.reattributed += 1
        return tuple(Support(n, windows[n].parts[0].start, windows[n].parts[-1].end) for n in good)

    def _is_reference(self, body: str, said: str) -> bool:
        """A line of a list of sources: its heading, nothing but marks, or a mark and a place, which is no sentence."""
        if _REFERENCES.fullmatch(said) or (said != body and not any(c.isalnum() for c in said)):
            return True
        begins = _MARK.match(body.lstrip("-* ")) is not None and not _WHOLE.fullmatch(said)
        return begins and facts(said).vocabulary <= self._around

    def _is_headline(self, text: str, claim: Facts) -> bool:
        """A heading, a list's lead-in or a table's header that says nothing but words the passages hold."""
        return (
            _HEADLINE.fullmatch(text) is not None
            and len(text.split()) <= MAX_PLAIN
            and not claim.found
            and not claim.quotes
            and not any(claim.modality.states.values())
            and all(word in self._words or framing(word) or word in _COLUMNS for word, _ in claim.words)
        )


def _indent(text: str) -> int:
    """How far an item is set in; -1 for what is none."""
    line = text.lstrip("\n")
    return len(line) - len(line.lstrip()) if _ITEM.match(line.lstrip()) else -1


def is_plain(text: str) -> bool:
    """Whether the text is talk that claims nothing."""
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", normal(text).lower())
    return len(words) <= MAX_PLAIN and all(word in _TALK for word in words) and "://" not in text and "<" not in text


def _numbers(sentence: str) -> list[int]:
    """The numbers cited, each once, in order; ranges written out."""
    found: dict[int, None] = {}
    for match in _MARK.finditer(sentence):
        listed = re.search(NUMBERS, match.group())
        for part in re.split(r"[,;&]|and", listed.group() if listed else ""):
            ends = [int(n) for n in re.findall(r"\d+", part)]
            if ends and 0 < ends[0] <= ends[-1] < ends[0] + 50:
                found.update(dict.fromkeys(range(ends[0], ends[-1] + 1)))
    return list(found)


class Secrets:
    """Watches a text that arrives in pieces for the canary, however it is written."""

    def __init__(self, canary: str) -> None:
        self._forms = _forms(canary)
        self._tail = ""  # the end of what was read, squeezed: a canary cut by a sentence's end shows up here

    def leak(self, text: str) -> bool:
        """Whether the canary ends in this piece."""
        seen = self._tail + _squeeze(text)
        leaks = any(form in seen for form in self._forms)
        self._tail = "" if leaks else seen[-200:]
        return leaks


def _squeeze(text: str) -> str:
    return "".join(c for c in normal(text).casefold() if c.isalnum())


def _forms(canary: str) -> tuple[str, ...]:
    """The canary as it may be smuggled out: spaced, cased, reversed, base64, hexadecimal."""
    plain = _squeeze(canary)
    if not plain:
        return ()
    raw = canary.encode()
    # base64 of a text that holds the canary, at each alignment; the ends depend on the neighbours
    inside = [base64.b64encode(b"\0" * shift + raw).decode()[shift + 1 : -4] for shift in range(3)]
    encoded = [raw.hex(), canary[::-1], *inside]
    return tuple(dict.fromkeys(f for f in (plain, *map(_squeeze, encoded)) if len(f) >= 6 or f == plain))
