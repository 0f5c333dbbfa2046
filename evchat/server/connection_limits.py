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


def is_public(address: str) -> bool:
    """Whether what comes from an address has come over the internet, as far as can be told."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return False  # a UNIX socket


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

    @property
    def is_empty(self) -> bool:
        """Whether no connection is counted."""
        return not (self._all or self._of or self._visits)

    def refuse(self, address: str, *, shared: bool = False) -> tuple[str, str] | None:
        """Why a connection from `address` can't be taken, as a code and a sentence; None if it can.

        Of one that is `shared` by many, connections are not counted.
        """
        if self._all >= self.max_clients:
            return "server-full", f"The server is full: it takes {self.max_clients} connections."
        host = site(address)
        if host and self.max_per_ip and not shared and self._of.get(host, 0) >= self.max_per_ip:
            return _too_many(self.max_per_ip)
        return None

    def add(self, address: str) -> None:
        """A connection from `address` was taken."""
        self._all += 1
        host = site(address)
        if host:
            self._of[host] = self._of.get(host, 0) + 1

    def visit(self, address: str, *, shared: bool = False) -> tuple[str, str] | None:
        """A connection fetches files, and counts with those that do. Returns as `refuse`."""
        return self._recount(address, self._of, address, self._visits, shared)

    def stay(self, address: str, *, shared: bool = False) -> tuple[str, str] | None:
        """A connection that has fetched files is a chat's now. Returns as `refuse`."""
        return self._recount(address, self._visits, address, self._of, shared)

    def move(self, old: str, new: str) -> None:
        """A connection that fetches files comes from another address than it seemed to."""
        self._recount(old, self._visits, new, self._visits, True)

    def introduce(self, old: str, new: str, *, shared: bool = False) -> tuple[str, str] | None:
        """A connection comes from another address than it seemed to. Returns as `refuse`."""
        return self._recount(old, self._of, new, self._of, shared)

    def _recount(
        self, old: str, old_counts: dict[str, int], new: str, new_counts: dict[str, int], shared: bool
    ) -> tuple[str, str] | None:
        old_host, new_host = site(old), site(new)
        if old_host:
            _subtract(old_counts, old_host)
        if not new_host:
            return None
        new_counts[new_host] = new_counts.get(new_host, 0) + 1
        most = self.max_visits if new_counts is self._visits else self.max_per_ip
        return _too_many(most) if most and not shared and new_counts[new_host] > most else None

    def remove(self, address: str, *, visiting: bool = False) -> None:
        """A connection from `address` has ended."""
        self._all -= 1
        host = site(address)
        if host:
            _subtract(self._visits if visiting else self._of, host)


def _too_many(most: int) -> tuple[str, str]:
    return "too-many-connections", f"Your address has {most} connections already, the most."


def _subtract(counts: dict[str, int], host: str) -> None:
    counts[host] -= 1
    if not counts[host]:
        del counts[host]
