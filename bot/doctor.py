"""What is wrong, and what to do about it: one check each for settings, data, database, index, model and Slack.

Checks never stop one another. A check whose setting is absent is skipped and says what that means.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot import wiring
from bot.errors import PolicybotError, SettingsError
from bot.rules.tables import Rules
from bot.settings import Settings
from bot.types import Message, Prompt
from bot.wiring import models
from knowledge.errors import KnowledgeError
from knowledge.index.chroma import mapped
from knowledge.types import Query

if TYPE_CHECKING:
    from bot.slack.api import Api
    from knowledge.catalog.reading import CollectionStatus


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, and how it stands."""

    name: str
    state: Literal["ok", "failed", "skipped"]
    message: str  # for "failed": ends with what to do


async def run(settings: Settings) -> list[Finding]:
    """All results, in the order in which one would repair things."""
    rules = Rules()  # what "rules" tells to be wrong, nothing else tells again
    with suppress(SettingsError):
        rules = wiring.rules(settings).rules
    results = [
        _attempt("settings", lambda: _settings(settings)),
        _attempt("rules", lambda: _rules(settings)),
        _attempt("data folder", lambda: _folder(settings)),
        _attempt("database", lambda: _database(settings)),
        await asyncio.to_thread(_attempt, "index", lambda: _index(settings, rules)),
        await asyncio.to_thread(_attempt, "glossary", lambda: _glossary(settings)),
        await _model(settings),
    ]
    if results[-1].state == "ok":
        results.append(await _verifier(settings))
    if settings.slack_bot_token is None:
        return [*results, Finding("slack", "skipped", "SLACK_BOT_TOKEN is not set: `serve` needs it")]
    return [*results, *await _slack(settings, rules)]


def _attempt(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, "ok", check())
    except (PolicybotError, KnowledgeError) as error:
        return Finding(name, "failed", error.message)
    except OSError as error:
        return Finding(name, "failed", f"{error.strerror or error}: {error.filename or ''}. Correct POLICYBOT_DATA.")


def _settings(settings: Settings) -> str:
    if unset := settings.placeholders():
        raise SettingsError(f"{' and '.join(unset)} still stands as in an example. Set the real value.")
    return "every value is valid"


def _rules(settings: Settings) -> str:
    """What policybot.toml says, what is masked, and what is agreed with each host that texts are sent to."""
    file = wiring.rules(settings)
    count = f"{len(file.rules.channel)} channels, {len(file.rules.collection)} collections"
    read = f"{file.path} is valid: {count}" if file.path.exists() else f"no {file.path}: all answers are from default"
    ids, names = file.rules.privacy.ids, file.rules.privacy.names
    countries = "all countries known" if ids is None else ", ".join(ids) or "no country"
    masked = f"masked are ids of {countries}, {'and' if names else 'not'} people's names"
    return "; ".join([read, masked, *models.agreed(file.rules.endpoints, settings)])


def _folder(settings: Settings) -> str:
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    probe = settings.data / f".doctor-{secrets.token_hex(4)}"
    probe.write_bytes(b"x" * 4096)
    probe.unlink()
    folder = settings.data.resolve()
    open_to_others = ", and others may look into it: chmod 700" if folder.stat().st_mode & 0o077 else ""
    return f"{folder} can be written{open_to_others}"


def _database(settings: Settings) -> str:
    with wiring.database(settings) as engine:
        return f"{engine.dialect.name}, schema up to date"


def _index(settings: Settings, rules: Rules) -> str:
    names = []
    with wiring.knowledge(settings) as parts:
        found = parts.catalog.status()
        if not found:
            raise KnowledgeError("Nothing has been ingested yet. Run policybot ingest PATH.")
        try:
            parts.embedder.embed(["policy"])  # a search asks it only where something was embedded already
        except KnowledgeError as error:
            raise KnowledgeError(f"Only words are compared. {error.message}") from error
        for one in found:
            try:
                _searched(parts, one)
            except KnowledgeError as error:
                paths = parts.catalog.paths(one.name)
                raise KnowledgeError(f"{one.name}: {error.message.replace('PATH', paths)}") from error
            again = (
                f", {len(one.stale)} files changed or gone: policybot ingest --prune {parts.catalog.paths(one.name)}"
            )
            lacking = f", {len(one.failures)} things could not be read: policybot status" if one.failures else ""
            again = again if one.stale else ""
            held = parts.catalog.hashes(one.name)
            closed = rules.apart(one.name, [other.name for other in found])
            both = sorted({held[key] for name in closed for key in held.keys() & parts.catalog.hashes(name).keys()})
            leaks = (
                f", of which a closed collection has {', '.join(both)}: policybot ingest --forget FILE" if both else ""
            )
            names.append(f"{one.name}: {one.documents} documents, {one.chunks} chunks{leaks}{again}{lacking}")
    if empty := sorted(set(rules.served) - {one.name for one in found}):
        raise KnowledgeError(
            f"policybot.toml names {', '.join(empty)}, where nothing is yet. "
            f"Correct the name, or run policybot ingest --collection {empty[0]} PATH."
        )
    if settings.slack_bot_token and (shut := rules.shut(one.name for one in found)):
        raise SettingsError(
            f"Nobody in Slack is answered from {', '.join(shut)}: there is no policybot.toml that says who may see it. "
            "Write one, or start policybot where it lies."
        )
    return "; ".join(names)


