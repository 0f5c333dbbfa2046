"""The client's side: what it sends is understood, what it gets is cut rightly."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.json.client import MAX_LINE, ServerError, ServerLines, encode_request
from evchat.dialects.json.dialect import JsonDialect
from evchat.protocol.base import Request
from evchat.protocol.basics import Hello, TypedLine
from evchat.protocol.messages import SendMessage
from tests.dialects.anything import cut, legal_texts, values
from tests.dialects.json.test_requests import any_request


@given(st.lists(any_request))
def test_a_server_reads_what_a_client_writes(requests: list[Request]) -> None:
    server = JsonDialect()
    hello = Hello(1, "test/1.0")
    data = b"".join(map(encode_request, [hello, *requests]))
    assert server.receive(data) == [hello, *requests]
    assert data.count(b"\n") == 1 + len(requests)


def test_half_a_character_from_a_keyboard_does_not_stop_a_client() -> None:
    assert encode_request(SendMessage("a\ud800b")) == b'{"request":"msg","content":"a?b"}\n'


def test_what_is_no_request_of_a_json_client_is_refused() -> None:
    with pytest.raises(ValueError, match="Typed"):
        encode_request(TypedLine("hi"))


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
    "data", [b"hello\n", b"[1]\n", b'{"a": "\xff"}\n', b"[" * 100_000 + b"\n", b"{}{}\n"]
)
def test_what_is_no_object_is_told(data: bytes) -> None:
    with pytest.raises(ServerError, match="The server sent"):
        ServerLines().receive(data)


def test_a_line_without_an_end_is_not_kept() -> None:
    lines = ServerLines()
    with pytest.raises(ServerError, match="4 MiB"):
        for _ in range(MAX_LINE // 65536 + 1):
            lines.receive(b"x" * 65536)
    with pytest.raises(ServerError):
        ServerLines().receive(b"x" * (MAX_LINE + 1) + b"\n")


def test_a_long_line_in_small_pieces_is_joined_once() -> None:
    # Joining it anew for every piece would take minutes.
    data = json.dumps({"a": "x" * 2_000_000}).encode() + b"\n"
    lines = ServerLines()
    found = [value for at in range(0, len(data), 50) for value in lines.receive(data[at : at + 50])]
    assert len(found) == 1 and len(found[0]["a"]) == 2_000_000
