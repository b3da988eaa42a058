"""`policybot doctor` names what policybot.toml names and Slack does not know."""

from bot.rules.reading import read
from bot.slack.api import Api
from bot.slack.checks import check_rules
from tests.slack_server import FakeSlack


async def test_every_id_that_slack_does_not_know_is_told_with_what_to_do(slack: FakeSlack) -> None:
    slack.usergroups |= {"S0LAW": ["U0ANA"]}
    slack.add_user("U0ANA")
    slack.add_channel("C0LEGAL")
    slack.add_channel("C0AWAY", bot=False)
    slack.add_channel("C0OLD", archived=True)
    rules = read(
        '[channel.C0LEGAL]\ncollection = "legal"\nowner_channel = "C0AWAY"\n[channel.C0GONE]\n'
        '[collection.legal]\nowner_channel = "C0OLD"\nonly = ["C0LEGAL", "S0LAW", "S0GONE", "U0ANA", "U0GONE"]\n'
        '[owner.People]\nowner_channel = "C0PEOPLE"\n'
    )
    api = Api(slack.bot_token, slack.url)
    found = await check_rules(rules, api)
    slack.scopes -= {"usergroups:read"}
    without = await check_rules(read('[collection.legal]\nonly = ["S0LAW"]'), api)
    await api.aclose()
    assert sorted(line.split()[1] for line in found) == [
        "C0AWAY", "C0GONE", "C0OLD", "C0OLD", "C0PEOPLE", "S0GONE", "U0GONE",
    ]  # fmt: skip
    told = {line.split()[1]: line for line in found[:-1]}
    assert all("correct the id" in line or "invite @policybot" in line or "archived" in line for line in told.values())
    assert {one for one, line in told.items() if "nobody can ask a person" in line} == {"C0AWAY", "C0OLD", "C0PEOPLE"}
    assert "C0OLD may not see legal" in found[-1] and '"only" of [collection.legal]' in found[-1]
    assert "manifest.json" in without[0]
