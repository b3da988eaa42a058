""" "Share in the channel": a private answer, as its asker wishes, in the thread that it was asked in.

In: a press below a private answer. Out: a row that is carried like a question to people (bot.slack.hand_off), once.
Rules kept: only the asker may; nothing goes but the answer and its places; not where somebody may not see what it
cites; it goes again with the question.
"""

from __future__ import annotations

from dataclasses import replace

from bot import texts
from bot.privacy.mask import Mask
from bot.rules.tables import Person, Rules
from bot.slack import render, traces
from bot.slack.blocks import Block, button, buttons, confirmation, section_with_ids
from bot.slack.meanings import SHARE, SharePressed
from bot.slack.reply import MESSAGE_CHARS
from bot.slack.services import Services
from bot.store.hand_offs import Carried
from bot.store.jobs import DELETED, Job, asked_at
from bot.types import Record

SHOWN = ("rich_text", "context")  # of what stands below an answer
OF_PRIVATE = frozenset({"private", "files", "cached"})  # remarks that are the asker's own


def below(rules: Rules, job: Job, record: Record) -> list[Block]:
    """The button, below a private answer that may stand in the channel it was asked in."""
    place = asked_at(job)
    if place is None or not _may_stand(rules, record, place[0]):
        return []
    say = texts.of(record.question.locale).modals
    sure: Block = {"type": "mrkdwn", "text": say["share_sure"].format(channel=f"<#{place[0]}>")}
    confirm = confirmation(say["share"], sure, say["share_yes"], say["share_no"])
    return [buttons(button(SHARE, say["share"], record.id, confirm=confirm))]


async def pressed(services: Services, press: SharePressed) -> bool:
    """Commit that the answer is to be shared; whether that is new. Raises StoreError."""
    store, rules, in_thread = services.store, services.rules, services.in_thread
    record = await in_thread(store.answers.by_id, press.answer)
    private = await in_thread(store.inbox.find, press.team, press.channel, record.thread_ts or "") if record else None
    place = asked_at(private) if private else None
    asked = await in_thread(store.inbox.find, press.team, *place) if place else None
    code, channel = "share_gone", ""
    if record and asked and record.question.user == press.user and asked.reason != DELETED:
        channel = asked.channel
        if _may_stand(rules, record, channel):
            shared = Carried(
                key=share_key(record.id),
                kind="share",
                team=press.team,
                answer=record.id,
                user=press.user,
                asker=press.user,
                home=(press.channel, str(record.thread_ts)),
                place=(channel, None),
                text=asked.thread_ts or asked.message_ts,
            )
            if await in_thread(store.hand_offs.add, shared, services.now()):
                return True
            code = "share_already"
    services.tell(press, services.say(press.user).modals[code].format(channel=f"<#{channel}>"))
    return False


async def content(services: Services, message: Carried) -> tuple[str, list[Block]] | None:
    """What is posted in the channel; None where the question was deleted meanwhile, or the record is gone."""
    store = services.store
    private = await services.in_thread(store.inbox.find, message.team, *message.home)
    record = await services.in_thread(store.answers.by_id, message.answer)
    if record is None or private is None or private.cancelled:
        return None
    locale, mask = record.question.locale, Mask()
    head = texts.of(locale).modals["share_head"].format(person=f"<@{message.asker}>")
    answer = replace(record.answer, notes=tuple(note for note in record.answer.notes if note not in OF_PRIVATE))
    whole = render.markdown(mask.back(answer.text), answer.citations, mask.own)
    first, *more = render.parts(whole, MESSAGE_CHARS)
    title = services.rules.title if len(record.question.collections) > 1 else None
    below = [b for b in render.blocks(answer, record.id, "", locale, title) if b["type"] in SHOWN]
    return head, [section_with_ids(head), *render.message_blocks(first + (" …" if more else ""), below)]


async def take_back(services: Services, job: Job, answer: str) -> list[str]:
    """A private question is gone: so is its answer in the channel, if shared. What else of ours is to go here."""
    if asked_at(job) is None:
        return []
    shared = await services.in_thread(services.store.hand_offs.find, share_key(answer))
    if shared is not None and shared.place[1]:
        await traces.delete(services.api, shared.place[0], shared.place[1])
    return [job.message_ts]  # what stands above the answer


def share_key(answer: str) -> str:
    """The key of an answer on its way to the channel: one for each, however often it is pressed."""
    return f"share:{answer}"


def _may_stand(rules: Rules, record: Record, channel: str) -> bool:
    """Whether everybody in the channel may see what the answer was made from; nothing to share without sources.

    What comes closest is told without a citation: of what was found, all must be for everybody.
    """
    answer = record.answer
    found = {one.collection for one in answer.citations} | {one.collection for one in answer.passages}
    held = {name or record.question.collections[0] for name in found}
    return bool(answer.citations) and rules.may_see_all(held, Person(channel=channel))
