"""A stand-in for a language model: it copies sentences out of the prompt, and misbehaves in the manner asked for.

Speaks chat completions, streamed or whole. It is no model and says so; it shows what the bot does with one.
"""

import asyncio
import json
import re
from typing import Any, Literal, get_args

from aiohttp import web

Manner = Literal["honest", "slow", "lying", "breaking", "down"]
MANNERS = get_args(Manner)
NAME = "stand-in"
WORDS_PER_S = {"slow": 4.0}
USUAL_WORDS_PER_S = 14.0  # guess: slow enough to be watched
SLOW_FIRST_S = 8.0  # until the first word
BREAK_AFTER = 30  # words
INVENTED = "Everybody also gets a bonus of 7,350 euros in March [1]."
_PASSAGE = re.compile(r"^<(\S+) \[(\d+)\][^\n]*>\n(.*?)\n(?=<\1 \[|</\1>)", re.MULTILINE | re.DOTALL)
_QUESTION = re.compile(r"^Question: (.*)$", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


class StandIn:
    """`manner` may be changed at any time."""

    def __init__(self) -> None:
        self.manner: str = "honest"

    async def chat(self, http: web.Request) -> web.StreamResponse:
        """POST /chat/completions."""
        body = await http.json()
        if self.manner == "down":
            return web.json_response({"error": {"message": "The model is down", "type": "server_error"}}, status=503)
        text, answering = write(body["messages"], lying=self.manner == "lying")
        if not body.get("stream"):
            message = {"role": "assistant", "content": text}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            return web.json_response({"id": "1", "object": "chat.completion", "model": NAME, "choices": [choice]})
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(http)
        if answering and self.manner == "slow":
            await asyncio.sleep(SLOW_FIRST_S)
        for n, word in enumerate(re.findall(r"\s*\S+", text)):
            if self.manner == "breaking" and n >= BREAK_AFTER and http.transport is not None:
                http.transport.abort()
                return response
            await response.write(_event({"content": word}))
            if answering:
                await asyncio.sleep(1 / WORDS_PER_S.get(self.manner, USUAL_WORDS_PER_S))
        await response.write(_event({}, "stop") + b"data: [DONE]\n\n")
        return response


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    event = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": NAME, "choices": [choice]}
    return b"data: " + json.dumps(event).encode() + b"\n\n"


def write(messages: list[dict[str, Any]], *, lying: bool) -> tuple[str, bool]:
    """What is written to the prompt, and whether it is an answer (else a verdict, or a question for the search)."""
    if (claims := _claims(messages)) is not None:
        return claims, False
    prompt = "\n\n".join(message["content"] for message in messages)
    asked = _QUESTION.findall(prompt)
    question = asked[-1].strip() if asked else ""
    passages = [(int(n), text) for _, n, text in _PASSAGE.findall(prompt)]
    if not passages:
        return question, False
    chosen = _nearest(question, passages)
    sentences = [f"{sentence.rstrip('.')} [{n}]." for sentence, n in (_with_wrong_figures(chosen) if lying else chosen)]
    return " ".join([*sentences, INVENTED] if lying and sentences else sentences) or "NO_ANSWER", True


def _with_wrong_figures(chosen: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The same, the numbers of the first sentence that has any raised by seven."""
    at = next((i for i, (sentence, _) in enumerate(chosen) if re.search(r"\d", sentence)), len(chosen))
    wrong = [
        (re.sub(r"\d+", lambda number: str(int(number[0]) + 7), sentence), n) for sentence, n in chosen[at : at + 1]
    ]
    return [*chosen[:at], *wrong, *chosen[at + 1 :]]


def _nearest(question: str, passages: list[tuple[int, str]]) -> list[tuple[str, int]]:
    """Up to three sentences that share most words with the question or nearly so, in the order of the sources."""
    wanted = _words(question)
    ranked = [
        (-len(wanted & _words(sentence)), n, place, sentence.strip())
        for n, text in passages
        for place, sentence in enumerate(_SENTENCE.split(text))
        if len(sentence.split()) > 4 and sentence.strip().endswith(".")
    ]
    best = [row for row in sorted(ranked)[:3] if row[0] * 3 <= min(ranked)[0] * 2]
    return [(sentence, n) for _, n, _, sentence in sorted(best, key=lambda row: row[1:3])]


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}


def _claims(messages: list[dict[str, Any]]) -> str | None:
    """Verdicts, if this is the verifying call: no claim stands, for what is copied is asked of nobody."""
    verdict = {"supported": False, "quote": "", "source": 0, "wrong": "no source says it"}
    try:
        rows = [{"id": claim["id"], **verdict} for claim in json.loads(messages[-1]["content"])["claims"]]
    except (ValueError, KeyError, TypeError):
        return None
    return json.dumps({"claims": rows})
