"""Text -> words with stems, misspelt ones mended; its language; word lists (lists/, one file a language). Pure.

The rule kept: it knows function words and endings, no corpus: how rare a word is must come from the passages at hand.
A word is misspelt when neither the collection nor the embedder's dictionary has it, in no form, and one edit, or other
letters doubled, makes it a word of the dictionary: "vaction" -> "vacation", "reffered" -> "referred". Names and new
words, which neither makes known, stay as they are, and so do rare ones (rare_words.toml). Languages are told by
py3langid restricted to those that people write to the bot in: None without clear evidence, and English with a foreign
name or term in it is not foreign.
"""

import json
import re
import threading
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, lru_cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

import snowballstemmer
from rapidfuzz.distance import OSA

WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_SPELT = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_SIGN = re.compile(r"(?:\s?[€$£¥%])?")  # of the figure before it
_LETTERS = re.compile(r"[^\W\d_]+")
_OPENING_END = re.compile(r"[,.:;–—]")
_DOUBLED = re.compile(r"(.)\1+")
# Languages with a list of their own, by their stemmer.
LANGUAGES = {"en": "english", "de": "german", "tr": "turkish", "fr": "french", "es": "spanish"}
SHORTEST_MENDED = 5  # letters of a word that is mended, and then only to one that the collection has; guess
SHORTEST_BASE = 3  # letters of a word that another is a form of; guess
ENDINGS = ("s", "es", "ed", "er", "ers", "ing", "ings", "y", "ly", "in", "up", "out")  # "movers", "login"
_SURE = 0.85  # share of the two likeliest languages together: a message may be as good Danish as Norwegian
_ENGLISH_AT_MOST = 0.02  # share of English beside them
_FUNCTION_WORDS = 3  # different ones, and two words of five, make a text English
_LONGEST = 2_000  # characters that are looked at
RARE_WORDS = Path(__file__).parent / "rare_words.toml"
_MARKUP = re.compile(r"<[^<>\n]{1,300}>|https?://\S+|:[a-z0-9_+-]{1,40}:")


@cache
def data_file(package: str, name: str) -> Mapping[str, Any]:
    """What a TOML file of a package holds; read when first asked for, and once."""
    return tomllib.loads(resources.files(package).joinpath(name).read_text(encoding="utf-8"))


def filled(pattern: str, parts: Mapping[str, str]) -> str:
    """The pattern with the part that each %NAME% stands for in its place."""
    return re.sub("%([A-Za-z_]+)%", lambda name: filled(parts[name[1]], parts), pattern)


@cache
def word_list(name: str, language: str = "en") -> frozenset[str]:
    """The words of one list of lists/en.toml, "never_last" -> {"e.g", "cf", ...}."""
    return frozenset(data_file("knowledge.text", f"lists/{language}.toml")[name].split())


@cache
def vocabulary() -> Mapping[str, int]:
    """The usual words of English (30,000), the most frequent first: what the bundled embedder reads as one piece.

    Word ends as "##ing".
    """
    file = resources.files("knowledge.index").joinpath("minilm", "tokenizer.json")
    numbers: dict[str, int] = json.loads(file.read_text(encoding="utf-8"))["model"]["vocab"]
    return numbers


def stopwords(language: str = "en") -> frozenset[str]:
    """Words that carry no meaning in a search or comparison: function words, words of asking and courtesy."""
    return word_list("stopwords", language if language in LANGUAGES else "en")


@cache
def rare_words() -> frozenset[str]:
    """Words of English that look like others misspelt, and that the embedder does not know: "scooter", "repaid"."""
    return frozenset(data_file("knowledge.text", RARE_WORDS.name)["words"].split())


_stemmer = cache(snowballstemmer.stemmer)
_STEMMING = threading.Lock()  # a stemmer keeps the word it works on in itself: two threads on one spoil both words


@lru_cache(maxsize=32_768)
def stem(word: str, language: str = "en") -> str:
    """The common form of a word (Snowball; English for other languages); short words and numbers stay as they are."""
    w = lowered(word).replace("’", "'").removesuffix("'s").replace("'", "")
    if len(w) <= 3 or not w.isalpha():
        return w.replace(",", "")
    with _STEMMING:
        return str(_stemmer(LANGUAGES.get(language, "english")).stemWord(w))


def lowered(text: str) -> str:
    """The text in small letters: "İzin" -> "izin", which Python's lower() gives a second dot; accents not set apart."""
    return unicodedata.normalize("NFC", text).replace("İ", "i").lower()


def unaccented(text: str) -> str:
    """The text without accents: "Málaga" -> "Malaga"."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def squeezed(text: str) -> str:
    """Letters and digits alone, however they are spelt: "1-800 772" -> "1800772"."""
    return "".join(c for c in text.casefold() if c.isalnum())


def words(text: str) -> list[str]:
    """The text's words and numbers, lower-cased, in order."""
    return WORD.findall(lowered(text))


