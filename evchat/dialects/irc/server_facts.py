"""The facts about the server that all IRC clients are told alike, with the lines that greet them made in advance."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from evchat.dialects import times
from evchat.dialects.irc import numerics as n
from evchat.dialects.irc.isupport import hostname, network, tokens
from evchat.dialects.irc.line import cut, safe
from evchat.protocol.modes import CHANNEL_MODES, USER_BY_LETTER, Takes
from evchat.protocol.names import MAIN, MAX_USER_BYTES
from evchat.settings.model import Config

_TOKENS_PER_LINE: Final = 13
"""Tokens of RPL_ISUPPORT in one line: with the nick they stay below the 15 parameters of RFC 2812, section 2.3."""

_NICK: Final = "\0" * MAX_USER_BYTES
"""What stands for the client's nick in a line made in advance: as long as the longest, so that every other one fits."""

_USER_LETTERS = "".join(sorted(USER_BY_LETTER))
_LETTERS = "".join(sorted(mode.letter for mode in CHANNEL_MODES))
_LETTERS_WITH_VALUES = "".join(
    sorted(mode.letter for mode in CHANNEL_MODES if mode.takes is not Takes.NOTHING)
)


class ServerFacts:
    """One object for all clients. `version` is the server's, which runs since `started` (milliseconds of the epoch)."""

    __slots__ = (
        "_greeting",
        "_isupport",
        "_motd",
        "_renewed",
        "config",
        "hostname",
        "network",
        "started",
        "tokens",
        "version",
    )

    def __init__(self, config: Config, version: str, started: int) -> None:
        self.config = config
        self.version = version
        self.started = started
        self.hostname = hostname(config)
        self.network = network(config)
        self.tokens = tuple(tokens(config))
        self._isupport = self.isupport_of(self.tokens)
        self._greeting = _joined(
            [
                self._line(n.RPL_YOURHOST, f":Your host is {self.hostname}, running version {version}"),
                self._line(n.RPL_CREATED, f":This server was created {times.sentence(started)}"),
                self._line(
                    n.RPL_MYINFO,
                    f"{self.hostname} {version} {_USER_LETTERS} {_LETTERS} {_LETTERS_WITH_VALUES}",
                ),
                self._isupport,
            ]
        )
        self._motd = _joined(self._motd_lines(config.motd.splitlines()))
        self._renewed: tuple[Config, ServerFacts] | None = None

    def _line(self, number: str, rest: str) -> str:
        return cut(f":{self.hostname} {number} {_NICK} {rest}")

    def _motd_lines(self, text: list[str]) -> list[str]:
        if not text:
            return [
                self._line(
                    n.ERR_NOMOTD, f":There is no message of the day. Everyone meets in {MAIN}: /join {MAIN}"
                )
            ]
        return [
            self._line(n.RPL_MOTDSTART, f":- {self.hostname} Message of the day - "),
            *(self._line(n.RPL_MOTD, f":- {safe(line)}") for line in text),
            self._line(n.RPL_ENDOFMOTD, ":End of /MOTD command."),
        ]

    def isupport_of(self, some: tuple[str, ...]) -> str:
        """Lines of RPL_ISUPPORT with some tokens, for `for_nick`."""
        rows = [some[start : start + _TOKENS_PER_LINE] for start in range(0, len(some), _TOKENS_PER_LINE)]
        return _joined(
            [self._line(n.RPL_ISUPPORT, f"{' '.join(row)} :are supported by this server") for row in rows]
        )

    def isupport(self, nick: str) -> list[str]:
        """All lines of RPL_ISUPPORT."""
        return for_nick(self._isupport, nick)

    def greeting(self, nick: str) -> list[str]:
        """The numerics that follow RPL_WELCOME, from RPL_YOURHOST to RPL_ISUPPORT."""
        return for_nick(self._greeting, nick)

    def motd(self, nick: str) -> list[str]:
        """The message of the day."""
        return for_nick(self._motd, nick)

    def renewed(self, config: Config) -> ServerFacts:
        """The facts under new settings, but for the server's names, by which clients know it; one object for all."""
        if self._renewed is None or self._renewed[0] is not config:
            new = replace(config, name=self.config.name, hostname=self.config.hostname)
            self._renewed = config, ServerFacts(new, self.version, self.started)
        return self._renewed[1]


def _joined(lines: list[str]) -> str:
    return "\r\n".join(lines)


def for_nick(lines: str, nick: str) -> list[str]:
    """Lines made in advance (at least one, joined by CR LF), as a client with this nick is told them."""
    return lines.replace(_NICK, nick).split("\r\n")


_latest: list[ServerFacts] = []
"""Those made last: mostly one, which every new client asks for."""


def server_facts(config: Config, version: str, started: int) -> ServerFacts:
    """The facts about a server, made once for each `config`."""
    for known in _latest:
        if known.config is config and known.version == version and known.started == started:
            return known
    made = ServerFacts(config, version, started)
    _latest[:] = [made, *_latest[:3]]
    return made
