"""Waiting for several things at once, by `poll` and by `select`."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator

import pytest

from tui.terminal.console import READ, WRITE, Poller


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


@pytest.fixture(params=[True, False], ids=["poll", "select"])
def poller(request: pytest.FixtureRequest) -> Poller:
    if request.param and not hasattr(select, "poll"):
        pytest.skip("there is no poll")
    return Poller(use_poll=request.param)


def test_what_is_ready_is_told(poller: Poller, pair: tuple[socket.socket, socket.socket]) -> None:
    one, other = pair
    poller.watch(one.fileno(), READ)
    assert poller.wait(0) == []
    other.send(b"x")
    assert poller.wait(None) == [(one.fileno(), READ)]
    poller.watch(one.fileno(), READ | WRITE)
    assert poller.wait(None) == [(one.fileno(), READ | WRITE)]
    poller.watch(one.fileno(), WRITE)
    assert poller.wait(None) == [(one.fileno(), WRITE)]
    poller.watch(one.fileno(), 0)
    assert poller.wait(0) == []


def test_an_end_is_something_to_read(poller: Poller, pair: tuple[socket.socket, socket.socket]) -> None:
    one, other = pair
    poller.watch(one.fileno(), READ)
    other.close()
    ((fd, events),) = poller.wait(None)
    assert fd == one.fileno() and events & READ


def test_a_connection_that_was_refused_is_ready_for_writing(poller: Poller) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with socket.socket() as dialling:
            dialling.setblocking(False)
            dialling.connect_ex(taken.getsockname())
            poller.watch(dialling.fileno(), WRITE)
            ((fd, events),) = poller.wait(None)
            assert fd == dialling.fileno() and events & WRITE
