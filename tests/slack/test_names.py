"""`[privacy] names` and `ids`: what policybot.toml has masked is masked at every door, and only that.

The whole product as in test_personal.py: fake Slack, real assistant, a model endpoint on a port, SQLite in a file.
"""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import wiring
from bot.cli import main
from bot.log import configure
from bot.rules.file import RulesFile
from bot.settings import Settings
from bot.settings import load as settings_from
from bot.store import Store
from bot.types import Vote
from bot.wiring.adapters import PersonalDataFinder
from tests.llm_server import FakeLLM
from tests.slack.bots import QUICK, answer_to, ended, running
from tests.slack.test_hand_off import RULES, filled, in_owners, told, view_of, words
from tests.slack.test_personal import everything_in
from tests.slack_server import FakeSlack

MANUAL = """# Travel

Travel requests are approved by your manager within two days. The travel desk is led by Marta Weber.
Trips to customers are booked by the travel desk.
"""
TCKN = "10000000146"


def settings(folder: Path, rules: str, **values: str) -> Settings:
    """A bot with the manual, which keeps to these rules."""
    (folder / "travel.md").write_text(MANUAL, encoding="utf-8")
    (folder / "policybot.toml").write_text(rules, encoding="utf-8")
    base = {"POLICYBOT_DATA": str(folder / "data"), "POLICYBOT_CONFIG": str(folder / "policybot.toml")}
    found = settings_from(base | {"POLICYBOT_REFUSE_BELOW": "0"} | values, dotenv=None)
    pages = [folder / "travel.md"]
    wiring.ingest(found, pages, collection="default", prune=False, rebuild=False, ocr=False, progress=lambda *_: None)
    return found


