"""The ways to a server: TCP as it is, TLS, and WebSocket."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from typing import Protocol

try:
    from websockets.client import ClientProtocol
    from websockets.frames import Frame, Opcode
    from websockets.http11 import Response
    from websockets.typing import Subprotocol
    from websockets.uri import parse_uri
except ImportError:  # the extra `web` is not installed: then nobody comes that way
    ClientProtocol = None  # type: ignore[assignment,misc]


class Wire(Protocol):
    """What turns a client's bytes into those on the wire, and back."""

    def pack(self, data: bytes) -> bytes:
        """The bytes to send. None for nothing yet."""

    def unpack(self, data: bytes) -> tuple[bytes, bytes]:
        """What bytes from the wire mean, and what is to be sent on account of them."""


class Plain:
    """TCP as it is."""

    def pack(self, data: bytes) -> bytes:
        """As they are."""
        return data

    def unpack(self, data: bytes) -> tuple[bytes, bytes]:
        """As they are."""
        return data, b""


class Tls:
    """TLS over memory; certificates are not looked at."""

    def __init__(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out)
        self._ready = False
        self._waiting = b""

    def pack(self, data: bytes) -> bytes:
        """Sealed; what is said before the handshake is over waits for that."""
        self._waiting += data
        if not self._ready:
            self._shake_hands()
        if self._ready and self._waiting:
            self._tls.write(self._waiting)
            self._waiting = b""
        return self._out.read()

    def _shake_hands(self) -> None:
        try:
            self._tls.do_handshake()
            self._ready = True
        except ssl.SSLWantReadError:
            pass

    def unpack(self, data: bytes) -> tuple[bytes, bytes]:
        """Opened."""
        self._in.write(data)
        answer = self.pack(b"")
        opened = b""
        try:
            while self._ready and (part := self._tls.read(65_536)):
                opened += part
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            pass
        return opened, answer


class WebSocket:
    """Frames of text, each an object or more."""

    def __init__(self, host: str, port: int) -> None:
        self._protocol = ClientProtocol(
            parse_uri(f"ws://{host}:{port}/"), subprotocols=[Subprotocol("evchat.json")]
        )
        self._protocol.send_request(self._protocol.connect())
        self._open = False
        self._waiting: list[bytes] = []

    def pack(self, data: bytes) -> bytes:
        """A message for each line; those before the connection is open wait for that."""
        self._waiting += data.splitlines()
        if self._open:
            for line in self._waiting:
                self._protocol.send_text(line)
            self._waiting = []
        return b"".join(self._protocol.data_to_send())

    def unpack(self, data: bytes) -> tuple[bytes, bytes]:
        """The messages, end to end."""
        self._protocol.receive_data(data)
        said = b""
        for event in self._protocol.events_received():
            if isinstance(event, Response):
                self._open = self._protocol.handshake_exc is None
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                said += event.data
        return said, self.pack(b"")


def ways(host: str, port: int, *, tls: bool) -> Iterable[Callable[[], Wire]]:
    """The ways that are open, each as what makes a new wire."""
    yield Plain
    if tls:
        yield Tls
    if ClientProtocol is not None:
        yield lambda: WebSocket(host, port)
