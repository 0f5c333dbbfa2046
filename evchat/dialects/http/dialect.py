"""The HTTP/1.1 codec of one connection: answers requests for files, and hands upgrades over to WebSocket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import h11
from websockets.datastructures import Headers
from websockets.http11 import Request as UpgradeRequest
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from evchat.dialects.base import Action, Close, Dialect, Emit, Moved
from evchat.dialects.http.resources import Web, host_name
from evchat.dialects.websocket import WebSocketDialect
from evchat.protocol.base import Event
from evchat.settings.model import Config

_SUBPROTOCOLS: Final = {"evchat.json": "json", "text.ircv3.net": "irc", "binary.ircv3.net": "irc"}
"""What can be spoken over WebSocket, by the name that is agreed, and the dialect that this means."""

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_EVERYWHERE: Final = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-cache"),
)
"""Headers of every answer: nothing of ours runs in another page, and nothing from elsewhere in ours."""

_LONGEST_NAME: Final = 253
"""Characters of a host's name (RFC 1035)."""

Header = tuple[str, str]

_REASONS: Final = {
    101: b"Switching Protocols",
    200: b"OK", 304: b"Not Modified", 400: b"Bad Request", 403: b"Forbidden", 404: b"Not Found",
    405: b"Method Not Allowed", 421: b"Misdirected Request", 426: b"Upgrade Required",
    431: b"Request Header Fields Too Large", 501: b"Not Implemented", 503: b"Service Unavailable",
    505: b"HTTP Version Not Supported",
}  # fmt: skip


