"""The first bytes decide who speaks, and none of them is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evchat.dialects.base import Dialect
from evchat.dialects.detect import Detector
from evchat.dialects.json.dialect import JsonDialect
from evchat.dialects.text.dialect import TextDialect
from evchat.protocol import events as e
from evchat.protocol import requests as r
from evchat.protocol.events import Event
from tests.dialects.anything import hear


class Lines:
    """Stands for the IRC dialect: keeps every line as it came."""

    name = "irc"
    variant = "irc"
    paced = False
    pings = True

    def __init__(self) -> None:
        self.begun = b""

    def greet(self) -> list[r.Request]:
        return []

    def receive(self, data: bytes) -> list[r.Request]:
        *lines, self.begun = (self.begun + data).split(b"\n")
        return [r.Typed("IRC: " + line.decode("latin-1")) for line in lines]

    def end(self) -> list[r.Request]:
        return [r.Typed("IRC: " + self.begun.decode("latin-1"))] if self.begun else []

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
        (b"\x16\x03\x01", "text"),
        (b"n" * 4097, "text"),
        (b"NICK " + b"n" * 4096, "text"),
    ],
)
def test_the_first_line_tells_the_dialect(data: bytes, name: str) -> None:
    detector = Detector(ALL)
    detector.receive(data)
    assert detector.decided is not None and detector.decided.name == name


@pytest.mark.parametrize("data", [b"", b"N", b"nIcK", b"NICK alice", b"NICKY", b"JOIN", b"QUIT\r"])
def test_what_may_still_be_irc_is_undecided(data: bytes) -> None:
    detector = Detector(ALL)
    assert detector.receive(data) == []
    assert detector.decided is None


def test_the_detected_dialect_is_the_successor_and_has_got_all_bytes() -> None:
    detector = Detector(ALL)
    assert detector.successor is None
    assert detector.receive(b"NICK a\nUS") == [r.Typed("IRC: NICK a")]
    assert detector.successor is not None and detector.successor.name == "irc"
    assert detector.successor.receive(b"ER\n") == [r.Typed("IRC: USER")]


def test_no_byte_is_lost() -> None:
    assert hear(Detector(ALL), [b"NI", b"CK a\nUSER b", b"\nrest"]) == [
        r.Typed("IRC: NICK a"),
        r.Typed("IRC: USER b"),
        r.Typed("IRC: rest"),
    ]
    assert hear(Detector(ALL), [b"{", HELP[1:]]) == [r.Help()]


def test_the_end_decides_what_was_begun() -> None:
    assert hear(Detector(ALL), [b"QUIT"]) == [r.Typed("IRC: QUIT")]
    assert hear(Detector(ALL), [b"nicki"]) == [r.Greet(), r.Typed("nicki")]
    assert hear(Detector(ALL), []) == []


def test_a_dialect_that_is_not_offered_is_text() -> None:
    detector = Detector({"text": TextDialect})
    assert detector.receive(HELP + b"\n") == [r.Greet(), r.Typed(HELP.decode())]
    detector = Detector({"json": JsonDialect, "text": TextDialect})
    assert detector.receive(b"NICK alice\n") == [r.Greet(), r.Typed("NICK alice")]


def test_nothing_is_said_before_it_is_clear_who_listens() -> None:
    detector = Detector(ALL)
    assert detector.greet() == [] and detector.encode(e.Noticed(0, "hello")) == b""
    detector.receive(b"NICK a")
    assert detector.encode(e.Noticed(0, "hello")) == b""
    detector.receive(b"\n")
    assert detector.encode(e.Noticed(0, "hello")) == b"IRC\r\n"


def test_a_person_is_greeted_with_the_first_line_which_is_the_answer() -> None:
    assert Detector(ALL).receive(b"alice\nhi\n") == [r.Greet(), r.Typed("alice"), r.Typed("hi")]


def test_an_empty_first_line_just_asks() -> None:
    assert Detector(ALL).receive(b"\r\nalice\n") == [r.Greet(), r.Typed("alice")]
