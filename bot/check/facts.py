"""A sentence -> what it claims, comparable: word stems, figures, names, quotes, modality. Pure.

The rule kept: the same fact written in another way gives the same value. English; in other languages figures, names and
words still compare. Knows no passage.
"""

# ruff: noqa: SIM905 - word lists are easier to read and change as text
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.check.bounds import bound
from bot.check.figures import MONTHS, ORDINALS, UNITS, Fact, Token, numbers, tokens
from bot.check.modality import PREDICATES, Modality, governing, modality
from knowledge.text.words import STOPWORDS, stem

# General English pairs that a paraphrase swaps; nothing of any corpus.
_SYNONYMS = (
    "employee staff personnel colleague", "buy purchase", "begin start commence", "end finish terminate",
    "help assist aid", "allow permit", "need require", "get receive obtain", "ask request", "give provide supply",
    "send submit", "show display", "use utilize utilise", "tell inform notify", "keep retain",
    "leave vacation holiday",
    "pay reimburse compensate", "prohibit forbid ban", "minimum least", "maximum most", "choose select pick",
    "fix repair", "check verify review", "change modify alter", "make create",
    "company organization organisation firm",
    "manager supervisor", "mail email", "laptop computer", "near close", "happen occur", "car vehicle automobile",
    "annual yearly", "yearly year", "monthly month", "weekly week", "daily day", "doctor physician",
    "child kid children",
    "people person individual", "contain include comprise", "document record", "answer reply respond response",
    "buyer purchaser", "renew extend", "big large", "cost price charge fee", "fast quick rapid", "quickly promptly",
    "job position", "agency organization", "remove delete", "incident event", "complete finish",
    "decide determine", "ensure guarantee", "obligatory mandatory compulsory", "approximately about",
    "prior before", "following after", "additional extra", "per each every", "whole entire", "illness sickness",
    "ill sick", "telework telecommute", "home house", "spouse husband wife", "phone telephone", "via through",
    "explain describe", "enable allow", "apply application request", "necessary need", "obtain get", "acquire get",
    "deliver give", "offer give", "grant give", "store keep", "sustain keep", "advise recommend suggest",
    "show demonstrate", "purpose aim goal objective", "expire lapse", "shorten reduce cut decrease",
    "increase raise", "trip journey", "refuse reject deny decline", "enough sufficient", "try attempt",
    "error mistake", "customer client", "immediate instant", "demand require", "former previous", "live reside",
    "fulfil fulfill satisfy meet", "hard difficult", "easy simple", "detail information", "money fund",
    "switch change", "opportunity chance", "contact reach", "gather collect", "produce production generate",
    # nouns that the stemmer does not lead back to their verbs
    "assume assumption", "decide decision", "permit permission", "submit submission", "receive receipt",
    "pay payment", "notify notification", "extend extension", "expire expiry", "describe description",
    "register registration", "reduce reduction", "provide provision", "conclude conclusion",
    "exclude exclusion", "include inclusion", "comply compliance", "rely reliance", "verify verification",
    "classify classification", "identify identification", "modify modification", "certify certification",
    "qualify qualification", "specify specification", "justify justification", "intend intention",
    "respond response", "intervene intervention", "retain retention", "detect detection", "suspend suspension",
    "destroy destruction", "choose choice", "lose loss", "fail failure", "proceed procedure", "resolve resolution",
    "maintain maintenance", "recognise recognition", "acquire acquisition", "dispose disposal",
)  # fmt: skip
_IRREGULAR = dict(
    pair.split(":")
    for pair in """sent:send paid:pay held:hold kept:keep made:make gave:give given:give took:take taken:take told:tell
    found:find wrote:write written:write chose:choose chosen:choose lost:lose met:meet bought:buy built:build
    began:begin begun:begin shown:show knew:know known:know brought:bring led:lead spent:spend won:win
    said:say""".split()
)
_EVERY = {
    "day": "daily",
    "night": "nightly",
    "week": "weekly",
    "month": "monthly",
    "quarter": "quarterly",
    "year": "yearly",
}
_FOLDED: dict[str, str] = {}
for _group in _SYNONYMS:
    _stems = [stem(member) for member in _group.split()]
    _head = next((_FOLDED[s] for s in _stems if s in _FOLDED), _stems[0])
    for _stem in _stems:
        _FOLDED.setdefault(_stem, _head)
