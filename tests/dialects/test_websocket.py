"""WebSocket: another dialect in frames, whose mistakes end the connection with the right code."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.base import Action, Close, Dialect, Emit
from evchat.dialects.detect import Detector
from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.json.dialect import JsonDialect
from evchat.dialects.text.dialect import TextDialect
from evchat.dialects.websocket import WebSocketDialect
from evchat.protocol.base import Request
from evchat.protocol.basics import Hello, HungUp, Ping, Pinged, ServerNotice
from evchat.settings.model import Config

TEXT, BINARY, CONT, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
MOST = 65_536
HELLO = b'{"request":"hello","content":{"version":1}}'


def irc() -> Dialect:
    return IrcDialect(Config(), "evchat-1", 0)


ALL: dict[str, Callable[[], Dialect]] = {"json": JsonDialect, "irc": irc, "text": TextDialect}


def frame(
    opcode: int, data: bytes = b"", *, fin: bool = True, mask: bool = True, size: int | None = None
) -> bytes:
    """A client's frame; it is masked with zeros, which leaves the data as it is. `size` may lie."""
    size = len(data) if size is None else size
    bit = 0x80 if mask else 0
    head = bytes([(0x80 if fin else 0) | opcode])
    if size < 126:
        head += bytes([bit | size])
    elif size < 65_536:
        head += bytes([bit | 126]) + struct.pack("!H", size)
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", size)
    return head + (b"\0\0\0\0" if mask else b"") + data


def frames(data: bytes) -> list[tuple[int, bytes]]:
    """The server's frames: opcode and payload."""
    found = []
    while data:
        opcode, size, start = data[0] & 0x0F, data[1], 2
        assert data[0] & 0xF0 == 0x80 and size < 128, "one whole message a frame, without mask and extensions"
        if size == 126:
            size, start = struct.unpack("!H", data[2:4])[0], 4
        elif size == 127:
            size, start = struct.unpack("!Q", data[2:10])[0], 10
        found.append((opcode, data[start : start + size]))
        data = data[start + size :]
    return found


def written(actions: Sequence[Action]) -> list[tuple[int, bytes]]:
    return frames(b"".join(each.frame for each in actions if isinstance(each, Emit)))


def code(actions: Sequence[Action]) -> int:
    """The close code with which the connection is ended."""
    opcode, payload = written(actions)[-1]
    assert opcode == CLOSE and isinstance(actions[-1], Close)
    return int.from_bytes(payload[:2], "big")


@pytest.fixture
def json() -> WebSocketDialect:
    return WebSocketDialect(JsonDialect(), MOST)


def test_a_message_is_what_it_would_be_over_tcp(json: WebSocketDialect) -> None:
    (hello,) = json.receive(frame(TEXT, HELLO))
    assert isinstance(hello, Hello)
    assert len(json.receive(frame(TEXT, b'{"request":"ping"}{"request":"ping"}\n{"request":"ping"}'))) == 3


def test_a_message_may_come_in_fragments_with_control_frames_between(json: WebSocketDialect) -> None:
    actions = json.receive(
        frame(TEXT, HELLO[:10], fin=False) + frame(PING, b"there?") + frame(CONT, HELLO[10:20], fin=False)
        + frame(PONG) + frame(CONT, HELLO[20:])
    )  # fmt: skip
    assert isinstance(actions[-1], Hello) and all(isinstance(each, Emit) for each in actions[:-1])
    assert written(actions) == [(PONG, b"there?")]


def test_in_a_dialect_of_lines_a_message_is_a_line() -> None:
    for ending in (b"", b"\r\n", b"\n"):
        speaker = WebSocketDialect(irc(), MOST)
        actions = speaker.receive(
            frame(TEXT, b"NICK alice" + ending) + frame(TEXT, b"USER a 0 * :b" + ending)
        )
        assert any(isinstance(each, Request) for each in actions), ending


def test_without_a_subprotocol_the_first_message_decides() -> None:
    for first, name in ((b"NICK alice", "irc"), (HELLO, "json"), (b"alice", "text")):
        speaker = WebSocketDialect(Detector(ALL), MOST)
        speaker.receive(frame(TEXT, first))
        assert speaker.name == f"{name} over WebSocket"


def test_irc_gets_a_message_for_each_line_and_the_others_one() -> None:
    notice = ServerNotice(1_795_256_109_000, "one\ntwo")
    speaker = WebSocketDialect(irc(), MOST)
    speaker.receive(frame(TEXT, b"NICK alice") + frame(TEXT, b"USER a 0 * :b"))
    lines = frames(speaker.answer(notice))
    assert len(lines) == 2 and all(opcode == TEXT and b"\n" not in line for opcode, line in lines)
    json = WebSocketDialect(JsonDialect(), MOST)
    ((opcode, message),) = frames(json.encode(notice))
    assert opcode == TEXT and message.endswith(b"\n")


def test_a_binary_client_gets_and_sends_binary_messages() -> None:
    speaker = WebSocketDialect(irc(), MOST, binary=True)
    actions = speaker.receive(frame(BINARY, b"NICK \xe9") + frame(BINARY, b"CAP LS 302"))
    assert actions and not any(isinstance(each, Close) for each in actions)
    assert code(speaker.receive(frame(TEXT, b"NICK alice"))) == 1003


