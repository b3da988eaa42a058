"""Evidence recall and cost of the prompt by context budget; prints a Markdown table.

    POLICYBOT_DATA=data python -m tests.eval.budgets tests/eval/gold.jsonl

Recall: share of questions whose evidence (80% of its word trigrams) stands in the passages that the prompt offers.
Tokens: the composed prompt's, as `prompting` estimates them; cost at list prices with ANSWER_TOKENS written.
"""

import argparse
from pathlib import Path

from bot import wiring
from bot.answering.model_writer import compose, worth_sending
from bot.answering.search import PASSAGES, Search
from bot.evaluation import gold
from bot.evaluation.metrics import ENOUGH, share
from bot.llm.cost import cost_usd, tokens
from bot.settings import load
from bot.understanding.follow_up import resolve
from knowledge.types import Query
from prompts import load as template

BUDGETS = (700, 1000, 1300, 1600, 2000, 2300, 3000)
ANSWER_TOKENS = 120
MODEL = "gpt-4o-mini"


def main(path: Path, collection: str, limit: int) -> None:
    with path.open(encoding="utf-8") as lines:
        cases = [c for c in gold.cases(lines, collection) if c.answerable and c.evidence]
    recall: dict[tuple[str, int], list[float]] = {}
    spent: dict[int, list[int]] = {}
    counts: dict[str, int] = {}
    with wiring.knowledge(load()) as parts:
        for case in cases:
            counts[case.wording] = counts.get(case.wording, 0) + 1
            if counts[case.wording] > limit:
                continue
            resolved = resolve(case.question)
            found = parts.retriever.search(Query(resolved.texts, collection, limit=PASSAGES))
            search = Search.of(resolved.standalone, found)
            ranked = worth_sending(f"{search.asked} {search.in_manual_words}", found.passages)
            for budget in BUDGETS:
                prompt = compose(
                    template("answer"), case.question, ranked,
                    budget_tokens=budget, delimiter="d" * 16, canary="c" * 16,
                    style="", language="en", today="2026-11-28",
                )  # fmt: skip
                whole = share(case.evidence, [p.text for p in prompt.sources]) >= ENOUGH
                recall.setdefault((case.wording, budget), []).append(float(whole))
                spent.setdefault(budget, []).append(sum(tokens(m.content) for m in prompt.messages))
    wordings = list(dict.fromkeys(wording for wording, _ in recall))
    heads = [f"recall, {w} (n={len(recall[w, BUDGETS[0]])})" for w in wordings]
    print("| budget | " + " | ".join(heads) + " | prompt tokens | USD per 50,000 questions |")
    print("|---" * (len(wordings) + 3) + "|")
    for budget in BUDGETS:
        mean = sum(spent[budget]) / len(spent[budget])
        cost = 50_000 * (cost_usd(MODEL, round(mean), ANSWER_TOKENS) or 0.0)
        row = [f"{sum(recall[w, budget]) / len(recall[w, budget]):.3f}" for w in wordings]
        print(f"| {budget} | " + " | ".join(row) + f" | {mean:.0f} | {cost:.2f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--collection", default="default")
    parser.add_argument("--limit", type=int, default=400, help="questions of each wording")
    options = parser.parse_args()
    main(options.gold, options.collection, options.limit)
