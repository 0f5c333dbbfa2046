"""Attacks on the listeners for the clients of older systems."""

from __future__ import annotations

import re
from typing import Any

from tests.attacks.siege import Siege
from tests.attacks.table import attack
from tests.e2e.harness import Server
from tests.e2e.older import LISTEN


class OlderSystems(Server):
    """A server that listens for the clients of older systems, too."""

    def __init__(self, *arguments: str, **keys: Any) -> None:
        super().__init__(*arguments, listen=LISTEN, **keys)

    @property
    def ports(self) -> list[int]:
        """Those of room, chatapp, letschat and wholast."""
        return [int(re.sub(r"[?].*", "", url).rpartition(":")[2]) for url in self.urls[1:]]

    @property
    def second_port(self) -> int:
        """That of wholast's second connections."""
        return int(self.urls[-1].rpartition("=")[2])


def _server(siege: Siege) -> OlderSystems:
    assert isinstance(siege.server, OlderSystems)
    return siege.server


@attack(
    "old clients that never read",
    "Clients of the older systems that log in, talk and ask without a pause, and never read.",
    server=OlderSystems,
)
def old_clients_that_never_read(siege: Siege) -> None:
    ports = _server(siege).ports
    deaf = []
    for number in range(24):
        client = siege.connect(port=ports[number % 4], read=False)
        client.send(b"deaf%d\nx\n" % number)
        deaf.append(client)
    siege.flood(deaf, b"/history\n-list\nhistory\nwhoelse\nhello all\n" * 400, read=False)


@attack(
    "half a name, and a megabyte",
    "Clients of the older systems that send half a character, or a megabyte without the end of a line.",
    server=OlderSystems,
)
def half_a_name(siege: Siege) -> None:
    ports = _server(siege).ports
    for number in range(100 * siege.size):
        siege.connect("é".encode()[:1], port=ports[number % 4])
    strangers = [siege.connect(port=port) for port in ports * 2]
    siege.flood(strangers, b"m" * (1 << 20), read=False)
    guests = [siege.connect(b"mega%d\n" % number, port=port) for number, port in enumerate(ports * 2)]
    siege.flood(guests, b"m" * (1 << 20), read=False)


@attack(
    "second connections",
    "A thousand second connections of wholast that say nothing, something else, or that they are expected.",
    server=OlderSystems,
)
def second_connections(siege: Siege) -> None:
    port = _server(siege).second_port
    for number in range(100 * siege.size):
        siege.connect((b"", b"hi", b"GET / HTTP/1.1\r\n\r\n")[number % 3], port=port)
    for number in range(20):
        siege.connect(b"pair%d" % number, port=_server(siege).ports[3]).send(b"x")
