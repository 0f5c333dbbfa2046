"""What comes before a client's first words: perhaps a proxy's header, perhaps a handshake of TLS."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from evchat.net.layer import Layer

_TLS = 0x16
"""The first byte of every TLS connection: the type of a record of the handshake (RFC 8446, section 5.1). No text begins
with it."""


class Opening:
    """The layer of a connection until it is clear what the client speaks: it is `over` then.

    `tls` makes the layer that takes over if the client begins as TLS does; without it, or if the client does not, none
    follows.
    """

    ended = True
    ready = True

    __slots__ = ("_tls", "over", "successor")

    def __init__(self, tls: Callable[[], Layer]) -> None:
        self._tls = tls
        self.over = False
        self.successor: Layer | None = None

    def receive(self, data: bytes) -> bytes:
        """These bytes."""
        self.over = True
        if data[0] == _TLS:
            self.successor = self._tls()
        return data

    def end(self) -> bytes:
        """Nothing is held back."""
        return b""

    def outgoing(self) -> bytes:
        """Nothing: the client speaks first."""
        return b""

    def seal(self, pieces: list[bytes]) -> bytes:
        """The pieces as they are: a client that has said nothing yet can be told only in plain words."""
        return b"".join(pieces)

    seal_apart = seal

    def close(self) -> bytes:
        """Nothing."""
        return b""
