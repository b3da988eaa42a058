"""Both transports, health, tokens that stop working, connections that come and go."""

import asyncio
import gzip
import itertools
import json
import threading
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog

from bot.settings import Settings
from bot.slack import transport
from bot.slack.background import every
from bot.slack.checks import check_tokens
from bot.store import Store
from bot.types import Question
from tests.slack.bots import FakeAssistant, Step, answer_to, ended, running, says, store_at
from tests.slack_server import FakeSlack


async def test_http_mode_answers_like_socket_mode(slack: FakeSlack, store: Store) -> None:
    assistant = says("Yes.")
    async with running(slack, assistant, store, http_port=0) as bot:
        question = slack.people.mention("C1", "U1", "How?", times=3)
        answer = await answer_to(slack, question, store)
        slack.people.button(answer, "positive_button")
        await slack.wait_for(lambda: slack.ephemerals("U1"), "the thank-you")
        await slack.settle()
        assert await bot.get("/healthz") == (200, {"ok": True})
        assert await bot.get("/readyz") == (200, {"ready": True, "problems": []})
    assert len(assistant.asked) == 1
    assert len(slack.replies(question)) == 1
    assert all(d.acked for d in slack.deliveries)


async def test_http_mode_refuses_what_slack_did_not_sign(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store, http_port=0) as bot, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{bot.port}/slack/events"
        body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()

        async def post(headers: dict[str, str]) -> tuple[int, str]:
            sent = {"Content-Type": "application/json"} | headers
            async with session.post(url, data=body, headers=sent) as answer:
                return answer.status, await answer.text()

        signed = slack.deliverer.signed
        assert (
            await post(signed(body)) == (200, json.dumps({"challenge": "abc"}).replace(" ", ""))
            or "abc" in (await post(signed(body)))[1]
        )
        assert (await post({}))[0] == 401
        assert (await post(signed(body, secret="wrong")))[0] == 401
        assert (await post(signed(body, at=time.time() - 301)))[0] == 401
        assert (await post(signed(b"other")))[0] == 401
        assert (await post({"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"}))[0] == 401
        for body in (b"{", b"[1]", b"\xff", b"payload=1"):
            assert (await post(signed(body, secret="wrong")))[0] == 401