# A person who speaks for himself; a manual may say "we", and "I" only where it lets its reader speak.
_SELF = frozenset("me my mine myself im i'm i've i'd i'll".split())
# Words of framing: they may stand in a sentence without standing in the passage.
_FRAME = frozenset(
    stem(w)
    for w in """according manual handbook policy document section passage source guide guideline state mention describe
    note specify list also additionally furthermore moreover however therefore instead include example
    following follow item
    answer question regard relate addition general overall important please ensure apply applicable case
    minimum maximum least most latest earliest exceed later earlier longer fewer""".split()
)
# Words so general that a paraphrase brings or drops them: they say nothing for and nothing against a sentence.
_LIGHT = frozenset(
    stem(w)
    for w in """come go take bring put hold sit stand run look see find call set turn mean lay lie say become
    remain stay happen last appear seem try likely possible able expect want like wish let act carry cover concern
    involve relate belong apply consist refer serve count compare know think believe understand make place part
    thing way case kind sort step matter choice fact point side piece bit instance view time moment
    number amount one back away again already usually generally often typically normally together instead since
    another whenever besides alike whole someone anyone everyone somebody anybody everybody itself themselves
    himself herself yourself sure clear clearly simply easily directly properly actually currently next soon
    toward along across around out off much many several various different certain while long ever yet still
    even rather quite good better best well right proper correct either neither both""".split()
)
_CONTENT_STOPWORDS = STOPWORDS | {"per", "via", "upon", "onto", "whether", "s", "t"}
_NO_NAME = frozenset("i monday tuesday wednesday thursday friday saturday sunday".split()) | set(MONTHS)
_LOST_APOSTROPHE = re.compile(r"\b(do|did|does|is|are|was|were|has|have|had|should|would|could|ca|wo)n t\b", re.I)
_ASIDE = re.compile(r"\s*,\s*(?:however|therefore|of course|in general)\s*,", re.I)  # its commas end no clause
_VERDICT = re.compile(r"\A(\s*(?:yes|no))\s+-+\s+", re.I)  # "No - contractors may not": its no denies nothing
_CLAUSE = frozenset(", ; : ( ) and or but because since so if unless which who when while with as to for".split())
_AND = re.compile(r"[,;]|\band\b|\bor\b")
_WORD = re.compile(r"\w+(?:[.,:'/@-]\w+)*|[%$€£]")
_QUOTED = re.compile(r'"([^"\n]{8,400})"')
_MARKUP = re.compile(r"[*`#>~]+|(?<!\w)_+|_+(?!\w)|^\s*(?:[-+•]|\d{1,2}[.)])\s+", re.M)
_PLAIN_FORM = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
                             "\u2010": "-",
                             "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00ad": None,
                             "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\u2060": None,
                             "\ufffe": "",
                             "\u0002": None})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What one text claims. Positions count tokens."""

    plain: str  # normalised text in lower case, words separated by one space
    words: tuple[tuple[str, int], ...]  # folded stems of content words with positions
    every: tuple[str, ...]  # folded stems of all words, function words too
    found: tuple[Fact, ...]  # numbers, dates, names ...
    vocabulary: frozenset[str]  # folded stems, codes and lower-case words: what a name may be found in
    modality: Modality
    quotes: tuple[str, ...]
    initials: str  # of the words in order
    clauses: tuple[int, ...]  # positions at which a new clause begins
    listed: int  # things that stand behind its colon: "three contacts: the admin, the owner and the champion"
    personal: bool  # somebody speaks for himself: "I would recommend"
    asks: bool  # a question, which claims nothing that a passage could support
    bare: bool  # nothing but names, codes, figures and framing: a fragment that states nothing


def normal(text: str) -> str:
    """The text in one form of characters: NFKC, straight quotes and hyphens, nothing invisible."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text.translate(_PLAIN_FORM)).translate(_PLAIN_FORM)


@lru_cache(maxsize=16_384)
def fold(word: str) -> str:
    """A word's stem, synonyms as one."""
    s = stem(_IRREGULAR.get(word, word))
    return _FOLDED.get(s, s)


def framing(folded: str) -> bool:
    """Whether this folded stem only frames a statement ("according to the handbook")."""
    return folded in _FRAME


