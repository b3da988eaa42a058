"""Model text, piece by piece -> the claims in it, in order, as soon as each is complete. Pure.

Markers, lists of sources and courtesies ("Sure!") never leave. A lead-in, heading or table header is context of what
comes below it; one that says something itself ("You can:") and has no items is a claim; a bare "Yes." is one with its
sentence. A line that names a part left open ("NO_ANSWER: gym fees") is no claim and kept apart. The same sentence twice
is one, and an answer has a greatest length, whatever the endpoint does.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.check.claims import Claim, Kind, Source, locate
from bot.check.lexicon import lexicon
from bot.check.markers import LOOK, MARK, MARKERS, numbers, without
from knowledge.text.quantities import quantities
from knowledge.text.sentences import WRITTEN_ITEM, Splitter, indent, unfenced
from knowledge.text.words import has_phrase, opened, opens_with, stems
from knowledge.text.words import spelt as words

NO_ANSWER = "NO_ANSWER"  # what the prompt asks the model to write where the sources do not answer, or not a part
MOST_CLAIMS = 40  # claims of one answer; guess
MOST_CHARACTERS = 8_000  # characters of one answer; guess
LONGEST_SILENCE = 200  # characters of a sentence that says the manual is silent; guess
SHORT = 5  # words of a verdict with its label; guess
LONGEST_OVER = 25  # words of a heading or lead-in; a longer one is a sentence; guess

_TAG = re.compile(r"</?(br|p|b|i|u|em|strong|sup|sub|span|div|small|cite|answer)[ ]?/?>", re.I)
# An answer as JSON, what is thought aloud before it, and marks of turns, which a server should have kept: "<|im_end|>".
_WRAPPING = re.compile(
    r'\A\s*\{\s*"\w{1,20}"\s*:\s*"|"\s*\}\s*\Z|\A.*</(?:think|thinking|thought|reasoning)>'
    r"|<[|｜][^|｜<>\s]{1,30}[|｜]>(?:\s*assistant\b)?|</?s>|\[/?INST\]|<</?SYS>>"
    r"|<(?:start|end)_of_turn>(?:model\b)?|<(?:bos|eos|pad|eot)>",
    re.S | re.I,
)
_SPEAKER = re.compile(r"\W*(?:\w+\W)?(assistant|assistent|asistente|asistan|model)\b[*_\s]*:[*_]*\s*", re.I)
_REFERENCES = re.compile(
    r"[\W_]*(?:source|reference|citation|quelle|kaynak|fuente|référence)(?:s|n|lar)?[\W\d_]*", re.I
)
_CITES = re.compile(rf"[(*\s]*(?:[-+•]|\d{{1,3}}[.)])?\s*(?:\w{{1,12}}:)?[*\s]*{MARK}", re.I)
_FOOTNOTE = re.compile(r"\[\^\d+\]:")
_RULE = re.compile(r"[\s|:+=_*-]+")
_OVER = re.compile(r"#.*|\*\*[^*\n]*\*\*:?|[^\n]*:[*_\s]*", re.S)
_CLAUSES = re.compile(r"[,;:–—]\s|\s-\s")
_JUDGED = re.compile(r"[:,–—]|\s-\s")
_WHOLE = re.compile(r".*[.!?。！？][\"'”’)\]*_]*", re.S)
_OPEN = re.compile(r"(?:\A[\W\d_]*)?\bNO\\?_ANSWER", re.I)
_SIGN = re.compile("[✅✔☑❌✖✗✘🚫👍👎]")
_STATED = re.compile(r".*[.!。！][\"'”’)\]*_]*", re.S)


class Stream:
    """Feed the model's deltas; take claims. Source n of the prompt is sources[n - 1]."""

    def __init__(self, sources: Sequence[Source], asked: str = "") -> None:
        self._sources = sources
        self._asked = frozenset(stems(asked))
        self._titles = {word for s in sources for word in words(s.passage.heading)}
        self._splitter = Splitter(MARKERS)
        self._waiting: Claim | None = None  # "Yes." or "Thailand is fine:", until what is to prove it comes
        self._over: list[tuple[int, str, tuple[int, ...]]] = []  # lead-ins of the current list: indent, text, cites
        self._header = ""  # of the current table
        self._last = ""
        self._in_sources = False
        self.left_open: list[str] = []  # parts of the question that the model says the sources leave open
        self._in_open = False  # the line goes on that names one
        self._seen: set[tuple[str, ...]] = set()
        self._left, self._claims = MOST_CHARACTERS, 0

    @property
    def full(self) -> bool:
        """Whether the answer has reached its greatest length: nothing more is read."""
        return self._left <= 0 or self._claims >= MOST_CLAIMS

    def feed(self, delta: str) -> list[Claim]:
        """The claims that `delta` completes."""
        delta = delta.replace("\r", "")[: max(self._left, 0)]
        self._left -= len(delta)
        return self._read(self._splitter.feed(delta))

    def finish(self) -> list[Claim]:
        """The rest."""
        rest = self._read(self._splitter.finish())
        return rest + [one for one in [self._waiting] if one and one.kind == "sentence"]

    def _read(self, sentences: Sequence[str]) -> list[Claim]:
        claims: list[Claim] = []
        for sentence in sentences:
            is_fenced, listing = sentence.lstrip().startswith("```"), Claim(sentence, "listing")
            if is_fenced and any(locate(listing.listed, source) for source in self._sources):
                claims += self._proved(listing)
                continue
            parts = unfenced(sentence, MARKERS) if is_fenced else [sentence]
            claimed = map(self._without_open, parts)
            claims += [one for part in claimed if (claim := self._claim(part)) for one in self._proved(claim)]
        return [claim for claim in claims if self._is_new(claim)]

    def _without_open(self, sentence: str) -> str:
        """The sentence less the line that names a part left open, which is kept."""
        is_new_line = "\n" in sentence[: len(sentence) - len(sentence.lstrip())]
        if self._in_open and not is_new_line and not numbers(sentence):
            self.left_open[-1] += sentence
            return ""
        said, *named = _OPEN.split(sentence)
        self.left_open += named
        self._in_open = bool(named)
        return said

    def _proved(self, claim: Claim) -> list[Claim]:
        """The claim with what waited for it: a verdict in one with its sentence, a lead-in above items, else apart."""
        waiting, self._waiting = self._waiting, None
        claims = [claim]
        if waiting and waiting.kind == claim.kind == "sentence":
            claims = [_merged(waiting, claim)]
        elif waiting:
            is_over = waiting.kind == "over" and claim.kind == "item" and waiting.unmarked in claim.context
            claims = [waiting if is_over else replace(waiting, kind="sentence", needs_proof=False), claim]
        if claim.needs_proof and not claim.text.lstrip().startswith("|"):
            self._waiting = claims.pop()
        return claims

    def _is_new(self, claim: Claim) -> bool:
        """Whether it is the first that says so, in an answer that is not too long."""
        if claim.kind not in ("sentence", "item", "row"):
            return True
        key = (claim.context, *words(claim.unmarked))
        if key in self._seen or self._claims >= MOST_CLAIMS:
            return False
        self._seen.add(key)
        self._claims += 1
        return True

    def _claim(self, sentence: str) -> Claim | None:
        sentence = _WRAPPING.sub("", sentence)
        speaker = None if self._last else _SPEAKER.match(sentence)
        if speaker and not any(speaker[1].casefold() in s.passage.text.casefold() for s in self._sources):
            sentence = sentence[speaker.end() :]  # no role of the manual's
        cites = tuple(n for n in numbers(sentence) if n <= len(self._sources))
        text = _TAG.sub(lambda tag: " " * (tag[1].lower() == "br"), without(sentence))
        body = opened(text.strip(), lexicon("talk"))
        is_talk = " ".join(words(body)) in lexicon("talk") or (not cites and has_phrase(body, lexicon("refuses")))
        speaks = body[:1] == "|" or (any(c.isalnum() for c in body) and body.strip("*\"'`“”.") != NO_ANSWER)
        if self._is_reference(sentence.strip(), body) or is_talk or not speaks:
            return None
        kind = self._kind(body, cites)
        if kind in ("sentence", "item"):  # a soft line break is a space
            text = text[: len(text) - len(text.lstrip())] + " ".join(body.split())
        claim = Claim(text, kind, cites, *self._context(text, kind), self._needs_proof(body, kind))
        if claim.context and not claim.cites and kind in ("item", "row"):
            claim = replace(claim, cites=next((c for _, _, c in reversed(self._over) if c), ()))
        self._stand(claim)
        return claim

    def _kind(self, body: str, cites: tuple[int, ...]) -> Kind:
        if _RULE.fullmatch(body) or self._is_silence(body):
            return "plain"
        if body.startswith("|"):
            return "row" if self._header else "over"
        item = WRITTEN_ITEM.match(body) is not None
        if not _OVER.fullmatch(body) or len(body.split()) > LONGEST_OVER or any(_verdicts(body)):
            return "item" if item else "sentence"
        if body.strip("*_ ")[-1:] in (":", "?"):
            return "item" if item and body[-1] != ":" else "over"
        is_title = body.startswith("#") and set(words(body)) <= self._titles  # "## Annual leave [1]"
        return "item" if item else "sentence" if _STATED.fullmatch(body) or (cites and not is_title) else "over"

    def _needs_proof(self, body: str, kind: Kind) -> bool:
        """Whether only what follows can prove it: a bare "Yes.", or what stands over it says more than a name."""
        if kind != "over":
            return kind == "sentence" and _verdicts(body)[-1] and len(words(body)) <= SHORT
        titles, name = (title for s in self._sources for title in s.passage.section), " ".join(words(body))
        is_title = any(has_phrase(title, [name]) for title in titles)
        return not body.strip("*_ ").endswith("?") and not is_title and self._says(body)

    def _says(self, body: str, *, counts: bool = True) -> bool:
        """Whether a part of a sentence, without its full stop, says something, as "it is fine" does."""
        if opens_with(body, lexicon("names")) and "," not in body:
            return False
        says = _SIGN.search(body) is not None or has_phrase(body, lexicon("says") | lexicon("denials"))
        says = says or any(word.endswith(tuple(lexicon("says_endings"))) for word in words(body))
        return says or (counts and any(f.unit for f in quantities(body) if f.kind != "weak"))

    def _context(self, text: str, kind: Kind) -> tuple[str, bool]:
        """What a piece stands under, or leans on."""
        if kind == "row":
            return "\n".join([*(line for _, line, _ in self._over), self._header]), False
        if kind == "item":
            while len(self._over) > 1 and self._over[-1][0] >= indent(text):
                self._over.pop()
            over = [line for _, line, _ in self._over]
            return " ".join(over or [self._last] * (not _WHOLE.fullmatch(self._last))), False
        leans = kind == "sentence" and opens_with(text.strip(), lexicon("leaning"))
        return (self._last if leans else ""), leans

    def _stand(self, claim: Claim) -> None:
        """Remember what the next pieces stand under."""
        if claim.kind == "plain":
            return
        is_row = claim.text.lstrip().startswith("|")
        if not is_row or claim.kind == "over":
            self._header = claim.unmarked if is_row else ""
        if claim.kind == "sentence":
            self._over = []
        elif claim.kind == "over" and not is_row:
            inset = indent(claim.text)
            self._over = [*(one for one in self._over if one[0] < inset), (inset, claim.unmarked, claim.cites)]
        self._last = claim.unmarked

    def _is_reference(self, sentence: str, body: str) -> bool:
        """A line of a list of sources: its heading, nothing but marks, a footnote, or a place, which is no sentence."""
        if _REFERENCES.fullmatch(body) or _FOOTNOTE.match(sentence):
            self._in_sources = True
            return True
        self._in_sources = self._in_sources and WRITTEN_ITEM.match(sentence) is not None
        if _WHOLE.fullmatch(body) or not (self._in_sources or _CITES.match(sentence[:LOOK])):
            return False
        return set(words(body)) <= self._titles | {"p", "pp", "page", "pages", "of", "in", "the", "and"}

    def _is_silence(self, body: str) -> bool:
        """Whether it only says that the manual is silent on something asked which no source mentions."""
        flat = " ".join(words(body))
        phrase = silence(body)
        framed = opens_with(body, lexicon("framed")) or not lexicon("framed_behind").isdisjoint(words(body))
        behind = flat.partition(phrase or flat)[2]
        if not phrase or re.search(r"\d", behind if framed else body):
            return False
        goes_on = [f" {behind} ".partition(f" {word} ")[2] for word in lexicon("beyond")]
        if not all(opens_with(rest, lexicon("inquiring")) for rest in filter(None, goes_on)):
            return False  # "..., so you may smoke"
        others = (part for part in _CLAUSES.split(body) if phrase not in " ".join(words(part)))
        if any(self._says(part, counts=not framed) for part in others):
            return False  # "..., you may smoke"
        topic = self._asked & set(stems(body))
        return not topic or bool(topic - {word for s in self._sources for word in stems(s.passage.text)})


def silence(body: str) -> str:
    """The words by which a sentence says that the manual is silent, "does not say"; "" where it doesn't."""
    own = words(body)
    if len(body) > LONGEST_SILENCE or lexicon("manual").isdisjoint(own):
        return ""
    return next((phrase for phrase in lexicon("silent") if phrase in " ".join(own)), "")


def _verdicts(body: str) -> list[bool]:
    """Which parts of it are a verdict: [False, True] for "Short answer: yes"."""
    return [" ".join(words(part)) in lexicon("verdicts") for part in _JUDGED.split(body.rstrip(":*_ "))]


def _merged(first: Claim, second: Claim) -> Claim:
    """A bare "Yes." and the sentence that it belongs to, as one claim."""
    text = first.text + " " * (not second.text[:1].isspace()) + second.text
    cites = tuple(dict.fromkeys((*first.cites, *second.cites)))
    return replace(second, text=text, cites=cites, context=first.context, leans=False)
