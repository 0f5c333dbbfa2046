"""A connection with a layer: whatever the layer makes of its bytes, the owner's arrive whole and in order."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator

import pytest

from evchat.net.loop import Loop
from evchat.net.opening import Opening
from evchat.net.tls import Tls, client_context, server_context
from tests.certificates import certificate, needs_openssl
from tests.net.connections import HANGS, Owner, tcp_pair

pytestmark = needs_openssl


@pytest.fixture
def tls(loop: Loop) -> Iterator[tuple[Owner, socket.socket]]:
    """The owner of a connection that waits to hear what is spoken, and the peer's bare socket."""
    ours, theirs = tcp_pair()
    owner = Owner(loop, ours)
    context = server_context(*certificate())
    owner.connection.layer = Opening(lambda: Tls(context))
    with theirs:
        yield owner, theirs
        owner.connection.close()


class Peer(threading.Thread):
    """A client with Python's own TLS over a socket, in a thread: it sends, reads so many bytes, and says goodbye."""

    def __init__(self, sock: socket.socket, said: bytes, awaited: int, *, goodbye: bool = True) -> None:
        super().__init__(daemon=True)
        self._sock = sock
        self._said = said
        self._awaited = awaited
        self._goodbye = goodbye
        self.heard = b""
        self.ended_in_order = False
        self.start()

    def run(self) -> None:
        with client_context(verify=False).wrap_socket(self._sock) as sock:
            sock.sendall(self._said)
            while len(self.heard) < self._awaited and (data := sock.recv(65536)):
                self.heard += data
            if self._goodbye:
                try:
                    sock.unwrap()
                    self.ended_in_order = True
                except OSError:
                    pass


def test_a_client_may_speak_tls_or_not_on_the_same_listener(tls: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tls
    theirs.sendall(b"hello\n")
    owner.until(lambda: owner.heard == b"hello\n")
    assert owner.connection.layer is None
    owner.say(b"hi\n")
    owner.until(lambda: not owner.connection.queue)
    assert theirs.recv(100) == b"hi\n"


def test_a_megabyte_each_way_arrives_whole(tls: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tls
    question, answer = os.urandom(1 << 20), os.urandom(1 << 20)
    peer = Peer(theirs, question, len(answer))
    owner.until(lambda: owner.heard == question)
    owner.say(*(answer[at : at + 1000] for at in range(0, len(answer), 1000)))
    owner.until(lambda: not peer.is_alive() or owner.connection.eof)
    assert owner.ended == 1 and not owner.connection.cut_short
    owner.connection.finish("Done.", HANGS)
    owner.until(lambda: owner.aborts)
    peer.join(HANGS)
    assert peer.heard == answer and peer.ended_in_order


def test_what_is_said_before_the_handshake_waits_for_it(loop: Loop) -> None:
    ours, theirs = tcp_pair()
    owner = Owner(loop, ours)
    owner.connection.layer = Tls(server_context(*certificate()))
    owner.say(b"welcome\n")
    owner.until(lambda: owner.connection.queue)
    peer = Peer(theirs, b"", 8)
    owner.until(lambda: owner.connection.eof)
    owner.connection.close()
    peer.join(HANGS)
    assert peer.heard == b"welcome\n"
    theirs.close()


def test_a_client_that_just_closes_was_perhaps_cut_off(tls: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tls
    Peer(theirs, b"half a li", 3, goodbye=False)
    owner.until(lambda: owner.heard)
    owner.say(b"Go.")
    owner.until(lambda: owner.connection.eof)
    assert owner.heard == b"half a li" and owner.ended == 1 and owner.connection.cut_short


def test_who_begins_as_tls_does_and_is_not_hears_an_alert(tls: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tls
    theirs.sendall(b"\x16\x03\x01\x00\x05hello")
    theirs.shutdown(socket.SHUT_WR)
    owner.until(lambda: owner.aborts)
    assert theirs.recv(100)[:1] == b"\x15"
    assert "handshake" in owner.connection.reason and owner.heard == b""


def test_a_slow_reader_gets_the_same_bytes_and_counts_what_the_wire_carries(
    tls: tuple[Owner, socket.socket],
) -> None:
    owner, theirs = tls
    goes_on, heard = threading.Event(), bytearray()

    def read() -> None:
        with client_context(verify=False).wrap_socket(theirs) as sock:
            sock.sendall(b"!")
            goes_on.wait(HANGS)
            while data := sock.recv(65536):
                heard.extend(data)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    owner.until(lambda: owner.heard)
    said = owner.say_until_blocked()
    said += (more := os.urandom(100_000))
    owner.connection.send(more)
    owner.connection.flush()
    assert owner.connection.pending_output > len(more) and owner.connection.should_pause_reading
    goes_on.set()
    owner.connection.finish("Done.", HANGS)
    owner.until(lambda: owner.aborts)
    reader.join(HANGS)
    assert heard == said


def test_a_paced_peer_gets_a_frame_with_each_read(tls: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tls
    got: list[bytes] = []

    def read() -> None:
        with client_context(verify=False).wrap_socket(theirs) as sock:
            sock.sendall(b"!")
            got.extend(sock.recv(4096) for _ in range(3))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    owner.until(lambda: owner.heard)
    owner.connection.pace = 60.0
    owner.say(b"one\n", b"two\nthree\n")
    owner.until(lambda: not reader.is_alive() or owner.connection.eof)
    reader.join(HANGS)
    assert got == [b"one\n", b"two\n", b"three\n"]
