"""What kind of message this is, and what a follow-up means in its thread. Pure rules, no model.

In: a message and the turns before it (oldest first). Out: a code for small talk, the texts to search for with their
weights, a directive ("shorter", "language:de"), the text to answer, the parts of a double question.
The rule kept: when in doubt a message is a question; nothing that could be one is taken for chat. Knows no manual.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.language import language
from bot.small_talk import SMALL_TALK, small_talk
from bot.types import Question, Turn
from bot.words import stems

__all__ = ["SMALL_TALK", "Resolved", "language", "parts", "resolve", "small_talk"]

# Weight of the search for question and thread together, the rest is the question's; measured on doc2dial
# (docs/experiments.md): more finds more for a true follow-up and loses more when the thread was about something else.
THREAD_WEIGHT = 0.4
ASIDE_WEIGHT = 0.2  # for a question that could stand alone
THREAD_WORDS = 170  # question and history together; about MiniLM's 256 tokens

_LANGUAGES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "turkish": "tr", "türkçe": "tr", "italian": "it", "italiano": "it", "portuguese": "pt",
    "português": "pt", "dutch": "nl", "nederlands": "nl", "polish": "pl", "polski": "pl", "russian": "ru",
    "japanese": "ja", "chinese": "zh", "mandarin": "zh", "arabic": "ar", "korean": "ko", "hindi": "hi",
    "swedish": "sv", "danish": "da", "norwegian": "no", "finnish": "fi", "czech": "cs", "greek": "el",
    "hebrew": "he", "ukrainian": "uk", "romanian": "ro", "hungarian": "hu", "vietnamese": "vi",
    "indonesian": "id", "thai": "th",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolved:
    """A message understood in its thread."""

    texts: tuple[tuple[str, float], ...]  # to search for, with weights; the first is the person's own words
    directive: str | None  # detail, shorter, quote, language:<ISO 639-1>
    standalone: str  # the text to answer and to quote for


# ---------------------------------------------------------------- directives and corrections

_POLITE = r"(?:(?:please|pls|can you|could you|would you|now|ok(?:ay)?|and|sorry|thanks|hmm|but)[, ]+)*"
_AGAIN = (
    r"(?:(?:say|tell me|explain|repeat|give me|show me|answer|write|put|translate|describe|summari[sz]e)(?: me"
    r"| it| that| this| them| the (?:answer|last answer|above))*(?: again)? ?)?"
)
_TAIL = (
    r"(?:[, ]*(?:please|pls|bitte|version|answer|thanks|again|then|now|instead|about (?:it|that|this)|on (?:it"
    r"|that|this)))*"
)
_DIRECTIVES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(_POLITE + _AGAIN + pattern + _TAIL + r"[.!? ]*", re.I))
    for code, pattern in (
        (
            "detail",
            r"(?:(?:a bit |some |a little |much |in )*more details?(?:ed)?|in (?:more |greater )?detail|more"
            r"|longer|more info(?:rmation)?|tell me more|elaborate|expand|go on|explain (?:more|further"
            r"|better)|(?:a )?longer|with more details?|give me more|be more specific|what else)",
        ),
        (
            "shorter",
            r"(?:(?:a bit |much |make (?:it|that) )*(?:shorter|briefer|brief|more concise|more concisely"
            r"|concise|short)|in (?:short|brief|one sentence|a sentence|a few words|a nutshell)|(?:too"
            r"|that(?:'s| is| was) too) long|summari[sz]e(?: it| that| this)?|tl;?dr|(?:the )?short version"
            r"|simpler|in simple(?:r)? (?:words|terms))",
        ),
        (
            "quote",
            r"(?:quote (?:it|that|me)?(?: ?(?:the )?(?:exact )?(?:text|words|wording|passage|sentence|source"
            r"|manual|policy|section|rule)s?)?|(?:the )?(?:exact|original|verbatim|literal) (?:text|words?"
            r"|wording|quote|passage|sentence|phrase)s?|word for word|verbatim|what does (?:it|the (?:manual"
            r"|policy|handbook|document|text)) (?:say )?(?:exactly|literally|say exactly|exactly say)|the"
            r" (?:exact )?quote)",
        ),
    )
)  # fmt: skip
_TONGUE = "|".join(sorted(_LANGUAGES, key=len, reverse=True))
_IN_LANGUAGE = re.compile(
    rf"(?:[,;.!?]\s*|\A\s*|(?<!\s)\s+){_POLITE}{_AGAIN}(?:answer |reply |respond |explain )?"
    rf"(?:in|into|auf|en) ({_TONGUE})\b{_TAIL}[.!? ]*\Z",
    re.I,
)
_LANGUAGE_FIRST = re.compile(
    rf"\A\s*{_POLITE}(?:(?:answer|reply|respond|tell me|explain)(?: me)? )?in ({_TONGUE})\s*[:,-]\s*",
    re.I,
)
_ONLY_LANGUAGE = re.compile(rf"{_POLITE}{_AGAIN}(?:(?:in|into|to|auf) )?({_TONGUE}){_TAIL}[.!? ]*", re.I)
_CORRECTION = re.compile(
    r"\A\s*(?:(?:no|nope|sorry|oops|actually|wait|hmm|not that|i mean)\b[,.!: -]*)*"
    r"(?:(?:i|we) (?:meant|mean|was asking about|was talking about|am asking about|am talking about|'m asking"
    r" about|asked about|actually meant)"
    r"|(?:it's|it is|that's|this is|i'm|i am) (?:actually )?(?:about|for|talking about|asking about)|make that"
    r"|rather|instead)\b[: ,]*(?P<what>.+)",
    re.I | re.S,
)
_NOT_BUT = re.compile(
    r"\A\s*(?:no[,. ]+)?not (?:for |about |the )*(?P<old>[\w -]{2,40}?)[,;]? +(?:but )?(?:for |about |the"
    r" )*(?P<what>[\w -]{2,60})[.!? ]*\Z",
    re.I,
)


def _directive(text: str) -> tuple[str | None, str]:
    """The directive in a message, and what remains of the message beside it."""
    said = text.strip()
    for code, pattern in _DIRECTIVES:
        if pattern.fullmatch(said):
            return code, ""
    only = _ONLY_LANGUAGE.fullmatch(said)
    if only:
        return f"language:{_LANGUAGES[only[1].lower()]}", ""
    for pattern in (_LANGUAGE_FIRST, _IN_LANGUAGE):
        match = pattern.search(said)
        if match:
            rest = (said[: match.start()] + said[match.end() :]).strip()
            cut = said[match.start() : match.end()]
            if (
                rest
                and said[match.start()].isspace()
                and "answer" not in cut
                and "repl" not in cut
                and "explain" not in cut
            ):
                break  # "is there a handbook in German?" asks for a handbook
            rest += "?" if cut.lstrip().startswith("?") else ""
            return f"language:{_LANGUAGES[match[1].lower()]}", rest
    return None, said


# ---------------------------------------------------------------- follow-ups

_ELLIPSIS = re.compile(
    r"\A\W*(?:and|or|but|what about|how about|what if|same for|also|then|so|ok(?:ay)?[, ]+(?:and|but|so"
    r"|what))\b",
    re.I,
)
_POINTING = re.compile(
    r"\b(?:it|its|they|them|their|those|these|this|that|he|she|him|her|there|one|ones|such|same|then|above"
    r"|else|other|another)\b",
    re.I,
)


def resolve(question: Question) -> Resolved:
    """What to search for and what to answer, given the thread; costs nothing worth counting."""
    directive, own = _directive(question.text)
    asked = _asked(question.history)
    if not own:
        previous = asked[-1] if asked else question.text
        earlier = question.history[: _index(question.history, previous)]
        inner = resolve(Question(id=question.id, text=previous, history=earlier)) if asked else None
        return Resolved(
            inner.texts if inner else ((previous, 1.0),), directive, inner.standalone if inner else previous
        )
    if not asked:
        return Resolved(((own, 1.0),), directive, own)
    correction = _CORRECTION.match(own) or _NOT_BUT.match(own)
    if correction:
        what = correction["what"].strip(" .!")
        base = asked[-1]
        if "old" in correction.groupdict() and correction["old"].lower() in base.lower():
            combined = re.sub(re.escape(correction["old"]), what, base, flags=re.I)
        else:
            combined = _joined(base, what)
        return Resolved(((combined, 0.7), (what, 0.3)), directive, combined)
    thread = _thread(own, question.history)
    if _stands_alone(own):
        return Resolved(((own, 1 - ASIDE_WEIGHT), (thread, ASIDE_WEIGHT)), directive, own)
    return Resolved(((own, 1 - THREAD_WEIGHT), (thread, THREAD_WEIGHT)), directive, _joined(asked[-1], own))


def _joined(before: str, own: str) -> str:
    """One question out of two, that `parts` does not cut again."""
    return f"{before.rstrip(' ?.!')} {_ELLIPSIS.sub('', own).lstrip(' ,')}"


def _asked(history: Sequence[Turn]) -> list[str]:
    """The person's earlier questions: neither chat nor directives."""
    return [t.text for t in history if t.role == "user" and small_talk(t.text) is None and _directive(t.text)[1]]


