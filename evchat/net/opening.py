"""What comes before a client's first words: perhaps a proxy's header, perhaps a handshake of TLS."""

from __future__ import annotations

from evchat.net.proxy_protocol import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from evchat.net.layer import Layer

_TLS = 0x16
"""The first byte of every TLS connection: the type of a record of the handshake (RFC 8446, section 5.1). No text begins
with it."""


class Opening:
    """The layer of a connection until it is clear what the client speaks: it is `over` then.

    `tls` makes the layer that takes over if the client begins as TLS does, or in any case if it is `required`. If the
    connection may be that of a proxy (`proxied`), a header of the PROXY protocol may come before: `address` is the
    client's then, if the header names one.
    """

    heavy = False
    work = 0
    unfinished = False

    __slots__ = ("_begun", "_proxied", "_required", "_tls", "address", "ended", "over", "successor")

    def __init__(
        self, tls: Callable[[], Layer] | None, *, required: bool = False, proxied: bool = False
    ) -> None:
        self._tls = tls
        self._required = required
        self._proxied = proxied
        self._begun = b""
        self.address = ""
        self.ended = False
        self.over = False
        self.successor: Layer | None = None

    @property
    def ready(self) -> bool:
        """Whether anything may be said yet: where TLS is required, nothing in plain words."""
        return not self._required

    def receive(self, data: bytes) -> bytes:
        """What follows the header, once it is clear what that is."""
        if self._proxied:
            self._begun += data
            header = parse(self._begun)
            if header is None:
                return b""
            size, self.address = header
            data, self._begun, self._proxied = self._begun[size:], b"", False
        if not data and self._tls is not None and not self._required:
            return b""  # the next byte decides
        self.over = True
        if self._tls is not None and (self._required or data[0] == _TLS):
            self.successor = self._tls()
        return data

    def end(self) -> bytes:
        """What might have become a header."""
        self.ended = True  # nothing protects it, so nothing was cut short
        data, self._begun = self._begun, b""
        return data

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
