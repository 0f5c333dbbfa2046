"""The first bytes decide who speaks, and none of them is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evchat.dialects.base import Close, Dialect, Emit
from evchat.dialects.detect import Detector
from evchat.dialects.json.dialect import JsonDialect
from evchat.dialects.text.dialect import TextDialect
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import Failed, Help, Malformed, ServerNotice
from evchat.protocol.typed_lines import Greet, TypedLine
from evchat.settings.model import Config
from tests.dialects.anything import hear


class Lines:
    """Stands for the IRC dialect: keeps every line as it came."""

    name = "irc"
    variant = "irc"
    paced = False
    pings = True

    def __init__(self) -> None:
        self.begun = b""

    def greet(self) -> list[Request]:
        return []

    def receive(self, data: bytes) -> list[Request]:
        *lines, self.begun = (self.begun + data).split(b"\n")
        return [TypedLine("IRC: " + line.decode("latin-1")) for line in lines]

    def end(self) -> list[Request]:
        return [TypedLine("IRC: " + self.begun.decode("latin-1"))] if self.begun else []

    def reconfigure(self, config: Config) -> bytes:
        return b""

    def encode(self, event: Event) -> bytes:
        return b"IRC\r\n"


ALL: dict[str, Callable[[], Dialect]] = {"json": JsonDialect, "text": TextDialect, "irc": Lines}
HELP = b'{"request": "help"}'


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"{", "json"),
        (b"CAP LS 302\r\n", "irc"),
        (b"cap ls\n", "irc"),
        (b"NICK alice\n", "irc"),
        (b"nick\n", "irc"),
        (b"USER a 0 * :A\r\n", "irc"),
        (b"PASS secret\r\n", "irc"),
        (b"QUIT\r\n", "irc"),
        (b"Ping 12\n", "irc"),
        (b"JOIN :\r\n", "irc"),
        (b"join  :#a\n", "irc"),
        (b"JOIN #a\n", "text"),
        (b"join us\n", "text"),
        (b"NICKY\n", "text"),
        (b"USERS\n", "text"),
        (b"alice\n", "text"),
        (b"\n", "text"),
        (b" {}\n", "text"),
        (b" NICK a\n", "text"),
        (b"\xff\xfb\x01", "text"),
        (b"\x00", "text"),
        (b"\x16\x03\x01", "tls"),
        (b"\x16a", "text"),
        (b"GET / HTTP/1.1\r\n", "http"),
        (b"post /x y HTTP/1.0\n", "text"),
        (b"POST /x y HTTP/1.0\n", "http"),
        (b"PRI * HTTP/2.0\r\n", "http"),
        (b"CONNECT example.org:80 HTTP/1.1\r\n", "http"),
        (b"M-SEARCH * HTTP/1.1\r\n", "http"),
        (b"GET /" + b"x" * 5000, "http"),
        (b"GET /\r\n", "http"),
        (b"POST /x http/1.1\r\n", "http"),
        (b"OPTIONS * RTSP/1.0\r\n", "http"),
        (b"GET\n", "text"),
        (b"GET it over with\n", "text"),
        (b"Getty\n", "text"),
        (b"USER bob 0 * : HTTP/1.1\r\n", "irc"),
        (b"QUIT :on HTTP/1.1\r\n", "irc"),
        (b"\xff\xfe{\0", "utf-16"),
        (b"\xff\xfea\0", "utf-16"),
        (b"\xfe\xff\0a", "utf-16"),
        (b"\xff\xfe\x01\xff", "text"),
        (b"\xef\xbb\xbf{", "json"),
        (b"\xef\xbb\xbfNICK a\r\n", "irc"),
        (b"\xef\xbb\xbfalice\n", "text"),
        (b"\xef\xbb\xbfGET / HTTP/1.1\r\n", "http"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{", "text"),
        (b"n" * 4097, "text"),
        (b"NICK " + b"n" * 4096, "text"),
    ],
)
def test_the_first_line_tells_the_dialect(data: bytes, name: str) -> None:
    detector = Detector(ALL)
    detector.receive(data)
    assert detector.successor is not None and detector.successor.name == name


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"N", b"nIcK", b"NICK alice", b"NICKY", b"JOIN", b"QUIT\r", b"GET / HTTP/1.1\r", b"alice"),
        *(b"\x16", b"\xff\xfe{", b"\xfe", b"\xef\xbb", b"\xef\xbb\xbf"),
    ],
)
def test_what_may_still_be_something_else_is_undecided(data: bytes) -> None:
    detector = Detector(ALL)
    assert detector.receive(data) == []
    assert detector.successor is None


def test_the_detected_dialect_is_the_successor_and_has_got_all_bytes() -> None:
    detector = Detector(ALL)
    assert detector.successor is None
    assert detector.receive(b"NICK a\nUS") == [TypedLine("IRC: NICK a")]
    assert detector.successor is not None and detector.successor.name == "irc"
    assert detector.successor.receive(b"ER\n") == [TypedLine("IRC: USER")]


def test_no_byte_is_lost() -> None:
    assert hear(Detector(ALL), [b"NI", b"CK a\nUSER b", b"\nrest"]) == [
        TypedLine("IRC: NICK a"),
        TypedLine("IRC: USER b"),
        TypedLine("IRC: rest"),
    ]
    assert hear(Detector(ALL), [b"{", HELP[1:]]) == [Help()]


def test_the_end_decides_what_was_begun() -> None:
    assert hear(Detector(ALL), [b"QUIT"]) == [TypedLine("IRC: QUIT")]
    assert hear(Detector(ALL), [b"nicki"]) == [Greet(late=True, repeats=False), TypedLine("nicki")]
    assert hear(Detector(ALL), []) == []


def test_a_dialect_that_is_not_offered_is_text() -> None:
    detector = Detector({"text": TextDialect})
    assert detector.receive(HELP + b"\n") == [Greet(late=True, repeats=False), TypedLine(HELP.decode())]
    detector = Detector({"json": JsonDialect, "text": TextDialect})
    assert detector.receive(b"NICK alice\n") == [Greet(late=True, repeats=False), TypedLine("NICK alice")]


def test_nothing_is_said_before_it_is_clear_who_listens() -> None:
    detector = Detector(ALL)
    assert detector.greet() == [] and detector.encode(ServerNotice(0, "hello")) == b""
    detector.receive(b"NICK a")
    assert detector.encode(ServerNotice(0, "hello")) == b""
    detector.receive(b"\n")
    assert detector.encode(ServerNotice(0, "hello")) == b"IRC\r\n"


def test_a_person_is_greeted_with_the_first_line_which_is_the_answer() -> None:
    assert Detector(ALL).receive(b"alice\nhi\n") == [
        Greet(late=True, repeats=False),
        TypedLine("alice"),
        TypedLine("hi"),
    ]


def test_an_empty_first_line_just_asks() -> None:
    assert Detector(ALL).receive(b"\r\nalice\n") == [Greet(repeats=False), TypedLine("alice")]


@pytest.mark.parametrize("only", ["json", "text", "irc"])
def test_where_one_dialect_is_spoken_it_alone_is_understood(only: str) -> None:
    detector = Detector(ALL, only=only)
    assert detector.name == only
    for data in (b"NICK alice\n", HELP, b"\n"):
        detector.receive(data)
        assert detector.successor is not None and detector.successor.name == only


def test_a_person_is_greeted_at_once_where_only_text_is_spoken() -> None:
    detector = Detector(ALL, only="text")
    assert detector.greet() == [Greet(repeats=False)]
    assert detector.encode(ServerNotice(0, "hello")).endswith(b"hello\n")
    assert detector.receive(b"\xef\xbb\xbfalice\n") == [TypedLine("alice")]


@pytest.mark.parametrize("only", ["", "json", "text", "irc"])
@pytest.mark.parametrize(
    "body", [b"alice\nhi\n", b'{"request":"login","content":"alice"}', b"NICK alice\r\nUSER a 0 * :a\r\n"]
)
@pytest.mark.parametrize(
    "method", [b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE"]
)
def test_nothing_of_an_http_request_is_carried_out(only: str, body: bytes, method: bytes) -> None:
    data = method + b" /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n\r\n" + body
    whole = hear(Detector(ALL, only=only), [data])
    assert [type(action) for action in whole] == [Emit, Close] and whole[1] == Close(
        "HTTP is not supported here."
    )
    assert hear(Detector(ALL, only=only), [data[at : at + 1] for at in range(len(data))]) == whole


def test_who_sends_utf_16_is_told_so_in_its_dialect() -> None:
    for data, shown in (("\ufeff{}", b'{"timestamp"'), ("\ufeffalice\n", b"00:00 ! That is UTF-16")):
        for encoding in ("utf-16-le", "utf-16-be"):
            detector = Detector(ALL)
            (request,) = hear(detector, [data.encode(encoding)])
            assert isinstance(request, Malformed) and request.fatal and request.code == "bad-encoding"
            assert shown in detector.encode(Failed(0, None, request.code, request.reason))


@pytest.mark.parametrize(
    "line",
    [b"NICK " + b"x" * 5000, b"!GET /" + b"x" * 5000 + b" HTTP/1.1", b"GET /" + b"x" * 5000 + b" HTTP/1.1"],
)
def test_a_first_line_that_is_too_long_is_judged_alike_whole_and_in_pieces(line: bytes) -> None:
    whole, pieces = Detector(ALL), Detector(ALL)
    told = whole.receive(line + b"\n")
    assert [action for byte in line + b"\n" for action in pieces.receive(bytes([byte]))] == told
    assert whole.successor is not None and pieces.successor is not None
    assert type(whole.successor) is type(pieces.successor)
