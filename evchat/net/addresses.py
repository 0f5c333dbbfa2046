"""This machine's own addresses, found without sending anything."""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Iterator

_PROBES = {
    socket.AF_INET: ("192.0.2.1", "10.255.255.254", "172.31.255.254", "192.168.255.254"),
    socket.AF_INET6: ("2001:db8::1", "fd00::1"),
}
"""Addresses to which nothing is sent: they make the system say from where it would reach such networks."""

_VIRTUAL = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "lxc", "lxd", "cni", "podman")
"""Interfaces to machines inside this one, by how their names begin."""

_SIOCGIFADDR, _SIOCGIFFLAGS = 0x8915, 0x8913
_UP, _LOOPBACK = 0x1, 0x8
"""Of Linux's netdevice(7)."""


def own_addresses() -> list[str]:
    """The addresses by which others may reach this machine, those of the usual route first, IPv4 before IPv6."""
    found = dict.fromkeys((*_routed(socket.AF_INET), *_of_interfaces(), *_routed(socket.AF_INET6)))
    return [address for address in found if _is_reachable(address)]


def _routed(family: socket.AddressFamily) -> Iterator[str]:
    for probe in _PROBES[family]:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as sock:
                sock.connect((probe, 9))  # of a datagram socket: chooses a route, and sends nothing
                yield str(sock.getsockname()[0]).partition("%")[0]
        except OSError:
            continue  # no such network


def _of_interfaces() -> Iterator[str]:
    """The IPv4 addresses of interfaces, where the system can be asked in this way."""
    if sys.platform != "linux":
        return
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _, name in socket.if_nameindex():
            if name.startswith(_VIRTUAL):
                continue
            request = name.encode()[:15].ljust(256, b"\0")
            try:
                flags = int.from_bytes(fcntl.ioctl(sock, _SIOCGIFFLAGS, request)[16:18], sys.byteorder)
                if flags & _UP and not flags & _LOOPBACK:
                    yield socket.inet_ntoa(fcntl.ioctl(sock, _SIOCGIFADDR, request)[20:24])
            except OSError:
                continue  # it has no address


def _is_reachable(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    return not (ip.is_loopback or ip.is_unspecified or ip.is_link_local or ip.is_multicast)
