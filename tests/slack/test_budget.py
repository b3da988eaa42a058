"""The allowance, against a count of what was let through."""

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.budget import Bucket, Budget


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.floats(0, 5), max_size=200), st.integers(10, 120))
def test_no_minute_sees_more_than_burst_and_rate(gaps: list[float], per_minute: int) -> None:
    clock = Clock()
    bucket = Bucket(per_minute, per_minute / 2, clock)
    taken = []
    for gap in gaps:
        clock.now += gap
        if bucket.take():
            taken.append(clock.now)
    for i, start in enumerate(taken):
        window = [t for t in taken[i:] if t < start + 60]
        assert len(window) <= per_minute / 2 + per_minute + 1


def test_waiting_as_long_as_told_is_enough() -> None:
    clock = Clock()
    bucket = Bucket(60, 1, clock)
    assert bucket.take()
    assert not bucket.take()
    clock.now += bucket.wait_s()
    assert bucket.take()


def test_later_appends_leave_room_for_first_words() -> None:
    budget = Budget(Clock(), appends=100)
    while budget.appends.take(15):
        pass
    assert sum(budget.appends.take() for _ in range(50)) == 15


def test_a_pause_slack_asks_for_is_kept_and_many_workers_share() -> None:
    clock = Clock()
    budget = Budget(clock, starts=20)
    budget.starts.close(30)
    assert not budget.starts.take()
    clock.now = 30
    budget.divide(4)
    assert sum(budget.starts.take() for _ in range(20)) == 5
    budget.divide(1000)
    clock.now += 60 * 1000
    assert budget.starts.take()
