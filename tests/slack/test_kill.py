"""A short kill -9 run; `python -m tests.chaos --kills 200` is the long one."""

from tests.chaos import run
from tests.slack.bots import store_at


async def test_killed_again_and_again_every_question_is_answered_once(database_url: str) -> None:
    workers = 2 if database_url.startswith("postgres") else 1
    outcome = await run(2, 6, database_url, workers=workers, lease_s=2.0, alive_s=0.4)
    assert outcome.good, outcome
    assert outcome.answered == 6
    trail = store_at(database_url).audit
    assert trail.verify().faults == ()
    ended = [row["about"] for row in trail.export() if row["kind"] == "question"]
    assert len(ended) == len(set(ended)) == 6, "each question's end is one row, however often its worker died"
