"""A question that is better not answered for all to read -> the same question in its asker's direct messages.

In: a job from a channel. Out: a row of the inbox that is answered like any other, under a message of ours that says
where it came from. Rule kept: once, however often it is tried: the row is known by the question's id, the message by
its metadata.
"""

from __future__ import annotations

import structlog

from bot.rules.tables import Rules
from bot.slack import traces
from bot.slack.access import is_direct
from bot.slack.api import Api, Refused
from bot.slack.blocks import quote, rich_text, section, words
from bot.slack.services import Services
from bot.store.jobs import MOVED, Job, Received, moved_id

QUOTED = 2_000  # characters of the question that are repeated
LOOKED_AT = 50  # messages in which one of an earlier attempt is looked for


async def move(services: Services, job: Job, question_id: str, topic: str | None) -> str:
    """Ask the job's question in the asker's direct messages; what is said of it where it was asked (texts.says).

    Where Slack lets us open none, as before the app is installed anew with the scope im:write, the asker is told to
    write there themselves. Raises SlackError, StoreError: then it is tried again.
    """
    try:
        opened = await services.api.call_with_retries("conversations.open", again=True, users=job.user)
    except Refused as error:
        structlog.get_logger().error("not_moved", id=question_id, reason=error.reason)
        return "private_write_me"
    channel = str(opened["channel"]["id"])
    root = await _root(services.api, channel, question_id, services.me.user) if job.attempt > 1 else None
    if root is None:
        say = services.say(job.user).private
        text = say.get(topic or "", say["asked"])
        posted = await services.api.call_with_retries(
            "chat.postMessage",
            channel=channel,
            text=text,
            blocks=[section(text), rich_text(quote(words(job.text[:QUOTED] or "…")))],
            metadata=traces.metadata(question_id, 0, 1),
        )
        root = str(posted["ts"])
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


def is_due(rules: Rules, job: Job, *, sensitive: bool) -> bool:
    """Whether the question is answered to its asker alone, elsewhere than where it was asked."""
    told = sensitive and rules.privacy.sensitive == "private"
    return not is_direct(job.channel) and (told or rules.in_channel(job.channel).private)


def was_moved(job: Job) -> bool:
    """Whether the job is such a row."""
    return job.event_id.startswith(MOVED)


async def _root(api: Api, channel: str, question_id: str, me: str) -> str | None:
    """The message of an earlier attempt."""
    found = await api.call_with_retries(
        "conversations.history", again=True, channel=channel, limit=LOOKED_AT, include_all_metadata=True
    )
    ours = (m for m in found.get("messages", ()) if m.get("user") == me and traces.part(m, question_id))
    return next((str(message["ts"]) for message in ours), None)
