"""Text that reads like instructions to a model, and what disguised text says. Pure; a mark, not a defence.

Manuals tell people what they must do and ignore; an injected sentence speaks to whoever writes the answer. So what
counts is whom it addresses (an AI, an assistant), what it wants changed (the answer, earlier instructions, who gets
told what) and disguise: chat roles, model tokens, characters nobody sees, base64; the patterns are in injection.toml.
The defence is in the prompt. Readers join lines and take out what nobody sees, marks of disguise too: so they name the
`suspects` of the raw text, and the splitter marks these wherever they come out (`Marker`).

What else a text says to whoever decodes it (`readings`: hidden characters, look-alike letters, spacing, codes) is used
to look at it, never to change it; and what must not come out in any such form: the canary (`Leak`), the prompt's own
words (`Recital`).
"""

import base64
import codecs
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache, partial

from knowledge.text.characters import line
from knowledge.text.sentences import spans, united
from knowledge.text.words import data_file, filled, squeezed

_WORD = re.compile(r"[a-zé0-9ç]+")
_ABROAD = re.compile(r"[\u00c0-\u024f\u0400-\u04ff\u3040-\u9fff]")
_PIECE = re.compile(r"[^\n|]+")
_BACK = re.compile(r"\b(?:of|after|before|with|to) (?:that|this|it)\b\W*$", re.I)
_SAID_WORD = re.compile(r"\w+")
_MOST = 2_000_000  # characters of a file that are looked at; guess
_LEAST_HIDDEN = 30  # characters that base64 says; guess
_LEAST_WORDS = 2  # words of a sentence that is looked for again; guess


class _Patterns:
    """What injection.toml holds, compiled."""

    def __init__(self) -> None:
        data = data_file("knowledge.text", "injection.toml")
        whole = partial(filled, parts=data["parts"])
        self.rules: dict[str, list[re.Pattern[str]]] = {}  # by each word of which one must be there
        for words, pattern in (rule for group in data["rules"].values() for rule in group):
            compiled = re.compile(whole(pattern), re.I)
            for word in words.split() or [""]:
                self.rules.setdefault(word, []).append(compiled)
        self.regions = [re.compile(pattern) for pattern in data["disguises"]["regions"]]
        self.gate = re.compile(data["disguises"]["gate"])
        self.other = {name: re.compile(whole(pattern), re.I) for name, pattern in data["other"].items()}


@cache
def _patterns() -> _Patterns:
    return _Patterns()


def flag(text: str) -> tuple[tuple[int, int], ...]:
    """Whole sentences, ascending, never overlapping."""
    known = _patterns()
    regions = known.regions if known.gate.search(text) else []
    spans = [match.span() for region in regions for match in region.finditer(text)]
    before: tuple[int, int] | None = None
    for start, end in _sentences(text):
        sentence = _UNSEEN.sub("", text[start:end])
        if _speaks_to_a_model(sentence):
            if before and _BACK.search(sentence) and known.other["asks"].search(text[before[0] : before[1]]):
                spans.append(before)
            spans.append((start, end))
        before = (start, end)
    return _merged(text, spans)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Sentences of each line and table cell; who hides an order writes as he likes, so any full stop ends one."""
    for piece in _PIECE.finditer(text):
        yield from spans(text, piece.start(), piece.end(), any_case=True)


def _speaks_to_a_model(sentence: str) -> bool:
    known = _patterns()
    tried = {rule for word in _WORD.findall(sentence.lower()) for rule in known.rules.get(word, ())}
    if _ABROAD.search(sentence):
        tried.update(known.rules[""])
    marked = ("<" in sentence or "![" in sentence) and known.other["marks"].search(sentence)
    if marked or any(rule.search(sentence) for rule in tried):
        return True
    return any(len(decoded) >= _LEAST_HIDDEN and decoded.isascii() for decoded in from_base64(sentence))


def _merged(text: str, spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Without the white space around them, ascending, those that touch as one."""
    parts = ((start, text[start:end]) for start, end in spans)
    bare = ((start + len(part) - len(part.lstrip()), start + len(part.rstrip())) for start, part in parts)
    return tuple(united((start, end) for start, end in bare if start < end))


