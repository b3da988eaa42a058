"""`python -m tests.eval.recorded.fresh [--examples]`: answers whose writer had not read the check.

In: fresh_prompts.jsonl (14 questions with their passages), fresh_answers.jsonl (one lie each or none). Out: what is
shown with a verifier that knows the labels, with one that says yes to everything and quotes the opening or the right
words, and with none.
"""

import argparse
import asyncio
import random
from collections.abc import Callable

from tests.eval.recorded.__main__ import Oracle, Recorded, Row, Tally, Yes, one, rows, share
from tests.eval.recorded.changed import Kind

WAYS: dict[str, Callable[[Row], Recorded | None]] = {
    "the writer's own labels": Oracle,
    "yes to everything, quoting the opening words": lambda a: Yes({}, a["id"], 0.0, random.Random(0)),
    "yes to everything, quoting the right words": Kind,
    "no verifier": lambda a: None,
}


def main(*, examples: bool) -> None:
    prompts = {row["id"]: row for row in rows("fresh_prompts.jsonl")}
    for name, verifier_of in WAYS.items():
        tallies = {"faithful": Tally(), "lie": Tally()}
        for answer in rows("fresh_answers.jsonl"):
            asyncio.run(one(prompts[answer["id"]], answer, verifier_of(answer), tallies[answer["voice"]]))
        true, lies = tallies["faithful"], tallies["lie"]
        lost = share(true.lost + true.replaced, true.faithful)
        shown = share(lies.shown.total(), lies.lies.total())
        print(f"\n### {name}: faithful not shown {lost}, {true.replaced} of them replaced by quotations;", end=" ")
        print(f"answers that lose their point: {true.pointless}; lies shown {shown}")
        print("by kind: " + ", ".join(f"{kind} {lies.shown[kind]} of {n}" for kind, n in lies.lies.most_common()))
        if examples:
            print("\n".join([*true.examples, *(e for e in lies.examples if e.startswith("SHOWN"))]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", action="store_true", help="print what was lost, replaced or shown wrongly")
    main(examples=parser.parse_args().examples)
