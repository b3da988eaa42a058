"""The demo in the system's chromium: a page that may not fail, log an error or ask for anything outside."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, async_playwright

from tests.demo.running import CHROMIUM, demo


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of the page of `policybot demo`, which runs as people run it."""
    with demo(tmp_path_factory.mktemp("demo")) as found:
        yield found


@pytest.fixture
async def browser_page() -> AsyncIterator[Page]:
    """An empty page."""
    if CHROMIUM is None:
        pytest.skip("no chromium here: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        page.set_default_timeout(30_000)
        wrong: list[str] = []
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda one: wrong.append(one.url) if urlsplit(one.url).hostname != "127.0.0.1" else None)
        yield page
        await browser.close()
        assert not [one for one in wrong if not one.startswith("data:")]


@pytest.fixture
async def page(browser_page: Page, address: str) -> AsyncIterator[Page]:
    """The demo's page, the bot online; at the end no call of the bot has broken a rule of Slack's."""
    await browser_page.goto(address)
    await browser_page.get_by_text("bot online").wait_for(timeout=180_000)
    yield browser_page
    rows = await (await browser_page.request.get(f"{address}wire")).json()
    assert [(row["name"], row["broken"]) for row in rows if row["broken"]] == []
