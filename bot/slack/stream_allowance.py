"""One workspace's streaming allowance, shared by all answers of this process.

In: the rate a method is guaranteed, and when Slack asked for a pause. Out: yes or no, or how long to wait. Rule kept:
a method is used freely until Slack throttles it, for its tier is a floor and not a ceiling; then it pauses as told and
keeps to its tier for a while. Appends give way first (fewer, larger), then streams (whole messages instead). Knows no
Slack client; the clock is an argument.
"""

from __future__ import annotations

from collections.abc import Callable

STARTS_PER_MINUTE = 20  # chat.startStream, tier 2
APPENDS_PER_MINUTE = 100  # chat.appendStream, tier 4
STRICT_S = 300.0  # after being throttled


class Bucket:
    """A token bucket that counts only after Slack has throttled: `per_minute` on average, `burst` at once."""

    def __init__(self, per_minute: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = per_minute / 60, burst, clock
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
        self.starts = Bucket(starts, starts / 2, clock)
        self.appends = Bucket(appends, appends / 2, clock)

    def divide(self, workers: int) -> None:
        """Share the workspace's allowance with the other live workers."""
        self.starts.share = self.appends.share = 1 / max(workers, 1)
