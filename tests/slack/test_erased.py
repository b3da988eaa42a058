"""A person is erased while the bot runs: nothing of them is left, and the bot goes on."""

import asyncio
import os
import sys
from pathlib import Path

from bot.store import Store
from tests.bot.store.traces import files_with
from tests.slack.bots import answer_to, ended, running, says
from tests.slack_server import FakeSlack


async def test_the_bot_goes_on_while_a_person_is_erased(slack: FakeSlack, store: Store, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}", "POLICYBOT_DATA": str(tmp_path)}
    async with running(slack, says("Zebras are refunded."), store):
        for user, text in (("U1", "Who pays for my zebra?"), ("U2", "And for my llama?")):
            asked = slack.people.dm(user, text)
            await answer_to(slack, asked, store)
            await ended(slack, store, asked)
        command = [sys.executable, "-m", "bot", "privacy", "erase", "--user", "U1"]
        erasing = await asyncio.create_subprocess_exec(
            *command, env=os.environ | settings, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await erasing.communicate()
        assert erasing.returncode == 0 and b"answers (1)" in said
        assert files_with(tmp_path, "my zebra") == [] != files_with(tmp_path, "llama")
        asked = slack.people.dm("U1", "Who pays for my zebra?")
        await answer_to(slack, asked, store)
        assert (await ended(slack, store, asked)).state == "final"
    assert store.audit.verify().faults == ()
