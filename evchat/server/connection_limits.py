"""The limits on simultaneous connections: of one address, and in all."""

from __future__ import annotations

import ipaddress
from functools import lru_cache


@lru_cache(maxsize=4096)
def site(address: str) -> str | None:
    """What counts as one address: an IPv4 address, or an IPv6 /64 (one site, RFC 6177). None for this machine."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None  # a UNIX socket
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif not ip.is_loopback:
            return str(ipaddress.ip_network((int(ip) >> 64 << 64, 64)))
    return None if ip.is_loopback else str(ip)


class ConnectionLimits:
    """Counts connections; those on which browsers fetch files apart, because a page opens several. A limit of 0 on an
    address is none."""

    def __init__(self, max_clients: int, max_per_ip: int, max_visits: int = 0) -> None:
        self.max_clients = max_clients
        self.max_per_ip = max_per_ip
        self.max_visits = max_visits
        self._all = 0
        self._of: dict[str, int] = {}
        self._visits: dict[str, int] = {}

    def refuse(self, address: str, *, shared: bool = False) -> tuple[str, str] | None:
        """Why a connection from `address` can't be taken, as a code and a sentence; None if it can.

        Of one that is `shared` by many, connections are not counted.
        """
        if self._all >= self.max_clients:
            return "server-full", f"The server is full: it takes {self.max_clients} connections."
        host = site(address)
        if host and self.max_per_ip and not shared and self._of.get(host, 0) >= self.max_per_ip:
            return (
                "too-many-connections",
                f"Your address has {self.max_per_ip} connections already, the most.",
            )
        return None

    def add(self, address: str) -> None:
        """A connection from `address` was taken."""
        self._all += 1
        host = site(address)
        if host:
            self._of[host] = self._of.get(host, 0) + 1

    def visit(self, address: str) -> bool:
        """A connection fetches files, and counts with those that do; False if there are too many of its address."""
        return self._recount(address, self._of, self._visits, self.max_visits)

    def stay(self, address: str) -> bool:
        """A connection that has fetched files is a chat's now; False if there are too many of its address."""
        return self._recount(address, self._visits, self._of, self.max_per_ip)

    def _recount(self, address: str, old: dict[str, int], new: dict[str, int], most: int) -> bool:
        host = site(address)
        if not host:
            return True
        _subtract(old, host)
        new[host] = new.get(host, 0) + 1
        return not most or new[host] <= most

    def remove(self, address: str, *, visiting: bool = False) -> None:
        """A connection from `address` has ended."""
        self._all -= 1
        host = site(address)
        if host:
            _subtract(self._visits if visiting else self._of, host)


def _subtract(counts: dict[str, int], host: str) -> None:
    counts[host] -= 1
    if not counts[host]:
        del counts[host]
