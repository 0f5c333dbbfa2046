"""The HTTP/1.1 codec of one connection: answers requests for files, and hands upgrades over to WebSocket."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import h11
from websockets.datastructures import Headers
from websockets.http11 import Request as UpgradeRequest
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from evchat.dialects.base import Action, Close, Dialect, Emit, Moved, Upgraded
from evchat.dialects.http.resources import Web, host_name
from evchat.dialects.websocket import WebSocketDialect
from evchat.protocol.base import Event
from evchat.protocol.basics import HungUp
from evchat.settings.model import Config

_SUBPROTOCOLS: Final = {"evchat.json": "json", "text.ircv3.net": "irc", "binary.ircv3.net": "irc"}
"""What can be spoken over WebSocket, by the name that is agreed, and the dialect that this means."""

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types worker"
)
_EVERYWHERE: Final = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-cache"),
)
"""Headers of every answer: nothing of ours runs in another page, and nothing from elsewhere in ours."""

_SOCKET: Final = "/socket"
"""Where the page connects. Scripts can't see why no WebSocket was opened, but can ask for this as a file."""
_LONGEST_NAME: Final = 253
"""Characters of a host's name (RFC 1035)."""
_MOST_LINES: Final = 100
"""Lines of a head. One takes longer to check than a hundred bytes; browsers behind two proxies send some thirty."""
_END_OF_HEAD: Final = re.compile(rb"\n\r?\n")
"""What h11 takes for an empty line as well."""
_AT_ANY_TIME: Final = "login-deadline"
"""Why a connection may be ended whose client waits for no answer."""

Header = tuple[str, str]

_REASONS: Final = {
    101: b"Switching Protocols",
    200: b"OK", 304: b"Not Modified", 400: b"Bad Request", 401: b"Unauthorized", 403: b"Forbidden", 404: b"Not Found",
    405: b"Method Not Allowed", 421: b"Misdirected Request", 426: b"Upgrade Required",
    431: b"Request Header Fields Too Large", 501: b"Not Implemented", 503: b"Service Unavailable",
    505: b"HTTP Version Not Supported",
}  # fmt: skip


_SECURE: Final = ("Cross-Origin-Opener-Policy", "same-origin")
"""The header for pages of secure contexts. Elsewhere browsers ignore it, and complain of it on the console."""


