"""The server as a whole: it opens, serves, takes new settings over, and ends as it was told to."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from evchat import log
from evchat.server.server import Server
from evchat.settings.errors import SettingsError
from evchat.settings.model import Config, Limits
from evchat.storage.memory import MemoryStore
from tests.server.notes import Notes

HANGS = 20.0
"""Seconds after which a wait counts as endless."""

CONFIG = Config(listen=("text://127.0.0.1:0", "json://127.0.0.1:0"), memory=True)


class Running:
    """A server whose loop a test turns, in the test's own thread."""

    def __init__(self, config: Config = CONFIG, reload: Callable[[], Config] | None = None) -> None:
        self.bugs: list[BaseException] = []
        self.server = Server(config, MemoryStore(), reload=reload, on_bug=self.bugs.append)
        self.text, self.json = [url.rpartition("/")[2] for url in self.server.open()]
        self.socks: list[socket.socket] = []

    def connect(self, where: str) -> socket.socket:
        host, _, port = where.rpartition(":")
        sock = socket.create_connection((host, int(port)), HANGS)
        self.socks.append(sock)
        return sock

    def hear(self, sock: socket.socket, word: bytes) -> bytes:
        """Turns the loop until a client has heard a word; everything that it has heard."""
        heard = b""
        sock.setblocking(False)
        while word not in heard:
            self.server.loop.run_once(0.05)
            try:
                data = sock.recv(1 << 20)
                assert data, heard
                heard += data
            except BlockingIOError:
                pass
        sock.settimeout(HANGS)
        return heard

    def close(self) -> None:
        for sock in self.socks:
            sock.close()
        if self.server.loop._watched:
            self.server._close()


@pytest.fixture
def running() -> Iterator[Running]:
    running = Running()
    yield running
    running.close()
    assert not running.bugs


def test_two_dialects_meet(running: Running) -> None:
    alice, bob = running.connect(running.text), running.connect(running.json)
    alice.sendall(b"alice\n")
    running.hear(alice, b"Hello alice")
    bob.sendall(b'{"request": "login", "content": "bob"}\n')
    running.hear(alice, b"bob")
    alice.sendall(b"good morning\n")
    heard = running.hear(bob, b"good morning")
    assert "good morning" in [json.loads(line).get("content") for line in heard.splitlines()]


def test_stop_tells_everyone_and_ends_when_they_have_heard_it(running: Running, notes: Notes) -> None:
    alice = running.connect(running.text)
    alice.sendall(b"alice\n")
    running.hear(alice, b"Hello alice")
    running.server.loop.call_soon(lambda: running.server.stop("Good night."))
    running.server.loop.call_soon(lambda: running.server.stop("Again."))
    assert running.server.run() == 0
    heard = b""
    while data := alice.recv(4096):
        heard += data
    assert b"Good night." in heard and b"Again." not in heard
    with pytest.raises(ConnectionRefusedError):
        running.connect(running.text)
    assert [record.event for record in notes.records][-2:] == ["stopping", "stopped"]


def test_an_address_that_is_taken_is_an_error(running: Running) -> None:
    other = Server(replace(CONFIG, listen=(f"text://{running.text}",)), MemoryStore())
    with pytest.raises(OSError, match="in use"):
        other.open()
    other._close()


def test_new_settings_hold_for_clients_that_are_there_and_the_fixed_ones_are_named(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "_quotas", log._quotas)  # which new settings replace: put back at the end
    changed = replace(CONFIG, listen=("text://127.0.0.1:1",), limits=Limits(output_hard=12_345), motd="News.")
    running = Running(reload=lambda: changed)
    alice = running.connect(running.text)
    alice.sendall(b"alice\n")
    running.hear(alice, b"Hello alice")
    running.server._reload_config()
    (client,) = running.server.front.clients.values()
    assert client.connection.limits.hard == 12_345
    assert notes.facts("takes effect only when the server is started again") == [{"setting": "listen"}]
    running.close()
    assert not running.bugs


def test_settings_that_are_wrong_change_nothing(notes: Notes) -> None:
    def reload() -> Config:
        raise SettingsError("listen: Use, for example, tcp://127.0.0.1:9998.")

    running = Running(reload=reload)
    running.server._reload_config()
    assert running.server._config is CONFIG
    assert notes.facts("settings not reloaded") == [
        {"reason": "listen: Use, for example, tcp://127.0.0.1:9998."}
    ]
    running.close()
    assert not running.bugs


def test_a_server_without_limits_says_so(notes: Notes) -> None:
    running = Running(replace(CONFIG, insecure_no_limits=True))
    running.server.stop("Good night.")
    assert running.server.run() == 0
    assert "rate limits and address limits are off" in [record.event for record in notes.records]
