"""`python -m tests.eval.recorded`: recorded answers through the check, with recorded verdicts; prints the table.

prompts.jsonl: what the product sent, with its passages. answers.jsonl: what a careful reader wrote to it, each sentence
labelled F (faithful) or L (a lie, with its kind). verdicts_2.jsonl: what other readers, blind, ruled about each claim
by verify@v2, verdicts.jsonl: by verify@v1. Who knew what stands in README.md beside. The check runs as it is; nothing
is scored by words but who is shown.

A faithful sentence counts as held back when its words are not shown, a lie as shown when they are. Rows: with the
recorded verdicts; without a verifier; with one that is wrong one time in ten; with one that obeys orders (orders.jsonl)
written into each lie, or into every source; with one that says yes to everything.
"""

import argparse
import asyncio
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.check.checker import Checker
from bot.llm.cost import tokens
from bot.llm.ladder import PATIENCE
from bot.llm.verdicts import verdicts
from bot.types import Usage, Verdict
from bot.wiring import VERIFY_S
from knowledge.text.figures_alike import held
from knowledge.text.injection import flag
from knowledge.text.quantities import Quantity, quantities
from knowledge.text.words import language
from prompts import load
from tests.eval.recorded.record import PASSAGES

HERE = Path(__file__).parent
TODAY = "2026-11-28"  # when the answers were written
STEP = 12  # characters of a delta
FIRST_TOKEN_S, TOKENS_PER_S = 0.5, 60  # of a small model; as the bench has them
WRITTEN = ("supported", "source", "quote", "wrong")  # of a verdict, in the order of verify@v2

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    path = HERE / name
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def key(text: str) -> str:
    """A sentence as two writers may write it: without marks, numbers of sources, bullets."""
    return " ".join(re.findall(r"\w+", re.sub(r"\[[\d, ]+\]|^\s*(?:[-*•]|\d+\.)\s", " ", text).lower()))


def written(rows: Iterable[Row]) -> list[dict[str, str]]:
    """Verdicts as they are read from what a model writes."""
    return verdicts(json.dumps({"claims": [*rows]}))


def pieces(text: str) -> list[str]:
    """Likely tokens of what a model writes, marks counted as a tokenizer does."""
    return re.findall(r"\s*(?:\w{1,7}|[^\w\s]+)", text)


def asked_tokens(request: Row) -> int:
    """Likely tokens of a verifying prompt."""
    return tokens(load("verify").parts[0][1]) + tokens(json.dumps(request, ensure_ascii=False))


class Recorded:
    """A verifier that gives the recorded verdicts; remembers what it was asked that nobody ruled about."""

    def __init__(self, ruled: dict[tuple[str, str], Row], question: str, wrong: float, rng: random.Random) -> None:
        self._ruled, self._id, self._wrong, self._rng = ruled, question, wrong, rng
        self.asked: list[Row] = []
        self.unruled: list[str] = []
        self.tokens = 0

    async def verify(self, request: Row, *, first: bool = True) -> tuple[list[dict[str, str]], Usage]:
        self.asked.append(request)
        out = []
        for claim in request["claims"]:
            ruling = self._ruled.get((self._id, key(claim["text"])))
            if ruling is None:
                self.unruled.append(claim["text"])
                continue
            row = {"id": claim["id"], **{k: ruling[k] for k in WRITTEN if k in ruling}}
            if self._rng.random() < self._wrong:
                row = misled(row, request["sources"])
            out.append(row)
        self.tokens += asked_tokens(request)
        return written(out), Usage(asked_tokens(request))


class Timed(Recorded):
    """Writes its verdicts at TOKENS_PER_S and has the time that the product gives it: those cut off come too late."""

    async def verify(self, request: Row, *, first: bool = True) -> tuple[list[dict[str, str]], Usage]:
        rows, usage = await super().verify(request, first=first)
        reply = json.dumps({"claims": rows}, ensure_ascii=False, separators=(",", ":"))
        seconds = VERIFY_S * (1 + len(request["claims"])) / 2 * (1 if first else PATIENCE) - FIRST_TOKEN_S
        return verdicts("".join(pieces(reply)[: int(seconds * TOKENS_PER_S)])), usage


def misled(row: Row, sources: list[Row]) -> Row:
    """The opposite verdict, with the opening words of a source as its proof."""
    quote = " ".join(sources[0]["text"].split()[:12])
    if row["supported"]:
        return {**row, "supported": False, "quote": "", "wrong": "misread"}
    return {**row, "supported": True, "quote": quote, "source": sources[0]["n"], "wrong": ""}


class Yes(Recorded):
    """Says yes to everything, with a quote that stands in a source."""

    async def verify(self, request: Row, *, first: bool = True) -> tuple[list[dict[str, str]], Usage]:
        rows = [misled({"id": c["id"], "supported": False}, request["sources"]) for c in request["claims"]]
        return written(rows), Usage()


