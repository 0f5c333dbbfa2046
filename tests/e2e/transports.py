"""The ways to reach a server, each as a socket to which the harness's clients speak as they would over TCP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from evchat.net.tls import client_context
from tests.e2e.harness import DEADLINE, Server


class Sock(Protocol):
    """What clients need of a socket."""

    def sendall(self, data: bytes) -> None: ...

    def recv(self, size: int) -> bytes: ...

    def settimeout(self, seconds: float) -> None: ...

    def close(self) -> None: ...


class OverWebSocket:
    """A connection by a WebSocket library that is not ours: a line is a message, both ways.

    With a subprotocol of IRC, messages hold no line ends; they are put back.
    """

    def __init__(self, server: Server, subprotocol: str = "", *, scheme: str = "ws", **options: Any) -> None:
        host, port = server.where
        self._opened: Any = connect(
            f"{scheme}://{host}:{port}/",
            subprotocols=[Subprotocol(subprotocol)] if subprotocol else None,
            open_timeout=DEADLINE,
            close_timeout=DEADLINE,
            ping_interval=None,
            max_size=None,
            **options,
        )
        self.ws: ClientConnection = self._opened.__enter__()
        self._binary = subprotocol.startswith("binary")
        self._end = b"\r\n" if "irc" in subprotocol else b""
        self._begun = b""
        self._heard = b""
        self._patience: float = DEADLINE

    def settimeout(self, seconds: float) -> None:
        self._patience = seconds

    def sendall(self, data: bytes) -> None:
        *lines, self._begun = (self._begun + data).split(b"\n")
        for line in lines:
            self.ws.send(line if self._binary else line.decode())

    def recv(self, size: int) -> bytes:
        """The next bytes; none once the server has closed."""
        if not self._heard:
            try:
                message = self.ws.recv(self._patience)
            except ConnectionClosed:
                return b""
            assert isinstance(message, bytes) == self._binary
            self._heard = (message if isinstance(message, bytes) else message.encode()) + self._end
        data, self._heard = self._heard[:size], self._heard[size:]
        return data

    @property
    def close_code(self) -> int:
        """With what the server has closed; waited for."""
        try:
            while True:
                self.ws.recv(DEADLINE)
        except ConnectionClosed:
            pass
        return self.ws.close_code or 0

    def close(self) -> None:
        self._opened.__exit__(None, None, None)


def _tcp(server: Server, dialect: str) -> Any:
    return server.connect()


def _websocket(server: Server, dialect: str) -> Any:
    return OverWebSocket(server, {"json": "evchat.json", "irc": "text.ircv3.net", "text": ""}[dialect])


def _binary_websocket(server: Server, dialect: str) -> Any:
    return OverWebSocket(server, {"json": "evchat.json", "irc": "binary.ircv3.net", "text": ""}[dialect])


def _undecided_websocket(server: Server, dialect: str) -> Any:
    """Without a subprotocol: the first message decides."""
    return _WithLineEnds(server) if dialect == "irc" else OverWebSocket(server)


class _WithLineEnds(OverWebSocket):
    """IRC, though no subprotocol says so."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._end = b"\r\n"


def _tls(server: Server, dialect: str) -> Any:
    """On the same port as all others."""
    sock = client_context(verify=False).wrap_socket(server.connect())
    server.socks.append(sock)
    return sock


def _wss(server: Server, dialect: str) -> Any:
    subprotocol = {"json": "evchat.json", "irc": "text.ircv3.net", "text": ""}[dialect]
    return OverWebSocket(server, subprotocol, scheme="wss", ssl=client_context(verify=False))


TRANSPORTS: dict[str, Callable[[Server, str], Any]] = {
    "tcp": _tcp,
    "tls": _tls,
    "websocket": _websocket,
    "binary websocket": _binary_websocket,
    "websocket without a subprotocol": _undecided_websocket,
    "wss": _wss,
}
"""What connects to a server, for a client of a dialect ("json", "irc", "text"); it is used as a socket."""
