"""The allowance, against a count of what was let through."""

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.api import STRICT_S, Bucket, StreamAllowance


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_nothing_is_held_back_until_slack_throttles() -> None:
    bucket = Bucket(20, Clock())
    assert all(bucket.take() for _ in range(500))


@given(st.lists(st.floats(0, 2), max_size=200), st.integers(30, 120))
def test_once_throttled_no_minute_sees_more_than_burst_and_rate(gaps: list[float], per_minute: int) -> None:
    clock = Clock()
    bucket = Bucket(per_minute, clock)
    bucket.close(5)
    taken = []
    for gap in gaps:
        clock.now += gap
        if clock.now < STRICT_S and bucket.take():
            taken.append(clock.now)
    assert all(at >= 5 for at in taken)
    for i, start in enumerate(taken):
        window = [t for t in taken[i:] if t < start + 60]
        assert len(window) <= per_minute / 2 + per_minute + 1


@given(st.floats(0, 90), st.floats(0, 20))
def test_waiting_as_long_as_told_is_enough(pause: float, leave: float) -> None:
    clock = Clock()
    bucket = Bucket(60, clock)
    bucket.close(pause)
    for _ in range(3):
        clock.now += bucket.wait_s(leave) + 1e-6
        assert bucket.take(leave)


def test_later_appends_leave_room_for_first_words() -> None:
    clock = Clock()
    budget = StreamAllowance(clock, appends=100)
    budget.appends.close(0)
    clock.now = 60
    while budget.appends.take(15):
        pass
    assert sum(budget.appends.take() for _ in range(50)) == 15


def test_many_workers_share_and_the_strict_time_ends() -> None:
    clock = Clock()
    budget = StreamAllowance(clock, starts=40)
    budget.starts.close(30)
    clock.now = 30 + 60
    budget.divide(4)
    assert sum(budget.starts.take() for _ in range(20)) == 5
    budget.divide(1000)
    assert not budget.starts.take()
    clock.now = 30 + STRICT_S
    assert all(budget.starts.take() for _ in range(50))
