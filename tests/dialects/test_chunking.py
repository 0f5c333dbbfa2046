"""The law of dialects: the same bytes make the same requests, however they are cut, and never an exception.

It can't hold for those of older systems, whose clients end no line: see `tests/dialects/unframed/test_dialect.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evchat.dialects.base import Close, Dialect
from evchat.dialects.detect import Detector
from evchat.dialects.http.dialect import HttpDialect
from evchat.dialects.http.resources import Resource, Web
from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.json.dialect import JsonDialect
from evchat.dialects.text.dialect import TextDialect
from evchat.dialects.websocket import WebSocketDialect
from evchat.protocol.commands import BY_NAME
from evchat.settings.model import Config
from tests.dialects.anything import cut, hear, values
from tests.dialects.test_detect import Lines

TWO: dict[str, Callable[[], Dialect]] = {"json": JsonDialect, "text": TextDialect}


def _greeted_text() -> TextDialect:
    dialect = TextDialect()
    dialect.greet()
    return dialect


def _irc() -> IrcDialect:
    return IrcDialect(Config())


def _detector() -> Detector:
    return Detector({**TWO, "irc": _irc})


WEB = Web(
    {"/": Resource("text/html", '"a"', b"hi")},
    {"json": JsonDialect, "irc": _irc, "": _detector},
    head=400,
    requests=5,
)


MAKERS: dict[str, Callable[[], Dialect]] = {
    "json": JsonDialect,
    "text": TextDialect,
    "text that has greeted": _greeted_text,
    "irc": _irc,
    "detection": lambda: Detector(TWO),
    "detection with lines": lambda: Detector({**TWO, "irc": Lines}),
    "detection with IRC": lambda: Detector({**TWO, "irc": _irc}),
    "detection of text only": lambda: Detector({"text": TextDialect}),
    "JSON alone": lambda: Detector(TWO, only="json"),
    "text alone": lambda: Detector(TWO, only="text"),
    "IRC alone": lambda: Detector({**TWO, "irc": _irc}, only="irc"),
    "http": lambda: HttpDialect(WEB),
    "http for a proxy": lambda: HttpDialect(WEB, proxied=True),
    "detection with http": lambda: Detector({**TWO, "http": lambda: HttpDialect(WEB)}),
    "json over WebSocket": lambda: WebSocketDialect(JsonDialect(), 600),
    "irc over WebSocket": lambda: WebSocketDialect(_irc(), 600, binary=True),
    "detection over WebSocket": lambda: WebSocketDialect(_detector(), 600),
}

FRAGMENTS = [
    b'{"request":"hello","content":{"version":1}}',
    b'{"request": "msg", "content": "hi", "id": "1"}\n',
    b'{"request": "names", "content": "x"}',
    b'{"request": "join", "content": ["#a", "#b"]}\r\n',
    b'{"request": "ping", "content": "\\ud800"}',
    b'{"request": "ping", "content": "\\ud83d\\ude00"}',
    b'{"request": "msg", "content": "unclosed\n',
    b'{"request": "names"\n',
    b'{"a": NaN} {"a": 1e999} {"a": -Infinity}',
    b'{"a": ' + b"9" * 5000 + b"}",
    b'{"a":' * 64 + b"1" + b"}" * 64,
    b'{"a":' * 65 + b"1" + b"}" * 65,
    b'{"a": ' + b"[" * 63 + b"]" * 63 + b"}",
    b'{"a": ' + b"[" * 64 + b"]" * 64 + b"}",
    b'{"a": ' + b"[" * 2000 + b"]" * 2000 + b"}",
    b'{"a": 1, "a": 2}',
    b'"text" [1] null',
    "blåbær 👍 {".encode(),
    b"CAP LS 302\r\n",
    b"nick alice\n",
    b"JOIN :\r\n",
    b"USER al 0 * :Alice\r\n",
    b"PRIVMSG #main :hi there\r\n",
    b"PRIVMSG #a,bob :\x01ACTION waves\x01\r\n",
    b"@label=7;+typing=active TAGMSG #main\r\n",
    b"BATCH +a draft/multiline #main\r\n",
    b"@batch=a PRIVMSG #main :one\r\n",
    b"BATCH -a\r\n",
    b"AUTHENTICATE PLAIN\r\n",
    b"AUTHENTICATE AGFsaWNlAHNlY3JldA==\r\n",
    b"MODE #main +b-o mallory!*@* bob\r\n",
    b"PRIVMSG #main :" + b"x" * 600 + b"\r\n",
    b"@a=" + b"x" * 4200 + b" PING x\r\n",
    b"join us\n",
    b"/msg bob hi\n",
    b"---quit---\n",
    b"\xff\xfb\x01\xff\xfd\x03",
    b"\xff\xfa\x18\x00vt100\xff\xff\xff\xf0",
    b"\xff\xff",
    b"\xff\xf1\xff",
    b"ab\x08\x7fc\x00\n",
    b"\xc3",
    b"\xa6",
    b"\xef\xbb\xbf",
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\0",
    b"\xfe\xff\0{",
    b"\x16\x03\x01",
    b"POST / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET " + b"/x" * 3000 + b" HTTP/1.1\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"HEAD /x?y HTTP/1.0\nX-Forwarded-For: 192.0.2.1\n\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    b"a: b\r\n" * 45,
    b"GET / HTTP/1.1\r\nHost: [::1]\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    b"\x81\x93\0\0\0\0" + b'{"request": "help"}',
    b"\x01\x82\x01\x02\x03\x04zz",
    b"\x80\x82\x01\x02\x03\x04zz",
    b"\x00\x80\0\0\0\0",
    b"\x82\xfe\x00\x7e\0\0\0\0PRIVMSG #main :" + b"x" * 111,
    b"\x82\xff\0\0\0\0\x01\0\0\0",
    b"\x89\x81aaaa!\x8a\x80\0\0\0\0",
    b"\x88\x82\0\0\0\0\x03\xe8",
    b"\x88\x81\0\0\0\0\x03",
    b"\x81\x02hi",
    *(bytes([byte]) for byte in b'{}[]":,\\ \n\r\t\x00ax1'),
]

soup = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=8))).map(b"".join)
objects = st.lists(
    st.fixed_dictionaries(
        {"request": st.one_of(st.sampled_from([*BY_NAME]), values)},
        optional=dict.fromkeys(("content", "to", "id", "limit", "echo", "password", "seq"), values),
    ).map(lambda value: json.dumps(value).encode()),
    max_size=5,
).flatmap(lambda made: st.sampled_from([b"", b"\n", b" "]).map(lambda between: between.join(made)))


@pytest.mark.parametrize("make", MAKERS.values(), ids=list(MAKERS))
@given(data=st.one_of(soup, objects, st.binary()), places=st.lists(st.integers(0, 6000), max_size=12))
def test_the_same_bytes_in_any_pieces_make_the_same_requests(
    make: Callable[[], Dialect], data: bytes, places: list[int]
) -> None:
    whole = hear(make(), [data])
    assert hear(make(), cut(data, places)) == whole
    assert hear(make(), [data[at : at + 1] for at in range(len(data))]) == whole


@pytest.mark.parametrize(
    "make", [MAKERS["json"], MAKERS["detection with lines"], MAKERS["irc"]], ids=["json", "detection", "irc"]
)
@pytest.mark.parametrize(
    "data",
    [
        b'{"request": "msg", "content": "' + b"x" * 70_000 + b'"}' + b'{"request": "help"}',
        b'{"request": "msg", "content": "' + b"x" * (65_536 - 33) + b'"}' + b'{"request": "help"}',
        b'{"request": "msg", "content": "' + b"x" * (65_536 - 32) + b'"}' + b'{"request": "help"}',
        b'{"request": "help"}' + b"garbage " * 9000 + b'\n{"request": "help"}',
        b"{" + b" " * 70_000 + b"{",
        b'{"' + b'\\"' * 33_000 + b'\n{"request": "help"}',
        b'{"a": "' + b"x" * 65_528 + b'\n{"request": "help"}',
        b'{"a": "' + b"x" * 65_529 + b'\n{"request": "help"}',
        b"{}" * 33_000,
        b"x" * 4096 + b"\r\nhi\n",
        b"x" * 4097 + b"\nhi\n",
        b"x" * 4096 + b"\rx\nhi\n",
        b"QUIT " + b"x" * 5000,
        b"hi\nab\xff\xfa" + b"x" * 5000 + b"\xff\xf0cd\n",
    ],
    ids=range(14),
)
def test_limits_are_reached_at_the_same_byte_however_it_comes(
    make: Callable[[], Dialect], data: bytes
) -> None:
    whole = hear(make(), [data])
    assert hear(make(), [data[at : at + 1] for at in range(len(data))]) == whole
    assert hear(make(), cut(data, range(0, len(data), 4096))) == whole


@pytest.mark.parametrize("make", MAKERS.values(), ids=list(MAKERS))
@given(data=soup)
@example(data=b"x" * 5000)
@example(data=b"{" + b'"' * 70_000)
def test_nothing_is_heard_after_a_fatal_mistake(make: Callable[[], Dialect], data: bytes) -> None:
    dialect = make()
    actions = dialect.receive(data)
    fatal = [action for action in actions if isinstance(action, Close) or getattr(action, "fatal", False)]
    assert fatal == actions[-1:] if fatal else True
    if fatal:
        assert dialect.receive(b'{"request": "help"}\n/help\n') == [] and dialect.end() == []
