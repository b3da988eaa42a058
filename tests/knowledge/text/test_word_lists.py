"""Lists of words in files: each file is read once, however many of its tables are asked for."""

import tomllib
import unicodedata
from typing import Any

import pytest

from knowledge.text.words import data_file, spelt, stems, word_lists, words


def test_a_file_of_words_is_read_once_for_all_its_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def note(text: str) -> dict[str, Any]:
        read.append(text)
        return loads(text)

    loads = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", note)
    data_file.cache_clear()
    word_lists.cache_clear()
    for table in ("chat", "form", "addressed"):
        assert word_lists("bot.understanding.phrases", table)
    assert 0 < len(read) == len(set(read))


def test_a_word_is_the_same_with_a_turkish_capital_and_with_accents_set_apart() -> None:
    assert stems("İzin", "tr") == stems("izin", "tr") and spelt("İzin") == spelt("izin")
    assert words(unicodedata.normalize("NFD", "Überstunden")) == ["überstunden"]
