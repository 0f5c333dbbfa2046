"""A model with rooms, people and messages, made as the server and a user would, and small helpers to drive it."""

from __future__ import annotations

from typing import Any

from tests.tui.told import events
from tui.model.effects import Effect
from tui.model.inputs import Focus, Heard, Input, Key, Paste, Resized
from tui.model.model import Model
from tui.terminal.frame import Frame
from tui.update.update import update
from tui.view.view import view

START = 1_795_256_040_000
"""10:14 in UTC on Saturday, 21 November 2026."""
MINUTE = 60_000


class Scene:
    """A client without a terminal or a server: what it asks for is kept in `effects`."""

    def __init__(self, user: str = "alice", columns: int = 120, rows: int = 40) -> None:
        self.model = Model(user, "localhost")
        self.now = START
        self.effects: list[Effect] = []
        self.latency_ms: int | None = None
        self.take(Resized(columns, rows))

    def take(self, event: Input) -> list[Effect]:
        done = update(self.model, event, self.now)
        self.effects += done
        return done

    def hear(self, *objects: dict[str, Any]) -> list[Effect]:
        if any(facts.get("response") == "state" and facts.get("state") != "online" for facts in objects):
            self.latency_ms = None
        heard = events(*({"at": self.now, "sender": "server", **facts} for facts in objects))
        return self.take(Heard(heard, self.latency_ms))

    def online(self) -> None:
        self.latency_ms = 12
        self.hear({"response": "state", "state": "online", "reason": ""})

    def join(self, channel: str, *people: str, topic: str = "", seq: int = 0, read: int = 0) -> None:
        self.hear(
            {
                "response": "joined", "sender": self.model.user, "to": channel, "current": channel == "#main",
                "seq": seq, "read": read,
            },
            {"response": "topic", "to": channel, "content": topic, "set_at": 0},
            {
                "response": "names", "to": channel, "content": [self.model.user, *people],
                "users": len(people) + 1, "seq": seq, "read": read,
            },
        )  # fmt: skip

    def says(
        self, sender: str, text: str, to: str = "#main", seq: int | None = None, **facts: Any
    ) -> list[Effect]:
        room = self.model.rooms.get(sender.lower() if to == self.model.user else to.lower())
        number = (room.log.last_seq if room else 0) + 1 if seq is None else seq
        return self.hear(
            {"response": "message", "sender": sender, "to": to, "seq": number, "content": text, **facts}
        )

    def press(self, *names: str) -> list[Effect]:
        done: list[Effect] = []
        for name in names:
            done += self.take(Key(name, name if len(name) == 1 else " " if name == "space" else ""))
        return done

    def type(self, text: str) -> None:
        for char in text:
            self.press("space" if char == " " else char)

    def line(self, text: str) -> list[Effect]:
        self.type(text)
        return self.press("enter")

    def paste(self, text: str) -> None:
        self.take(Paste(text))

    def sent(self, id: str, seq: int, **facts: Any) -> None:
        room = next(room for room in self.model.rooms.values() if id in room.pending)
        self.hear({"response": "sent", "id": id, "room": room.name, "state": "sent", "seq": seq, **facts})

    def resize(self, columns: int, rows: int) -> None:
        self.take(Resized(columns, rows))

    def frame(self) -> Frame:
        return view(self.model)

    def screen(self) -> str:
        """The screen as a person sees it, without the spaces at the ends of the rows."""
        return "\n".join(line.rstrip() for line in self.frame().lines())


def morning(columns: int = 120, rows: int = 40) -> Scene:
    """Three rooms on a morning, with something of everything."""
    scene = Scene(columns=columns, rows=rows)
    scene.online()
    scene.join("#main", "bob", "carol", topic="Welcome, be kind", seq=2, read=2)
    scene.join("#ops", "bob", seq=0)
    scene.hear({"response": "presence", "sender": "carol", "away": "lunch"})
    scene.says("bob", "did anyone see the build?")
    scene.now += MINUTE
    scene.line("yes: https://example.org/build/4711")
    scene.sent("line-1", 2)
    scene.take(Focus(False))
    scene.now += MINUTE
    scene.says("carol", "alice: looks green to me")
    scene.says("carol", "ping", to="alice")
    scene.says("bob", "deploying", to="#ops")
    scene.says("bob", "done", to="#ops")
    scene.take(Focus(True))
    return scene
