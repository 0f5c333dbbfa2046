"""TLS in memory: the same bytes come out whatever pieces went in, and what is no TLS ends with an alert."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.net.layer import LayerError
from evchat.net.tls import Tls, client_context, server_context, shake_hands
from tests.certificates import certificate, needs_openssl

pytestmark = needs_openssl

RECORD = 16 * 1024


def server() -> Tls:
    return Tls(server_context(*certificate()))


def client() -> Tls:
    return Tls(client_context(verify=False))


def met(version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> tuple[Tls, Tls]:
    """A server and a client that have shaken hands."""
    context = client_context(verify=False)
    context.maximum_version = version
    one, other = server(), Tls(context)
    while not (one.ready and other.ready):
        one.receive(other.outgoing())
        other.receive(one.outgoing())
    other.receive(one.outgoing())
    return one, other


def in_pieces(data: bytes, sizes: Iterable[int]) -> list[bytes]:
    pieces = []
    for size in sizes:
        piece, data = data[:size], data[size:]
        pieces.append(piece)
    return [*filter(None, pieces), *filter(None, [data])]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_handshake_may_come_byte_by_byte(version: ssl.TLSVersion) -> None:
    context = client_context(verify=False)
    context.maximum_version = version
    one, other = server(), Tls(context)
    while not (one.ready and other.ready):
        for ours, theirs in ((one, other), (other, one)):
            flight = theirs.outgoing()
            for at in range(len(flight)):
                assert ours.receive(flight[at : at + 1]) == b""
    assert other.receive(one.seal([b"hello"])) == b"hello"


@given(
    texts=st.lists(st.binary(max_size=3 * RECORD), max_size=5),
    sizes=st.lists(st.integers(1, 20_000), max_size=20),
)
def test_what_comes_out_is_what_went_in_whatever_the_pieces(texts: list[bytes], sizes: list[int]) -> None:
    for sender, receiver in (pair := met(), pair[::-1]):
        wire = b"".join(sender.seal([text]) for text in texts)
        assert b"".join(map(receiver.receive, in_pieces(wire, sizes))) == b"".join(texts)


def test_single_bytes_are_enough() -> None:
    one, other = met()
    wire = one.seal([b"{}\n"])
    assert b"".join(other.receive(wire[at : at + 1]) for at in range(len(wire))) == b"{}\n"


@pytest.mark.parametrize("size", [0, 1, RECORD - 1, RECORD, RECORD + 1, 2 * RECORD, 1 << 20])
def test_texts_at_the_borders_of_records_arrive_whole_both_ways(size: int) -> None:
    one, other = met()
    text = os.urandom(size)
    for sender, receiver in ((one, other), (other, one)):
        assert receiver.receive(sender.seal([text])) == text


def test_pieces_that_leave_together_are_one_record() -> None:
    one, _ = met()
    together, single = one.seal([b"a" * 50] * 20), one.seal([b"a" * 1000])
    assert len(together) == len(single)


def test_frames_that_must_come_apart_are_records_of_their_own() -> None:
    one, other = met()
    whole = one.seal_apart([b"one\ntwo\n", b"three\n"])
    other._incoming.write(whole)
    assert [other._object.read(RECORD) for _ in range(3)] == [b"one\n", b"two\n", b"three\n"]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_who_has_ended_in_order_may_still_hear(version: ssl.TLSVersion) -> None:
    one, other = met(version)
    assert one.receive(other.seal([b"bye"]) + other.close()) == b"bye"
    assert one.ended and other.close() == b""
    assert one.seal([b"good night"])


def test_after_its_end_a_side_says_nothing_more() -> None:
    one, other = met()
    assert other.receive(one.close()) == b"" and other.ended
    assert one.seal([b"too late"]) == b"" and one.close() == b""


def test_an_end_before_the_handshake_is_silent() -> None:
    assert server().close() == b""


@given(st.binary(min_size=1, max_size=2000))
def test_what_is_no_tls_is_refused_or_waits_for_more(data: bytes) -> None:
    one = server()
    try:
        assert one.receive(data) == b"" and not one.ready
    except LayerError:
        assert not one.ready and one.close() == b""


def test_the_peer_is_told_what_was_wrong() -> None:
    one = server()
    with pytest.raises(LayerError, match=r"^The handshake of TLS failed: .+\.$"):
        one.receive(b"\x16\x03\x01\x00\x05hello")
    assert one.outgoing()[:1] == b"\x15"  # an alert


def test_a_record_that_was_changed_on_the_way_ends_it() -> None:
    one, other = met()
    wire = bytearray(other.seal([b"pay 10"]))
    wire[-1] ^= 1
    with pytest.raises(LayerError, match="Broken TLS"):
        one.receive(bytes(wire))
    assert not one.ready and one.close() == b""


def test_a_handshake_without_end_is_given_up() -> None:
    one = server()
    hello = b"\x01\xff\xff\xff"  # a hello of 16 MiB
    with pytest.raises(LayerError):
        for _ in range(5):
            one.receive(b"\x16\x03\x01\x40\x00" + hello + bytes(16 * 1024 - 4))


def test_old_versions_are_refused() -> None:
    context = client_context(verify=False)
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((LayerError, ssl.SSLError)):
        shake_hands(server_context(*certificate()), context)


def test_nobody_can_ask_for_another_handshake() -> None:
    assert server_context(*certificate()).options & ssl.OP_NO_RENEGOTIATION


def test_a_client_that_verifies_distrusts_what_nobody_vouches_for() -> None:
    context = server_context(*certificate())
    with pytest.raises(LayerError, match="self-signed"):
        shake_hands(context, client_context(verify=True), "localhost")
    trusting = client_context(verify=True)
    trusting.load_verify_locations(certificate()[0])
    shake_hands(context, trusting, "localhost")
    with pytest.raises(LayerError, match="mismatch"):
        shake_hands(context, trusting, "chat.example")


def test_a_certificate_and_another_ones_key_are_refused() -> None:
    with pytest.raises(OSError):
        server_context(certificate()[0], certificate("another")[1])
