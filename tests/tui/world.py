"""A server made of the real core and dialect, and clients made of real sessions and outboxes: all but the sockets."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from evchat.core import records as rec
from evchat.dialects.json.dialect import JsonDialect
from evchat.protocol.messages import Message
from tests.core.playbook import START, Disk, Playbook
from tests.tui import told
from tui.connection.outbox import Outbox
from tui.connection.session import Session
from tui.model.server_events import ServerEvent
from tui.model.session_events import FAILED, ONLINE, QUEUED

Object = dict[str, Any]


class Client:
    """Somebody's client: a session, its outbox on disk, and what its screen was told."""

    def __init__(
        self, world: World, user: str, directory: Path, channels: tuple[str, ...], password: str | None
    ) -> None:
        self.world = world
        self.user = user
        self.directory = directory
        self.outbox = Outbox(str(directory))
        self.session = Session(user, password, channels, self.outbox, world.rules.get("password"))
        self.told: list[Object] = []
        self.link: Link | None = None

    def note(self, events: list[ServerEvent]) -> None:
        self.told += map(told.facts, events)

    def shown(self, room: str) -> list[tuple[int, str]]:
        """Number and text of all that a screen shows as said in a room, in the order in which it came."""
        texts = {line.id: line.text for line in self.world.lines}
        found = []
        for facts in self.told:
            if facts.get("room") != room:
                continue
            if facts["response"] == "message":
                found.append((facts["seq"], facts["content"]))
            elif facts["response"] == "sent" and facts["state"] == "sent":
                found.append((facts["seq"], texts[facts["id"]]))
        return found

    def of(self, response: str) -> list[Object]:
        return [facts for facts in self.told if facts["response"] == response]


class Link:
    """A connection: bytes under way in either direction."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.dialect = JsonDialect()
        self.up = b""
        self.down = b""


class Line:
    """What somebody said, to be found again."""

    def __init__(self, id: str, room: str, text: str) -> None:
        self.id = id
        self.room = room
        self.text = text


class World:
    """One server and its clients. Nothing happens by itself."""

    def __init__(self, directory: Path, **rules: Any) -> None:
        self.directory = directory
        self.disk = Disk()
        self.rules = rules
        self.book = Playbook(disk=self.disk, **rules)
        self.clients: list[Client] = []
        self.lines: list[Line] = []
        self._made = 0

    @property
    def now(self) -> int:
        return self.book.now

    # ---- people -----------------------------------------------------------------------------------------------

    def client(
        self, user: str, *channels: str, password: str | None = None, directory: Path | None = None
    ) -> Client:
        self._made += 1
        place = directory or self.directory / f"{user}-{self._made}"
        client = Client(self, user, place, channels or ("#main",), password)
        self.clients.append(client)
        return client

    def kill(self, client: Client) -> Client:
        """Kill -9 of a client: what is left is what is on disk. Returns the next one, which finds it."""
        self.break_(client)
        self._made += 1
        place = self.directory / f"{client.user}-{self._made}"
        if client.directory.exists():
            # A copy, because the lock on the files goes only with the process, which is ours.
            shutil.copytree(client.directory, place)
        self.clients.remove(client)
        channels = tuple(client.session._channels.wanted.values())
        return self.client(client.user, *channels, password=client.session.password, directory=place)

    def restart(self, *, forgetful: bool = False) -> None:
        """Kill -9 of the server: what was not committed is gone; all, if it keeps nothing."""
        for client in self.clients:
            self.break_(client, told=False)
        now = self.now
        if forgetful:
            self.disk = Disk()
        self.disk.fail_to_commit()
        self.book = Playbook(disk=self.disk, **self.rules)
        self.book.now = now + 1000

    def say(self, client: Client, room: str, text: str, *, action: bool = False) -> str:
        id = client.session.say(room, text, self.now, action)
        self.lines.append(Line(id, room, text))
        return id

    # ---- connections ------------------------------------------------------------------------------------------

    def connect(self, client: Client) -> None:
        if client.link is None:
            self._made += 1
            client.link = Link(f"{client.user}/{self._made}")
            self.book.connect(client.link.name)
            client.session.connected(self.now)

    def break_(self, client: Client, *, told: bool = True) -> None:
        """The connection breaks: what was under way is lost. `told`: the server notices."""
        if client.link is not None:
            if told and self.book.sid(client.link.name) in self.book.chat.state.sessions:
                self.book.lose(client.link.name)
            client.link = None
            client.session.lost(self.now, "The connection was broken.")
        client.note(client.session.poll(self.now))

    def up(self, client: Client, size: int | None = None) -> None:
        """So many bytes from a client reach the server, which decides; all, if nothing is said."""
        link = client.link
        if link is None:
            return
        link.up += b"".join(client.session.out)
        client.session.out.clear()
        size = len(link.up) if size is None else size
        data, link.up = link.up[:size], link.up[size:]
        for request in link.dialect.receive(data):
            if self.book.sid(link.name) in self.book.chat.state.sessions:
                self.book.decide(link.name, request)

    def commit(self, *, fails: bool = False) -> None:
        """The server ends its pass: what was decided is told, or could not be kept."""
        self.book.commit(fails=fails)
        for client in self.clients:
            if client.link is not None:
                for event in self.book.hears(client.link.name):
                    client.link.down += client.link.dialect.encode(event)

    def down(self, client: Client, size: int | None = None) -> None:
        """So many bytes from the server reach a client."""
        link = client.link
        if link is not None and link.down:
            size = len(link.down) if size is None else size
            data, link.down = link.down[:size], link.down[size:]
            client.note(client.session.receive(data, self.now))

    def pass_time(self, milliseconds: int) -> None:
        self.book.decide_tick(milliseconds)
        for client in self.clients:
            client.note(client.session.poll(self.now))

    def settle(self) -> None:
        """Everybody is connected, and everything that is under way arrives, and nothing is left to do."""
        self.pass_time(0)
        for _ in range(200):
            for client in self.clients:
                self.connect(client)
                self.up(client)
            self.commit()
            for client in self.clients:
                self.down(client)
            if not any(client.session.out for client in self.clients):
                if all(
                    client.session.state == ONLINE
                    and not any(line.state == QUEUED for line in client.session.pending())
                    for client in self.clients
                ):
                    return
                self.pass_time(1_000)
        raise AssertionError("it goes on and on")

    # ---- the truth --------------------------------------------------------------------------------------------

    def said(self, conversation: str) -> list[Message]:
        """What the server keeps of a conversation, oldest first."""
        found = self.disk.fetch(rec.HistoryOf(conversation, "", 100_000, None, 0))
        return list(found)


def world_start() -> int:
    """When every world begins."""
    return START


__all__ = ["FAILED", "QUEUED", "Client", "World", "world_start"]
