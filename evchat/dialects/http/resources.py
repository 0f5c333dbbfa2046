"""What is served over HTTP, and the rules of a server that is reached by browsers."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from hmac import compare_digest
from typing import Final

from evchat.dialects.base import Dialect
from evchat.protocol.value import value
from evchat.settings.address import is_among

_TAKES_GZIP: Final = re.compile(r"(?:^|,)\s*gzip\s*(?!;\s*q=0(?:\.0*)?\s*(?:,|$))(?:;|,|$)", re.IGNORECASE)
"""Matches an `Accept-Encoding` that names gzip, and not to refuse it (RFC 9110, section 12.5.3)."""

_MOST_HOPS: Final = 16
"""Proxies in a row that are looked at."""


@value
class Resource:
    """A file as it is served. `etag` is its entity tag, in quotes (RFC 9110, section 8.8.3).

    `packed` is the body compressed by gzip, for those that take that; empty if it would not be smaller.
    """

    content_type: str
    etag: str
    body: bytes
    packed: bytes = b""

    def encoded(self, accepted: str) -> tuple[str, str, bytes]:
        """The coding, entity tag and body for a client with this `Accept-Encoding`; no coding is "".

        What differs in its bytes has another tag.
        """
        if self.packed and _TAKES_GZIP.search(accepted):
            return "gzip", f'{self.etag[:-1]}-gzip"', self.packed
        return "", self.etag, self.body


@value
class Web:
    """What all HTTP connections of a server share.

    `resources` are the files, by path. `speakers` make the dialects that are spoken over WebSocket, by "json", "irc"
    and "" (decided by the first message). `hosts` are the names under which the server may be addressed, and `origins`
    the foreign pages whose scripts may speak for their reader, as `scheme://host[:port]`; both in small letters.
    `proxies` are the addresses and ranges of those who may say whom they stand for.
    Without speakers nothing is. With a `token`, files are for those who send it (RFC 6750).
    `health` returns a word for what is wrong, or nothing. `head` is the most bytes of one request's head, `requests`
    the most requests of a connection, and `message` the most bytes of one message over WebSocket.
    """

    resources: Mapping[str, Resource]
    speakers: Mapping[str, Callable[[], Dialect]] = field(repr=False)
    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    proxies: tuple[str, ...] = ()
    health: Callable[[], str] = field(default=lambda: "", repr=False)
    head: int = 16_384
    requests: int = 100
    message: int = 65_536
    token: str = field(default="", repr=False)

    def allows_host(self, host: str) -> bool:
        """Whether a `Host` header names this server: by an IP address, as localhost, or by a name that is set.

        A page from elsewhere can give its own name this server's address (DNS rebinding); browsers then see one origin.
        So the name itself has to be known, and no equality of `Origin` and `Host` proves anything before that.
        """
        name = host_name(host)
        if name == "localhost" or name.endswith(".localhost") or name in self.hosts:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def allows_reader(self, authorization: str) -> bool:
        """Whether an `Authorization` header, or that there is none, allows to read files."""
        wanted = f"Bearer {self.token}".encode()
        return not self.token or compare_digest(authorization.strip().encode(), wanted)

    def allows_origin(self, origin: str, host: str) -> bool:
        """Whether a page with this `Origin` may open a WebSocket here: our own, or one that is set."""
        origin = origin.lower()
        scheme, sign, authority = origin.partition("://")
        if (
            sign
            and scheme in ("http", "https")
            and _with_port(authority, scheme) == _with_port(host.lower(), scheme)
        ):
            return True
        return origin in self.origins

    def forwarded(self, header: str) -> str:
        """The client's address in an `X-Forwarded-For` header, which trusted proxies have sent; empty if there is none.

        Each proxy adds, at the end, who has connected to it. So what stands before the last one that is not trusted may
        be anybody's invention.
        """
        address = ""
        for part in reversed(header.split(",")[-_MOST_HOPS:]):
            try:
                address = _address(part.strip())
            except ValueError:
                break
            if not is_among(address, self.proxies):
                break
        return address


def _address(text: str) -> str:
    """The address in `text` in canonical form, without brackets, port and zone. Raises ValueError."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return str(ipaddress.ip_address(text.partition("%")[0]))


def host_name(host: str) -> str:
    """The name or address in a `Host` header, in small letters, without port, brackets and final dot."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


def _with_port(authority: str, scheme: str) -> str:
    if authority.endswith("]") or ":" not in authority.rpartition("]")[2]:
        return f"{authority}:{443 if scheme == 'https' else 80}"
    return authority
