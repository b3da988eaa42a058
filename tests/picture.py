"""python -m tests.picture: docs/images/answer.png, the sample manual's answer as it comes to a Slack (needs chromium).

The real path: the manual is ingested, `serve` answers a mention on the fake Slack without any model, and what it posted
there is laid out as Slack does. Only the page around it is ours.
"""

from __future__ import annotations

import asyncio
import html
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from PIL import Image, ImageChops

from bot import wiring
from bot.demo.workspace.state import Message
from bot.log import configure
from bot.settings import Settings
from tests.slack_server import FakeSlack

QUESTION = "How many days may I work from another EU country?"
PICTURE = Path(__file__).parent.parent / "docs/images/answer.png"
MANUAL = Path(__file__).parent.parent / "bot/demo/manual"
STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
THUMB = (
    '<svg viewBox="0 0 20 20"><path d="M6 9v8H3V9zm0 0 3.5-6.5c1.5 0 2.2 1 1.9 2.3L10.8 8H16c1 0 1.6.9 1.4 1.8'
    'l-1.2 5.6c-.2.9-.9 1.6-1.9 1.6H6"/></svg>'
)


async def posted() -> Message:
    """The bot's answer in the thread of a mention."""
    with tempfile.TemporaryDirectory() as data:
        async with FakeSlack() as slack:
            settings = Settings(
                data=Path(data),
                slack_bot_token=slack.bot_token,
                slack_app_token=slack.app_token,
                slack_api_url=slack.url,
                docs_url="https://docs.example.com",
            )
            options: dict[str, Any] = {"collection": "default", "prune": False, "rebuild": False, "ocr": False}
            wiring.ingest(settings, [MANUAL], progress=lambda *_: None, **options)
            serving = asyncio.create_task(wiring.serve(settings, http_port=None))
            await slack.wait_for(lambda: slack.deliverer.connections, "a connection", timeout_s=60)
            question = slack.people.mention("C1", "U1", QUESTION)

            def ended() -> Message | None:
                return next((m for m in slack.replies(question) if m.streaming_state in (None, "completed")), None)

            answer = await slack.wait_for(ended, "an answer", timeout_s=60)
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            return answer


def page(answer: Message) -> str:
    """The thread as HTML."""
    asked = f'<span class="mention">@policybot</span> {html.escape(QUESTION)}'
    body = MarkdownIt("commonmark", {"html": False}).render(answer.text) + "".join(map(_block, answer.blocks))
    return (
        f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style>'
        + _message("M", "#4a7c59", "Mira Sander", "", "9:41 AM", f"<p>{asked}</p>")
        + '<div class="thread">1 reply</div>'
        + _message("p", "#1f3a5f", "policybot", '<span class="app">APP</span>', "9:41 AM", body)
    )


def _message(letter: str, color: str, name: str, mark: str, time: str, body: str) -> str:
    return (
        f'<div class="message"><div class="face" style="background: {color}">{letter}</div><div>'
        f'<span class="name">{name}</span>{mark}<span class="time">{time}</span>{body}</div></div>'
    )


def _block(block: dict[str, Any]) -> str:
    elements = block.get("elements", [])
    if block["type"] == "markdown":
        return MarkdownIt("commonmark", {"html": False}).render(block["text"])
    if block["type"] == "rich_text":
        return "".join(_rich(element) for element in elements)
    if block["type"] == "context":
        return f'<div class="context">{html.escape(" ".join(e["text"] for e in elements))}</div>'
    if block["type"] == "actions":
        shown = [f'<span class="button">{html.escape(button["text"]["text"])}</span>' for button in elements]
        return f'<div class="buttons">{"".join(shown)}</div>'
    if block["type"] == "context_actions":
        texts = [elements[0][f"{side}_button"]["text"]["text"] for side in ("positive", "negative")]
        shown = [f'<span class="button">{THUMB}{html.escape(text)}</span>' for text in texts]
        return f'<div class="buttons">{"".join(shown)}</div>'
    raise ValueError(f"a block of a type that the picture doesn't know: {block['type']}")


def _rich(element: dict[str, Any]) -> str:
    if element["type"] == "rich_text_list":
        items = [_parts(item["elements"]) for item in element["elements"]]
        return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    return f"<p>{_parts(element['elements'])}</p>" if element["type"] == "rich_text_section" else ""


def _parts(parts: Sequence[dict[str, Any]]) -> str:
    shown = ""
    for part in parts:
        text = html.escape(part["text"])
        text = f'<a href="#">{text}</a>' if part["type"] == "link" else text
        shown += f"<b>{text}</b>" if part.get("style", {}).get("bold") else text
    return shown


def picture(source: str, target: Path) -> None:
    """The page as a PNG, cut to what is on it."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("No chromium here: install it, or leave the picture as it is.")
    with tempfile.TemporaryDirectory() as folder:
        file, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        file.write_text(source, encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=2"]
        command = [chromium, *options, "--window-size=800,1600", f"--screenshot={shot}", file.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        whole = Image.open(shot).convert("RGB")
        left, top, right, bottom = ImageChops.difference(whole, Image.new("RGB", whole.size, "white")).getbbox()
        margin = 32
        cut = whole.crop((max(0, left - margin), max(0, top - margin), right + margin, bottom + margin))
        target.parent.mkdir(exist_ok=True)
        cut.quantize(64).save(target, optimize=True)


if __name__ == "__main__":
    configure("error")
    picture(page(asyncio.run(posted())), PICTURE)
    print(PICTURE)
