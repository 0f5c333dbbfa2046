"""The client's side: what it sends is understood, what it gets is cut rightly."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.json.client import NOT_AN_OBJECT, ServerError, ServerLines, encode_object
from evchat.dialects.json.dialect import JsonDialect
from evchat.dialects.json.requests import write_request
from evchat.protocol.base import Request
from evchat.protocol.basics import Hello
from evchat.settings.client import MAX_SERVER_LINE_BYTES
from tests.dialects.anything import cut, legal_texts, values
from tests.dialects.json.test_requests import any_request


@given(st.lists(any_request))
def test_a_server_reads_what_a_client_writes(requests: list[Request]) -> None:
    server = JsonDialect()
    hello = Hello(1, "test/1.0")
    data = b"".join(encode_object(write_request(request)) for request in [hello, *requests])
    assert server.receive(data) == [hello, *requests]
    assert data.count(b"\n") == 1 + len(requests)


def test_half_a_character_from_a_keyboard_does_not_stop_a_client() -> None:
    assert encode_object({"content": "a\ud800b"}) == b'{"content":"a?b"}\n'


@given(
    st.lists(st.dictionaries(legal_texts, values, max_size=3), max_size=4),
    st.sampled_from([b"\n", b"\r\n", b"\n\n"]),
    st.lists(st.integers(0, 400)),
)
def test_objects_come_out_as_they_went_in_however_they_are_cut(
    sent: list[dict[str, Any]], end: bytes, places: list[int]
) -> None:
    data = b"".join(json.dumps(value, ensure_ascii=False).encode() + end for value in sent)
    lines = ServerLines()
    assert [value for piece in cut(data, places) for value in lines.receive(piece)] == sent
    assert [value for at in range(len(data)) for value in lines.receive(data[at : at + 1])] == sent


@pytest.mark.parametrize(
    "data", [b"hello\n", b"[1]\n", b"7\r\n", b"[" * 100_000 + b"\n", b"{}{}\n", b'{"a":1\n', b"{} x\n"]
)
@given(places=st.lists(st.integers(0, 40)))
def test_what_is_not_an_object_is_told_in_its_place_and_the_next_one_is_read(
    data: bytes, places: list[int]
) -> None:
    lines = ServerLines()
    found = [
        value for piece in cut(b'{"a":1}\n' + data + b'{"b":2}\n', places) for value in lines.receive(piece)
    ]
    assert found == [{"a": 1}, NOT_AN_OBJECT, {"b": 2}]
    assert found[1] is NOT_AN_OBJECT


def test_an_object_does_not_go_on_in_the_next_line_however_it_is_cut() -> None:
    data = b'{"a":\n1}\n'
    whole = ServerLines().receive(data)
    lines = ServerLines()
    assert whole == [value for at in range(len(data)) for value in lines.receive(data[at : at + 1])]
    assert whole[0] is whole[1] is NOT_AN_OBJECT


def test_an_empty_object_is_an_object() -> None:
    (empty,) = ServerLines().receive(b"{}\n")
    assert empty == {} and empty is not NOT_AN_OBJECT


def test_bytes_that_are_not_utf_8_are_replaced() -> None:
    assert ServerLines().receive(b'{"a": "\xff"}\n') == [{"a": "\ufffd"}]


def test_a_line_without_an_end_is_not_kept() -> None:
    lines = ServerLines()
    with pytest.raises(ServerError, match="16 MiB"):
        for _ in range(MAX_SERVER_LINE_BYTES // 65536 + 1):
            lines.receive(b"x" * 65536)
    with pytest.raises(ServerError):
        ServerLines().receive(b"x" * (MAX_SERVER_LINE_BYTES + 1) + b"\n")


def test_a_line_that_was_begun_can_be_forgotten() -> None:
    lines = ServerLines()
    lines.receive(b'{"a":')
    lines.reset()
    assert lines.receive(b'{"b":1}\n') == [{"b": 1}]


def test_a_long_line_in_small_pieces_is_joined_once() -> None:
    # Joining it anew for every piece would take minutes.
    data = json.dumps({"a": "x" * 2_000_000}).encode() + b"\n"
    lines = ServerLines()
    found = [value for at in range(0, len(data), 50) for value in lines.receive(data[at : at + 50])]
    assert len(found) == 1 and len(found[0]["a"]) == 2_000_000
