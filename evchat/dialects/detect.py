"""Which dialect a client speaks, by its first bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from evchat.dialects.base import Action, Dialect
from evchat.protocol.events import Event, HungUp
from evchat.protocol.requests import Request

_IRC_WORDS = (b"CAP", b"NICK", b"USER", b"PASS", b"JOIN", b"QUIT", b"PING")
_MOST: Final = 4096
"""Bytes of a first line that are waited for; a line of IRC is shorter."""


class Detector:
    """Collects bytes until it is clear who speaks; then `decided` is the dialect, which has got all of them.

    `{` means JSON. A first line that begins with a word of IRC's registration, in any case, means IRC; for `JOIN` a `:`
    must follow. Anything else is text, and so is a dialect that `dialects` (by "json", "irc", "text") does not offer.
    """

    name = "undecided"
    variant = "undecided"
    paced = False
    pings = False
    context = False

    __slots__ = ("_begun", "_dialects", "decided")

    def __init__(self, dialects: Mapping[str, Callable[[], Dialect]]) -> None:
        self._dialects = dialects
        self._begun = bytearray()
        self.decided: Dialect | None = None

    @property
    def successor(self) -> Dialect | None:
        """The dialect that was detected."""
        return self.decided

    def greet(self) -> list[Request]:
        """Nothing: JSON clients choke on a greeting."""
        return []

    def receive(self, data: bytes) -> Sequence[Action]:
        """Nothing until it is clear who speaks, then what that dialect makes of all bytes."""
        if self.decided is not None:
            return self.decided.receive(data)
        self._begun += data
        name = self._judge(data)
        return [] if name is None else self._hand_over(name)

    def end(self) -> Sequence[Action]:
        """What has come is all there will be, so it is judged as it stands."""
        requests: Sequence[Action] = ()
        if self.decided is None and self._begun:
            requests = self._hand_over("irc" if _is_irc(bytes(self._begun)) else "text")
        return requests if self.decided is None else [*requests, *self.decided.end()]

    def encode(self, event: Event) -> bytes:
        """Nothing until it is clear who speaks, but the last words: nobody knows what would be understood."""
        if self.decided is not None:
            return self.decided.encode(event)
        return self._dialects["text"]().encode(event) if isinstance(event, HungUp) else b""

    def answer(self, event: Event) -> bytes:
        """As `encode`."""
        return self.encode(event) if self.decided is None else self.decided.answer(event)

    def _hand_over(self, name: str) -> Sequence[Action]:
        self.decided = self._dialects[name if name in self._dialects else "text"]()
        begun = bytes(self._begun)
        self._begun.clear()
        return self.decided.receive(begun)

    def _judge(self, data: bytes) -> str | None:
        """The dialect's name, or None while it may still be one or the other. `data` is what came last."""
        begun = self._begun
        if begun.startswith(b"{"):
            return "json"
        if b"\n" in data:
            return "irc" if _is_irc(bytes(begun[: begun.index(b"\n")])) else "text"
        # What can't become a word of IRC needs no waiting for its line: text means the same whenever it is decided.
        word = bytes(begun[:5].upper())
        begins = any(word.startswith(known) or known.startswith(word) for known in _IRC_WORDS)
        return None if begins and len(begun) <= _MOST else "text"


def _is_irc(line: bytes) -> bool:
    word, _, rest = line.rstrip(b"\r").partition(b" ")
    word = word.upper()
    return word in _IRC_WORDS and (word != b"JOIN" or rest.lstrip(b" ").startswith(b":"))
