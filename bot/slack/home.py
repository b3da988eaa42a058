"""The Home tab: made anew whenever somebody opens it, from what that person may see now; and what its buttons do.

In: HomeOpened, HomePressed. Out: one views.publish; for a press a modal at once, the work done beside the answers, and
in the modal what happened. Rules kept: the same access as for answers; figures are totals only, for those whom [admins]
lets see reports; a tab that could not be made leaves the old one; everybody reaches what is theirs and nobody else's;
what people asked is read by who may by [admins], each reading and each refusal is audited; an export shows no answer
made of what the person may not see any more, and no other person's vote; nothing is written about a person after they
were forgotten; everything shown stands in rich_text or plain_text, where nothing is parsed.
"""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog

from bot import json_rows, texts
from bot.errors import SlackError, StoreError
from bot.log import traced
from bot.privacy.mask import worded
from bot.rules.tables import Person
from bot.settings import Retention
from bot.slack import blocks, first_contact, meanings, safe_text
from bot.slack.blocks import Block
from bot.slack.meanings import EXPORT, FORGET, OPT_OUT, UNANSWERED, HomeOpened, HomePressed
from bot.slack.services import Services
from bot.store.audit import Entry
from knowledge.catalog.reading import Stated

UNANSWERED_SHOWN, LINE = 20, 140  # questions of a window, characters of each: a section takes 3,000
FILE = "policybot-about-me.jsonl"
SURFACE = {"surface": "home"}  # in the audit trail
_COPIES = ("body", "stream_text")  # where copies of answers are kept whose collections the row does not tell
LAST = 10  # own questions shown; given: issue 14
DAY = timedelta(days=1)
DOCUMENTS = 15  # named of one collection
SHELVES = 10  # collections shown; more are counted
CHARS = 200  # of one line of what others wrote


async def pressed(services: Services, press: HomePressed) -> None:
    """Do what was pressed, say what happened, then make the tab anew."""
    say = services.texts_for(press.user).home

    def window(text: str) -> Block:
        title = say["do_own_unanswered" if press.act == UNANSWERED else "yours"]
        return blocks.modal(title, services.texts_for(press.user).modals["close"], [blocks.section(text)])

    view = await services.open_view(press.trigger, window(say["working"]))
    channel = None
    with contextlib.suppress(SlackError, KeyError, TypeError):
        answer = await services.api.call_with_retries("conversations.open", again=True, users=press.user)
        channel = str(answer["channel"]["id"])
    code = await _done(services, press, channel)
    outcome = say.get(code, code)
    shown = False
    with contextlib.suppress(SlackError):  # the person closed it, say
        if view is not None:
            await services.update_view(view, window(outcome))
            shown = True
    if channel and not shown:
        services.call_in_background("chat.postMessage", channel=channel, text=outcome)
    if channel:
        await _publish(services, HomeOpened(press.team, press.user, channel))


async def _done(services: Services, press: HomePressed, channel: str | None) -> str:
    """Do what was pressed; the code of what to say about it, or the text itself."""
    persons = services.store.persons
    try:
        if await services.too_many("own", press.team, press.user):
            return "own_limit"
        if press.act == EXPORT:
            return await _export(services, press, channel)
        if press.act == UNANSWERED:
            return await _unanswered(services, press)
        if press.act == FORGET:
            files = await services.in_thread(persons.files, press.user)
            done = await services.in_thread(_forget, services, press.user)
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


async def _unanswered(services: Services, press: HomePressed) -> str:
    """The last questions that the manual had no sure answer to: their words as they are kept, nobody's name."""
    person = await services.access.person(press.user, "", alone=True)
    allowed = services.rules.may("raw_text", person)
    facts = SURFACE | {"what": "unanswered", "right": "raw_text"}
    entry = Entry("raw_text" if allowed else "refused", services.now(), press.team, press.user, None, facts)
    await services.in_thread(services.store.audit.append, entry)
    if not allowed:
        structlog.get_logger().warning("act_refused", right="raw_text", person=press.user)
        return "own_refused"
    judge, asked = services.access.judge(person), services.store.asked
    since = services.now() - timedelta(days=30)

    def lines() -> list[str]:
        unmet = (one.record for one in asked.since(since) if one.record.answer.ended in ("refused", "unsure"))
        seen = (record for record in unmet if judge(record) and not record.question.private)
        texts = (f"{r.created_at.date().isoformat()} · {' '.join(r.question.text.split())}" for r in seen)
        return [safe_text.as_text(text)[:LINE] for text in itertools.islice(texts, UNANSWERED_SHOWN)]

    return "\n".join(await services.in_thread(lines)) or "none_unanswered"


