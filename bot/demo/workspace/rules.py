"""Slack's rules for one call: (method, arguments) -> refusal or None, and the violation a correct app never commits.

Arguments come from slack_methods.json (made by tests/payloads/distil.py); lengths of blocks from the SDK's models and
Slack's pages.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.demo.workspace.state import Json

METHODS: dict[str, Json] = json.loads(Path(__file__).with_name("slack_methods.json").read_text(encoding="utf-8"))
MARKDOWN_CHARS = 12_000
METADATA_CHARS = 8_000
BLOCKS_CHARS = 13_200  # measured by others: bolt-js #2509
PER_MINUTE = {"t1": 1, "t2": 20, "t3": 50, "t4": 100, "t5": 600}  # t5: Slack says "special" and names no figure
KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": (bool, str),
    "number": (int, float, str),
    "integer": (int, str),
    "array": (list, str),
    "any": object,
}
BLOCK_TYPES = {
    "actions", "alert", "card", "carousel", "container", "context", "context_actions", "data_table", "divider", "file",
    "header", "image", "input", "markdown", "plan", "rich_text", "section", "table", "task_card", "video",
}  # fmt: skip


def check_arguments(method: str, args: Json) -> list[str]:
    """What is wrong with the names, types and lengths of the arguments."""
    facts = METHODS[method]
    wrong = [f"unknown argument {name}" for name in args if name not in facts["args"]]
    wrong += [f"missing argument {name}" for name in facts["required"] if args.get(name) in (None, "")]
    if facts["one_of"] and not any(args.get(name) for name in facts["one_of"]):
        wrong.append("missing one of " + ", ".join(facts["one_of"]))
    if method == "assistant.threads.setStatus" and "status" in args:
        wrong = [w for w in wrong if w != "missing argument status"]  # the empty status clears it
    for name, value in args.items():
        rule = facts["args"].get(name)
        if rule is None or value is None:
            continue
        if not isinstance(value, KINDS[rule["type"]]):
            wrong.append(f"{name} is {type(value).__name__}, not {rule['type']}")
            continue
        if "enum" in rule and value not in rule["enum"]:
            wrong.append(f"{name}={value!r} is not one of {rule['enum']}")
        if isinstance(value, str) and len(value) > rule.get("maxLength", len(value)):
            wrong.append(f"{name} has {len(value)} characters, more than {rule['maxLength']}")
        if isinstance(value, list) and not rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value)):
            wrong.append(f"{name} has {len(value)} items")
        if isinstance(value, list) and "items_maxLength" in rule:
            wrong += [f"{name} has an item of {len(v)} characters" for v in value if len(v) > rule["items_maxLength"]]
    return wrong


def error_for(problem: str) -> str:
    """The error Slack answers a problem of check_arguments with."""
    return "msg_too_long" if problem.startswith("markdown_text has") else "invalid_arguments"


def check_blocks(blocks: Any, *, most: int = 50) -> str | None:
    """What is wrong with a list of blocks, as "error: detail"."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return "invalid_blocks_format: not a list of objects"
    if len(blocks) > most:
        return f"msg_blocks_too_many: {len(blocks)} blocks"
    if len(json.dumps(blocks, ensure_ascii=False)) > BLOCKS_CHARS * 2 or _visible(blocks) > BLOCKS_CHARS:
        return "msg_blocks_too_long: the blocks together are too long"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        return "invalid_blocks: a block_id is used twice"
    actions: list[str] = []
    for number, block in enumerate(blocks):
        for problem in (*_block(block), *_elements(block, actions)):
            return f"invalid_blocks: block {number} ({block.get('type')}): {problem}"
    if len(actions) != len(set(actions)):
        return "invalid_blocks: an action_id is used twice"
    markdown = sum(len(block.get("text", "")) for block in blocks if block.get("type") == "markdown")
    if markdown > MARKDOWN_CHARS:
        return "msg_blocks_too_long: markdown blocks hold more than 12,000 characters"
    return None


def _visible(node: Any) -> int:
    if isinstance(node, list):
        return sum(map(_visible, node))
    if isinstance(node, dict):
        return sum(len(v) if k == "text" and isinstance(v, str) else _visible(v) for k, v in node.items())
    return 0


