"""The detection of a client's dialect by its first bytes."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Final

from evchat.dialects import foreign
from evchat.dialects.base import Action, Dialect
from evchat.protocol.base import Event
from evchat.protocol.basics import HungUp
from evchat.settings.model import Config

_IRC_WORDS = (b"CAP", b"NICK", b"USER", b"PASS", b"JOIN", b"QUIT", b"PING")
HTTP: Final = "http"
PROXIED_HTTP: Final = "http-proxied"
"""The names of the dialects for browsers: of those that connect, and of those for which a proxy does."""

IRC: Final = "irc"
PLAIN_IRC: Final = "irc-plain"
IRC_OVER_TLS: Final = "irc-tls"
IRC_WITH_CERTIFICATES: Final = "irc-certificates"
"""The names of the dialects for IRC clients: of those whose way nobody knows, of those that have come without TLS or
with it, and of those that were asked for a certificate."""
METRICS: Final = "metrics"
"""That of HTTP on the listener for a monitoring system."""

UNDECIDED: Final = "undecided"
"""The name of a dialect that is not known yet."""

_MOST: Final = 4096
"""Bytes of a first line that are waited for; a line of IRC is shorter."""


class Detector:
    """Collects bytes until it is clear who speaks; then `successor` is the dialect, which has got all of them.

    `{` means JSON. A first line that begins with a word of IRC's registration, in any case, means IRC; for `JOIN` a `:`
    must follow. Anything else is text, and so is a dialect that `dialects` (by "json", "irc", "text") does not offer.
    Where only one dialect is spoken, `only` names it. HTTP is turned away where it is not offered, TLS and UTF-16
    everywhere (see `foreign`), and a byte order mark in front is dropped. `proxied` means that a proxy has connected
    that may say whom it stands for, and `irc` is how an IRC client has come.
    """

    paced = False
    pings = False
    context = False
    acknowledges = False
    visits = False

    __slots__ = ("_begun", "_dialects", "_http", "_irc", "_only", "_opened", "_speaker", "successor")

    def __init__(
        self,
        dialects: Mapping[str, Callable[[], Dialect]],
        only: str = "",
        *,
        proxied: bool = False,
        irc: str = IRC,
    ) -> None:
        self._dialects = dialects
        self._http = PROXIED_HTTP if proxied else HTTP
        self._irc = irc if irc in dialects else IRC
        only = {HTTP: self._http, IRC: self._irc}.get(only, only)
        self._only = only
        self._speaker = dialects[only]() if only else None
        """Whose words are used until it is decided; None: nobody's."""
        self._begun = bytearray()
        self._opened = False
        """Whether a byte order mark, if there was one, is gone."""
        self.successor: Dialect | None = None

    def unproxied(self) -> Detector:
        """The same, for the client itself: one that has heard nothing and greets nobody."""
        only = {PROXIED_HTTP: HTTP, self._irc: IRC}.get(self._only, self._only)
        return Detector(self._dialects, only=only, irc=self._irc)

    def encrypted(self) -> None:
        """The client, which has said nothing yet, has come with TLS."""
        if IRC_OVER_TLS in self._dialects:
            self._irc = IRC_OVER_TLS

    @property
    def name(self) -> str:
        """The name of the only dialect, if there is just one."""
        return self._speaker.name if self._speaker else UNDECIDED

    @property
    def variant(self) -> Hashable:
        """That of the only dialect, if there is but one."""
        return self._speaker.variant if self._speaker else UNDECIDED

    def greet(self) -> Sequence[Action]:
        """Nothing where several dialects are spoken: JSON clients choke on a greeting."""
        return self._speaker.greet() if self._speaker else []

    def receive(self, data: bytes) -> Sequence[Action]:
        """Nothing until it is clear who speaks, then what that dialect makes of all bytes."""
        if self.successor is not None:
            return self.successor.receive(data)
        self._begun += data
        if not self._opened:
            self._opened = self._open()
            data = bytes(self._begun)
        if not self._opened or not data:
            return []
        speaker = self._judge(data)
        return [] if speaker is None else self._hand_over(speaker)

    def end(self) -> Sequence[Action]:
        """Decides by the bytes there are: no more will come."""
        actions: Sequence[Action] = ()
        if self.successor is None and self._begun:
            actions = self._hand_over(self._by_line(bytes(self._begun)))
        return actions if self.successor is None else [*actions, *self.successor.end()]

    def encode(self, event: Event) -> bytes:
        """Nothing until it is clear who speaks, but the last words: nobody knows what would be understood."""
        speaker = self.successor or self._speaker
        if speaker is not None:
            return speaker.encode(event)
        return self._dialects["text"]().encode(event) if isinstance(event, HungUp) else b""

    def answer(self, event: Event) -> bytes:
        """As `encode`."""
        speaker = self.successor or self._speaker
        return self.encode(event) if speaker is None else speaker.answer(event)

    def farewell(self, *, stopping: bool = False) -> bytes:
        """As the dialect does that speaks."""
        speaker = self.successor or self._speaker
        return b"" if speaker is None else speaker.farewell(stopping=stopping)

    def reconfigure(self, config: Config) -> bytes:
        """As the dialect does that speaks; until it is clear which, `dialects` make the right one."""
        speaker = self.successor or self._speaker
        return b"" if speaker is None else speaker.reconfigure(config)

    def _open(self) -> bool:
        """Drops a byte order mark in front; False while the first bytes may still become one."""
        begun = bytes(self._begun[: len(BOM_UTF8)])
        if begun != BOM_UTF8:
            return not BOM_UTF8.startswith(begun)
        del self._begun[: len(BOM_UTF8)]
        return True

    def _hand_over(self, speaker: Dialect) -> Sequence[Action]:
        self.successor = speaker
        begun = bytes(self._begun)
        self._begun.clear()
        return speaker.receive(begun)

    def _judge(self, data: bytes) -> Dialect | None:
        """The dialect that speaks, or None while it may still be one or the other. `data` is what came last."""
        begun = self._begun
        if begun.startswith(b"{"):
            return self._one("json")
        if begun.startswith(b"\x16"):
            if len(begun) == 1:
                return None
            return foreign.tls() if foreign.is_tls(begun) else self._one("text")
        utf16 = foreign.is_utf16(begun)
        if utf16 is not False:
            return self._utf16(begun) if utf16 else None
        if b"\n" in data:
            # A line break beyond what is waited for counts for nothing: in small pieces it would come too late.
            end = begun.find(b"\n", 0, _MOST + 1)
            if end >= 0:
                return self._by_line(bytes(begun[:end]))
        # What can't become a line of HTTP or IRC needs no waiting for its end: the others mean the same whenever it
        # is decided.
        word = bytes(begun[:5].upper())
        may_be_irc = any(word.startswith(known) or known.startswith(word) for known in _IRC_WORDS)
        if len(begun) <= _MOST and (may_be_irc or foreign.may_be_http(begun)):
            return None
        first = bytes(begun[: _MOST + 1])
        return self._web(first) if foreign.begins_http(first) else self._one("text")

    def _utf16(self, begun: bytearray) -> Dialect:
        return foreign.utf16(self._one("json" if b"{" in begun[2:4] else "text").encode)

    def _by_line(self, line: bytes) -> Dialect:
        if _is_irc(line) and self._irc in self._dialects and self._only in ("", self._irc):
            return self._one(self._irc)
        return self._web(line) if foreign.is_http(line) else self._one("text")

    def _web(self, line: bytes) -> Dialect:
        """HTTP where it is spoken; else what turns it away."""
        if self._http in self._dialects and self._only in ("", self._http):
            return self._one(self._http)
        return foreign.http(line)

    def _one(self, name: str) -> Dialect:
        """The only dialect, or the one of this name, or text."""
        return self._speaker or self._dialects[name if name in self._dialects else "text"]()


def _is_irc(line: bytes) -> bool:
    word, _, rest = line.rstrip(b"\r").partition(b" ")
    word = word.upper()
    return word in _IRC_WORDS and (word != b"JOIN" or rest.lstrip(b" ").startswith(b":"))
