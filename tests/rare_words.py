"""Writes knowledge/text/rare_words.toml, words that the speller took for misspelt ones: `python -m tests.rare_words`.

Needs `apt-get install wamerican-small`, the words of SCOWL up to its size 35.
"""

import re
import textwrap
from pathlib import Path

from knowledge.text.words import RARE_WORDS, SHORTEST_MENDED, Speller, stem

WORDS = Path("/usr/share/dict/american-english-small")
# Of offices, and in no list of that size.
ALSO = """
beanie crypto ebike extinguisher ferret handover handovers inhaler moped mopeds respirator retiree retirees scooter
scooters shredder shredders smishing sublet surety torrent
"""
# Likelier misspelt "manager", "friends", "hotel", "department", "united", "install", "special", "premises".
MISSPELT = "manger mangers fiends hovel hovels deportment untied instal spacial premisses"
HEAD = "# Words that are misspelt others by nothing but their letters; of SCOWL (see NOTICE), by tests/rare_words.py.\n"


def main() -> None:
    """Write those of which the speller would make another word."""
    speller = Speller(frozenset())
    listed = {*re.findall(r"^[a-z]+$", WORDS.read_text(encoding="utf-8"), re.M), *ALSO.split()} - {*MISSPELT.split()}
    long = sorted(word for word in listed if len(word) >= SHORTEST_MENDED)
    taken = {word: speller.mended(word, lambda other, word=word: other != word).get(word, word) for word in long}
    rare = " ".join(word for word, other in taken.items() if stem(word) != stem(other))
    RARE_WORDS.write_text(f'{HEAD}words = """\n{textwrap.fill(rare, 118)}\n"""\n', encoding="utf-8")


if __name__ == "__main__":
    main()
