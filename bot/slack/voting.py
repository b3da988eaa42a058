"""Votes: buttons and thumbs under answers, committed before Slack is told so; then what the voter is told or asked.

In: presses, thumbs and forms. Out: a stored vote; for the voter alone a form, a button that opens it, or a line. Rules
kept: one vote per person and answer, whichever message of the answer it was given on; nothing is said before it is
stored; the vote never waits for the form, and nobody is asked twice by a thumb; a reason is kept only while the vote
that it explains stands. Knows no emoji and no payload.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import replace

from bot import texts
from bot.errors import SlackError, StoreError
from bot.slack import hand_off, meanings, parse
from bot.slack.background import in_background
from bot.slack.blocks import Block, button, buttons, form_input, modal, option, section
from bot.slack.meanings import OnMessage, Pressed, Reacted, Value, WhyGiven, packed
from bot.slack.services import Services
from bot.store.answers import VoteChange
from bot.types import Vote


async def clicked(services: Services, click: Pressed) -> None:
    """A vote counts for an answer that stands in the message it came from, and for no other."""
    say = services.texts_for(click.user)
    try:
        record = await services.answer_of(click)
        if record is None:
            return
        on = replace(click, message_ts=record.message_ts or click.message_ts)
        change = await _cast(services, Vote(*on.place, on.user, click.vote, "button", click.at))
        say = services.texts_for(click.user, services.language_of(record.question))
    except StoreError:  # Slack does not repeat clicks
        services.post_ephemeral(click, say.says["vote_failed"])
        raise
    if click.vote == "down":
        in_background(_ask(services, on, click.trigger))
    else:
        services.post_ephemeral(click, say.modals["vote_up"] if change.before == "down" else say.says["thanks"])


async def reacted(services: Services, thumb: Reacted) -> None:
    """A first thumb up is thanks enough; what changed is told, and a first thumb down is asked about."""
    record = await services.in_thread(services.store.answers.by_message, *thumb.place)
    thread_ts = record.thread_ts if record else await services.in_thread(services.store.inbox.streams, *thumb.place)
    if record is None and thread_ts is None:
        return  # neither an answer, nor one being streamed
    on = replace(thumb, thread_ts=thread_ts, message_ts=(record and record.message_ts) or thumb.message_ts)
    voter = *on.place, on.user
    change = await _cast(services, Vote(*voter, thumb.value, "reaction", thumb.at), thumb.was)
    down = change.after == "down" and change.before != "down"
    ask = down and await services.once(":".join(("why", *voter)))
    if change.before == change.after or (change.before is None and not down):
        return
    if change.after is None:
        in_background(_taken_off(services, on, thumb.message_ts))
        return
    new = change.before is None and ask  # else changed, taken back, or given again after that
    text = "" if new else (await _texts_below(services, on)).modals[f"vote_{change.after}"]
    if ask:
        in_background(_offer(services, on, text))
    else:
        services.post_ephemeral(on, text)


async def _taken_off(services: Services, on: Reacted, ts: str) -> None:
    """Count the other thumb, if the person has it under the message yet; say what counts now."""
    got, after = {}, None
    with contextlib.suppress(SlackError):
        item = {"channel": on.channel, "timestamp": ts, "full": True}
        got = await services.api.call_with_retries("reactions.get", again=True, **item)
    if left := parse.thumb_of(got.get("message"), on.user):
        after = (await _cast(services, Vote(*on.place, on.user, left, "reaction", on.at))).after
    services.post_ephemeral(on, (await _texts_below(services, on)).modals[f"vote_{after or 'none'}"])


async def explained(services: Services, why: WhyGiven) -> None:
    """Keep the reason with the vote that it explains, and thank for it. Raises StoreError."""
    kept = await services.in_thread(services.store.feedback.explain, why.vote)
    text = (await _texts_below(services, why)).modals["thanks_why" if kept else "why_late"]
    services.post_ephemeral(why, text, await hand_off.after_vote(services, why))


async def _cast(services: Services, vote: Vote, was: Value | None = None) -> VoteChange:
    change = await services.in_thread(services.store.feedback.cast, vote, was=was)
    services.metrics.voted(change)
    return change


# --- why an answer did not help ---


async def _ask(services: Services, on: OnMessage, trigger: str) -> None:
    """Open the form; where Slack would not any more, offer it."""
    if await services.open_view(trigger, await _form(services, on)) is None:
        await _offer(services, on, "")


async def reopen(services: Services, press: Pressed) -> None:
    """Open the form once more."""
    await services.open_window(press, await _form(services, press))


async def _offer(services: Services, on: OnMessage, text: str) -> None:
    """A button that opens the form, for the voter alone, below `text`."""
    say = (await _texts_below(services, on)).modals
    offer = buttons(button(meanings.WHY, say["tell_why"], packed(on.message_ts, on.thread_ts)))
    services.post_ephemeral(on, text or say["tell_why_asked"], [offer, *await hand_off.after_vote(services, on)])


async def _form(services: Services, on: OnMessage) -> Block:
    """The window that asks for a reason and, if the person likes, for what would be right."""
    return why_view(on, await hand_off.after_vote(services, on), (await _texts_below(services, on)).modals)


async def _texts_below(services: Services, on: OnMessage) -> texts.Texts:
    """Our own sentences for who votes: where their Slack is in English, in the language of the answer."""
    record = None
    with contextlib.suppress(StoreError):
        record = await services.in_thread(services.store.answers.by_message, *on.place)
    return services.texts_for(on.user, services.language_of(record.question) if record else None)


def why_view(on: OnMessage, below: Sequence[Block], say: texts.Sentences) -> Block:
    """The form; `below`: the button "Ask a person", where there is one."""
    reasons = {"type": "radio_buttons", "options": [option(say[code], code) for code in meanings.REASONS]}
    line = {"type": "plain_text_input", "max_length": meanings.MAX_COMMENT}
    return modal(
        say["why_title"],
        say["close"],
        [
            section(say["why_counts"]),
            form_input(meanings.REASON, say["why_reason"], reasons),
            form_input(meanings.COMMENT, say["why_comment"], line, optional=True),
            *below,
        ],
        submit=say["send"],
        callback_id=meanings.WHY,
        private_metadata=packed(on.channel, on.message_ts, on.thread_ts),
    )
