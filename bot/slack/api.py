"""Slack's Web API as calls that either happened, were refused, were throttled, or were lost.

In: method names and plain arguments. Out: plain dictionaries. Rule kept: vendor errors stop here, and nothing is sent
twice by this module unless the first certainly had no effect (throttled) or doing it again is harmless (`again=True`).
Streams have an allowance that all answers of a process share: a method is used freely until Slack throttles it, for its
tier is a floor and not a ceiling; then it pauses as told and keeps to its tier for a while. Appends give way first
(fewer, larger), then streams (whole messages instead). Knows no questions and no answers.

SlackError
├── Refused       Slack answered, and said no; `reason` is its error string
│   ├── Gone          there is no place left to answer in
│   └── StoppedByUser someone pressed Stop: no more words
├── Throttled     429: nothing happened; `retry_after_s` says when to come back
├── SlackAuthError    the token is missing, wrong or revoked
└── SlackUnavailable  no answer came: whether it happened is unknown
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import Any, cast
from weakref import WeakValueDictionary

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SlackAuthError, SlackError, SlackUnavailable

INSTALL_AGAIN = "Install the app again, set SLACK_BOT_TOKEN to its token and restart."
TIMEOUT_S = 20.0
PATIENCE_S = 120.0  # longest total wait for a throttled call
LOST_TRIES = 4
STARTS_PER_MINUTE = 20  # chat.startStream, tier 2
APPENDS_PER_MINUTE = 100  # chat.appendStream, tier 4
STRICT_S = 300.0  # after being throttled
# how methods begin that take no JSON
READS = (
    "conversations.", "usergroups.", "users.", "files.getUploadURLExternal", "chat.getPermalink", "reactions.get"
)  # fmt: skip
# What refusals mean for an answer, by error string.
AUTH = frozenset({  # the token, not the call, is the trouble
    "account_inactive", "invalid_auth", "not_allowed_token_type", "not_authed", "org_login_required",
    "token_expired", "token_revoked",
})  # fmt: skip
DOWN = frozenset({"fatal_error", "internal_error", "messaging_processing_failed", "service_unavailable"})
GONE = frozenset({  # there is no place left to answer in
    "cannot_reply_to_message", "channel_is_limited_access", "channel_not_found", "duplicate_channel_not_found",
    "duplicate_message_not_found", "is_archived", "is_inactive", "message_not_found", "messages_tab_disabled",
    "not_in_channel", "restricted_action", "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel", "restricted_action_thread_locked",
    "restricted_action_thread_only_channel", "thread_not_found",
})  # fmt: skip


class Refused(SlackError):
    """Slack said no."""

    def __init__(self, method: str, reason: str, errors: Any = None) -> None:
        super().__init__(f"Slack refused {method}: {reason}. See docs.slack.dev/reference/methods/{method}.")
        self.reason = reason
        self.errors = errors  # as blocks.validate lists what is wrong


class Gone(Refused):
    """Channel archived, bot removed, thread or message deleted."""


class Restricted(Gone):
    """The workspace lets us write nothing there, or not so."""


class StoppedByUser(Refused):
    """Someone pressed Stop."""


class Throttled(SlackError):
    """Slack asks for a pause; the call had no effect."""

    def __init__(self, method: str, retry_after_s: float) -> None:
        super().__init__(f"{method} is rate limited. Come back after {retry_after_s:g} s.")
        self.retry_after_s = retry_after_s


class Api:
    """One workspace's Web API. Open and close it inside the running loop."""

    def __init__(self, token: str, url: str) -> None:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        self.client = AsyncWebClient(token=token, base_url=url, session=self._session, retry_handlers=[])
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()  # of those who wait
        self.token_refused: str | None = None  # why, until auth.test succeeds

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def call(self, method: str, **args: Any) -> dict[str, Any]:
        """Call once. Raises Refused, Throttled, SlackAuthError or SlackUnavailable."""
        return dict((await self.raw(method, args))[0])

    async def raw(
        self, method: str, args: Mapping[str, Any], token: str | None = None
    ) -> tuple[dict[str, Any], Mapping[str, str]]:
        """Body and headers of one call."""
        payload = {key: value for key, value in args.items() if value is not None}
        headers = {"Authorization": f"Bearer {token}"} if token else None
        read = method.startswith(READS)  # Slack reads arguments of these from the query only
        try:
            response = await self.client.api_call(
                method,
                http_verb="GET" if read else "POST",
                params=_query(payload) if read else None,
                json=None if read else payload,
                headers=headers,
            )
        except SlackApiError as error:
            failure = _translated(method, error)
            if isinstance(failure, SlackAuthError) and token is None:
                self.token_refused = failure.message
            raise failure from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError) as error:
            # The last two come from the SDK when a body is no JSON object.
            raise SlackUnavailable(
                f"No answer from Slack to {method} ({type(error).__name__}). Check the network and status.slack.com."
            ) from None
        if method == "auth.test" and token is None:
            self.token_refused = None
        return cast(dict[str, Any], response.data), cast(Mapping[str, str], response.headers)

    async def call_with_retries(self, method: str, *, again: bool = False, **args: Any) -> dict[str, Any]:
        """Call, and wait out throttling; callers of one method in one channel take turns.

        `again` also repeats calls that were lost: for reads, and for writes that do no harm when done twice.
        """
        key = (method, str(args.get("channel") or ""))
        turn = self._turns.setdefault(key, asyncio.Lock())
        waited, lost = 0.0, 0
        async with turn:
            while True:
                try:
                    return await self.call(method, **args)
                except Throttled as error:
                    waited += error.retry_after_s
                    if waited > PATIENCE_S:
                        raise
                    await asyncio.sleep(error.retry_after_s)
                except SlackUnavailable:
                    lost += 1
                    if not again or lost >= LOST_TRIES:
                        raise
                    await asyncio.sleep(0.25 * 2**lost)

    async def upload(
        self,
        name: str,
        content: bytes,
        *,
        title: str,
        kind: str,
        alt_text: str | None = None,
        channel: str | None = None,
        noted: Callable[[str], Awaitable[None]] | None = None,
    ) -> str:
        """The id of a new file of this media type, shared with one channel or none; sent without a token.

        `noted` is told the id before Slack has a byte of it: what fails to be noted is not sent.
        """
        got = await self.call_with_retries(
            "files.getUploadURLExternal", again=True, filename=name, length=len(content), alt_txt=alt_text
        )
        if noted:
            await noted(str(got["file_id"]))
        try:
            address, headers = str(got["upload_url"]), {"Content-Type": kind}
            async with self._session.post(address, data=content, headers=headers) as answer:
                if answer.status != 200:
                    raise SlackUnavailable(f"Slack did not take a file (HTTP {answer.status}). Try again later.")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError) as error:
            raise SlackUnavailable(
                f"A file could not be sent to Slack ({type(error).__name__}). Check the network."
            ) from None
        files = [{"id": got["file_id"], "title": title[:200]}]
        await self.call_with_retries("files.completeUploadExternal", files=files, channel_id=channel)
        return str(got["file_id"])

    async def remove_files(self, files: Iterable[str]) -> None:
        """Delete these files of ours; one that is gone already counts as deleted."""
        for file in files:
            try:
                await self.call_with_retries("files.delete", again=True, file=file)
            except Refused as error:
                if error.reason not in ("file_not_found", "file_deleted"):
                    raise

    async def replies(
        self, channel: str, thread_ts: str, *, limit: int = 200, **args: Any
    ) -> AsyncIterator[dict[str, Any]]:
        """Every message of a thread with its metadata, oldest first, page by page."""
        cursor: str | None = None
        while True:
            page = await self.call_with_retries(
                "conversations.replies",
                again=True,
                channel=channel,
                ts=thread_ts,
                limit=limit,
                cursor=cursor,
                include_all_metadata=True,
                **args,
            )
            for message in page.get("messages", ()):
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return


