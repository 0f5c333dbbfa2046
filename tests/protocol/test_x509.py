"""What is read of a certificate: where it ends, its fingerprint, and whether it is self-signed."""

from __future__ import annotations

from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol import x509

SELF_SIGNED = (
    "MIIBdjCCARugAwIBAgIUSSPktXZPMoPmdVS2I+Qaw/fyPVQwCgYIKoZIzj0EAwIwEDEOMAwGA1UEAwwFYWxpY2UwHhcNMjYxMTI4"
    "MTE1NDQxWhcNMjYxMjI4MTE1NDQxWjAQMQ4wDAYDVQQDDAVhbGljZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNU0IFJGKhop"
    "kDCyiprULX+u6mDNXlctJqglJb79YI7UlwrVmGX3262D22bRN8WRFnZFW1pYtiGx9wF5fLXSrwejUzBRMB0GA1UdDgQWBBRh5fO0"
    "30t2t6/hZaPW1UK53xVvETAfBgNVHSMEGDAWgBRh5fO030t2t6/hZaPW1UK53xVvETAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49"
    "BAMCA0kAMEYCIQDNnduyhNPq3qT3e1hNWZmPF1KqxKcR6hlylHlCa8ZM3wIhANI7D3BqMRQ8ceovKx8HhHJ68M6v22ya4dableQn"
    "D0+C"
)
"""Made by `openssl req -x509`; its time does not matter here."""
FINGERPRINT = "7c5be5b7fcecf148099dbb154654ef8d4e0aaa4ab39f6e4266d3cef2533e2418"
ISSUED = (
    "MIIBajCCARGgAwIBAgIUbwxAB7jppRtT83BDpy1fAuURujkwCgYIKoZIzj0EAwIwDTELMAkGA1UEAwwCY2EwHhcNMjYxMTI4MTE1"
    "NDQxWhcNMjYxMjI4MTE1NDQxWjAPMQ0wCwYDVQQDDARsZWFmMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEn6PH7nsk1dPbEtgR"
    "9M9ltlAWWrZTIBn18DMXYs13MX+Qm6BDTsry/m889XJGfBTzN7qdBtIQHyIE85+v34otDKNNMEswHQYDVR0OBBYEFI4z5An/P6qq"
    "E9jhGkSI9Qn1alNrMB8GA1UdIwQYMBaAFJvcq9x1QdE7USDluOZjlqdZSIBUMAkGA1UdEwQCMAAwCgYIKoZIzj0EAwIDRwAwRAIg"
    "RzFAvFrBs3Xq38QEKAiV/AccY/tIxfrXKXvcYXsRqGACIESr7xjEQQQoPbrZJuZDLa9cpNWdqkWzj3kBhLxzBuZt"
)
"""One that an authority has issued."""
DER = b64decode(SELF_SIGNED)


def pem(encoded: str) -> str:
    lines = [encoded[start : start + 64] for start in range(0, len(encoded), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def test_pem_and_base64_alone_mean_the_same() -> None:
    assert x509.unwrapped(pem(SELF_SIGNED)) == x509.unwrapped(SELF_SIGNED) == DER
    assert x509.begins(pem(SELF_SIGNED)) and not x509.begins(SELF_SIGNED)


def test_a_fingerprint_is_that_which_openssl_shows() -> None:
    assert x509.parse(DER).fingerprint == FINGERPRINT


def test_whether_a_certificate_is_self_signed() -> None:
    assert x509.parse(DER).is_self_signed and not x509.parse(b64decode(ISSUED)).is_self_signed


@pytest.mark.parametrize("encoded", [SELF_SIGNED, ISSUED])
def test_its_first_bytes_say_how_long_it_is(encoded: str) -> None:
    der = b64decode(encoded)
    assert [x509.size(der[:end]) for end in range(6)] == [None, None, None, None, len(der), len(der)]
    for end in range(len(encoded)):
        begun = x509.unwrapped(encoded[:end])
        assert der.startswith(begun) and len(begun) == end * 3 // 4


@pytest.mark.parametrize("text", ["ä", "MII?", "=", "MII=BdjC"])
def test_what_is_not_base64_is_told_apart(text: str) -> None:
    with pytest.raises(ValueError, match="base64"):
        x509.unwrapped(text)


@given(st.integers(0, len(DER) - 1), st.binary(max_size=4))
def test_damaged_bytes_are_none_or_another_certificate(at: int, instead: bytes) -> None:
    damaged = DER[:at] + instead + DER[at + len(instead) :]
    try:
        parsed = x509.parse(damaged)
    except ValueError:
        return
    assert len(damaged) == len(DER) and (parsed.fingerprint == FINGERPRINT) == (damaged == DER)


@given(st.binary(max_size=200))
def test_no_bytes_are_too_strange(noise: bytes) -> None:
    for read in (x509.size, x509.parse):
        try:
            read(noise)
        except ValueError:
            pass


def test_two_in_one_are_not_one() -> None:
    for wrong in (DER + DER, DER + b"\0", DER[:-1], b""):
        with pytest.raises(ValueError):
            x509.parse(wrong)
