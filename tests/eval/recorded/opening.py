"""`python -m tests.eval.recorded.opening`: how soon the first sentence of an answer can be shown, by prompt version.

In: answers.jsonl (answer@v3) and opening.jsonl (answer@v4), written by careful readers to the same prompts, who had
seen no code; verdicts_2.jsonl: what others, blind, replied about them to verify@v2; opening_judged.jsonl: which of two
a blind judge would rather have had. Out: first sentences that pass at once since they are copied, and the seconds to
them, reckoned from tokens with a model that needs FIRST_TOKEN_S to its first and writes TOKENS_PER_S, for the answer
and for the verifier, beside a bot that checks nothing.
"""

import json
from collections import Counter
from collections.abc import Mapping
from statistics import median

from bot.check.claims import Claim, copied, prepare
from bot.check.stream import Stream
from bot.llm.cost import tokens
from tests.eval.recorded.__main__ import FIRST_TOKEN_S, TOKENS_PER_S, WRITTEN, Row, key, pieces, rows, share
from tests.eval.recorded.record import PASSAGES

MARK_TOKENS = 4  # of " [12]." behind a sentence; guess
QUOTE_SHARE = 0.9  # of a claim's characters that verify@v1 quotes; median of verdicts.jsonl


def first(prompt: Row, answer: Row) -> tuple[Claim, bool] | None:
    """The first claim of an answer, and whether it passes without a call; None where nothing is answered."""
    sources = prepare(PASSAGES.validate_python(prompt["passages"]))
    stream = Stream(sources, prompt["question"])
    claims = (*stream.feed(answer["answer"]), *stream.finish())
    claim = next((c for c in claims if c.kind not in ("plain", "over")), None)
    return claim and (claim, copied(claim, sources) is not None)


def unchecked(claim: Claim) -> float:
    """Seconds to the first sentence's end."""
    return FIRST_TOKEN_S + (tokens(claim.unmarked) + MARK_TOKENS) / TOKENS_PER_S


def waited(claim: Claim, verdict: Row | None) -> float:
    """Seconds to the verdict on it: the one that was written to verify@v2, else what verify@v1 asks for."""
    quote = claim.unmarked[: int(QUOTE_SHARE * len(claim.unmarked))]
    row = verdict or {"supported": True, "quote": quote, "source": 1, "wrong": ""}
    said = {"claims": [{"id": 1} | {name: row[name] for name in WRITTEN if name in row}]}
    return FIRST_TOKEN_S + len(pieces(json.dumps(said, separators=(",", ":") if verdict else None))) / TOKENS_PER_S


def report(name: str, openings: Mapping[str, tuple[Claim, bool]], verdicts: Mapping[tuple[str, str], Row]) -> None:
    said = {i: verdicts.get((i, key(claim.unmarked))) for i, (claim, _) in openings.items()}
    later = {i: 0.0 if passes else waited(claim, said[i]) for i, (claim, passes) in openings.items()}
    written = {i: unchecked(claim) for i, (claim, _) in openings.items()}
    shown = {i: written[i] + later[i] for i in openings}
    print(f"{name}: pass at once {share(sum(passes for _, passes in openings.values()), len(openings))};", end=" ")
    print(f"first sentence, median: unchecked {median(written.values()):.2f} s, shown {median(shown.values()):.2f} s;")
    print(f"  a verdict, where one is waited for: {median(filter(None, later.values())):.2f} s", end="; ")
    print(f"of them not supported: {sum(not row['supported'] for row in said.values() if row)}")


def main() -> None:
    prompts = {row["id"]: row for row in rows("prompts.jsonl") if row["passages"]}
    third = {a["id"]: a for a in rows("answers.jsonl") if a["voice"] == "faithful"}
    fourth = {a["id"]: a for a in rows("opening.jsonl")}
    both = sorted(third.keys() & fourth.keys() & prompts.keys())
    second = {(v["id"], key(v["claim"])): v for v in rows("verdicts_2.jsonl")}
    for version, answers in (("answer@v3", third), ("answer@v4", fourth)):
        openings = {i: one for i in both if (one := first(prompts[i], answers[i])) is not None}
        report(f"{version}, verify@v1", openings, {})
        ruled = {i: o for i, o in openings.items() if o[1] or (i, key(o[0].unmarked)) in second}
        report(f"{version}, verify@v2", ruled, second)
    for kind, wanted in (("yes-or-no questions", True), ("others", False)):
        better = Counter(row["better"] for row in rows("opening_judged.jsonl") if row["yes_no"] is wanted)
        print(f"a blind judge, {kind}: better with {dict(better)}")


if __name__ == "__main__":
    main()
