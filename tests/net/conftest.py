"""Fixtures of the tests of sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from evchat.net.loop import Loop
from tests.net.connections import Owner, Scene, tcp_pair


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def tcp(loop: Loop) -> Iterator[tuple[Owner, socket.socket]]:
    ours, theirs = tcp_pair()
    owner = Owner(loop, ours)
    with theirs:
        yield owner, theirs
        owner.connection.close()


@pytest.fixture
def scene() -> Iterator[Scene]:
    with Scene() as scene:
        yield scene
