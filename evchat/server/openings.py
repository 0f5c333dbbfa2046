"""The beginnings of connections: which layer a new one gets, and how long its handshake may take."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from evchat.net.layer import Layer
from evchat.net.opening import Opening
from evchat.server.certificates import Certificates
from evchat.server.client import Client
from evchat.server.connection_limits import site
from evchat.settings.address import TLS_SCHEMES
from evchat.settings.model import Limits

_DETECTED: Final = ("tcp", "unix")
"""The schemes of addresses where a client may begin with TLS or without."""


def fingerprint(client: Client) -> str:
    """That of the certificate (SHA-256, in hexadecimal digits) that a client has shown; empty if it has shown none."""
    from evchat.net.tls import Tls  # here, because it takes 10 ms, and without TLS nobody asks

    layer = client.connection.layer
    shown = layer.certificate if isinstance(layer, Tls) else b""
    return hashlib.sha256(shown).hexdigest() if shown else ""


class Openings:
    """Makes the layers of new connections, and watches over handshakes. `limits` may be replaced at any time."""

    def __init__(self, limits: Limits, certificates: Certificates) -> None:
        self.limits = limits
        self._certificates = certificates
        self._handshakes: dict[Client, float] = {}
        """The clients whose handshake is not known to be complete, and when it must be; the oldest first."""

    @property
    def can_encrypt(self) -> bool:
        """Whether there is a certificate."""
        return self._certificates.offered

    def layer(self, scheme: str, *, proxied: bool = False, certificates: bool = False) -> Layer | None:
        """The layer of a new connection to an address of this scheme; None if its bytes are the client's.

        A trusted proxy, which may send a header, has connected if it is `proxied`. With `certificates` the client is
        asked for one.
        """
        required = scheme in TLS_SCHEMES
        make = self._certificates.asking_layer if certificates else self._certificates.layer
        tls = make if required or scheme in _DETECTED and self._certificates.offered else None
        if required and not proxied:
            return make()
        return Opening(tls, required=required, proxied=proxied) if tls is not None or proxied else None

    def must_encrypt(self, client: Client) -> bool:
        """Whether the client, which does not speak TLS, would have to."""
        is_plain = client.connection.layer is None
        return is_plain and self._certificates.required and site(client.address) is not None

    def began(self, client: Client, now: float) -> None:
        """The client's connection has got a layer. If it needs a handshake, that must be complete in time."""
        layer = client.connection.layer
        if layer is not None and not layer.ready:
            self._handshakes[client] = now + self.limits.tls_handshake

    def overdue(self, now: float) -> Iterator[Client]:
        """The clients that have taken too long for their handshake."""
        for client, end in list(self._handshakes.items()):
            layer = client.connection.layer
            if client.connection.closing or layer is None or layer.ready:
                del self._handshakes[client]
            elif now >= end:
                del self._handshakes[client]
                yield client
