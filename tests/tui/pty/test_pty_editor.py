"""The user's editor has the terminal for as long as it likes, and the conversation with the server goes on."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ptyscreen import Program
from tests.e2e.harness import Full, Person, Server
from tests.tui.clients import Clients
from tests.tui.relay import Relay

EDITOR = """\
#!{python}
import os, sys
print("editing " + open(sys.argv[1]).read(), flush=True)
os.system("stty raw -echo") if {raw} else None
saved = open({saves!r}).read()
if saved:
    open(sys.argv[1], "w").write(saved)
open({ends!r}).read()
"""


class Editor:
    """An editor that saves what it is told to, and ends when it is told to."""

    def __init__(self, directory: Path, *, raw: bool = False) -> None:
        self._saves, self._ends = directory / "saves", directory / "ends"
        os.mkfifo(self._saves)
        os.mkfifo(self._ends)
        self.path = directory / "editor"
        text = EDITOR.format(python=sys.executable, saves=str(self._saves), ends=str(self._ends), raw=raw)
        self.path.write_text(text, "utf-8")
        self.path.chmod(0o755)

    def save(self, text: str) -> None:
        self._saves.write_text(text, "utf-8")

    def end(self) -> None:
        self._ends.write_text("", "utf-8")


@pytest.fixture
def pinging(tmp_path: Path) -> Iterator[Server]:
    """A server that asks every second whether one is still there."""
    config = tmp_path / "evchat.toml"
    config.write_text("[limits]\nping_after = 1\ndead_after = 20\nabsent_for = 0\n", "utf-8")
    server = Server("--memory", "--config", str(config), "--insecure-no-limits")
    yield server
    server.stop()


def edit(clients: Clients, server: Server | str, editor: Editor) -> Program:
    """A client whose user has begun to edit a draft."""
    alice = clients.start(server, "alice", EDITOR=str(editor.path))
    alice.see("● connected")
    alice.type("draft")
    alice.see("> draft")
    alice.press("ctrl-x")
    alice.see("editing draft")
    return alice


def test_the_server_s_pings_are_answered_while_one_edits(
    pinging: Server, clients: Clients, tmp_path: Path
) -> None:
    editor = Editor(tmp_path)
    with closing(Relay(pinging.where)) as relay:
        alice = edit(clients, "tcp://{}:{}".format(*relay.where), editor)
        bob = Person(pinging.connect())  # netcat is not pinged, so however slow this test is, bob stays
        bob.login("bob")
        relay.hear(b'"pong"', 2)
        editor.save("the text")
        editor.end()
        alice.see("> the text")
        alice.press("enter")
        assert "the text" in bob.line(lambda line: "alice" in line)  # so she never left


def test_a_server_that_is_started_again_meanwhile_is_found_again(clients: Clients, tmp_path: Path) -> None:
    arguments = ("--data", str(tmp_path / "data"), "--insecure-no-limits")
    first = Server(*arguments)
    editor = Editor(tmp_path)
    alice = edit(clients, first, editor)
    first.kill()
    port = first.urls[0].rpartition(":")[2]
    second = Server(*arguments, listen=(f"tcp://127.0.0.1:{port}",))
    bob = Full(second.connect(), "bob")
    bob.event("joined", sender="alice")
    editor.save("hello again")
    editor.end()
    alice.see("> hello again")
    alice.press("enter")
    assert bob.event("message")["content"] == "hello again"
    second.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_both_and_what_was_saved_is_the_draft(
    server: Server, clients: Clients, tmp_path: Path, number: signal.Signals
) -> None:
    editor = Editor(tmp_path, raw=True)
    alice = edit(clients, server, editor)
    editor.save("what was saved")
    alice.kill(number)
    assert alice.ended() == 128 + number
    assert alice.left_on() == set()
    assert alice.echoes()
    again = clients.online(server)
    again.see("> what was saved|> draft")


def test_ctrl_c_is_the_editor_s(server: Server, clients: Clients, friend: Full, tmp_path: Path) -> None:
    editor = Editor(tmp_path)
    alice = edit(clients, server, editor)
    alice.press("ctrl-c")
    alice.see("> draft")
    alice.see("editor ended wi")
    alice.press("enter")
    assert friend.event("message")["content"] == "draft"
