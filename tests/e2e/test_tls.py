"""TLS on the port of everything else, and on listeners of its own."""

from __future__ import annotations

import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from evchat.net.tls import client_context
from tests import certificates
from tests.e2e.harness import DEADLINE, Client, Full, Server
from tests.e2e.transports import TRANSPORTS
from tests.irc.harness import IrcClient

pytestmark = certificates.needs_openssl


def tls(server: Server) -> socket.socket:
    sock = client_context(verify=False).wrap_socket(server.connect())
    server.socks.append(sock)
    return sock


@pytest.fixture
def secure(start: Callable[..., Server]) -> Server:
    return start("--insecure-no-limits", **certificates.settings())


def test_what_is_said_before_a_half_close_is_carried_out(secure: Server, clients: list[Client]) -> None:
    listener = Full(secure.connect(), "listener")
    clients.append(listener)
    sock = tls(secure)
    sock.sendall(b"quick\nlast words")
    with suppress(ssl.SSLError):  # Python can't hear an answer after its own goodbye
        sock.unwrap()  # type: ignore[attr-defined]
    assert listener.event("message", sender="quick")["content"] == "last words"


def test_an_unfinished_line_of_who_was_cut_off_is_not_said(secure: Server, clients: list[Client]) -> None:
    listener = Full(secure.connect(), "listener")
    clients.append(listener)
    sock = tls(secure)
    sock.sendall(b"quick\nwhole\npay 10")
    assert listener.event("message", sender="quick")["content"] == "whole"
    sock.shutdown(socket.SHUT_WR)
    listener.event("quit", sender="quick")
    assert [event["content"] for event in listener.sync() if event["response"] == "message"] == []


def test_a_listener_for_tls_alone_speaks_nothing_else(start: Callable[..., Server]) -> None:
    server = start(listen=("tls://127.0.0.1:0", "ircs://127.0.0.1:0"), **certificates.settings())
    for index, greeting in ((0, b"ann\nhello\n"), (1, b"NICK ann\r\nUSER a 0 * :a\r\n")):
        context = client_context(verify=False)
        with context.wrap_socket(server.connect(index)) as sock:
            sock.sendall(greeting)
            assert sock.recv(1000)
        sock = server.connect(index)
        sock.sendall(greeting)
        assert sock.recv(1000)[:1] in (b"\x15", b"")  # an alert


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_a_person_with_openssl_talks_like_one_with_netcat(
    secure: Server, clients: list[Client], version: str
) -> None:
    listener = Full(secure.connect(), "listener")
    clients.append(listener)
    host, port = secure.where
    command = ["openssl", "s_client", "-quiet", version, "-connect", f"{host}:{port}"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
    ) as openssl:
        assert openssl.stdin is not None and openssl.stdout is not None
        openssl.stdin.write(b"oscar\nhello, bl\xc3\xa5b\xc3\xa6r\n")
        assert listener.event("message", sender="oscar")["content"] == "hello, blåbær"
        listener.request("msg", "hello yourself", to="#main")
        while b"hello yourself" not in (line := openssl.stdout.readline()):
            assert line
        openssl.stdin.write(b"/quit\n")
        assert listener.event("quit", sender="oscar")
        assert openssl.stdout.read() is not None
        assert openssl.wait(DEADLINE) == 0


def test_a_handshake_that_takes_too_long_is_ended(start: Callable[..., Server]) -> None:
    server = start(EVCHAT_TLS_HANDSHAKE="1", **certificates.settings())
    sock = server.connect()
    sock.sendall(b"\x16\x03\x01\x02\x00\x01")
    assert sock.recv(1000) == b""
    server.logged("disconnected", "The handshake of TLS took too long.")


def test_no_handshake_fails_while_the_certificate_is_replaced(
    start: Callable[..., Server], tmp_path: Path
) -> None:
    paths = tmp_path / "cert.pem", tmp_path / "key.pem"
    for path, made in zip(paths, certificates.certificate(), strict=True):
        path.write_bytes(made.read_bytes())
    server = start(EVCHAT_TLS_CERT=str(paths[0]), EVCHAT_TLS_KEY=str(paths[1]), EVCHAT_TLS_RELOAD="1")
    old, new = (
        ssl.PEM_cert_to_DER_cert(certificates.certificate(name)[0].read_text())
        for name in ("localhost", "new")
    )

    def shake_hands() -> bytes:
        with client_context(verify=False).wrap_socket(server.connect()) as sock:
            return sock.getpeercert(binary_form=True) or b""

    def until(word: str) -> None:
        """Shakes hands again and again until the server has logged a word."""
        end = time.monotonic() + DEADLINE
        while not any(word in line for line in server.log):
            assert shake_hands() == old and time.monotonic() < end

    paths[0].write_bytes(certificates.certificate("new")[0].read_bytes())
    until("certificate not loaded")
    paths[1].write_bytes(certificates.certificate("new")[1].read_bytes())
    end = time.monotonic() + DEADLINE
    while shake_hands() != new:
        assert time.monotonic() < end


