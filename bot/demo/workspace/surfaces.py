"""More Web API methods: reactions, statuses, prompts, modals, Home tab, files. Registered like those in methods.py."""

import time
from typing import Any

from bot.demo.workspace.methods import method
from bot.demo.workspace.rules import CHECKS
from bot.demo.workspace.state import Json, SlackFile, SlackRefusal, View
from bot.demo.workspace.workspace import Workspace


@method("blocks.validate")
def validate(ws: Workspace, args: Json) -> Json:
    """Judged like what is posted or opened; the answer tells what is wrong, and nothing was sent."""
    given = [kind for kind in ("blocks", "view") if args.get(kind)]
    if len(given) != 1:
        raise SlackRefusal("invalid_arguments")
    (kind,) = given
    if problem := CHECKS[kind](args[kind]):
        errors = [{"pointer": "/blocks", "code": "failed_constraint", "message": problem}]
        raise SlackRefusal(f"invalid_{kind}", errors=errors)
    return {}


@method("reactions.add")
def add_reaction(ws: Workspace, args: Json) -> Json:
    if not args.get("channel") or not args.get("timestamp"):
        raise SlackRefusal("no_item_specified")
    message = ws.message_for(ws.channel_for(args["channel"]), args["timestamp"])
    users = message.reactions.setdefault(args["name"], [])
    if ws.bot_user in users:
        raise SlackRefusal("already_reacted")
    users.append(ws.bot_user)
    return {}


@method("assistant.threads.setStatus")
def set_status(ws: Workspace, args: Json) -> Json:
    channel = ws.channel_for(args["channel_id"], write=True)
    if not channel.thread(args["thread_ts"]):
        raise SlackRefusal("invalid_thread_ts")
    ws.statuses.append((channel.id, args["thread_ts"], args["status"], time.monotonic()))
    return {}


@method("assistant.threads.setSuggestedPrompts")
def set_prompts(ws: Workspace, args: Json) -> Json:
    prompts = args["prompts"]
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
        ws.refuse("assistant.threads.setSuggestedPrompts", "invalid_arguments: 1 to 4 prompts")
    if args.get("thread_ts"):
        ws.violate("assistant.threads.setSuggestedPrompts", "thread_ts silently fails under agent_view")
    ws.prompts.append(dict(args))
    return {}


@method("views.open")
@method("views.push")
def open_view(ws: Workspace, args: Json) -> Json:
    check_images(ws, "views.open", args["view"])
    trigger = args.get("trigger_id") or ""
    if trigger not in ws.triggers:
        raise SlackRefusal("invalid_trigger_id")
    user, born = ws.triggers[trigger]
    if born < 0:
        raise SlackRefusal("exchanged_trigger_id")
    if time.monotonic() - born > ws.trigger_s:
        raise SlackRefusal("expired_trigger_id")
    ws.triggers[trigger] = (user, -1.0)
    view = View(ws.new_id("V"), user, args["view"], ws.new_id("h"), "modal")
    ws.views[view.id] = view
    return {"view": view_wire(ws, view)}


def view_wire(ws: Workspace, view: View) -> Json:
    return view.view | {"id": view.id, "hash": view.hash, "team_id": ws.team, "app_id": ws.app_id, "bot_id": ws.bot_id}


@method("views.update")
def update_view(ws: Workspace, args: Json) -> Json:
    check_images(ws, "views.update", args["view"])
    view = ws.views.get(args.get("view_id", ""))
    if view is None:
        raise SlackRefusal("not_found")
    view.view, view.hash = args["view"], ws.new_id("h")
    return {"view": view_wire(ws, view)}


@method("views.publish")
def publish_view(ws: Workspace, args: Json) -> Json:
    if args["user_id"] not in ws.users:
        raise SlackRefusal("user_not_found")
    ws.homes[args["user_id"]] = args["view"]
    return {"view": args["view"]}


IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")


@method("files.getUploadURLExternal")
def announce(ws: Workspace, args: Json) -> Json:
    if not int(args["length"]):
        raise SlackRefusal("missing_argument")
    if len(args.get("alt_txt", "")) > 1000:
        ws.refuse("files.getUploadURLExternal", "alt_txt_too_large: more than 1,000 characters")
    file = SlackFile(ws.new_id("F"), args["filename"], int(args["length"]), args.get("alt_txt", ""))
    file.refusals = ws.file_lag
    ws.files[file.id] = file
    return {"upload_url": f"{ws.base_url}/upload/{file.id}", "file_id": file.id}


def receive(ws: Workspace, id: str, content: bytes) -> int:
    """The HTTP status that a file sent to its address is answered with."""
    file = ws.files.get(id)
    if file is None or file.complete or len(content) != file.length:
        return 400
    file.content = content
    return 200


@method("files.completeUploadExternal")
def complete(ws: Workspace, args: Json) -> Json:
    done = []
    for one in args["files"]:
        file = ws.files.get(one.get("id", ""))
        if file is None or file.complete or not file.content:
            raise SlackRefusal("file_not_found")
        file.complete, file.shared_in = True, args.get("channel_id")
        done.append({"id": file.id, "title": one.get("title", "")})
    return {"files": done}


@method("files.delete")
def delete(ws: Workspace, args: Json) -> Json:
    if ws.files.pop(args["file"], None) is None:
        raise SlackRefusal("file_not_found")
    return {}


def check_images(ws: Workspace, name: str, node: Any) -> None:
    """Refuse blocks that show a file which is none, no image, or not known everywhere yet."""
    if isinstance(node, list):
        for item in node:
            check_images(ws, name, item)
    elif isinstance(node, dict):
        if shown := node.get("slack_file"):
            file = ws.files.get(shown.get("id", ""))
            if set(shown) != {"id"} or file is None or not file.complete or not file.content.startswith(IMAGES):
                ws.refuse(name, "invalid_arguments: invalid slack file")
            elif file.refusals > 0:
                file.refusals -= 1
                raise SlackRefusal("invalid_arguments")
        for item in node.values():
            check_images(ws, name, item)
