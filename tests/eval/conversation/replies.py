"""A chat endpoint that replays written replies, and keeps what nobody has replied to yet.

In: a folder with replies.jsonl. Rows: {asked, reply} for a reading or a writing call, where `asked` is the end of the
prompt after the passages, and a written answer's [n] stand for `passages` (n: how the passage begins), moved to the
numbers that these have in the prompt at hand; {claim, supported, quote, wrong} for a verifying call.
Out: open.jsonl there, the calls without a reply, written at the end. They got NO_ANSWER.
"""

import json
import re
from pathlib import Path
from typing import Any, Self

from tests import fake_verifier
from tests.eval.conversation.__main__ import rows
from tests.llm_server import PASSAGE, FakeLLM, Request

KEPT = re.compile(r"\S+ and the like stand for [^\n]*?as it is\.\s")
TASK = re.compile(r"\nToday is \d{4}-\d\d-\d\d\.\n")


def asked(content: str) -> str:
    """What is asked in a prompt's last message, without passages and date; people by the letters they once had."""
    people = re.sub(r"<PERSON_(\d)>(?=:| asks now)", lambda m: chr(64 + int(m[1])), KEPT.sub("", content))
    return " ".join(TASK.split(people)[-1].split())


def beginning(passage: str) -> str:
    return " ".join(passage.split())[:80]


class Replies(FakeLLM):
    def __init__(self, folder: Path | None) -> None:
        super().__init__()
        self._folder = folder
        written = rows(folder / "replies.jsonl") if folder else []
        self._replies = {asked(row["asked"]): row for row in written if "asked" in row}
        self._verdicts = {row["claim"]: row for row in written if "claim" in row}
        self.open: dict[str, dict[str, Any]] = {}

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await super().__aexit__(*failure)
        if self._folder:
            lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in self.open.values()]
            (self._folder / "open.jsonl").unlink(missing_ok=True)
            if lines:
                (self._folder / "open.jsonl").write_text("".join(lines), "utf-8")

    def text(self, request: Request) -> str:
        """The reply that was written to this call; NO_ANSWER to one that is seen for the first time."""
        messages = request.body["messages"]
        if (verifying := fake_verifier.asked(messages)) is not None:
            return json.dumps({"claims": [self._verdict(claim, verifying) for claim in verifying["claims"]]})
        content = messages[-1]["content"]
        row = self._replies.get(asked(content))
        if row is None:
            self.open[asked(content)] = {"asked": asked(content), "messages": messages}
            return "NO_ANSWER"
        here = {beginning(text): n for _, n, text in PASSAGE.findall(content)}
        missing = [text for text in row.get("passages", {}).values() if text not in here]
        if missing:
            self.open[f"moved: {asked(content)}"] = {"asked": asked(content), "missing": missing, "messages": messages}
            return "NO_ANSWER"
        return re.sub(r"\[(\d+)\]", lambda m: f"[{here[row['passages'][m[1]]]}]", row["reply"])

    def _verdict(self, claim: dict[str, Any], verifying: dict[str, Any]) -> dict[str, Any]:
        row = self._verdicts.get(claim["text"])
        if row is None:
            self.open[claim["text"]] = {"claim": claim["text"], "verifying": verifying}
            row = {"supported": False, "quote": "", "wrong": "nobody has ruled yet"}
        at = next((s["n"] for s in verifying["sources"] if row["quote"] and row["quote"] in s["text"]), 0)
        said = {key: row[key] for key in ("supported", "quote", "wrong")}
        return {"id": claim["id"], "source": at} | said