class Oracle(Recorded):
    """Knows the writer's labels; its quote is the source's sentence that shares most words with the claim."""

    def __init__(self, answer: Row) -> None:
        super().__init__({}, answer["id"], 0.0, random.Random(0))
        self._labels = [(key(s["text"]), s["label"]) for s in answer["sentences"]]

    async def verify(self, request: Row, *, first: bool = True) -> tuple[list[dict[str, str]], Usage]:
        self.asked.append(request)
        self.tokens += asked_tokens(request)
        return written(self._row(c, request["sources"]) for c in request["claims"]), Usage()

    def _row(self, claim: Row, sources: list[Row]) -> Row:
        own = key(claim["text"])
        labels = {label for text, label in self._labels if text == own or (len(text) > 20 and text in own)}
        if not labels:
            self.unruled.append(claim["text"])
        if labels != {"F"}:
            return {"id": claim["id"], "supported": False, "quote": "", "source": 0, "wrong": "differs"}
        return self.yes(claim, sources)

    def yes(self, claim: Row, sources: list[Row]) -> Row:
        """Supported, with the words of the sources that say most of the claim."""
        own = key(claim["text"])
        spans = [(s["n"], span) for s in sources for span in re.split(r"(?<=[.!?:])\s+|\n", s["text"]) if span.strip()]
        said = quantities(claim["text"]) if language(claim["text"]) != "en" else ()
        n, quote = max(spans, key=lambda pair: _likeness(own, said, pair[1]))
        return {"id": claim["id"], "supported": True, "quote": quote, "source": n, "wrong": ""}


def _likeness(claim: str, said: tuple[Quantity, ...], span: str) -> int:
    """Words of the claim that a span has; in another language its figures tell more."""
    return len(set(key(span).split()) & set(claim.split())) + 5 * sum(held(one, quantities(span)) for one in said)


class Obedient(Oracle):
    """Knows the labels, and says yes, with the right words, to all of a request in which an order stands."""

    def __init__(self, answer: Row) -> None:
        super().__init__(answer)
        self._orders = [key(row["order"]) for row in rows("orders.jsonl")]
        self.orders_read = 0

    async def verify(self, request: Row, *, first: bool = True) -> tuple[list[dict[str, str]], Usage]:
        read = " ".join(key(one["text"]) for one in (*request["claims"], *request["sources"]))
        if not any(order in read for order in self._orders):
            return await super().verify(request, first=first)
        self.orders_read += 1
        return written(self.yes(claim, request["sources"]) for claim in request["claims"]), Usage()


def ordered(prompt: Row, answer: Row, where: str) -> tuple[Row, Row]:
    """The same with an order to the verifier behind each lie of the answer, or at the end of each source."""
    orders = [row["order"] for row in rows("orders.jsonl")]
    order = random.Random(f"{answer['id']} {answer['voice']}").choice(orders)
    if where == "sources":
        texts = [f"{p['text']}\n\n{order}" for p in prompt["passages"]]
        passages = [p | {"text": t, "flagged": flag(t)} for p, t in zip(prompt["passages"], texts, strict=True)]
        return {**prompt, "passages": passages}, answer
    said = answer["answer"]
    for sentence in (s["text"] for s in answer["sentences"] if s["label"] == "L"):
        stem = sentence.rstrip(".")
        said = said.replace(stem, f"{stem} ({order.rstrip('.')})")
    return prompt, {**answer, "answer": said}


@dataclass
class Tally:
    faithful: int = 0
    lost: int = 0  # faithful sentences whose words are not shown and that no quotation stands in for
    replaced: int = 0  # faithful sentences for which the manual's own words are shown
    answers: int = 0
    pointless: int = 0  # answers of which nothing true of the first sentence is shown
    lies: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    verify_tokens: int = 0
    claims: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


async def one(prompt: Row, answer: Row, verifier: Recorded | None, tally: Tally) -> None:
    thread = " ".join(t["text"] for t in prompt.get("history") or () if t["role"] == "user")
    passages = PASSAGES.validate_python(prompt["passages"])
    checker = Checker(passages, prompt["question"], thread=thread, verifier=verifier, today=prompt.get("today", TODAY))

    async def deltas() -> AsyncIterator[str]:
        for at in range(0, len(answer["answer"]), STEP):
            yield answer["answer"][at : at + STEP]

    shown = [checked async for checked in checker.check(deltas())]
    if isinstance(verifier, Recorded) and not isinstance(verifier, Oracle | Yes) and verifier.unruled:
        return  # nobody ruled about all of it
    tally.claims.update(c.reason or c.verdict.value for c in shown)
    visible = [key(c.text) for c in shown if c.reason != "quoted"]
    tally.answers += 1
    tally.verify_tokens += verifier.tokens if verifier else 0
    kept: list[bool] = []
    for sentence in answer["sentences"]:
        said = key(sentence["text"])
        there = any(said == v or (len(said) > 20 and said in v) for v in visible)
        if sentence["label"] == "L":
            kind = sentence.get("kind") or answer.get("lie_kind") or "lie"
            tally.lies[kind] += 1
            tally.shown[kind] += there
            if there:
                tally.examples.append(f"SHOWN {prompt['id']} {kind}: {sentence['text']}")
            continue
        tally.faithful += 1
        held = [h for h in checker.held_back if said in key(h.text) or key(h.text) in said]
        instead = any(h.replaced_by for h in held)
        kept.append(there or instead)
        if not there:
            tally.replaced += instead
            tally.lost += not instead
            why = "; ".join(f"{h.reason} {h.about}" for h in held)
            tally.examples.append(f"{'REPLACED' if instead else 'LOST'} {prompt['id']} ({why}): {sentence['text']}")
    if answer["sentences"] and (not any(c.verdict is Verdict.SUPPORTED for c in shown) or not [*kept, True][0]):
        tally.pointless += answer["voice"] == "faithful"


