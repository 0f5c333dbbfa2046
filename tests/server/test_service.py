"""The server as a service: signs of life come as long as passes end and the disk answers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from evchat.net.loop import Loop
from evchat.net.systemd import Notifier
from evchat.server.service import Service

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs UNIX sockets")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Watching:
    """A service under a manager that waits 20 s for signs of life, in a time that the test moves."""

    def __init__(self, path: str) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind(path)
        self.sock.setblocking(False)
        self.clock = Clock()
        self.loop = Loop(clock=self.clock)
        self.commit_began = 0.0
        notifier = Notifier({"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "20000000"})
        self.service = Service(self.loop, notifier, lambda: self.commit_began)

    def heard(self) -> list[str]:
        told = []
        while True:
            try:
                told.append(self.sock.recv(4096).decode())
            except BlockingIOError:
                return told

    def after(self, seconds: float) -> list[str]:
        """What is told in a pass so much later."""
        self.clock.now += seconds
        self.loop.run_once(0)
        return self.heard()


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    watching = Watching(str(tmp_path / "notify"))
    yield watching
    watching.loop.close()
    watching.sock.close()


def test_it_is_ready_once_and_then_alive_twice_as_often_as_asked(watching: Watching) -> None:
    watching.service.ready("evchat")
    assert watching.heard() == ["READY=1\nSTATUS=evchat", "WATCHDOG=1"]
    assert watching.after(9.0) == []
    assert watching.after(1.5) == ["WATCHDOG=1"]
    assert watching.after(10.5) == ["WATCHDOG=1"]


def test_a_commit_that_does_not_end_is_no_life_and_one_after_another_is(watching: Watching) -> None:
    watching.service.ready("evchat")
    watching.heard()
    watching.commit_began = 5.0
    assert watching.after(10.5) == ["WATCHDOG=1"]
    assert watching.after(10.5) == []
    assert watching.after(10.5) == []
    watching.commit_began = watching.clock.now
    assert watching.after(10.0) == []
    watching.commit_began = watching.clock.now
    assert watching.after(9.5) == []
    watching.commit_began = 0.0
    assert watching.after(10.5) == ["WATCHDOG=1"]


def test_reloading_and_stopping_are_told(watching: Watching) -> None:
    watching.service.reloading()
    watching.service.reloaded()
    watching.service.stopping()
    reloading, reloaded, stopping = watching.heard()
    assert reloading.startswith("RELOADING=1\nMONOTONIC_USEC=") and reloading[-1].isdecimal()
    assert (reloaded, stopping) == ("READY=1", "STOPPING=1")
