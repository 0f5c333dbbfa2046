"""What the system tells about its network."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tui.connection import network

CHANGE = """
import select, subprocess
from tui.connection import network
sock = network.watch()
assert sock is not None
assert not select.select([sock], [], [], 0)[0]
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
assert select.select([sock], [], [], 20)[0]
network.drain(sock)
assert not select.select([sock], [], [], 0)[0]
"""


def test_watching_needs_no_rights_and_nothing_to_be_there() -> None:
    sock = network.watch()
    if sock is not None:
        network.drain(sock)
        sock.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has namespaces to change a network in")
def test_a_link_that_goes_up_is_heard() -> None:
    run = ["unshare", "--map-root-user", "--net", sys.executable, "-c", CHANGE]
    try:
        done = subprocess.run(run, capture_output=True, text=True, timeout=50, check=False)
    except FileNotFoundError:
        pytest.skip("there is no unshare")
    if "unshare" in done.stderr or "No such file or directory: 'ip'" in done.stderr:
        pytest.skip("no network of one's own may be made here")
    assert done.returncode == 0, done.stderr
