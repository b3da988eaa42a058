"""The report in the system's chromium at a phone's width, light and dark: no request, nothing cut, axe content."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from bot import wiring
from bot.reporting.figures import report, wanting
from bot.reporting.page import page as written
from bot.settings import load
from tests.browser import IN_BROWSER
from tests.traffic import DAYS, month

pytestmark = IN_BROWSER


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the month; texts are alike if they are the same."""
    folder, today = tmp_path_factory.mktemp("month"), datetime.now(UTC).date()
    with wiring.store(load({"POLICYBOT_DATA": str(folder)}, dotenv=None)) as store:
        month(store, today)
        first = today - timedelta(DAYS - 1)
        figures = report(
            store.asked.since(), store.spend.since(first), wanting({}, today), first=first, last=today,
            daily_tokens=150_000, daily_usd=0.0, alike=lambda texts: [[float(a == b) for b in texts] for a in texts],
        )  # fmt: skip
    page = folder / "report.html"
    page.write_text(written(figures), encoding="utf-8")
    return page


async def test_the_page_is_readable_on_a_phone(file: Path, browser: Browser) -> None:
    # axe is a script, which the page's own policy forbids
    context = await browser.new_context(viewport={"width": 390, "height": 800}, bypass_csp=True)
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: said.append(request.url) if not request.url.startswith("file:") else None)
    await page.goto(file.as_uri())
    await page.get_by_text("The figures of each day").click()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390, "nothing stands out on the right"
    assert (await page.locator("svg").count()) == 3
    smallest = await page.locator("svg text").first.evaluate("e => e.getBoundingClientRect().height")
    assert smallest > 8, "labels can be read"
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = (await Axe().run(page)).response["violations"]
        assert not [(scheme, one["id"], [node["target"] for node in one["nodes"]]) for one in found]
    await context.close()
    assert not said