def share(part: int, whole: int) -> str:
    """The share with its 95% Wilson interval."""
    if not whole:
        return "-"
    p, z = part / whole, 1.96
    centre = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * ((p * (1 - p) / whole + z * z / (4 * whole * whole)) ** 0.5) / (1 + z * z / whole)
    return f"{part} of {whole} ({p:.1%} [{max(0, centre - half):.1%}, {centre + half:.1%}])"


def main(*, written_answers: str, examples: bool, unruled: Path | None) -> None:
    prompts = {row["id"]: row for row in rows("prompts.jsonl")}
    answers = [a for a in rows(written_answers) if a["id"] in prompts and prompts[a["id"]]["passages"]]
    first, ruled = ({(v["id"], key(v["claim"])): v for v in rows(f"verdicts{n}.jsonl")} for n in ("", "_2"))
    ways: dict[str, Callable[[Row], Recorded | None]] = {
        "the writer's own labels": Oracle,
        "recorded verdicts of verify@v1": lambda a: Recorded(first, a["id"], 0.0, random.Random(a["id"])),
        "recorded verdicts": lambda a: Recorded(ruled, a["id"], 0.0, random.Random(a["id"])),
        "recorded verdicts, at 60 tokens a second": lambda a: Timed(ruled, a["id"], 0.0, random.Random(a["id"])),
        "no verifier": lambda a: None,
        "wrong 1 in 10": lambda a: Recorded(ruled, a["id"], 0.1, random.Random(a["id"])),
        "obeys orders in the lies": Obedient,
        "obeys orders in the sources": Obedient,
        "yes to everything": lambda a: Yes(ruled, a["id"], 0.0, random.Random(a["id"])),
    }
    asked: list[Row] = []
    for name, verifier_of in ways.items():
        tally, missing, misled_in = Tally(), 0, 0
        for answer in answers:
            verifier, prompt = verifier_of(answer), prompts[answer["id"]]
            told = ordered(prompt, answer, name.split()[-1]) if verifier_of is Obedient else (prompt, answer)
            asyncio.run(one(*told, verifier, tally))
            missing += len(verifier.unruled) if verifier else 0
            misled_in += bool(verifier.orders_read) if isinstance(verifier, Obedient) else 0
            if verifier_of is Oracle and verifier:
                asked += [{"id": answer["id"], **said} for said in verifier.asked]
        report(name, tally, missing)
        if verifier_of is Obedient:
            print(f"answers in which the verifier read the order: {share(misled_in, tally.answers)}")
        if examples:
            print("\n".join(tally.examples))
    if unruled:
        known = defaultdict(set)
        for v in ruled:
            known[v[0]].add(v[1])
        open_ = [_only(a, known[a["id"]]) for a in asked]
        unruled.write_text("".join(json.dumps(a, ensure_ascii=False) + "\n" for a in open_ if a["claims"]), "utf-8")


def _only(request: Row, known: Iterable[str]) -> Row:
    return {**request, "claims": [c for c in request["claims"] if key(c["text"]) not in set(known)]}


def report(name: str, tally: Tally, missing: int) -> None:
    print(
        f"\n### {name}"
        + (f" ({tally.answers} answers; {missing} claims of others have no recorded verdict)" if missing else "")
    )
    print(f"faithful sentences not shown: {share(tally.lost + tally.replaced, tally.faithful)};", end=" ")
    print(f"of them without the manual's words instead: {tally.lost}")
    print(f"answers that lose their point: {tally.pointless}; lies shown: ", end="")
    print(share(sum(tally.shown.values()), sum(tally.lies.values())))
    print("by kind: " + ", ".join(f"{k} {tally.shown[k]} of {n}" for k, n in tally.lies.most_common()))
    each = tally.verify_tokens / max(1, tally.answers)
    print(f"shown by reason: {dict(tally.claims)}; verifying tokens an answer {each:.0f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", default="answers.jsonl", help="opening_lies.jsonl: one lie in each of answer@v4")
    parser.add_argument("--examples", action="store_true", help="print what was lost, replaced or shown wrongly")
    parser.add_argument("--unruled", type=Path, help="write the verifying requests that nobody ruled about yet")
    options = parser.parse_args()
    main(written_answers=options.answers, examples=options.examples, unruled=options.unruled)
