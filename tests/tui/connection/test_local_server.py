"""The server on this machine is found, and started if there is none."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from evchat.settings.address import Address
from tui.connection import local_server

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends programs by signals")


def test_what_listens_runs_and_what_does_not_does_not() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    address = Address("127.0.0.1", listener.getsockname()[1])
    assert local_server.runs(address)
    listener.close()
    assert not local_server.runs(address)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it stays when we go
def test_one_that_is_started_listens_and_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    address = Address("127.0.0.1", listener.getsockname()[1])
    environ = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)}
    log = tmp_path / "state" / "server.log"
    pid, problem = local_server.start(address, str(log), environ)
    assert pid == 0 and str(log) in problem and log.read_bytes()
    listener.close()
    pid, problem = local_server.start(address, str(log), environ)
    try:
        assert problem == "" and local_server.runs(address)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_one_that_others_use_goes_on_and_one_that_nobody_uses_does_not() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True) as server:
        assert local_server.goes_on(server.pid, 0.1)
        assert server.stdin is not None
        server.stdin.close()
        assert not local_server.goes_on(server.pid, 30)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_it_ends_when_the_last_client_has_left(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = Address("127.0.0.1", free.getsockname()[1])
    environ = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)}
    pid, problem = local_server.start(address, str(tmp_path / "server.log"), environ)
    assert problem == ""
    with socket.create_connection((address.host, address.port)):
        socket.create_connection((address.host, address.port)).close()
        assert local_server.goes_on(pid, 0.7), "as long as one is there"
    assert not local_server.goes_on(pid, 30)
    assert "Everyone has left." in (tmp_path / "server.log").read_text()
