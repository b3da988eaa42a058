"""`python -m tests.demo.verb demo ...`: as `python -m bot demo ...`, with one more act: it undoes what a test broke.

The slow stand-in, once it has begun, does not go on as slowly.
"""

import sys

from bot.cli import main
from bot.demo import hub, stand_in


@hub.act
async def reset(slack: hub.DemoSlack) -> None:
    """No fault, no call counted, an honest stand-in, a bot that runs. The model is left: another is a slow start."""
    slack.faults.clear()
    slack._accepted.clear()
    slack.stream_ttl_s = hub.USUAL_STREAM_S
    slack.stand_in.manner = "honest"
    await slack.bot.start()


if __name__ == "__main__":
    stand_in.WORDS_PER_S["slow"] = 16.0
    sys.exit(main())
