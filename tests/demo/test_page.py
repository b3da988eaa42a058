"""The whole product in a browser: the real `serve` in the demo's workspace, used as people use it."""

import itertools
import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from tests.browser import IN_BROWSER

pytestmark = IN_BROWSER
QUESTION = "How many days may I work from another EU country?"
STOPPED, KILLED, SHORT, SLOW = (  # an identical question would be answered from the cache, at once
    "How many days can I work from another EU country?",
    "How many days am I allowed to work from another EU country?",
    "From another EU country, how many days may I work?",
    "How many days a year may I work from another EU country?",
)
Rules = dict[str, list[str]]  # as axe takes them
EVERY: Rules = {"resultTypes": ["violations"]}
COLOURS: Rules = EVERY | {"runOnly": ["color-contrast", "link-in-text-block"]}
WAIT = 60_000  # ms; for an answer, on a machine that does other things too


def thread(page: Page) -> Locator:
    return page.get_by_label("Thread", exact=True)


async def ask(page: Page, text: str) -> Locator:
    """Ask in the channel; the messages of the thread that opens."""
    await page.get_by_label("Message", exact=True).fill(f"@policybot {text}")
    await page.get_by_label("Message", exact=True).press("Enter")
    await expect(thread(page).locator(".message").first).to_contain_text(text)
    return thread(page).locator(".message")


async def model(page: Page, name: str, manner: str = "honest") -> None:
    """Choose what answers, and wait until it does."""
    await page.get_by_role("button", name="Faults").click()
    choice = page.get_by_role("radio", name=name)
    if not await choice.is_checked():
        await choice.check()
        await expect(page.locator("#botstate")).to_have_text("bot starting…", timeout=WAIT)
        await expect(page.locator("#botstate")).to_have_text("bot online", timeout=WAIT)
    if name.startswith("A stand-in"):
        await page.get_by_label("The stand-in is").select_option(manner)
    await page.get_by_role("button", name="Close drawer").click()


async def answered(messages: Locator) -> Locator:
    """The finished answer, with its buttons."""
    answer = messages.filter(has=messages.page.get_by_role("button", name="This answer helped")).last
    await expect(answer).to_be_visible(timeout=WAIT)
    return answer


async def test_ask_read_the_source_vote_and_follow_up(page: Page) -> None:
    await model(page, "None: the bot quotes")
    messages = await ask(page, QUESTION)
    answer = await answered(messages)
    await expect(answer).to_contain_text("25 working days")
    source = answer.get_by_role("link", name="[1]").first
    found = await page.request.get(str(await source.get_attribute("href")))
    assert found.ok
    assert found.headers["content-type"] == "application/pdf"
    await answer.get_by_role("button", name="This answer helped").click()
    await expect(answer.get_by_role("button", name="This answer helped")).to_have_attribute("aria-pressed", "true")
    note = messages.filter(has_text="Only visible to you")
    await expect(note).to_have_count(1)
    await page.get_by_label("You are").select_option("U2")
    await expect(note).to_have_count(0)  # Ben does not see what was said to Ada
    await page.get_by_label("You are").select_option("U1")
    await page.get_by_label("Reply", exact=True).fill("And who approves it?")
    await page.get_by_label("Reply", exact=True).press("Enter")
    await expect(messages.filter(has=page.get_by_text("APP")).nth(2)).to_be_visible(timeout=WAIT)


async def test_the_marked_page_is_shown(page: Page) -> None:
    await model(page, "None: the bot quotes")
    answer = await answered(await ask(page, QUESTION))
    await answer.get_by_role("button", name="Show in manual").click()
    modal = page.get_by_role("dialog")
    await expect(modal).to_contain_text("8.3 Working from abroad")
    picture = modal.get_by_role("img").first
    await expect(picture).to_be_visible(timeout=WAIT)
    await expect(picture).to_have_js_property("complete", True)
    assert await picture.evaluate("one => one.naturalWidth") > 300
    assert "25 working days" in str(await picture.get_attribute("alt"))
    await barriers(page)
    await modal.press("Escape")
    await expect(modal).to_be_hidden()