def test_a_reload_by_hand_takes_another_certificate(start: Callable[..., Server], tmp_path: Path) -> None:
    path = tmp_path / "both.pem"
    path.write_bytes(b"".join(made.read_bytes() for made in certificates.certificate()))
    server = start(EVCHAT_TLS_CERT=str(path))
    path.write_bytes(b"".join(made.read_bytes() for made in certificates.certificate("new")))
    server.process.send_signal(signal.SIGHUP)
    server.logged("certificate loaded")
    with client_context(verify=False).wrap_socket(server.connect()) as sock:
        shown = sock.getpeercert(binary_form=True)
    assert shown == ssl.PEM_cert_to_DER_cert(certificates.certificate("new")[0].read_text())


# ---- strict transport security -------------------------------------------------------------------------------


def policy(sock: socket.socket) -> str | None:
    """What an IRC client is told of TLS."""
    return IrcClient(sock).cap_ls().get("sts")


@pytest.fixture
def vouched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's authorities vouch for the certificate of the tests."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.certificate()[0]))


@pytest.mark.usefixtures("vouched")
def test_irc_clients_are_told_to_use_tls_if_the_certificate_verifies(start: Callable[..., Server]) -> None:
    listen = (
        "tcp://127.0.0.1:0",
        "ircs://127.0.0.1:0?certificates=1",
        "ircs://127.0.0.1:0",
        "irc://127.0.0.1:0",
    )
    server = start(listen=listen, EVCHAT_STS="3600", **certificates.settings())
    port = server.urls[2].rpartition(":")[2]
    assert policy(server.connect()) == policy(server.connect(3)) == f"port={port}"
    assert policy(tls(server)) == "duration=3600"
    for index in (1, 2):
        sock = client_context(verify=False).wrap_socket(server.connect(index))
        server.socks.append(sock)
        assert policy(sock) == "duration=3600"
    assert policy(TRANSPORTS["websocket"](server, "irc")) is None


@pytest.mark.parametrize("seconds", ["0", "3600"])
def test_nobody_is_told_so_where_the_certificate_would_lock_them_out(
    start: Callable[..., Server], seconds: str
) -> None:
    server = start(EVCHAT_STS=seconds, **certificates.settings())
    assert policy(server.connect()) is None and policy(tls(server)) is None
    if seconds != "0":
        server.logged("sts is not announced", "self-signed certificate")


@pytest.mark.usefixtures("vouched")
def test_a_reload_decides_anew(start: Callable[..., Server], tmp_path: Path) -> None:
    paths = tmp_path / "cert.pem", tmp_path / "key.pem"
    for path, made in zip(paths, certificates.certificate(), strict=True):
        path.write_bytes(made.read_bytes())
    settings = {"EVCHAT_TLS_CERT": str(paths[0]), "EVCHAT_TLS_KEY": str(paths[1])}
    server = start(EVCHAT_STS="3600", **settings)
    old = IrcClient(server.connect())
    assert "sts" in old.cap_ls()
    for path, made in zip(paths, certificates.certificate("new"), strict=True):
        path.write_bytes(made.read_bytes())
    server.process.send_signal(signal.SIGHUP)
    server.logged("sts is not announced")
    assert "sts" not in old.cap_ls() and policy(server.connect()) is None


@pytest.mark.usefixtures("vouched")
def test_a_name_that_the_certificate_does_not_have_is_not_announced(start: Callable[..., Server]) -> None:
    settings = {"EVCHAT_STS": "60", **certificates.settings()}
    assert policy(start("--memory", EVCHAT_HOSTNAME="localhost", **settings).connect()) is not None
    server = start("--memory", EVCHAT_HOSTNAME="chat.example.org", **settings)
    assert policy(server.connect()) is None
    server.logged("sts is not announced", "chat.example.org")


def test_a_proxys_clients_are_told_nothing(start: Callable[..., Server], vouched: None) -> None:
    server = start(EVCHAT_STS="60", EVCHAT_TRUSTED_PROXIES="127.0.0.1", **certificates.settings())
    sock = server.connect()
    sock.sendall(b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n")
    assert policy(sock) is None
