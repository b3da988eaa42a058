"""No text from outside takes more than its length deserves: twice the text, at most three times the time.

Every public function of the rooms that read outside text is found by walking their modules; one that takes a text first
is called as it is, one that needs more is listed in CALLS, and one that reads nothing from outside in NOT_OUTSIDE. A
new function that is in none of these fails the first test, so none is forgotten.
"""

import gc
import importlib
import inspect
import json
import pkgutil
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest

from bot.answering.scoring import Candidate
from bot.answering.wanted import on_another_side, sides, untold
from bot.check.claims import Claim, prepare
from bot.check.markers import MARKERS
from bot.check.stream import Stream
from bot.check.verifier import rulings
from bot.llm.verdicts import verdicts
from bot.privacy.find import Span, unheld
from bot.privacy.mask import Mask
from bot.privacy.numbers import is_called, is_other
from bot.privacy.people import Manual, People
from bot.types import Question, Turn
from bot.understanding.attacks import likely_attack
from bot.understanding.codes import another
from bot.understanding.edited import asks_another
from bot.understanding.in_place import in_place, joined, settles
from knowledge.read.html import read_html
from knowledge.text import figures_alike
from knowledge.text.injection import Leak
from knowledge.text.places import in_countries, with_countries
from knowledge.text.quantities import quantities
from knowledge.text.reckoned import applied, moments, reckoned, told
from knowledge.text.sentences import unfenced, units
from knowledge.text.sums import miscounted, sums, worked_out
from knowledge.text.words import spelt, stretch
from knowledge.types import Nearness, Passage

ROOMS = ("knowledge.text", "bot.privacy", "bot.understanding", "bot.check", "bot.slack.parse", "bot.slack.safe_text",
         "bot.slack.safe_characters", "bot.answering.quoting", "bot.answering.confidence", "bot.answering.wanted",
         "bot.answering.tables",
         "bot.answering.model_writer")  # fmt: skip
# characters, and twice that; the short ones because a reader that looks at 4,000 characters hides a square in more
LENGTHS = (20_000, 1_900)
FLOOR_S = 0.03  # below it a ratio says nothing
MOST = 3.0
CLEARLY = 2.6  # times: so little is no square, whatever else the machine does
STEADY = 6.25  # times a fifth of it: a square takes 25; with so little none that trebles hides in a sum with others
RUNS = 12  # a neighbour who fills the processor's caches slows some runs, not all

SHAPES = {
    "commas": ", ",
    "colons": ":",
    "stops": ". ",
    "spaces": " ",
    "line feeds": "\n",
    "brackets": "[",
    "angles": "<",
    "stars": "*",
    "ticks": "`",
    "abbreviations": "e.g. ",
    "figures": "1-",
    "hundreds": "hundred ",
    "digits": "9",
    "letters": "a",
    "exclamations": "!!! ",
    "sums": "$1",
    "points": "1.1.",
    "invisible": "\u200b",
    "words": "may you not ",
    "rows": "| a ",
    "quotes": "“a ",
    "names": "Anna B. ",
    "capitals": "Aa",
    "accounts": "DE12 ",
    "accounts with points": "DE12.",
    "accordions": "<button class=accordion aria-controls=a>B</button>",
    "headings that hold the next": "<h2><button role=tab id=b>B</button><div role=tabpanel aria-labelledby=b>",
}


def _passage(text: str) -> Passage:
    return Passage("c", "d", "T", (), text, 1.0)


def _stream(text: str) -> None:
    stream = Stream(prepare([_passage("Leave is 30 days.")]), "leave?")
    for at in range(0, len(text), 2000):
        stream.feed(text[at : at + 2000])
    stream.finish()


