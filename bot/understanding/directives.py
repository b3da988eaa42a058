"""Words about the form of an answer ("shorter, in French", "as a list") -> codes, and the message without them. Pure.

The rule kept: a clause is a directive only when every word of it is about form, and one word names the form wanted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.text.words import stems

_LANGUAGES = {
    "english": "en", "englisch": "en", "anglais": "en", "inglés": "en", "ingilizce": "en", "german": "de",
    "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es", "español": "es", "turkish": "tr",
    "türkçe": "tr", "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt", "dutch": "nl",
    "nederlands": "nl", "polish": "pl", "polski": "pl", "polsku": "pl", "russian": "ru", "русски": "ru",
    "русском": "ru", "japanese": "ja", "日本語で": "ja", "日本語": "ja", "chinese": "zh", "mandarin": "zh",
    "中文": "zh", "arabic": "ar", "بالعربية": "ar", "korean": "ko", "한국어로": "ko", "한국어": "ko", "hindi": "hi",
    "swedish": "sv", "svenska": "sv", "danish": "da", "dansk": "da", "norwegian": "no", "norsk": "no",
    "finnish": "fi", "suomeksi": "fi", "czech": "cs", "česky": "cs", "greek": "el", "ελληνικά": "el", "hebrew": "he",
    "ukrainian": "uk", "українською": "uk", "romanian": "ro", "română": "ro", "hungarian": "hu", "magyarul": "hu",
    "vietnamese": "vi", "indonesian": "id", "thai": "th",
}  # fmt: skip
_TONGUE = "|".join(sorted(_LANGUAGES, key=len, reverse=True))

_FORMS: tuple[tuple[str, str], ...] = (
    ("language", rf"(?:in|into|to|auf|en|em|op|po|по|на|på|用)[ -]?(?:{_TONGUE})"),
    ("tongue", rf"(?:{_TONGUE})"),
    (
        "detail",
        r"(?:(?:more|further|greater|all|some|full) )*(?:the )?(?:details?|detailed|depth)|more info(?:rmation)?"
        r"|tell me more|elaborate|expand|go on|explain (?:more|further|better)|be more specific",
    ),
    (
        "shorter",
        r"shorter|(?:make|keep) (?:it|that|this) (?:\w+ )?short|too long(?: didn'?t read)?|(?:more )?(?:brief(?:er|ly)?"
        r"|concise(?:ly)?)|in short|short (?:answer|version|summary)|in (?:just )?(?:one|a|a single|two|three|a few|few"
        r"|a couple of) (?:sentences?|words?|lines?)|(?:in )?(?:a )?summary|summari[sz]e|tl ?dr|(?:in )?a nutshell"
        r"|(?:just|only) the (?:answer|number|gist|essentials?|facts?)|the (?:gist|main points?)",
    ),
    (
        "simpler",
        r"simpler|in other words|differently|rephrase|reword|eli5|clarify|explain|(?:more )?simply"
        r"|(?:in )?(?:\w+ )?(?:simpler?|plain|easy|easier|layman'?s?) (?:words|terms|language|english)"
        r"|like i(?:'m| am) (?:an? )?(?:\w+ )?(?:new|five|5|child|kid|beginner|dummy|here)(?: years? old| here)?"
        r"|i (?:don'?t|do not|didn'?t|still don'?t|can'?t) (?:understand|get|follow)"
        r"|what (?:do you mean|does (?:that|this|it) mean)",
    ),
    (
        "list",
        r"(?:as|in|into|with) (?:an? )?(?:bullet(?:ed)? |numbered )?(?:list|bullets|bullet ?points|points"
        r"|form of a list)|bullet ?points|step by step",
    ),
    ("table", r"(?:as|in|into) (?:an? )?table(?: form)?|tabular"),
    (
        "quote",
        r"(?:quote|cite)(?: (?:me|it|that|from))?(?: the| your)?(?: (?:exact|original|full))?"
        r"(?: (?:text|words|wording|passage|sentence|source|manual|policy|handbook|section|rule)s?)?"
        r"|(?:what(?:'s| is| are) )?(?:the )?(?:exact|original|verbatim|literal|precise) (?:text|words?|wording|quote"
        r"|passage|sentence|phrase|phrasing)s?|(?:what(?:'s| is) )?the (?:quote|wording)|word for word|verbatim"
        r"|(?:literally |exactly )what does (?:it|the \w+) say|what (?:exactly|literally) does (?:it|the \w+) say"
        r"|what does (?:it|the \w+) (?:(?:exactly|literally) say|say (?:exactly|literally))",
    ),
    (
        "source",
        r"where (?:does (?:it|the \w+) say|did you (?:find|get|read)|do you (?:have|get)) (?:that|this|it)(?: from)?"
        r"|where is (?:that|this|it) (?:from|written|stated)|(?:which|what) (?:page|section|chapter|paragraph"
        r"|document)(?: (?:is|was) (?:that|this|it)"
        r"(?: from| on| in)?)?|(?:(?:what(?:'s| is) )?(?:the|your) )?sources?|says who|really"
        r"|are you (?:really |quite |absolutely )?(?:sure|certain)|is (?:that|this|it) (?:really )?(?:true|right"
        r"|correct)",
    ),
    ("repeat", r"repeat|(?:say (?:it|that|this) |try |come )?again|once more|one more time|pardon"),
    ("more", r"more|longer|(?:what|anything|something) else(?: does it say| is there| to know)?"),
    (
        "",  # says nothing about form
        r"please|pls|plz|bitte|lütfen|por favor|per favore|s'il (?:te|vous) pla[iî]t|proszę|пожалуйста|thanks?"
        r"|thank you"
        r"|can you|could you|would you|will you|can i have|could i have|can i get"
        r"|i(?:'d like| would like| want| need)"
        r"(?= (?:it|that|this|the|in|more|an? (?:\w+ )?(?:short|brief|simple|list|table)))"
        rf"|i don'?t (?:speak|read|understand) (?:{_TONGUE})|(?:that|this|it)(?:'?s| is| was)|give|show|tell|say|make"
        r"|put|write|answer|reply|respond|translate|convert|describe|go|get|keep|be|have|now|ok(?:ay)?|and|or|but|sorry"
        r"|hmm?|just|too|also|even|much|bit|little|some|very|so|the|an?|it|that|this|these|them|me|us|to|of|on|about"
        r"|for"
        r"|from|with|into|in|version|translation|text|reply|response|last|previous|above|whole|same|instead|then|way"
        r"|your",
    ),
)  # fmt: skip
_COMPILED = tuple((code, re.compile(rf"(?:{pattern})(?!\S)\s*")) for code, pattern in _FORMS)
_ALONE = {"tongue", "more", "repeat", "source"}  # too little to be told from the question beside which they stand
_NOISE = re.compile(r"[^\w\s']+")
_RUN = re.compile(r"([^\S\n])[^\S\n]+|(\n)(?:[^\S\n]*\n){2,}|([,;]) ?(?:\3 ?){3,}")
_CLAUSE = re.compile(r"(?<=[.!?;:,])\s+|\s+[-–—]\s+|\n+")
_IMPERATIVE = re.compile(
    rf"(?<![ ,])[ ,]+(?:please|pls|(?:and |then )?(?:can|could|would) you(?: please)?)"
    rf" (?:answer|reply|respond|explain(?: it)?) (?:me )?in (?:{_TONGUE})\W*\Z",
    re.I,
)
LONGEST_READ = 2000  # characters at either end of a message: nobody asks in the middle of more; guess
LONGEST = 200  # characters of a directive; guess
_MANNERS = ("quote", "table", "list", "shorter", "detail", "simpler")


@dataclass(frozen=True, slots=True)
class Directive:
    """How the answer is wanted; false when nothing was said about it."""

    manner: str | None = None  # detail, shorter, simpler, list, table, quote, repeat
    language: str | None = None  # ISO 639-1

    def __bool__(self) -> bool:
        return bool(self.manner or self.language)


def bounded(text: str) -> str:
    """The text without runs of blanks and punctuation, and of a very long one the opening and the end."""
    if len(text) > 2 * LONGEST_READ:
        text = f"{text[:LONGEST_READ]}\n{text[-LONGEST_READ:]}"
    return _RUN.sub(lambda run: run[1] or run[3] or "\n\n", text).strip()


def directive(text: str) -> tuple[Directive, str]:
    """What a message says about the form of the answer, and the rest of it; "" when it says nothing else."""
    said = bounded(text)
    forms = _forms(said)
    if forms and not ("more" in forms and re.search(r"\b(?:i|we|get)\b", said, re.I)):
        return _read(forms), ""
    clauses = [c for c in _CLAUSE.split(said) if c.strip()]
    for count in range(min(3, len(clauses) - 1), 0, -1):
        for about, rest in ((clauses[:count], clauses[count:]), (clauses[-count:], clauses[:-count])):
            words = " ".join(about)
            forms = _forms(words)
            if forms and not _ALONE & forms.keys() and (" " in words or "shorter" in forms) and stems(" ".join(rest)):
                return _read(forms), " ".join(rest).rstrip(" ,;:")
    spoken = _IMPERATIVE.search(said)
    if spoken and stems(said[: spoken.start()]):
        return _read(_forms(spoken[0])), said[: spoken.start()]
    return Directive(), said


def _forms(clause: str) -> dict[str, str]:
    """Forms named in a clause with the words that do; {} when it holds anything else."""
    rest = " ".join(_NOISE.sub(" ", clause.lower().replace("’", "'")).split())
    found: dict[str, str] = {}
    while rest and len(clause) < LONGEST:
        eaten, code = max(((m.end(), code) for code, p in _COMPILED if (m := p.match(rest))), default=(0, ""))
        if not eaten:
            return {}
        if code:
            found[code] = rest[:eaten].strip()
        rest = rest[eaten:]
    return found


def _read(forms: dict[str, str]) -> Directive:
    named = forms.get("language") or forms.get("tongue")
    tongue = re.search(rf"(?:{_TONGUE})\Z", named) if named else None
    manner = next((m for m in _MANNERS if m in forms), None)
    if manner is None and tongue is None:
        manner = next(({"more": "detail", "source": "quote"}.get(m, m) for m in forms if m in _ALONE), None)
    return Directive(manner, _LANGUAGES[tongue[0]] if tongue else None)