def _searched(parts: wiring.Knowledge, one: CollectionStatus) -> None:
    """Raise KnowledgeError, with a PATH to fill in, where a collection is searched worse than it could be."""
    if one.vectors_pending:
        raise KnowledgeError(
            f"{one.vectors_pending} of {one.chunks} chunks of {one.name} are found by words only. "
            "Let a running ingest end, or run policybot ingest PATH again."
        )
    if trouble := parts.retriever.search(Query((("policy", 1.0),), one.name, limit=1)).trouble:
        raise KnowledgeError(f"Only words are compared. {trouble}")
    state = parts.catalog.collection(one.name)
    if state and not parts.index.is_tuned(mapped(state.name, state.space)):
        raise KnowledgeError(
            f"Searches of {one.name} miss neighbours: its index was made by an older version. "
            "Run policybot ingest PATH again; nothing is read or embedded anew."
        )
    if without := parts.retriever.without_words(one.name):
        raise KnowledgeError(
            f"{without} of {one.chunks} chunks of {one.name} have no word vectors: answers are found and "
            "chosen less well. Run policybot ingest --rebuild PATH."
        )


def _glossary(settings: Settings) -> str:
    if problems := wiring.glossary_problems(settings):
        raise SettingsError(" ".join(problems))
    return "every word of glossary.yaml is known, where there is one"


async def _model(settings: Settings) -> Finding:
    if settings.openai_api_key is None:
        why = "OPENAI_API_KEY is not set: answers are the manual's own sentences"
        own = ". An endpoint of your own that wants no key takes any word" if settings.openai_base_url else ""
        return Finding("model", "skipped", why + own)
    ladder = models.ladder(settings)
    assert ladder is not None
    prompt = Prompt((Message("user", "Reply with the word: ready"),), "doctor", "v1", "", max_output_tokens=200)
    try:
        text, usage = await ladder.complete(prompt, settings.model_deadline_s)
        if not text:
            return Finding("model", "failed", f"{usage.model or ladder.name} wrote nothing that counts. Check its log.")
        if settings.daily_usd and usage.cost_usd is None:
            unpriced = f"{usage.model} has no price in bot/llm/prices.json, so POLICYBOT_DAILY_USD never ends its day."
            return Finding("model", "failed", f"{unpriced} Set POLICYBOT_DAILY_TOKENS.")
        return Finding("model", "ok", f"{usage.model or ladder.name} answers")
    except PolicybotError as error:
        return Finding("model", "failed", error.message)
    finally:
        await ladder.aclose()


async def _verifier(settings: Settings) -> Finding:
    """Whether a true sentence gets a verdict that is believed: with a quote that stands in its source."""
    ladder = models.verifying(settings, models.ladder(settings))
    if ladder is None:
        return Finding("verifier", "skipped", "no sentences of a model's own are shown without one")
    rule = "Staff park on level two, visitors on level one."
    claim = {"id": 1, "text": "Staff park on level two.", "cites": [1]}
    asked = {
        "question": "Where may I park?",
        "sources": [{"n": 1, "title": "Parking", "text": rule}],
        "claims": [claim],
    }
    try:
        rows, usage = await wiring.verifier(ladder).verify(asked)
        if any(row.get("quote", "").strip(" .") and row["quote"].strip(" .") in rule for row in rows):
            return Finding("verifier", "ok", f"{usage.model or ladder.name} says what it believes, with a quote")
        wrong = (
            f"{usage.model or ladder.name} gave no verdict that counts on {claim['text']!r}, so quotations are shown."
        )
        return Finding("verifier", "failed", f"{wrong} Name another model in POLICYBOT_VERIFIER.")
    except PolicybotError as error:
        return Finding("verifier", "failed", error.message)
    finally:
        await ladder.aclose()


async def _slack(settings: Settings, rules: Rules) -> list[Finding]:
    from bot.slack.api import Api
    from bot.slack.checks import check_rules, check_tokens

    failed = [Finding(code.replace("_", " "), "failed", message) for code, message in await check_tokens(settings)]
    manifest = _manifest()
    if failed:
        return [*failed, *manifest]
    async with aclosing(Api(settings.slack_bot_token or "", settings.slack_api_url)) as api:
        unknown = [Finding("rules in slack", "failed", problem) for problem in await check_rules(rules, api)]
        results = unknown or [Finding("slack", "ok", "tokens and scopes are right")]
        return [*results, *manifest, *await _surfaces(api)]


def _manifest() -> list[Finding]:
    """The manifest beside the program: which events the app gets Slack tells no bot."""
    from bot.slack.checks import EVENTS, check_manifest

    try:
        manifest = json.loads(Path("manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        manifest = None
    except (OSError, ValueError):
        return [Finding("manifest", "failed", "manifest.json can't be read as JSON. Take the one of this version.")]
    if manifest is not None and (lacks := check_manifest(manifest)):
        return [Finding("manifest", "failed", one) for one in lacks]
    compare = f"On api.slack.com/apps, your app, Event Subscriptions, these must stand: {', '.join(EVENTS)}"
    return [Finding("slack events", "skipped", f"Slack tells no bot which events it gets. {compare}")]


async def _surfaces(api: Api) -> list[Finding]:
    """Whether Slack takes the messages, windows and Home tab that people see."""
    from bot.slack.checks import check_surfaces, surfaces

    shown = surfaces()
    wrong, note = await check_surfaces(shown, api)
    results = [Finding("slack surfaces", "failed", one) for one in wrong]
    if note:
        results.append(Finding("slack surfaces", "skipped", note))
    return results or [
        Finding("slack surfaces", "ok", f"Slack takes all {len(shown)} messages, windows and the Home tab")
    ]
