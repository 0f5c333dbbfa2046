"""Telnet's negotiations are skipped to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.text.telnet import MAX_OPTION, Telnet
from tests.dialects.anything import cut

OPTION = st.sampled_from([0xFB, 0xFC, 0xFD, 0xFE])
byte = st.integers(0, 255)
plain = st.binary(max_size=20).map(lambda data: data.replace(b"\xff", b""))
negotiations = st.one_of(
    st.tuples(OPTION, byte).map(lambda pair: b"\xff" + bytes(pair)),
    st.sampled_from([0xF1, 0xF4, 0xF9]).map(lambda command: b"\xff" + bytes([command])),
    st.binary(max_size=20).map(lambda data: b"\xff\xfa" + data.replace(b"\xff", b"\xff\xff") + b"\xff\xf0"),
)
streams = st.lists(
    st.one_of(
        plain.map(lambda data: (data, data)),
        negotiations.map(lambda data: (data, b"")),
        st.just((b"\xff\xff", b"\xff")),
    )
)


@given(streams, st.lists(st.integers(0, 200)))
def test_everything_but_negotiations_is_kept(stream: list[tuple[bytes, bytes]], places: list[int]) -> None:
    sent = b"".join(pair[0] for pair in stream)
    kept = b"".join(pair[1] for pair in stream)
    for pieces in ([sent], cut(sent, places), [sent[at : at + 1] for at in range(len(sent))]):
        telnet = Telnet()
        assert b"".join(map(telnet.strip, pieces)) == kept
        assert not telnet.flooded


@pytest.mark.parametrize("size", [1, 1000, 100_000])
def test_a_negotiation_without_an_end_is_noticed_and_not_kept(size: int) -> None:
    telnet = Telnet()
    telnet.strip(b"\xff\xfa")
    for _ in range(MAX_OPTION // size + 1):
        assert telnet.strip(b"x" * size) == b""
    assert telnet.flooded
    assert telnet.strip(b"\xff\xf0after") == b""


def test_text_without_negotiations_stays_the_same_object() -> None:
    data = b"hi all\n"
    assert Telnet().strip(data) is data