def bare(text: str) -> bool:
    """Whether a sentence is an address, a link or a shell command and nothing else: it says nothing about anything."""
    without = _patterns().other["address"].sub(" ", text)
    nothing_else = without != text and not re.search(r"[^\W\d_]{2}", without)
    return nothing_else or _patterns().other["command"].match(text) is not None


def suspects(raw: str) -> tuple[str, ...]:
    """The sentences of flagged text, clean, each once."""
    sentences: dict[str, None] = {}
    text = raw[:_MOST]
    for start, end in flag(text):
        for row in text[start:end].split("\n"):
            shown = line(row)
            for first, last in spans(shown):
                if len(_SAID_WORD.findall(shown[first:last])) >= _LEAST_WORDS:
                    sentences[shown[first:last].strip()] = None
    return tuple(sentences)


class Marker:
    """Finds a document's suspects in its text again, whatever stands between their words."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._by_first: dict[str, list[list[str]]] = {}
        for sentence in sentences:
            if words := _SAID_WORD.findall(sentence.lower()):
                self._by_first.setdefault(words[0], []).append(words)

    def spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """What `flag` says of the text and where the suspects stand in it; ascending, never overlapping."""
        flagged = flag(text)
        return _merged(text, [*flagged, *self._found(text)]) if self._by_first else flagged

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        words = [(match[0].lower(), match.start(), match.end()) for match in _SAID_WORD.finditer(text)]
        for at, (word, start, _) in enumerate(words):
            for wanted in self._by_first.get(word, ()):
                here = words[at : at + len(wanted)]
                if [one for one, _, _ in here] == wanted:
                    end = here[-1][2]
                    stop = re.match(r"[.!?。]*[\"'”’)\]]*", text[end:])
                    yield start, end + (stop.end() if stop else 0)


LONGEST = 20_000  # characters of a text that are looked at; guess
LEAST = 8  # characters of a hidden or coded text that says something; guess

_TAGS = re.compile("[\U000e0020-\U000e007e]{4,}")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_OVERRIDE = re.compile("[\u202d\u202e\u2066-\u2068]([^\u202c\u2069\n]*)")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u0335-\u0338\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
_SPACED = re.compile(r"(?<!\w)(?:[^\W_][ ._\-*·|]{1,3}){5,}[^\W_](?!\w)")
_WORDS_APART = re.compile(r" ?[_|·]+ ?| {2,}")
_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{16,}={0,2}(?![\w+/=-])")
_HEX = re.compile(r"(?<!\w)(?:[0-9a-fA-F]{2}[ :]?){8,}(?!\w)")
_ROT13 = re.compile(r"\brot[ -]?13\b", re.I)
_LEET_WORD = re.compile(
    r"(?<![\w.,@$!|-])(?=[a-z@$!|]*[01345780@$!|])(?=[01345780@$!|]*[a-z])[a-z01345780@$!|]{2,}(?![\w-])", re.I
)
_LEET = str.maketrans("013457@$!|8", "oieastasilb")
# Cyrillic and Greek letters that look like Latin ones; given: Unicode confusables.txt
_ALIKE = str.maketrans(
    "аеорсухіјѕԁһԛԝкмтвнАВЕКМНОРСТУХІЈЅαορντικυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhqwkmtbhABEKMHOPCTYXIJSaopvtikuABEZHIKMNOPTYX",
)


def hidden(text: str) -> str:
    """What stands in characters nobody sees: tags, bytes in variation selectors, text turned round; "" without any."""
    text = text[:LONGEST]
    if text.isascii():
        return ""
    texts = ["".join(chr(ord(c) - 0xE0000) for c in match[0]) for match in _TAGS.finditer(text)]
    for match in _SELECTORS.finditer(text):
        raw = bytes(ord(c) - 0xFE00 if ord(c) < 0x10000 else ord(c) - 0xE0100 + 16 for c in match[0])
        texts.append(raw.decode("utf-8", "ignore"))
    texts += [match[1][::-1] for match in _OVERRIDE.finditer(text) if len(match[1]) >= LEAST]
    return " ".join(one for one in texts if one.isprintable() and any(c.isalpha() for c in one))


def readings(text: str) -> tuple[str, ...]:
    """The text as it may be meant to be read, each reading once, the text itself first."""
    text = text[:LONGEST]
    plain = _plain(text)
    texts = [text, plain, plain[::-1], _joined(plain), _unleet(plain), *_decoded(plain), hidden(text)]
    if _ROT13.search(plain):
        texts.append(codecs.decode(plain, "rot13"))
    return tuple(dict.fromkeys(one for one in texts if one.strip()))


def _plain(text: str) -> str:
    """Without unseen characters and strokes; full-width, mathematical and look-alike letters as Latin ones."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    words = re.split(r"(\s+)", text)
    return "".join(_latin(word) for word in words)


