"""Files: announced, sent to an address of their own, completed; then images may show them. Methods as in methods.py."""

from __future__ import annotations

from typing import Any

from bot.demo.workspace.methods import method, refuse
from bot.demo.workspace.state import Json, SlackFile, SlackRefusal
from bot.demo.workspace.workspace import Workspace

IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")


@method("files.getUploadURLExternal")
def announce(ws: Workspace, args: Json) -> Json:
    if not int(args["length"]):
        raise SlackRefusal("missing_argument")
    if len(args.get("alt_txt", "")) > 1000:
        refuse(ws, "files.getUploadURLExternal", "alt_txt_too_large: more than 1,000 characters")
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
        file.complete, file.title, file.shared_in = True, one.get("title", ""), args.get("channel_id")
        done.append({"id": file.id, "title": file.title})
    ws.changed()
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
                refuse(ws, name, "invalid_arguments: invalid slack file")
            elif file.refusals > 0:
                file.refusals -= 1
                raise SlackRefusal("invalid_arguments")
        for item in node.values():
            check_images(ws, name, item)
