"""HTTP: a few files, no bodies, and the way to WebSocket for those who may speak."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.base import Action, Close, Emit, Moved
from evchat.dialects.http.dialect import HttpDialect
from evchat.dialects.http.resources import Resource, Web
from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.json.dialect import JsonDialect
from evchat.dialects.websocket import WebSocketDialect
from evchat.protocol.basics import Hello, HungUp
from evchat.settings.model import Config

PAGE = Resource("text/html; charset=utf-8", '"abc"', b"<p>hello")
SPEAKERS = {"json": JsonDialect, "irc": lambda: IrcDialect(Config(), "evchat-1", 0), "": JsonDialect}
UPGRADE = (
    b"GET /anywhere HTTP/1.1\r\nHost: 127.0.0.1:9998\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%b\r\n"
)


def dialect(*, proxied: bool = False, health: str = "") -> HttpDialect:
    return HttpDialect(
        Web({"/": PAGE}, SPEAKERS, proxies=("10.0.0.0/8",), health=lambda: health), proxied=proxied
    )


def heads(actions: Sequence[Action]) -> list[bytes]:
    """The status lines of the answers."""
    return [
        each.frame.partition(b"\r\n")[0]
        for each in actions
        if isinstance(each, Emit) and each.frame[:4] == b"HTTP"
    ]


def written(actions: Sequence[Action]) -> bytes:
    return b"".join(each.frame for each in actions if isinstance(each, Emit))


def closes(actions: Sequence[Action]) -> bool:
    return any(isinstance(each, Close) for each in actions)


def test_a_file_comes_with_its_kind_its_tag_and_the_strictest_policy() -> None:
    actions = dialect().receive(b"GET /?x=1 HTTP/1.1\r\nHost: x\r\n\r\n")
    head, _, body = written(actions).partition(b"\r\n\r\n")
    assert body == PAGE.body
    for line in (
        b"HTTP/1.1 200 OK", b"Content-Type: text/html; charset=utf-8", b'ETag: "abc"', b"Content-Length: 8",
        b"X-Content-Type-Options: nosniff", b"Referrer-Policy: no-referrer",
    ):  # fmt: skip
        assert line in head.split(b"\r\n")
    assert b"default-src 'none'; script-src 'self'" in head and b"frame-ancestors 'none'" in head
    assert not closes(actions)


def test_only_browsers_that_trust_the_address_are_told_to_keep_other_pages_apart() -> None:
    for told in (b"", b"Sec-Fetch-Site: none\r\n"):
        actions = dialect().receive(b"GET / HTTP/1.1\r\nHost: x\r\n" + told + b"\r\n")
        assert (b"Cross-Origin-Opener-Policy: same-origin" in written(actions)) == bool(told)


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("deflate,gzip, br", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0, br", False),
        ("xgzip", False),
    ],
)
def test_a_file_is_compressed_for_those_that_take_that_under_a_tag_of_its_own(
    accepted: str, packed: bool
) -> None:
    page = Resource("text/html", '"abc"', b"<p>page" * 100, b"packed")
    site = Web({"/": page}, {})
    request = b"GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: " + accepted.encode() + b"\r\n"
    head, _, body = written(HttpDialect(site).receive(request + b"\r\n")).partition(b"\r\n\r\n")
    tag = b'"abc-gzip"' if packed else b'"abc"'
    assert body == (page.packed if packed else page.body)
    assert (b"\r\nContent-Encoding: gzip\r\n" in head) == packed
    assert b"\r\nVary: Accept-Encoding\r\n" in head and b"\r\nETag: " + tag + b"\r\n" in head
    for known, status in ((tag, b"304"), (b'"other"', b"200")):
        again = HttpDialect(site).receive(request + b"If-None-Match: " + known + b"\r\n\r\n")
        assert written(again).startswith(b"HTTP/1.1 " + status)


def test_everybody_gets_the_same_bytes_of_a_file() -> None:
    one, other = (dialect().receive(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(2))
    assert isinstance(one[1], Emit) and isinstance(other[1], Emit)
    assert one[1].frame is other[1].frame is PAGE.body


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", b"200 OK"),
        (b'GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: W/"abc"\r\n\r\n', b"304 Not Modified"),
        (b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", b"404 Not Found"),
        (b"GET /../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", b"404 Not Found"),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"200 OK"),
    ],
)
def test_answers_that_let_the_connection_go_on(request_: bytes, status: bytes) -> None:
    http = dialect()
    actions = [*http.receive(request_), *http.receive(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    assert heads(actions) == [b"HTTP/1.1 " + status, b"HTTP/1.1 200 OK"]
    assert not closes(actions)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nalice", b"405 Method Not Allowed"),
        (b"PUT / HTTP/1.1\r\nHost: x\r\n\r\n", b"405 Method Not Allowed"),
        (b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", b"405 Method Not Allowed"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nalice", b"400 Bad Request"),
        (
            b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nalice\r\n",
            b"400 Bad Request",
        ),
        (b"GET / HTTP/1.1\r\n\r\n", b"400 Bad Request"),
        (b"GET /\r\n\r\n", b"400 Bad Request"),
        (b"alice\r\n\r\n", b"400 Bad Request"),
        (b"\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", b"400 Bad Request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", b"400 Bad Request"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"505 HTTP Version Not Supported"),
        (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", b"505 HTTP Version Not Supported"),
        (
            b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 120 + b"\r\n",
            b"431 Request Header Fields Too Large",
        ),
        (UPGRADE % b"Content-Length: 5\r\n" + b"alice", b"400 Bad Request"),
        (UPGRADE % b"Transfer-Encoding: chunked\r\n" + b"0\r\n\r\n", b"400 Bad Request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n bad\x00: y\r\n\r\n", b"400 Bad Request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 3000, b"431 Request Header Fields Too Large"),
        (
            b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"400 Bad Request",
        ),
    ],
)
def test_answers_that_end_it_and_nothing_behind_them_is_read(request_: bytes, status: bytes) -> None:
    http = dialect()
    actions = list(http.receive(request_ + b"hello\n/join #ops\n"))
    assert heads(actions) == [b"HTTP/1.1 " + status]
    assert isinstance(actions[-1], Close) and b"Connection: close" in written(actions)
    assert http.receive(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") == []


def test_what_is_wrong_behind_a_head_that_was_asked_for_is_told_in_full() -> None:
    actions = dialect().receive(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET\0\r\n\r\n")
    assert heads(actions) == [b"HTTP/1.1 200 OK", b"HTTP/1.1 400 Bad Request"]
    assert b"not a request" in written(actions)


def test_http_1_0_knows_no_upgrade() -> None:
    http = dialect()
    assert heads(http.receive((UPGRADE % b"").replace(b"1.1\r", b"1.0\r").replace(b"/anywhere", b"/"))) == [
        b"HTTP/1.1 200 OK"
    ]
    assert http.successor is None


def test_a_client_that_waits_for_an_answer_is_told_why_it_is_hung_up_on() -> None:
    late, full = HungUp(0, "login-deadline", "Too late."), HungUp(0, "too-many-connections", "Too many.")
    fresh, asking, idle = dialect(), dialect(), dialect()
    for http in (asking, idle):
        http.receive(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    asking.receive(b"GET / HT")
    for http in (fresh, asking):
        told = http.answer(late)
        assert told.startswith(b"HTTP/1.1 503 ") and told.endswith(b"\r\n\r\nToo late.\n")
        assert b"Connection: close" in told and http.receive(b"GET") == []
    assert idle.answer(late) == b"", "it would be taken for the answer to the next request"
    assert idle.answer(full).endswith(b"Too many.\n")


def test_requests_in_a_row_are_answered_in_order_up_to_the_most() -> None:
    actions = dialect().receive(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 150)
    assert heads(actions) == [b"HTTP/1.1 200 OK"] * 100
    assert isinstance(actions[-1], Close)


def test_what_is_wrong_is_said_to_whoever_asks_for_the_health() -> None:
    actions = dialect(health="storage").receive(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert heads(actions) == [b"HTTP/1.1 503 Service Unavailable"] and written(actions).endswith(
        b"\r\n\r\nstorage\n"
    )


@pytest.mark.parametrize(
    ("more", "protocol", "inner"),
    [
        (b"", b"", "json over WebSocket"),
        (b"Sec-WebSocket-Protocol: evchat.json\r\n", b"evchat.json", "json over WebSocket"),
        (
            b"Sec-WebSocket-Protocol: x, binary.ircv3.net, evchat.json\r\n",
            b"binary.ircv3.net",
            "irc over WebSocket",
        ),
        (
            b"Sec-WebSocket-Protocol: x\r\nSec-WebSocket-Protocol: text.ircv3.net\r\n",
            b"text.ircv3.net",
            "irc over WebSocket",
        ),
        (b"Origin: http://127.0.0.1:9998\r\n", b"", "json over WebSocket"),
    ],
)
def test_an_upgrade_hands_over_to_what_the_client_wants_most(
    more: bytes, protocol: bytes, inner: str
) -> None:
    http = dialect()
    actions = http.receive(UPGRADE % more)
    head = written(actions)
    assert head.startswith(b"HTTP/1.1 101 ") and b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
    assert (b"Sec-WebSocket-Protocol: " + protocol in head) == bool(protocol)
    assert b"Extensions" not in head
    assert isinstance(http.successor, WebSocketDialect) and http.successor.name == inner


@pytest.mark.parametrize(
    ("host", "status"), [(b"127.0.0.1", b"426"), (b"[::1]:80", b"426"), (b"evil", b"421")]
)
def test_a_page_can_ask_why_it_may_not_connect(host: bytes, status: bytes) -> None:
    actions = dialect().receive(b"GET /socket HTTP/1.1\r\nHost: %b\r\n\r\n" % host)
    assert heads(actions)[0].split()[1] == status and not closes(actions)


def test_compression_is_never_agreed() -> None:
    actions = dialect().receive(UPGRADE % b"Sec-WebSocket-Extensions: permessage-deflate\r\n")
    assert b"101" in written(actions)[:15] and b"deflate" not in written(actions)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (UPGRADE % b"Origin: http://evil.example\r\n", b"403 Forbidden"),
        (UPGRADE % b"Origin: null\r\n", b"403 Forbidden"),
        (UPGRADE % b"Origin: http://127.0.0.1:9998\r\nOrigin: http://evil.example\r\n", b"403 Forbidden"),
        (
            (UPGRADE % b"Origin: http://evil.example\r\n").replace(b"127.0.0.1:9998", b"evil.example"),
            b"421 Misdirected Request",
        ),
        ((UPGRADE % b"").replace(b": 13", b": 8"), b"400 Bad Request"),
        ((UPGRADE % b"").replace(b"dGhlIHNhbXBsZSBub25jZQ==", b"x"), b"400 Bad Request"),
        ((UPGRADE % b"").replace(b"Upgrade: websocket", b"Upgrade: h2c"), b"426 Upgrade Required"),
        (UPGRADE % b"Sec-WebSocket-Protocol: mqtt\r\n", b"400 Bad Request"),
    ],
)
def test_who_may_not_speak_is_told_why_and_nothing_is_read_further(request_: bytes, status: bytes) -> None:
    http = dialect()
    actions = http.receive(request_ + b"\x81\x00")
    assert heads(actions) == [b"HTTP/1.1 " + status]
    assert isinstance(actions[-1], Close) and http.successor is None


def test_frames_right_behind_the_upgrade_are_taken() -> None:
    hello = b'{"request":"hello","content":{"version":1}}'
    frame = bytes([0x81, 0x80 | len(hello), 0, 0, 0, 0]) + hello
    actions = dialect().receive(UPGRADE % b"" + frame)
    assert isinstance(actions[-1], Hello)


def test_a_proxy_says_for_whom_it_asks_and_anybody_else_does_not() -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.7\r\n\r\n"
    assert dialect(proxied=True).receive(request)[0] == Moved("203.0.113.7")
    assert not any(isinstance(each, Moved) for each in dialect().receive(request))
    twice = request.replace(b"\r\n\r\n", b"\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n")
    assert dialect(proxied=True).receive(twice)[0] == Moved("203.0.113.7")


@given(st.lists(st.integers(1, 40)), st.sampled_from([b"", b"Origin: http://evil\r\n"]))
def test_any_chunking_means_the_same(sizes: list[int], more: bytes) -> None:
    stream = (
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nHEAD /x HTTP/1.1\r\nHost: x\r\n\r\n"
        + UPGRADE % more
        + b"\x89\x80\0\0\0\0" * 3
    )
    whole, parted = dialect(), dialect()
    actions: list[Action] = []
    rest = stream
    for size in [*sizes, len(stream)]:
        actions += parted.receive(rest[:size])
        rest = rest[size:]
    assert actions == list(whole.receive(stream))


@given(st.binary(max_size=300))
def test_whatever_comes_is_answered_or_waited_for_and_never_raises(data: bytes) -> None:
    http = dialect()
    for action in [*http.receive(b"GET " + data), *http.end()]:
        assert isinstance(action, Emit | Close)
