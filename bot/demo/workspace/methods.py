"""The Web API methods: (workspace, arguments) -> the answer's fields, or SlackRefusal. Names are Slack's."""

import time
from collections.abc import Callable
from typing import Any

from bot.demo.workspace.rules import CHECKS
from bot.demo.workspace.state import Channel, Json, Message, SlackFile, SlackRefusal, View, Write
from bot.demo.workspace.workspace import Workspace

TEXT_CHARS = 40_000
UPDATE_CHARS = 4_000
IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")
METHODS: dict[str, Callable[[Workspace, Json], Json]] = {}


def method(name: str) -> Callable[[Callable[[Workspace, Json], Json]], Callable[[Workspace, Json], Json]]:
    def register(function: Callable[[Workspace, Json], Json]) -> Callable[[Workspace, Json], Json]:
        METHODS[name] = function
        return function

    return register


def content(ws: Workspace, name: str, args: Json, *, text_chars: int = TEXT_CHARS) -> tuple[str, list[Json]]:
    """Text and blocks of a message that is posted or rewritten."""
    markdown, text, blocks = args.get("markdown_text"), args.get("text"), args.get("blocks")
    if markdown and (text or blocks):
        ws.refuse(name, "markdown_text_conflict: markdown_text with text or blocks")
    if not markdown and not text and not blocks and not args.get("attachments"):
        ws.refuse(name, "no_text: nothing to show")
    if blocks and not text:
        ws.violate(name, "blocks without a fallback text")
    if text and len(text) > text_chars and text_chars < TEXT_CHARS:
        ws.refuse(name, f"msg_too_long: text of {len(text)} characters")
    return markdown or (text or "")[:TEXT_CHARS], blocks or []


# --- messages -------------------------------------------------------------------------------------------------


def new_message(ws: Workspace, args: Json, text: str, blocks: list[Json]) -> Message:
    channel = ws.channel_for(args["channel"], write=True)
    thread = ws.thread_root(channel, args["thread_ts"]) if args.get("thread_ts") else None
    about = args.get("metadata") or None
    return Message(channel.id, ws.new_ts(), ws.bot_user, text, thread, ws.bot_id, blocks=blocks, metadata=about)


@method("chat.postMessage")
def post_message(ws: Workspace, args: Json) -> Json:
    message = new_message(ws, args, *content(ws, "chat.postMessage", args))
    ws.put(message, "chat.postMessage")
    return {"channel": message.channel, "ts": message.ts, "message": ws.wire(message, metadata=True)}


@method("chat.postEphemeral")
def post_ephemeral(ws: Workspace, args: Json) -> Json:
    message = new_message(ws, args, *content(ws, "chat.postEphemeral", args))
    if args["user"] not in ws.channels[message.channel].members:
        raise SlackRefusal("user_not_in_channel")
    if message.thread_ts and len(ws.channels[message.channel].thread(message.thread_ts)) < 2:
        ws.violate("chat.postEphemeral", "Slack shows nothing of it: there is no reply in that thread yet")
    message.only_for = args["user"]
    ws.put(message, "chat.postEphemeral")
    return {"message_ts": message.ts}


@method("chat.update")
def update(ws: Workspace, args: Json) -> Json:
    channel = ws.channel_for(args["channel"])
    if channel.archived:
        raise SlackRefusal("is_inactive")
    message = ws.message_for(channel, args["ts"])
    if message.bot_id != ws.bot_id:
        raise SlackRefusal("cant_update_message")
    if message.streaming:
        raise SlackRefusal("streaming_state_conflict")
    text, blocks = content(ws, "chat.update", args, text_chars=UPDATE_CHARS)
    message.text, message.blocks, message.edited = text, blocks, True
    if "metadata" in args:
        message.metadata = args["metadata"] or None
    ws.change(message, "chat.update", message.shown.strip())
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": ws.wire(message, metadata=True)}


