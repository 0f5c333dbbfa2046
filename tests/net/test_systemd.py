"""What systemd hands over and is told, with real descriptors and a real notify socket."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from evchat.net.listener import ListenError
from evchat.net.systemd import Notifier, take_sockets

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs UNIX sockets")

HANGS = 20.0


def manager(path: str) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.bind(path)
    sock.settimeout(HANGS)
    return sock


@pytest.mark.parametrize("abstract", [False, True])
def test_what_is_told_arrives_as_one_datagram_of_assignments(tmp_path: Path, abstract: bool) -> None:
    if abstract and sys.platform != "linux":
        pytest.skip("only Linux has abstract names")
    name = f"evchat-test-{os.getpid()}"
    address = f"@{name}" if abstract else str(tmp_path / "notify")
    with manager(f"\0{name}" if abstract else address) as sock:
        Notifier({"NOTIFY_SOCKET": address}).tell("READY=1", "STATUS=all is well")
        assert sock.recv(4096) == b"READY=1\nSTATUS=all is well"


def test_the_variables_are_taken_so_that_no_child_speaks_in_this_name() -> None:
    environ = {
        "NOTIFY_SOCKET": "/nowhere",
        "WATCHDOG_USEC": "5000000",
        "WATCHDOG_PID": str(os.getpid()),
        "X": "1",
    }
    assert Notifier(environ).patience == 5.0
    assert environ == {"X": "1"}


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"WATCHDOG_USEC": "5000000"},
        {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "5000000", "WATCHDOG_PID": "1"},
        {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "soon"},
    ],
)
def test_who_watches_somebody_else_or_nobody_gets_no_signs_of_life(environ: dict[str, str]) -> None:
    assert Notifier(environ).patience == 0.0


def test_a_manager_that_is_not_there_or_does_not_read_holds_nothing_up(tmp_path: Path) -> None:
    Notifier({}).tell("READY=1")
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "absent")}).tell("READY=1")
    path = str(tmp_path / "deaf")
    with manager(path):
        notifier = Notifier({"NOTIFY_SOCKET": path})
        for _ in range(2000):
            notifier.tell("STATUS=" + "x" * 1000)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"LISTEN_FDS": "1"},
        {"LISTEN_PID": "1", "LISTEN_FDS": "1"},
        {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "0"},
    ],
)
def test_without_sockets_for_this_process_it_says_what_to_start(environ: dict[str, str]) -> None:
    with pytest.raises(ListenError, match="evchat.socket"):
        take_sockets(environ)
    assert not environ


def handed_over(*socks: socket.socket, names: str, script: str) -> str:
    """What a script prints to which these sockets were handed over as systemd does it."""

    def as_systemd_does() -> None:
        copies = [os.dup(sock.fileno()) for sock in socks]
        for number, copy in enumerate(copies):
            os.dup2(copy, 3 + number)

    # The pid is known in the child only, so the child is a shell that says it and becomes Python.
    shell = 'LISTEN_PID=$$ exec "$0" -c "$1"'
    environ = {**os.environ, "LISTEN_FDS": str(len(socks)), "LISTEN_FDNAMES": names}
    return subprocess.run(
        ["/bin/sh", "-c", shell, sys.executable, textwrap.dedent(script)],
        env=environ, preexec_fn=as_systemd_does, close_fds=False, capture_output=True, text=True, check=True,
        timeout=HANGS,
    ).stdout  # fmt: skip


def test_sockets_come_in_order_with_their_names_and_are_not_inherited_further(tmp_path: Path) -> None:
    path = str(tmp_path / "chat")
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as unix,
    ):
        unix.bind(path)
        unix.listen()
        heard = handed_over(tcp, unix, names="irc:", script="""
            import os
            from evchat.net.systemd import take_sockets
            for name, sock in take_sockets(os.environ):
                print(repr(name), sock.getsockname(), sock.get_inheritable())
            print(sorted(name for name in os.environ if name.startswith("LISTEN_")))
        """)  # fmt: skip
        assert heard.splitlines() == [f"'irc' {tcp.getsockname()} False", f"'' {path} False", "[]"]


def test_a_socket_that_does_not_listen_is_refused_with_the_line_to_mend() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        heard = handed_over(theirs, names="tcp", script="""
            import os
            from evchat.net.systemd import take_sockets
            try:
                take_sockets(os.environ)
            except OSError as error:
                print(error)
        """)  # fmt: skip
    assert "ListenStream=" in heard
