"""python -m tests.gallery [NAME ...]: docs/images/*.png and docs/gallery.md, from the running demo (needs chromium).

Each picture is a walk through the page in the system's browser; nothing is drawn or retouched, colours are reduced.
"""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bot.demo.run import EXAMPLES
from tests.browser import CHROMIUM
from tests.demo.running import demo

DOCS = Path(__file__).parent.parent / "docs"
DESK, PHONE = {"width": 1120, "height": 790}, {"width": 390, "height": 760}
WAIT = 60_000  # ms
HEAD = """# Pictures

Taken in a browser from `policybot demo` by `python -m tests.gallery`; docs/demo.md says what in it is real.
"""


def ask(page: Page, text: str) -> Locator:
    """The messages of the thread of a new question."""
    page.get_by_label("Message", exact=True).fill(f"@policybot {text}")
    page.get_by_label("Message", exact=True).press("Enter")
    return page.get_by_label("Thread", exact=True).locator(".message")


def answered(page: Page, text: str) -> Locator:
    """The same, with the finished answer."""
    messages = ask(page, text)
    expect(messages.filter(has=page.get_by_role("button", name="This answer helped"))).to_have_count(1, timeout=WAIT)
    page.mouse.move(0, 0)
    messages.last.evaluate("one => one.scrollIntoView({block: 'start'})")
    return messages


def faults(page: Page, model: str, manner: str = "honest") -> None:
    """Choose what answers."""
    page.get_by_role("button", name="Faults").click()
    choice = page.get_by_role("radio", name=model)
    if not choice.is_checked():
        choice.check()
        expect(page.locator("#botstate")).to_have_text("bot starting…", timeout=WAIT)
        expect(page.locator("#botstate")).to_have_text("bot online", timeout=WAIT)
    if model == "A stand-in":
        page.get_by_label("The stand-in is").select_option(manner)
    page.get_by_role("button", name="Close drawer").click()


def answer(page: Page) -> None:
    answered(page, EXAMPLES[0])


def refusal(page: Page) -> None:
    answered(page, EXAMPLES[3])


def manual(page: Page) -> None:
    answered(page, EXAMPLES[0]).get_by_role("button", name="Show in manual").click()
    picture = page.get_by_role("dialog").get_by_role("img").first
    expect(picture).to_have_js_property("complete", True, timeout=WAIT)
    picture.evaluate("one => one.scrollIntoView({block: 'end'})")


def reasons(page: Page) -> None:
    answered(page, EXAMPLES[1]).get_by_role("button", name="This answer did not help").click()
    expect(page.get_by_role("dialog")).to_be_visible(timeout=WAIT)


def streaming(page: Page) -> None:
    faults(page, "A stand-in")
    ask(page, EXAMPLES[0])
    expect(page.get_by_label("Thread", exact=True).locator(".streaming")).to_contain_text("[1]", timeout=WAIT)


def lying(page: Page) -> None:
    faults(page, "A stand-in", "lying")
    answered(page, EXAMPLES[0])


def wire(page: Page) -> None:
    faults(page, "None")
    answered(page, EXAMPLES[2])
    page.get_by_role("button", name="On the wire").click()
    row = page.locator("#rows summary", has_text="chat.stopStream").first
    row.click()


def drawer(page: Page) -> None:
    page.get_by_role("button", name="Faults").click()


Picture = tuple[str, str, Callable[[Page], None]]
PICTURES: list[Picture] = [  # file, caption, the walk; "-dark" and "-phone" in the name choose colours and size
    ("answer", "An answer without any model: the manual's own sentences, each with its place", answer),
    ("manual", "One click shows the place: the words in their paragraph and marked on the page", manual),
    ("refusal", "What the manual does not say is refused, with the sections that come closest", refusal),
    ("reasons", "A thumb down counts at once, then asks why", reasons),
    ("streaming-dark", "An answer while it is written: only checked sentences appear; Stop ends it", streaming),
    ("lying", "A model that lies: its changed figure and its invented rule are not shown", lying),
    ("faults", "What can be broken: the model, Slack, the bot", drawer),
    ("wire-dark", "What goes over the wire", wire),
    ("answer-dark-phone", "On a phone", answer),
]


def shot(browser: Browser, address: str, name: str, walk: Callable[[Page], None]) -> bytes:
    """One picture, as PNG."""
    page = browser.new_page(
        viewport=PHONE if "phone" in name else DESK,
        color_scheme="dark" if "dark" in name else "light",
        device_scale_factor=1.5,
        reduced_motion="reduce",
    )
    page.goto(address)
    expect(page.locator("#botstate")).to_have_text("bot online", timeout=WAIT)
    walk(page)
    page.wait_for_timeout(400)  # scrolling comes to rest
    taken = page.screenshot()
    page.close()
    return taken


def main(names: list[str]) -> None:
    assert CHROMIUM, "Install chromium, then run this again."
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, _, walk in PICTURES:
            if names and name not in names:
                continue
            with demo(Path(data)) as address:
                taken = shot(browser, address, name, walk)
            file = DOCS / "images" / f"{name}.png"
            Image.open(io.BytesIO(taken)).convert("RGB").quantize(128).save(file, optimize=True)
            print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")
    shown = [f"## {caption}\n\n![{caption}](images/{name}.png)\n" for name, caption, _ in PICTURES]
    (DOCS / "gallery.md").write_text("\n".join([HEAD, *shown]), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
