"""The server on this machine is found, and started if there is none."""

from __future__ import annotations

import os
import signal
import socket
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