def _block(block: Json) -> list[str]:  # noqa: C901 - a branch for each type of block
    kind = block.get("type")
    if kind not in BLOCK_TYPES:
        return ["unknown type"]
    wrong = ["block_id over 255"] if len(block.get("block_id", "")) > 255 else []
    if kind == "section":
        if not block.get("text") and not block.get("fields"):
            wrong.append("needs text or fields")
        wrong += _text(block.get("text"), 3000)
        if len(block.get("fields", [])) > 10:
            wrong.append("more than 10 fields")
        for one in block.get("fields", []):
            wrong += _text(one, 2000)
    elif kind == "header":
        wrong += _text(block.get("text"), 150, {"plain_text"}, required=True)
    elif kind == "markdown":
        if not isinstance(block.get("text"), str) or not block["text"]:
            wrong.append("needs text")
    elif kind in ("context", "actions", "context_actions"):
        most = {"context": 10, "actions": 25, "context_actions": 5}[kind]
        if not 1 <= len(block.get("elements", [])) <= most:
            wrong.append(f"{len(block.get('elements', []))} elements, 1 to {most} allowed")
        if kind == "context":
            for element in block.get("elements", []):
                if element.get("type") != "image":
                    wrong += _text(element, 3000, required=True)
        if kind == "context_actions":
            allowed = {"feedback_buttons", "icon_button"}
            wrong += ["element type" for e in block.get("elements", []) if e.get("type") not in allowed]
    elif kind == "table":
        rows = block.get("rows", [])
        if len(rows) > 100 or any(len(row) > 20 for row in rows):
            wrong.append("more than 100 rows or 20 cells")
    elif kind == "input":
        wrong += _text(block.get("label"), 2000, {"plain_text"}, required=True)
        wrong += [] if isinstance(block.get("element"), dict) else ["needs an element"]
    elif kind == "image" and not (block.get("alt_text") and (block.get("image_url") or block.get("slack_file"))):
        wrong.append("needs alt_text and image_url")
    return wrong


def _text(node: Any, most: int, kinds: set[str] | None = None, *, required: bool = False) -> list[str]:
    if node is None:
        return ["text is missing"] if required else []
    if not isinstance(node, dict) or node.get("type") not in (kinds or {"plain_text", "mrkdwn"}):
        return ["text object of a wrong type"]
    length = len(node.get("text", ""))
    return [] if 1 <= length <= most else [f"text of {length} characters, 1 to {most} allowed"]


def _elements(block: Json, actions: list[str]) -> list[str]:
    wrong: list[str] = []
    if block.get("type") not in ("actions", "context_actions", "section", "input"):
        return wrong
    for element in [*block.get("elements", []), block.get("accessory"), block.get("element")]:
        if not isinstance(element, dict):
            continue
        if "action_id" in element:
            actions.append(element["action_id"])
            if not 1 <= len(element["action_id"]) <= 255:
                wrong.append("action_id length")
        kind = element.get("type")
        if kind == "button":
            wrong += _text(element.get("text"), 75, {"plain_text"}, required=True)
            wrong += ["button value over 2,000"] if len(element.get("value", "")) > 2000 else []
            wrong += ["button url over 3,000"] if len(element.get("url", "")) > 3000 else []
        elif kind == "feedback_buttons":
            for side in ("positive_button", "negative_button"):
                button = element.get(side) or {}
                wrong += _text(button.get("text"), 75, {"plain_text"}, required=True)
                if not 1 <= len(button.get("value", "")) <= 2000:
                    wrong.append(f"{side} value of {len(button.get('value', ''))} characters")
                wrong += ["accessibility_label over 75"] if len(button.get("accessibility_label", "")) > 75 else []
        elif kind == "icon_button":
            wrong += _text(element.get("text"), 75, {"plain_text"}, required=True)
            wrong += ["icon must be trash"] if element.get("icon") != "trash" else []
        elif kind == "plain_text_input":
            wrong += ["max_length not 1 to 3,000"] if not 1 <= element.get("max_length", 1) <= 3000 else []
            wrong += ["initial_value too long"] if len(element.get("initial_value", "")) > 3000 else []
        elif kind in ("static_select", "radio_buttons", "checkboxes", "overflow", "multi_static_select"):
            options = element.get("options", [])
            if not 1 <= len(options) <= (100 if "select" in kind else 10):
                wrong.append(f"{len(options)} options")
            for option in options:
                wrong += _text(option.get("text"), 75, required=True)
                wrong += ["option value over 150"] if not 1 <= len(option.get("value", "")) <= 150 else []
    return wrong


def check_metadata(metadata: Any) -> str | None:
    """What is wrong with message metadata, as "error: detail"."""
    if not isinstance(metadata, dict):
        return "invalid_metadata_format: not an object"
    if metadata and not (
        isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)
    ):
        return "invalid_metadata_schema: needs event_type and event_payload"
    if len(json.dumps(metadata)) > METADATA_CHARS:
        return "metadata_too_large: more than 8,000 characters"
    return None


def check_view(view: Any) -> str | None:
    """What is wrong with a modal or home view, as "error: detail"."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return "invalid_arguments: view type"
    if view["type"] == "modal":
        for key in ("title", "submit", "close"):
            if problem := _text(view.get(key), 24, {"plain_text"}, required=key == "title"):
                return f"invalid_arguments: {key} {problem[0]}"
        inputs = any(block.get("type") == "input" for block in view.get("blocks") or [] if isinstance(block, dict))
        if inputs and not view.get("submit"):
            return "invalid_arguments: a view with inputs needs submit"
    if len(json.dumps(view)) > 250_000:
        return "view_too_large: more than 250 kB"
    if len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
        return "invalid_arguments: private_metadata or callback_id too long"
    return check_blocks(view.get("blocks"), most=100)


CHECKS: dict[str, Callable[[Any], str | None]] = {
    "blocks": check_blocks,
    "metadata": check_metadata,
    "view": check_view,
}
