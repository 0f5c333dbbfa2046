"""Where a server is: `HOST`, `HOST:PORT`, `tcp://HOST:PORT` or `unix:///PATH`."""

from __future__ import annotations

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 9998

_SCHEMES = ("tcp", "json")
"""Addresses of a server that this client can speak to; `text://` ones are for people."""


class BadAddress(ValueError):
    """What was given is no address of a server; the text says why, and what one looks like."""


class Address:
    """A host and a port, or the path of a UNIX socket (then `host` is empty)."""

    __slots__ = ("host", "path", "port")

    def __init__(self, host: str = DEFAULT_HOST, port: int = DEFAULT_PORT, path: str = "") -> None:
        self.host = "" if path else host
        self.port = 0 if path else port
        self.path = path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        if self.path:
            return f"unix://{self.path}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __repr__(self) -> str:
        return f"Address({str(self)!r})"

    @property
    def short(self) -> str:
        """The address as a title shows it: without the port that is usual."""
        if self.path or self.port != DEFAULT_PORT:
            return str(self)
        return "localhost" if self.host in ("127.0.0.1", "::1", "localhost") else self.host

    @property
    def numbers(self) -> tuple[str, ...]:
        """The host as numbers, if it needs no look-up; `localhost` never does (RFC 6761, section 6.3)."""
        if self.host.rstrip(".").lower() == "localhost":
            return ("127.0.0.1", "::1")
        host = self.host.partition("%")[0]
        if ":" in host or (host.replace(".", "").isdecimal() and host.isascii()):
            return (self.host,)
        return ()


def parse(text: str) -> Address:
    """The address that a person means by `text`. Raises BadAddress."""
    scheme, sign, rest = text.strip().partition("://")
    if not sign:
        scheme, rest = "tcp", scheme
    scheme = scheme.lower()
    if scheme == "unix":
        if not rest.startswith("/"):
            raise BadAddress(f"{text!r} needs the path of a socket, as in unix:///run/evchat.sock.")
        return Address(path=rest)
    if scheme not in _SCHEMES:
        raise BadAddress(
            f"{text!r} begins with {scheme}://, but a server is at tcp://HOST:PORT or unix:///PATH."
        )
    return _host_and_port(text, rest.rstrip("/"))


def _host_and_port(text: str, rest: str) -> Address:
    if rest.startswith("["):
        host, sign, port = rest[1:].partition("]")
        if not sign or (port and not port.startswith(":")):
            raise BadAddress(f"{text!r}: behind the ] comes :PORT or nothing, as in [::1]:{DEFAULT_PORT}.")
        port = port[1:]
    elif rest.count(":") > 1:
        host, port = rest, ""  # an IPv6 address without brackets has no port
    else:
        host, sign, port = rest.partition(":")
        if sign and not port:
            raise BadAddress(f"{text!r} has no port behind its colon.")
    if not host or any(char.isspace() or char in "/@?#" for char in host):
        raise BadAddress(
            f"{text!r} is no address of a server: HOST, HOST:PORT, or a URL such as tcp://HOST:PORT."
        )
    if not port:
        return Address(host)
    if not (port.isdecimal() and port.isascii() and len(port) <= 5 and 0 < int(port) < 65536):
        raise BadAddress(f"{text!r}: {port!r} is no port. A port is a number from 1 to 65535.")
    return Address(host, int(port))
