"""One user at two devices: what is read at one is read at the other, now and after a new start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ptyscreen import Program
from tests.e2e.harness import Full, Server
from tests.tui.clients import Clients


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Server]:
    """A server that keeps what it hears."""
    started = Server("--data", str(tmp_path / "data"), "--insecure-no-limits")
    yield started
    started.stop()


def device(clients: Clients, server: Server, name: str) -> Program:
    """Alice at a device of hers, which has a home of its own."""
    argv = clients.argv(server, "alice", "--channel", "#main", "--channel", "#ops")
    program = clients.run(argv, name, 100, 24, EVCHAT_TUI_PASSWORD="secret")
    program.see("● connected")
    program.see("#ops")
    return program


def test_reading_at_one_device_is_reading_at_the_other(kept: Server, clients: Clients) -> None:
    alice = Full(kept.connect(), "alice")
    alice.request("register", password="secret")
    alice.request("quit")
    bob = Full(kept.connect(), "bob")
    bob.request("join", "#ops")
    desk, phone = device(clients, kept, "desk"), device(clients, kept, "phone")
    for number in range(3):
        bob.request("msg", f"ops {number}", to="#ops")
    bob.request("msg", "psst", to="alice")
    for program in (desk, phone):
        program.see(r"#ops +3")
        program.see(r"bob +!")
    desk.line("/query bob")
    desk.see(r"bob +psst")
    phone.miss(r"bob +!")
    phone.see(r"#ops +3")
    desk.press("alt-2")
    desk.see(r"bob +ops 2")
    phone.miss(r"#ops +3")
    # A new start finds nothing unread, and what comes then is.
    phone.press("ctrl-q")
    assert phone.ended() == 0
    phone = device(clients, kept, "phone")
    phone.see(r"\d bob ")
    phone.miss(r"#ops +\d")
    phone.miss(r"bob +!")
    desk.press("alt-1")
    desk.see(r"\[alice\] 1:#main")
    bob.request("msg", "later", to="#ops")
    phone.see(r"#ops +1")
    desk.see(r"#ops +1")


def test_what_is_read_as_it_comes_is_told_without_a_key(kept: Server, clients: Clients) -> None:
    alice = Full(kept.connect(), "alice")
    alice.request("register", password="secret")
    bob = Full(kept.connect(), "bob")
    desk = device(clients, kept, "desk")
    bob.request("msg", "hello")
    desk.see(r"bob +hello")
    assert alice.event("read")["seq"] == 1


def test_what_came_while_nobody_was_there_is_counted_and_stays_until_it_is_seen(
    kept: Server, clients: Clients
) -> None:
    Full(kept.connect(), "alice").request("quit")
    bob = Full(kept.connect(), "bob")
    for number in range(2):
        bob.request("msg", f"direct {number}", to="alice")
    for _ in range(2):
        alice = clients.online(kept)
        alice.see(r"New for you: bob \(2\)")
        alice.see(r"bob +!2")
        alice.press("ctrl-q")
        alice.ended()
    alice = clients.online(kept)
    alice.press("alt-2")
    alice.see("direct 1")
    alice.press("ctrl-q")
    alice.ended()
    again = clients.online(kept)
    again.see(r"\d bob ")
    again.miss(r"bob +!")
    assert Full(kept.connect(), "eve").request("ping")["response"] == "ok"
