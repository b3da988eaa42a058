"""A short kill -9 run; `python -m tests.chaos --kills 200` is the long one."""

from tests.chaos import run


async def test_killed_again_and_again_every_question_is_answered_once() -> None:
    outcome = await run(2, 6, lease_s=2.0, alive_s=0.4)
    assert outcome.good, outcome
    assert outcome.answered == 6
