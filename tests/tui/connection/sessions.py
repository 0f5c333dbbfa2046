"""Sessions for tests: with a whole server, and alone."""

from __future__ import annotations

import json
from typing import Any

from tests.tui.told import facts
from tests.tui.world import Client, World
from tui.connection.outbox import Outbox
from tui.connection.session import Session


def texts(client: Client, room: str = "#main") -> list[str]:
    return [text for _, text in client.shown(room)]


def states(client: Client) -> list[str]:
    return [facts["state"] for facts in client.of("state")]


def in_line(world: World, *clients: Client) -> None:
    """All are online, and what they were told so far is of no interest."""
    world.settle()
    for client in clients or world.clients:
        client.told.clear()


def message(to: str, seq: int, content: str = "hi", **facts: Any) -> dict[str, Any]:
    return {
        "response": "message",
        "sender": "bob",
        "to": to,
        "seq": seq,
        "content": content,
        "at": 1000 + seq,
        **facts,
    }


class SoloClient:
    """A session without a server: the test says what it hears."""

    def __init__(self, outbox: Outbox | None = None) -> None:
        self.now = 1_000_000
        self.session = Session("alice", None, ("#main",), outbox or Outbox())

    def log_in(self) -> None:
        self.session.connected(self.now)
        hello, login = self.requests()
        welcome = {
            "response": "welcome",
            "reply_to": hello["id"],
            "content": {"limits": {"object_bytes": 65536}},
        }
        self.hear(welcome, {"response": "ok", "reply_to": login["id"], "name": "alice", "unread": 0})
        joined = {"response": "joined", "sender": "alice", "to": "#main"}
        (ping,) = self.requests("ping")
        self.hear(joined, {"response": "ok", "reply_to": ping["id"]})

    def hear(self, *objects: dict[str, Any]) -> list[dict[str, Any]]:
        data = "".join(json.dumps(one) + "\n" for one in objects).encode()
        return list(map(facts, self.session.receive(data, self.now)))

    def requests(self, name: str | None = None) -> list[dict[str, Any]]:
        """What was put out since the last time; of one kind, if one is named."""
        found = [json.loads(frame) for frame in self.session.out]
        self.session.out.clear()
        return [request for request in found if name in (None, request["request"])]

    def pass_time(self, milliseconds: int) -> None:
        self.now += milliseconds
        self.session.poll(self.now)
