"""Settings changed in the running client, and what comes of them."""

from __future__ import annotations

import sys
from pathlib import Path

from ptyscreen import Program
from tests.e2e.harness import Full, Server
from tests.tui.clients import Clients


def test_what_is_said_is_logged_from_when_it_is_wanted_and_settings_are_saved(
    server: Server, clients: Clients, friend: Full, tmp_path: Path
) -> None:
    alice = clients.online(server)
    alice.line(f"/set log_directory {tmp_path}/logs")
    alice.see("log_directory = ")
    alice.line("/set log on")
    alice.see("log = on")
    alice.line("/alias w /me waves at $1")
    alice.see("/w stands for")
    alice.line("/w bob")
    alice.see(r"alice waves at bob ✓")
    friend.request("msg", "hello", to="#main")
    alice.see("bob +hello")
    alice.line("/save")
    alice.see("Settings saved")
    alice.line("/quit")
    assert alice.ended() == 0
    (log,) = (tmp_path / "logs").glob("*/#main.log")
    text = log.read_text()
    assert "* alice waves at bob\n" in text
    assert "<bob> hello\n" in text
    again = clients.online(server)
    again.line("/set log")
    again.see("log = on")
    again.line("/w bob")
    again.see(r"alice waves at bob ✓")
    again.line("/quit")
    assert again.ended() == 0
    assert log.read_text().count("<bob> hello\n") == 1
    assert log.read_text().count("* alice waves at bob\n") == 2


def test_whoever_has_changed_the_name_comes_back_under_it_to_where_they_were(
    server: Server, clients: Clients
) -> None:
    def start() -> Program:
        argv = [sys.executable, "-m", "tui", "{}:{}".format(*server.where)]
        program = clients.run(argv, "alice", LOGNAME="alice")
        program.see("● connected")
        return program

    first = start()
    first.line("/join #dev")
    first.see(r"\d:#dev")
    first.line("/nick alice2")
    first.see(r"\[alice2\]")
    first.line("/quit")
    assert first.ended() == 0
    again = start()
    again.see(r"\[alice2\]")
    again.see("[23] +#dev")
    again.line("/quit")
    assert again.ended() == 0
    named = clients.online(server, "alice")
    named.see(r"\[alice\]")
    named.see("[23] +#dev")
    named.line("/quit")
    assert named.ended() == 0
