"""What an X.509 certificate says of itself, as far as it matters here (RFC 5280). TLS does the verifying."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from typing import Final

from evchat.protocol.value import value

_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_END: Final = "-----END CERTIFICATE-----"
_SEQUENCE: Final = 0x30
_VERSION: Final = 0xA0


@value
class X509:
    """A certificate: the SHA-256 `fingerprint` in hexadecimal digits, and whether its subject has signed it itself."""

    fingerprint: str
    is_self_signed: bool


def unwrapped(text: str) -> bytes:
    """The beginning of a certificate, or all of it, from base64 with or without the lines that PEM puts around it.

    Raises ValueError.
    """
    encoded = "".join(text.replace(_BEGIN, "").replace(_END, "").split())
    rest = len(encoded) % 4
    if rest and encoded.isascii() and "=" not in encoded:  # a piece that ends within a group of four
        encoded = encoded[:-1] if rest == 1 else encoded + "=" * (4 - rest)
    try:
        return b64decode(encoded, validate=True)
    except ValueError as error:
        raise ValueError("It is not base64.") from error


def begins(text: str) -> bool:
    """Whether a text is the beginning of a certificate in PEM, and not a later piece."""
    return text.lstrip().startswith(_BEGIN)


def size(begun: bytes) -> int | None:
    """How many bytes a certificate has in DER, by its first ones; None while these are too few. Raises ValueError."""
    if not begun.startswith(b"\x30"[: len(begun)]):
        raise ValueError("It does not begin like a certificate.")
    try:
        start, length = _head(begun, 0)
    except IndexError:
        return None
    return start + length


def parse(der: bytes) -> X509:
    """The certificate in all of these bytes. Raises ValueError if they are none."""
    try:
        start, length = _head(der, 0)
        if der[0] != _SEQUENCE or start + length != len(der):
            raise ValueError("It is not one certificate.")
        at, _ = _head(der, start)  # tbsCertificate
        if der[at] == _VERSION:
            at = _after(der, at)
        at = _after(der, _after(der, at))  # serialNumber, signature
        issuer_end = _after(der, at)
        subject = _after(der, issuer_end)  # validity
        subject_end = _after(der, subject)
        _after(der, subject_end)  # subjectPublicKeyInfo
    except IndexError as error:
        raise ValueError("It is not a certificate.") from error
    return X509(hashlib.sha256(der).hexdigest(), der[at:issuer_end] == der[subject:subject_end])


def _head(der: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at `at` begins, and how long it is. Raises IndexError, ValueError."""
    length = der[at + 1]
    if length < 0x80:
        return at + 2, length
    digits = length & 0x7F
    if not 1 <= digits <= 3:
        raise ValueError("It is not a certificate.")
    der[at + 1 + digits]  # IndexError, where it is cut off
    return at + 2 + digits, int.from_bytes(der[at + 2 : at + 2 + digits], "big")


def _after(der: bytes, at: int) -> int:
    """Where the element at `at` ends. Raises IndexError, ValueError."""
    start, length = _head(der, at)
    if start + length > len(der):
        raise ValueError("It is not a certificate.")
    return start + length
