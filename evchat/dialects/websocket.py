"""The WebSocket framing of another dialect (RFC 6455), for programs in browsers."""

from __future__ import annotations

import struct
from collections.abc import Generator, Hashable, Sequence
from typing import Final

from websockets.exceptions import PayloadTooBig, ProtocolError
from websockets.frames import Close as CloseReason
from websockets.frames import CloseCode, Frame, Opcode

from evchat.dialects.base import Action, Close, Dialect, Emit
from evchat.protocol.base import Event
from evchat.protocol.basics import HungUp, Pinged
from evchat.settings.model import Config

_MOST_FRAGMENTS: Final = 256
"""Frames of one message. Each costs work and, if it is empty, adds nothing to the size, which is bounded."""
_MOST_ACTIONS: Final = 1_024
"""Requests in one message: as objects they take a hundred times as much memory."""
_PIECE: Final = 4_096
"""Bytes of a message that the inner dialect gets at a time, so that what they mean can be bounded."""

_MOST_REASON: Final = 123
"""Bytes that a control frame holds beside the code (RFC 6455, section 5.5)."""

_CLOSED: Final = "Closed the connection."

_PAID: Final = Emit(b"")
"""Writes nothing, but is paid for as any action: so is a frame that means nothing by itself."""


class WebSocketDialect:
    """A client that speaks the dialect `inner` in messages of at most `most` bytes.

    What it sends is taken as it would be over TCP, a message at a time; in a dialect of lines, a message is a line.
    What it gets are messages of whole lines: of IRC one each, as its WebSocket specification wants. With `binary` they
    are binary, both ways.

    Close codes: 1000 the user quit, 1001 the server stops, 1002 a frame is wrong, 1003 it is of the wrong kind, 1007 it
    is not UTF-8, 1008 the client was put out, 1009 a message is too long.
    """

    paced = False
    pings = True
    visits = False
    successor = None

    __slots__ = (
        "_begun",
        "_binary",
        "_code",
        "_fragments",
        "_inner",
        "_message",
        "_most",
        "_needed",
        "_over",
    )

    def __init__(self, inner: Dialect, most: int, *, binary: bool = False) -> None:
        self._inner = inner
        self._binary = binary
        self._most = most
        self._begun = b""
        """The bytes of a frame that is not complete. Its parser is not kept: a state of plain values can be moved."""
        self._needed = 0
        """How many bytes it takes before there is more to say of it."""
        self._message: bytearray | None = None
        """The fragments of a message that is not complete."""
        self._fragments = 0
        self._code = int(CloseCode.NORMAL_CLOSURE)
        """What the connection will be closed with."""
        self._over = False

    @property
    def name(self) -> str:
        """That of the inner dialect, and how it is spoken."""
        return f"{self._inner.name} over WebSocket"

    @property
    def variant(self) -> Hashable:
        """Clients of an equal inner variant share their frames."""
        return "websocket", self._binary, self._inner.variant

    @property
    def context(self) -> bool:
        """As the inner dialect."""
        return self._inner.context

    @property
    def acknowledges(self) -> bool:
        """As the inner dialect."""
        return self._inner.acknowledges

    # ---- what the client sends --------------------------------------------------------------------------------

    def greet(self) -> Sequence[Action]:
        """The inner dialect's greeting."""
        return self._framed(self._inner.greet())

    def receive(self, data: bytes) -> Sequence[Action]:
        """What the messages mean that these bytes complete, and the answers to control frames, in order."""
        if self._begun:
            data = self._begun + data
        actions: list[Action] = []
        start = 0
        try:
            while not self._over and len(data) - start >= self._needed:
                source = _Source(data, start)
                frame = source.frame(self._room())
                self._needed = source.end - start
                if frame is not None:
                    start, self._needed = source.end, 0
                    self._frame(frame, actions)
        except PayloadTooBig as error:
            self._close(CloseCode.MESSAGE_TOO_BIG, str(error), actions)
        except ProtocolError as error:
            self._close(CloseCode.PROTOCOL_ERROR, str(error), actions)
        self._begun = b"" if self._over else data[start:]
        return actions

    def _room(self) -> int:
        """Bytes that the next frame may hold."""
        return self._most - len(self._message or b"")

    def _frame(self, frame: Frame, actions: list[Action]) -> None:
        opcode = frame.opcode
        if opcode is Opcode.PING:
            actions.append(Emit(_server_frame(Opcode.PONG, bytes(frame.data))))
        elif opcode is Opcode.PONG:
            actions.append(_PAID)
        elif opcode is Opcode.CLOSE:
            CloseReason.parse(frame.data)  # raises ProtocolError
            self._over = True
            actions.append(Emit(_server_frame(Opcode.CLOSE, bytes(frame.data))))
            actions.append(Close(_CLOSED, lost=True))  # a tab that is reloaded does so, too
        elif (opcode is Opcode.CONT) != (self._message is not None):
            raise ProtocolError("a continuation of nothing, or none where one was due")
        elif opcode is not Opcode.CONT and (opcode is Opcode.BINARY) != self._binary:
            kind = "binary" if self._binary else "text"
            self._close(CloseCode.UNSUPPORTED_DATA, f"Only {kind} messages are understood here.", actions)
        else:
            self._data(frame, actions)

    def _data(self, frame: Frame, actions: list[Action]) -> None:
        before = len(actions)
        if self._message is None and frame.fin:
            self._whole(bytes(frame.data), actions)
        else:
            self._fragment(frame, actions)
        if len(actions) == before:
            actions.append(_PAID)

    def _fragment(self, frame: Frame, actions: list[Action]) -> None:
        if self._message is None:
            self._message, self._fragments = bytearray(), 0
        self._message += frame.data
        self._fragments += 1
        if self._fragments > _MOST_FRAGMENTS:
            self._close(CloseCode.POLICY_VIOLATION, "A message comes in too many fragments.", actions)
        elif frame.fin:
            message, self._message = bytes(self._message), None
            self._whole(message, actions)

    def _whole(self, message: bytes, actions: list[Action]) -> None:
        """Takes in a whole message. In dialects of lines it is one, whether it says so or not."""
        if not message:
            return
        try:
            message.decode()
        except UnicodeDecodeError:
            if not self._binary:
                self._close(CloseCode.INVALID_DATA, "A text message must be UTF-8.", actions)
                return
        if not message.endswith(b"\n"):
            message += b"\n"
        before = len(actions)
        for start in range(0, len(message), _PIECE):
            actions += self._framed(self._inner.receive(message[start : start + _PIECE]))
            self._follow()
            if self._over:
                return
            if len(actions) - before > _MOST_ACTIONS:
                self._close(CloseCode.POLICY_VIOLATION, "A message asks for too much at once.", actions)
                return

    def end(self) -> Sequence[Action]:
        """What the inner dialect makes of the end; a message that was cut off means nothing."""
        actions = [] if self._over else self._framed(self._inner.end())
        self._follow()
        return actions

    def _follow(self) -> None:
        while (successor := self._inner.successor) is not None:
            self._inner = successor

    def _framed(self, actions: Sequence[Action]) -> list[Action]:
        """The inner dialect's actions, with what it writes by itself in frames."""
        framed: list[Action] = []
        for action in actions:
            if isinstance(action, Emit):
                framed.append(Emit(self._wrap(action.frame)))
            elif isinstance(action, Close):
                self._close(CloseCode.POLICY_VIOLATION, action.reason, framed)
                break
            else:
                framed.append(action)
        return framed

    def _close(self, code: int, reason: str, actions: list[Action]) -> None:
        """Ends the connection from our side, with a close frame."""
        self._over = True
        actions.append(Emit(_close_frame(code, reason)))
        actions.append(Close(reason or _CLOSED))

    # ---- what the client gets ---------------------------------------------------------------------------------

    def encode(self, event: Event) -> bytes:
        """The inner dialect's frame as messages."""
        frame = self._inner.encode(event)
        return self._wrap(frame) if frame else b""

    def answer(self, event: Event) -> bytes:
        """As `encode`. Where the inner dialect knows no ping, the protocol's own asks for a sign of life."""
        if self._over:
            return b""  # nothing follows a close frame
        if isinstance(event, HungUp):
            self._code = int(CloseCode.POLICY_VIOLATION)
        elif isinstance(event, Pinged) and not self._inner.pings:
            return _server_frame(Opcode.PING, event.token.encode())
        frame = self._inner.answer(event)
        return self._wrap(frame) if frame else b""

    def reconfigure(self, config: Config) -> bytes:
        """What the inner dialect tells of new settings."""
        return self._wrap(self._inner.reconfigure(config))

    def farewell(self, *, stopping: bool = False) -> bytes:
        """The close frame, unless there was one."""
        if self._over:
            return b""
        self._over = True
        return _close_frame(CloseCode.GOING_AWAY if stopping else self._code, "")

    def _wrap(self, frame: bytes) -> bytes:
        """Bytes of the inner dialect as messages: one for each line of IRC, else one."""
        if not frame:
            return b""
        opcode = Opcode.BINARY if self._binary else Opcode.TEXT
        if self._inner.name != "irc":
            return _server_frame(opcode, frame)
        lines = frame.removesuffix(b"\r\n").split(b"\r\n")
        return b"".join([_server_frame(opcode, line) for line in lines])


