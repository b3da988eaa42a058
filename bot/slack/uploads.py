"""Bytes -> a file in Slack, shared with no channel or with one.

In: a name and the content. Out: the file's id. Rule kept: the content goes to the address that Slack gave, without a
token.
"""

from __future__ import annotations

import aiohttp

from bot.errors import SlackUnavailable
from bot.slack.api import Api


async def upload(
    api: Api,
    name: str,
    content: bytes,
    *,
    title: str,
    kind: str,
    alt_text: str | None = None,
    channel: str | None = None,
) -> str:
    """The id of the new file; `kind` is its media type. Raises SlackError."""
    got = await api.call_with_retries(
        "files.getUploadURLExternal", again=True, filename=name, length=len(content), alt_txt=alt_text
    )
    try:
        async with api.session.post(str(got["upload_url"]), data=content, headers={"Content-Type": kind}) as answer:
            if answer.status != 200:
                raise SlackUnavailable(f"Slack did not take a file (HTTP {answer.status}). Try again later.")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError) as error:
        raise SlackUnavailable(
            f"A file could not be sent to Slack ({type(error).__name__}). Check the network."
        ) from None
    files = [{"id": got["file_id"], "title": title[:200]}]
    await api.call_with_retries("files.completeUploadExternal", files=files, channel_id=channel)
    return str(got["file_id"])
