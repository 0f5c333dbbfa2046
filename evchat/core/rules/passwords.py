"""Passwords: hashing and checking with scrypt (RFC 7914). Slow on purpose, so it runs in the worker thread.

A secret is kept as `scrypt$LOG2N$R$P$SALT$KEY`, salt and key in base64, so that its cost can be raised later and old
secrets still work. An account's has a verifier behind it, after a space, for who proves the password without saying it
(see scram.py).
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode

from evchat.core.rules import scram

SALT_BYTES = 16
_MOST_MEMORY = 256 * 1024 * 1024
"""Bytes that a secret may cost; OpenSSL's own limit of 32 MiB would be below the next higher cost."""

_LOG2N, _R, _P = 14, 8, 1
"""16 MiB and about 50 ms: OWASP's password storage guidance lists N=2^14, r=8, p=5 and up; one try at a time is all
that an address gets here, so p=1 is enough."""


NOBODYS = f"scrypt${_LOG2N}${_R}${_P}${b64encode(bytes(SALT_BYTES)).decode()}${b64encode(bytes(32)).decode()}"
"""A secret that no known password matches, for a check that must take its time all the same."""


def make_secret(password: str, salt: bytes) -> str:
    """The secret to keep for `password`. `salt` is SALT_BYTES of randomness."""
    key = _derive(password, salt, _LOG2N, _R, _P)
    return f"scrypt${_LOG2N}${_R}${_P}${b64encode(salt).decode()}${b64encode(key).decode()}"


def make_account_secret(password: str, salt: bytes) -> str:
    """The same with a verifier. `salt` is 2 * SALT_BYTES of randomness."""
    secret = make_secret(password, salt[:SALT_BYTES])
    return f"{secret} {scram.make_verifier(password, salt[SALT_BYTES:])}"


def check(password: str, secret: str, salt: bytes) -> str:
    """The account's secret to keep from now on, if `password` is the one it was made of; empty if it is not."""
    if not matches(password, secret):
        return ""
    return secret if verifier(secret) else f"{secret} {scram.make_verifier(password, salt)}"


def change(old: str, secret: str, new: str, salt: bytes) -> str:
    """The secret to keep for `new`, if `old` is the password `secret` was made of; empty if it is not.

    `salt` is 2 * SALT_BYTES of randomness.
    """
    return make_account_secret(new, salt) if matches(old, secret) else ""


def verifier(secret: str) -> str:
    """The verifier in an account's secret; empty if there is none."""
    return secret.partition(" ")[2]


def matches(password: str, secret: str) -> bool:
    """Whether `password` is the one `secret` was made of. A secret of an unknown form matches nothing."""
    try:
        scheme, log2n, r, p, salt, key = secret.partition(" ")[0].split("$")
        if scheme != "scrypt":
            return False
        wanted = b64decode(key, validate=True)
        found = _derive(password, b64decode(salt, validate=True), int(log2n), int(r), int(p))
    except (ValueError, OverflowError):
        return False
    return hmac.compare_digest(found, wanted)


def is_secret(text: str) -> bool:
    """Whether `text` has the form of a secret."""
    try:
        scheme, log2n, r, p, salt, key = text.split("$")
        sound = scheme == "scrypt" and 1 <= int(log2n) <= 20 and int(r) >= 1 and int(p) >= 1
        return sound and bool(b64decode(salt, validate=True)) and len(b64decode(key, validate=True)) == 32
    except ValueError:
        return False


def _derive(password: str, salt: bytes, log2n: int, r: int, p: int) -> bytes:
    data = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=1 << log2n, r=r, p=p, maxmem=_MOST_MEMORY, dklen=32)
