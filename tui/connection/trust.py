"""Whom the client believes to be the server: what the system's authorities vouch for, or what was confirmed once.

As ssh does: the certificate of a server that nobody vouches for is shown to the user once, and remembered.
"""
# ruff: noqa: PTH123
# pathlib takes longer to import than a client that starts may take to show itself.

from __future__ import annotations

import hashlib

from tui.disk import state
from tui.model.session_events import CERTIFICATE, REFUSED, State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evchat.net.tls import Tls
    from evchat.settings.address import Address


class KnownServers:
    """A file with a line for each server whose certificate was confirmed: HOST:PORT and the SHA-256 fingerprint."""

    def __init__(self, path: str) -> None:
        self.path = path

    def load(self) -> dict[str, str]:
        """The fingerprints by HOST:PORT; none if the file can't be read."""
        try:
            with open(self.path, encoding="utf-8", errors="replace") as file:
                rows = [line.split() for line in file]
        except OSError:
            return {}
        return {row[0]: row[1] for row in rows if len(row) == 2}

    def remember(self, server: str, fingerprint: str) -> None:
        """Adds a server, or replaces its fingerprint. Raises OSError."""
        self._save({**self.load(), server: fingerprint})

    def forget(self, server: str) -> bool:
        """Removes a server; returns whether it was known. Raises OSError."""
        known = self.load()
        if known.pop(server, None) is None:
            return False
        self._save(known)
        return True

    def _save(self, known: dict[str, str]) -> None:
        state.write(self.path, "".join(f"{server} {print_}\n" for server, print_ in sorted(known.items())))


def fingerprint_of(certificate: bytes) -> str:
    """The SHA-256 of a certificate in DER, as `openssl x509 -fingerprint -sha256` writes it."""
    return hashlib.sha256(certificate).digest().hex(":").upper()


class Trust:
    """The judge of one server's certificates. An attempt to connect begins with `begin` and takes one handshake or two:

    one that the system's authorities have to vouch for, and one that takes any certificate, to compare it with what
    was confirmed.
    """

    def __init__(self, address: Address, known: KnownServers) -> None:
        self._address = address
        self._known = known
        self._server = str(address)
        self._accepted = ""
        self._verify = True
        self._distrust = ""
        """What the authorities have against the certificate, if they were asked in this attempt."""

    def begin(self) -> None:
        """A new attempt: what was confirmed is compared first, because it was needed before."""
        self._verify = not self._pin
        self._distrust = ""

    @property
    def _pin(self) -> str:
        return self._accepted or self._known.load().get(self._server, "")

    def layer(self) -> Tls:
        """The layer of the next connection."""
        from evchat.net import tls  # here, because most connections need none, and it takes 10 ms

        return tls.Tls(tls.client_context(verify=self._verify), host=self._address.host.partition("%")[0])

    def distrusted(self, reason: str) -> None:
        """Nobody vouches for the certificate, for this reason: the next handshake takes any."""
        self._distrust = reason
        self._verify = False

    def judge(self, layer: Tls) -> State | str:
        """After a handshake: "" if this is the server, "again" if another handshake has to decide, or the refusal."""
        if self._verify:
            return ""
        found, pin = fingerprint_of(layer.certificate), self._pin
        if found == pin:
            return ""
        if not self._distrust:
            self._verify = True
            return "again"
        if not pin:
            reason = f"Nobody vouches for the certificate of {self._server}: {self._distrust}. Fingerprint: {found}"
            return State(REFUSED, reason, code=CERTIFICATE, needs=CERTIFICATE, suggestion=found)
        return State(
            REFUSED,
            f"The certificate of {self._server} has changed: somebody between you and the server may be listening, or "
            f"the server has a new one. Known: {pin} Now: {found} If its owner says that this is right: "
            f"evchat-tui --forget tls://{self._server}",
            code="certificate-changed",
        )

    def accept(self, fingerprint: str) -> str:
        """The user has confirmed a certificate. Returns why it can't be remembered beyond this run, if so."""
        self._accepted = fingerprint
        try:
            self._known.remember(self._server, fingerprint)
        except OSError as error:
            return f"The certificate can't be remembered: {error.strerror}."
        return ""
