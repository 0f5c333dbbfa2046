"""A certificate is proved before it is used, and replaced only by one that works."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

import pytest

from evchat.net.tls import Tls, client_context
from evchat.server.certificates import Certificates, problem
from evchat.settings.model import Config
from tests.certificates import certificate, needs_openssl
from tests.server.notes import Notes

pytestmark = needs_openssl


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate and its key, which a test may replace."""
    copies = tmp_path / "cert.pem", tmp_path / "key.pem"
    replace(copies, "localhost")
    return copies


def replace(files: tuple[Path, Path], name: str, which: tuple[int, ...] = (0, 1)) -> None:
    for index in which:
        files[index].write_bytes(certificate(name)[index].read_bytes())
        os.utime(files[index], ns=(0, len(name) + files[index].stat().st_mtime_ns))


def config(files: tuple[Path, Path]) -> Config:
    return Config(tls_cert=files[0], tls_key=files[1])


def shown(certificates: Certificates) -> bytes:
    """The certificate that a client is shown, in DER."""
    ours, theirs = certificates.layer(), Tls(client_context(verify=False))
    while not theirs.ready:
        ours.receive(theirs.outgoing())
        theirs.receive(ours.outgoing())
    return theirs.certificate


def der(name: str) -> bytes:
    return ssl.PEM_cert_to_DER_cert(certificate(name)[0].read_text())


def test_without_a_certificate_there_is_no_tls() -> None:
    assert not Certificates(Config()).offered and problem(Config()) == ""


def test_clients_are_shown_the_certificate(files: tuple[Path, Path]) -> None:
    assert shown(Certificates(config(files))) == der("localhost")


def test_a_pair_that_does_not_belong_together_is_a_problem(files: tuple[Path, Path]) -> None:
    replace(files, "another", (0,))
    assert problem(config(files)).startswith(
        f"{files[0]} and {files[1]}: this is no certificate with the key"
    )
    with pytest.raises(OSError):
        Certificates(config(files))


def test_a_file_that_is_not_there_is_named(files: tuple[Path, Path]) -> None:
    files[1].unlink()
    assert problem(config(files)) == f"{files[1]} can't be read: No such file or directory."


def test_changed_files_are_loaded_when_both_are_there(files: tuple[Path, Path], notes: Notes) -> None:
    certificates = Certificates(config(files))
    certificates.look()
    replace(files, "another", (0,))
    certificates.look()
    certificates.look()
    assert shown(certificates) == der("localhost")
    assert len(notes.facts("certificate not loaded: the old one stays")) == 1
    replace(files, "another", (1,))
    certificates.look()
    assert shown(certificates) == der("another")


def test_new_settings_name_another_certificate_or_none(files: tuple[Path, Path]) -> None:
    certificates = Certificates(Config())
    certificates.reconfigure(config(files))
    assert certificates.offered and shown(certificates) == der("localhost")
    certificates.reconfigure(Config())
    assert not certificates.offered
