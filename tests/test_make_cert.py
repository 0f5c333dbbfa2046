"""A certificate for a LAN: made once, for all names of the machine, readable for its owner alone."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from evchat import make_cert
from evchat.net.tls import client_context, server_context, shake_hands
from evchat.server.certificates import Certificates, problem
from evchat.settings.model import Config
from tests.certificates import needs_openssl


def without_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_cert, "_has_cryptography", lambda: False)


@needs_openssl
@pytest.mark.parametrize("way", ["openssl", "cryptography"])
def test_what_was_made_is_a_pair_that_a_server_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "openssl":
        without_library(monkeypatch)
    else:
        pytest.importorskip("cryptography")
        monkeypatch.setattr(shutil, "which", lambda name: None)
    assert make_cert.make(tmp_path / "new") == 0
    made = [tmp_path / "new" / name for name in (make_cert.CERTIFICATE, make_cert.KEY)]
    assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [0o600, 0o600]
    config = Config(tls_cert=made[0], tls_key=made[1])
    assert problem(config) == "" and Certificates(config).offered
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f'tls_cert = "{made[0]}"' and told[2].count(":") == 32


@needs_openssl
def test_what_is_there_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / make_cert.KEY).write_text("precious")
    assert make_cert.make(tmp_path) == 2
    assert (tmp_path / make_cert.KEY).read_text() == "precious"
    assert "exists" in capsys.readouterr().err


def test_without_the_program_its_command_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_library(monkeypatch)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert make_cert.make(tmp_path) == 1
    assert "openssl req -x509" in capsys.readouterr().err


def test_the_names_are_names_and_the_addresses_addresses() -> None:
    made = make_cert.command(Path("d"), ["host", "192.0.2.1", "::1"])
    assert "subjectAltName=DNS:host,IP:192.0.2.1,IP:::1" in made
    assert "localhost" in make_cert.own_names() and "127.0.0.1" in make_cert.own_names()


@needs_openssl
@pytest.mark.parametrize("way", ["openssl", "cryptography"])
def test_what_was_made_holds_for_every_name_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "openssl":
        without_library(monkeypatch)
    else:
        pytest.importorskip("cryptography")
    assert make_cert.make(tmp_path) == 0
    config = Config(tls_cert=tmp_path / make_cert.CERTIFICATE, tls_key=tmp_path / make_cert.KEY)
    client = client_context(verify=True)
    client.load_verify_locations(config.tls_cert)
    server = server_context(tmp_path / make_cert.CERTIFICATE, tmp_path / make_cert.KEY)
    for name in make_cert.own_names():
        shake_hands(server, client, name)
