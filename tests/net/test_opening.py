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
