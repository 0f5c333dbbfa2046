"""Whom the client believes: whom the authorities vouch for, and whom the user has confirmed once."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evchat.net.tls import server_context
from evchat.settings.address import Address
from tests.certificates import certificate, needs_openssl
from tests.tui.connection.test_link import Driver
from tui.connection.trust import KnownServers, Trust, fingerprint_of
from tui.model.session_events import CERTIFICATE, REFUSED

pytestmark = needs_openssl

SERVER = "127.0.0.1:9"


@pytest.fixture
def known(tmp_path: Path) -> KnownServers:
    return KnownServers(str(tmp_path / "state" / "known_servers"))


def test_known_servers_are_remembered_replaced_and_forgotten(known: KnownServers) -> None:
    assert known.load() == {} and not known.forget(SERVER)
    known.remember(SERVER, "AA:BB")
    known.remember("[::1]:9", "CC")
    known.remember(SERVER, "DD")
    assert known.load() == {SERVER: "DD", "[::1]:9": "CC"}
    assert known.forget(SERVER) and known.load() == {"[::1]:9": "CC"}


def test_the_file_is_its_owners_alone(known: KnownServers) -> None:
    known.remember(SERVER, "AA")
    assert stat.S_IMODE(Path(known.path).stat().st_mode) == 0o600


def test_a_damaged_file_knows_what_is_left_of_it(known: KnownServers) -> None:
    Path(known.path).parent.mkdir()
    Path(known.path).write_bytes(b"\xff\xfe nonsense here\nhost:1 AA\n\n")
    assert known.load() == {"host:1": "AA"}


class Shaker(threading.Thread):
    """A server that shakes hands with everyone who comes, and passes on what the last of them said first."""

    def __init__(self, name: str = "localhost") -> None:
        super().__init__(daemon=True)
        self.context = server_context(*certificate(name))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.heard: list[bytes] = []
        self.start()

    @property
    def address(self) -> Address:
        return Address("127.0.0.1", self.listener.getsockname()[1], scheme="tls")

    def run(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            try:
                with self.context.wrap_socket(sock, server_side=True) as secure:
                    self.heard.append(secure.recv(1000))
            except OSError:
                pass


@pytest.fixture
def server() -> Iterator[Shaker]:
    server = Shaker()
    yield server
    server.listener.shutdown(socket.SHUT_RDWR)
    server.listener.close()


@pytest.fixture
def driver(known: KnownServers) -> Iterator[Callable[[Address], Driver]]:
    """Makes clients that trust whom they know."""
    made: list[Driver] = []

    def make(address: Address) -> Driver:
        made.append(Driver(address, trust=Trust(address, known)))
        return made[-1]

    yield make
    for each in made:
        each.link.close()
        each.loop.close()
        if each.network is not None:
            each.network.close()


def refusal(made: Driver) -> dict[str, object]:
    made.until(lambda: made.session.state == REFUSED)
    return next(one for one in made.told if one.get("state") == REFUSED)


def test_who_is_not_known_is_asked_about_and_nothing_is_said_to_it(
    server: Shaker, known: KnownServers, driver: Callable[[Address], Driver]
) -> None:
    made = driver(server.address)
    asked = refusal(made)
    cert = certificate()[0].read_text()
    mark = fingerprint_of(ssl.PEM_cert_to_DER_cert(cert))
    assert asked["needs"] == CERTIFICATE and asked["suggestion"] == mark and mark in str(asked["reason"])
    assert not any(server.heard)
    assert made.link.accept(mark) == ""
    made.until(lambda: any(b'"hello"' in heard for heard in server.heard))
    assert known.load() == {str(server.address): mark}


def test_a_changed_certificate_is_refused_and_the_way_out_is_named(
    server: Shaker, known: KnownServers, driver: Callable[[Address], Driver]
) -> None:
    known.remember(str(server.address), "AA:BB")
    made = driver(server.address)
    told = refusal(made)
    assert told["needs"] == "" and "has changed" in str(told["reason"])
    assert f"evchat-tui --forget tls://{server.address}" in str(told["reason"])
    assert not any(server.heard)


def test_who_is_vouched_for_is_not_asked_about(
    server: Shaker, known: KnownServers, driver: Callable[[Address], Driver], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate()[0]))
    for pin in ("", "AA:BB"):
        if pin:
            known.remember(str(server.address), pin)
        server.heard.clear()
        made = driver(server.address)
        made.until(lambda: any(b'"hello"' in heard for heard in server.heard))


def test_what_cannot_be_remembered_is_trusted_for_this_run(server: Shaker, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    judge = Trust(server.address, KnownServers(str(tmp_path / "file" / "known_servers")))
    assert judge.accept("AA").startswith("The certificate can't be remembered: ")
    judge.begin()
    assert judge._pin == "AA" and not judge._verify


def test_a_server_without_tls_is_said_to_have_none(driver: Callable[[Address], Driver]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = Address("127.0.0.1", listener.getsockname()[1], scheme="tls")
        made = driver(address)
        made.until(lambda: made.link._connection is not None)
        theirs, _ = listener.accept()
        theirs.recv(4096)  # a close with unread input would be a reset
        theirs.sendall(b"SSH-2.0-OpenSSH\r\n")
        theirs.close()
        made.until(lambda: any("TLS" in reason for _, reason in made.states()))