def _index(history: Sequence[Turn], text: str) -> int:
    return max((i for i, t in enumerate(history) if t.role == "user" and t.text == text), default=0)


def _stands_alone(text: str) -> bool:
    return len(set(stems(text))) >= 4 and not _ELLIPSIS.match(text) and not _POINTING.search(text)


def _thread(own: str, history: Sequence[Turn]) -> str:
    """The question and as many of the newest turns as fit, oldest first."""
    kept: list[str] = []
    left = THREAD_WORDS - len(own.split())
    for turn in reversed(history):
        said = turn.text.split()
        if left <= 0:
            break
        kept.append(" ".join(said[:left]))
        left -= len(said)
    return " ".join([*reversed(kept), own])


# ---------------------------------------------------------------- several questions in one

_ASKS = (
    r"(?:how|what|when|where|who|whom|which|why|can|could|do|does|did|is|are|am|may|must|should|shall|will"
    r"|would|have|has)"
)
_NEW = (  # opens a question of its own: an asking word with its subject
    r"(?:(?:how|what|when|where|who|whom|which|why)\s+\w"
    r"|(?:can|could|do|does|did|is|are|am|may|must|should|shall|will|would)\s+(?:i|we|you|he|she|the|my|our|a"
    r"|an|there|any)\b)"
)
_JOINT = re.compile(rf"\?+\s+(?=\S)|(?:;|,?\s+(?:and|plus)(?: also)?|,?\s+also)\s+(?={_NEW})", re.I)
_DEPENDS = re.compile(
    r"\W*if (?:yes|so|not)\b|\W*(?:why|how|when|where|who)(?: (?:so|not|much|long|many|often))?\W*\Z",
    re.I,
)


def parts(text: str) -> tuple[str, ...]:
    """The questions in a message, one each; the message itself when it can't be cut safely."""
    cut = [p.strip(" ,;") for p in _JOINT.split(text)]
    if not 2 <= len(cut) <= 4 or any(_POINTING.search(p) or _DEPENDS.match(p) for p in cut[1:]):
        return (text,)
    if not all(re.match(rf"\W*(?:\w+\W+){{0,6}}?{_ASKS}\b", p, re.I) and len(set(stems(p))) >= 2 for p in cut):
        return (text,)
    return tuple(p if p[-1] in "?." else p + "?" for p in cut)