async def test_a_name_stays_between_its_writer_and_slack(
    slack: FakeSlack, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = "Hi, my colleague Ludmila Okafor asks who approves travel requests, Marta Weber or her manager?"
    async with FakeLLM() as llm:
        llm.verifier = "yes"
        llm.replies = {
            "who approves travel requests": "Travel requests of <NAME_1> are approved by her manager [1].",
            "And": "Trips of <NAME_1> are booked by the travel desk [1].",
        }
        configure("debug")
        endpoint = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": llm.url, "POLICYBOT_EMBEDDING_MODEL": "embedder"}
        made = await asyncio.to_thread(settings, tmp_path, "[privacy]\nnames = true\n", **endpoint)
        async with (
            wiring.assistant(made) as parts,
            running(slack, parts.assistant, parts.store, settings=QUICK, find_personal=parts.find_personal),
        ):
            first = slack.people.mention("C1", "U1", asked)
            shown = await answer_to(slack, first, parts.store)
            more = slack.people.mention("C1", "U1", "And who books Ludmila Okafor's trips?", thread_ts=first.ts)
            await ended(slack, parts.store, more)
            other = slack.people.mention("C1", "U2", "And who books trips for them?", thread_ts=first.ts)
            await ended(slack, parts.store, other)
            at = datetime(2026, 12, 1, tzinfo=UTC)
            parts.store.feedback.cast(Vote(slack.team, "C1", shown.ts, "U1", "down", "button", at))
            exported = json.dumps(list(parts.store.feedback.export()))
        sent = json.dumps([request.body for request in llm.requests], ensure_ascii=False)
    answers = [m.text for m in slack.replies(first) if m.user == slack.bot_user]
    assert "requests of Ludmila Okafor" in answers[0] and "Trips of Ludmila Okafor" in answers[1]
    assert "Ludmila" not in answers[2] and "named person A" in answers[2], "another person asked"
    stored = everything_in(tmp_path / "data")
    logged = "".join(capfd.readouterr())
    for where, out in (("sent", sent), ("stored", stored), ("logged", logged), ("exported", exported)):
        assert "Ludmila" not in out and "Okafor" not in out, where
    assert "<NAME_1>" in sent and "<NAME_1>" in stored and "<NAME_1>" in exported
    assert sent.count("led by Marta Weber") and "Marta Weber or" in sent, "the manual's names are answers"


async def test_a_name_is_not_handed_on(slack: FakeSlack, tmp_path: Path) -> None:
    rules = f"[privacy]\nnames = true\n{RULES}"
    made = await asyncio.to_thread(settings, tmp_path, rules, POLICYBOT_REFUSE_BELOW="1")
    slack.add_channel("C0OWNERS", "owners")
    async with (
        wiring.assistant(made) as parts,
        running(
            slack,
            parts.assistant,
            parts.store,
            settings=QUICK,
            find_personal=parts.find_personal,
            rules=RulesFile(made.config),
        ),
    ):
        asked = slack.people.dm("U1", "Which tent does Ludmila Okafor get?")
        view = await view_of(slack, await answer_to(slack, asked, parts.store))
        slack.people.submit(view, filled("Which tent does <NAME_1> get? Ask Piet Sandberg or Marta Weber.", yes=True))
        await told(slack, asked, "person_sent")
    (handed,) = map(words, in_owners(slack))
    assert "Okafor" not in handed and "does named person A get" in handed and "Marta Weber" in handed
    assert "Sandberg" not in handed and "Ask named person B" in handed


async def test_other_countries_ids_are_numbers_like_any(slack: FakeSlack, tmp_path: Path) -> None:
    async with FakeLLM() as llm:
        rules = '[privacy]\nids = ["DE"]\n'
        endpoint = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": llm.url}
        made = await asyncio.to_thread(settings, tmp_path, rules, **endpoint)
        async with (
            wiring.assistant(made) as parts,
            running(slack, parts.assistant, parts.store, settings=QUICK, find_personal=parts.find_personal),
        ):
            asked = f"Who approves travel requests? I am {TCKN}, pension number 65 170839 J 003, a@web.example."
            await answer_to(slack, slack.people.mention("C1", "U1", asked), parts.store)
        sent = json.dumps([request.body for request in llm.requests])
    assert TCKN in sent and "<NATIONAL_ID_1>" in sent and "<EMAIL_1>" in sent
    assert "J 003" not in sent and "a@web.example" not in sent


def test_the_rules_count_at_once_and_a_broken_edit_changes_nothing(store: Store, tmp_path: Path) -> None:
    made = settings(tmp_path, "")
    file = RulesFile(made.config)

    def edited(text: str) -> None:
        (tmp_path / "policybot.toml").write_text(text, encoding="utf-8")
        file.reread()
        file.reread()  # an edit counts when it is seen twice
        find_personal.refresh()

    with wiring.knowledge(made) as parts:
        find_personal = PersonalDataFinder(file, parts.catalog)
        said = f"Ludmila Okafor asks Marta Weber about {TCKN}."

        def kinds() -> list[str]:
            return [span.kind for span in find_personal(said)]

        assert kinds() == ["NATIONAL_ID"]
        edited("[privacy]\nnames = true\nids = []\n")
        assert [said[span.start : span.end] for span in find_personal(said)] == ["Ludmila Okafor"]
        edited("[privacy]\nnames = 1\nids = []\n")
        assert kinds() == ["NAME"] and file.problem is not None and "line 2" in file.problem
        edited('[privacy]\nids = ["TR"]\n')
        assert kinds() == ["NATIONAL_ID"]


def test_a_verb_keeps_to_the_rules_and_finds_the_manual_s_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings(tmp_path, "[privacy]\nnames = true\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "data"))
    assert main(["ask", "Who is Marta Weber?"]) == 0
    assert "led by Marta Weber" in capsys.readouterr().out
    assert main(["search", "Who is Marta Weber?"]) == 0
    (tmp_path / "policybot.toml").write_text('[privacy]\nids = ["TR",\n  "XX",\n]\nname = true\n', encoding="utf-8")
    assert main(["search", "Who is Marta Weber?"]) == 2
    told = capsys.readouterr().err
    assert 'policybot.toml:3: privacy.ids: "XX" is no country whose ids are known: AR, AT' in told
    assert "policybot.toml:5: privacy.name: is no key: did you mean names?" in told


async def test_people_of_a_thread_come_back_by_the_names_that_slack_shows(slack: FakeSlack, tmp_path: Path) -> None:
    """For the model they are placeholders; "A", "Plan B" and who is not of the thread stay as they are written."""
    slack.add_user("U3", "cem", display_name="Cem <!here>")
    said = "Under Plan B <PERSON_2> is right, not <PERSON_1>: a room costs up to 140 euros a night [1]. "
    said += "So for you: <PERSON_3> and <PERSON_9> may each pay up to 140 euros a night [1]."
    async with FakeLLM() as llm:
        llm.verifier = "yes"
        llm.replies = {"which of them": said, "and who": "<PERSON_2> was told: requests go to your manager [1]."}
        endpoint = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": llm.url, "POLICYBOT_EMBEDDING_MODEL": "embedder"}
        (tmp_path / "hotels.md").write_text("# Hotels\n\nA room costs up to 140 euros a night.\n", encoding="utf-8")
        made = await asyncio.to_thread(settings, tmp_path, "", **endpoint)
        pages = [tmp_path / "hotels.md", tmp_path / "travel.md"]
        await asyncio.to_thread(
            wiring.ingest, made, pages, collection="default", prune=False, rebuild=False, ocr=False, progress=print
        )
        async with (
            wiring.assistant(made) as parts,
            running(slack, parts.assistant, parts.store, settings=QUICK, find_personal=parts.find_personal),
        ):
            root = slack.people.say("C1", "U1", "a hotel room may cost 90 euros a night")
            slack.people.say("C1", "U2", "no, 140 euros", thread_ts=root.ts)
            asked = slack.people.mention("C1", "U3", "which of them is right?", thread_ts=root.ts)
            await ended(slack, parts.store, asked)
            more = slack.people.mention("C1", "U3", "and who approves my request?", thread_ts=root.ts)
            await ended(slack, parts.store, more)
        prompts = [request.prompt for request in llm.requests if "Conversation so far" in request.prompt]
    shown, again = (m.shown for m in slack.replies(root) if m.user == slack.bot_user)
    assert "Under Plan B ben is right, not ada: a room" in shown
    assert "Cem" in shown and "<!here>" not in shown and "person I" in shown
    assert "<@" not in shown + again and "ben was told" in again
    first, last = prompts[0], prompts[-1]
    assert "<PERSON_1>: a hotel room" in first and "<PERSON_2>: no, 140" in first and "<PERSON_3> asks now." in first
    assert "Under Plan B <PERSON_2> is right, not <PERSON_1>" in last, "its own answer, as its record has it"
    stored = everything_in(tmp_path / "data")
    assert not [name for name in ("ada", "ben is", "Cem") for text in (*prompts, stored) if f" {name}" in text]