class HttpDialect:
    """A browser, or another client of HTTP. Whatever it asks for, nothing of it reaches the chat.

    A request with a body is refused with the body unread: a page from elsewhere can make any browser send one here.
    `successor` speaks after an upgrade to WebSocket. With `proxied` it is a proxy that asks, for the client that it
    names.
    """

    name = variant = "http"
    paced = False
    pings = False
    context = False
    acknowledges = False
    visits = True

    __slots__ = ("_answered", "_http", "_over", "_proxied", "_web", "_without_body", "successor")

    def __init__(self, web: Web, *, proxied: bool = False) -> None:
        self._web = web
        self._proxied = proxied
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=web.head)
        self._answered = 0
        self._without_body = False
        """Whether the answer to the present request has no body, because only its head was asked for."""
        self._over = False
        self.successor: Dialect | None = None

    def greet(self) -> Sequence[Action]:
        """Nothing: the client speaks first."""
        return []

    def receive(self, data: bytes) -> Sequence[Action]:
        """The answers to the requests that these bytes complete."""
        if self.successor is not None:
            return self.successor.receive(data)
        if self._over:
            return []
        actions: list[Action] = []
        try:
            self._http.receive_data(data)
            while not self._over and self.successor is None:
                event = self._http.next_event()
                if isinstance(event, h11.Request):
                    self._request(event, actions)
                elif event is h11.PAUSED:
                    self._http.start_next_cycle()
                elif event is h11.NEED_DATA or isinstance(event, h11.ConnectionClosed):
                    break
        except h11.RemoteProtocolError as error:
            if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                self._refuse(error.error_status_hint, "That is not a request of HTTP/1.1.", actions)
            else:  # it was met behind a request that is answered already
                self._end(actions)
        if self.successor is not None:
            actions += self.successor.receive(self._http.trailing_data[0])
        return actions

    def end(self) -> Sequence[Action]:
        """What the successor makes of the end; of a request that was cut off, nothing."""
        return self.successor.end() if self.successor is not None else []

    def encode(self, event: Event) -> bytes:
        """Nothing: whoever asks for files hears nothing of the chat."""
        return b""

    def answer(self, event: Event) -> bytes:
        """As `encode`."""
        return b""

    def reconfigure(self, config: Config) -> bytes:
        """Nothing: the next connection gets the new settings."""
        return b""

    def farewell(self) -> bytes:
        """Nothing: an answer ends by its length."""
        return b""

    # ---- requests ---------------------------------------------------------------------------------------------

    def _request(self, request: h11.Request, actions: list[Action]) -> None:
        self._answered += 1
        self._without_body = request.method == b"HEAD"
        headers = dict(request.headers)
        if self._proxied:
            address = self._web.forwarded(headers.get(b"x-forwarded-for", b"").decode("latin-1"))
            if address:
                actions.append(Moved(address))
        if b"upgrade" in headers and request.method == b"GET":
            self._upgrade(request, actions)
        elif request.method not in (b"GET", b"HEAD"):
            self._refuse(405, "Only GET and HEAD are served here.", actions, ("Allow", "GET, HEAD"))
        elif b"transfer-encoding" in headers or headers.get(b"content-length", b"0").strip(b"0"):
            self._refuse(400, "A request for a file has no body.", actions)
        else:
            self._file(request, headers, actions)

    def _file(self, request: h11.Request, headers: dict[bytes, bytes], actions: list[Action]) -> None:
        path = request.target.partition(b"?")[0].decode("latin-1")
        if path == "/healthz":
            wrong = self._web.health()
            self._text(503 if wrong else 200, wrong or "ok", actions)
            return
        resource = self._web.resources.get(path)
        if resource is None:
            self._text(404, "There is nothing here by that name.", actions)
        elif resource.etag in headers.get(b"if-none-match", b"").decode("latin-1"):
            self._respond(304, [("ETag", resource.etag)], b"", actions)
        else:
            told = [("ETag", resource.etag), ("Content-Type", resource.content_type)]
            self._respond(200, told, resource.body, actions)

    def _text(self, status: int, text: str, actions: list[Action], *more: Header) -> None:
        told = [("Content-Type", "text/plain; charset=utf-8"), *more]
        self._respond(status, told, (text + "\n").encode(), actions)

    def _refuse(self, status: int, text: str, actions: list[Action], *more: Header) -> None:
        """Answers, and ends the connection: what follows is not read."""
        self._answered = self._web.requests  # the last answer
        self._text(status, text, actions, *more)

    def _respond(self, status: int, told: list[Header], body: bytes, actions: list[Action]) -> None:
        """Answers the request. The body is not copied: all who get a file share its bytes."""
        http = self._http
        headers = [*_EVERYWHERE, *told]
        if status != 304:
            headers.append(("Content-Length", str(len(body))))
        if self._answered >= self._web.requests:
            headers.append(("Connection", "close"))
        head = http.send(h11.Response(status_code=status, reason=_REASONS[status], headers=headers))
        actions.append(Emit(head or b""))
        if body and status != 304 and not self._without_body:
            http.send_with_data_passthrough(h11.Data(data=body))
            actions.append(Emit(body))
        http.send(h11.EndOfMessage())
        if http.our_state in (h11.MUST_CLOSE, h11.CLOSED):
            self._end(actions)

    def _end(self, actions: list[Action]) -> None:
        self._over = True
        actions.append(Close("Closed the connection."))

    # ---- the way to WebSocket ---------------------------------------------------------------------------------

    def _upgrade(self, request: h11.Request, actions: list[Action]) -> None:
        """Checks who may speak here, and through which page, before it lets them."""
        web = self._web
        headers = Headers(
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers]
        )
        host = headers.get("Host", "")
        origins = headers.get_all("Origin")
        if not web.allows_host(host):
            name = host_name(host)[:_LONGEST_NAME]
            text = f"This server is not called {name!a}. Its owner can add the name to the setting web_hosts."
            self._refuse(421, text, actions)
            return
        if not all(web.allows_origin(origin, host) for origin in origins):
            self._refuse(403, "A page of another server may not speak for its reader.", actions)
            return
        handshake = ServerProtocol(select_subprotocol=_select)
        target = request.target.decode("latin-1")
        response = handshake.accept(UpgradeRequest(target, headers))
        if response.status_code != 101:
            status = response.status_code if response.status_code in _REASONS else 400
            self._refuse(
                status, "That is not a handshake of WebSocket, version 13.", actions, *_told(response.headers)
            )
            return
        offered = headers.get_all("Sec-WebSocket-Protocol")
        agreed = handshake.subprotocol
        if offered and agreed is None:
            self._refuse(
                400, f"Of these subprotocols, one can be spoken: {', '.join(_SUBPROTOCOLS)}.", actions
            )
            return
        del response.headers["Date"]  # a dialect does not know the time: the same bytes mean the same answer
        switch = h11.InformationalResponse(
            status_code=101, reason=_REASONS[101], headers=list(response.headers.raw_items())
        )
        actions.append(Emit(self._http.send(switch) or b""))
        speaker = web.speakers[_SUBPROTOCOLS.get(agreed or "", "")]()
        self.successor = WebSocketDialect(speaker, web.message, binary=agreed == "binary.ircv3.net")
        actions += self.successor.greet()


def _select(protocol: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """The client's first choice that is spoken here, as IRCv3 wants it."""
    return next((name for name in offered if name in _SUBPROTOCOLS), None)


def _told(headers: Headers) -> list[Header]:
    """What a refused handshake is told: which version, or method, would do."""
    return [
        (name, value)
        for name, value in headers.raw_items()
        if name in ("Upgrade", "Allow", "Sec-WebSocket-Version")
    ]
