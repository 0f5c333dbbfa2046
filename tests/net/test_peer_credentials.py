"""Who is at the other end of a UNIX socket."""

from __future__ import annotations

import os
import socket
import sys

import pytest

from evchat.net import peer_credentials


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is asked")
def test_the_system_says_who_is_at_the_other_end() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert peer_credentials.peer_uid(ours) == os.getuid()
    assert peer_credentials.AVAILABLE and peer_credentials.own_uid() == os.geteuid()
    with socket.socket() as closed:
        closed.close()
        assert peer_credentials.peer_uid(closed) is None
