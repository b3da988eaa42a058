"""A run of the evaluation in a folder: its configuration, each case's result as it came, the summary.

In: results one by one. Out: config.json, cases.jsonl, summary.json. Rule kept: a run goes on where it stopped only
under the very configuration that it began with; half a line that a crash left counts for nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.errors import SettingsError
from bot.evaluation.run import Result
from bot.settings import Settings
from knowledge.records import build, dumps


def configuration(
    settings: Settings, gold: Iterable[str], collection: dict[str, Any] | None, *, retrieval_only: bool
) -> dict[str, Any]:
    """All that may change a figure: model, prompts, settings, questions, and the manual as it is indexed."""
    from importlib.metadata import version

    from prompts import load

    prompts = {name: load(name) for name in ("answer", "rewrite", "verify")}
    keyed = settings.openai_api_key is not None
    verifier = settings.verifier
    return {
        "version": version("policybot"),
        "model": settings.openai_model if keyed else None,
        "base_url": settings.openai_base_url if keyed else None,
        "verifier": verifier.model if verifier else None,
        "rewrite": settings.rewrite and keyed,
        "refuse_below": settings.refuse_below,
        "prompts": {name: f"{one.version} {one.sha256[:12]}" for name, one in prompts.items()} if keyed else {},
        "retrieval_only": retrieval_only,
        "gold_sha256": hashlib.sha256("".join(gold).encode("utf-8", "surrogatepass")).hexdigest(),
        "collection": collection,
    }


class Run:
    """A saved run; made by `open`, read by `read`."""

    def __init__(self, folder: Path, configuration: dict[str, Any], results: list[Result]) -> None:
        self.folder, self.configuration, self.results = folder, configuration, results

    @classmethod
    def read(cls, folder: Path) -> Run:
        """A run that was saved. SettingsError where there is none."""
        try:
            configuration = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            lines = (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError) as error:
            raise SettingsError(f"{folder} is no saved run ({error}). Make one with policybot eval --save.") from error
        return cls(folder, configuration, list(_complete(lines)))

    @classmethod
    def open(cls, folder: Path, configuration: dict[str, Any]) -> Run:
        """A new run, or one that goes on. SettingsError where another configuration began it."""
        if (folder / "config.json").exists():
            begun = cls.read(folder)
            if begun.configuration != configuration:
                keys = {*begun.configuration, *configuration}
                other = [key for key in sorted(keys) if begun.configuration.get(key) != configuration.get(key)]
                raise SettingsError(
                    f"{folder} was begun with another configuration ({', '.join(other)}). Name another folder."
                )
            begun._write(begun.results)  # less what a crash cut
            return begun
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cases.jsonl").write_text("", encoding="utf-8")
        (folder / "config.json").write_text(json.dumps(configuration, indent=2), encoding="utf-8")
        return cls(folder, configuration, [])

    def add(self, result: Result) -> None:
        """Keep a result; it is on disk when this returns."""
        self.results.append(result)
        with (self.folder / "cases.jsonl").open("a", encoding="utf-8") as file:
            file.write(dumps(result) + "\n")

    def end(self, summary: dict[str, Any], order: Iterable[tuple[str, str]]) -> None:
        """Write the summary, and the cases in the order of the gold file."""
        place = {key: n for n, key in enumerate(order)}
        self.results.sort(key=lambda one: place.get((one.id, one.wording), len(place)))
        self._write(self.results)
        (self.folder / "summary.json").write_text(json.dumps(summary, indent=2), encoding="utf-8")

    def _write(self, results: Iterable[Result]) -> None:
        whole = self.folder / "cases.jsonl.new"
        whole.write_text("".join(dumps(one) + "\n" for one in results), encoding="utf-8")
        whole.replace(self.folder / "cases.jsonl")


def _complete(lines: Iterable[str]) -> Iterable[Result]:
    for line in lines:
        try:
            yield build(Result, json.loads(line))
        except ValueError:
            continue
