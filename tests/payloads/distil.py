"""Slack's machine-readable method reference (slack-ruby/slack-api-ref, MIT) -> slack_methods.json, facts only.

Usage: python -m tests.payloads.distil FOLDER_OF_THE_REFERENCE. The fake Slack judges calls by the result; the
reference itself is not needed by any test.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[2] / "bot/demo/workspace/slack_methods.json"
UNUSED = {"token", "chunks"}  # arguments; the bot streams Markdown only
SIMPLE = {"string", "boolean", "number", "integer", "array"}
# Where the reference lags behind the product (its own documentation pages and SDK 3.47 say so).
LAGS: dict[str, dict[str, Any]] = {
    "chat.appendStream": {"one_of": ["markdown_text"]},
    "chat.stopStream": {
        "extra": {"session_status": {"type": "string", "enum": ["active", "processing", "suspended", "closed"]}}
    },
}

# Younger than the reference; read in docs.slack.dev/reference/methods/blocks.validate.
YOUNGER: dict[str, dict[str, Any]] = {
    "blocks.validate": {
        "args": {**{key: {"type": "any"} for key in ("blocks", "message", "view")}, "team_id": {"type": "string"}},
        "errors": ["invalid_arguments", "invalid_blocks", "invalid_message", "invalid_view"],
        "json": True,
        "one_of": ["blocks", "message", "view"],
        "required": [],
        "scopes": [],
        "tier": "t5",
    }
}


def argument(facts: dict[str, Any]) -> dict[str, Any]:
    """Type, enumeration and lengths of one argument; type "any" where several are taken."""
    kind = facts.get("type")
    result: dict[str, Any] = {"type": kind if kind in SIMPLE else "any"}
    for key in ("enum", "maxLength", "maxItems", "minItems", "minimum", "maximum"):
        if key in facts:
            result[key] = facts[key]
    if "maxLength" in facts.get("items", {}):
        result["items_maxLength"] = facts["items"]["maxLength"]
    limit = re.search(r"(?:[Ll]imit this field to|should not exceed|up to) ([\d,]+) char", facts.get("desc", ""))
    if limit:
        result["maxLength"] = int(limit[1].replace(",", ""))
    return result


def method(name: str, reference: dict[str, Any]) -> dict[str, Any]:
    """What the fake needs to know about one method."""
    lag = LAGS.get(name, {})
    arguments = {key: argument(facts) for key, facts in reference["args"]["properties"].items() if key not in UNUSED}
    arguments |= lag.get("extra", {})
    arguments.setdefault("team_id", {"type": "string"})  # Bolt's client adds it to calls
    one_of = lag.get("one_of", [])
    return {
        "tier": reference["rate_limits"],
        "json": bool(reference.get("json_input_supported")),
        "scopes": sorted((reference.get("scope") or {}).get("bot", [])),
        "required": sorted(set(reference["args"].get("required", [])) - {"token", *one_of}),
        "one_of": one_of,
        "args": dict(sorted(arguments.items())),
        "errors": sorted(reference["errors"]),
    }


def main(folder: Path) -> None:
    methods = {path.stem: method(path.stem, json.loads(path.read_text())) for path in sorted(folder.glob("*.json"))}
    methods |= YOUNGER
    TARGET.write_text(json.dumps(methods, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
