"""Answers in another language than the manual's: pairs of (sentence, the manual's own words), checked as they arrive.

Each line the model writes is `sentence ||| source sentence ||| n`. The source sentence must be supported by passage n
or exactly one other; the sentence may carry no number that the source sentence lacks. Both are shown: the reader gets
the answer in his language and the words it rests on. Pure; same interface as citations.Checker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.check.markers import without
from bot.check.stream import Secrets
from bot.check.support import judge
from bot.types import Checked, Support, Verdict
from knowledge.types import Passage

_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
MAX_LINE = 4000


class Translated:
    def __init__(self, sources: Sequence[Passage], *, canary: str = "") -> None:
        self._sources = sources
        self._secrets = Secrets(canary)
        self._buffer = ""
        self.dropped = 0
        self.reattributed = 0

    def feed(self, delta: str) -> list[Checked]:
        """Checked lines that `delta` completes."""
        self._buffer += delta
        *lines, self._buffer = self._buffer.split("\n")
        if len(self._buffer) > MAX_LINE:
            lines, self._buffer = [*lines, self._buffer], ""
        return [checked for line in lines for checked in self._check(line)]

    def finish(self) -> list[Checked]:
        lines, self._buffer = [self._buffer], ""
        return [checked for line in lines for checked in self._check(line)]

    def _check(self, line: str) -> list[Checked]:
        if not line.strip():
            return []
        sentence, _, rest = line.partition("|||")
        quoted, _, number = rest.partition("|||")
        sentence, quoted = without(sentence).strip(), without(quoted).strip().strip('“”"')
        leaks = self._secrets.leak(sentence)
        digits = {_plain(d) for d in _DIGITS.findall(quoted)}
        invented = any(_plain(d) not in digits for d in _DIGITS.findall(sentence))
        if not quoted or invented or leaks:
            self.dropped += 1
            return []
        cited = int(found[0]) if (found := re.findall(r"\d+", number)) else 0
        judged = {n: judge(quoted, source) for n, source in enumerate(self._sources, 1)}
        good = [n for n, judgement in judged.items() if judgement.supported]
        if cited not in good:
            if len(good) != 1:
                self.dropped += 1
                return []
            self.reattributed += 1
            cited = good[0]
        support = Support(cited, judged[cited].start, judged[cited].end)
        words = self._sources[cited - 1].text[support.start : support.end]
        shown = f"{sentence} (“{' '.join(words.split())}”)\n"
        return [Checked(shown, Verdict.SUPPORTED, (support,))]


def _plain(number: str) -> str:
    """A number without its separators, so that 1.000,50 and 1,000.50 compare equal."""
    return re.sub(r"[.,:]", "", number)