def stems(text: str, language: str = "en") -> list[str]:
    """Stems of the words that carry meaning, in order, repeats kept."""
    empty = stopwords(language)
    return [stem(w, language) for w in words(text) if w not in empty and (len(w) > 1 or w.isdigit())]


@cache
def word_lists(package: str, table: str = "") -> Mapping[str, tuple[str, ...]]:
    """{"up_to": ("up to", "at most", ...), ...} of the files in a package, or of one table in them; read once.

    A list that is written as one text is its words.
    """
    lists: dict[str, tuple[str, ...]] = {}
    for file in sorted(resources.files(package).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            data = data_file(package, file.name)
            for name, listed in (data.get(table, {}) if table else data).items():
                lists[name] = (*lists.get(name, ()), *(listed.split() if isinstance(listed, str) else listed))
    return lists


@cache
def compiled(package: str, table: str, name: str, flags: re.RegexFlag = re.NOFLAG) -> tuple[re.Pattern[str], ...]:
    """One list of a table as patterns; kept here: they are more than `re` itself keeps."""
    return tuple(re.compile(sign, flags) for sign in word_lists(package, table).get(name, ()))


def says(package: str, table: str, name: str, text: str, flags: re.RegexFlag = re.NOFLAG) -> bool:
    """Whether a text has one of the signs, regular expressions, of a table's list."""
    return any(sign.search(text) for sign in compiled(package, table, name, flags))


@cache
def pattern(package: str, table: str, form: str, flags: re.RegexFlag = re.I) -> re.Pattern[str]:
    r"""A form with any entry of a table's list in the place of its %name%: r"\b%until%\b"; kept as `compiled` are."""
    lists = {name: f"(?:{'|'.join(listed)})" for name, listed in word_lists(package, table).items()}
    return re.compile(filled(form, lists), flags)


@cache
def folded_list(package: str, name: str) -> frozenset[str]:
    """One list of a package's files in every language, folded as `spelt` folds a text (ß is ss)."""
    return frozenset(map(str.casefold, word_lists(package)[name]))


# Articles and the like, which a copy may add or leave out; what changes a sentence that it comes to or leaves ("not").
light, hinges = (partial(folded_list, "knowledge.text.lists", name) for name in ("light", "hinges"))


def located(text: str) -> list[tuple[str, int, int]]:
    """The words of a text, all spellings of one as one, with their places: "1,000 Tage" -> [("1,000", 0, 5), ...]."""
    return [
        (lowered(unicodedata.normalize("NFKC", m[0])).casefold().replace("’", "'"), m.start(), m.end())
        for m in _SPELT.finditer(text)
    ]


@lru_cache(maxsize=4_096)
def spelt(text: str) -> tuple[str, ...]:
    """The words of a text as sentences are compared by them, word for word."""
    return tuple(word for word, _, _ in located(text))


def opens_with(text: str, phrases: Collection[str]) -> bool:
    """Whether a text begins with one of the phrases, spelt as `folded_list` has them."""
    opening = spelt(text[:80])[:6]
    return any(" ".join(opening[:n]) in phrases for n in range(1, len(opening) + 1))


def has_phrase(text: str, phrases: Collection[str]) -> bool:
    """Whether one of the phrases, spelt as `folded_list` has them, stands in a text word for word."""
    spoken = f" {' '.join(spelt(text))} "
    return any(f" {phrase} " in spoken for phrase in phrases)


def opened(text: str, phrases: Collection[str]) -> str:
    """Less what it opens with, where that is one of the phrases: "Yes, two days" -> "Two days"."""
    first, rest = (*map(str.strip, _OPENING_END.split(text, maxsplit=1)), "")[:2]
    is_so = rest and first[:1].isalpha() and " ".join(spelt(first)) in phrases
    return rest[0].upper() + rest[1:] if is_so else text


def stretch(text: str, parts: Sequence[tuple[str, ...]]) -> tuple[int, int] | None:
    """From where to where the parts stand in a text word for word, one behind the other; None where they don't."""
    places, begins, after = located(text), [], 0
    there = tuple(word for word, _, _ in places)
    for part in filter(None, parts):
        stands_at = (i for i in range(after, len(there) - len(part) + 1) if there[i] == part[0])
        begin = next((i for i in stands_at if there[i : i + len(part)] == part), None)
        if begin is None:
            return None
        begins.append(begin)
        after = begin + len(part)
    if not begins:
        return None
    end = places[after - 1][2]
    sign = _SIGN.match(text, end)
    return places[begins[0]][1], sign.end() if sign else end


class Speller:
    """Holds the usual words of English and `rare` ones; no other than these is mended."""

    def __init__(self, rare: frozenset[str]) -> None:
        words = [word for word in vocabulary() if word.isalpha()]
        self._rare = rare
        self._rank = {word: n for n, word in enumerate(words)}
        self._alike: dict[tuple[str, int], list[str]] = {}  # by first letter and length
        self._single: dict[str, list[str]] = {}  # by the word with no letter doubled
        for word, single in zip(words, _single("\n".join(words)).split("\n"), strict=False):  # all at once
            self._alike.setdefault((word[:1], len(word)), []).append(word)
            self._single.setdefault(single, []).append(word)

    def knows(self, word: str) -> bool:
        """Whether it is rare, or the dictionary has it, or what it is a form of: "pinged" of "ping"."""
        if word in self._rare:
            return True
        bases = [word, *(word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending))]
        return any(base in self._rank or f"{base}e" in self._rank for base in bases if len(base) >= SHORTEST_BASE)

    def mended(self, text: str, is_known: Callable[[str], bool]) -> Mapping[str, str]:
        """Each misspelt word, in small letters, with the word meant: one the collection has before any other."""
        meant: dict[str, str] = {}
        for word in dict.fromkeys(_LETTERS.findall(text.lower())):
            if len(word) < SHORTEST_MENDED or self.knows(word) or is_known(word):
                continue
            near = [
                one
                for size in (len(word) - 1, len(word), len(word) + 1)
                for one in self._alike.get((word[0], size), ())
                if OSA.distance(word, one, score_cutoff=1) <= 1 and (is_known(one) or len(word) > SHORTEST_MENDED)
            ] or self._single.get(_single(word), [])
            if near:
                meant[word] = min(near, key=lambda one: (not is_known(one), self._rank[one]))
        return meant


