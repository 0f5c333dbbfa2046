"""Addresses of servers: where a server listens, and where a client connects."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from evchat.settings.errors import SettingsError

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 9998
DEFAULT_CHAT_PORT = 125
"""Where the clients of `wholast://` open their second connection."""
DEFAULT_PORTS = {"ircs": 6697, "https": 443, "room": 12312, "chatapp": 6666, "letschat": 1337}
"""Where the clients of other systems connect."""

TLS_SCHEMES = {"tls": "tcp", "ircs": "irc", "https": "http"}
"""Addresses where only TLS is spoken, and what is spoken inside."""

LISTEN_SCHEMES = (
    "tcp", "tls", "json", "text", "irc", "ircs", "http", "https", "unix", "room", "chatapp", "letschat", "wholast",
)  # fmt: skip
"""What a server can listen on: all dialects, a single one, a UNIX socket, or that of an older system."""

SYSTEMD = "systemd"
"""The scheme of `systemd:`, which stands for the sockets that systemd listens on for the server."""

CONNECT_SCHEMES = ("tcp", "tls", "json", "unix")
"""What the client can connect to; `text://` and `irc://` addresses are for other programs."""


class Address:
    """A scheme with a host and a port, or with the path of a UNIX socket (then `host` is empty and `port` 0).

    `chat_port` is the second port of a `wholast` address, -1 for all others. `certificates` says of an `ircs` address
    that clients are asked for a certificate there.

    Addresses are equal if they name the same endpoint, whatever the scheme.
    """

    __slots__ = ("certificates", "chat_port", "host", "path", "port", "scheme")

    def __init__(
        self,
        host: str = DEFAULT_HOST,
        port: int = DEFAULT_PORT,
        path: str = "",
        scheme: str = "tcp",
        chat_port: int = -1,
        *,
        certificates: bool = False,
    ) -> None:
        self.scheme = "unix" if path else scheme
        self.host = "" if path else host
        self.port = 0 if path else port
        self.path = path
        self.chat_port = chat_port
        self.certificates = certificates

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
        """The address as a title shows it: without the default port."""
        if self.path or self.port != DEFAULT_PORT:
            return str(self)
        return "localhost" if self.host in ("127.0.0.1", "::1", "localhost") else self.host

    @property
    def numbers(self) -> tuple[str, ...]:
        """The host's numeric addresses, if it needs no look-up; `localhost` never does (RFC 6761, section 6.3)."""
        if self.host.rstrip(".").lower() == "localhost":
            return ("127.0.0.1", "::1")
        host = self.host.partition("%")[0]
        if ":" in host or (host.replace(".", "").isdecimal() and host.isascii()):
            return (self.host,)
        return ()


def parse_connect(text: str) -> Address:
    """The address in HOST, HOST:PORT, tcp:// or tls://HOST:PORT or unix:///PATH. Raises SettingsError."""
    return _parse(text, CONNECT_SCHEMES, "tcp", "Use HOST, HOST:PORT, tls://HOST:PORT or unix:///PATH.", 1)


def parse_listen(url: str) -> Address:
    """The address that a `--listen` URL names; port 0 means any free one. Raises SettingsError.

    `systemd:` has neither a host nor a port: systemd knows them.
    """
    if url.strip().lower() == f"{SYSTEMD}:":
        return Address("", 0, scheme=SYSTEMD)
    example = f"Use, for example, tcp://{DEFAULT_HOST}:{DEFAULT_PORT} or unix:///run/evchat.sock."
    before, sign, query = url.partition("?")
    if sign and url.strip().lower().startswith("ircs://"):
        if query != "certificates=1":
            raise SettingsError(
                f"{url!r}: only ?certificates=1 may follow: clients are asked for theirs there."
            )
        address = _parse(before, LISTEN_SCHEMES, "", example, 0)
        address.certificates = True
        return address
    if url.strip().lower().partition("://")[0] != "wholast":
        return _parse(url, LISTEN_SCHEMES, "", example, 0)
    address = _parse(before, LISTEN_SCHEMES, "", example, 0)
    name, _, chat = query.partition("=")
    if not _is_port(chat if sign else str(DEFAULT_CHAT_PORT)) or (sign and name != "chat"):
        raise SettingsError(f"{url!r}: only ?chat=PORT may follow, the port of the second connection.")
    if not is_loopback(address):
        raise SettingsError(
            f"{url!r}: wholast can only listen on this machine (127.0.0.1, [::1] or localhost), because its second "
            "connection does not say whose it is."
        )
    if address.port == DEFAULT_PORT and ":" not in before.partition("://")[2].rpartition("]")[2]:
        raise SettingsError(f"{url!r} needs a port: these clients are told one when they start.")
    address.chat_port = int(chat) if sign else DEFAULT_CHAT_PORT
    return address