def _query(args: Mapping[str, Any]) -> dict[str, Any]:
    return {key: str(value).lower() if isinstance(value, bool) else value for key, value in args.items()}


def _translated(method: str, error: SlackApiError) -> SlackError:
    response = error.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
    data = getattr(response, "data", None)
    reason = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == 429 or reason in ("ratelimited", "rate_limited"):
        after = str((getattr(response, "headers", None) or {}).get("Retry-After", "1"))
        return Throttled(method, max(float(after) if after.replace(".", "", 1).isdigit() else 1.0, 0.1))
    if reason in AUTH:
        return SlackAuthError(f"Slack refused the token ({reason}). {INSTALL_AGAIN}")
    if not reason or status >= 500 or reason in DOWN:
        return SlackUnavailable(f"Slack failed at {method} (HTTP {status}). Check status.slack.com.")
    gone = Restricted if reason.startswith("restricted_action") else Gone
    kind = gone if reason in GONE else StoppedByUser if reason == "stopped_by_user" else Refused
    return kind(method, reason, data.get("errors") if isinstance(data, dict) else None)


class Bucket:
    """A token bucket that counts only after Slack has throttled: `per_minute` on average, half of them at once."""

    def __init__(self, per_minute: float, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = per_minute / 60, per_minute / 2, clock
        self._tokens, self._at = 0.0, clock()
        self._closed_until = self._strict_until = float("-inf")
        self.share = 1.0  # of the workspace's allowance that is this process's

    def take(self, leave: float = 0.0) -> bool:
        """Use one call if there is one, and `leave` more for those who come first."""
        if self.wait_s(leave) > 0:
            return False
        self._tokens -= 1
        return True

    def wait_s(self, leave: float = 0.0) -> float:
        """Seconds until there is a call to use; 0: now."""
        now = self._clock()
        if now >= self._strict_until:
            return 0.0
        most = max(self._burst * self.share, 1.0)
        self._tokens = min(most, self._tokens + max(now - self._at, 0) * self._rate * self.share)
        self._at = now
        short = max(min(1 + leave, most) - self._tokens, 0) / (self._rate * self.share)
        return max(short if short > 1e-9 else 0.0, self._closed_until - now, 0.0)

    def close(self, seconds: float) -> None:
        """Slack asked for a pause: no calls for so long, then no more than the tier."""
        now = self._clock()
        if now >= self._strict_until:
            self._tokens = 0.0
        self._closed_until = max(self._closed_until, now + seconds)
        self._strict_until = self._closed_until + STRICT_S
        self._at = max(self._at, now)


class StreamAllowance:
    """The buckets of the streaming methods."""

    def __init__(
        self, clock: Callable[[], float], *, starts: float = STARTS_PER_MINUTE, appends: float = APPENDS_PER_MINUTE
    ) -> None:
        self.starts = Bucket(starts, clock)
        self.appends = Bucket(appends, clock)

    def divide(self, workers: int) -> None:
        """Share the workspace's allowance with the other live workers."""
        self.starts.share = self.appends.share = 1 / max(workers, 1)
