"""A sentence -> what it claims, comparable: word stems, numbers with units, dates, times, names, quotes, modality. Pure.

The rule kept: the same fact written in another way gives the same value ("two weeks" and "14 days", "EUR 40" and "€40",
"thirty (30)" and "30", "17:00" and "5 pm"). English; in other languages numbers, names and words still compare.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.words import STOPWORDS, stem

_TOKEN = re.compile(
    r"""(?P<address>https?://[^\s<>|)\]]+|www\.[^\s<>|)\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    |(?P<isodate>\b\d{4}-\d\d-\d\d\b)
    |(?P<clock>\b\d{1,2}:\d\d(?::\d\d)?(?:\s*[ap]\.?\s?m\b\.?)?|\b\d{1,2}(?:\.\d\d)?\s*[ap]\.?\s?m\b\.?)
    |(?P<dotted>\b[A-Za-z]?\d+(?:\.\d+){2,}\b)
    |(?P<number>(?<![\w.])\d{1,3}(?:\.\d{3})+,\d+|(?<![\w])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)
        (?P<suffix>%|(?:st|nd|rd|th|k|m|bn|kb|mb|gb|tb|km|cm|mm|kg|hrs?|h|mins?|yrs?|x)\b)?(?![A-Za-z_]|[-./]?[A-Za-z]+\d|/\d)
    |(?P<code>[A-Za-z]{1,8}[-_]?\d[\w-]*|\d[\w.-]*[A-Za-z][\w-]*|\d+/\d+(?:/\d+)?|[A-Za-z0-9_-]+(?:[._\\][A-Za-z0-9_-]+)+(?:/[\w.-]+)*|[\w.-]+(?:/[\w.-]+){2,})
    |(?P<currency>US\$|[$€£¥])
    |(?P<word>[^\W\d_]+(?:['][^\W\d_]+)?)
    |(?P<percent>%)
    |(?P<stop>[.,;:!?()|\n])""",
    re.X | re.I,
)

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_SMALL = {w: n for n, w in enumerate(_ONES)} | {w: 10 * n for n, w in enumerate(_TENS, 2)} | {"dozen": 12, "forty": 40}
_LARGE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_ORDINALS = {
    w: n
    for n, w in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 1
    )
}
_MONTHS = {
    name: n
    for n, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|october oct"
        "|november nov|december dec".split("|"),
        1,
    )
    for name in names.split()
}
_UNITS: dict[str, tuple[str, float]] = {}
for _dim, _names in {
    "s": "second seconds sec secs:1 minute minutes min mins:60 hour hours hr hrs h:3600 day days:86400 week weeks:604800 "
    "fortnight fortnights:1209600",
    "month": "month months:1 year years yr yrs:12",
    "USD": "$ us$ usd dollar dollars:1 cent cents:0.01",
    "EUR": "€ eur euro euros:1",
    "GBP": "£ gbp pound pounds:1",
    "JPY": "¥ jpy yen:1",
    "TRY": "try tl lira:1",
    "CHF": "chf franc francs:1",
    "%": "% percent pct:1",
    "byte": "byte bytes:1 kb kilobyte kilobytes:1e3 mb megabyte megabytes:1e6 gb gigabyte gigabytes:1e9 tb terabyte terabytes:1e12",
    "bit": "bit bits:1",
    "m": "km kilometer kilometers kilometre kilometres:1e3 meter meters metre metres:1 cm:0.01 mm:0.001",
    "mile": "mile miles:1",
    "foot": "foot feet ft:1 inch inches:0.0833333333",
    "kg": "kg kilogram kilograms kilo kilos:1",
    "times": "time times x:1",
}.items():
    _group: list[str] = []
    for _entry in _names.split():
        _name, _, _factor = _entry.partition(":")
        _group.append(_name)
        if _factor:
            _UNITS.update(dict.fromkeys(_group, (_dim, float(_factor))))
            _group = []
_MONEY = {"USD", "EUR", "GBP", "JPY", "TRY", "CHF"}
_SUFFIX = {"k": 1e3, "m": 1e6, "bn": 1e9}
_KINDS_OF_DAY = {"business": "business", "working": "business", "work": "business", "calendar": "calendar"}
_BETWEEN = {"full", "consecutive", "paid", "additional", "extra", "unpaid", "more", "us"}  # "20 paid days"
_FIXED = {"noon": 720, "midday": 720, "midnight": 0}
_RATES = {
    "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year", "annual": "year",
    "annum": "year", "hourly": "hour",
}  # fmt: skip
_ONE_OF = {"a", "an", "each", "per", "every", "any"}  # "an hour", "per day": one of it, where a sentence says "one"

# Modality of a stretch of words. The empty state is a plain statement.
MUST, SHOULD, MAY, NOT, BANNED, EXEMPT, AVOID = "must", "should", "may", "not", "banned", "exempt", "avoid"
_NEGATED = {MUST: BANNED, SHOULD: AVOID, MAY: BANNED, "": NOT, NOT: NOT, BANNED: MAY, EXEMPT: MUST, AVOID: SHOULD}
_AUXILIARY = {
    "must": MUST, "shall": MUST, "should": SHOULD, "ought": SHOULD, "may": MAY, "can": MAY, "could": MAY, "might": MAY,
    "cannot": BANNED,
}  # fmt: skip
_PREDICATE = {
    "required": MUST, "requires": MUST, "require": MUST, "mandatory": MUST, "obliged": MUST, "obligatory": MUST,
    "compulsory": MUST, "necessary": MUST,
    "need": MUST, "needs": MUST, "needed": MUST, "has": MUST, "have": MUST, "had": MUST,
    "recommended": SHOULD, "encouraged": SHOULD, "advised": SHOULD, "recommend": SHOULD, "recommends": SHOULD,
    "allowed": MAY, "permitted": MAY, "allows": MAY, "permits": MAY, "allow": MAY, "permit": MAY, "entitled": MAY,
    "eligible": MAY, "optional": EXEMPT, "voluntary": EXEMPT, "exempt": EXEMPT,
    "prohibited": BANNED, "forbidden": BANNED, "banned": BANNED, "disallowed": BANNED, "prohibits": BANNED,
    "prohibit": BANNED, "forbids": BANNED,
}  # fmt: skip
_ONLY_WITH_TO = {"need", "needs", "has", "have", "had"}  # "have to submit", not "have a badge"
_PREDICATE_NOT = {MUST: EXEMPT, SHOULD: NOT, MAY: BANNED, EXEMPT: MUST, BANNED: MAY}
_NEGATIONS = {"not", "never", "no", "neither", "nor", "without", "none", "nobody", "nothing", "non"}
_NOT_AFTER = {"unless", "except", "excluding"}  # "unless approved": if not approved
_WEAKENED = {"only", "just", "limited", "all", "every", "always", "necessarily", "both", "each"}  # "not all": some
_EXCEPTIONS = {"only", "unless", "except", "until", "without", "excluding", "solely", "exclusively", "other"}
_LEXICAL_NOT = re.compile(
    r"(?:fail\w*|lack\w*|refus\w*|den(?:y|ied|ies)|unable|ineligible|invalid|un(?:authori\w+|available|paid|used|limited"
    r"|approved|known|insured|necessary)|absen\w+|miss(?:es|ing)|exclud\w+|exempt\w*|avoid\w*|prevent\w*|free|zero|out|waive\w*|stop\w*"
    r"|cease\w*|refrain\w*|reject\w*|instead|rather|neither|hardly|rarely|barely|outside|beyond|expired?|impossible|illegal)",
    re.I,
)
_BREAKS = {
    "but",
    "if",
    "when",
    "unless",
    "because",
    "although",
    "though",
    "while",
    "whereas",
    "however",
    "until",
    "except",
}
_SCOPE = 7  # tokens that a modal or negation reaches forward

# General English pairs that a paraphrase swaps; nothing of any corpus.
_SYNONYMS = {
    member: group.split()[0]
    for group in (
        "employee staff worker personnel colleague", "buy purchase", "begin start commence", "end finish terminate",
        "help assist aid", "allow permit", "need require", "get receive obtain", "ask request", "give provide supply",
        "send submit", "show display", "use utilize utilise", "tell inform notify", "keep retain", "leave vacation holiday",
        "pay reimburse compensate", "prohibit forbid ban", "minimum least", "maximum most", "choose select pick",
        "fix repair", "check verify", "change modify alter", "make create", "company organization organisation firm",
        "manager supervisor", "mail email", "laptop computer", "near close", "happen occur", "car vehicle automobile",
        "annual yearly", "yearly year", "monthly month", "weekly week", "daily day", "doctor physician", "child kid children",
        "people person individual", "contain include comprise", "document record", "answer reply respond response",
        "buyer purchaser", "renew extend", "big large", "cost price charge fee", "fast quick rapid", "quickly promptly",
        "job position", "agency organization", "remove delete", "incident event", "complete finish", "decide determine",
        "ensure guarantee", "obligatory mandatory compulsory", "approximately about", "prior before", "following after",
        "additional extra", "per each every", "whole entire", "illness sickness", "ill sick", "telework telecommute",
        "home house", "spouse husband wife", "phone telephone", "via through", "explain describe", "enable allow",
        "apply request", "necessary need", "obtain get", "acquire get", "deliver give", "offer give", "grant give",
        "store keep", "sustain keep", "advise recommend suggest", "show demonstrate", "purpose aim goal objective",
    )
    for member in group.split()
}  # fmt: skip
_FOLDED = {stem(member): stem(head) for member, head in _SYNONYMS.items()}
# Words of framing: they may stand in a sentence without standing in the passage.
_FRAME = frozenset(
    stem(w)
    for w in """according manual handbook policy document section passage source guide guideline state mention describe note
    specify list also additionally furthermore moreover however therefore instead include example following follow item
    answer question regard relate addition general overall important please ensure apply applicable case""".split()
)
_CONTENT_STOPWORDS = STOPWORDS | {"per", "via", "upon", "whether", "s", "t"}
_NO_NAME = frozenset("i monday tuesday wednesday thursday friday saturday sunday".split()) | set(_MONTHS)
_DAYS = {d: n for n, d in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
_LOST_APOSTROPHE = re.compile(r"\b(do|did|does|is|are|was|were|has|have|had|should|would|could|ca|wo)n t\b", re.I)
_QUOTED = re.compile(r'"([^"\n]{8,400})"')
_MARKUP = re.compile(r"[*`#>~]+|(?<!\w)_+|_+(?!\w)|^\s*(?:[-+•]|\d{1,2}[.)])\s+", re.M)
_PLAIN_FORM = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u2010": "-",
                             "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00ad": None,
                             "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\u2060": None, "\ufffe": "",
                             "\u0002": None})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, date, time, name or code at token `at`. Equal kind and value: the same fact."""

    kind: str  # "n:<dimension>" for numbers, else ordinal, monthday, month, weekday, clock, code, name
    value: float | str
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What one text claims. Positions count tokens."""

    plain: str  # normalised text in lower case, words separated by one space
    words: tuple[tuple[str, int], ...]  # folded stems of content words with positions
    every: tuple[str, ...]  # folded stems of all words, function words too
    found: tuple[Fact, ...]  # numbers, dates, names ...
    states: dict[int, str]  # modality over the word at this position, where it is not a plain statement
    anchors: tuple[int, ...]  # positions of the first content word after each modal or negation
    vocabulary: frozenset[str]  # folded stems, codes and lower-case words: what a name may be found in
    exceptions: bool  # only, unless, except ...
    lexical_nots: tuple[int, ...]  # positions of fails, lacks, unauthorised ...
    negations: int  # how many
    modals: frozenset[str]  # modalities that occur
    quotes: tuple[str, ...]
    initials: str  # of the words in order
    bare: bool  # nothing but names, codes, figures and framing: a fragment that states nothing


def normal(text: str) -> str:
    """The text in one form of characters: NFKC, straight quotes and hyphens, nothing invisible."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text.translate(_PLAIN_FORM)).translate(_PLAIN_FORM)


@lru_cache(maxsize=16_384)
def fold(word: str) -> str:
    """A word's stem, synonyms as one."""
    s = stem(word)
    return _FOLDED.get(s, s)


def framing(folded: str) -> bool:
    """Whether this folded stem only frames a statement ("according to the handbook")."""
    return folded in _FRAME


@dataclass(slots=True)
class _Token:
    kind: str
    text: str  # lower case
    raw: str
    value: float = 0.0


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        raw = match.group()
        if kind == "suffix":
            kind = "number"
        token = _Token(kind, raw.lower(), raw)
        if kind == "number":
            digits, suffix = match["number"], (match["suffix"] or "").lower()
            if "," in digits and "." in digits and digits.rfind(",") > digits.rfind("."):
                digits = digits.replace(".", "").replace(",", ".")
            token.value = float(digits.replace(",", ""))
            token.text = suffix
        elif kind == "word" and "'" in token.text and token.text.endswith("n't"):
            verb = {"can't": "can", "won't": "will", "shan't": "shall"}.get(token.text, token.text[:-3])
            if verb:
                found.append(_Token("word", verb, raw))
            token = _Token("word", "not", raw)
        elif kind == "word" and token.text in _SMALL or token.text in _LARGE:
            token.kind, token.value = "spelled", float(_SMALL.get(token.text, 0) or _LARGE.get(token.text, 0))
        found.append(token)
    return found


def _spelled(tokens: list[_Token]) -> list[_Token]:
    """Runs of number words as one number each: "two hundred and fifty", "2 million"; "one" alone stays a word."""
    joined: list[_Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "number" and not token.text and i + 1 < len(tokens) and tokens[i + 1].text in _LARGE:
            joined.append(_Token("number", "", token.raw, token.value * _LARGE[tokens[i + 1].text]))
            i += 2
            continue
        if token.kind != "spelled":
            joined.append(token)
            i += 1
            continue
        total = current = 0.0
        start = i
        while i < len(tokens):
            word = tokens[i].text
            if tokens[i].kind != "spelled":
                if (
                    word != "and"
                    or i + 1 == len(tokens)
                    or tokens[i + 1].kind != "spelled"
                    or not current % 100 == 0
                    or not current
                ):
                    break
            elif word in _LARGE:
                current = (current or 1) * _LARGE[word]
                if word != "hundred":
                    total, current = total + current, 0.0
            elif i > start and not (
                current % 100 == 0 or (current % 10 == 0 and current % 100 >= 20 and _SMALL[word] < 10)
            ):
                break  # "two three": two numbers
            else:
                current += _SMALL[word]
            i += 1
        raw = " ".join(t.raw for t in tokens[start:i])
        if i < len(tokens) and tokens[i].text in _ORDINALS and current % 10 == 0 and current >= 20:
            joined.append(_Token("number", "th", f"{raw}-{tokens[i].raw}", total + current + _ORDINALS[tokens[i].text]))
            i += 1
            continue
        if raw.lower() == "one":
            joined.append(_Token("one", "one", raw, 1.0))
        else:
            joined.append(_Token("number", "", raw, total + current))
    return joined


def facts(text: str) -> Facts:
    """Read a sentence, list item or table row."""
    text = _LOST_APOSTROPHE.sub(r"\1n't", _MARKUP.sub(" ", normal(text)))
    tokens = _spelled(_tokens(text))
    found = _numbers(tokens)
    words: list[tuple[str, int]] = []
    vocabulary: set[str] = set()
    shouting = sum(t.raw.istitle() or t.raw.isupper() for t in tokens if t.kind == "word") > 0.6 * max(
        4, sum(t.kind == "word" for t in tokens)
    )
    fresh = True  # at the start of a sentence
    for at, token in enumerate(tokens):
        if token.kind in ("word", "one"):
            folded = fold(token.text)
            vocabulary.add(token.text.removesuffix("'s"))
            vocabulary.add(folded)
            is_content = token.text not in _CONTENT_STOPWORDS and len(token.text) > 1 and token.kind == "word"
            is_content = is_content and token.text not in _UNITS
            if is_content and token.text not in _PREDICATE and token.text not in _ORDINALS:
                words.append((folded, at))
            raw = token.raw.removesuffix("'s")
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
        fresh = token.kind == "stop" and token.text in ".!?:|\n(" or (fresh and token.kind == "stop")
    states, anchors = _modality(tokens, {at for _, at in words})
    plain = " ".join(re.findall(r"\w+(?:[.,:'/@-]\w+)*|[%$€£]", text.lower()))
    return Facts(
        plain,
        tuple(words),
        tuple(fold(t.text) for t in tokens if t.kind in ("word", "one")),
        tuple(found),
        states,
        anchors,
        frozenset(vocabulary),
        any(t.text in _EXCEPTIONS for t in tokens),
        tuple(
            at
            for at, t in enumerate(tokens)
            if t.kind == "word"
            and (_LEXICAL_NOT.fullmatch(t.text) or (t.text in _WEAKENED and at and tokens[at - 1].text == "not"))
        ),
        sum(
            (t.text in _NEGATIONS and not (at and tokens[at - 1].text == "why"))
            or t.text in _NOT_AFTER
            or t.text == "cannot"
            for at, t in enumerate(tokens)
        ),
        frozenset(
            MAY if t.text == "cannot" else _AUXILIARY.get(t.text) or _PREDICATE[t.text]
            for t, after in zip(tokens, [*tokens[1:], _Token("", "", "")], strict=False)
            if t.text in _AUXILIARY or (t.text in _PREDICATE and (t.text not in _ONLY_WITH_TO or after.text == "to"))
        ),
        tuple(
            " ".join(re.findall(r"\w+(?:[.,:'/@-]\w+)*|[%$€£]", q.lower()))
            for q in _QUOTED.findall(text)
            if q.count(" ") >= 2
        ),
        "".join(
            t.text[0] for t in tokens if t.kind == "word" and t.text not in {"and", "of", "the", "for", "in", "to"}
        ),
        not any(
            not t.raw[0].isupper() and t.text not in STOPWORDS and not framing(fold(t.text))
            for t in tokens
            if t.kind == "word"
        ),
    )


def _numbers(tokens: list[_Token]) -> list[Fact]:
    found: list[Fact] = []

    def ahead(at: int) -> tuple[str, float] | None:
        """Dimension and factor of the unit after the number at `at`; a range takes its end's."""
        j = at + 1
        kind_of_day = ""
        for _ in range(6):
            if j >= len(tokens):
                return None
            token = tokens[j]
            if token.text in _UNITS and token.kind in ("word", "currency", "percent"):
                dim, factor = _UNITS[token.text]
                return (dim + kind_of_day, factor)
            if token.text == "per" and j + 1 < len(tokens) and tokens[j + 1].text == "cent":
                return ("%", 1.0)
            if token.text in _KINDS_OF_DAY:
                kind_of_day = ":" + _KINDS_OF_DAY[token.text]
            elif token.kind == "number":
                if own := _unit_of_suffix(token):
                    return own
            elif not (token.text in _BETWEEN or token.text in ("to", "and", "or", "(", ")")):
                return None
            elif token.text in ("and", "or", "to") and not (
                j + 1 < len(tokens) and tokens[j + 1].kind in ("number", "currency")
            ):
                return None
            j += 1
        return None

    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.kind == "number":
            suffix = token.text
            if suffix in ("st", "nd", "rd", "th"):
                month = _month_beside(tokens, at)
                if month:
                    found.append(Fact("monthday", f"{month}-{int(token.value)}", at, token.raw))
                else:
                    found.append(Fact("ordinal", token.value, at, token.raw))
                continue
            month = _month_beside(tokens, at) if token.value <= 31 and not suffix else 0
            if month:
                found.append(Fact("monthday", f"{month}-{int(token.value)}", at, token.raw))
                continue
            unit = _unit_of_suffix(token)
            value = token.value * _SUFFIX.get(suffix, 1.0)
            if unit is None and before is not None and before.text in _UNITS and _UNITS[before.text][0] in _MONEY:
                unit = _UNITS[before.text]
            if unit is None:
                unit = ahead(at)
            dim, factor = unit or ("", 1.0)
            if before is not None and before.kind == "currency" and dim not in _MONEY:
                dim, factor = _UNITS[before.text]
            found.append(Fact("n:" + dim, round(value * factor, 6), at, token.raw))
        elif token.kind == "one":
            unit = ahead(at)
            if unit:
                found.append(Fact("n:" + unit[0], round(unit[1], 6), at, token.raw))
        elif token.kind == "isodate":
            year, month_, day = (int(part) for part in token.text.split("-"))
            found.append(Fact("monthday", f"{month_}-{day}", at, token.raw))
            found.append(Fact("month", float(month_), at, token.raw))
            found.append(Fact("n:", float(year), at, token.raw))
        elif token.kind == "clock":
            found.append(Fact("clock", _minutes(token.text), at, token.raw))
        elif token.kind == "word":
            if token.text in _FIXED:
                found.append(Fact("clock", float(_FIXED[token.text]), at, token.raw))
            elif token.text in ("once", "twice"):
                found.append(Fact("n:times", 1.0 + (token.text == "twice"), at, token.raw))
            elif token.text in _ORDINALS and token.text != "second":
                month = _month_beside(tokens, at)
                nth = _ORDINALS[token.text]
                found.append(
                    Fact("monthday", f"{month}-{nth}", at, token.raw)
                    if month
                    else Fact("ordinal", float(nth), at, token.raw)
                )
            elif token.text in _DAYS or token.text.removesuffix("s") in _DAYS:
                found.append(Fact("weekday", token.text.removesuffix("s"), at, token.raw))
            elif token.text in _MONTHS and (token.text != "may" or token.raw == "May") and len(token.text) > 2:
                near_number = any(t is not None and t.kind == "number" for t in (before, after))
                if token.text not in ("may", "march", "mar", "dec", "sec", "jan", "jun") or (
                    token.raw[0].isupper() and (near_number or at)
                ):
                    found.append(Fact("month", float(_MONTHS[token.text]), at, token.raw))
    return found


def _unit_of_suffix(token: _Token) -> tuple[str, float] | None:
    return _UNITS.get(token.text) if token.text and token.text != "m" else None


def _month_beside(tokens: list[_Token], at: int) -> int:
    """The month that the day number at `at` belongs to; 0 for none."""
    for j in (at - 1, at + 1, at + 2):
        if (
            0 <= j < len(tokens)
            and tokens[j].kind == "word"
            and tokens[j].text in _MONTHS
            and tokens[j].raw[0].isupper()
        ):
            if j == at + 2 and tokens[at + 1].text != "of":
                continue
            return _MONTHS[tokens[j].text]
    return 0


def _minutes(clock: str) -> float:
    digits = [int(d) for d in re.findall(r"\d+", clock)]
    hour, minute = digits[0], digits[1] if len(digits) > 1 else 0
    if "p" in clock and hour < 12:
        hour += 12
    if "a" in clock and hour == 12:
        hour = 0
    return float(hour * 60 + minute)


def _modality(tokens: list[_Token], content: set[int]) -> tuple[dict[int, str], tuple[int, ...]]:
    """Which modality stands over which content words, and the words that the modals and negations stand before."""
    states: dict[int, str] = {}
    anchors: list[int] = []
    clause = 0  # first token of the clause
    state, left, pending = "", 0, False

    def word(at: int) -> str:
        return tokens[at].text if 0 <= at < len(tokens) else ""

    for at, token in enumerate(tokens):
        text = token.text
        if (token.kind == "stop" and text in ".;!?,") or text in _BREAKS:
            clause, state, left, pending = at + 1, "", 0, False
            if text in _NOT_AFTER:
                state, left, pending = NOT, _SCOPE, True
        if text in _AUXILIARY:
            state = _AUXILIARY[text]
            left, pending = _SCOPE, True
        elif text in _NEGATIONS and not (text == "no" and tokens[at].raw[:1] == "N" and word(at + 1)[:1].isdigit()):
            if text == "not" and (word(at + 1) in _WEAKENED or word(at - 1) == "why"):
                continue
            state = _NEGATED[state] if left and state in (MUST, SHOULD, MAY) else NOT
            if word(at + 1) in ("later", "more", "less", "fewer"):
                state = ""  # "not more than" is a bound
            left, pending = _SCOPE, True
        elif text in _PREDICATE and (text not in _ONLY_WITH_TO or word(at + 1) == "to"):
            negated = (
                left > 0
                and state in (NOT, BANNED, AVOID)
                and any(word(j) in _NEGATIONS for j in range(max(clause, at - 3), at))
            )
            own = _PREDICATE[text]
            own = _PREDICATE_NOT.get(own, own) if negated else own
            if any(k in content and k >= clause for k in range(clause, at)) and text not in (
                "require",
                "requires",
                "allow",
                "allows",
                "permits",
                "permit",
                "prohibits",
                "prohibit",
                "forbids",
                "recommend",
                "recommends",
            ):
                last = None
                for k in range(clause, at):
                    if k in content:
                        if text not in _ONLY_WITH_TO and word(at + 1) not in ("to",):
                            states[k] = own
                            last = k
                if last is not None:
                    anchors.append(last)
            state, left, pending = own, _SCOPE, True
        elif at in content and left:
            states.setdefault(at, state)
            if pending:
                if state:
                    anchors.append(at)
                pending = False
        if left:
            left -= 1
            if not left:
                state = ""
    return {at: s for at, s in states.items() if s}, tuple(anchors)
