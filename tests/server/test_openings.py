"""Which layer a connection begins with, and how long its handshake may take."""

from __future__ import annotations

import pytest

from evchat.dialects.detect import Detector
from evchat.net.opening import Opening
from evchat.net.tls import Tls
from evchat.server.certificates import Certificates
from evchat.server.openings import Openings
from evchat.settings.address import LISTEN_SCHEMES, TLS_SCHEMES
from evchat.settings.model import Config, Limits
from tests.certificates import certificate, needs_openssl
from tests.server.halves import Halves


def openings() -> Openings:
    cert, key = certificate()
    return Openings(Limits(), Certificates(Config(tls_cert=cert, tls_key=key)))


@pytest.mark.parametrize("scheme", sorted(set(LISTEN_SCHEMES) - set(TLS_SCHEMES)))
def test_without_a_certificate_there_are_no_layers(scheme: str) -> None:
    assert Openings(Limits(), Certificates(Config())).layer(scheme) is None


@needs_openssl
@pytest.mark.parametrize("scheme", LISTEN_SCHEMES)
def test_the_scheme_decides_whether_tls_is_spoken_detected_or_neither(scheme: str) -> None:
    layer = openings().layer(scheme)
    if scheme in ("tls", "ircs", "https"):
        assert isinstance(layer, Tls)
    elif scheme in ("tcp", "unix"):
        assert isinstance(layer, Opening)
    else:
        assert layer is None


@needs_openssl
def test_only_a_handshake_that_is_not_complete_in_time_is_overdue(both: Halves) -> None:
    watch = openings()
    (slow, _), (quick, _), (gone, _) = (both.connect() for _ in range(3))
    for client in (slow, quick, gone):
        client.connection.layer = watch.layer("tls")
        watch.began(client, 0.0)
    assert list(watch.overdue(9.9)) == []
    quick.connection.layer = None
    gone.connection.abort("Gone.")
    assert list(watch.overdue(10.0)) == [slow]
    assert list(watch.overdue(99.0)) == []


@needs_openssl
@pytest.mark.parametrize(
    ("dialect", "sent", "word"),
    [
        ("", b"ann\nhello\n", b"takes only connections with TLS"),
        ("", b'{"request": "login", "content": "ann"}\n', b'"response": "error"'),
        ("", b"NICK ann\r\nUSER a 0 * :a\r\n", b"ERROR :"),
        ("json", b'{"request": "login", "content": "ann"}\n', b'"response": "error"'),
    ],
)
def test_who_has_to_encrypt_and_does_not_is_told_so_in_its_own_dialect(
    both: Halves, dialect: str, sent: bytes, word: bytes
) -> None:
    cert, key = certificate()
    config = Config(tls_cert=cert, tls_key=key, tls_required=True)
    both.front._openings._certificates.reconfigure(config)
    for address, welcome in (("192.0.2.1", False), ("127.0.0.1", True)):
        client, sock = both.connect(Detector(both.dialects, only=dialect), address)
        sock.sendall(sent)
        both.run(5)
        assert (word in both.heard(sock)) != welcome
        assert bool(both.back.name(client.sid)) == welcome
