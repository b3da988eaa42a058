"""The fake Slack, held against slack_sdk as an independent client."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ContextActionsBlock, FeedbackButtonsElement
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace import rules
from bot.demo.workspace.methods import METHODS
from tests.remote_slack import RemoteSlack
from tests.slack_server import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as server:
        yield server


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.url, retry_handlers=[])


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as error:
        await call
    return str(error.value.response["error"])


def recipient(slack: FakeSlack) -> dict[str, str]:
    return {"recipient_team_id": slack.team, "recipient_user_id": "U1"}


def test_every_distilled_method_has_a_handler() -> None:
    assert set(rules.METHODS) - set(METHODS) == {"apps.connections.open"}


async def test_streams_a_message(slack: FakeSlack, client: AsyncWebClient) -> None:
    question = slack.people.say("C1", "U1", "How long is leave?")
    start = await client.chat_startStream(channel="C1", thread_ts=question.ts, **recipient(slack))
    place = {"channel": "C1", "ts": start["ts"]}
    await client.chat_appendStream(**place, markdown_text="Twenty ")
    await client.chat_appendStream(**place, markdown_text="days.")
    assert await refused(client.chat_update(**place, text="x")) == "streaming_state_conflict"
    feedback = FeedbackButtonsElement(
        action_id="vote",
        positive_button={"text": {"type": "plain_text", "text": "Good"}, "value": "up:1"},
        negative_button={"text": {"type": "plain_text", "text": "Bad"}, "value": "down:1"},
    )
    await client.chat_stopStream(
        **place,
        blocks=[ContextActionsBlock(elements=[feedback])],
        metadata={"event_type": "answer", "event_payload": {"question": "q1"}},
        session_status="active",
    )
    (answer,) = slack.replies(question)
    assert (answer.text, answer.streaming_state) == ("Twenty days.", "completed")
    assert [write.text for write in answer.writes if write.method == "chat.appendStream"] == ["Twenty ", "days."]
    assert answer.metadata and answer.metadata["event_payload"] == {"question": "q1"}
    assert await refused(client.chat_appendStream(**place, markdown_text="x")) == "message_not_in_streaming_state"
    assert await refused(client.chat_stopStream(**place)) == "message_not_in_streaming_state"
    assert slack.violations == []
    page = await client.conversations_replies(channel="C1", ts=question.ts, include_all_metadata=True)
    assert page["messages"][1]["metadata"]["event_type"] == "answer"


async def test_a_stream_ends_by_time_stop_button_and_length(slack: FakeSlack, client: AsyncWebClient) -> None:
    question = slack.people.say("C1", "U1", "q")
    streams = [
        (await client.chat_startStream(channel="C1", thread_ts=question.ts, **recipient(slack)))["ts"] for _ in range(3)
    ]
    answers = [slack.channels["C1"].messages[ts] for ts in streams]
    slack.people.stop_button(answers[0])
    append = lambda ts, text: client.chat_appendStream(channel="C1", ts=ts, markdown_text=text)  # noqa: E731
    assert await refused(append(streams[0], "x")) == "stopped_by_user"
    await client.chat_stopStream(channel="C1", ts=streams[0])
    await append(streams[1], "x" * 12_000)
    assert await refused(append(streams[1], "x")) == "msg_too_long"
    slack.expire_streams()
    assert await refused(append(streams[2], "x")) == "message_not_in_streaming_state"
    await client.chat_update(channel="C1", ts=streams[2], text="whole")
    assert answers[2].text == "whole"
    assert slack.violations == []


async def test_breaches_are_refused_and_recorded(slack: FakeSlack, client: AsyncWebClient) -> None:
    question = slack.people.say("C1", "U1", "q")
    thread = {"channel": "C1", "thread_ts": question.ts}
    post = lambda **args: client.chat_postMessage(channel="C1", **args)  # noqa: E731
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    cases: list[tuple[Any, str]] = [
        (client.chat_startStream(**thread), "missing_recipient_team_id"),
        (client.api_call("chat.startStream", json={"channel": "C1"}), "invalid_arguments"),
        (
            client.api_call("chat.postMessage", json={"channel": "C1", "text": "x", "colour": "red"}),
            "invalid_arguments",
        ),
        (client.api_call("chat.appendStream", json={"channel": "C1", "ts": "1.2"}), "invalid_arguments"),
        (post(markdown_text="x" * 12_001), "msg_too_long"),
        (post(markdown_text="x", text="x"), "markdown_text_conflict"),
        (post(), "no_text"),
        (post(text="x", blocks=[{"type": "divider"}] * 51), "invalid_blocks"),
        (post(text="x", blocks=[section]), "invalid_blocks"),
        (post(text="x", metadata={"event_type": "t"}), "invalid_metadata_schema"),
    ]
    for number, (call, error) in enumerate(cases, 1):
        assert await refused(call) == error
        assert len(slack.violations) >= number, error
    assert undocumented(slack) == set()


async def test_states_of_places_are_refused_but_are_no_breach(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.add_channel("C2", archived=True)
    late = slack.people.say("C2", "U1", "q")
    slack.add_channel("C3", bot=False)
    question = slack.people.say("C1", "U1", "q")
    assert await refused(client.chat_postMessage(channel="C9", text="x")) == "channel_not_found"
    assert await refused(client.chat_postMessage(channel="C2", text="x")) == "is_archived"
    assert await refused(client.chat_update(channel="C2", ts=late.ts, text="x")) == "is_inactive"
    assert await refused(client.chat_postMessage(channel="C3", text="x")) == "not_in_channel"
    assert await refused(client.chat_update(channel="C1", ts="1.1", text="x")) == "message_not_found"
    assert await refused(client.chat_update(channel="C1", ts=question.ts, text="x")) == "cant_update_message"
    slack.people.delete(question)
    gone = client.chat_postMessage(channel="C1", thread_ts=question.ts, text="x")
    assert await refused(gone) == "cannot_reply_to_message"
    slack.scopes.discard("users:read")
    assert await refused(client.users_info(user="U1")) == "missing_scope"
    slack.revoke()
    assert await refused(client.auth_test()) == "token_revoked"
    assert await refused(AsyncWebClient("xoxb-other", base_url=slack.url).auth_test()) == "token_revoked"
    assert slack.violations == []
    assert undocumented(slack) == set()


# What Slack answers for any method, and what its own pages state where the reference lags.
ANYWHERE = {"invalid_arguments", "missing_scope", "token_revoked", "ratelimited", "invalid_auth", "not_authed"}
LAGGING = {("chat.postMessage", "msg_too_long")}


def undocumented(slack: FakeSlack) -> set[tuple[str, str]]:
    return {
        (call.method, call.error)
        for call in slack.calls
        if call.error and call.error not in ANYWHERE | set(rules.METHODS[call.method]["errors"])
    } - LAGGING


async def test_pages_through_a_thread(slack: FakeSlack, client: AsyncWebClient) -> None:
    question = slack.people.say("C1", "U1", "q")
    for number in range(7):
        slack.people.say("C1", "U2", str(number), thread_ts=question.ts)
    texts: list[str] = []
    cursor = None
    while cursor != "":
        page = await client.conversations_replies(channel="C1", ts=question.ts, limit=3, cursor=cursor)
        texts += [message["text"] for message in page["messages"]]
        cursor = page.get("response_metadata", {}).get("next_cursor", "")
    assert texts == ["q", *map(str, range(7))]


async def test_tiers_answer_429_with_the_time_to_wait(client: AsyncWebClient, slack: FakeSlack) -> None:
    slack.rate_limits = True
    question = slack.people.say("C1", "U1", "q")
    for _ in range(20):
        await client.chat_startStream(channel="C1", thread_ts=question.ts, **recipient(slack))
    with pytest.raises(SlackApiError) as error:
        await client.chat_startStream(channel="C1", thread_ts=question.ts, **recipient(slack))
    response = error.value.response
    assert response.status_code == 429 and 1 <= int(response.headers["Retry-After"]) <= 60
    await client.chat_postMessage(channel="C1", text="x")
    assert await refused(client.chat_postMessage(channel="C1", text="x")) == "ratelimited"
    await client.chat_postMessage(channel="U2", text="x")  # another channel has its own second


async def test_faults(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fault("chat.postMessage", error="internal_error", status=500)
    slack.fault("chat.postMessage", retry_after=7)
    slack.fault("chat.postMessage", reset=True, after=True)
    assert await refused(client.chat_postMessage(channel="C1", text="a")) == "internal_error"
    assert await refused(client.chat_postMessage(channel="C1", text="b")) == "ratelimited"
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C1", text="c")
    gate = asyncio.Event()
    held = slack.fault("chat.postMessage", gate=gate)
    task = asyncio.create_task(client.chat_postMessage(channel="C1", text="d"))
    await slack.wait_for(lambda: held.hits)
    assert [message.text for message in slack.messages("C1")] == ["c"]  # the reset came after the effect
    gate.set()
    await task
    assert [message.text for message in slack.messages("C1")] == ["c", "d"]


class App:
    """The smallest Bolt app: notes what it gets."""

    def __init__(self, slack: FakeSlack) -> None:
        self.seen: list[dict[str, Any]] = []
        self.app = AsyncApp(token=slack.bot_token, client=AsyncWebClient(slack.bot_token, base_url=slack.url))
        for event in ("message", "app_mention", "reaction_added", "agent_session_stopped"):
            self.app.event(event)(self.note)
        self.app.action("vote")(self.click)
        self.web = AsyncWebClient(slack.app_token, base_url=slack.url)
        self.handler = AsyncSocketModeHandler(self.app, slack.app_token, web_client=self.web)
        slack_changed = slack.changed
        self.changed = slack_changed

    async def note(self, body: dict[str, Any]) -> None:
        self.seen.append(body)
        self.changed()

    async def click(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await self.note(body)


async def test_socket_mode_delivers_acknowledges_and_reconnects(slack: FakeSlack) -> None:
    slack.echo = False
    app = App(slack)
    await app.handler.connect_async()
    try:
        slack.people.mention("C1", "U1", "hello")
        await slack.wait_for(lambda: len(app.seen) == 2)
        assert {body["event"]["type"] for body in app.seen} == {"message", "app_mention"}
        assert len({body["event_id"] for body in app.seen}) == 2
        assert len({body["event"]["ts"] for body in app.seen}) == 1
        await slack.deliverer.disconnect()
        await slack.wait_for(lambda: not slack.deliverer.connections or len(slack.deliverer.tickets) == 0)
        slack.people.dm("U2", "again")
        await slack.wait_for(lambda: len(app.seen) == 3)
        assert app.seen[2]["event"]["channel_type"] == "im"
        await slack.settle()
    finally:
        await app.handler.close_async()
    assert slack.violations == []


async def test_a_click_arrives_as_block_actions(slack: FakeSlack, client: AsyncWebClient) -> None:
    app = App(slack)
    await app.handler.connect_async()
    try:
        button = {"type": "button", "action_id": "vote", "text": {"type": "plain_text", "text": "Yes"}, "value": "up"}
        await client.chat_postMessage(channel="C1", text="x", blocks=[{"type": "actions", "elements": [button]}])
        slack.people.button(slack.messages("C1")[0], "up", user="U2")
        await slack.wait_for(lambda: any(body["type"] == "block_actions" for body in app.seen))
        body = next(body for body in app.seen if body["type"] == "block_actions")
        assert (body["user"]["id"], body["actions"][0]["value"]) == ("U2", "up")
    finally:
        await app.handler.close_async()


async def test_what_is_not_acknowledged_comes_again(slack: FakeSlack) -> None:
    slack.deliverer.ack_s, slack.deliverer.retry_delays_s = 0.05, (0.0, 0.0, 0.0)
    ticket = (
        await AsyncWebClient(slack.app_token, base_url=slack.url).apps_connections_open(app_token=slack.app_token)
    )["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(ticket) as socket:
        hello = await socket.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        slack.people.dm("U1", "hello")
        first, second = [await socket.receive_json() for _ in range(2)]
        assert [first["retry_attempt"], second["retry_attempt"]] == [0, 1]
        assert second["retry_reason"] == "timeout"
        assert first["payload"]["event_id"] == second["payload"]["event_id"]
        await socket.send_json({"envelope_id": second["envelope_id"]})
        await slack.settle()
    (delivery,) = slack.deliveries
    assert delivery.acked and delivery.attempts == 2


async def test_an_event_outlives_the_connection_that_dies_with_it(slack: FakeSlack) -> None:
    slack.deliverer.ack_s = 3600
    opener = AsyncWebClient(slack.app_token, base_url=slack.url)
    urls = [(await opener.apps_connections_open(app_token=slack.app_token))["url"] for _ in range(2)]
    async with aiohttp.ClientSession() as session:
        first = await session.ws_connect(urls[0])
        await first.receive_json()
        slack.people.dm("U1", "hello")
        lost = await first.receive_json()
        await slack.deliverer.disconnect(abrupt=True)
        async with session.ws_connect(urls[1]) as second:
            assert (await second.receive_json())["type"] == "hello"
            again = await second.receive_json()
            assert again["payload"] == lost["payload"] and again["retry_attempt"] == 1
            await second.send_json({"envelope_id": again["envelope_id"]})
            await slack.settle()
        await first.close()
    assert [delivery.acked for delivery in slack.deliveries] == [True]


async def test_http_mode_signs_and_retries(slack: FakeSlack) -> None:
    from aiohttp import web
    from slack_sdk.signature import SignatureVerifier

    verifier, seen = SignatureVerifier(slack.signing_secret), []

    async def events(request: web.Request) -> web.Response:
        body = await request.text()
        seen.append((verifier.is_valid_request(body, dict(request.headers)), request.headers.get("X-Slack-Retry-Num")))
        return web.Response(status=500 if len(seen) == 1 else 200)

    app = web.Application()
    app.router.add_post("/slack/events", events)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.deliverer.request_url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/slack/events"  # type: ignore[union-attr]
    slack.people.dm("U1", "hello")
    await slack.settle()
    await runner.cleanup()
    assert seen == [(True, None), (True, "1")]


async def test_runs_as_a_process_of_its_own() -> None:
    async with RemoteSlack() as remote:
        client = AsyncWebClient(FakeSlack.bot_token, base_url=remote.url)
        question = await remote.do("dm", "U1", "hello")
        await client.chat_postMessage(channel=question["channel"], thread_ts=question["ts"], text="hi")
        await remote.do("edit", question, "hello?")
        state = await remote.state()
        assert [message["text"] for message in state["messages"]] == ["hello?", "hi"]
