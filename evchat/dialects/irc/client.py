"""The state of one IRC client, and the beginning of every line that is meant for it alone."""

from __future__ import annotations

from evchat.dialects import times
from evchat.dialects.irc.line import Line, cut
from evchat.dialects.irc.server_facts import for_nick, server_facts
from evchat.dialects.irc.transport import PLAIN, Transport
from evchat.protocol.base import NOBODY, Request
from evchat.settings.model import Config

_NO_LINE = Line("", ())


def line_of(request: Request | None) -> Line:
    """The line that a request was made of, if its `context` has kept it; an empty one if not."""
    context = request.context if request is not None else None
    return context if isinstance(context, Line) else _NO_LINE


class IrcClient:
    """The state of one client. Changed only by what it is answered, never by what it has merely asked for."""

    __slots__ = (
        "_references", "asked", "caps", "nick", "server", "transport", "version", "welcomed", "who",
    )  # fmt: skip

    def __init__(self, config: Config, version: str, started: int, transport: Transport = PLAIN) -> None:
        """`version` is the server's, which runs since `started` (milliseconds since the epoch)."""
        self.transport = transport
        self.server = server_facts(config, version, started)
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

    @property
    def config(self) -> Config:
        """The server's settings."""
        return self.server.config

    @property
    def hostname(self) -> str:
        """The server's name as the source of a line."""
        return self.server.hostname

    def head(self, number: str, *words: str) -> str:
        """The beginning of a numeric: the server, the numeric, the client's nick, and further parameters."""
        head = f":{self.server.hostname} {number} {self.nick}"
        return f"{head} {' '.join(words)}" if words else head

    def numeric(self, number: str, *words: str, text: str) -> str:
        """A numeric with a text as its last parameter, cut to what a line may have."""
        return cut(f"{self.head(number, *words)} :{text}")

    def reconfigure(self, config: Config) -> list[str]:
        """Takes new settings over, but for the server's names; the lines of RPL_ISUPPORT that tell what has changed."""
        before = set(self.server.tokens)
        self.server = self.server.renewed(config)
        changed = tuple(token for token in self.server.tokens if token not in before)
        return for_nick(self.server.isupport_of(changed), self.nick) if changed else []

    def isupport(self) -> list[str]:
        """The lines of RPL_ISUPPORT."""
        return self.server.isupport(self.nick)

    def date(self, at: int) -> str:
        """A moment (milliseconds since the epoch), for a person."""
        return times.sentence(at)
