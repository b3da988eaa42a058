"""What people do in the workspace: write, edit, delete, react, click, stop. Each act tells the app what Slack does."""

import time
from typing import Any

from bot.demo.workspace.delivery import Deliverer
from bot.demo.workspace.state import Channel, Delivery, Json, Message, View
from bot.demo.workspace.workspace import Workspace


class People:
    def __init__(self, workspace: Workspace, deliverer: Deliverer) -> None:
        self.ws = workspace
        self.deliverer = deliverer

    # --- writing ----------------------------------------------------------------------------------------------

    def say(self, channel: str, user: str, text: str, *, thread_ts: str | None = None, **facts: Any) -> Message:
        """A person's message; no mention is added. `facts`: subtype, bot_id."""
        message = self._put(channel, user, text, thread_ts, facts)
        self.deliverer.emit(self.ws.message_event(message), self.ws.channels[channel])
        return message

    def _put(self, channel: str, user: str, text: str, thread_ts: str | None, facts: Json) -> Message:
        message = Message(channel, self.ws.new_ts(), user, text, thread_ts, **facts)
        self.ws.channels[channel].messages[message.ts] = message
        self.ws.changed()
        return message

    def call(self, channel: str, user: str, text: str, *, thread_ts: str | None = None, **facts: Any) -> Message:
        """A message with <@the bot> anywhere in it."""
        message, place = self._put(channel, user, text, thread_ts, facts), self.ws.channels[channel]
        event = self.ws.message_event(message)
        mention = {key: value for key, value in event.items() if key != "channel_type"} | {"type": "app_mention"}
        if place.kind != "im":
            self.deliverer.deliver(mention, place)
        self.deliverer.emit(event, place)
        return message

    def dm(self, user: str, text: str, *, thread_ts: str | None = None, **facts: Any) -> Message:
        """A direct message; the root of a session has no thread_ts."""
        place = self.ws.open_dm(user)
        message = self._put(place.id, user, text, thread_ts, facts)
        self.deliverer.deliver(self.ws.message_event(message), place)
        return message

    def edit(self, message: Message, text: str) -> None:
        before = self.ws.wire(message)
        message.text, message.edited = text, True
        event = self.ws.nested_event(message, "message_changed") | {"previous_message": before}
        self.deliverer.emit(event, self.ws.channels[message.channel])
        self.ws.changed()

    def delete(self, message: Message) -> None:
        self.ws.remove(message)

    # --- reacting ---------------------------------------------------------------------------------------------

    def reaction(self, message: Message, name: str, user: str = "U1", *, remove: bool = False) -> None:
        """`name` as Slack sends it: +1, thumbsup, +1::skin-tone-3."""
        users = message.reactions.setdefault(name, [])
        if remove:
            users.remove(user)
        elif user not in users:
            users.append(user)
        kind, item = f"reaction_{'removed' if remove else 'added'}", {"channel": message.channel, "ts": message.ts}
        about = {"reaction": name, "item": {"type": "message"} | item, "item_user": message.user}
        self._tell(self.ws.channels[message.channel], kind, user, about)

    def stop_button(self, message: Message, user: str = "U1") -> None:
        """The native Stop button of a streaming answer."""
        self.ws.expire(message)
        assert message.streaming_state == "in_progress", "there is no Stop button on this message"
        message.streaming_state = "stopped_by_user"
        about = {"channel": message.channel, "thread_ts": message.thread_ts, "streaming_message_ts": [message.ts]}
        self._tell(self.ws.channels[message.channel], "agent_session_stopped", user, about)

    def open_home(self, user: str, tab: str = "home") -> None:
        channel = self.ws.open_dm(user)
        self._tell(channel, "app_home_opened", user, {"channel": channel.id, "tab": tab})

    def _tell(self, place: Channel, kind: str, user: str, about: Json) -> None:
        self.deliverer.emit({"type": kind, "user": user, **about, "event_ts": self.ws.new_ts()}, place)
        self.ws.changed()

    # --- clicking ---------------------------------------------------------------------------------------------

    def press(self, message: Message, action: Json, user: str = "U1") -> Delivery:
        """Use any element: `action` is what Slack's payload holds of it (type, action_id, value or selected_option)."""
        return self.interact(self._action(message, action | {"action_ts": self.ws.new_ts()}, user))

    def press_in_view(self, view: View, action: Json, values: Json | None = None) -> Delivery:
        """Use an element of a modal or of the Home tab."""
        used = {"actions": [action | {"action_ts": self.ws.new_ts()}], "view": self._view(view, values)}
        container = {"type": "view", "view_id": view.id}
        return self.interact(self._by(view.user, "block_actions") | used | {"container": container})

    def _view(self, view: View, values: Json | None) -> Json:
        return view.view | {"id": view.id, "hash": view.hash, "state": {"values": values or {}}}

    def _action(self, message: Message, action: Json, user: str) -> Json:
        place = self.ws.channels[message.channel]
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": message.only_for is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        return self._by(user, "block_actions") | {
            "container": container,
            "channel": {"id": place.id, "name": place.name},
            "message": self.ws.wire(message),
            "state": {"values": {}},
            "actions": [action],
        }

    def _by(self, user: str, kind: str) -> Json:
        """What every interaction carries."""
        trigger = f"{self.ws.new_id('')}.1.fake"
        self.ws.triggers[trigger] = (user, time.monotonic())
        person = self.ws.users[user]
        return {
            "type": kind,
            "user": {"id": user, "username": person.name, "name": person.name, "team_id": person.team},
            "api_app_id": self.ws.app_id,
            "token": "legacy",
            "trigger_id": trigger,
            "team": {"id": self.ws.team, "domain": "home"},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def interact(self, payload: Json) -> Delivery:
        return self.deliverer.send(Delivery("interactive", payload))

    def shortcut(self, callback_id: str, user: str = "U1", message: Message | None = None) -> Delivery:
        """A global shortcut, or one on a message."""
        payload = self._by(user, "message_action" if message else "shortcut") | {"callback_id": callback_id}
        if message:
            place = self.ws.channels[message.channel]
            payload |= {"channel": {"id": place.id, "name": place.name}, "message": self.ws.wire(message)}
            payload["message_ts"] = message.ts
        return self.interact(payload)

    def submit(self, view: View, values: Json | None = None) -> Delivery:
        """Send a modal; `values` is {block_id: {action_id: {...}}} as Slack sends state."""
        return self.interact(self._by(view.user, "view_submission") | {"view": self._view(view, values)})
