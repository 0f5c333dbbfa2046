"""The recognition of protocols and encodings that no port of ours speaks: HTTP, TLS, UTF-16.

A web page can make any visitor's browser send a request to this machine or its network, with a body of the page's
choice. If its lines were taken for a chat's, the page would log in and speak. So the first line of a request ends the
conversation (as Redis and memcached do), and of what follows nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from evchat.dialects.base import Action, Close, Emit
from evchat.protocol.base import Event
from evchat.protocol.basics import Failed, Malformed
from evchat.settings.model import Config

_TOKEN: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""What a method consists of (RFC 9110, section 5.6.2)."""

_METHODS: Final = rb"(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PRI)"
_REQUEST_LINE: Final = re.compile(rb"%b [^ ]+ HTTP/\d|%b .* HTTP/\d" % (_TOKEN.pattern, _METHODS))
"""RFC 9112, section 3; what clients send whose target holds a space counts as well."""
_SHORT_REQUEST: Final = re.compile(rb"%b (?:/|\*|[A-Za-z]+://)" % _METHODS)
"""The beginning of one, as far as its target: of HTTP/0.9, of one that is too long, or with an odd version."""

_PAGE: Final = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>evchat</title>
<p>This is a chat server, not a web server. To join, use one of these with the host and the port
that you have just typed:
<pre>
nc HOST PORT
evchat-tui HOST:PORT
irssi -c HOST -p PORT
</pre>
"""
_HEAD: Final = (
    b"""HTTP/1.1 400 Bad Request
Content-Type: text/html; charset=utf-8
Content-Length: %d
Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
X-Content-Type-Options: nosniff
Referrer-Policy: no-referrer
Cross-Origin-Resource-Policy: same-origin
Cache-Control: no-store
Connection: close

""".replace(b"\n", b"\r\n")
    % len(_PAGE)
)

_HANDSHAKE_FAILURE: Final = bytes((21, 3, 1, 0, 2, 2, 40))
"""The record of a fatal alert (RFC 8446, sections 5.1 and 6): any TLS client shows it as an error of its handshake."""


_UTF16_JUDGED: Final = 4
"""Bytes after which UTF-16 is told from telnet."""
_LAST_TELNET_OPTION: Final = 0x27
"""NEW-ENVIRON (RFC 1572), the highest number that programs send without having been asked."""


def may_be_http(begun: bytes | bytearray) -> bool:
    """Whether the beginning of a line can become the request line of HTTP."""
    match = _TOKEN.match(begun)
    return match is not None and (match.end() == len(begun) or begun[match.end()] == 0x20)


def is_http(line: bytes) -> bool:
    """Whether a line, without its line feed, is the request line of HTTP, of whatever version."""
    return _REQUEST_LINE.match(line) is not None or begins_http(line)


def begins_http(begun: bytes | bytearray) -> bool:
    """Whether the beginning of a line, which may be too long to be waited for, is surely that of a request line."""
    return _SHORT_REQUEST.match(begun) is not None


def is_tls(begun: bytes | bytearray) -> bool:
    """Whether a connection begins as TLS does: with a record of the handshake."""
    return begun.startswith(b"\x16\x03")


def is_utf16(begun: bytes | bytearray) -> bool | None:
    """Whether a connection begins with the byte order mark of UTF-16; None while that is not clear.

    In the order of most machines the mark is also telnet's `IAC DONT`, so the character behind it is looked at: one of
    ASCII has a zero for its second byte, and no option of telnet has the number of a letter.
    """
    start = bytes(begun[:2])
    if start == b"\xff\xfe":
        return None if len(begun) < _UTF16_JUDGED else begun[2] > _LAST_TELNET_OPTION and begun[3] == 0
    return None if start in (b"\xfe", b"\xff") else start == b"\xfe\xff"


class Foreigner:
    """A client of another protocol: whatever it sends first means the same `actions`, which end the conversation.

    `words` encodes what it is told of a refusal, if it is to be told anything by the core.
    """

    paced = False
    pings = False
    context = False
    acknowledges = False
    visits = False
    successor = None

    __slots__ = ("_actions", "_words", "name", "variant")

    def __init__(
        self, name: str, actions: Sequence[Action], words: Callable[[Event], bytes] | None = None
    ) -> None:
        self.name = self.variant = name
        self._actions = actions
        self._words = words

    def greet(self) -> Sequence[Action]:
        """Nothing: the client speaks first."""
        return []

    def receive(self, data: bytes) -> Sequence[Action]:
        """What ends the conversation, whatever has come; nothing after it."""
        actions, self._actions = self._actions, []
        return actions

    def end(self) -> Sequence[Action]:
        """Nothing that was not refused before."""
        return []

    def farewell(self, *, stopping: bool = False) -> bytes:
        """Nothing."""
        return b""

    def reconfigure(self, config: Config) -> bytes:
        """Nothing: the conversation is over."""
        return b""

    def encode(self, event: Event) -> bytes:
        """The answer to what was refused; nothing of what others are told."""
        return self._words(event) if self._words is not None and isinstance(event, Failed) else b""

    def answer(self, event: Event) -> bytes:
        """As `encode`."""
        return self.encode(event)


def http(line: bytes) -> Foreigner:
    """The client that has sent this request line. It is answered with a page, or a `HEAD` without it.

    The answer repeats nothing of what was sent.
    """
    answer = _HEAD if line.startswith(b"HEAD ") else _HEAD + _PAGE
    return Foreigner("http", [Emit(answer), Close("HTTP is not supported here.")])


def tls() -> Foreigner:
    """A client that has begun a handshake of TLS."""
    return Foreigner("tls", [Emit(_HANDSHAKE_FAILURE), Close("TLS is not supported here.")])


def utf16(words: Callable[[Event], bytes]) -> Foreigner:
    """A client that sends UTF-16, told so in the `words` of a dialect."""
    reason = "That is UTF-16. Set your program to UTF-8, and connect again."
    return Foreigner("utf-16", [Malformed(reason, "bad-encoding", fatal=True)], words)
