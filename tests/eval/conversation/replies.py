"""A chat endpoint that replays written replies, and keeps the prompts that have none.

In: a folder with replies.jsonl (rows key, reply). Out: open.jsonl there (key, messages), written at the end. The key is the
messages' SHA-256 with the random words of each request masked.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Self

from tests.eval.conversation.__main__ import rows
from tests.llm_server import FakeLLM, Request

RANDOM = re.compile(r"\b(?=[0-9a-zA-Z]*\d)(?=[0-9a-zA-Z]*[a-zA-Z])[0-9a-zA-Z]{8,40}\b|\b[0-9a-f]{8}\b")
TODAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


class Replies(FakeLLM):
    def __init__(self, folder: Path | None) -> None:
        super().__init__()
        self._folder = folder
        self._known = {row["key"]: row["reply"] for row in rows(folder / "replies.jsonl")} if folder else {}
        self.open: dict[str, list[dict[str, Any]]] = {}

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await super().__aexit__(*failure)
        if self._folder:
            lines = [json.dumps({"key": k, "messages": m}, ensure_ascii=False) + "\n" for k, m in self.open.items()]
            (self._folder / "open.jsonl").write_text("".join(lines), "utf-8")

    def text(self, request: Request) -> str:
        """The reply that was written to this prompt; NO_ANSWER to one that is seen for the first time."""
        messages = request.body["messages"]
        masked = RANDOM.sub("#", "\n".join(f"{m['role']}: {m['content']}" for m in messages))
        key = hashlib.sha256(masked.encode()).hexdigest()[:16]
        if key not in self._known:
            self.open[key] = messages
        return self._known.get(key, "NO_ANSWER")