def endpoints(address: Address) -> set[tuple[str, int]]:
    """What a listener takes for itself, as hosts and ports; a name that has to be looked up stays a name."""
    if address.path or address.scheme == SYSTEMD:
        return {(address.path or SYSTEMD, 0)}
    hosts = ("0.0.0.0", "::") if address.host == "*" else address.numbers or (address.host.lower(),)  # noqa: S104
    ports = (address.port, address.chat_port)
    return {(_canonical(host), port) for host in hosts for port in ports if port > 0}


def _canonical(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host


def is_loopback(address: Address) -> bool:
    """Whether only programs of this machine can connect to an address."""
    numbers = address.numbers
    return bool(address.path) or bool(numbers) and all(map(_is_own, numbers))


def _is_own(number: str) -> bool:
    try:
        return ipaddress.ip_address(number.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _is_ipv6(text: str) -> bool:
    try:
        return bool(ipaddress.IPv6Address(text))
    except ValueError:
        return False


def parse_range(text: str) -> str:
    """An address range in canonical form: an address, a range in CIDR notation, or `unix`. Raises SettingsError."""
    try:
        return text if text == "unix" else str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        example = "Use, for example, 192.0.2.1, 10.0.0.0/8, 2001:db8::/32 or unix."
        raise SettingsError(f"{text!r} is not an address or an address range. {example}") from None


@lru_cache(maxsize=4096)
def is_among(address: str, ranges: tuple[str, ...]) -> bool:
    """Whether a client's address (that of its site, or "unix") is in one of these ranges."""
    for text in ranges:
        if "unix" in (text, address):
            if text == address:
                return True
            continue
        host = ipaddress.ip_address(address.partition("/")[0].partition("%")[0])
        if isinstance(host, ipaddress.IPv6Address) and host.ipv4_mapped is not None:
            host = host.ipv4_mapped
        if host in _network(text):
            return True
    return False


@lru_cache(maxsize=256)
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(text, strict=False)


def _parse(text: str, schemes: tuple[str, ...], usual: str, example: str, lowest_port: int) -> Address:
    scheme, sign, rest = text.strip().partition("://")
    if not sign:
        scheme, rest = usual, scheme
    scheme = scheme.lower()
    if scheme not in schemes:
        raise SettingsError(f"{text!r} must start with one of {'://, '.join(schemes)}://. {example}")
    if scheme == "unix":
        if not rest.startswith("/") or "\0" in rest:
            raise SettingsError(f"{text!r} needs an absolute socket path. {example}")
        return Address(path=rest)
    host, port = _split(text, rest.rstrip("/"), example, bare=not sign)
    if not host or any(char.isspace() or char in "/@?#\0" for char in host):
        raise SettingsError(f"{text!r} has no valid host. {example}")
    if port is None:
        return Address(host, DEFAULT_PORTS.get(scheme, DEFAULT_PORT), scheme=scheme)
    if not _is_port(port, lowest_port):
        raise SettingsError(
            f"{text!r}: {port!r} is not a port, a number from {lowest_port} to 65535. {example}"
        )
    return Address(host, int(port), scheme=scheme)


def _is_port(text: str, lowest: int = 0) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= 5 and lowest <= int(text) < 65536


def _split(text: str, rest: str, example: str, *, bare: bool) -> tuple[str, str | None]:
    """The host and the port of HOST, HOST:PORT, [IPV6] or [IPV6]:PORT; None where no port is given.

    `bare`: IPV6 may stand without brackets, because there is no scheme before it.
    """
    if rest.startswith("["):
        host, sign, port = rest[1:].partition("]")
        if not sign or (port and not port.startswith(":")):
            raise SettingsError(f"{text!r}: only :PORT may follow the ], as in [::1]:{DEFAULT_PORT}.")
        return host, port[1:] if port else None
    if rest.count(":") > 1:
        if bare:
            # Without brackets there is no way to add a port: what looks like one is more likely meant as one.
            before, _, port = rest.rpartition(":")
            if len(port) > 3 and _is_port(port) and _is_ipv6(before):
                raise SettingsError(
                    f"{text!r}: an IPv6 address needs brackets if a port follows: [{before}]:{port}. "
                    f"Write [{rest}] if all of it is the address."
                )
            return rest, None
        raise SettingsError(f"{text!r}: an IPv6 address needs brackets, as in tcp://[::1]:{DEFAULT_PORT}.")
    host, sign, port = rest.partition(":")
    return host, port if sign else None
