"""The state of one IRC client, and the beginning of every line that is meant for it alone."""

from __future__ import annotations

from dataclasses import replace

from evchat.dialects import times
from evchat.dialects.irc import numerics as n
from evchat.dialects.irc.isupport import hostname, tokens
from evchat.dialects.irc.line import Line, cut
from evchat.protocol.base import NOBODY, Request
from evchat.settings.model import Config

_TOKENS_PER_LINE = 13
"""Tokens of RPL_ISUPPORT in one line: with the nick they stay below the 15 parameters of RFC 2812, section 2.3."""

_NO_LINE = Line("", ())


def line_of(request: Request | None) -> Line:
    """The line that a request was made of, if its `context` has kept it; an empty one if not."""
    context = request.context if request is not None else None
    return context if isinstance(context, Line) else _NO_LINE


class IrcClient:
    """The state of one client. Changed only by what it is answered, never by what it has merely asked for."""

    __slots__ = (
        "_references", "asked", "caps", "config", "hostname", "nick", "server_version", "started", "version",
        "welcomed", "who",
    )  # fmt: skip

    def __init__(self, config: Config, version: str, started: int) -> None:
        """`version` is the server's, which runs since `started` (milliseconds since the epoch)."""
        self.config = config
        self.server_version = version
        self.started = started
        self.hostname = hostname(config)
        self.nick = "*"
        """The user's name; `*` until there is one."""
        self.who = NOBODY
        self.caps = 0
        """The capabilities that were acknowledged, as a mask of the bits in `caps`."""
        self.version = 301
        """Of capability negotiation."""
        self.welcomed = False
        """Whether RPL_WELCOME was sent."""
        self.asked: Request | None = None
        """The request that is being answered."""
        self._references = 0

    @property
    def line(self) -> Line:
        """The line being answered, where the answer depends on how the request was put."""
        return line_of(self.asked)

    def new_reference(self) -> str:
        """A batch's name that no other batch of this connection has."""
        self._references += 1
        return f"b{self._references}"

    def head(self, number: str, *words: str) -> str:
        """The beginning of a numeric: the server, the numeric, the client's nick, and further parameters."""
        return " ".join([f":{self.hostname} {number} {self.nick}", *words])

    def numeric(self, number: str, *words: str, text: str) -> str:
        """A numeric with a text as its last parameter, cut to what a line may have."""
        return cut(f"{self.head(number, *words)} :{text}")

    def reconfigure(self, config: Config) -> list[str]:
        """Takes new settings over, but for the server's names; the lines of RPL_ISUPPORT that tell what has changed."""
        before = set(tokens(self.config))
        self.config = replace(config, name=self.config.name, hostname=self.config.hostname)
        return self._isupport([token for token in tokens(self.config) if token not in before])

    def isupport(self) -> list[str]:
        """The lines of RPL_ISUPPORT."""
        return self._isupport(tokens(self.config))

    def _isupport(self, every: list[str]) -> list[str]:
        rows = [every[start : start + _TOKENS_PER_LINE] for start in range(0, len(every), _TOKENS_PER_LINE)]
        return [self.numeric(n.RPL_ISUPPORT, *row, text="are supported by this server") for row in rows]

    def date(self, at: int) -> str:
        """A moment (milliseconds since the epoch), for a person."""
        return times.sentence(at)
