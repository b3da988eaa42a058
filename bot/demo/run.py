"""`policybot demo`: a manual is ingested, the real `serve` answers in a workspace on this machine, a page shows it.

In: settings and a folder. Out: the page's address on stdout; runs until it is stopped. Rule kept: everything is kept in
a data folder of its own, so that a real bot's questions, index and tokens are never touched.
"""

import asyncio
import hashlib
import shlex
import shutil
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path

from bot import texts, wiring
from bot.demo.bot_process import Bot
from bot.demo.hub import DemoSlack
from bot.demo.stand_in import NAME
from bot.errors import SettingsError
from bot.settings import Settings, environment, load
from bot.wiring.first_prompts import FirstPrompts

SAMPLE = Path(__file__).resolve().parent / "manual"
RULES = Path(__file__).parent / "policybot.toml"  # who is the administrator
EXAMPLES = [
    "How many days may I work from another EU country?",
    "May I bring my dog to the office?",
    "What do I do when I lose my phone?",
    "Does the company pay for a gym in Lisbon?",
]
UNUSED = (  # of a real bot's settings: its stores, its Slack, its documents, its collector
    "DATABASE_URL", "CHROMA_URL", "CHROMA_HEADERS", "POLICYBOT_SOURCES", "POLICYBOT_EMBEDDING_MODEL",
    "SLACK_SIGNING_SECRET", "POLICYBOT_HEALTH_PORT", "OTEL_EXPORTER_OTLP_ENDPOINT",
)  # fmt: skip
SECRETS = (*UNUSED[:3], "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
MODEL = ("OPENAI_API_KEY", "OPENAI_API_KEY_FILE", "OPENAI_BASE_URL", "POLICYBOT_FALLBACK", "POLICYBOT_VERIFIER")
QUOTES, YOURS = "none", "yours"


def ingest(settings: Settings, folder: Path, progress: Callable[[str, int, int], None]) -> None:
    """Bring the demo's own index up to date. Raises SettingsError for a folder that is none, or holds nothing."""
    if not folder.is_dir():
        raise SettingsError(f"{folder} is no folder. Name one that holds the documents.")
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)  # the real bot's too: not for others' eyes
    report = wiring.ingest(load(environment(_own(settings, folder))), [folder], prune=True, progress=progress)
    if not report.searchable:
        raise SettingsError(f"Nothing in {folder} could be read. Try policybot ingest {folder}: it says why.")


def _own(settings: Settings, folder: Path) -> dict[str, str]:
    """What differs from the environment, for the ingest and the bot alike; each manual has a data folder of its own."""
    manual, name = folder.resolve(), "demo"
    if manual != SAMPLE:
        name += f"-{manual.name}-{hashlib.sha256(str(manual).encode()).hexdigest()[:6]}"
    data = settings.data.resolve() / name
    return dict.fromkeys([*UNUSED, *(f"{name}_FILE" for name in SECRETS)], "") | {
        "POLICYBOT_DATA": str(data),
        "POLICYBOT_CONFIG": str(RULES),
    }


def _examples(own: dict[str, str]) -> list[str]:
    """Questions made of the manual's own sections, as Slack suggests them."""
    settings = load(environment(own))
    with wiring.knowledge(settings) as parts:
        prompts = FirstPrompts(parts.catalog, parts.retriever, settings.refuse_below, any_language=False)
        return prompts.of(["default"], texts.of().home["prompt"])


async def serve(settings: Settings, folder: Path, *, port: int, browser: bool, say: Callable[[str], None]) -> None:
    """Serve until ^C or SIGTERM, after `ingest`. The page's address and what to do with it go to `say`."""
    own = _own(settings, folder)
    models = {QUOTES: "None: the bot quotes the manual", NAME: "A stand-in, no model: it copies sentences"}
    if settings.openai_api_key:
        models = {YOURS: f"Yours: {settings.openai_model}"} | models
    examples = EXAMPLES if folder == SAMPLE else await asyncio.to_thread(_examples, own)
    async with DemoSlack(folder, port=port, models=models, examples=examples) as slack:

        def wanted() -> dict[str, str]:
            changes = own | {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.url,
                "POLICYBOT_DOCS_URL": f"{slack.address}manual",
            }
            if slack.model != YOURS:
                changes |= dict.fromkeys(MODEL, "")
            if slack.model == NAME:
                model = {"OPENAI_API_KEY": slack.key, "OPENAI_BASE_URL": f"{slack.address}model/v1"}
                changes |= model | {"OPENAI_MODEL": NAME}
            return environment(changes)

        log = Path(own["POLICYBOT_DATA"], "serve.log")
        slack.bot = Bot(wanted, log, slack.changed)
        try:
            await slack.bot.start()
            say(f"Open {slack.address}")
            say("Only this machine can, and only with the whole address. Stop with ^C.")
            command = "policybot" if shutil.which("policybot") else f"{shlex.quote(sys.executable)} -m bot"
            say(f"In the terminal instead: POLICYBOT_DATA={shlex.quote(own['POLICYBOT_DATA'])} {command} chat")
            if browser:
                await asyncio.to_thread(webbrowser.open, slack.address)
            await asyncio.Event().wait()
        finally:
            await slack.bot.stop()
