"""Model text, piece by piece -> checked sentences with the spans that support them. Pure.

The rule kept: a sentence leaves with a verdict. Supported: its cited passages say it. Wrongly or not cited: given to
the one offered passage that says it, else dropped (or marked, by setting). Plain: only greetings, hedges, transitions
and headlines made of the passages' own words. Markers never leave; nothing that holds the canary or reads like an
instruction to a model leaves.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Literal

from bot.check import support
from bot.check.facts import Facts, facts, fold, framing, governed, normal
from bot.check.figures import MONTHS
from bot.check.markers import MARK, numbers, without
from bot.check.sentences import Splitter
from bot.check.sources import source
from bot.check.talk import COLUMNS, MAX_PLAIN, is_plain, is_silence, words
from bot.types import Checked, Support, Verdict
from knowledge.text.injection import flag
from knowledge.types import Passage

NO_ANSWER = "NO_ANSWER"  # what the prompt asks the model to write when the sources do not answer
_TAG = re.compile(r"</?(br|p|b|i|u|em|strong|sup|sub|span|div|small|cite|answer)[ ]?/?>", re.I)
_REFERENCES = re.compile(r"[\W_]*(?:source|reference|citation)s?[\W_]*", re.I)  # heads a list of marks
_CITES = re.compile(rf"[(*\s]*(?:[-+•]|\d{{1,3}}[.)])?\s*(?:sources?:)?[*\s]*{MARK}", re.I)
_FOOTNOTE = re.compile(r"\[\^\d+\]:")
_PLACES = frozenset(("p", "pp", "page", "pages", "of", "in", "the", "and", "version", "effective"))
_EDITION = re.compile(r"\s*\(([^()\n]*\b(?:version|edition|effective|dated)\b[^()\n]*)\)", re.I)
_OF_EDITIONS = frozenset(fold(w) for w in ("edition", "dated", *MONTHS))
_HEADLINE = re.compile(r"\s*(?:#{1,6}\s.*|\*\*[^*\n]+\*\*:?|[^\n]*:\**|\|.*)\s*", re.S)
_RULE = re.compile(r"[\s|:+=_*-]+")
_ITEM = re.compile(r"(?:[-*+•–‣◦▪●○]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])[ \t]")
_LEAD = re.compile(r".*:[*_\s]*|#.*[^.!?\s]\s*|\*\*[^*\n]*[^.!?]\*\*", re.S)  # what stands over a list
_WHOLE = re.compile(r".*[.!?][\"'”’)\]*_]*", re.S)

# An IBAN; a national, card or account number.
_IDENTIFIER = re.compile(r"\b(?:[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?|\d{9,}|\d{4}(?:[ -]\d{4}){3})\b")


class Checker:
    """Feed the model's deltas; take what may be shown. Source n of the prompt is sources[n - 1]."""

    def __init__(
        self,
        sources: Sequence[Passage],
        *,
        unsupported: Literal["drop", "mark"] = "drop",
        canary: str = "",
        asked: str = "",
    ) -> None:
        self._passages = sources
        self._sources = [source(passage) for passage in sources]
        self._texts = [passage.text for passage in sources]
        self._words = frozenset[str]().union(*(s.words | s.around for s in self._sources))
        self._around = frozenset[str]().union(*(s.around for s in self._sources))
        self._unsupported = unsupported
        self._secrets = Secrets(canary)
        self._asked = frozenset(fold(w) for w in words(asked))
        self._splitter = Splitter()
        self._in_sources = False  # in a list of sources
        self._leads: list[tuple[int, str | None]] = []  # of the current list: indent and modality, outermost first
        self._last = ""  # sentence: what stands right over an item is its lead-in
        self.dropped = 0
        self.reattributed = 0

    def feed(self, delta: str) -> list[Checked]:
        """What `delta` completes and may be shown."""
        return self._checked(self._splitter.feed(delta.replace("\r", "")))

    def finish(self) -> list[Checked]:
        """The rest."""
        return self._checked(self._splitter.finish())

    def _checked(self, sentences: Sequence[str]) -> list[Checked]:
        found = []
        for sentence in sentences:
            parts = [sentence]
            if sentence.lstrip().startswith("```"):
                if supports := self._listing(sentence):
                    found.append(Checked(sentence, Verdict.SUPPORTED, supports))
                    continue
                parts = _unfenced(sentence)
            found += [c for part in parts if (c := self._check(part)) is not None]
        return found

    def _check(self, sentence: str) -> Checked | None:
        sentence = _TAG.sub(lambda tag: " " * (tag[1].lower() == "br"), sentence)
        cited = numbers(sentence)
        text = _IDENTIFIER.sub(self._identifier, without(sentence))
        body, said = sentence.strip(), text.strip()
        spoken = any(c.isalnum() for c in said) and said.strip("*\"'`“”.") != NO_ANSWER
        if self._is_reference(body, said) or not (spoken or said.startswith("|")):
            return None
        under = self._under(text)
        checked = None if self._secrets.leak(text) else self._verdict(text, cited, under)
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

    def _identifier(self, found: re.Match[str]) -> str:
        """A person's or account's number stays only if a passage holds it: invented ones are somebody's."""
        known = any(_squeezed(found.group()) in _squeezed(text) for text in self._texts)
        return found.group() if known else "…"

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
        if _RULE.fullmatch(text) or is_plain(text) or is_silence(text, self._asked, self._words):
            return Checked(text, Verdict.PLAIN)
        body = text.strip()
        claim = support.read(body, under)
        alone = support.read(body) if under else claim
        first_row = body.startswith("|") and not self._last.lstrip().startswith("|")
        if (body.startswith("#") or first_row) and self._is_headline(text, alone):
            return Checked(text, Verdict.PLAIN)
        cited = [n for n in cited if n <= len(self._sources)]
        supports = self._supports(claim, cited)
        if not supports and (rest := _EDITION.sub(lambda found: self._unless_edition(found, cited), body)) != body:
            supports = self._supports(support.read(rest, under), cited)
        if supports:
            return Checked(text, Verdict.SUPPORTED, supports)
        if self._is_headline(text, alone):
            return Checked(text, Verdict.PLAIN)
        return Checked(text, Verdict.MARKED) if self._unsupported == "mark" and not self._in_sources else None

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

    def _listing(self, fenced: str) -> tuple[Support, ...]:
        """Where a code listing stands, word for word."""
        said = r"\s+".join(re.escape(w) for w in fenced.strip().strip("`").partition("\n")[2].split())
        for n, passage in enumerate(self._passages, 1):
            found = re.search(rf"(?<!\w){said}(?!\w)", passage.text) if said else None
            if found and not any(found.start() < end and start < found.end() for start, end in passage.flagged):
                return (Support(n, found.start(), found.end()),)
        return ()

    def _unless_edition(self, found: re.Match[str], cited: Sequence[int]) -> str:
        """Nothing for "(version 2, effective 1 May 2026)" where a cited document is that: its text need not say so."""
        said = facts(found[1])
        for n, passage in enumerate(self._passages, 1):
            known = facts(passage.edition or "")
            same = {(f.kind, f.value) for f in said.found} <= {(f.kind, f.value) for f in known.found}
            own = {w for w, _ in said.words} <= {w for w, _ in known.words} | _OF_EDITIONS
            if (n in cited or not cited) and same and own:
                return ""
        return found[0]

    def _is_reference(self, body: str, said: str) -> bool:
        """A line of a list of sources: its heading, nothing but marks, a footnote, or a place, which is no sentence."""
        if _REFERENCES.fullmatch(said):
            self._in_sources = True
            return True
        if _FOOTNOTE.match(body):
            return True
        self._in_sources = self._in_sources and _ITEM.match(body) is not None
        if _WHOLE.fullmatch(said) or not (self._in_sources or _CITES.match(body)):
            return False
        return {w for w in facts(said).vocabulary if not framing(w) and w not in _PLACES} <= self._around

    def _is_headline(self, text: str, claim: Facts) -> bool:
        """A heading, a list's lead-in or a table's header that says nothing but words the passages hold."""
        return (
            _HEADLINE.fullmatch(text) is not None
            and len(text.split()) <= MAX_PLAIN
            and all(f.kind == "name" and {f.value, fold(f.text)} & self._words for f in claim.found)
            and not claim.quotes
            and not any(claim.modality.states.values())
            and all(word in self._words or framing(word) or word in COLUMNS for word, _ in claim.words)
        )


def _indent(text: str) -> int:
    """How far an item is set in; -1 for what is none."""
    line = text.lstrip("\n")
    return len(line) - len(line.lstrip()) if _ITEM.match(line.lstrip()) else -1


def _unfenced(sentence: str) -> list[str]:
    """The sentences of an answer, or a part of it, that the model has fenced like code."""
    opening, _, rest = sentence.rstrip("`").partition("```")
    language, line_end, text = rest.partition("\n")
    splitter = Splitter()
    return splitter.feed(opening + (text if line_end else language)) + splitter.finish()


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


def _squeezed(text: str) -> str:
    return re.sub(r"[\s-]", "", text)
