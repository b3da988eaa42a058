"""What the page makes of every type of block, and what it sends back: the page without a bot."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.bot_process import Bot
from bot.demo.hub import DemoSlack
from bot.demo.workspace.rules import check_blocks, check_view
from bot.demo.workspace.state import Delivery, Message, View
from tests.browser import IN_BROWSER
from tests.demo.test_page import barriers

pytestmark = IN_BROWSER
DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def choice(text: str) -> dict[str, Any]:
    return {"text": plain(text), "value": text.lower()}


BLOCKS: list[dict[str, Any]] = [
    {"type": "header", "text": plain("A header")},
    {
        "type": "markdown",
        "text": "Some **bold**, \\*no stars\\*, `code` and [[1]](http://127.0.0.1:9/a.pdf#page=2).\n\n- one\n- two\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted\n\n<script>alert(1)</script> [x](javascript:alert(1))",
    },
    {"type": "divider"},
    {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "Heavy", "style": {"bold": True}}]},
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "link", "url": "http://127.0.0.1:9/b.pdf", "text": "a place"}],
                    }
                ],
            },
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "word for word"}]},
        ],
    },
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*mrkdwn* with <http://127.0.0.1:9/c|a link> &amp; <@U1>"},
        "fields": [plain("left"), plain("right")],
        "accessory": {"type": "button", "action_id": "side", "text": plain("Beside"), "value": "v1"},
    },
    {"type": "context", "elements": [plain("small print")]},
    {"type": "image", "image_url": DOT, "alt_text": "a dot", "title": plain("The dot")},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "go", "text": plain("Go"), "value": "v2", "style": "primary"},
            {"type": "static_select", "action_id": "pick", "options": [choice("Red"), choice("Blue")]},
        ],
    },
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": plain("Good"), "value": "up:1", "accessibility_label": "It helped"},
                "negative_button": {"text": plain("Bad"), "value": "down:1", "accessibility_label": "It did not"},
            }
        ],
    },
]
VIEW: dict[str, Any] = {
    "type": "modal",
    "callback_id": "why",
    "title": plain("Why?"),
    "submit": plain("Tell"),
    "close": plain("Leave"),
    "blocks": [
        {"type": "image", "image_url": DOT, "alt_text": "the page with the words marked"},
        {
            "type": "input",
            "block_id": "reason",
            "label": plain("What was wrong?"),
            "element": {"type": "radio_buttons", "action_id": "r", "options": [choice("Wrong"), choice("Old")]},
        },
        {
            "type": "input",
            "block_id": "more",
            "optional": True,
            "label": plain("What would be right?"),
            "element": {"type": "plain_text_input", "action_id": "t", "multiline": True, "max_length": 300},
        },
    ],
}


@pytest_asyncio.fixture(loop_scope="session")
async def slack(tmp_path: Path) -> AsyncIterator[DemoSlack]:
    """The demo's server; what would go to the bot is held."""
    server = DemoSlack(tmp_path, port=0, models={"none": "None"}, examples=[])
    server.bot = Bot(dict, tmp_path / "log", server.changed)
    server.deliverer.hold = True
    async with server:
        yield server


def post(slack: DemoSlack, blocks: list[dict[str, Any]], **facts: Any) -> Message:
    assert check_blocks(blocks) is None
    message = Message("C1", slack.new_ts(), slack.bot_user, "fallback", None, slack.bot_id, None, blocks, **facts)
    return slack.put(message, "chat.postMessage")


async def sent(slack: DemoSlack, kind: str, n: int = 0) -> Delivery:
    """The nth interaction of a type."""
    found = lambda: [d for d in slack.deliveries if d.payload.get("type") == kind][n:]  # noqa: E731
    return (await slack.wait_for(found, kind))[0]


async def test_every_type_of_block_is_shown(slack: DemoSlack, browser_page: Page) -> None:
    page = browser_page
    await page.goto(slack.address)
    post(slack, BLOCKS)
    message = page.locator(".message").last
    await expect(message.get_by_role("heading", name="A header")).to_be_visible()
    await expect(message.locator("strong", has_text="bold")).to_be_visible()
    await expect(message).to_contain_text("*no stars*")
    await expect(message).to_contain_text("<script>alert(1)</script> x")
    assert not await message.get_by_role("link", name="x", exact=True).count()
    assert await message.get_by_role("link", name="[1]").get_attribute("href") == "http://127.0.0.1:9/a.pdf#page=2"
    await expect(message.get_by_role("cell", name="2")).to_be_visible()
    for text in ("Heavy", "a place", "word for word", "mrkdwn", "@Ada", "left", "small print", "The dot", "& "):
        await expect(message).to_contain_text(text)
    await expect(message.get_by_alt_text("a dot")).to_be_visible()
    await expect(message).not_to_contain_text("does not know")
    await barriers(page)


async def test_what_is_said_to_one_person_is_shown_to_that_person(slack: DemoSlack, browser_page: Page) -> None:
    page = browser_page
    await page.goto(slack.address)
    post(slack, [{"type": "markdown", "text": "for all"}])
    post(slack, [{"type": "markdown", "text": "for Ben"}], only_for="U2")
    await expect(page.locator(".message", has_text="for all")).to_be_visible()
    await expect(page.locator(".message", has_text="for Ben")).to_have_count(0)
    await page.get_by_label("You are").select_option("U2")
    await expect(page.locator(".message", has_text="for Ben")).to_be_visible()


