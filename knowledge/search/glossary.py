"""People's words and the manual's: a question in, the same in the manual's words out. Knows no index.

Built in are some 1,000 words of workplaces (glossary.toml). What comes out is searched beside the question,
never instead of it. A company's own words stand in `glossary.yaml` in the folder of its manual; it is read whenever
the index is loaded: at the start, and when an ingest found a change.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from knowledge.files import GLOSSARY
from knowledge.text.words import data_file

MOST_BYTES = 1_000_000  # bytes of a company's file that are read; guess
GAP = " ... "  # in a word: up to three others stand there, "come in ... sunday"
_BETWEEN = r" (?:[\w'’-]+ ){0,3}"
GLOSSARY_WEIGHT = 0.3  # weight of the question in the manual's words, beside its own texts; guess


def built_in() -> Mapping[str, str]:
    """The words people use, in small letters, with those of manuals."""
    return data_file("knowledge.search", "glossary.toml")


def of_company(folders: Sequence[Path]) -> Mapping[str, str]:
    """The built-in words and, over them, those of each folder's `glossary.yaml`: `PTO: annual leave`, or a list.

    What is no such file counts as none: questions are answered all the same.
    """
    words = dict(built_in())
    for folder in folders:
        words |= _read(folder / GLOSSARY)[0]
    return words


def problems(folders: Sequence[Path]) -> list[str]:
    """What can't be read of the folders' files, each with what to do."""
    return [problem for folder in folders for problem in _read(folder / GLOSSARY)[1]]


def _read(file: Path) -> tuple[dict[str, str], list[str]]:
    """The words of a file with the manual's, and what is wrong in it; none of both where there is no file."""
    if not file.is_file():
        return {}, []
    import yaml

    wanted = "Write one line a word, `PTO: annual leave`, or `PTO: [annual leave, vacation]`."
    try:
        with file.open("rb") as stream:
            given = yaml.safe_load(stream.read(MOST_BYTES))
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        return {}, [f"{file}{where} can't be read, so its words are not known. {wanted}"]
    if not isinstance(given, dict | None):
        return {}, [f"{file} holds no words with their meaning, so none is known. {wanted}"]
    words: dict[str, str] = {}
    wrong: list[str] = []
    for word, manual in (given or {}).items():
        several = manual if isinstance(manual, list) else [manual]
        put = " ".join(str(one) for one in several if isinstance(one, str | int | float)).strip()
        if str(word).strip() and put:
            words[" ".join(str(word).lower().split())] = put
        else:
            wrong.append(str(word).strip() or "a line without a word")
    return words, [f"{file}: {', '.join(wrong)} has no words of the manual. {wanted}"] if wrong else []


def translated(question: str, words: Mapping[str, str]) -> str | None:
    """The question with its words in the glossary put as manuals put them; None where it has none.

    "how many PTO days do I get" -> "how many paid time off annual leave vacation days do I get"
    With `GAP` the words between go with it: "I came in last sunday" -> "I overtime on Sundays".
    """

    def put(match: re.Match[str]) -> str:
        word = match[0].lower().replace("’", "'")
        gapped = (one for one in words if GAP in one and _pattern((one,)).fullmatch(word))
        return words.get(word) or words.get(word.removesuffix("s")) or words[next(gapped)]

    out = _pattern(tuple(words)).sub(put, question)
    return None if out == question else out


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, the longest first; with an s behind it where that makes no other word ("gp", "GPS").

    By their first letters, which tells ten times as fast that none stands at a place.
    """
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        written = re.escape(word[1:]).replace("'", "['’]").replace(re.escape(GAP), _BETWEEN)
        by_letter.setdefault(word[0], []).append(written + "s?" * (len(written) > 2))
    any_of = "|".join(f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())
    return re.compile(rf"(?<![\w-])(?:{any_of})(?![\w-])", re.IGNORECASE)