def _server_frame(opcode: int, data: bytes) -> bytes:
    """A frame from the server (RFC 6455, section 5.2): whole, and without a mask.

    By ourselves, because `Frame.serialize` takes five times as long, and this is done for every message.
    """
    size = len(data)
    if size < 126:
        return bytes((0x80 | opcode, size)) + data
    if size < 65_536:
        return struct.pack("!BBH", 0x80 | opcode, 126, size) + data
    return struct.pack("!BBQ", 0x80 | opcode, 127, size) + data


def _close_frame(code: int, reason: str) -> bytes:
    """A close frame, its reason cut to what fits."""
    reason = reason.encode()[:_MOST_REASON].decode(errors="ignore")
    return _server_frame(Opcode.CLOSE, CloseReason(code, reason).serialize())


class _Source:
    """Bytes, from a place on, as the parser of frames reads them."""

    __slots__ = ("_data", "end")

    def __init__(self, data: bytes, start: int) -> None:
        self._data = data
        self.end = start
        """Where it has read to, or would have if there were enough."""

    def frame(self, most: int) -> Frame | None:
        """The next frame, of at most `most` bytes; None if it is not complete. Raises PayloadTooBig, ProtocolError."""
        parser = Frame.parse(self._read_exact, mask=True, max_size=most)
        try:
            next(parser)
        except StopIteration as parsed:
            frame: Frame = parsed.value
            return frame
        return None

    def _read_exact(self, count: int) -> Generator[None, None, bytes]:
        start = self.end
        self.end = end = start + count
        if end > len(self._data):
            yield
        return self._data[start:end]
