"""Passwords: hashing and checking, slow on purpose, so it runs in the worker thread.

With argon2id (RFC 9106) where argon2-cffi is installed, else with scrypt (RFC 7914). A secret names its scheme and its
cost, so that either can be changed later and old secrets still work: `scrypt$LOG2N$R$P$SALT$KEY`, salt and key in
base64, or a PHC string, `$argon2id$v=19$m=KIB,t=PASSES,p=LANES$SALT$KEY`. An account's has a verifier behind it, after
a space, for who proves the password without saying it (see scram.py).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from importlib.util import find_spec

from evchat.core.rules import scram

HAS_ARGON2 = find_spec("argon2") is not None
"""Whether argon2-cffi is installed; it is imported when the first password is hashed, so that no start waits for it."""

SALT_BYTES = 16
_MOST_MEMORY = 256 * 1024 * 1024
"""Bytes that a secret may cost; OpenSSL's own limit of 32 MiB would be below the next higher cost."""

_LOG2N, _R, _P = 14, 8, 1
"""16 MiB and about 50 ms: OWASP's password storage guidance lists N=2^14, r=8, p=5 and up; one try at a time is all
that an address gets here, so p=1 is enough."""


_KIB, _PASSES, _LANES = 19 * 1024, 2, 1
"""19 MiB and about 40 ms: the first of the settings that OWASP lists for argon2id."""

_MOST_KIB = 256 * 1024
_MOST_PASSES = 64
"""The most that a secret may cost, whatever it says."""

_PHC = re.compile(
    r"\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}",
    re.ASCII,
)

NOBODYS = f"scrypt${_LOG2N}${_R}${_P}${b64encode(bytes(SALT_BYTES)).decode()}${b64encode(bytes(32)).decode()}"
"""A secret that no known password matches, for a check that must take its time all the same."""


def make_secret(password: str, salt: bytes) -> str:
    """The secret to keep for `password`. `salt` is SALT_BYTES of randomness."""
    if HAS_ARGON2:
        from argon2 import low_level

        data = password.encode("utf-8", "surrogatepass")
        phc = low_level.hash_secret(data, salt, _PASSES, _KIB, _LANES, 32, low_level.Type.ID)
        return phc.decode("ascii")
    key = _derive(password, salt, _LOG2N, _R, _P)
    return f"scrypt${_LOG2N}${_R}${_P}${b64encode(salt).decode()}${b64encode(key).decode()}"


def make_account_secret(password: str, salt: bytes) -> str:
    """The same with a verifier. `salt` is 2 * SALT_BYTES of randomness."""
    secret = make_secret(password, salt[:SALT_BYTES])
    return f"{secret} {scram.make_verifier(password, salt[SALT_BYTES:])}"


def check(password: str, secret: str, salt: bytes) -> str:
    """The account's secret to keep from now on, if `password` is the one it was made of; empty if it is not.

    It is another one where the scheme or the cost of new secrets has changed. `salt` is 2 * SALT_BYTES of randomness.
    """
    if not matches(password, secret):
        return ""
    if is_outdated(secret):
        return make_account_secret(password, salt)
    return secret if verifier(secret) else f"{secret} {scram.make_verifier(password, salt[SALT_BYTES:])}"


def is_outdated(secret: str) -> bool:
    """Whether new secrets are of another scheme, or another cost."""
    if HAS_ARGON2:
        return not secret.startswith(f"$argon2id$v=19$m={_KIB},t={_PASSES},p={_LANES}$")
    return not secret.startswith(f"scrypt${_LOG2N}${_R}${_P}$")


def nobodys(like: str) -> str:
    """A secret that no known password matches and that takes as long to check as `like` does."""
    head, _, key = like.rpartition("$")
    return f"{head}${'A' * len(key)}" if _PHC.fullmatch(like) else NOBODYS


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
    if secret.startswith("$"):
        return _matches_argon2(password, secret.partition(" ")[0])
    try:
        scheme, log2n, r, p, salt, key = secret.partition(" ")[0].split("$")
        if scheme != "scrypt":
            return False
        wanted = b64decode(key, validate=True)
        found = _derive(password, b64decode(salt, validate=True), int(log2n), int(r), int(p))
    except (ValueError, OverflowError):
        return False
    return hmac.compare_digest(found, wanted)


def _matches_argon2(password: str, secret: str) -> bool:
    if not _can_check(secret):
        return False
    from argon2 import exceptions, low_level

    try:
        data = password.encode("utf-8", "surrogatepass")
        return low_level.verify_secret(secret.encode("ascii"), data, low_level.Type.ID)
    except (exceptions.VerificationError, exceptions.InvalidHashError):
        return False


def _can_check(secret: str) -> bool:
    """Whether a secret is one of argon2 of a bounded cost, and can be checked here."""
    form = _PHC.fullmatch(secret)
    return HAS_ARGON2 and form is not None and int(form[1]) <= _MOST_KIB and int(form[2]) <= _MOST_PASSES


def is_secret(text: str) -> bool:
    """Whether `text` has the form of a secret that can be checked here."""
    if text.startswith("$"):
        return _can_check(text)
    try:
        scheme, log2n, r, p, salt, key = text.split("$")
        sound = scheme == "scrypt" and 1 <= int(log2n) <= 20 and int(r) >= 1 and int(p) >= 1
        return sound and bool(b64decode(salt, validate=True)) and len(b64decode(key, validate=True)) == 32
    except ValueError:
        return False


def _derive(password: str, salt: bytes, log2n: int, r: int, p: int) -> bytes:
    data = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=1 << log2n, r=r, p=p, maxmem=_MOST_MEMORY, dklen=32)
