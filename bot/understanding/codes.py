"""A text -> the codes in it, "E-417", "5.1.2"; whether another text has them, however they are written. Pure."""

import re
from collections.abc import Sequence

from bot.privacy.mask import PLACEHOLDER
from knowledge.text.quantities import Quantity, quantities
from knowledge.text.words import filled, vocabulary, word_list

_JOINT = re.compile(r"(?<=[^\W\d_])[-./](?=\d)|(?<=\d)[-./](?=[^\W\d_])|(?<=[A-Z]{2}) (?=\d)")
# A number with a word is no code, "4-year-old" or "Covid-19", nor is a quarter, a business year or a week of one.
_CODE = re.compile(
    filled(
        r"""(?<![\w.])(?<!\w-)(?!(?i:[qh][1-4]|fy\d+|[ck]w\d+)(?!\w))(?:
        (?:[%A%]{1,4}[-/]){0,2}[%A%]{1,4}[-/]?\d[%A%\d]*(?:[-.][%A%\d]+)*  # "E-417", "ISO27001", "POL-HR-004"
        |(?:iso|iec|din)\d{3,}|0x[\da-fA-F]{4,}  # "iso9001", "0x80070057"
        |(?!up-to-)(?:[a-z]{2,4}-){2}(?!(?:19|20)\d\d(?!\w))\d{3,}  # "pol-hr-004", not "pre-tax-2026"
        |(?!(?:b4|[a-z]{1,2}8r?)(?!\w))(?P<word>[A-Za-z][a-z]{0,2})-?\d+(?:[-.]\d+)*  # "e-417"; not "b4", "gr8"
        |\d+-[%A%]+  # "6-B"
        |(?!\d{1,3}(?:\.\d{3})+(?!\w))\d+(?:\.\d+){2,}  # "5.1.2"
        )[a-rt-z]?(?=s?(?!\w))""",
        {"A": "A-ZÀ-ÖØ-ÞĞİŞ"},
    ),
    re.X,
)


def codes(text: str) -> list[str]:
    """The codes in a text, as they are written; `<EMAIL_1>` is none.

    >>> codes("a B2B customer's MP3 player shows E-417 and ISO9001")
    ['E-417', 'ISO9001']
    """
    found = _CODE.finditer(PLACEHOLDER.sub(" ", text))
    return [code[0] for code in found if not _is_word(code) and not any(map(_measures, quantities(code[0])))]


def _is_word(code: re.Match[str]) -> bool:
    """Whether it is a usual word with a figure, "mp3", or begins with one: "top-10", not "pwd-17" or "ex-7"."""
    letters = code["word"] or ""
    return code[0].lower() in word_list("words_with_figures") or (len(letters) > 2 and letters.lower() in vocabulary())


def _measures(one: Quantity) -> bool:
    return one.unit is not None or one.kind == "date"


def names(asked: Sequence[str], text: str) -> bool:
    """Whether one of the codes stands in the text."""
    return len(lacking(asked, text)) < len(asked)


def names_another(codes: Sequence[str], text: str) -> bool:
    """Whether the text is about another code of the same make: "E-417" where "E-633" was asked for."""
    makes = (re.sub(r"\d+", r"\\d+", re.escape(_bare(code))) for code in codes)
    return any(re.search(rf"(?<!\w){make}(?!\w)", _bare(text)) for make in makes)


def _bare(text: str) -> str:
    """Codes as one word, however they are written: "E502" and "e-502"."""
    return _JOINT.sub("", text).lower()


def lacking(asked: Sequence[str], text: str) -> list[str]:
    """Those of the codes that do not stand in the text."""
    bare = _bare(text)
    return [code for code in asked if not re.search(rf"(?<!\w){re.escape(_bare(code))}(?!\w)", bare)]


def another(own: str, before: str) -> tuple[str, str] | None:
    """A code, and the only one of its make before it, whose place it takes; None where there is none.

    >>> another("now it's E-611", "what does E-502 mean?"), another("E-611 and E-502", "what does E-502 mean?")
    (('E-611', 'E-502'), None)
    """
    new, known = codes(own), list(dict.fromkeys(codes(before)))
    if not set(new).isdisjoint(known):
        return None
    pairs = ((code, [one for one in known if _make(one) == _make(code)]) for code in new)
    return next(((code, alike[0]) for code, alike in pairs if len(alike) == 1), None)


def _make(code: str) -> str:
    return re.split(r"\d", code, maxsplit=1)[0]