async def test_what_is_pressed_and_chosen_goes_to_the_app(slack: DemoSlack, browser_page: Page) -> None:
    page = browser_page
    await page.goto(slack.address)
    question = post(slack, BLOCKS)
    await page.get_by_role("button", name="Beside").click()
    await page.get_by_role("button", name="Go", exact=True).click()
    await page.get_by_label("pick").select_option("blue")
    await page.get_by_role("button", name="It did not").click()
    await sent(slack, "block_actions", 3)
    payloads = [d.payload for d in slack.deliveries if d.payload.get("type") == "block_actions"]
    actions = {p["actions"][0]["action_id"]: p["actions"][0] for p in payloads}
    assert actions["side"]["value"] == "v1"
    assert actions["go"]["value"] == "v2"
    assert actions["pick"]["selected_option"]["value"] == "blue"
    assert actions["feedback"]["value"] == "down:1"
    assert {p["message"]["ts"] for p in payloads} == {question.ts}
    assert {p["user"]["id"] for p in payloads} == {"U1"}


async def test_a_modal_is_filled_refused_sent_and_closed(slack: DemoSlack, browser_page: Page) -> None:
    page = browser_page
    await page.goto(slack.address)
    assert check_view(VIEW) is None
    for user in ("U2", "U1"):
        slack.views["V" + user] = View("V" + user, user, VIEW, "h1", "modal")
    slack.changed()
    modal = page.get_by_role("dialog")
    await expect(modal.get_by_role("heading", name="Why?")).to_be_visible()
    await barriers(page)
    await modal.get_by_role("radio", name="Old").check()
    await modal.get_by_label("What would be right?").fill("30 days")
    await modal.get_by_role("button", name="Tell").click()
    first = await sent(slack, "view_submission")
    values = first.payload["view"]["state"]["values"]
    assert values["reason"]["r"]["selected_option"]["value"] == "old"
    assert values["more"]["t"] == {"type": "plain_text_input", "value": "30 days"}
    first.response, first.acked_after_s = {"response_action": "errors", "errors": {"more": "Too short."}}, 0.0
    slack.changed()
    await expect(modal.get_by_role("alert").filter(has_text="Too short.")).to_be_visible()
    await modal.get_by_role("button", name="Tell").click()
    (await sent(slack, "view_submission", 1)).acked_after_s = 0.0
    slack.changed()
    await expect(modal).to_be_hidden()
    await page.get_by_label("You are").select_option("U2")
    await expect(modal).to_be_visible()  # Ben's is still open
    await modal.press("Escape")
    await expect(modal).to_be_hidden()


async def test_the_home_tab_is_shown_and_pressed(slack: DemoSlack, browser_page: Page) -> None:
    page = browser_page
    await page.goto(slack.address)
    await page.get_by_label("Workspace").get_by_role("button", name="Home").click()
    await slack.wait_for(lambda: [d for d in slack.deliveries if d.event_type == "app_home_opened"], "the event")
    await expect(page.get_by_label("Home tab")).to_contain_text("nothing on its Home tab")
    slack.homes["U1"] = {"type": "home", "blocks": BLOCKS}
    slack.changed()
    await page.get_by_label("Home tab").get_by_role("button", name="Go").click()
    payload = (await sent(slack, "block_actions")).payload
    assert payload["container"]["type"] == "view"
    assert payload["view"]["type"] == "home"


async def test_nothing_is_served_without_the_key_or_from_beside_the_manual(slack: DemoSlack, tmp_path: Path) -> None:
    import aiohttp

    (tmp_path / "page.html").write_text("<script>alert(1)</script>")
    base = f"http://127.0.0.1:{slack.port}"
    async with aiohttp.ClientSession() as session:
        for path in ("/", "/events", "/demo.js", "/wrong/", "/wrong/do"):
            assert (await session.get(base + path)).status == 404
        assert (await session.get(f"{slack.address}manual/..%2f..%2fetc%2fpasswd")).status == 404
        document = await session.get(f"{slack.address}manual/page.html")
        assert document.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        page = await session.get(slack.address)
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]


async def test_what_slack_would_refuse_is_refused_and_shown(slack: DemoSlack, browser_page: Page) -> None:
    slack.minute_s = 3600.0  # a second of Slack's is a minute here: however slow this machine is
    client = AsyncWebClient(slack.bot_token, base_url=slack.url)
    long = [{"type": "section", "text": plain("x" * 3001)}]
    lonely = {"type": "image", "alt_text": "a page", "slack_file": {"id": "F1"}}

    async def refused(method: str, **arguments: Any) -> str:
        with pytest.raises(SlackApiError) as error:
            await client.api_call(method, params=None, json=arguments)
        return str(error.value.response["error"])

    assert await refused("chat.postMessage", channel="C1", text="x", blocks=long) == "invalid_blocks"
    assert await refused("chat.postMessage", channel="C1", text="x") == "ratelimited"  # one a second and channel
    assert await refused("views.open", trigger_id="t", view=VIEW | {"blocks": [lonely]}) == "invalid_arguments"
    slack.stream_ttl_s = -1  # each has run out at once
    slack.people.call("C1", "U1", "hello")
    thread = next(iter(slack.channels["C1"].messages))
    to = {"recipient_team_id": slack.team, "recipient_user_id": "U1"}
    stream = (await client.chat_startStream(channel="C1", thread_ts=thread, **to))["ts"]
    assert await refused("chat.appendStream", channel="C1", ts=stream, markdown_text="late") == (
        "message_not_in_streaming_state"
    )
    await browser_page.goto(slack.address)
    await browser_page.get_by_role("button", name="On the wire").click()
    row = browser_page.locator("#rows li.failed", has_text="invalid_blocks")
    await row.locator("summary").click()
    await expect(row).to_contain_text("text of 3001 characters, 1 to 3000 allowed")
    await expect(browser_page.locator("#rows li.failed", has_text="ratelimited")).to_have_count(1)
    await barriers(browser_page)
