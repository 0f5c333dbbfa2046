"""A machine's own addresses are those at which others find it."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress

from evchat.net.addresses import own_addresses


def test_each_is_one_of_this_machine_and_no_loopback() -> None:
    found = own_addresses()
    assert len(set(found)) == len(found)
    for address in found:
        ip = ipaddress.ip_address(address)
        assert not ip.is_loopback and not ip.is_link_local
        with socket.socket(socket.AF_INET if ip.version == 4 else socket.AF_INET6) as sock:
            sock.bind((address, 0))  # which only a machine's own addresses allow


def test_where_there_is_a_route_there_is_an_address() -> None:
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("192.0.2.1", 9))
        if not sock.getsockname()[0].startswith("127."):
            assert sock.getsockname()[0] == own_addresses()[0]
