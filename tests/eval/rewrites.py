"""What a rewrite adds to retrieval: the gold's keywords played back as a model's rewrites; prints a Markdown table.

    POLICYBOT_DATA=data python -m tests.eval.rewrites GOLD_WITH_KEYWORDS.jsonl

Each question goes through the real Assistant, the rewrite call through the openai client. Rows: own words alone, own
words and rewrite fused at several weights, and the keywords alone, which is the ceiling to come near. With
`tests/eval/languages/sample.jsonl --wording question_de --rewritten question` the English question is played back as
the rewrite of the German one.
"""

import argparse
import asyncio
import dataclasses
from pathlib import Path

import bot.answering.search
from bot import wiring
from bot.answering.assistant import final
from bot.evaluation import gold, metrics
from bot.settings import load
from tests.llm_server import FakeLLM

FIGURES = ("evidence@300w", "evidence@750w", "evidence@1500w", "mrr@10", "doc@5")


async def run(path: Path, collection: str, weights: list[float], wording: str, rewritten: str) -> None:
    with path.open(encoding="utf-8") as lines:
        cases = list(gold.cases(lines, collection))
    keywords = {case.id: case.question.text for case in cases if case.wording == rewritten}
    own = [c for c in cases if c.wording == wording and c.answerable and c.evidence and c.id in keywords]
    recorded = {" ".join(case.question.text.split()): keywords[case.id] for case in own}
    print(f"| n={len(own)} | refused | " + " | ".join(FIGURES) + " |\n" + "|---" * (len(FIGURES) + 2) + "|")
    async with FakeLLM("no_answer", rewrites=recorded) as llm:
        base = dataclasses.replace(load(), openai_api_key="k", openai_base_url=llm.url)
        bot.answering.search.REWRITE_S = 20.0

        async def row(name: str, *, rewrite: bool, by_keywords: bool = False) -> None:
            found, refused = [], 0
            async with wiring.assistant(dataclasses.replace(base, rewrite=rewrite), cache=False) as parts:
                for case in own:
                    question = case.question
                    if by_keywords:
                        question = dataclasses.replace(question, text=keywords[case.id])
                    answer = await final(parts.assistant, question)
                    if answer.error is not None:
                        raise SystemExit(answer.error[1])
                    found.append(metrics.retrieval(case, answer.passages))
                    refused += (answer.confidence or 0.0) < base.refuse_below
            cells = [f"{sum(r[f] for r in found) / len(found):.3f}" for f in FIGURES]
            print(f"| {name} | {refused / len(own):.3f} | " + " | ".join(cells) + " |", flush=True)

        await row("own words", rewrite=False)
        for weight in weights:
            bot.answering.search.REWRITE_WEIGHT = weight
            await row(f"fused, rewrite x {weight:g}", rewrite=True)
        await row("keywords alone", rewrite=False, by_keywords=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--collection", default="default")
    parser.add_argument("--weights", nargs="+", type=float, default=[0.5, 1.0, 1.5, 2.0, 3.0])
    parser.add_argument("--wording", default="question")
    parser.add_argument("--rewritten", default="question_keywords")
    options = parser.parse_args()
    asyncio.run(run(options.gold, options.collection, options.weights, options.wording, options.rewritten))
