"""One workspace's streaming allowance, shared by all answers of this process.

In: how many calls a minute a method may make. Out: yes or no, or how long to wait. Rule kept: appends give way first
(fewer, larger), then streams (whole messages instead); nothing waits for its text to be said. Knows no Slack client;
the clock is an argument.
"""

from __future__ import annotations

from collections.abc import Callable

STARTS_PER_MINUTE = 20  # chat.startStream and chat.stopStream, tier 2
APPENDS_PER_MINUTE = 100  # chat.appendStream, tier 4


class Bucket:
    """A token bucket: `per_minute` calls on average, `burst` at once."""

    def __init__(self, per_minute: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = per_minute / 60, burst, clock
        self._tokens, self._at = burst, clock()
        self._closed_until = 0.0
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
        most = max(self._burst * self.share, 1.0)
        self._tokens = min(most, self._tokens + (now - self._at) * self._rate * self.share)
        self._at = now
        short = max(min(1 + leave, most) - self._tokens, 0) / (self._rate * self.share)
        return max(short, self._closed_until - now, 0.0)

    def close(self, seconds: float) -> None:
        """Slack asked for a pause: no calls for so long."""
        self._closed_until = max(self._closed_until, self._clock() + seconds)


class Budget:
    """The buckets of the streaming methods."""

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        starts: float = STARTS_PER_MINUTE,
        appends: float = APPENDS_PER_MINUTE,
    ) -> None:
        self.starts = Bucket(starts, starts, clock)
        self.appends = Bucket(appends, appends / 2, clock)

    def divide(self, workers: int) -> None:
        """Share the workspace's allowance with the other live workers."""
        self.starts.share = self.appends.share = 1 / max(workers, 1)
