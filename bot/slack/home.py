"""The Home tab: made anew whenever somebody opens it, from what that person may see now.

In: HomeOpened. Out: one views.publish. Rules kept: the same access as for answers; figures are for those whom
[admins] lets see reports, totals only; a tab that could not be made leaves the old one; everything shown stands in
rich_text or plain_text, where nothing is parsed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from bot import texts
from bot.errors import SlackError, StoreError
from bot.privacy.mask import Mask
from bot.settings import Retention
from bot.slack import meanings, safe_text
from bot.slack.background import in_background
from bot.slack.blocks import Block, bullets, button, buttons, confirmation, line, plain_text, rich_text, words
from bot.slack.first_contact import FirstContact, Suggested
from bot.slack.meanings import HomeOpened, HomePressed, Invited
from bot.slack.own_data import SURFACE, OwnData
from bot.slack.services import Services
from bot.store.audit import Entry
from bot.types import Outcome
from knowledge.catalog.reading import Stated

LAST = 10  # own questions shown; given: issue 14
DAY = timedelta(days=1)
DOCUMENTS = 15  # named of one collection
SHELVES = 10  # collections shown; more are counted
CHARS = 200  # of one line of what others wrote


class Home:
    """Publishes Home tabs. `stated` tells a collection's documents; it may wait for a disk."""

    def __init__(
        self,
        services: Services,
        stated: Callable[[str], Sequence[Stated]],
        keep: Retention,
        once: Callable[[str], Awaitable[bool]],
        suggested: Suggested | None = None,
    ) -> None:
        self._services, self._in_thread, self._stated, self._keep = services, services.in_thread, stated, keep
        self.first_contact = FirstContact(services, suggested, once)
        self._own_data = OwnData(services, self._publish)

    async def commit(self, what: HomeOpened | Invited | HomePressed) -> None:
        """Make the tab, or do what its buttons say, without making anybody wait; or note a channel to be greeted."""
        if isinstance(what, Invited):
            await self.first_contact.invited(what)
            return
        in_background(self._own_data.do(what) if isinstance(what, HomePressed) else self._open(what))

    async def _open(self, opened: HomeOpened) -> None:
        try:
            if await self._services.too_many("home", opened.team, opened.user):
                return
        except StoreError as error:
            structlog.get_logger().info("home_not_shown", error=error.code)
            return
        await (self._publish(opened) if opened.tab == "home" else self.first_contact.suggest(opened))

    async def _publish(self, opened: HomeOpened) -> None:
        services = self._services
        try:
            locale = await services.locales.of(opened.user)
            view = await self._view(opened, locale)
            await services.api.call_with_retries("views.publish", again=True, user_id=opened.user, view=view)
        except (SlackError, StoreError) as error:
            structlog.get_logger().info("home_not_shown", error=error.code)

    async def _view(self, opened: HomeOpened, locale: str) -> Block:
        access, rules = self._services.access, self._services.rules
        person = await access.person(opened.user, opened.channel, alone=True)
        shelves = []
        for name in await access.collections(person):
            documents = await asyncio.to_thread(self._stated, name)
            if documents:
                shelves.append((rules.title(name), [_document(one, locale) for one in documents]))
        return home_view(
            shelves,
            await self._asked(opened, texts.of(locale).home),
            self._keep,
            await self._in_thread(self._figures, opened) if access.may("reports", person) else None,
            opted_out=await self._in_thread(self._services.store.persons.opted_out, opened.user),
            raw_text=access.may("raw_text", person),
            locale=locale,
        )

    async def _asked(self, opened: HomeOpened, say: texts.Sentences) -> list[str]:
        """The person's own last questions, as they are kept: text, day, outcome and their vote; no other's words."""
        lines = []
        for one in await self._in_thread(self._services.store.asked.of_person, opened.team, opened.user, LAST):
            vote = next((vote.value for vote in one.votes if vote.user == opened.user), None)
            record = one.record
            told = [record.created_at.date().isoformat(), Mask().back(record.question.text)]
            told += [say[record.answer.outcome.value], *([say[vote]] if vote else [])]
            lines.append(" · ".join(told))
        return lines

    def _figures(self, opened: HomeOpened) -> dict[str, int]:
        """How many questions and votes in the last 24 hours; that they were looked at is audited."""
        now = self._services.now()
        self._services.store.audit.append(Entry("report", now, opened.team, opened.user, None, SURFACE))
        counted: Counter[str] = Counter()
        for asked in self._services.store.asked.since(now - DAY):
            counted[asked.record.answer.outcome.value] += 1
            counted["asked"] += 1
            counted.update(f"votes_{vote.value}" for vote in asked.votes)
        codes = ("asked", *(outcome.value for outcome in Outcome), "votes_up", "votes_down")
        return {code: counted[code] for code in codes}