async def raw(port: int, lines: bytes) -> bytes:
    """The first line of the answer to these bytes; b"" when the connection is closed instead."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(lines)
    first = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    return first


async def test_hostile_requests_are_refused_before_they_are_inflated_or_parsed(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "REQUEST_S", 0.5)
    now = str(int(time.time()))
    bomb = gzip.compress(b"0" * 2**24)
    good = slack.deliverer.signed(bomb)
    stamp, sign = "X-Slack-Request-Timestamp", "X-Slack-Signature"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    requests: list[tuple[bytes, dict[str, str], int]] = [
        (b"{}", {stamp: "1" * 400, sign: "v0=" + "0" * 64}, 401),
        (b"{}", {stamp: now, sign: "v0=ü"}, 401),
        (b"{}", {stamp: now, sign: "v0=" + "é" * 64}, 401),
        (b"{}", {stamp: "-1", sign: "v0=" + "0" * 64}, 401),
        (b"payload=" + b"[" * 100_000, {stamp: now, sign: "v0=" + "0" * 64} | form, 401),
        (b"&".join(b"a=b" for _ in range(200_000)), {stamp: now, sign: "v0=" + "0" * 64} | form, 401),
        (b"0" * (transport.MAX_BODY + 1), {stamp: now, sign: "v0=" + "0" * 64}, 413),
        (bomb, good | {"Content-Encoding": "gzip"}, 415),
    ]
    async with running(slack, says("Yes."), store, http_port=0) as bot:
        for body, headers, expected in requests:
            async with aiohttp.ClientSession() as session:
                url = f"http://127.0.0.1:{bot.port}/slack/events"
                async with session.post(url, data=body, headers=headers) as answer:
                    assert answer.status == expected, headers
        head = b"POST /slack/events HTTP/1.1\r\nHost: x\r\n"
        assert b"413" in await raw(bot.port, head + b"Content-Length: 999999999999\r\n\r\n{")
        assert b"408" in await raw(bot.port, head + b"Content-Length: 9\r\n\r\n{")  # and no more
        endless = b"Transfer-Encoding: chunked\r\n\r\n" + b"100000\r\n" + b"0" * 2**20 + b"\r\n1\r\n0\r\n"
        assert b"413" in await raw(bot.port, head + endless)
        assert await raw(bot.port, b"GET /hea") == b""  # says no more, and is hung up on


async def test_signed_payloads_that_nobody_can_read_are_acknowledged(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store, http_port=0) as bot, aiohttp.ClientSession() as session:
        for body in (b"[1]", b"3", b'"x"', b"null", b'{"type": []}', b'{"type": "event_callback", "event": 3}', b"{"):
            headers = slack.deliverer.signed(body) | {"Content-Type": "application/json"}
            async with session.post(f"http://127.0.0.1:{bot.port}/slack/events", data=body, headers=headers) as answer:
                assert answer.status == 200, body


async def test_no_more_connections_are_held_than_files_can_be_open(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "CONNECTIONS", 5)
    async with running(slack, says("Yes."), store, http_port=0) as bot:
        hanging = [await asyncio.open_connection("127.0.0.1", bot.port) for _ in range(12)]
        closed = [asyncio.create_task(reader.read(1)) for reader, _ in hanging]
        done, _ = await asyncio.wait(closed, timeout=2, return_when=asyncio.FIRST_COMPLETED)
        assert done
        for task, (_, writer) in zip(closed, hanging, strict=True):
            task.cancel()
            writer.close()
        await status_of(bot, 200)


async def test_ready_tells_no_path_host_or_port(slack: FakeSlack, store: Store) -> None:
    said = "The Chroma server http://10.0.0.7:8000 can't be used, nor /srv/data/x.db on db.corp:5432. Check CHROMA_URL."
    async with running(slack, says("Yes."), store, ready=lambda: (said,)) as bot:
        with structlog.testing.capture_logs() as logs:
            status, found = await bot.get("/readyz")
    assert status == 503
    assert found["problems"] == ["The Chroma server … can't be used, nor … on … Check CHROMA_URL."]
    assert [line["problems"] for line in logs if line["event"] == "readiness"] == [[said]]


async def test_a_bot_that_answers_less_well_is_ready_and_says_so(slack: FakeSlack, store: Store) -> None:
    said = "The Chroma server http://10.0.0.7:8000 can't be used."
    async with running(slack, says("Yes."), store, degraded=lambda: (said,)) as bot:
        await status_of(bot, 200)
        assert (await bot.get("/readyz"))[1]["notes"] == ["The Chroma server … can't be used."]


async def test_a_database_that_takes_no_writes_is_told_although_it_can_be_read(
    slack: FakeSlack, store: Store, tmp_path: Path
) -> None:
    async with running(slack, says("Yes."), store) as bot:
        await status_of(bot, 200)
        with store_at(tmp_path / "bot.db").presence.engine.connect() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER full BEFORE INSERT ON presence BEGIN SELECT RAISE(ABORT, 'x'); END"
            )
            connection.commit()
            assert await status_of(bot, 503)
            connection.exec_driver_sql("DROP TRIGGER full")
            connection.commit()
        await status_of(bot, 200)


async def test_ready_says_what_is_missing(slack: FakeSlack, store: Store) -> None:
    missing = ["No index. Run policybot ingest."]
    async with running(slack, says("Yes."), store, ready=lambda: tuple(missing)) as bot:
        assert await bot.get("/readyz") == (503, {"ready": False, "problems": missing})
        assert (await bot.get("/healthz"))[0] == 200
        missing.clear()
        assert (await bot.get("/readyz"))[0] == 200


async def test_questions_are_taken_in_at_once_and_answered_once_all_is_loaded(slack: FakeSlack, store: Store) -> None:
    loaded, looks = threading.Event(), itertools.count()
    loaded_when_asked = []
    yes = says("Yes.")

    def ready() -> tuple[str, ...]:
        if next(looks) == 0:
            loaded.wait()
            raise RuntimeError("the first look fails")
        return ()

    def script(question: Question) -> Iterable[Step]:
        loaded_when_asked.append(loaded.is_set())
        return yes.script(question)

    async with running(slack, yes, store):  # what the bot itself reads once for a process is read
        await answer_to(slack, slack.people.mention("C1", "U1", "How?"), store)
    async with running(slack, FakeAssistant(script), store, ready=ready):
        question = slack.people.mention("C1", "U1", "How?")
        await slack.settle()
        asyncio.get_running_loop().call_later(0.3, loaded.set)  # in which what does not wait would be done
        await answer_to(slack, question, store)
    assert loaded_when_asked == [True]


async def test_a_bot_that_is_stopped_while_it_loads_hands_its_questions_over(slack: FakeSlack, store: Store) -> None:
    loaded, assistant = threading.Event(), says("Yes.")
    async with running(slack, assistant, store, ready=lambda: (loaded.wait(), ())[1]):
        question = slack.people.mention("C1", "U1", "How?")
        await slack.settle()
        asyncio.get_running_loop().call_later(0.1, loaded.set)
    assert assistant.asked == []
    async with running(slack, assistant, store):
        await answer_to(slack, question, store)


async def test_what_keeps_looking_looks_again_after_an_error(slack: FakeSlack, store: Store) -> None:
    looks: asyncio.Queue[int] = asyncio.Queue()

    async def look() -> None:
        looks.put_nowait(1)
        raise RuntimeError("unexpected")

    with structlog.testing.capture_logs() as logs:
        looking = asyncio.create_task(every(0.0, "test", look))
        for _ in range(3):
            await asyncio.wait_for(looks.get(), 5)
        looking.cancel()
    line = {**logs[0], "where": logs[0]["where"].partition(":")[0]}
    assert line == {
        "event": "background_failed",
        "log_level": "error",
        "what": "test",
        "error": "RuntimeError",
        "where": "test_serve.py",
    }


async def test_requests_that_are_not_used_are_acknowledged(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        slack.people.command("/policy", "help")
        slack.people.shortcut("anything")
        slack.deliverer.deliver({"type": "team_join", "user": {"id": "U3"}})
        await slack.settle()
    assert all(delivery.acked for delivery in slack.deliveries)


async def status_of(bot: Any, expected: int, saying: str = "") -> list[str]:
    """Wait until /readyz has this status; another server can only be polled."""
    async with asyncio.timeout(30):
        while True:
            status, found = await bot.get("/readyz")
            if status == expected and saying in str(found):
                return list(found["problems"])
            await asyncio.sleep(0.05)


async def test_a_revoked_token_is_a_state_and_ends_when_the_token_works_again(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.serve.AUTH_RETRY_S", 0.2)
    monkeypatch.setattr("bot.slack.serve.WATCH_S", 0.2)
    async with running(slack, says("Yes."), store) as bot:
        slack.revoke()
        question = slack.people.mention("C1", "U1", "How?")
        (problem,) = await status_of(bot, 503, "Install the app again")
        assert "restart" in problem
        assert (await bot.get("/healthz"))[0] == 200
        slack.token_error = None
        await status_of(bot, 200)
        assert (await ended(slack, store, question, timeout_s=40)).state == "final"
    assert len(slack.replies(question)) == 1


async def test_a_wrong_token_at_the_start_is_a_state_too(slack: FakeSlack, store: Store) -> None:
    slack.token_error = "invalid_auth"
    with structlog.testing.capture_logs() as logs:
        async with running(slack, says("Yes."), store, connected=False) as bot:
            await status_of(bot, 503, "invalid_auth")
    assert [line["event"] for line in logs].count("not_authorized") == 1


@pytest.mark.parametrize("abrupt", [True, False])
async def test_a_connection_that_ends_comes_back_and_nothing_is_missed(
    slack: FakeSlack, store: Store, abrupt: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.transport.PING_S", 0.3)
    async with running(slack, says("Yes."), store):
        await slack.deliverer.disconnect(abrupt=abrupt)
        question = slack.people.mention("C1", "U1", "How?")
        await answer_to(slack, question, store)
    assert len(slack.replies(question)) == 1


async def test_a_connection_too_many_is_not_asked_for_without_a_pause(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        slack.deliverer.ghosts = 10
        asked = len(slack.called("apps.connections.open"))
        await slack.deliverer.disconnect()
        await slack.wait_for(lambda: len(slack.called("apps.connections.open")) == asked + 2, "a second try")
        slack.deliverer.ghosts = 0
        await answer_to(slack, slack.people.mention("C1", "U1", "How?"), store)
    first, second = [call.at for call in slack.called("apps.connections.open")[asked : asked + 2]]
    assert second - first >= 1.9


async def test_connections_nobody_reads_are_reported(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.serve.WATCH_S", 0.05)
    slack.deliverer.ghosts = 3
    live, looked = store.presence.live, asyncio.Semaphore(0)
    loop = asyncio.get_running_loop()

    def counting(now: datetime) -> int:
        loop.call_soon_threadsafe(looked.release)
        return live(now)

    monkeypatch.setattr(store.presence, "live", counting)
    with structlog.testing.capture_logs() as logs:
        async with running(slack, says("Yes."), store):
            async with asyncio.timeout(10):
                while not [line for line in logs if line["event"] == "ghost_connections"]:
                    await looked.acquire()
                for _ in range(3):  # told once: connections come and go after the hello that counted them
                    await looked.acquire()
    (warning,) = [line for line in logs if line["event"] == "ghost_connections"]
    assert (warning["connections"], warning["workers"]) == (4, 1)


async def test_one_line_per_question_and_no_word_of_it(slack: FakeSlack, store: Store) -> None:
    with structlog.testing.capture_logs() as logs:
        async with running(slack, says("Confidential."), store):
            await answer_to(slack, slack.people.mention("C1", "U1", "Sesame?"), store)
    lines = [line for line in logs if line["event"] == "question"]
    assert len(lines) == 1
    assert lines[0]["outcome"] == "answered"
    assert "Sesame" not in str(logs)
    assert "Confidential" not in str(logs)


async def test_doctor_says_for_each_failure_what_to_do(slack: FakeSlack) -> None:
    async def codes(**changed: Any) -> list[str]:
        tokens = {"slack_bot_token": slack.bot_token, "slack_app_token": slack.app_token, "slack_api_url": slack.url}
        found = await check_tokens(Settings(**(tokens | changed)))
        assert all(advice.endswith(".") for _, advice in found)
        return [code for code, _ in found]

    assert await codes() == []
    assert await codes(slack_bot_token=None) == ["slack_bot_token"]
    assert await codes(slack_bot_token="xoxb-wrong") == ["slack_bot_token"]
    assert await codes(slack_app_token="xapp-wrong") == ["slack_app_token"]
    assert await codes(slack_app_token=None) == ["slack_transport"]
    slack.scopes -= {"im:history"}
    assert await codes() == ["slack_scopes"]
