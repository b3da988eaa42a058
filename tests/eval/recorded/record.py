"""Questions and an index -> the prompts that the product sends, with their sources, for someone to answer.

    POLICYBOT_DATA=data python -m tests.eval.recorded.record QUESTIONS.jsonl --collection sample >> prompts.jsonl

A question of another collection is left out. The rewrite is the row's, else the question itself.
"""

import argparse
import asyncio
import dataclasses
import json
from collections.abc import AsyncGenerator
from pathlib import Path

from pydantic import TypeAdapter

from bot import wiring
from bot.answering.assistant import final
from bot.settings import load
from bot.types import Prompt, Question, Turn, Usage
from knowledge.types import Passage
from tests.llm_server import FakeLLM

PASSAGES = TypeAdapter(tuple[Passage, ...])


class Recorder:
    """A chat model that keeps the prompt and has no answer."""

    name = "recorder"
    prompt: Prompt | None = None

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage]:
        self.prompt = prompt
        yield "NO_ANSWER"


async def main(rows: list[dict], collection: str) -> None:
    async with FakeLLM("no_answer", rewrites={r["question"]: r["rewrite"] for r in rows if r.get("rewrite")}) as llm:
        settings = dataclasses.replace(load(), openai_api_key="k", openai_base_url=llm.url)
        async with wiring.assistant(settings, cache=False) as parts:
            recorder = Recorder()
            writer = parts.assistant._model
            assert writer is not None
            writer.chat = recorder
            for row in (row for row in rows if row["collection"] == collection):
                history = tuple(Turn(t["role"], t["text"]) for t in row.get("history") or ())
                recorder.prompt = None
                answer = await final(parts.assistant, Question(row["id"], row["question"], history))
                made = recorder.prompt
                print(
                    json.dumps(
                        {
                            **row,
                            "refused_before": made is None,
                            "confidence": answer.confidence,
                            "messages": [dataclasses.asdict(m) for m in made.messages] if made else [],
                            "passages": PASSAGES.dump_python(made.sources, mode="json") if made else [],
                        },
                        ensure_ascii=False,
                    )
                )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--collection", required=True)
    options = parser.parse_args()
    lines = options.questions.read_text(encoding="utf-8").splitlines()
    asyncio.run(main([json.loads(line) for line in lines], options.collection))
