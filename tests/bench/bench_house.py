"""python -m tests.bench.bench_house: lines of code; files of ours that one question enters; CPU of a quoted answer.

Counted while a warm process answers README's question from the sample manual; the model is the scripted one.
"""

import asyncio
import json
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from bot import wiring
from bot.answering.assistant import final
from bot.demo.run import EXAMPLES, SAMPLE
from bot.log import configure
from bot.settings import Settings
from bot.types import Question
from tests.llm_server import FakeLLM

ROOT = Path(__file__).parent.parent.parent
OURS = tuple(f"{ROOT / package}/" for package in ("bot", "knowledge", "prompts"))


def lines() -> dict[str, int]:
    """Lines that are neither empty nor a comment, by package."""
    counted = {}
    for package in ("bot", "knowledge", "prompts", "tests"):
        texts = [path.read_text(encoding="utf-8").splitlines() for path in (ROOT / package).rglob("*.py")]
        counted[package] = sum(
            bool(line.strip()) and not line.strip().startswith("#") for text in texts for line in text
        )
    return counted


async def entered(settings: Settings) -> tuple[int, int]:
    """(files of ours, function calls) for the second of two questions, in all threads."""
    files: set[str] = set()
    calls, counting = 0, False

    def note(frame: FrameType, event: str, _: Any) -> None:
        nonlocal calls
        if counting and event == "call" and frame.f_code.co_filename.startswith(OURS):
            files.add(frame.f_code.co_filename)
            calls += 1

    threading.setprofile(note)
    sys.setprofile(note)
    async with wiring.assistant(settings, cache=False) as asking:
        await final(asking.assistant, Question("1", "Who approves business class?"))
        counting = True
        await final(asking.assistant, Question("2", EXAMPLES[0]))
        counting = False
    sys.setprofile(None)
    return len(files), calls


async def cpu_ms(settings: Settings) -> float:
    """CPU of one answer without a model, the mean over the gold questions; the first few only warm up."""
    asked = [json.loads(line)["question"] for line in (ROOT / "tests/eval/gold.jsonl").open(encoding="utf-8")][:30]
    async with wiring.assistant(settings, cache=False) as asking:
        for number, text in enumerate([*asked[:3], *asked]):
            if number == 3:
                began = time.process_time()
            await final(asking.assistant, Question(str(number), text))
    return (time.process_time() - began) / len(asked) * 1000


def main() -> None:
    print(f"{'lines of code':<28}{lines()}")
    with tempfile.TemporaryDirectory() as data:
        quoting = Settings(data=Path(data))
        options: dict[str, Any] = {"collection": "default", "prune": False, "rebuild": False, "ocr": False}
        wiring.ingest(quoting, [SAMPLE], progress=lambda *_: None, **options)
        print(f"{'quotes: ms of CPU':<28}{asyncio.run(cpu_ms(quoting)):.0f}")
        print(f"{'quotes: files, calls':<28}{asyncio.run(entered(quoting))}")
        print(f"{'a model: files, calls':<28}{asyncio.run(written(data))}")


async def written(data: str) -> tuple[int, int]:
    async with FakeLLM() as llm:
        return await entered(Settings(data=Path(data), openai_api_key="key", openai_base_url=llm.url))


if __name__ == "__main__":
    configure("error")
    main()
