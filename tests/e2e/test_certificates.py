"""Logging in by a certificate: on a listener of its own, over real TLS, by who holds the key."""

from __future__ import annotations

import base64
import signal
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from evchat.net.tls import client_context
from tests import certificates
from tests.certificates import certificate
from tests.e2e.harness import Full, Person, Server
from tests.irc.harness import IrcClient

pytestmark = certificates.needs_openssl

LISTEN = ("tcp://127.0.0.1:0", "ircs://127.0.0.1:0?certificates=1")


@pytest.fixture
def server(start: Callable[..., Server], tmp_path: Path) -> Server:
    return start("--data", str(tmp_path / "data"), listen=LISTEN, **certificates.settings())


def with_certificate(server: Server, name: str = "") -> IrcClient:
    """An IRC client on the listener that asks for certificates. Raises ssl.SSLError if its own is not taken."""
    context = client_context(verify=False)
    if name:
        context.load_cert_chain(*certificate(name))
    sock = context.wrap_socket(server.connect(1))
    server.socks.append(sock)
    return IrcClient(sock)


def is_taken(server: Server, name: str) -> bool:
    try:
        with_certificate(server, name).send("PING :x")
        client = with_certificate(server, name)
        client.send("CAP LS 302")
        return bool(client.sock.recv(1000))
    except (ssl.SSLError, ConnectionError):
        return False


def log_in(client: IrcClient, nick: str, account: str = "") -> list[str]:
    """The numerics by which SASL EXTERNAL is answered."""
    client.send("CAP REQ :sasl")
    client.send(f"NICK {nick}")
    client.send("USER x 0 * :x")
    client.send("AUTHENTICATE EXTERNAL")
    client.send(f"AUTHENTICATE {base64.b64encode(account.encode()).decode() or '+'}")
    client.send("CAP END")
    told = []
    while not told or told[-1] not in ("001", "433", "ERROR"):
        told.append(client.recv().command)
    return [word for word in told if word.startswith("90")] + told[-1:]


def encoded(name: str) -> str:
    return base64.b64encode(ssl.PEM_cert_to_DER_cert(certificate(name)[0].read_text())).decode()


def test_a_user_adds_a_certificate_and_logs_in_by_it(server: Server) -> None:
    assert not is_taken(server, "alice")
    alice = Full(server.connect(), "alice")
    alice.request("register", password="a secret")
    told = alice.request("certificate", certificate("alice")[0].read_text(), action="add")
    assert len(told["certificates"][0]) == 64
    client = with_certificate(server, "alice")
    assert "EXTERNAL" in (client.cap_ls()["sasl"] or "")
    assert log_in(client, "alice") == ["900", "903", "001"]
    assert log_in(with_certificate(server, "alice"), "other", "alice") == ["900", "903", "001"]


def test_whoever_shows_none_or_anothers_is_not_let_in(server: Server) -> None:
    for name in ("alice", "mallory"):
        client = Full(server.connect(), name)
        client.request("register", password="a secret")
        client.request("certificate", encoded(name), action="add")
    assert log_in(with_certificate(server), "alice") == ["904", "433"]
    assert log_in(with_certificate(server, "mallory"), "alice") == ["904", "433"]
    assert log_in(with_certificate(server, "mallory"), "x", "alice") == ["904", "001"]


def test_one_that_is_removed_leads_nowhere(server: Server) -> None:
    alice = Full(server.connect(), "alice")
    alice.request("register", password="a secret")
    told = alice.request("certificate", encoded("alice"), action="add")
    assert log_in(with_certificate(server, "alice"), "alice") == ["900", "903", "001"]
    alice.request("certificate", told["certificates"][0], action="remove")
    assert log_in(with_certificate(server, "alice"), "x", "alice") == ["904", "001"]
    server.process.send_signal(signal.SIGHUP)
    server.logged("certificate loaded")
    assert not is_taken(server, "alice")


def test_it_holds_after_a_restart(start: Callable[..., Server], tmp_path: Path) -> None:
    arguments = ("--data", str(tmp_path / "data"))
    server = start(*arguments, listen=LISTEN, **certificates.settings())
    alice = Full(server.connect(), "alice")
    alice.request("register", password="a secret")
    alice.request("certificate", encoded("alice"), action="add")
    server.kill()
    server = start(*arguments, listen=LISTEN, **certificates.settings())
    assert log_in(with_certificate(server, "alice"), "alice") == ["900", "903", "001"]


def test_lines_that_are_too_short_take_it_in_pieces(server: Server) -> None:
    person = Person(server.connect())
    person.login("alice")
    person.type("/register a secret")
    person.sync()
    for line in certificate("alice")[0].read_text().splitlines():
        person.type(f"/certificate add {line}")
    assert any("is yours" in line for line in person.sync())
    irc = IrcClient(server.connect())
    irc.register("bob")
    irc.send("REGISTER * * :a secret")
    text = encoded("bob")
    for start in range(0, len(text), 400):
        irc.send(f"CERTIFICATE ADD {text[start : start + 400]}")
    assert any("is yours" in str(message.params) for message in irc.collect())
    for name in ("alice", "bob"):
        assert log_in(with_certificate(server, name), name) == ["900", "903", "001"]


def test_an_owners_authority_decides_alone(start: Callable[..., Server], tmp_path: Path) -> None:
    authority, leaf = certificate("an authority"), certificates.issued("alice", "an authority")
    settings = {"EVCHAT_TLS_CLIENT_CA": str(authority[0]), **certificates.settings()}
    server = start("--data", str(tmp_path / "data"), listen=LISTEN, **settings)
    alice = Full(server.connect(), "alice")
    alice.request("register", password="a secret")
    alice.request("certificate", encoded("self-signed"), action="add")
    assert not is_taken(server, "self-signed")
    alice.request("certificate", leaf[0].read_text(), action="add")
    context = client_context(verify=False)
    context.load_cert_chain(*leaf)
    sock = context.wrap_socket(server.connect(1))
    server.socks.append(sock)
    assert log_in(IrcClient(sock), "alice") == ["900", "903", "001"]


def test_elsewhere_nobody_is_asked_for_one(server: Server) -> None:
    context = client_context(verify=False)
    context.load_cert_chain(*certificate("unknown"))
    sock = context.wrap_socket(server.connect())
    server.socks.append(sock)
    assert "EXTERNAL" not in (IrcClient(sock).cap_ls()["sasl"] or "")
