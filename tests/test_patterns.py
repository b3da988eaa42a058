"""No regular expression takes exponential time: what it may repeat is repeated, and then it does not match.

Word lists hold patterns beside words, so a new line of data can stop the process: "id rather id rather ..." of 242
characters once took 38 seconds. Each repeat of each pattern is tried, with texts drawn from the pattern itself; what
takes polynomial time is found by test_linear_time.
"""

import contextlib
import random
import re
import time
import tomllib
from collections.abc import Iterator
from re import _constants as code  # type: ignore[attr-defined]  # the parser of `re` is the only one of its syntax
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from tests import often
from tests.test_architecture import ROOT
from tests.test_linear_time import modules

FEW, MORE = 12, 16  # repeats; exponential is 2^4 = 16 times the time, cubic (16 / 12)^3 = 2.4 times
GROWS = 5.0
FLOOR_S = 0.005
CATEGORIES = {code.CATEGORY_WORD: "a", code.CATEGORY_DIGIT: "7", code.CATEGORY_SPACE: " "}
Tree = list[tuple[Any, Any]]


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Each pattern of the data files and of the modules, with where it stands."""
    for path in [*(ROOT / "bot").rglob("*.toml"), *(ROOT / "knowledge").rglob("*.toml")]:
        for text in _texts(tomllib.loads(path.read_text(encoding="utf-8"))):
            if re.search(r"[*+{]", text):
                with contextlib.suppress(re.error):  # a word, no pattern
                    yield str(path.relative_to(ROOT)), re.compile(text, re.I)
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield f"{module.__name__}.{name}", value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def repeats(tree: Tree, before: Tree) -> Iterator[tuple[Tree, Tree]]:
    """(what stands before it, what is repeated) for each repeat without a small limit."""
    before = [*before]
    for kind, of in tree:
        inner: list[Any] = []
        if kind in (code.MAX_REPEAT, code.MIN_REPEAT):
            inner = [of[2]]
            if of[1] > MORE:
                yield [*before], of[2]
        elif kind in (code.SUBPATTERN, code.ASSERT, code.ASSERT_NOT):
            inner = [of[-1]]
        elif kind is code.BRANCH:
            inner = of[1]
        for one in inner:
            yield from repeats(list(one), before)
        before.append((kind, of))


def text_of(tree: Tree, draw: random.Random) -> str:
    """A text that the pattern matches, or nearly (what it looks ahead or back for is left out)."""
    return "".join(_piece(kind, of, draw) for kind, of in tree)


def _piece(kind: Any, of: Any, draw: random.Random) -> str:
    if kind in (code.LITERAL, code.RANGE):
        return chr(of if kind is code.LITERAL else draw.randint(*of))
    if kind is code.IN:
        return draw.choice("a 7") if of[0][0] is code.NEGATE else _piece(*draw.choice(of), draw)
    if kind is code.BRANCH:
        return text_of(draw.choice(of[1]), draw)
    if kind is code.SUBPATTERN:
        return text_of(of[-1], draw)
    if kind in (code.MAX_REPEAT, code.MIN_REPEAT):
        least, most, body = of
        times = draw.choice([least, min(max(least, 1), most), min(least + 2, most)])
        return "".join(text_of(body, draw) for _ in range(times))
    return "a" if kind in (code.ANY, code.NOT_LITERAL) else CATEGORIES.get(of, "")


def grows(pattern: re.Pattern[str], start: str, unit: str, end: str) -> bool:
    """Whether four repeats more take over five times the time, at the first length where the time can be told."""
    for whole in (pattern.search, pattern.fullmatch):
        taken: dict[int, float] = {}
        for times in (4, 8, FEW, MORE):
            began = time.process_time()
            whole(start + unit * times + end)
            taken[times] = time.process_time() - began
            if taken[times] > FLOOR_S and times > 4:
                return taken[times] > GROWS * taken[times - 4]
    return False


@pytest.mark.parametrize("half", [0, 1])
def test_no_pattern_takes_exponential_time(half: int) -> None:
    slow = set()
    for where, pattern in list(patterns())[half::2]:
        draw = random.Random(pattern.pattern)
        for before, body in repeats(list(parser.parse(pattern.pattern, pattern.flags)), []):
            for _ in range(often(4, 8)):
                start, unit = text_of(before, draw), text_of(list(body), draw)
                if any(grows(pattern, start, unit, end) for end in ("!x", "\0")):
                    slow.add(f"{where}: {start!r} + n * {unit!r}")
                    break
    assert slow == set()
