"""TLS in the client, on a real terminal: the question who a server is, and a link that a relay cuts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import certificates
from tests.e2e.harness import Full, Server
from tests.tui.clients import Clients
from tests.tui.relay import Relay


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers that share a data directory."""
    made: list[Server] = []

    def start(*arguments: str, name: str = "localhost", **keys: str) -> Server:
        cert, key = certificates.certificate(name)
        environ: dict[str, Any] = {"EVCHAT_TLS_CERT": str(cert), "EVCHAT_TLS_KEY": str(key), **keys}
        made.append(Server("--memory", "--insecure-no-limits", *arguments, **environ))
        return made[-1]

    yield start
    for server in made:
        server.stop()


@certificates.needs_openssl
def test_an_unknown_server_is_asked_about_once_and_another_in_its_place_is_refused(
    clients: Clients, servers: Callable[..., Server]
) -> None:
    server = servers()
    host, port = server.where
    where = f"tls://{host}:{port}"
    alice = clients.start(where)
    alice.see(r"Nobody vouches for the certificate")
    alice.see("waiting for your yes")
    alice.see(r"Trust it\?")
    alice.line("no")
    alice.see("You are not logged in")
    assert not any("login" in line for line in server.log)
    alice.line("/login")
    alice.see(r"Trust it\?")
    alice.line("yes")
    alice.see("● connected")
    alice.line("/quit")
    assert alice.ended() == 0
    again = clients.start(where)
    again.see("● connected")
    again.line("/quit")
    assert again.ended() == 0
    server.stop()
    other = servers("--listen", f"tcp://{host}:{port}", name="somebody else")
    assert other.where
    cautious = clients.start(where)
    cautious.see(r"has changed")
    cautious.see("--forget")
    cautious.miss("● connected")


@pytest.mark.parametrize("tls", [False, pytest.param(True, marks=certificates.needs_openssl)])
def test_nobody_hears_that_a_link_was_cut(
    clients: Clients, servers: Callable[..., Server], tls: bool
) -> None:
    server = servers()
    relay = Relay(server.where)
    try:
        bob = Full(server.connect(), "bob")
        alice = clients.start(f"{'tls' if tls else 'tcp'}://{relay.where[0]}:{relay.where[1]}")
        if tls:
            alice.see("waiting for your yes")
            alice.line("yes")
        alice.see("● connected")
        bob.event("joined", sender="alice")
        for number in range(3):
            relay.drop()
            server.logged("disconnected", "name=alice", number=number + 1)
            alice.line(f"line {number}")
            assert bob.event("message", content=f"line {number}")["sender"] == "alice"
            bob.request("msg", f"answer {number}", to="#main")
            alice.see(f"answer {number}")
        told = [event["response"] for event in bob.sync() if event.get("sender") == "alice"]
        assert not {"quit", "joined", "left"} & set(told), told
    finally:
        relay.close()
