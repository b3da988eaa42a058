"""What a person does on the Home tab about what is stored: of theirs, and for admins what went unanswered.

In: a press on the Home tab. Out: a modal at once, the work done beside the answers, and in the modal what happened.
Rules kept: everybody reaches what is theirs and nobody else's; what people asked is read by who may by [admins], each
reading and each refusal is audited; an export shows no answer made of what the person may
not see any more, and no other person's vote; nothing is written about a person after they were forgotten.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog

from bot import json_rows
from bot.errors import SlackError, StoreError
from bot.log import traced
from bot.rules.tables import Person
from bot.slack import safe_text
from bot.slack.blocks import Block, modal, section
from bot.slack.meanings import EXPORT, FORGET, OPT_OUT, UNANSWERED, HomeOpened, HomePressed
from bot.slack.notices import open_view, post, update_view
from bot.slack.services import Services
from bot.store.audit import Entry
from bot.types import Outcome

LAST, LINE = 20, 140  # questions of a window, characters of each: a section takes 3,000
FILE = "policybot-about-me.jsonl"
SURFACE = {"surface": "home"}  # in the audit trail


class OwnData:
    """Answers these presses; `refresh` makes the Home tab anew."""

    def __init__(self, services: Services, refresh: Callable[[HomeOpened], Awaitable[None]]) -> None:
        self._services, self._refresh = services, refresh

    async def do(self, press: HomePressed) -> None:
        """Do it, and say what happened."""
        api, say = self._services.api, self._services.say(press.user).home

        def window(text: str) -> Block:
            title = say["do_own_unanswered" if press.act == UNANSWERED else "yours"]
            return modal(title, self._services.say(press.user).modals["close"], [section(text)])

        view = await open_view(api, press.trigger, window(say["working"]))
        channel = None
        with contextlib.suppress(SlackError, KeyError, TypeError):
            opened = await api.call_with_retries("conversations.open", again=True, users=press.user)
            channel = str(opened["channel"]["id"])
        told_code = await self._done(press, channel)
        said = say.get(told_code, told_code)
        told = False
        with contextlib.suppress(SlackError):  # the person closed it, say
            if view is not None:
                await update_view(api, view, window(said))
                told = True
        if channel and not told:
            await post(api, channel, None, said)
        if channel:
            await self._refresh(HomeOpened(press.team, press.user, channel))

    async def _done(self, press: HomePressed, channel: str | None) -> str:
        """Do what was pressed; the code of what to say about it, or the text itself."""
        services, persons = self._services, self._services.store.persons
        try:
            if await services.too_many("own", press.team, press.user):
                return "own_limit"
            if press.act == EXPORT:
                return await self._export(press, channel)
            if press.act == UNANSWERED:
                return await self._unanswered(press)
            if press.act == FORGET:
                files = await services.in_thread(persons.files, press.user)
                done = await services.in_thread(self._forget, press.user)
                with contextlib.suppress(SlackError):
                    await services.api.remove_files(files)
                    return done
                return "forget_file" if done == FORGET else done  # nothing else waits for Slack
            note = persons.opt_out if press.act == OPT_OUT else persons.opt_in
            await services.in_thread(note, press.user, services.now(), **SURFACE)
            return press.act
        except (SlackError, StoreError) as error:
            structlog.get_logger().warning("own_data_failed", act=press.act, error=error.code)
        except Exception as error:
            structlog.get_logger().error("own_data_failed", act=press.act, **traced(error))
        return "own_failed"

    async def _unanswered(self, press: HomePressed) -> str:
        """The last questions that the manual had no answer to: their words as they are kept, nobody's name."""
        services = self._services
        person = await services.access.person(press.user, "", alone=True)
        allowed = services.access.may("raw_text", person)
        facts = SURFACE | {"what": "unanswered", "right": "raw_text"}
        entry = Entry("raw_text" if allowed else "refused", services.now(), press.team, press.user, None, facts)
        await services.in_thread(services.store.audit.append, entry)
        if not allowed:
            structlog.get_logger().warning("act_refused", right="raw_text", person=press.user)
            return "own_refused"
        judge, asked = services.access.judge(person), services.store.asked
        since = services.now() - timedelta(days=30)

        def lines() -> list[str]:
            seen = (one.record for one in asked.since(since, outcome=Outcome.REFUSED) if judge(one.record))
            texts = (f"{r.created_at.date().isoformat()} · {' '.join(r.question.text.split())}" for r in seen)
            return [safe_text.plain(text)[:LINE] for text in itertools.islice(texts, LAST)]

        return "\n".join(await services.in_thread(lines)) or "none_unanswered"

    async def _export(self, press: HomePressed, channel: str | None) -> str:
        if channel is None:
            return "own_failed"
        person = await self._services.access.person(press.user, channel, alone=True)
        lines = await self._services.in_thread(self._lines, press.user, person)
        say = self._services.say(press.user).home
        about = {"title": say["yours"], "kind": "application/x-ndjson", "channel": channel}

        async def noted(file: str) -> None:  # first: erasure must find the file, whatever happens next
            entry = Entry("privacy_file", self._services.now(), press.team, press.user, None, SURFACE | {"file": file})
            await self._services.in_thread(self._services.store.audit.append, entry)

        await self._services.api.upload(FILE, lines.encode(), noted=noted, **about)
        return EXPORT

    def _lines(self, user: str, person: Person) -> str:
        """JSON Lines of all that is stored about the person and may be shown to them."""
        rows = self._services.store.persons.export(user, self._services.now(), **SURFACE)
        theirs = (row for row in rows if row.get("user_id") in (None, user))
        return "".join(f"{json_rows.dumps(self._seen(row, person))}\n" for row in theirs)

    def _seen(self, row: dict[str, Any], person: Person) -> dict[str, Any]:
        """The row without what is said from collections that are closed to the person by now."""
        rules = self._services.rules
        if not rules.restricted:
            return row
        if row["table"] == "answers" and not rules.may_see_all(row["body"]["question"]["collections"], person):
            return row | {"body": {"question": {"text": row["body"]["question"]["text"]}}}
        return {name: value for name, value in row.items() if row["table"] == "answers" or name not in _SAID}

    def _forget(self, user: str) -> str:
        services, persons = self._services, self._services.store.persons
        if persons.being_answered(user, services.now()):
            return "forget_later"
        persons.erase(user, services.now(), **SURFACE)
        clean = services.store.scrub()
        if persons.being_answered(user, services.now()):
            return "forget_later"  # a question came between
        return FORGET if clean else "forget_bytes"


_SAID = ("body", "stream_text")  # where copies of answers are kept whose collections the row does not tell
