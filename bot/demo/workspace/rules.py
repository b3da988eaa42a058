"""Slack's rules for one call: (method, arguments) -> refusal or None, and the violation a correct app never commits.

Arguments come from slack_methods.json (made by tests/payloads/distil.py); lengths of blocks from the SDK's models and
Slack's pages.
"""

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


PLAIN, ANY = frozenset({"plain_text"}), frozenset({"plain_text", "mrkdwn"})
TEXTS: dict[str, dict[str, tuple[int, frozenset[str], bool]]] = {  # most characters, types, whether it must be there
    "section": {"text": (3000, ANY, False)},
    "header": {"text": (150, PLAIN, True)},
    "input": {"label": (2000, PLAIN, True)},
    "button": {"text": (75, PLAIN, True)},
    "icon_button": {"text": (75, PLAIN, True)},
    "feedback": {"text": (75, PLAIN, True)},
    "option": {"text": (75, ANY, True)},
}
LENGTHS: dict[str, dict[str, tuple[int, int]]] = {  # least and most, of characters or items
    "section": {"fields": (0, 10)},
    "context": {"elements": (1, 10)},
    "actions": {"elements": (1, 25)},
    "context_actions": {"elements": (1, 5)},
    "table": {"rows": (0, 100)},
    "button": {"value": (0, 2000), "url": (0, 3000)},
    "feedback": {"value": (1, 2000), "accessibility_label": (0, 75)},
    "plain_text_input": {"initial_value": (0, 3000)},
    "option": {"value": (1, 150)},
    "overflow": {"options": (1, 10)},
    "radio_buttons": {"options": (1, 10)},
    "checkboxes": {"options": (1, 10)},
    "static_select": {"options": (1, 100)},
    "multi_static_select": {"options": (1, 100)},
}


def _limits(kind: str, node: Json) -> list[str]:
    """What is too short, too long or missing in a block, an element or a part of one."""
    wrong = [
        problem
        for name, (most, types, required) in TEXTS.get(kind, {}).items()
        for problem in _text(node.get(name), most, types, required=required)
    ]
    limits = LENGTHS.get(kind, {}) | {"block_id": (0, 255)} | ({"action_id": (1, 255)} if "action_id" in node else {})
    lengths = {name: len(node.get(name, "")) for name in limits}
    return wrong + [
        f"{name} of {lengths[name]}, {least} to {most} allowed"
        for name, (least, most) in limits.items()
        if not least <= lengths[name] <= most
    ]


def _block(block: Json) -> list[str]:
    kind, parts = str(block.get("type")), block.get("elements", [])
    if kind not in BLOCK_TYPES:
        return ["unknown type"]
    wrong = _limits(kind, block)
    if kind == "section":
        wrong += [] if block.get("text") or block.get("fields") else ["needs text or fields"]
        wrong += [problem for one in block.get("fields", []) for problem in _text(one, 2000)]
    elif kind == "markdown" and not (isinstance(block.get("text"), str) and block["text"]):
        wrong.append("needs text")
    elif kind == "context":
        shown = (one for one in parts if one.get("type") != "image")
        wrong += [problem for one in shown for problem in _text(one, 3000, required=True)]
    elif kind == "context_actions":
        wrong += ["element type" for one in parts if one.get("type") not in ("feedback_buttons", "icon_button")]
    elif kind == "table" and any(len(row) > 20 for row in block.get("rows", [])):
        wrong.append("more than 20 cells")
    elif kind == "input" and not isinstance(block.get("element"), dict):
        wrong.append("needs an element")
    elif kind == "image" and not (block.get("alt_text") and (block.get("image_url") or block.get("slack_file"))):
        wrong.append("needs alt_text and image_url")
    return wrong


def _text(node: Any, most: int, types: frozenset[str] = ANY, *, required: bool = False) -> list[str]:
    if node is None:
        return ["text is missing"] if required else []
    if not isinstance(node, dict) or node.get("type") not in types:
        return ["text object of a wrong type"]
    length = len(node.get("text", ""))
    return [] if 1 <= length <= most else [f"text of {length} characters, 1 to {most} allowed"]


def _elements(block: Json, actions: list[str]) -> list[str]:
    """What is wrong with the parts that people use; their action ids are added to `actions`."""
    if block.get("type") not in ("actions", "context_actions", "section", "input"):
        return []
    wrong: list[str] = []
    for element in [*block.get("elements", []), block.get("accessory"), block.get("element")]:
        if not isinstance(element, dict):
            continue
        kind = str(element.get("type"))
        actions += [element["action_id"]] if "action_id" in element else []
        wrong += _limits(kind, element)
        if kind == "feedback_buttons":
            sides = (element.get(f"{side}_button") or {} for side in ("positive", "negative"))
            wrong += [problem for side in sides for problem in _limits("feedback", side)]
        elif kind == "icon_button" and element.get("icon") != "trash":
            wrong.append("icon must be trash")
        elif kind == "plain_text_input" and not 1 <= element.get("max_length", 1) <= 3000:
            wrong.append("max_length not 1 to 3,000")
        wrong += [problem for option in element.get("options", []) for problem in _limits("option", option)]
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
            if problem := _text(view.get(key), 24, PLAIN, required=key == "title"):
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
