"""Clients of other protocols get one answer that their program can show, and the conversation ends."""

from __future__ import annotations

import pytest

from evchat.dialects import foreign
from evchat.dialects.base import Close, Emit
from evchat.protocol.basics import Failed, ServerNotice, Stopping

REFUSED = Failed(0, None, "bad-request", "HTTP is not supported here.")


def answer(client: foreign.Foreigner) -> bytes:
    """What the client is answered, whatever it sends; then the conversation is over."""
    emitted, closed = client.receive(b"whatever")
    assert isinstance(emitted, Emit) and isinstance(closed, Close)
    return emitted.frame


def parted(answer: bytes) -> tuple[bytes, dict[bytes, bytes], bytes]:
    """An answer of HTTP: its status line, header fields by small name, and body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    fields = dict(line.split(b": ", 1) for line in lines)
    return status, {name.lower(): value for name, value in fields.items()}, body


def test_a_browser_shows_how_to_come_in() -> None:
    status, fields, body = parted(answer(foreign.http(b"GET / HTTP/1.1")))
    assert status == b"HTTP/1.1 400 Bad Request"
    assert int(fields[b"content-length"]) == len(body)
    assert fields[b"content-type"] == b"text/html; charset=utf-8"
    for client in (b"nc ", b"irssi ", b"evchat-tui "):
        assert client in body
    body.decode("ascii")


def test_the_page_can_do_nothing_and_is_kept_nowhere() -> None:
    _, fields, body = parted(answer(foreign.http(b"GET / HTTP/1.1")))
    assert fields[b"content-security-policy"].startswith(b"default-src 'none'")
    assert b"frame-ancestors 'none'" in fields[b"content-security-policy"]
    assert fields[b"x-content-type-options"] == b"nosniff"
    assert fields[b"cache-control"] == b"no-store"
    assert fields[b"connection"] == b"close"
    assert b"access-control-allow-origin" not in fields
    assert b"<script" not in body and b"http" not in body


def test_head_is_answered_without_the_page() -> None:
    status, fields, body = parted(answer(foreign.http(b"HEAD / HTTP/1.1")))
    assert status.startswith(b"HTTP/1.1 400 ") and int(fields[b"content-length"]) > 0 and not body


@pytest.mark.parametrize("line", [b"GET /<script>alert(1)</script> HTTP/1.1", b"POST /secret HTTP/1.1"])
def test_the_answer_repeats_nothing_of_the_request(line: bytes) -> None:
    assert answer(foreign.http(line)) == answer(foreign.http(b"GET / HTTP/1.1"))


def test_tls_is_answered_with_a_fatal_alert() -> None:
    kind, major, minor, *length, level, description = answer(foreign.tls())
    assert (kind, major, minor, length) == (21, 3, 1, [0, 2])
    assert (level, description) == (2, 40)  # fatal, handshake_failure


@pytest.mark.parametrize("client", [foreign.http(b"GET / HTTP/1.1"), foreign.tls()], ids=["http", "tls"])
def test_only_the_first_bytes_are_refused_and_nothing_else_is_told(client: foreign.Foreigner) -> None:
    assert client.greet() == [] and client.end() == []
    assert answer(client)
    assert client.receive(b'{"request": "help"}\nalice\n') == [] and client.end() == []
    assert client.answer(REFUSED) == client.answer(ServerNotice(0, "hello")) == b""
    assert client.encode(Stopping(0, "x")) == b""
