"""Whatever happens, nothing that was typed is lost, and the terminal is as it was."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.e2e.harness import Full, Server
from tests.tui.clients import Clients
from tests.waiting import until_files

READLINE = {"2004"}
"""Modes that the shell itself switches on."""


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGABRT, signal.SIGUSR1, signal.SIGUSR2,
        signal.SIGALRM, signal.SIGXCPU,
    ],
)  # fmt: skip
def test_a_signal_ends_it_and_the_terminal_is_as_before(
    server: Server, clients: Clients, number: signal.Signals
) -> None:
    alice = clients.online(server)
    alice.kill(number)
    assert alice.ended() == 128 + number
    assert alice.left_on() == set()
    assert alice.echoes()
    assert alice.modes["25"] and alice.modes["7"]


def test_a_bug_ends_it_and_the_terminal_is_as_before(server: Server, clients: Clients) -> None:
    code = (
        "import sys, tui.app; from tui.cli import main\n"
        "def broken(*arguments): raise RuntimeError('on ' + 'purpose')\n"
        "real = tui.app.update\n"
        "tui.app.update = lambda model, event, now: broken() if getattr(event, 'name', '') == '!' "
        "else real(model, event, now)\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    argv = [sys.executable, "-c", code, "{}:{}".format(*server.where), "--user", "alice"]
    alice = clients.run(argv, "alice")
    alice.see("● connected")
    alice.type("half a line")
    alice.see("half a line")
    alice.type("!")
    assert alice.ended() != 0
    assert alice.left_on() == set()
    assert alice.echoes()
    assert "on purpose" in alice.text()
    report = next((clients.home / "alice").rglob("crash-*.txt")).read_text("utf-8")
    assert "RuntimeError" in report and "Key enter" not in report and "Heard State" in report
    assert "half" not in report and "on purpose" not in report
    again = clients.online(server)
    again.see("> half a line")


def test_it_stops_and_goes_on_like_any_program(server: Server, clients: Clients) -> None:
    shell = clients.run(["bash", "--norc", "--noprofile", "-i"], "alice", PS1="shell$ ")
    shell.see(r"shell\$")
    command = " ".join(clients.argv(server, "alice"))
    shell.line(command)
    shell.see("● connected")
    shell.type("kept")
    shell.see("> kept")
    shell.press("ctrl-z")
    shell.see("Stopped")
    assert shell.left_on() <= READLINE
    shell.line("echo in $((20 + 3))")
    shell.see("in 23")
    shell.line("fg")
    shell.until(lambda: shell.modes["1049"], "the screen again")
    shell.see("> kept")
    shell.type(" and more")
    shell.see("> kept and more")
    shell.press("ctrl-q")
    shell.until(lambda: not shell.modes["1049"], "the shell again")
    assert shell.left_on() <= READLINE


def test_what_is_typed_without_a_server_is_sent_when_it_is_back(tmp_path: Path, clients: Clients) -> None:
    first = Server("--data", str(tmp_path / "data"), "--insecure-no-limits")
    where = "tcp://{}:{}".format(*first.where)
    alice = clients.online(first)
    alice.line("before")
    alice.see("before ✓")
    first.kill()
    alice.see("offline")
    alice.line("one")
    alice.line("two")
    alice.see(r"two …")
    alice.see("2 to send")
    second = Server("--data", str(tmp_path / "data"), "--insecure-no-limits", listen=(where,))
    try:
        alice.press("focus-in")
        alice.see("● connected")
        alice.see("one ✓")
        alice.see("two ✓")
        bob = Full(second.connect(), "bob")
        said = bob.request("history", to="#main")["content"]
        assert [message["content"] for message in said] == ["before", "one", "two"]
    finally:
        second.stop()


def test_what_is_typed_survives_the_death_of_the_client(tmp_path: Path, clients: Clients) -> None:
    first = Server("--data", str(tmp_path / "data"), "--insecure-no-limits")
    where = "tcp://{}:{}".format(*first.where)
    alice = clients.online(first)
    first.kill()
    alice.see("offline")
    alice.line("written in the dark")
    alice.see("in the dark …")
    alice.kill(signal.SIGKILL)
    assert alice.ended() == -signal.SIGKILL
    second = Server("--data", str(tmp_path / "data"), "--insecure-no-limits", listen=(where,))
    try:
        again = clients.online(second)
        again.see("in the dark ✓")
        bob = Full(second.connect(), "bob")
        said = bob.request("history", to="#main")["content"]
        assert [message["content"] for message in said] == ["written in the dark"]
    finally:
        second.stop()


def test_a_name_that_is_taken_can_be_changed(server: Server, clients: Clients, friend: Full) -> None:
    alice = clients.start(server, "bob")
    alice.see("waiting for a name")
    alice.see("Your name: bob2")
    alice.line("robert")
    alice.see("● connected")
    alice.see(r"\[robert\] 1:#main")


def test_a_terminal_that_is_gone_ends_it(server: Server, clients: Clients) -> None:
    alice = clients.online(server)
    os.close(alice.fd)
    alice.fd = os.open(os.devnull, os.O_RDWR)
    _, status = os.waitpid(alice.pid, 0)
    alice.code = os.waitstatus_to_exitcode(status)
    assert alice.code in (0, 128 + signal.SIGHUP)


def test_an_idle_client_uses_no_time(server: Server, clients: Clients) -> None:
    alice = clients.online(server)
    alice.line("hello")
    alice.see("hello ✓")
    before = -1
    for _ in range(20):  # until all is done that a line brings with it, such as drafts and what is read
        alice.read(1.2)
        if before == _switches(alice.pid):
            break
        before = _switches(alice.pid)
    before = _switches(alice.pid)
    for _ in range(20):
        alice.read(0.05)
    assert _switches(alice.pid) - before <= 1


def _switches(pid: int) -> int:
    """How often a process has waited for something: it does once for each time it wakes."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        pytest.skip("this system does not tell how often a process wakes")
    return int(status.read_text().partition("\nvoluntary_ctxt_switches:")[2].split()[0])


def test_a_host_that_can_not_exist_is_an_error_and_no_screen_to_look_at(clients: Clients) -> None:
    alice = clients.start("x" * 64 + ".example")
    assert alice.ended() == 1
    assert b"was not found. Is the name right?" in alice.raw
    assert alice.left_on() == set()


def test_a_server_that_never_answers_is_told_soon(clients: Clients) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        alice = clients.start(f"127.0.0.1:{silent.getsockname()[1]}")
        alice.see("no answer yet")
        alice.press("ctrl-q")
        assert alice.ended() == 0


@pytest.mark.parametrize("end", ["hangup", "quit"])
def test_a_server_that_the_client_has_started_ends_when_the_client_is_gone(
    clients: Clients, end: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    code = (
        "import os, sys; from tui import cli; from tui.settings import Settings\n"
        "values = {'server': sys.argv[1], 'user': 'alice'}\n"
        "cli._settings = lambda given: Settings(values, os.environ, chosen=False)\n"
        "sys.exit(cli.main([]))"
    )
    alice = clients.run([sys.executable, "-c", code, address], "alice")
    alice.see("Start one here")
    alice.line("y")
    alice.see("● connected")
    if end == "hangup":
        alice.kill(signal.SIGHUP)
    else:
        alice.press("ctrl-q")
    alice.ended()
    (log,) = (clients.home / "alice").rglob("server.log")
    until_files(lambda: "stopped" in log.read_text(), log.parent, "the server has ended")
    assert "Everyone has left." in log.read_text()
