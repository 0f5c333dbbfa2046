"""What comes first decides whether TLS is spoken."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.net.layer import Layer
from evchat.net.opening import Opening


def opening() -> Opening:
    def tls() -> Layer:
        return Opening(tls)  # any layer would do

    return Opening(tls)


@given(st.binary(min_size=1))
def test_the_first_byte_of_tls_alone_calls_for_tls(data: bytes) -> None:
    layer = opening()
    assert layer.ready and not layer.over
    assert layer.receive(data) == data
    assert layer.over and (layer.successor is not None) == data.startswith(b"\x16")
    assert layer.end() == b""


def test_before_the_client_has_spoken_it_is_told_in_plain_words() -> None:
    layer = opening()
    assert layer.seal([b"Too", b" late."]) == b"Too late." and layer.outgoing() == layer.close() == b""


HEADER = b"PROXY TCP4 192.0.2.7 127.0.0.1 1 2\r\n"


@given(
    st.sampled_from([b"", HEADER]), st.sampled_from([b"ann\n", b"\x16\x03\x01"]), st.lists(st.integers(1, 40))
)
def test_a_header_comes_first_in_whatever_pieces_and_then_tls_or_not(
    header: bytes, words: bytes, sizes: list[int]
) -> None:
    layer = Opening(opening, proxied=True)
    wire, got = header + words, b""
    for size in [*sizes, len(wire)]:
        piece, wire = wire[:size], wire[size:]
        if piece:
            got += piece if layer.over else layer.receive(piece)
    assert layer.over and got == words
    assert layer.address == ("192.0.2.7" if header else "")
    assert (layer.successor is not None) == (words[0] == 0x16)


def test_where_tls_is_required_nothing_is_said_before_it_and_it_follows_in_any_case() -> None:
    layer = Opening(opening, required=True, proxied=True)
    assert not layer.ready
    assert layer.receive(HEADER) == b"" and layer.over and layer.successor is not None


def test_without_tls_what_follows_the_header_is_the_clients() -> None:
    layer = Opening(None, proxied=True)
    assert layer.receive(HEADER + b"\x16\x03") == b"\x16\x03" and layer.over and layer.successor is None


def test_what_might_have_become_a_header_is_not_lost() -> None:
    layer = Opening(None, proxied=True)
    assert layer.receive(b"PRO") == b"" and layer.end() == b"PRO" and layer.end() == b""