# What takes more than a text, by "module.function".
CALLS: dict[str, Callable[[str], Any]] = {
    "bot.answering.wanted.unnamed": lambda text: importlib.import_module("bot.answering.wanted").unnamed(
        text, frozenset({"a"}), [], named=False
    ),
    "bot.check.stream.Stream": _stream,
    "knowledge.text.injection.Leak": lambda text: Leak("CANARY-123").seen(text),
    "bot.check.claims.prepare": lambda text: prepare([_passage(text)]),
    "bot.check.verifier.rulings": lambda text: _ruled(text),
    "knowledge.read.html.read_html": lambda text: _page(text),
    "knowledge.text.places.with_countries": lambda text: with_countries(text, {"spain", "france"}.__contains__),
    "knowledge.text.places.in_countries": lambda text: in_countries(text, {"spain", "france"}.__contains__),
    "bot.understanding.in_english.asks_who": lambda text: importlib.import_module(
        "bot.understanding.in_english"
    ).asks_who(text),
    "bot.privacy.find.unheld": lambda text: unheld(text, [text]),
    "bot.privacy.contacts.is_contact": lambda text: importlib.import_module("bot.privacy.contacts").is_contact(
        text, Span("EMAIL", len(text) // 2, len(text) // 2 + 9)
    ),
    "bot.llm.verdicts.verdicts": lambda text: (verdicts("{" + text), verdicts('{"a": "' + text)),
    "knowledge.text.figures_alike.other_period": lambda text: figures_alike.other_period(text, text, "", is_row=True),
    "knowledge.text.figures_alike.crossed": lambda text: figures_alike.crossed(text, text),
    "knowledge.text.reckoned.reckoned": lambda text: (
        reckoned(text, text, quantities(text)),
        reckoned("For example, 7 km are 9.50 euros.", text, quantities(text)),
    ),
    "knowledge.text.sums.sums": lambda text: (list(sums(text)), list(sums(f"(2 + 3 x {text} = 5"))),
    "knowledge.text.sums.worked_out": lambda text: worked_out(text, quantities(text)),
    "knowledge.text.sums.miscounted": lambda text: miscounted(f"2 + 3 = 6 {text} x 4 = 7"),
    "knowledge.text.reckoned.moments": lambda text: moments(f"at 10:00, {text}"),
    "knowledge.text.reckoned.told": told,
    "knowledge.text.reckoned.applied": lambda text: applied(text, text, [text], "2026-11-30"),
    "bot.slack.message_text.typed": lambda text: importlib.import_module("bot.slack.message_text").typed(text, "U1"),
    "bot.answering.wanted.untold": lambda text: (untold(f"how to {text}", text), untold(text, "")),
    "bot.answering.wanted.on_another_side": lambda text: on_another_side(sides(text), text),
    "bot.answering.tables.picked": lambda text: importlib.import_module("bot.answering.tables").picked(
        text, [text[:400]]
    ),
    "bot.answering.confidence.sure": lambda text: _scored("sure", text),
    "bot.understanding.addressed.meant_for_bot": lambda text: _addressed("meant_for_bot", text, "thread"),
    "bot.understanding.addressed.confides": lambda text: _addressed("confides", text, lambda _: None),
    "bot.understanding.addressed.settled": lambda text: _addressed("settled", text, "thread"),
    "bot.understanding.addressed.untold": lambda text: _addressed("untold", text),
    "bot.understanding.addressed.likely_meant": lambda text: _addressed("likely_meant", text, [0.0] * 384, [0.0] * 384),
    "bot.understanding.addressed.doubtful": lambda text: _addressed("doubtful", text),
    "knowledge.text.sentences.unfenced": lambda text: unfenced(f"```{text}", MARKERS),
    "knowledge.text.words.stretch": lambda text: stretch(text, [spelt(text[:20]), spelt(text[-20:])]),
    "knowledge.text.words.mend": lambda text: importlib.import_module("knowledge.text.words").mend(
        text, {"vaction": "vacation"}
    ),
    "bot.answering.confidence.second": lambda text: _scored("second", text),
    "bot.answering.tables.table": lambda text: _table(text),
    "bot.understanding.phrases.phrases_in": lambda text: importlib.import_module(
        "bot.understanding.phrases"
    ).phrases_in("chat", text),
    "knowledge.text.figure_words.adjective": lambda text: importlib.import_module(
        "knowledge.text.figure_words"
    ).adjective(text, importlib.import_module("knowledge.text.figure_words").languages()[0]),
    "knowledge.text.figure_words.compound": lambda text: importlib.import_module(
        "knowledge.text.figure_words"
    ).compound(text, importlib.import_module("knowledge.text.figure_words").languages()[0]),
    "bot.understanding.follow_up.resolve": lambda text: _resolve(text),
    "bot.understanding.in_place.in_place": lambda text: in_place(text, text[::-1]),
    "bot.understanding.in_place.joined": lambda text: joined(text[::-1], text),
    "bot.understanding.in_place.settles": lambda text: (settles(text, "yes please"), settles("Shall I?", text)),
    "bot.understanding.edited.asks_another": lambda text: asks_another(text, text.replace("a", "b")),
    "bot.understanding.codes.another": lambda text: another(text, text[::-1]),
    "bot.understanding.in_english.in_english": lambda text: importlib.import_module(
        "bot.understanding.in_english"
    ).in_english(text, "fr"),
    "bot.understanding.attacks.likely_attack": lambda text: likely_attack(text, [0.0] * 384),
    "bot.privacy.numbers.is_called": lambda text: is_called(text, len(text) // 2, len(text) // 2 + 9, "phone"),
    "bot.privacy.numbers.is_other": lambda text: is_other(text, len(text) // 2),
    "bot.privacy.people.People": lambda text: People(Manual.of([text[:2_000]])).find(text),
    "bot.privacy.people.Manual": lambda text: Manual.of([text]).has(text[:2_000]),
    "bot.privacy.mask.Mask": lambda text: Mask(_figures).question(
        Question("q", text, (Turn("user", text), Turn("agent", text)))
    ),
}
# Written by us, not read from outside; or timed within another.
NOT_OUTSIDE = {
    "knowledge.text.figures_alike.same_value",
    "knowledge.text.words.compiled",
    "knowledge.text.words.data_file",
    "knowledge.text.words.filled",
    "knowledge.text.words.word_list",
    "knowledge.text.words.word_lists",
    "knowledge.text.figure_words.merged",
    "knowledge.text.figure_words.months_besides",
    "knowledge.text.figure_words.fraction_of",
    "knowledge.text.figure_words.times",
    "knowledge.text.figure_words.readings",  # digits that a pattern has found
    "knowledge.text.words.pattern",
    "knowledge.text.words.says",
    "knowledge.text.words.folded_list",
    # timed within another, which gives them its whole text and does little else
    "bot.answering.confidence.answer_signals",  # bot.answering.confidence.sure
    "bot.answering.confidence.sentence_signals",  # bot.answering.confidence.second
    "bot.answering.confidence.signals",  # bot.answering.confidence.confidence
    "bot.answering.tables.figures_asked",  # bot.answering.tables.picked
    "bot.answering.tables.interval",  # bot.answering.tables.picked
    "bot.answering.wanted.things",  # bot.answering.wanted.unnamed
    "bot.slack.safe_characters.clean",  # bot.slack.safe_text.as_text
    "bot.understanding.addressed.told",  # bot.understanding.addressed.likely_meant
    "bot.understanding.codes.codes",  # bot.answering.confidence.missing
    "knowledge.text.injection.flag",  # knowledge.text.injection.suspects
    "knowledge.text.figures_alike.exchanged",  # bot.check.verifier.rulings
    "bot.privacy.find.find",  # bot.privacy.find.unheld
    "bot.privacy.mask.alone",  # bot.privacy.mask.Mask
    "bot.privacy.numbers.last_said",  # bot.privacy.numbers.is_called
    "bot.privacy.mask.sent",  # bot.privacy.mask.Mask
    "bot.understanding.attacks.read",  # bot.understanding.attacks.likely_attack
    "bot.understanding.topics.matter",  # bot.understanding.topics.confided
    "bot.check.verifier.request",
    "bot.slack.parse.again_value",
}


def _figures(text: str) -> tuple[Span, ...]:
    """Some spans, as `find`, which is timed itself, would find them in a long text."""
    return tuple(Span("EMAIL", at, at + 2) for at in range(0, len(text) - 2, 100))


def _ruled(text: str) -> None:
    source = prepare([_passage("Leave is 30 days. " * 50)])[0]
    row = {"id": 1, "supported": True, "quote": text, "source": 1, "wrong": ""}
    rulings(verdicts(json.dumps({"claims": [row]})), {1: Claim(text, "sentence", (1,))}, [source], text)


def _page(text: str) -> None:
    with NamedTemporaryFile(suffix=".html") as page:
        page.write(text.encode())
        page.flush()
        list(read_html(Path(page.name)))


def _addressed(name: str, text: str, *more: Any) -> Any:
    addressed = importlib.import_module("bot.understanding.addressed")
    return getattr(addressed, name)(text, addressed.Scene(True, True, False, False), *more)


def _scored(name: str, text: str) -> None:
    near = [Nearness(0.5, 0.5, 0.5)]
    passages = [_passage("Leave is 30 days.")]
    call = getattr(importlib.import_module("bot.answering.confidence"), name)
    if "lead" in inspect.signature(call).parameters:
        call(text, passages, near, Candidate(1, 0, 1.0, near[0]), 0.5, by_row=False)
    else:
        call(text, passages, 1.0, near)


def _table(text: str) -> None:
    rows = units(text)
    if rows:
        importlib.import_module("bot.answering.tables").table(text, rows, 0)


def _resolve(text: str) -> None:
    resolve = importlib.import_module("bot.understanding.follow_up").resolve
    resolve(Question("q", text, (Turn("user", text), Turn("agent", "30 days."), Turn("user", text))))


def modules() -> Iterator[Any]:
    for name in ROOMS:
        module = importlib.import_module(name)
        yield module
        if hasattr(module, "__path__"):
            for info in pkgutil.walk_packages(module.__path__, name + "."):
                yield importlib.import_module(info.name)


def readers() -> dict[str, Callable[[str], Any]]:
    """Every public function whose only required argument is a text, and what CALLS lists."""
    found = dict(CALLS)
    for module in modules():
        for name, function in inspect.getmembers(module):
            if name.startswith("_") or not callable(function) or inspect.isclass(function):
                continue
            if getattr(function, "__module__", "") != module.__name__ or f"{module.__name__}.{name}" in NOT_OUTSIDE:
                continue
            needed = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
            if needed and needed[0].annotation in ("str", str):
                function = inspect.unwrap(function)  # what is remembered takes no time
                found.setdefault(f"{module.__name__}.{name}", function if len(needed) == 1 else _more(function, needed))
    return found


# By the name of a further argument: what it is given.
GIVEN: dict[str, Any] = {
    "asked": "How much leave?",
    "question": "How much leave?",
    "passages": [_passage("Leave is 30 days.")],
    "sources": prepare([_passage("Leave is 30 days.")]),
    "source": prepare([_passage("Leave is 30 days. " * 50)])[0],
    "phrases": {"so"},
    "sentence": "Gifts up to 25 pounds.",
    "source_texts": ["Leave is 30 days."],
    "known": (),
    "text": "Leave is 30 days.",
    "canary": "CANARY-123",
    "tell": None,
    "is_known": lambda word: False,
    "nearness_of": None,
    "embed": lambda texts: [[0.0] * 384 for _ in texts],
}


def _more(function: Callable[..., Any], needed: list[inspect.Parameter]) -> Callable[[str], Any] | None:
    """A call with what GIVEN has for the further arguments; None when it lacks one."""
    if not all(p.name in GIVEN for p in needed[1:]):
        return None
    rest = {p.name: GIVEN[p.name] for p in needed[1:]}
    return lambda text: function(text, **rest)


READERS = readers()


def test_every_reader_of_outside_text_can_be_called() -> None:
    assert sorted(name for name, call in READERS.items() if call is None) == []
    assert len(READERS) > 40


def seconds(call: Callable[[str], Any], text: str) -> float:
    """CPU time of this thread, whatever else runs, without that of collecting the garbage of others."""
    gc.disable()
    started = time.thread_time()
    call(text)
    took = time.thread_time() - started
    gc.enable()
    return took


def ratio(call: Callable[[str], Any], text: str) -> tuple[float, float]:
    """Seconds for the text and for twice the text: the best of runs, up to RUNS until they clearly tell."""
    once = twice = float("inf")
    for run in range(RUNS):
        # every text ends in another number, of two digits as none in it: what is remembered of the last is of no use
        twice = min(twice, seconds(call, f"{text}{text}{20 + 2 * run}"))
        if twice <= FLOOR_S:
            break
        if twice < STEADY * seconds(call, f"{text[: 2 * len(text) // 5]}{21 + 2 * run}"):
            break  # cheaper than to read half of it
        once = min(once, seconds(call, f"{text}{21 + 2 * run}"))
        if twice < CLEARLY * once:
            break
    return once, twice


@pytest.mark.parametrize("name", sorted(name for name, call in READERS.items() if call))
def test_twice_the_text_at_most_trebles_the_time(name: str) -> None:
    call = READERS[name]
    assert call is not None
    call("warm up, and load what is loaded once: 3 days")
    slow = {}
    for shape, length in product(SHAPES, LENGTHS):
        looks = [ratio(call, (SHAPES[shape] * length)[:length])]
        if looks[0][1] > max(MOST * looks[0][0], FLOOR_S):  # a neighbour may fill the caches for seconds: once more
            looks.append(ratio(call, (SHAPES[shape] * length)[:length]))
        if all(twice > max(MOST * once, FLOOR_S) for once, twice in looks):
            slow[shape, length] = [f"{once * 1e3:.1f} ms -> {twice * 1e3:.1f} ms" for once, twice in looks]
    assert slow == {}
