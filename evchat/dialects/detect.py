"""Which dialect a client speaks, by its first bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evchat.dialects.base import Dialect
from evchat.protocol.events import Event
from evchat.protocol.requests import Request

_IRC_WORDS = frozenset({b"CAP", b"NICK", b"USER", b"PASS", b"QUIT", b"PING"})
_MOST = 4096
"""Bytes of a first line that are looked at; a longer one is none of IRC's."""


class Detector:
    """Collects bytes until it is clear who speaks; then `decided` is the dialect, which has got all of them.

    `{` means JSON. A first line that begins with a word of IRC's registration means IRC, if `dialects` has it. Anything
    else is text.
    """

    name = "unknown"
    variant = "unknown"
    paced = False
    pings = False

    def __init__(self, dialects: Mapping[str, Callable[[], Dialect]]) -> None:
        self._dialects = dialects
        self._buffer = b""
        self.decided: Dialect | None = None

    def greet(self) -> list[Request]:
        """Nothing: JSON clients choke on a greeting."""
        return []

    def receive(self, data: bytes) -> list[Request]:
        """Nothing until it is clear, then what the dialect makes of all bytes."""
        if self.decided is not None:
            return self.decided.receive(data)
        self._buffer += data
        name = self._decide()
        if name is None:
            return []
        return self._hand_over(name)

    def end(self) -> list[Request]:
        """Whatever has come, it is all there will be."""
        requests = self._hand_over("text") if self.decided is None and self._buffer else []
        return requests + (self.decided.end() if self.decided is not None else [])

    def _hand_over(self, name: str) -> list[Request]:
        self.decided = self._dialects[name]()
        buffer, self._buffer = self._buffer, b""
        return self.decided.receive(buffer)

    def _decide(self) -> str | None:
        if self._buffer[:1] == b"{":
            return "json"
        line, newline, _ = self._buffer.partition(b"\n")
        if not newline and len(line) <= _MOST:
            return None
        words = line.upper().split(None, 2)
        spoken = words and (
            words[0] in _IRC_WORDS or (words[0] == b"JOIN" and words[1:2] and words[1][:1] == b":")
        )
        return "irc" if spoken and "irc" in self._dialects else "text"

    def encode(self, event: Event) -> bytes:
        """Nothing: nobody knows yet what would be understood."""
        return b"" if self.decided is None else self.decided.encode(event)