@cache
def _speller() -> Speller:
    return Speller(rare_words())


def mended(text: str, is_known: Callable[[str], bool]) -> Mapping[str, str]:
    """The misspelt words with those meant; none of another language than English."""
    meant = _speller().mended(text, is_known)
    return meant if meant and language(text) in (None, "en") else {}


def _single(word: str) -> str:
    """The word with no letter doubled: that of "reffered" and "referred"."""
    return _DOUBLED.sub(r"\1", word)


def mend(text: str, words: Mapping[str, str]) -> str:
    """The text with these words in place of the misspelt ones; a capital, which may tell a name, stays."""

    def meant(match: re.Match[str]) -> str:
        word = words.get(match[0].lower(), match[0])
        return word[:1].upper() + word[1:] if match[0].istitle() else word

    return _LETTERS.sub(meant, text) if words else text


def language(text: str) -> str | None:
    """ISO 639-1 code of the text's language, "Wer zahlt das Hotel?" -> "de"; None when it can't be told."""
    text = _MARKUP.sub(" ", text[:_LONGEST])
    if text.isascii() and _plainly_english(text):
        return "en"
    letters = sum(c.isalpha() for c in text)
    if letters < 2:
        return None
    ranked = _identifier().rank(text)
    (first, most), (_, next_most) = ranked[:2]
    if first == "en":
        return "en" if most >= 0.5 else None
    english = dict(ranked)["en"]
    if most + next_most >= _SURE and english <= _ENGLISH_AT_MOST:
        return str(first)
    scripts = data_file("knowledge.text", "languages.toml")["scripts"]
    written = next((code for code, script in scripts.items() if len(re.findall(script, text)) * 3 > letters), None)
    return written or _by_function_words(text, [code for code, _ in ranked if code in LANGUAGES and code != "en"])


def _by_function_words(text: str, likely: Sequence[str]) -> str | None:
    """Of these languages, the likeliest first, the one of whose function words a text has more than of English ones."""
    if "¿" in text:
        return "es"
    spoken, untelling = set(words(text)), data_file("knowledge.text", "languages.toml")["untelling"].split()
    telling = {code: (spoken & stopwords(code)) - stopwords() - set(untelling) for code in likely}
    counts = {code: sum(len(word) > 2 or not word.isascii() for word in said) for code, said in telling.items()}
    best = max(likely, key=counts.__getitem__)
    return best if counts[best] > len(spoken & stopwords() - stopwords(best)) else None


def _plainly_english(text: str) -> bool:
    """Whether English function words abound: most messages, for which the model (a second to load) is not needed."""
    spoken = set(re.findall(r"[a-z]+", text.lower()))
    return len(spoken & stopwords()) >= max(_FUNCTION_WORDS, 0.4 * len(spoken))


@cache
def _identifier() -> Any:
    """The model, read once; it keeps nothing of a text, so threads may share it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(data_file("knowledge.text", "languages.toml")["recognised"].split())
    return identifier
