"""What connections share: any number of them call the same hooks, each with its owner."""

from __future__ import annotations

import socket

from evchat.net.connection import Connection
from evchat.net.hooks import USUAL, Hooks, OutputLimits
from evchat.net.loop import Loop


def test_each_connection_calls_the_shared_hooks_with_its_owner() -> None:
    loop, heard = Loop(), list[tuple[object, bytes]]()
    hooks = Hooks(lambda owner, data: heard.append((owner, data)), print, print, print)
    pairs = [socket.socketpair() for _ in range(3)]
    connections = [Connection(loop, ours, hooks, f"owner {number}") for number, (ours, _) in enumerate(pairs)]
    for number, (_, theirs) in enumerate(pairs):
        theirs.sendall(b"%d" % number)
    loop.run_once(0)
    assert sorted(heard, key=str) == [("owner 0", b"0"), ("owner 1", b"1"), ("owner 2", b"2")]
    for connection, (_, theirs) in zip(connections, pairs, strict=True):
        connection.close()
        theirs.close()
    loop.close()


def test_a_connection_without_an_owner_is_its_own() -> None:
    loop, heard = Loop(), list[object]()
    ours, theirs = socket.socketpair()
    connection = Connection(loop, ours, Hooks(lambda owner, data: heard.append(owner), print, print, print))
    theirs.sendall(b"x")
    loop.run_once(0)
    assert heard == [connection] and connection.limits is USUAL
    connection.limits = OutputLimits(hard=1)
    connection.close()
    theirs.close()
    loop.close()