def test_clients_that_get_equal_bytes_share_a_variant() -> None:
    one, other = (WebSocketDialect(JsonDialect(), MOST) for _ in range(2))
    assert one.variant == other.variant
    assert one.variant != WebSocketDialect(JsonDialect(), MOST, binary=True).variant
    assert one.variant != JsonDialect().variant
    other.receive(frame(TEXT, HELLO))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (frame(BINARY, b"x"), 1003),
        (frame(TEXT, b"\xff\xfe"), 1007),
        (frame(TEXT, HELLO, mask=False), 1002),
        (frame(3, b"x"), 1002),
        (frame(CONT, b"x"), 1002),
        (frame(PING, b"x", fin=False), 1002),
        (frame(PING, b"x" * 126), 1002),
        (frame(CLOSE, b"\x03"), 1002),
        (frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), 1002),
        (bytes([0xC1]) + frame(TEXT, b"x")[1:], 1002),
        (frame(TEXT, size=2**62), 1009),
        (frame(TEXT, b"x" * (MOST + 1)), 1009),
        (frame(TEXT, b"x" * 60_000, fin=False) + frame(CONT, b"y" * 10_000), 1009),
        (frame(TEXT, fin=False) + frame(CONT, fin=False) * 100_000, 1008),
        (frame(TEXT, b"{}" * 30_000), 1008),
    ],
)
def test_a_mistake_ends_the_connection_with_its_code(sent: bytes, expected: int) -> None:
    speaker = WebSocketDialect(JsonDialect(), MOST)
    actions = speaker.receive(sent)
    assert code(actions) == expected
    assert speaker.receive(frame(TEXT, HELLO)) == [] and speaker.end() == [] and speaker.farewell() == b""


def test_a_close_is_echoed_and_ends_it(json: WebSocketDialect) -> None:
    actions = json.receive(frame(CLOSE, b"\x03\xe8bye") + frame(TEXT, HELLO))
    assert written(actions) == [(CLOSE, b"\x03\xe8bye")] and isinstance(actions[-1], Close)
    assert json.farewell() == b""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (None, 1000),
        (HungUp(0, "banned", "No."), 1008),
    ],
)
def test_the_last_words_are_followed_by_a_close_frame(words: HungUp | None, expected: int) -> None:
    speaker = WebSocketDialect(JsonDialect(), MOST)
    if words is not None:
        speaker.answer(words)
    ((opcode, payload),) = frames(speaker.farewell())
    assert (opcode, int.from_bytes(payload[:2], "big")) == (CLOSE, expected)
    assert speaker.farewell() == b""


def test_a_server_that_stops_goes_away(json: WebSocketDialect) -> None:
    assert frames(json.farewell(stopping=True)) == [(CLOSE, b"\x03\xe9")]


def test_everybody_can_be_asked_for_a_sign_of_life(json: WebSocketDialect) -> None:
    text = WebSocketDialect(TextDialect(), MOST)
    assert json.pings and text.pings
    assert frames(text.answer(Pinged(0, "7"))) == [(PING, b"7")]


def test_what_is_fatal_to_the_inner_dialect_ends_the_connection() -> None:
    speaker = WebSocketDialect(irc(), MOST)
    actions = speaker.receive(frame(TEXT, b"GET / HTTP/1.1"))
    assert all(isinstance(each, Request | Emit | Close) for each in actions)


def test_a_message_that_is_cut_off_means_nothing(json: WebSocketDialect) -> None:
    assert json.receive(frame(TEXT, b'{"request":"ping"}', fin=False)) == [Emit(b"")]
    assert json.end() == []


@pytest.mark.parametrize(
    "sent",
    [frame(PONG), frame(TEXT), frame(TEXT, b"\n"), frame(TEXT, b"{", fin=False), frame(TEXT, b'{"a":')],
)
def test_a_frame_that_means_nothing_is_paid_for(json: WebSocketDialect, sent: bytes) -> None:
    assert json.receive(sent) == [Emit(b"")]


PIECES = [
    frame(TEXT, HELLO), frame(TEXT, b'{"request":"ping"}', fin=False), frame(CONT, b'{"request":"ping"}'),
    frame(PING, b"p"), frame(PONG), frame(TEXT, b"\xff"), frame(BINARY, b"x"), frame(CLOSE, b"\x03\xe8"), b"\x81",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8), st.lists(st.integers(1, 30), max_size=20))
def test_any_chunking_means_the_same(pieces: list[bytes], sizes: list[int]) -> None:
    stream = b"".join(pieces)
    whole, parted = (WebSocketDialect(JsonDialect(), MOST) for _ in range(2))
    actions: list[Action] = []
    rest = stream
    for size in [*sizes, len(stream)]:
        actions += parted.receive(rest[:size])
        rest = rest[size:]
    assert actions == list(whole.receive(stream))


@given(st.binary(max_size=400))
def test_whatever_comes_is_borne(data: bytes) -> None:
    speaker = WebSocketDialect(Detector(ALL), MOST)
    for action in [*speaker.receive(data), *speaker.end()]:
        assert isinstance(action, Request | Emit | Close)


def test_a_ping_of_the_dialect_is_still_a_request(json: WebSocketDialect) -> None:
    json.receive(frame(TEXT, HELLO))
    (ping,) = json.receive(frame(TEXT, b'{"request":"ping","content":"x"}'))
    assert isinstance(ping, Ping)
