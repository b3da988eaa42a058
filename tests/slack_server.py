"""The fake Slack as tests use it: bot/demo/workspace, and the same as a process of its own.

`python -m tests.slack_server --port 0` prints its URL; `tests.remote_slack.RemoteSlack` drives it.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import time
from typing import Any

from aiohttp import web

from bot.demo.workspace.server import FakeSlack
from bot.demo.workspace.state import Json, Message

__all__ = ["FakeSlack"]


class ControlledSlack(FakeSlack):
    """Reads and acts for another process, at /_state and /_do."""

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/_state", self._state)
        app.router.add_post("/_do", self._do)

    def state(self) -> Json:
        """Everything readable, as JSON data."""
        return {
            "messages": [dataclasses.asdict(m) for c in self.channels.values() for m in c.messages.values()],
            "calls": [dataclasses.asdict(call) for call in self.calls],
            "violations": [dataclasses.asdict(v) for v in self.violations],
            "deliveries": [
                {"event": d.event_type, "event_id": d.payload.get("event_id"), "attempts": d.attempts, "born": d.born,
                 "acked_after_s": d.acked_after_s, "lost": d.lost, "response": d.response}
                for d in self.deliveries
            ],
            "connections": len(self.deliverer.connections),
            "statuses": self.statuses,
            "now": time.monotonic(),
        }  # fmt: skip

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(self.state())

    async def _do(self, request: web.Request) -> web.Response:
        """Call a method of people, the deliverer or this object by name, or set attributes."""
        order = await request.json()
        for target in (self.people, self.deliverer, self):
            for key, value in order.get("set", {}).items():
                if hasattr(target, key):
                    setattr(target, key, value)
            if name := order.get("call"):
                if not hasattr(target, name):
                    continue
                result = getattr(target, name)(*map(self._local, order["args"]), **order["options"])
                result = await result if asyncio.iscoroutine(result) else result
                return web.json_response(dataclasses.asdict(result) if isinstance(result, Message) else None)
        return web.json_response(None)

    def _local(self, value: Any) -> Any:
        """A message that was handed out is named by channel and ts."""
        if isinstance(value, dict) and {"channel", "ts"} <= value.keys():
            return self.channels[value["channel"]].messages[value["ts"]]
        return value


async def _serve(port: int, rate_limits: bool, minute_s: float) -> None:
    async with ControlledSlack(port=port, rate_limits=rate_limits, minute_s=minute_s) as slack:
        print(slack.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Runs the fake Slack until it is killed; prints its API URL.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rate-limits", action="store_true")
    parser.add_argument("--minute-s", type=float, default=60.0)
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.rate_limits, options.minute_s))