async def _export(services: Services, press: HomePressed, channel: str | None) -> str:
    if channel is None:
        return "own_failed"
    person = await services.access.person(press.user, channel, alone=True)
    lines = await services.in_thread(_lines, services, press.user, person)
    say = services.texts_for(press.user).home
    about = {"title": say["yours"], "kind": "application/x-ndjson", "channel": channel}

    async def noted(file: str) -> None:  # first: erasure must find the file, whatever happens next
        entry = Entry("privacy_file", services.now(), press.team, press.user, None, SURFACE | {"file": file})
        await services.in_thread(services.store.audit.append, entry)

    await services.api.upload(FILE, lines.encode(), noted=noted, **about)
    return EXPORT


def _lines(services: Services, user: str, person: Person) -> str:
    """JSON Lines of all that is stored about the person and may be shown to them."""
    rows = services.store.persons.export(user, services.now(), **SURFACE)
    theirs = (row for row in rows if row.get("user_id") in (None, user))
    return "".join(f"{json_rows.dumps(_seen(services, row, person))}\n" for row in theirs)


def _seen(services: Services, row: dict[str, Any], person: Person) -> dict[str, Any]:
    """The row without what is said from collections that are closed to the person by now."""
    rules = services.rules
    if not rules.restricted:
        return row
    if row["table"] == "answers" and not rules.may_see_all(row["body"]["question"]["collections"], person):
        return row | {"body": {"question": {"text": row["body"]["question"]["text"]}}}
    return {name: value for name, value in row.items() if row["table"] == "answers" or name not in _COPIES}


def _forget(services: Services, user: str) -> str:
    persons = services.store.persons
    if persons.being_answered(user, services.now()):
        return "forget_later"
    persons.erase(user, services.now(), **SURFACE)
    clean = services.store.scrub()
    if persons.being_answered(user, services.now()):
        return "forget_later"  # a question came between
    return FORGET if clean else "forget_bytes"


async def opened(services: Services, seen: HomeOpened) -> None:
    """Make the tab; or suggest questions to who begins to write. Another company's people are told who may ask."""
    try:
        if await services.too_many("home", seen.team, seen.user):
            return
        ours = await _ours(services, seen.user)
    except (SlackError, StoreError) as error:
        structlog.get_logger().info("home_not_shown", error=error.code)
        return
    if seen.tab == "home":
        await _publish(services, seen, ours=ours)
    elif ours:
        await first_contact.suggest(services, seen)


async def _ours(services: Services, user: str) -> bool:
    """Whether they belong to this workspace, which the event does not say (Slack Connect). Raises SlackError."""
    who = (await services.api.call_with_retries("users.info", again=True, user=user)).get("user") or {}
    return services.me.team in {who.get("team_id"), *(who.get("enterprise_user") or {}).get("teams", ())}


async def _publish(services: Services, seen: HomeOpened, *, ours: bool = True) -> None:
    try:
        locale = await services.locales.of(seen.user)
        outside: Block = {"type": "home", "blocks": [_sentences(texts.of(locale).says["outsider"])]}
        view = await _view(services, seen, locale) if ours else outside
        await services.api.call_with_retries("views.publish", again=True, user_id=seen.user, view=view)
    except (SlackError, StoreError) as error:
        structlog.get_logger().info("home_not_shown", error=error.code)


