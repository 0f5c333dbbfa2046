"""What IRC clients are told of TLS: the policy of IRCv3 strict transport security, and what a transport offers."""

from __future__ import annotations

from typing import Final

from evchat.protocol.value import value

MECHANISMS: Final = ("PLAIN", "SCRAM-SHA-256")
"""The mechanisms of SASL for passwords."""


class Sts:
    """The policy of a server, one object for all clients; nothing is announced while a value is 0.

    `port` is where TLS is spoken, `duration` for how many seconds clients are to use nothing else.
    """

    __slots__ = ("duration", "port")

    def __init__(self) -> None:
        self.port = 0
        self.duration = 0


@value
class Transport:
    """How a client has come: whether with TLS (`secure`), and whether it was asked for a `certificate`.

    `sts` is the policy that it is told, None where it could not follow it: behind a proxy, or over WebSocket.
    """

    secure: bool = False
    certificate: bool = False
    sts: Sts | None = None

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """The mechanisms of SASL by which a client can log in."""
        return (*MECHANISMS, "EXTERNAL") if self.certificate else MECHANISMS

    @property
    def policy(self) -> str:
        """The value of the capability `sts`; empty if there is none."""
        if self.sts is None or not (self.sts.port and self.sts.duration):
            return ""
        return f"duration={self.sts.duration}" if self.secure else f"port={self.sts.port}"


PLAIN = Transport()
"""A client that is told nothing of TLS."""
