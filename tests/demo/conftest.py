"""The demo in the system's chromium: a page that may not fail, log an error or ask for anything outside."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.demo.running import demo
from tests.prepared import copy_of


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, manual_ingested: Path) -> Iterator[str]:
    """Of the page of `policybot demo`, which runs as people run it."""
    with demo(copy_of(manual_ingested, tmp_path_factory.mktemp("demo"))) as found:
        yield found


@dataclass
class Watched:
    """A page and what went wrong on it; a window of its own for each test would cost half a second."""

    page: Page
    wrong: list[str] = field(default_factory=list)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def watched(browser: Browser) -> Watched:
    context = await browser.new_context(reduced_motion="reduce")
    seen = Watched(await context.new_page())
    page, wrong = seen.page, seen.wrong
    page.set_default_timeout(30_000)
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda one: wrong.append(one.url) if urlsplit(one.url).hostname != "127.0.0.1" else None)
    return seen


@pytest_asyncio.fixture(loop_scope="session")
async def browser_page(watched: Watched) -> AsyncIterator[Page]:
    """An empty page, as large and light as at first; the demo's page keeps nothing beyond itself."""
    watched.wrong.clear()
    await watched.page.set_viewport_size({"width": 1280, "height": 800})
    await watched.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    yield watched.page
    await watched.page.goto("about:blank")
    assert not [one for one in watched.wrong if not one.startswith(("data:", "about:"))]


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser_page: Page, address: str) -> AsyncIterator[Page]:
    """The demo's page, the bot online; at the end no call of the bot has broken a rule of Slack's."""
    await browser_page.goto(address)
    await browser_page.get_by_text("bot online").wait_for(timeout=180_000)
    yield browser_page
    rows = await (await browser_page.request.get(f"{address}wire")).json()
    await browser_page.request.post(f"{address}do", data={"act": "reset"}, timeout=180_000)  # for whom it serves next
    assert [(row["name"], row["broken"]) for row in rows if row["broken"]] == []
