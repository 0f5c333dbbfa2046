"""SCRAM-SHA-256 (RFC 5802, RFC 7677), the server's side: proving a password without saying it.

Of a password a verifier is kept, `scram$ITERATIONS$SALT$STORED$SERVER` with all but the number in base64. An exchange
is a client's first message, the server's challenge, the client's proof, and the server's own.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from typing import Final

from evchat.protocol.text import normalized
from evchat.protocol.value import value

NONCE_BYTES: Final = 18

_ITERATIONS = 100_000
"""About 40 ms, as much time as scrypt's share takes; a client spends the same."""

_FIRST = re.compile(r"((?:n|y),(?:a=([^,]*))?,)(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]{1,200}))")
_FINAL = re.compile(r"(c=([^,]+),r=([^,]+)),p=([^,]+)")


def make_verifier(password: str, salt: bytes) -> str:
    """What to keep of a password."""
    data = normalized("NFKC", password).encode("utf-8", "surrogatepass")
    salted = hashlib.pbkdf2_hmac("sha256", data, salt, _ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"scram${_ITERATIONS}${_encoded(salt)}${_encoded(stored)}${_encoded(server)}"


@value
class First:
    """A client's first message: whom it is about, and what the proof will speak of."""

    name: str
    header: str
    bare: str
    nonce: str


def read_first(text: str) -> First | None:
    """The first message that a text is; None if it is none, or one for somebody else than who logs in."""
    found = _FIRST.fullmatch(text)
    if found is None:
        return None
    header, other, bare, name, nonce = found.groups()
    name = _unescaped(name)
    return First(name, header, bare, nonce) if not other or _unescaped(other) == name else None


class Exchange:
    """One try: `account` is whose password is to be proved, `challenge` what the client is told first."""

    __slots__ = ("_first", "_nonce", "_server", "_stored", "account", "challenge", "proved")

    def __init__(self, account: str, verifier: str, first: First, nonce: bytes) -> None:
        _, iterations, salt, stored, server = verifier.split("$")
        self.account = account
        self._first = first
        self._nonce = first.nonce + _encoded(nonce)
        self._stored, self._server = b64decode(stored), b64decode(server)
        self.challenge = f"r={self._nonce},s={salt},i={iterations}"
        self.proved = False

    def answer(self, text: str) -> str | None:
        """The server's own proof, if a text is the client's; else None."""
        found = _FINAL.fullmatch(text)
        if found is None:
            return None
        unproved, binding, nonce, proof = found.groups()
        try:
            given = b64decode(proof, validate=True)
        except (binascii.Error, ValueError):
            return None
        if binding != _encoded(self._first.header.encode()) or nonce != self._nonce or len(given) != 32:
            return None
        said = f"{self._first.bare},{self.challenge},{unproved}".encode()
        signature = hmac.digest(self._stored, said, "sha256")
        key = bytes(one ^ other for one, other in zip(given, signature, strict=True))
        if not hmac.compare_digest(hashlib.sha256(key).digest(), self._stored):
            return None
        self.proved = True
        return f"v={_encoded(hmac.digest(self._server, said, 'sha256'))}"


def _encoded(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _unescaped(name: str) -> str:
    return name.replace("=2C", ",").replace("=3D", "=")
