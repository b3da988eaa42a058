"""The verifying call as the fake model answers it, in many manners; knows nothing of bot/check.

`reply(request, manner)` takes the JSON that the product sends and gives the text that a model would. "words" judges by
shared words and numbers, which is enough for scripted models that copy; the others misbehave.
"""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from bot.errors import ModelTimeout, ModelUnavailable
from bot.llm.verdicts import verdicts
from bot.types import Usage

MANNERS = (
    "words",
    "strict",
    "brief",
    "yes",
    "no",
    "garbled",
    "fenced",
    "prose",
    "contradicts",
    "invents",
    "first-words",
    "silent",
)


class Reader:
    """Implements bot.check.verifier.Verifier without a wire; `hangs`: its calls, from 1, that come too late."""

    def __init__(self, manner: str = "words", hangs: Collection[int] = ()) -> None:
        self.manner, self.hangs, self.requests = manner, hangs, []

    async def verify(self, request: Mapping[str, Any], *, first: bool = True) -> tuple[list[dict[str, str]], Usage]:
        self.requests.append(request)
        if len(self.requests) in self.hangs:
            raise ModelTimeout("late")
        if self.manner == "down":
            raise ModelUnavailable("down")
        return verdicts(reply(self.requests[-1], self.manner)), Usage(10, 5)


def asked(messages: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The request in the last message, if this is a verifying call."""
    try:
        request = json.loads(messages[-1]["content"])
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    return request if isinstance(request, dict) and {"claims", "sources"} <= request.keys() else None


def reply(request: dict[str, Any], manner: str) -> str:
    rows = [_row(claim, request["sources"], manner) for claim in request["claims"]]
    if manner == "garbled":
        return '{"claims": [{"id": 1, "supported": tr'
    if manner == "silent":
        return '{"claims": []}'
    if manner == "contradicts":
        rows += [{**row, "supported": not row["supported"]} for row in rows]
    if manner == "brief":  # as verify@v2 shows it
        rows = [{name: value for name, value in row.items() if value or name == "supported"} for row in rows]
        return json.dumps({"claims": rows}, separators=(",", ":"))
    text = json.dumps({"claims": rows})
    if manner == "fenced":
        return f"```json\n{text}\n```"
    return f"Here is my verdict {{as asked}}:\n{text}\nI hope this helps." if manner == "prose" else text


def _row(claim: dict[str, Any], sources: list[dict[str, Any]], manner: str) -> dict[str, Any]:
    row = {"id": claim["id"], "supported": True, "quote": "", "source": sources[0]["n"] if sources else 0, "wrong": ""}
    if manner == "no":
        return {**row, "supported": False, "wrong": "not what the source says"}
    if manner == "invents":
        return {**row, "quote": "Employees may do exactly as the claim says"}
    if manner == "first-words":
        return {**row, "quote": " ".join(sources[0]["text"].split()[:6])}
    best, quote, source = _best(claim["text"], sources)
    if best < {"words": 0.75, "strict": 1.0}.get(manner, 0.0):
        return {**row, "supported": False, "wrong": "no source says it"}
    return {**row, "quote": quote, "source": source}


def _best(text: str, sources: list[dict[str, Any]]) -> tuple[float, str, int]:
    """Share of the claim's words in the sentence that has most of them; numbers all have to be there."""
    wanted = re.findall(r"\w+", text.lower())
    best = (0.0, "", 0)
    for source in sources:
        for sentence in re.split(r"(?<=[.!?:])\s+|\n", source["text"]):
            there = set(re.findall(r"\w+", sentence.lower()))
            share = sum(word in there for word in wanted) / (len(wanted) or 1)
            if any(word.isdigit() and word not in there for word in wanted):
                share = min(share, 0.5)
            best = max(best, (share, sentence.strip(), source["n"]))
    return best