async def test_a_thumb_down_is_asked_why(page: Page) -> None:
    await model(page, "None: the bot quotes")
    answer = await answered(await ask(page, QUESTION))
    await answer.get_by_role("button", name="This answer did not help").click()
    modal = page.get_by_role("dialog")
    await expect(modal).to_be_visible(timeout=WAIT)
    await barriers(page)
    await modal.get_by_role("radio").nth(1).check()
    await modal.get_by_role("textbox").fill("30 days since May")
    await modal.get_by_role("button", name="Send").click()
    await expect(modal).to_be_hidden(timeout=WAIT)


async def test_what_the_manual_does_not_say_is_refused(page: Page) -> None:
    await model(page, "None: the bot quotes")
    messages = await ask(page, "Does the company pay for a gym in Lisbon?")
    await expect(await answered(messages)).to_contain_text("found no sure answer")


async def test_a_person_is_asked_and_their_reply_comes_back(page: Page) -> None:
    await model(page, "None: the bot quotes")
    await page.get_by_label("Message", exact=True).fill(
        "@policybot @policybot Does the company pay for a gym in Lisbon?"
    )
    await page.get_by_label("Message", exact=True).press("Enter")
    messages = thread(page).locator(".message")
    await expect(messages.first).to_contain_text("@policybot Does the company pay")
    await expect(messages.first).not_to_contain_text("@policybot @policybot")  # one was there, one was typed
    answer = await answered(messages)
    await answer.get_by_role("button", name="Ask a person").click()
    form = page.get_by_role("dialog")
    await expect(form).to_contain_text("Your question goes to #people-team", timeout=WAIT)
    await barriers(page)
    await form.get_by_role("checkbox", name="Send it with my name").check()
    await form.get_by_role("button", name="Send").click()
    await expect(thread(page)).to_contain_text("passed this on to #people-team", timeout=WAIT)
    await expect(page.get_by_role("button", name="# people-team")).to_have_count(0)  # Ada is not one of them
    await page.get_by_label("You are").select_option("Emi (People team)")
    await page.get_by_role("button", name="# people-team").click()
    asked = page.get_by_role("list", name="Messages", exact=True).locator(".message").last
    await expect(asked).to_contain_text("Does the company pay for a gym in Lisbon?")
    await asked.hover()
    await asked.get_by_role("button", name="Reply in thread").click()
    await page.get_by_label("Reply", exact=True).fill("The gym in Lisbon is paid from May on.")
    await page.get_by_label("Reply", exact=True).press("Enter")
    await expect(thread(page)).to_contain_text("from May on")
    await asked.get_by_role("link", name="Where it was asked").click()
    await expect(thread(page)).to_contain_text("@Ada, an answer from @Emi:", timeout=WAIT)
    await expect(thread(page)).to_contain_text("The gym in Lisbon is paid from May on.")
    await page.get_by_label("You are").select_option("Ada")
    await expect(thread(page)).to_contain_text("The gym in Lisbon is paid from May on.")


async def test_a_form_is_not_sent_without_what_it_needs(page: Page) -> None:
    """As in Slack: a question asked in confidence goes to nobody before its asker has agreed."""
    await model(page, "None: the bot quotes")
    await page.get_by_role("button", name="policybot", exact=True).click()
    await page.get_by_label("Message", exact=True).fill("Does the company pay for a gym in Lisbon?")
    await page.get_by_label("Message", exact=True).press("Enter")
    answer = await answered(thread(page).locator(".message"))
    await answer.get_by_role("button", name="Ask a person").click()
    form = page.get_by_role("dialog")
    yes = form.get_by_role("group", name="You asked me in confidence")
    await expect(yes).to_be_visible(timeout=WAIT)
    await form.get_by_role("button", name="Send").click()
    await expect(yes.get_by_role("alert")).to_have_text("Please complete this required field.")
    await yes.get_by_role("checkbox").check()
    await form.get_by_role("button", name="Send").click()
    await expect(thread(page)).to_contain_text("passed this on to #people-team", timeout=WAIT)