class _Exchange:
    """One request and its answer: h11's state of it, and whether only the answer's head was asked for.

    It is `secure` if the browser takes our address for a trustworthy one: only then it sends `Sec-Fetch-` headers
    (Fetch Metadata, section 3).
    """

    __slots__ = ("http", "secure", "without_body")

    def __init__(self) -> None:
        self.http = h11.Connection(
            h11.SERVER, max_incomplete_event_size=1 << 30
        )  # it gets heads that are complete
        self.without_body = self.secure = False


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

    __slots__ = ("_answered", "_begun", "_over", "_proxied", "_web", "successor")

    def __init__(self, web: Web, *, proxied: bool = False) -> None:
        self._web = web
        self._proxied = proxied
        self._begun = b""
        """The bytes of a head that is not complete. h11 gets whole heads, and between them nothing of it is kept: so
        what is refused does not depend on how it comes, and the state consists of plain values."""
        self._answered = 0
        self._over = False
        self.successor: Dialect | None = None

    def greet(self) -> Sequence[Action]:
        """Nothing: the client speaks first."""
        return []

    def receive(self, data: bytes) -> Sequence[Action]:
        """The answers to the requests that these bytes complete."""
        if self.successor is not None:
            return self.successor.receive(data)
        actions: list[Action] = []
        searched = max(len(self._begun) - 2, 0)
        data = self._begun + data
        start = 0
        while not self._over and self.successor is None:
            found = _END_OF_HEAD.search(data, start + searched)
            end = found.end() if found is not None else len(data)
            searched = 0
            if end - start > self._web.head or data.count(b"\n", start, end) > _MOST_LINES:
                self._refuse(_Exchange(), 431, "The head of that request is too long.", actions)
            elif found is not None:
                self._take(data[start:end], actions)
                start = end
            else:
                break
        self._begun = b"" if self._over else data[start:]
        if self.successor is not None:
            data, self._begun = self._begun, b""
            actions += self.successor.receive(data)
        return actions

    def end(self) -> Sequence[Action]:
        """What the successor makes of the end; of a request that was cut off, nothing."""
        return self.successor.end() if self.successor is not None else []

    def encode(self, event: Event) -> bytes:
        """Nothing: whoever asks for files hears nothing of the chat."""
        return b""

    def answer(self, event: Event) -> bytes:
        """Nothing but why the connection is ended, if a client waits for an answer."""
        if not isinstance(event, HungUp):
            return b""
        if event.code == _AT_ANY_TIME and self._answered and not self._begun:
            return b""  # its next request would take that for its answer
        actions: list[Action] = []
        self._refuse(_Exchange(), 503, event.reason, actions)
        return b"".join(action.frame for action in actions if isinstance(action, Emit))

    def reconfigure(self, config: Config) -> bytes:
        """Nothing: the next connection gets the new settings."""
        return b""

    def farewell(self, *, stopping: bool = False) -> bytes:
        """Nothing: an answer ends by its length."""
        return b""

    # ---- requests ---------------------------------------------------------------------------------------------

    def _take(self, head: bytes, actions: list[Action]) -> None:
        """Answers the request with this head."""
        exchange = _Exchange()
        self._answered += 1
        try:
            exchange.http.receive_data(head)
            request = exchange.http.next_event()
            assert isinstance(request, h11.Request)
            headers = _headers(request)
            exchange.without_body = request.method == b"HEAD"
            exchange.secure = "sec-fetch-site" in headers
            address = self._web.forwarded(headers.get("x-forwarded-for", "")) if self._proxied else ""
            if request.http_version not in (b"1.0", b"1.1"):
                self._refuse(exchange, 505, "Only HTTP/1.1 is spoken here.", actions)
            elif request.method not in (b"GET", b"HEAD"):
                self._refuse(
                    exchange, 405, "Only GET and HEAD are served here.", actions, ("Allow", "GET, HEAD")
                )
            elif "transfer-encoding" in headers or headers.get("content-length", "").strip("0"):
                self._refuse(exchange, 400, "A request here has no body.", actions)
            else:
                assert type(exchange.http.next_event()) is h11.EndOfMessage
                if (
                    self._web.speakers
                    and "upgrade" in headers
                    and request.method == b"GET"
                    and request.http_version == b"1.1"
                ):
                    self._upgrade(exchange, request, address, actions)
                else:
                    if address:
                        actions.append(Moved(address))
                    self._file(exchange, request, headers, actions)
        except h11.RemoteProtocolError as error:
            self._refuse(exchange, error.error_status_hint, "That is not a request of HTTP/1.1.", actions)

    def _file(
        self, exchange: _Exchange, request: h11.Request, headers: dict[str, str], actions: list[Action]
    ) -> None:
        path = request.target.partition(b"?")[0].decode("latin-1")
        if path == "/healthz":
            wrong = self._web.health()
            self._text(exchange, 503 if wrong else 200, wrong or "ok", actions)
            return
        if path == _SOCKET and self._web.speakers:
            status, why = self._objection(headers.get("host", ""), ()) or (426, "Here WebSocket is spoken.")
            self._text(exchange, status, why, actions)
            return
        if not self._web.allows_reader(headers.get("authorization", "")):
            self._text(exchange, 401, "This needs a token.", actions, ("WWW-Authenticate", "Bearer"))
            return
        resource = self._web.resources.get(path)
        if resource is None:
            self._text(exchange, 404, "There is nothing here by that name.", actions)
            return
        coding, etag, body = resource.encoded(headers.get("accept-encoding", ""))
        told = [("ETag", etag), ("Vary", "Accept-Encoding")]
        if etag in headers.get("if-none-match", ""):
            self._respond(exchange, 304, told, b"", actions)
        else:
            told += [("Content-Encoding", coding)] if coding else []
            self._respond(exchange, 200, [*told, ("Content-Type", resource.content_type)], body, actions)

    def _text(
        self, exchange: _Exchange, status: int, text: str, actions: list[Action], *more: Header
    ) -> None:
        told = [("Content-Type", "text/plain; charset=utf-8"), *more]
        self._respond(exchange, status, told, (text + "\n").encode(), actions)

    def _refuse(
        self, exchange: _Exchange, status: int, text: str, actions: list[Action], *more: Header
    ) -> None:
        """Answers, and ends the connection: what follows is not read."""
        self._answered = self._web.requests  # the last answer
        self._text(exchange, status, text, actions, *more)

    def _respond(
        self, exchange: _Exchange, status: int, told: list[Header], body: bytes, actions: list[Action]
    ) -> None:
        """Answers the request. The body is not copied: all who get a file share its bytes."""
        http = exchange.http
        headers = [*_EVERYWHERE, _SECURE, *told] if exchange.secure else [*_EVERYWHERE, *told]
        if status != 304:
            headers.append(("Content-Length", str(len(body))))
        if self._answered >= self._web.requests:
            headers.append(("Connection", "close"))
        head = http.send(h11.Response(status_code=status, reason=_REASONS[status], headers=headers))
        actions.append(Emit(head or b""))
        if body and status != 304 and not exchange.without_body:
            http.send_with_data_passthrough(h11.Data(data=body))
            actions.append(Emit(body))
        http.send(h11.EndOfMessage())
        if http.our_state in (h11.MUST_CLOSE, h11.CLOSED):
            self._over = True
            actions.append(Close("Closed the connection."))

    # ---- the way to WebSocket ---------------------------------------------------------------------------------

    def _objection(self, host: str, origins: Sequence[str]) -> tuple[int, str] | None:
        """Why pages of these origins may not speak to a server of this name, as a status and a sentence."""
        if not self._web.allows_host(host):
            name = host_name(host)[:_LONGEST_NAME]
            text = f"This server is not called {name!a}. Its owner can add the name to the setting web_hosts."
            return 421, text
        if not all(self._web.allows_origin(origin, host) for origin in origins):
            return 403, "A page of another server may not speak for its reader."
        return None

    def _upgrade(
        self, exchange: _Exchange, request: h11.Request, address: str, actions: list[Action]
    ) -> None:
        """Checks who may speak here, and through which page, before it lets them."""
        web = self._web
        headers = Headers(
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers]
        )
        host = headers.get("Host", "")
        origins = headers.get_all("Origin")
        objection = self._objection(host, origins)
        if objection is not None:
            self._refuse(exchange, *objection, actions)
            return
        handshake = ServerProtocol(select_subprotocol=_select)
        target = request.target.decode("latin-1")
        response = handshake.accept(UpgradeRequest(target, headers))
        if response.status_code != 101:
            status = response.status_code if response.status_code in _REASONS else 400
            text = "That is not a handshake of WebSocket, version 13."
            self._refuse(exchange, status, text, actions, *_told(response.headers))
            return
        offered = headers.get_all("Sec-WebSocket-Protocol")
        agreed = handshake.subprotocol
        if offered and agreed is None:
            self._refuse(
                exchange,
                400,
                f"Of these subprotocols, one can be spoken: {', '.join(_SUBPROTOCOLS)}.",
                actions,
            )
            return
        del response.headers["Date"]  # a dialect does not know the time: the same bytes mean the same answer
        switch = h11.InformationalResponse(
            status_code=101, reason=_REASONS[101], headers=list(response.headers.raw_items())
        )
        actions += [Emit(exchange.http.send(switch) or b""), Upgraded(address)]
        speaker = web.speakers[_SUBPROTOCOLS.get(agreed or "", "")]()
        self.successor = WebSocketDialect(speaker, web.message, binary=agreed == "binary.ircv3.net")
        actions += self.successor.greet()


def _headers(request: h11.Request) -> dict[str, str]:
    """The headers by their names in small letters; several of a name are one list (RFC 9110, section 5.3)."""
    found: dict[str, str] = {}
    for raw, value in request.headers:
        name, text = raw.decode("latin-1"), value.decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found


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
