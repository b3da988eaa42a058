"""Two lines of print into one: whether the hyphen at the line's end belongs to the word.

The document itself decides where it writes the word elsewhere. Else figures, capitals and some beginnings keep their
hyphen, and a dictionary knows words that have none: the whole words of the embedder's vocabulary.
"""

import re
from collections.abc import Collection, Iterable
from functools import cache, reduce

from knowledge.text.words import data_file, vocabulary

HYPHENS = "\x02\ufffe\xad"  # what pdfium writes at a line's end, and soft hyphens
_LONGEST = 300  # characters of an address
_AROUND = ".,;:()[]\"'“”‘’!?"
_WRAPPED = re.compile(r"(?<=[^\W_][-‐‑/@])\n\s*")
_ENDING = re.compile(r"(?:s|es|ed|ing|ly|ness|able|ment|ments|er|ers)$")


def joined(text: str, row: str, words: Collection[str]) -> str:
    """The two as one line: "the self-" and "service portal" give "the self-service portal".

    `words`: those that stand whole in the document, in small letters.
    """
    if not text or not row:
        return text or row
    shown = f"{text[:-1]}-" if text[-1] in HYPHENS else text
    if _is_one(shown[-_LONGEST:], re.split(r"\s", row[:_LONGEST], maxsplit=1)[0].rstrip(_AROUND)):
        return shown + row
    ends = text[-1] in HYPHENS
    if not ends and not (text[-1] in "-‐‑" and text[-2:-1].isalnum()):
        return f"{text} {row}"
    head = text[:-1]
    if re.match(r"(?:and|und|oder|bzw|sowie)\b", row):  # which end no word: "Personal- und Finanzabteilung"
        return f"{head}- {row}"
    before, after = (
        re.split(r"\s", head[-_LONGEST:])[-1].strip(_AROUND),
        re.split(r"\s", row, maxsplit=1)[0].strip(_AROUND),
    )
    links = r"(?:bis|et|ou|y|o)\b" if _parts_words(words) else r"(?:and|or|to|bis|et|ou|y|o)\b"
    if not ends and re.match(links, row):
        return f"{text} {row}"  # "pre- and post-sales"
    return f"{head}-{row}" if _keeps(before, after, words) else head + row


def joined_rows(rows: Iterable[str], words: Collection[str]) -> str:
    """The rows as one line."""
    return reduce(lambda above, row: joined(above, row, words), rows, "")


def unwrapped(text: str) -> str:
    """The text without line breaks behind hyphens and strokes: "the self-" and "service portal" are one line."""
    return joined_rows(_WRAPPED.split(text), ())


def _is_one(text: str, first: str) -> bool:
    """Whether an address, a range or a pair goes on: "https://intra.example/" "leave/2026", "10–" "12", "and/" "or"."""
    address = re.search(r"(?:://|www\.)\S*[/_=&?-]$", text)
    url = address and (text[-1] == "-" or re.match(r"[a-z\d][\w-]*[/._?=]\w", first))
    pair = re.search(r"[^\W\d_]/$", text) and first[:1].isalpha() and not address
    mail = re.search(r"[^\W_]@$", text)
    return bool(
        url
        or pair
        or mail
        or ("@" in first and text.endswith("-"))
        or (re.search(r"\d–$", text) and first[:1].isdigit())
    )


def mended(text: str, after: str, words: Collection[str]) -> tuple[str, str]:
    """Both, the word that was broken between them in the first: of "every differ-", "ence to" "every difference"."""
    broken = text[-1:] and text[-1] in HYPHENS + "-‐‑" and text[-2:-1].isalnum() and after[:1].islower()
    end, _, rest = after.partition(" ")
    return (joined(text, end, words), rest) if broken else (text, after)


def _keeps(before: str, after: str, words: Collection[str]) -> bool:
    one, two = before.lower(), after.lower()
    whole, parted = one + two, f"{one}-{two}"
    if parted in words or whole in words:
        return parted in words
    if not before or not after:
        return bool(after)
    if not before[-1].islower() or not after[0].islower():  # figures, capitals
        return True
    if "-" in before:
        return not _known(one.rsplit("-", 1)[-1] + two)
    if len(one) == 1:  # "e-mail": nobody breaks a word behind its first letter
        return True
    rules = _rules()
    if re.split("['’]", one)[-1] in rules["keep_fr"] or two in rules["tails_fr"]:  # "l'après-midi", "au-delà"
        return True
    if parted.endswith(tuple(rules["inverted_fr"])):  # "pouvez-vous"
        return True
    if _known(whole) or _parts_words(words):
        return False
    if one in rules["keep"]:
        return True
    if one in rules["join"] or two in rules["endings"]:
        return False
    if two in rules["tails"] and (one in words or _known(one)):
        return True
    return len(one) > 2 and len(two) > 2 and (one in words or _known(one)) and (two in words or _known(two))


def _parts_words(words: Collection[str]) -> bool:
    """Whether the document is in a language that has words parted at a line's end, and hardly any with a hyphen."""
    is_english = "the" in words and "of" in words
    return not is_english and any(all(one in words for one in pair.split()) for pair in _rules()["no_compounds"])


def _known(word: str) -> bool:
    """Whether a dictionary has the word, or what it is formed from."""
    known = vocabulary()
    stem = _ENDING.sub("", word)
    is_form = len(stem) > 3 and stem != word and (stem in known or stem + "e" in known)
    return is_form or (len(word) > 2 and word.isalpha() and word in known)


@cache
def _rules() -> dict[str, frozenset[str]]:
    data = {**data_file("knowledge.read", "hyphens_en.toml"), **data_file("knowledge.read", "hyphens_fr.toml")}
    return {name: frozenset(listed) for name, listed in data.items()}