@method("chat.delete")
def delete(ws: Workspace, args: Json) -> Json:
    message = ws.message_for(ws.channel_for(args["channel"], write=True), args["ts"])
    if message.bot_id != ws.bot_id:
        raise SlackRefusal("cant_delete_message")
    ws.remove(message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink")
def permalink(ws: Workspace, args: Json) -> Json:
    message = ws.message_for(ws.channel_for(args["channel"]), args["message_ts"])
    link = f"https://home.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    return {"channel": message.channel, "permalink": link}


# --- streams --------------------------------------------------------------------------------------------------


def stream_of(ws: Workspace, args: Json) -> Message:
    message = ws.message_for(ws.channel_for(args["channel"], write=True), args["ts"])
    if message.bot_id != ws.bot_id:
        raise SlackRefusal("message_not_owned_by_app")
    if not message.streaming:
        raise SlackRefusal("message_not_in_streaming_state")
    return message


def add(ws: Workspace, message: Message, text: str) -> None:
    if len(message.text) + len(text) > ws.stream_chars:
        raise SlackRefusal("msg_too_long")
    message.text += text


@method("chat.startStream")
def start_stream(ws: Workspace, args: Json) -> Json:
    channel = ws.channel_for(args["channel"], write=True)
    if not args.get("thread_ts"):
        ws.refuse("chat.startStream", "invalid_arguments: thread_ts is missing")
    if channel.kind != "im":
        for name in ("recipient_team_id", "recipient_user_id"):
            if not args.get(name):
                ws.refuse("chat.startStream", f"missing_{name}: needed in channels")
        if args["recipient_user_id"] not in ws.users:
            raise SlackRefusal("user_not_found")
    message = new_message(ws, args, "", [])
    add(ws, message, args.get("markdown_text") or "")
    message.streaming_state = "in_progress"
    ws.put(message, "chat.startStream")
    return {"channel": channel.id, "ts": message.ts}


@method("chat.appendStream")
def append_stream(ws: Workspace, args: Json) -> Json:
    message, text = stream_of(ws, args), args["markdown_text"]
    if message.streaming_state == "stopped_by_user":
        raise SlackRefusal("stopped_by_user")
    add(ws, message, text)
    message.writes.append(Write("chat.appendStream", text, time.monotonic()))
    return {"channel": message.channel, "ts": message.ts}


@method("chat.stopStream")
def stop_stream(ws: Workspace, args: Json) -> Json:
    message, text = stream_of(ws, args), args.get("markdown_text") or ""
    add(ws, message, text)
    message.blocks = args.get("blocks") or []
    message.metadata = args.get("metadata") or None
    message.streaming_state = "completed"
    ws.change(message, "chat.stopStream", text)
    return {"channel": message.channel, "ts": message.ts, "message": ws.wire(message, metadata=True)}


# --- reading --------------------------------------------------------------------------------------------------


def page(ws: Workspace, messages: list[Message], args: Json, *, default: int) -> Json:
    """One page of messages, which come in the order in which they are handed out."""
    include = str(args.get("include_all_metadata", "")).lower() in ("1", "true")
    inclusive = str(args.get("inclusive", "")).lower() in ("1", "true")
    oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "9")
    messages = [m for m in messages if oldest < m.ts < latest or (inclusive and m.ts in (oldest, latest))]
    start = int(str(args["cursor"]).partition(":")[2]) if args.get("cursor") else 0
    end = start + min(int(args.get("limit") or default), 1000)
    answer: Json = {
        "messages": [ws.wire(m, metadata=include) for m in messages[start:end]],
        "has_more": end < len(messages),
    }
    if end < len(messages):
        answer["response_metadata"] = {"next_cursor": f"bmV4dA:{end}"}
    return answer


def may_read(ws: Workspace, channel: Channel) -> None:
    scope = {"channel": "channels", "group": "groups"}.get(channel.kind, channel.kind) + ":history"
    if scope not in ws.scopes:
        raise SlackRefusal("missing_scope", needed=scope, provided=",".join(sorted(ws.scopes)))


@method("conversations.replies")
def replies(ws: Workspace, args: Json) -> Json:
    channel = ws.channel_for(args["channel"])
    may_read(ws, channel)
    thread = channel.thread(args["ts"])
    if not thread:
        raise SlackRefusal("thread_not_found")
    return page(ws, thread, args, default=1000)


@method("conversations.history")
def history(ws: Workspace, args: Json) -> Json:
    channel = ws.channel_for(args["channel"])
    may_read(ws, channel)
    messages = [m for m in channel.messages.values() if not m.thread_ts and not m.deleted and not m.only_for]
    return page(ws, messages[::-1], args, default=100)


@method("conversations.info")
def channel_info(ws: Workspace, args: Json) -> Json:
    channel = ws.channels.get(args["channel"])
    if channel is None:
        raise SlackRefusal("channel_not_found")
    flags = {"is_im": channel.kind == "im", "is_private": channel.kind != "channel", "is_archived": channel.archived}
    member = {"is_member": ws.bot_user in channel.members, "is_ext_shared": channel.ext_shared}
    return {"channel": {"id": channel.id, "name": channel.name, **flags, **member}}


@method("conversations.open")
def open_conversation(ws: Workspace, args: Json) -> Json:
    if args.get("users") not in ws.users:
        raise SlackRefusal("user_not_found")
    return {"channel": {"id": ws.open_dm(args["users"]).id}}


@method("users.info")
def user_info(ws: Workspace, args: Json) -> Json:
    user = ws.users.get(args["user"])
    if user is None:
        raise SlackRefusal("user_not_found")
    facts = {"locale": user.locale, "is_bot": user.is_bot, "is_stranger": user.team != ws.team, "deleted": False}
    names = {"name": user.name, "real_name": user.name, "profile": {"display_name": user.display_name}}
    return {"user": {"id": user.id, "team_id": user.team, **names, **facts}}


@method("auth.test")
def auth_test(ws: Workspace, args: Json) -> Json:
    names = {"url": "https://home.slack.com/", "team": "Home", "user": "policybot", "is_enterprise_install": False}
    return names | {"team_id": ws.team, "user_id": ws.bot_user, "bot_id": ws.bot_id}


@method("usergroups.users.list")
def usergroup(ws: Workspace, args: Json) -> Json:
    if args["usergroup"] not in ws.usergroups:
        raise SlackRefusal("no_such_subteam")
    return {"users": ws.usergroups[args["usergroup"]]}


# --- reactions, statuses, prompts, modals, Home tab, files ---------------------------------------------------


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


@method("reactions.get")
def get_reactions(ws: Workspace, args: Json) -> Json:
    if not args.get("channel") or not args.get("timestamp"):
        raise SlackRefusal("no_item_specified")
    channel = ws.channel_for(args["channel"])
    return {"type": "message", "channel": channel.id, "message": ws.wire(ws.message_for(channel, args["timestamp"]))}


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
def delete_file(ws: Workspace, args: Json) -> Json:
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