def light(folded: str) -> bool:
    """Whether this folded stem weighs nothing in a comparison: framing, or a word that fits any sentence."""
    return folded in _FRAME or folded in _LIGHT


def facts(text: str, lead: str = "", under: str | None = None) -> Facts:
    """Read a sentence, list item or table row; an item with its lead-in and the modality that this puts over it."""
    text = _clean(text)
    before = tokens(_clean(lead)) if lead else []
    tokens_ = [*before, *tokens(text)]
    text = f"{_clean(lead)} {text}" if lead else text
    found = [replace(f, bound=bound(tokens_, f.at)) for f in numbers(tokens_)]
    words: list[tuple[str, int]] = []
    vocabulary: set[str] = set()
    shouting = sum(t.raw.istitle() or t.raw.isupper() for t in tokens_ if t.kind == "word") > 0.6 * max(
        4, sum(t.kind == "word" for t in tokens_)
    )
    fresh = True  # at the start of a sentence
    for at, token in enumerate(tokens_):
        if token.kind in ("word", "one"):
            folded = fold(token.text)
            vocabulary.add(token.text.removesuffix("'s"))
            vocabulary.add(folded)
            is_content = token.text not in _CONTENT_STOPWORDS and len(token.text) > 1 and token.kind == "word"
            is_content = is_content and token.text not in UNITS
            if is_content and token.text not in PREDICATES and token.text not in ORDINALS:
                words.append((folded, at))
            if token.text in _EVERY and at and tokens_[at - 1].text in ("every", "each", "per"):
                vocabulary.add(_EVERY[token.text])
            raw = token.raw.removesuffix("'s")
            if raw in ("IT", "US"):  # not the pronouns
                vocabulary.add(raw)
                found.append(Fact("code", raw, at, raw))
            if token.kind == "word" and len(raw) > 1 and is_content and token.text not in _NO_NAME:
                acronym = raw.isupper() and len(raw) < 7
                mixed = any(c.isupper() for c in raw[1:]) and not raw.isupper()
                if (raw[0].isupper() and not fresh and not shouting) or (acronym and not shouting) or mixed:
                    found.append(Fact("name", raw.lower(), at, raw))
        elif token.kind in ("code", "address", "dotted"):
            value = token.text.rstrip(".,;:/").removeprefix("https://").removeprefix("http://").removeprefix("www.")
            vocabulary.add(value)
            vocabulary.update(fold(part) for part in re.split(r"[^\w]+", value) if part)
            found.append(Fact("code", value, at, token.raw))
        fresh = (token.kind == "stop" and token.text in ".!?:|\n(") or (fresh and token.kind == "stop")
    return Facts(
        _plain(text),
        tuple(words),
        tuple(fold(t.text) for t in tokens_ if t.kind in ("word", "one")),
        tuple(found),
        frozenset(vocabulary),
        modality(tokens_, {at for _, at in words}, under, len(before)),
        tuple(_plain(q) for q in _QUOTED.findall(text) if q.count(" ") >= 2),
        "".join(
            t.text[0] for t in tokens_ if t.kind == "word" and t.text not in {"and", "of", "the", "for", "in", "to"}
        ),
        tuple(at for at, t in enumerate(tokens_) if t.text in _CLAUSE),
        sum(bool(part.strip()) for part in _AND.split(text.partition(": ")[2])),
        any(t.text in _SELF or (t.text == "i" and not _numeral(tokens_, at)) for at, t in enumerate(tokens_)),
        "?" in text,
        not any(
            not t.raw[0].isupper() and t.text not in STOPWORDS and not framing(fold(t.text))
            for t in tokens_
            if t.kind == "word"
        ),
    )


def _numeral(tokens_: list[Token], at: int) -> bool:
    """Whether this "I" counts: "Title I", "Phase I and II"."""
    return at > 0 and tokens_[at - 1].kind == "word" and tokens_[at - 1].raw[0].isupper()


def governed(lead: str) -> str | None:
    """The modality that this lead-in puts over its items; None where it can't be told."""
    return governing(tokens(_clean(lead)))


def _clean(text: str) -> str:
    plain = _LOST_APOSTROPHE.sub(r"\1n't", _MARKUP.sub(" ", normal(text)))
    return _VERDICT.sub(r"\1, ", _ASIDE.sub("", plain))


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))
