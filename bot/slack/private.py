"""A question that is better not answered for all to read -> the same question in its asker's direct messages.

In: a job from a channel; a press of "Share in the channel" below a private answer. Out: a row of the inbox that is
answered like any other, under a message of ours that says where it came from; a row that is carried like a question to
people (bot.slack.hand_off). Rules kept: each once, however often it is tried: the row is known by the question's id,
the message by its metadata; only the asker may share, nothing but the answer and its places, not where somebody may not
see what it cites; what was shared goes again with the question.
"""

import asyncio
from dataclasses import replace

import structlog

from bot import texts
from bot.privacy.mask import worded
from bot.rules.tables import Person, Rules
from bot.slack import own_messages, render
from bot.slack.access import is_direct
from bot.slack.api import Refused
from bot.slack.blocks import Block, button, buttons, confirmation, quote, rich_text, section, section_with_ids, words
from bot.slack.history import after_those_before
from bot.slack.meanings import SHARE, Pressed
from bot.slack.reply import MESSAGE_CHARS
from bot.slack.services import Services
from bot.store.hand_offs import Carried
from bot.store.jobs import DELETED, MOVED, PRIVATE, Job, Received, asked_at, moved_id
from bot.types import Question, Record
from bot.understanding.follow_up import is_whole, leans, said_since
from bot.understanding.topics import SOMEBODYS

QUOTED = 2_000  # characters of the question that are repeated
OF_PRIVATE = frozenset({"private", "private_whom", "files", "cached"})  # remarks that are the asker's own


async def move(services: Services, job: Job, question_id: str, notice: str | None, say: texts.Sentences) -> str:
    """Ask the job's question in the asker's direct messages; what is said of it where it was asked (texts.says).

    `notice`: by which of texts.private it is announced; None: by the plain one.

    Where Slack lets us write none, as without the scope im:write or with the app's Messages tab off, the asker is told
    so. Raises SlackError, StoreError: then it is tried again.
    """
    try:
        opened = await services.api.call_with_retries("conversations.open", again=True, users=job.user)
        channel = str(opened["channel"]["id"])
        root = None
        if job.attempt > 1:
            root = await own_messages.posted(services.api, channel, None, services.me.user, question_id)
        if root is None:
            text = say.get(notice or "", say["asked"])
            above = asked_again(text, worded(job.text))
            root = await own_messages.post(services.api, question_id, text, above, channel=channel)
    except Refused as error:
        structlog.get_logger().error("not_moved", id=question_id, reason=error.reason)
        return "private_write_me"
    moved = Received(
        team=job.team,
        channel=channel,
        message_ts=root,
        event_id=moved_id(job),
        user=job.user,
        text=job.text,
        thread_ts=None,
        kind="dm",
        recipient_team=job.recipient_team,
        files=job.files,
        received_at=job.received_at,
    )
    await services.in_thread(services.store.inbox.receive, moved)
    return "private_moved"


def asked_again(head: str, text: str) -> list[Block]:
    """What stands above a private answer: one of our sentences, and the question."""
    return [section(head), rich_text(quote(words(text[:QUOTED] or "…")))]


def is_due(rules: Rules, job: Job, *, sensitive: bool) -> bool:
    """Whether the question is answered to its asker alone, elsewhere than where it was asked."""
    confided = sensitive and rules.privacy.sensitive == "private"
    return not is_direct(job.channel) and (confided or rules.in_channel(job.channel).private)


async def goes_on(services: Services, job: Job, halt: asyncio.Event) -> bool:
    """Whether it goes on from what was answered privately: to its asker, or to others alone where it leans on that.

    Right behind what its asker confides all does; later on nothing that asks for another matter as a whole.
    """
    if job.thread_ts is None or is_direct(job.channel):
        return False
    await after_those_before(services, job, halt)
    before = await services.in_thread(services.store.inbox.asked_before, job)
    own = next((one for one in before if one.user == job.user), None)
    if own is None:
        return bool(before) and leans(job.text) and all(one.reason == PRIVATE for one in before)
    if own.reason != PRIVATE or not is_whole(job.text):
        return own.reason == PRIVATE
    told = await asyncio.to_thread(services.told, own.text)
    return told is not None and told.topic is not None and told.kind not in SOMEBODYS