async def test_what_slack_refuses_for_a_while_is_said_afterwards(page: Page) -> None:
    await model(page, "None: the bot quotes")
    await page.get_by_role("button", name="Faults").click()
    failing = page.get_by_role("button", name="Every call fails with 500")
    await failing.click()
    await expect(failing).to_have_attribute("aria-pressed", "true")
    messages = await ask(page, "What do I do when I lose my phone?")
    await page.get_by_role("button", name="On the wire").click()
    await expect(page.locator("#rows .failed").first).to_be_visible(timeout=WAIT)
    await expect(messages).to_have_count(1)
    await page.get_by_role("button", name="Faults").click()
    await failing.click()
    await page.get_by_role("button", name="Close drawer").click()
    await expect(await answered(messages)).to_contain_text("Sources", timeout=WAIT)
    await expect(messages).to_have_count(2)


async def test_a_question_is_edited_and_deleted(page: Page) -> None:
    await model(page, "None: the bot quotes")
    messages = await ask(page, "Are doggs allowed in the office?")
    await answered(messages)
    await messages.first.get_by_role("button", name="Edit message").click()
    await page.get_by_label("Edited message").fill("@policybot Are dogs allowed in the office?")
    await page.get_by_label("Edited message").press("Enter")
    again = thread(page).locator(".message.only")
    await expect(again).to_contain_text("changed your question")
    await again.get_by_role("button").first.click()
    await expect(messages.filter(has_text="before you changed it")).to_have_count(1, timeout=WAIT)
    helped = page.get_by_role("button", name="This answer helped")
    await expect(messages.filter(has=helped)).to_have_count(1, timeout=WAIT)
    root = page.get_by_role("list", name="Messages", exact=True).locator(".message").last
    await root.get_by_role("button", name="Delete message").click()
    await expect(
        page.locator(".message", has_text="Are dogs allowed in the office?").filter(visible=True)
    ).to_have_count(0)


async def test_direct_messages_and_home(page: Page) -> None:
    await model(page, "None: the bot quotes")
    await page.get_by_role("button", name="policybot", exact=True).click()
    await page.get_by_label("Message", exact=True).fill("What can you do?")
    await page.get_by_role("button", name="Send").first.click()
    await expect(thread(page).locator(".message").nth(1)).to_contain_text("policy manual", timeout=WAIT)
    await page.get_by_label("Workspace").get_by_role("button", name="Home").click()
    await expect(page.get_by_label("Home tab")).to_be_visible()
    await expect(page.get_by_label("Message", exact=True)).to_be_hidden()


async def test_the_wire_is_shown(page: Page) -> None:
    await page.get_by_role("button", name="On the wire").click()
    row = page.locator("#rows summary", has_text="apps.connections.open").first
    await expect(row).to_be_visible()
    await row.click()
    await expect(page.locator("#rows details[open] pre")).to_be_visible()


async def test_no_serious_barrier(page: Page) -> None:
    """In the dark only colours are others."""
    await model(page, "None: the bot quotes")
    await barriers(page)
    await answered(await ask(page, QUESTION))
    for scheme, width in itertools.product(("light", "dark"), (1280, 390)):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        rules = COLOURS if scheme == "dark" else EVERY
        await page.set_viewport_size({"width": width, "height": 800})
        await expect(page.get_by_role("button", name="Menu")).to_be_visible(visible=width < 600)
        await barriers(page, rules)
        for drawer in ("Faults", "On the wire"):
            if width < 600:
                await page.get_by_role("button", name="Menu").click()
                await barriers(page, rules)
            await page.get_by_role("button", name=drawer).click()
            await barriers(page, rules)
            await page.get_by_role("button", name="Close drawer").click()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_an_answer_is_watched_and_stopped(page: Page) -> None:
    await model(page, "A stand-in", "honest")
    messages = await ask(page, STOPPED)
    streaming = thread(page).locator(".streaming")
    await expect(streaming).to_contain_text("[1]", timeout=WAIT)  # its first sentence, and it goes on
    await thread(page).get_by_role("button", name="Stop").click()
    await expect(streaming).to_have_count(0)
    await expect(await answered(messages)).to_contain_text("Stopped.")


