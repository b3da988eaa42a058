"""How many questions a minute one person, or one channel, gets answered; who is over it is told, alone."""

from __future__ import annotations

from bot.slack.notices import post_ephemeral
from bot.slack.services import Services
from bot.store.jobs import Job

WINDOW_S = 60.0


async def over_limit(services: Services, job: Job) -> str | None:
    """The limit this question is over, as a code of texts.says, told to its asker; None: it may be answered."""
    of_channel = services.rules.in_channel(job.channel).questions_per_minute
    for reason, key, most in (
        ("user_limit", f"user:{job.team}:{job.user}", services.limits.user_per_minute),
        ("channel_limit", f"channel:{job.team}:{job.channel}", of_channel or services.limits.channel_per_minute),
    ):
        if not most or (reason == "channel_limit" and job.kind == "dm"):
            continue
        hits = await services.in_thread(services.store.limits.hit, key, WINDOW_S, services.now())
        if hits > most:
            if hits == most + 1 or reason == "channel_limit":  # a flood is told once a minute
                text, thread_ts = services.say(job.user).says[reason], job.thread_ts or job.message_ts
                await post_ephemeral(services.api, job.channel, job.user, thread_ts, text)
            return reason
    return None
