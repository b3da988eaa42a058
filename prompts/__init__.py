"""Prompt files by name and version, filled strictly.

A file is `prompts/<name>/v<N>.md`: YAML front matter (name, version, description, max_output_tokens), then
parts that start with a line `=== system` or `=== user`. Placeholders are `{{name}}`; each must be given, and nothing
else. A released file never changes (tests/test_prompts.py keeps the hashes): new wording is a new version.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
_PART = re.compile(r"^=== (system|user)\n", re.MULTILINE)


class PromptError(Exception):
    """A prompt file is missing or malformed, or was filled with the wrong names."""


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt file as it is on disk."""

    name: str
    version: str  # "v1"
    sha256: str  # of the whole file, hex
    max_output_tokens: int
    parts: tuple[tuple[str, str], ...]  # (role, text with placeholders)

    def fill(self, **values: str) -> tuple[tuple[str, str], ...]:
        """(role, text) with every placeholder replaced. Raises PromptError when names are missing or unknown."""
        wanted = {name for _, text in self.parts for name in _PLACEHOLDER.findall(text)}
        if wanted != values.keys():
            raise PromptError(f"prompt {self.name}@{self.version} takes {sorted(wanted)}, not {sorted(values)}")
        # One pass, so that a value that looks like a placeholder stays text.
        return tuple((role, _PLACEHOLDER.sub(lambda m: values[m[1]], text)) for role, text in self.parts)


@cache
def load(name: str) -> Template:
    """The newest version of the template. Raises PromptError."""
    import yaml

    folder = resources.files("prompts") / name
    try:
        found = [entry.name[:-3] for entry in folder.iterdir() if re.fullmatch(r"v\d+\.md", entry.name)]
        version = max(found, key=lambda v: int(v[1:]))
        raw = (folder / f"{version}.md").read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise PromptError(f"no prompt {name}: look under prompts/") from error
    _, front, body = raw.split("---\n", 2)
    meta = yaml.safe_load(front)
    pieces = _PART.split(body)
    parts = tuple(zip(pieces[1::2], (text.strip() for text in pieces[2::2]), strict=True))
    if meta.get("name") != name or f"v{meta.get('version')}" != version or not parts:
        raise PromptError(f"prompts/{name}/{version}.md: front matter and parts do not match its path")
    return Template(
        name=name,
        version=version,
        sha256=hashlib.sha256(raw.encode()).hexdigest(),
        max_output_tokens=int(meta["max_output_tokens"]),
        parts=parts,
    )
