"""What splitting one manual into collections costs: the same questions asked of one collection, and of several merged.

python -m tests.eval.several_collections GOLD ... prints, for the sample manual whole and in three collections (the
handbook; canteen and visits; the pages), the figures of `policybot eval`.
"""

import argparse
import asyncio
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot import wiring
from bot.evaluation import gold
from bot.evaluation.run import results, summary, table
from bot.settings import Settings, load

MANUAL = Path(__file__).parents[2] / "bot/demo/manual"
SPLIT = {"handbook": ["handbook.pdf"], "visits": ["canteen.html", "customer-visits.docx"], "pages": ["pages"]}


def ingested(folder: Path) -> Settings:
    """The manual whole in "default", and in parts."""
    settings = load({"POLICYBOT_DATA": str(folder / "data")}, dotenv=None)
    for name, files in {"default": [f for part in SPLIT.values() for f in part], **SPLIT}.items():
        place = folder / name
        place.mkdir()
        for file in files:
            copy = shutil.copytree if (MANUAL / file).is_dir() else shutil.copy
            copy(MANUAL / file, place / file)
        wiring.ingest(
            settings, [place], collection=name, prune=False, rebuild=False, ocr=False, progress=lambda *_: None
        )
    return settings


async def _measured(settings: Settings, cases: list[gold.Case]) -> dict[str, Any]:
    return summary([one async for one in results(settings, cases)])


def main() -> None:
    """Both ways, one line each."""
    options = argparse.ArgumentParser()
    options.add_argument("gold", nargs="+", type=Path)
    files = options.parse_args().gold
    cases = [case for file in files for case in gold.cases(file.open(encoding="utf-8"), "default")]
    with tempfile.TemporaryDirectory() as folder:
        settings = ingested(Path(folder))
        for collections in (("default",), tuple(SPLIT)):
            asked = [replace(one, question=replace(one.question, collections=collections)) for one in cases]
            print("+".join(collections), table(asyncio.run(_measured(settings, asked))), sep="\n", flush=True)


if __name__ == "__main__":
    main()
