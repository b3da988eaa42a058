"""How alike the wordings of one question are, and of different ones: the threshold of bot.reporting.figures.

    python -m tests.eval.likeness GOLD.jsonl ...

GOLD has questions in several wordings (`question`, `question_*`). Prints, for each threshold, how many questions whose
wordings end in one group, and how many groups mix different questions.
"""

import random
import sys
from collections import Counter
from pathlib import Path

from bot.evaluation import gold
from bot.reporting import figures
from bot.reporting.figures import Unmet
from knowledge.index.embed import MiniLM


def main(paths: list[str]) -> None:
    model = MiniLM()
    for path in paths:
        cases = list(gold.cases(Path(path).read_text(encoding="utf-8").splitlines(), "default"))
        random.Random(0).shuffle(cases)
        unmet = [Unmet(c.id, c.question.text, "", "refused", False) for c in cases]
        rows = model.embed([one.text for one in unmet])
        print(f"{path}: {len(unmet)} wordings of {len({one.id for one in unmet})} questions")
        print("| threshold | groups | wordings grouped rightly | questions in one group |\n|---|---|---|---|")
        for threshold in (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7):
            figures.ALIKE = threshold
            groups = figures.together(unmet, lambda _, rows=rows: rows @ rows.T)
            pure = sum(Counter(one.id for one in group).most_common(1)[0][1] for group in groups)
            ids = {one.id for one in unmet}
            whole = sum(sum(any(one.id == key for one in group) for group in groups) == 1 for key in ids)
            print(f"| {threshold} | {len(groups)} | {pure / len(unmet):.2f} | {whole} |")


if __name__ == "__main__":
    main(sys.argv[1:])
