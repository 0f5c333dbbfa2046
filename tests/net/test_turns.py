"""What the layers of many connections have to do at once is done in several passes, in the order of arrival."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evchat.net.loop import Loop
from evchat.net.opening import Opening
from evchat.net.tls import Tls, client_context, server_context
from evchat.net.turns import WORK_A_PASS, Turns
from tests.certificates import certificate, needs_openssl
from tests.net.connections import Owner, tcp_pair

pytestmark = needs_openssl

MANY = 60


@pytest.fixture
def turns(loop: Loop) -> Turns:
    return Turns(loop)


class Pairs:
    """Connections that wait to hear what is spoken, and their peers."""

    def __init__(self, loop: Loop, turns: Turns, count: int) -> None:
        context = server_context(*certificate())
        self.owners: list[Owner] = []
        self.socks = []
        for _ in range(count):
            ours, theirs = tcp_pair()
            self.owners.append(Owner(loop, ours, turns=turns))
            self.owners[-1].connection.layer = Opening(lambda: Tls(context))
            self.socks.append(theirs)

    def close(self) -> None:
        for owner, sock in zip(self.owners, self.socks, strict=True):
            owner.connection.close()
            sock.close()


@pytest.fixture
def many(loop: Loop, turns: Turns) -> Iterator[Pairs]:
    pairs = Pairs(loop, turns, MANY)
    yield pairs
    pairs.close()


def steps(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many steps of handshakes each pass makes, from now on."""
    made: list[int] = []
    before = Tls._shake_hands

    def counted(self: Tls) -> bool:
        made[-1] += 1
        return before(self)

    monkeypatch.setattr(Tls, "_shake_hands", counted)
    loop.before_sleep.append(lambda: made.append(0))
    made.append(0)
    return made


def test_a_crowd_of_handshakes_is_spread_over_passes(
    loop: Loop, many: Pairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    hello = Tls(client_context(verify=False)).outgoing()
    made = steps(loop, monkeypatch)
    for sock in many.socks:
        sock.sendall(hello)
    while sum(made) < MANY:
        loop.run_once(10)
    assert max(made) <= WORK_A_PASS // 60 + 1
    for owner in many.owners:
        owner.connection.flush()
    assert all(sock.recv(5).startswith(b"\x16") for sock in many.socks)


def test_whoever_speaks_without_tls_does_not_wait_for_those_who_do(loop: Loop, many: Pairs) -> None:
    hello = Tls(client_context(verify=False)).outgoing()
    for sock in many.socks[:-1]:
        sock.sendall(hello)
    many.socks[-1].sendall(b"ann\n")
    loop.run_once(10)
    assert many.owners[-1].read == [b"ann\n"]


def test_a_byte_in_each_record_is_decrypted_a_part_a_pass_and_arrives_whole(loop: Loop, turns: Turns) -> None:
    pairs = Pairs(loop, turns, 3)
    said = bytes(range(256)) * 8
    for owner, sock in zip(pairs.owners, pairs.socks, strict=True):
        peer = Tls(client_context(verify=False))
        while not peer.ready:
            sock.sendall(peer.outgoing())
            loop.run_once(10)
            owner.connection.flush()
            peer.receive(sock.recv(65536))
        sock.sendall(peer.outgoing() + b"".join(peer.seal([said[at : at + 1]]) for at in range(len(said))))
    passes = []
    while any(len(b"".join(owner.read)) < len(said) for owner in pairs.owners):
        before = sum(len(b"".join(owner.read)) for owner in pairs.owners)
        loop.run_once(10)
        passes.append(sum(len(b"".join(owner.read)) for owner in pairs.owners) - before)
    assert all(b"".join(owner.read) == said for owner in pairs.owners)
    assert max(passes) <= WORK_A_PASS + 64
    pairs.close()


def test_a_connection_that_has_ended_misses_its_turn(loop: Loop, many: Pairs) -> None:
    hello = Tls(client_context(verify=False)).outgoing()
    for sock in many.socks:
        sock.sendall(hello)
    loop.run_once(10)
    for owner in many.owners:
        owner.connection.abort("Gone.")
        owner.connection.close()
    for _ in range(10):
        loop.run_once(0)
    assert not any(owner.read for owner in many.owners)