def _document(one: Stated, locale: str) -> str:
    """`Travel policy, version 3, effective 2026-01-01`."""
    say = texts.of(locale)
    version = say.says["version"].format(version=one.version) if one.version else ""
    effective = say.home["effective"].format(date=one.effective) if one.effective else ""
    return ", ".join(part for part in (one.title, version, effective) if part)


def home_view(
    shelves: Sequence[tuple[str, Sequence[str]]],
    asked: Sequence[str],
    keep: Retention,
    figures: Mapping[str, int] | None = None,
    *,
    opted_out: bool = False,
    raw_text: bool = False,
    locale: str = "en",
) -> Block:
    """The view that views.publish takes.

    `shelves`: collections by title, a line for each document; `asked`: a line for each question; `figures`: of the last
    day, for who may see reports. `opted_out`: no words of theirs are kept; `raw_text`: they may read what people asked.
    """
    say = texts.of(locale).home
    blocks: list[Block] = [_header(say["sources"])]
    if not shelves:
        blocks.append(_own(say["no_sources"]))
    for title, documents in shelves[:SHELVES]:
        named = list(documents[:DOCUMENTS])
        if (more := len(documents) - len(named)) > 0:
            named.append(say["more"].format(count=more))
        blocks += [rich_text(_line(f"{title} ({len(documents)})", bold=True)), _list(named)]
    if (more := len(shelves) - SHELVES) > 0:
        blocks.append(_own(say["more"].format(count=more)))
    blocks += [
        _header(say["asked"]),
        _list(asked) if asked else _own(say["none_asked"]),
        _header(say["kept"]),
        _own(say["kept_how"].format(question=keep.question, feedback=keep.feedback, audit=keep.audit)),
        _buttons(say, opted_out=opted_out),
    ]
    if figures is not None:
        blocks += [_header(say["figures"]), _own(say["figures_day"].format(**figures), say["report"])]
    if raw_text:
        blocks.append(buttons(button(meanings.UNANSWERED, say[f"do_{meanings.UNANSWERED}"], meanings.UNANSWERED)))
    return {"type": "home", "blocks": blocks}


def _buttons(say: texts.Sentences, *, opted_out: bool) -> Block:
    """What the person may do about what is stored of them; forgetting asks once more."""

    def act(name: str, **more: Any) -> Block:
        return button(name, say[f"do_{name}"], name, **more)

    sure = confirmation(say["sure_title"], plain_text(say["sure"]), say["sure_yes"], say["sure_no"])
    wish = meanings.OPT_IN if opted_out else meanings.OPT_OUT
    forget = act(meanings.FORGET, style="danger", confirm=sure)
    return buttons(act(meanings.EXPORT), act(wish), forget)


def _header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text)}


def _own(*sentences: str) -> Block:
    """Our own sentences, whole: translations are longer than a line."""
    return rich_text(*(line(words(text)) for text in sentences))


def _line(text: str, *, bold: bool = False) -> Block:
    flat = " ".join(safe_text.plain(text).split()) or "…"
    return line(words(flat if len(flat) <= CHARS else flat[: CHARS - 1] + "…", bold=bold))


def _list(items: Sequence[str]) -> Block:
    return rich_text(bullets([_line(item) for item in items])) if items else _own("…")
