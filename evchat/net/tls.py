"""TLS without I/O: ciphertext in, plaintext out, and the other way round."""

from __future__ import annotations

import ssl

from evchat.net.frames import cut_frames
from evchat.net.layer import LayerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

FIRST_BYTE = b"\x16"
"""The first byte of every TLS connection: the type of a record of the handshake (RFC 8446, section 5.1)."""

_MOST_HANDSHAKE = 64 * 1024
"""Bytes that a peer may send before the handshake is complete: a few certificates."""
_HANDSHAKE = 60
"""Records that are decrypted in the time of a step of the handshake: 0.3 ms with a key on a curve, 1 ms with RSA."""
_MOST_RECORDS = 64
"""Records decrypted in one turn: a megabyte, if they are full."""
_RECORD = 16 * 1024
"""The most plaintext of one record (RFC 8446, section 5.1)."""


class Tls:
    """One side of a TLS connection, a `Layer`. A client, which names the `host` it wants, begins the handshake at once.

    `certificate` and `version` mean something once it is `ready`. `distrust` says why a client's handshake has failed,
    if that was because of the server's certificate.
    """

    heavy = True
    over = False
    successor = None

    __slots__ = (
        "_closed",
        "_incoming",
        "_object",
        "_outgoing",
        "_taken",
        "distrust",
        "ended",
        "ready",
        "unfinished",
        "work",
    )

    def __init__(self, context: ssl.SSLContext, *, host: str | None = None) -> None:
        server = context.protocol == ssl.PROTOCOL_TLS_SERVER
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._object = context.wrap_bio(self._incoming, self._outgoing, server, host)
        self._taken = 0
        self._closed = False
        self.ready = False
        self.ended = False
        self.work = 0
        self.unfinished = False
        self.distrust = ""
        if not server:
            self._shake_hands()

    @property
    def certificate(self) -> bytes:
        """The peer's certificate in DER; empty if it has sent none."""
        return self._object.getpeercert(binary_form=True) or b""

    @property
    def version(self) -> str:
        """The version and the cipher suite that were agreed on, for the log."""
        cipher = self._object.cipher()
        return f"{self._object.version()} {cipher[0] if cipher else ''}"

    def receive(self, data: bytes) -> bytes:
        """The plaintext of these bytes, and of those before that were not a whole record."""
        self._incoming.write(data)
        self.work = 0
        if not self.ready:
            self.work = _HANDSHAKE
            self._taken += len(data)
            if not self._shake_hands():
                if self._taken > _MOST_HANDSHAKE:
                    raise self._broken(f"A handshake of TLS of more than {_MOST_HANDSHAKE} bytes.")
                return b""
        return self._read()

    def _shake_hands(self) -> bool:
        """Goes on with the handshake; whether it is complete."""
        try:
            self._object.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except (ssl.SSLError, ValueError) as error:
            if isinstance(error, ssl.SSLCertVerificationError):
                self.distrust = error.verify_message
            raise self._broken(f"The handshake of TLS failed: {_explained(error)}.") from error
        self.ready = True
        return True

    def _read(self) -> bytes:
        read = self._object.read
        pieces: list[bytes] = []
        self.unfinished = False
        try:
            while not self.ended:
                if len(pieces) == _MOST_RECORDS:
                    self.unfinished = True
                    break
                piece = read(_RECORD)
                if piece:
                    pieces.append(piece)
                else:
                    self.ended = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.ended = True
        except ssl.SSLError as error:
            raise self._broken(f"Broken TLS: {_explained(error)}.") from error
        self.work += len(pieces)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _broken(self, reason: str) -> LayerError:
        self.ready = False
        self._closed = True
        return LayerError(reason)

    def end(self) -> bytes:
        """Nothing: what is not a whole record means nothing."""
        return b""

    def outgoing(self) -> bytes:
        """What the handshake, or an alert, wants sent."""
        return self._outgoing.read() if self._outgoing.pending else b""

    def seal(self, pieces: list[bytes]) -> bytes:
        """The ciphertext of all the pieces, in as few records as they fit in; nothing after `close`."""
        self._write(b"".join(pieces))
        return self._outgoing.read()

    def seal_apart(self, pieces: list[bytes]) -> bytes:
        """The ciphertext with a record, which is what a read returns, for each frame."""
        for frame in cut_frames(pieces):
            self._write(frame)
        return self._outgoing.read()

    def _write(self, data: bytes) -> None:
        if self._closed:
            return
        written = self._object.write(data)
        if written < len(data):  # one record was made: it takes a write for each
            rest = memoryview(data)
            while written < len(rest):
                written += self._object.write(rest[written:])

    def close(self) -> bytes:
        """The alert `close_notify`: the peer knows that nobody has cut the connection."""
        if self._closed or not self.ready:
            return b""
        self._closed = True
        try:
            self._object.unwrap()
        except ssl.SSLError:
            pass  # it waits for the peer's own `close_notify`, which we need not
        return self.outgoing()


def _explained(error: Exception) -> str:
    """What went wrong, as OpenSSL names it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    reason = getattr(error, "reason", None)
    return str(reason).lower().replace("_", " ") if reason else str(error)


def server_context(certificate: Path, key: Path | None) -> ssl.SSLContext:
    """What a server's connections share: its certificate chain, and the key, which may be in the same file.

    Raises OSError (ssl.SSLError is one) if they can't be read or do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _limit(context)
    context.num_tickets = 2
    # An encrypted key must fail: without a password here, OpenSSL would ask for one on the terminal.
    context.load_cert_chain(certificate, key, password=str)
    return context


def ask_for_certificates(context: ssl.SSLContext, authorities: Path | None) -> None:
    """Has clients asked for a certificate: it must be one that the context trusts, or none.

    Those that `authorities` (a file in PEM) have issued are; `trust` adds others. There must not be both, or whoever
    may add one could add a namesake of an authority, for which OpenSSL would take it. Raises OSError.
    """
    context.verify_mode = ssl.CERT_OPTIONAL
    # A certificate that is trusted needs no issuer. Without this, OpenSSL trusts a self-signed one only if it finds it
    # by its name first: whoever adds one with somebody else's name and key identifier would keep that one out.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    # A session that goes on is not asked again, and the certificate may have run out since.
    context.num_tickets = 0
    context.options |= ssl.OP_NO_TICKET
    if authorities is not None:
        context.load_verify_locations(authorities)


def trust(context: ssl.SSLContext, certificate: bytes) -> None:
    """Has the context trust a certificate, in DER. Raises ssl.SSLError if it is none."""
    context.load_verify_locations(cadata=certificate)


def client_context(*, verify: bool) -> ssl.SSLContext:
    """What a client's connections share. It knows the system's CAs; without `verify` any certificate is taken."""
    context = ssl.create_default_context() if verify else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _limit(context)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _limit(context: ssl.SSLContext) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION
    # A client may ask for one at no cost to itself, and each costs a server a millisecond.
    context.options |= ssl.OP_NO_RENEGOTIATION


def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext, host: str | None = None) -> None:
    """A handshake of two contexts with each other, in memory. Raises LayerError if they do not understand each other,
    or the client does not trust the server's certificate for `host`.
    """
    ours, theirs = Tls(server), Tls(client, host=host)
    while not (ours.ready and theirs.ready):
        ours.receive(theirs.outgoing())
        theirs.receive(ours.outgoing())