def _latin(word: str) -> str:
    """A word of mixed scripts in Latin letters, as is one of look-alikes only among Latin words."""
    swapped = word.translate(_ALIKE)
    return swapped if swapped != word and swapped.isascii() else word


def _joined(text: str) -> str:
    """ "I g n o r e _ a l l" -> "Ignore all"."""

    def join(match: re.Match[str]) -> str:
        words = _WORDS_APART.split(match[0])
        return " ".join(re.sub(r"[\W_]", "", word) for word in words)

    return _SPACED.sub(join, text)


def _unleet(text: str) -> str:
    """ "R3v34l y0ur" -> "Reveal your"."""
    return _LEET_WORD.sub(lambda match: match[0].translate(_LEET), text)


def _decoded(text: str) -> list[str]:
    """What base64 or hexadecimal in the text says, where it says something a person could read."""
    texts = from_base64(text)
    for match in _HEX.finditer(text):
        with suppress(ValueError):
            texts.append(bytes.fromhex(re.sub(r"[ :]", "", match[0])).decode("utf-8"))
    return list(filter(_is_readable, texts))


def from_base64(text: str) -> list[str]:
    """What base64 in the text says that a person could read."""
    texts = []
    for match in _BASE64.finditer(text):
        coded = match[0].replace("-", "+").replace("_", "/").rstrip("=")
        with suppress(ValueError):
            texts.append(base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-8"))
    return list(filter(_is_readable, texts))


def _is_readable(text: str) -> bool:
    return text.isprintable() and len(text) >= LEAST and text.count(" ") >= len(text) // 15


_LETTERS = str.maketrans("013457l", "oieasti")
WINDOW = 40  # letters and figures in a row that nobody writes by chance as the prompt has them; guess
HALF = WINDOW // 2


class Leak:
    """`seen(piece)` says whether the canary ends in this piece."""

    def __init__(self, canary: str) -> None:
        self._forms = _forms(canary)
        self._tail = ""  # the end of what was read, squeezed: a canary cut by a sentence's end shows up here

    def seen(self, text: str) -> bool:
        """Whether the secret stands in the text, or comes to stand there together with what was read before."""
        read = self._tail + _squeeze(text)
        leaks = any(form in read for form in self._forms)
        self._tail = "" if leaks else read[-200:]
        return leaks


class Recital:
    """`stands_in(text)` says whether a text recites another: spaced, cased, turned round, in code or in disguise."""

    def __init__(self, *secret: str) -> None:
        folded = [_folded(one) for one in secret]
        self._windows = {part for one in folded for part in _parts(one, WINDOW)}
        self._halves = {part for one in folded for part in _parts(one, HALF)}

    def stands_in(self, text: str) -> bool:
        """Whether WINDOW characters in a row are those of the secret text."""
        if len(text) < WINDOW:  # in any code it is longer
            return False
        folded = {_folded(reading) for reading in readings(text)}
        return any(map(self._is_in, folded | {one[::-1] for one in folded}))

    def _is_in(self, squeezed: str) -> bool:
        # wherever a window of the text begins, one of these parts lies whole in it
        if self._halves.isdisjoint(_parts(squeezed, HALF, step=HALF)):
            return False
        return not self._windows.isdisjoint(_parts(squeezed, WINDOW))


def _parts(text: str, length: int, step: int = 1) -> Iterator[str]:
    return (text[at : at + length] for at in range(0, len(text) - length + 1, step))


def _folded(text: str) -> str:
    """Squeezed, with figures as the letters that they are written for: "R3v34l" is "reveal"."""
    return _squeeze(text).translate(_LETTERS)


def _squeeze(text: str) -> str:
    return squeezed(unicodedata.normalize("NFKC", text))


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