async def _view(services: Services, seen: HomeOpened, locale: str) -> Block:
    access, rules, in_thread = services.access, services.rules, services.in_thread
    person = await access.person(seen.user, seen.channel, alone=True)
    shelves = []
    for name in access.collections(person):
        documents = await asyncio.to_thread(services.stated, name)
        if documents:
            shelves.append((rules.title(name), [_document(one, locale) for one in documents]))
    return home_view(
        shelves,
        await _asked(services, seen, texts.of(locale).home),
        services.settings.retention,
        await in_thread(_figures, services, seen) if rules.may("reports", person) else None,
        opted_out=await in_thread(services.store.persons.opted_out, seen.user),
        raw_text=rules.may("raw_text", person),
        locale=locale,
    )


async def _asked(services: Services, seen: HomeOpened, say: texts.Sentences) -> list[str]:
    """The person's own last questions, as they are kept: text, day, outcome and their vote; no other's words."""
    lines = []
    for one in await services.in_thread(services.store.asked.of_person, seen.team, seen.user, LAST):
        vote = next((vote.value for vote in one.votes if vote.user == seen.user), None)
        record = one.record
        facts = [record.created_at.date().isoformat(), worded(record.question.text)]
        facts += [say[record.answer.ended], *([say[vote]] if vote else [])]
        lines.append(" · ".join(facts))
    return lines


def _figures(services: Services, seen: HomeOpened) -> Counter[str]:
    """How many questions and votes in the last 24 hours; that they were looked at is audited."""
    now = services.now()
    services.store.audit.append(Entry("report", now, seen.team, seen.user, None, SURFACE))
    counted: Counter[str] = Counter()
    for asked in services.store.asked.since(now - DAY):
        counted[asked.record.answer.ended] += 1
        counted["asked"] += 1
        counted.update(f"votes_{vote.value}" for vote in asked.votes)
    return counted


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
    figures: Counter[str] | None = None,
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
    shown: list[Block] = [_header(say["sources"])]
    if not shelves:
        shown.append(_sentences(say["no_sources"]))
    for title, documents in shelves[:SHELVES]:
        named = list(documents[:DOCUMENTS])
        if (more := len(documents) - len(named)) > 0:
            named.append(say["more"].format(count=more))
        shown += [blocks.rich_text(_line(f"{title} ({len(documents)})", bold=True)), _list(named)]
    if (more := len(shelves) - SHELVES) > 0:
        shown.append(_sentences(say["more"].format(count=more)))
    shown += [
        _header(say["asked"]),
        _list(asked) if asked else _sentences(say["none_asked"]),
        _header(say["kept"]),
        _sentences(say["kept_how"].format(question=keep.question, feedback=keep.feedback, audit=keep.audit)),
        _buttons(say, opted_out=opted_out),
    ]
    if figures is not None:
        shown += [_header(say["figures"]), _sentences(say["figures_day"].format_map(figures), say["report"])]
    if raw_text:
        shown.append(blocks.buttons(_act(say, meanings.UNANSWERED)))
    return {"type": "home", "blocks": shown}


def _buttons(say: texts.Sentences, *, opted_out: bool) -> Block:
    """What the person may do about what is stored of them; forgetting asks once more."""
    sure = blocks.confirmation(say["sure_title"], blocks.plain_text(say["sure"]), say["sure_yes"], say["sure_no"])
    wish = meanings.OPT_IN if opted_out else meanings.OPT_OUT
    forget = _act(say, meanings.FORGET, style="danger", confirm=sure)
    return blocks.buttons(_act(say, meanings.EXPORT), _act(say, wish), forget)


def _act(say: texts.Sentences, name: str, **more: Any) -> Block:
    return blocks.button(name, say[f"do_{name}"], name, **more)


def _header(text: str) -> Block:
    return {"type": "header", "text": blocks.plain_text(text)}


def _sentences(*sentences: str) -> Block:
    """Our own sentences, whole: translations are longer than a line."""
    return blocks.rich_text(*(blocks.line(blocks.words(text)) for text in sentences))


def _line(text: str, *, bold: bool = False) -> Block:
    return blocks.line(blocks.words(blocks.one_line(safe_text.as_text(text), CHARS) or "…", bold=bold))


def _list(items: Sequence[str]) -> Block:
    return blocks.rich_text(blocks.bullets([_line(item) for item in items])) if items else _sentences("…")