async def test_a_bot_that_is_killed_in_the_middle_answers_once_and_whole(page: Page) -> None:
    await model(page, "A stand-in", "honest")
    messages = await ask(page, KILLED)
    await expect(thread(page).locator(".streaming")).to_contain_text("[1]", timeout=WAIT)
    await page.get_by_role("button", name="Faults").click()
    await page.get_by_role("button", name="Kill it").click()
    await expect(page.locator("#botstate")).to_have_text("bot down")
    await page.get_by_role("button", name="Start it").click()
    await expect(page.locator("#botstate")).to_have_text("bot online", timeout=WAIT)
    await expect(await answered(messages)).to_contain_text("Sources", timeout=WAIT)
    await expect(thread(page).locator(".streaming")).to_have_count(0)
    await expect(messages).to_have_count(2)


async def test_limits_and_streams_that_run_out_cost_no_word(page: Page) -> None:
    await model(page, "A stand-in", "honest")
    for fault, error in (
        ("Streams run out", "message_not_in_streaming_state"),
        ("429 on the next calls", "ratelimited"),
    ):
        await page.get_by_role("button", name="Faults").click()
        await page.get_by_role("button", name=fault).click()
        await page.get_by_role("button", name="Close drawer").click()
        answer = await answered(await ask(page, SHORT))
        await expect(answer).to_contain_text("Sources")
        await expect(answer).to_contain_text("25 working days")
        await page.get_by_role("button", name="On the wire").click()
        await expect(page.locator("#rows .failed", has_text=error).first).to_be_visible()
    await page.get_by_role("button", name="Faults").click()
    await page.get_by_role("button", name="Streams run out").click()
    await expect(page.get_by_role("button", name="Streams run out")).to_have_attribute("aria-pressed", "false")


async def test_a_lying_model_is_not_believed(page: Page) -> None:
    await model(page, "A stand-in", "lying")
    answer = await answered(await ask(page, QUESTION))
    await expect(answer).to_contain_text("25 working days")
    await expect(answer).not_to_contain_text("7,350")
    await expect(answer).not_to_contain_text("32 working days")


@pytest.mark.parametrize(("manner", "said"), [("down", "can't be reached"), ("breaking", "stopped in the middle")])
async def test_a_model_that_fails_gives_way_to_quotes(page: Page, manner: str, said: str) -> None:
    await model(page, "A stand-in", manner)
    answer = await answered(await ask(page, "May I bring my dog to the office?"))
    await expect(answer).to_contain_text("may be brought to the office in an emergency")
    await expect(answer).to_contain_text(said)


async def test_a_slow_model_is_waited_for_in_sight(page: Page) -> None:
    await model(page, "A stand-in", "slow")
    messages = await ask(page, SLOW)
    await expect(page.locator("#status")).to_contain_text(re.compile("policybot .*…"), timeout=WAIT)
    await expect(thread(page)).not_to_contain_text("25 working days")  # no word yet, at most an empty message with Stop
    await expect(thread(page)).to_contain_text("[1]", timeout=WAIT)
    await expect(page.locator("#status")).to_be_empty()
    answer = await answered(messages)
    await expect(answer).to_contain_text("Sources")
    await expect(answer).to_contain_text("25 working days")


async def barriers(page: Page, rules: Rules = EVERY) -> None:
    """Nothing that axe calls serious or critical."""
    found = await Axe().run(page, options=rules)
    bad = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    assert not [(one["id"], [node["target"] for node in one["nodes"]]) for one in bad]
