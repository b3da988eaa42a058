"""`python -m tests.eval.recorded.opening`: how soon the first sentence of an answer can be shown, by prompt version.

In: answers.jsonl (answer@v3) and opening.jsonl (answer@v4), written by careful readers to the same prompts, who had
seen no code; opening_judged.jsonl: which of two a blind judge would rather have had. Out: first sentences that pass at
once since they are copied, and the seconds to them, reckoned from tokens with a model that needs FIRST_TOKEN_S to its
first and writes TOKENS_PER_S, for the answer and for the verifier, beside a bot that checks nothing.
"""

from __future__ import annotations

from collections import Counter
from statistics import median

from bot.check.claims import Claim, copied, prepare
from bot.check.stream import Stream
from bot.llm.cost import tokens
from tests.eval.recorded.__main__ import FIRST_TOKEN_S, TOKENS_PER_S, Row, rows, share
from tests.eval.recorded.record import PASSAGES

MARK_TOKENS = 4  # of " [12]." behind a sentence; guess
AROUND_QUOTE_TOKENS = 18  # of a verdict without its quote, as verify@v1 shows it
QUOTE_SHARE = 0.9  # tokens of the quote beside the claim's; median of verdicts.jsonl


def first(prompt: Row, answer: Row) -> tuple[Claim, bool] | None:
    """The first claim of an answer, and whether it passes without a call; None where nothing is answered."""
    sources = prepare(PASSAGES.validate_python(prompt["passages"]))
    stream = Stream(sources, prompt["question"])
    claims = (*stream.feed(answer["answer"]), *stream.finish())
    claim = next((c for c in claims if c.kind not in ("plain", "over")), None)
    return claim and (claim, copied(claim, sources) is not None)


def seconds(claim: Claim, *, passes: bool) -> tuple[float, float]:
    """To the first sentence's end unchecked, and as it is shown."""
    written = tokens(claim.plain) + MARK_TOKENS
    unchecked = FIRST_TOKEN_S + written / TOKENS_PER_S
    verdict = FIRST_TOKEN_S + (AROUND_QUOTE_TOKENS + QUOTE_SHARE * written) / TOKENS_PER_S
    return unchecked, unchecked + (0 if passes else verdict)


def main() -> None:
    prompts = {row["id"]: row for row in rows("prompts.jsonl") if row["passages"]}
    third = {a["id"]: a for a in rows("answers.jsonl") if a["voice"] == "faithful"}
    fourth = {a["id"]: a for a in rows("opening.jsonl")}
    both = sorted(third.keys() & fourth.keys() & prompts.keys())
    for version, answers in (("answer@v3", third), ("answer@v4", fourth)):
        openings = [one for i in both if (one := first(prompts[i], answers[i])) is not None]
        unchecked, shown = zip(*(seconds(claim, passes=passes) for claim, passes in openings), strict=True)
        print(f"{version}: pass at once {share(sum(passes for _, passes in openings), len(openings))};", end=" ")
        print(f"first sentence, median: unchecked {median(unchecked):.2f} s, shown {median(shown):.2f} s")
    for kind, wanted in (("yes-or-no questions", True), ("others", False)):
        better = Counter(row["better"] for row in rows("opening_judged.jsonl") if row["yes_no"] is wanted)
        print(f"a blind judge, {kind}: better with {dict(better)}")


if __name__ == "__main__":
    main()