async def goes_on_from_talk(services: Services, question: Question) -> bool:
    """Whether it goes on from what people told each other, none of which any channel should read."""
    talk = [] if is_whole(question.text) else said_since(question.history)
    told = [await asyncio.to_thread(services.told, text) for text in talk]
    return any(one is not None and one.topic is not None for one in told)


def was_moved(job: Job) -> bool:
    """Whether the job is such a row."""
    return job.event_id.startswith(MOVED)


# --- shared in the channel after all ---


def share_below(rules: Rules, job: Job, record: Record) -> list[Block]:
    """The button, below a private answer that may stand in the channel it was asked in."""
    place = asked_at(job)
    if place is None or not _may_stand(rules, record, place[0]):
        return []
    return [share_button(record.id, place[0], record.question.locale)]


def share_button(answer: str, channel: str, locale: str) -> Block:
    """The button; it asks once more before a press counts."""
    say = texts.of(locale).modals
    sure: Block = {"type": "mrkdwn", "text": say["share_sure"].format(channel=f"<#{channel}>")}
    confirm = confirmation(say["share"], sure, say["share_yes"], say["share_no"])
    return buttons(button(SHARE, say["share"], answer, confirm=confirm))


async def share_pressed(services: Services, press: Pressed) -> bool:
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
                text=asked.root,
            )
            if await in_thread(store.hand_offs.add, shared, services.now()):
                return True
            code = "share_already"
    services.post_ephemeral(press, services.texts_for(press.user).modals[code].format(channel=f"<#{channel}>"))
    return False


async def shared_content(services: Services, message: Carried) -> tuple[str, list[Block]] | None:
    """What is posted in the channel; None where the question was deleted meanwhile, or the record is gone."""
    store = services.store
    private = await services.in_thread(store.inbox.find, message.team, *message.home)
    record = await services.in_thread(store.answers.by_id, message.answer)
    if record is None or private is None or private.cancelled:
        return None
    locale = record.question.locale
    head = texts.of(locale).modals["share_head"].format(person=f"<@{message.asker}>")
    answer = replace(record.answer, notes=tuple(note for note in record.answer.notes if note not in OF_PRIVATE))
    whole = render.markdown(worded(answer.text), answer.citations)
    first, *more = render.parts(whole, MESSAGE_CHARS)
    below = render.places_and_remarks(answer, locale, services.titles(record.question))
    return head, [section_with_ids(head), *render.message_blocks(first + (" …" if more else ""), below)]


async def take_back(services: Services, job: Job, answer: str) -> list[str]:
    """A private question is gone: so is its answer in the channel, if shared. What else of ours is to go here."""
    if asked_at(job) is None:
        return []
    shared = await services.in_thread(services.store.hand_offs.find, share_key(answer))
    if shared is not None and shared.place[1]:
        await own_messages.delete(services.api, shared.place[0], shared.place[1])
    return [job.message_ts]  # what stands above the answer


def share_key(answer: str) -> str:
    """The key of an answer on its way to the channel: one for each, however often it is pressed."""
    return f"share:{answer}"


def _may_stand(rules: Rules, record: Record, channel: str) -> bool:
    """Whether everybody in the channel may see what the answer was made from; nothing to share without sources.

    What comes closest is told without a citation: of what was found, all must be for everybody.
    """
    answer = record.answer
    sources = {one.collection for one in answer.citations} | {one.collection for one in answer.passages}
    held = {name or record.question.collections[0] for name in sources}
    return bool(answer.citations) and rules.may_see_all(held, Person(channel=channel))
