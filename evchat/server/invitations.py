"""What a server says when it has started: how others join, and to whom it is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from evchat.dialects.registry import has_http
from evchat.net.addresses import own_addresses
from evchat.settings.address import DEFAULT_PORT, TLS_SCHEMES, parse_listen
from evchat.settings.model import Config

_ANY = {"0.0.0.0": ".", "::": ":"}  # noqa: S104  (compared, not bound)
"""What a listener on all addresses of a family is called, and what the addresses of that family have in them."""

_IRC_PORT = 6667
"""The port that IRC clients assume."""

_WAYS = {
    "tcp": ("browser", "nc", "irssi", "evchat-tui", "program"),
    "tls": ("https", "openssl", "irssi-tls", "evchat-tui-tls"),
    "https": ("https",),
    "ircs": ("irssi-tls",),
    "http": ("browser",),
    "json": ("evchat-tui", "program"),
    "text": ("nc",),
    "irc": ("irssi",),
    "unix": ("nc", "evchat-tui"),
    **{scheme: (scheme,) for scheme in ("room", "chatapp", "letschat", "wholast")},
}
"""The ways to join, by the scheme of a listener."""

_ENCRYPTED = {"browser": "https", "irssi": "irssi-tls", "evchat-tui": "evchat-tui-tls"}
"""The ways that are better encrypted, where a listener takes both."""

_NOTES = {
    **dict.fromkeys(("browser", "https"), "in any browser"),
    **dict.fromkeys(("nc", "openssl"), "then type a name; /help shows the commands"),
    "irssi": "or any other IRC client",
    "irssi-tls": "in irssi; or any other IRC client, with TLS",
    **dict.fromkeys(
        ("evchat-tui", "evchat-tui-tls"),
        "the terminal client; from a clone: python3 scripts/dev.py tui HOST",
    ),
    **dict.fromkeys(("room", "chatapp", "letschat", "wholast"), "for its own clients"),
    "program": "what a program sends first, a JSON object per line",
}


PASSWORD = "PASSWORD"
"""What stands for the server's password, which is never shown."""

_NOTES_WITH_PASSWORD = {
    **dict.fromkeys(("browser", "https"), "in any browser, which asks for the server's password"),
    **dict.fromkeys(("nc", "openssl"), "then press Enter: it asks for the server's password, then a name"),
    "irssi": f"or any other IRC client; {PASSWORD} is the server's",
    "irssi-tls": f"in irssi; or any other IRC client, with TLS; {PASSWORD} is the server's",
    **dict.fromkeys(
        ("evchat-tui", "evchat-tui-tls"),
        "the terminal client, which asks for the server's password",
    ),
    "program": "what a program sends first, then a login; a JSON object per line",
}


class _Endpoint(NamedTuple):
    """Where one joins: `hosts` are all names of it, the best first; that of a UNIX socket is its path.

    One that is `stranded` listens on all networks, but there is none.
    """

    scheme: str
    hosts: tuple[str, ...]
    port: int
    stranded: bool = False


def lines(urls: Sequence[str], config: Config, own: Sequence[str] | None = None) -> Iterator[str]:
    """The lines to print once the server listens at `urls`; `own` are this machine's addresses (None: look)."""
    endpoints = _endpoints(urls, own_addresses() if own is None else own)
    yield "Join with:"
    said: set[str] = set()
    notes = _NOTES | _NOTES_WITH_PASSWORD if config.password else _NOTES
    commands = [
        (way, _command(way, each, PASSWORD if config.password else ""))
        for each in endpoints
        for way in _ways(each, config)
    ]
    width = min(max(len(command) for _, command in commands), 44)
    for way, command in commands:
        note = "" if way in said else notes[way]
        said.add(way)
        yield f"  {command:{width}}   {note}".rstrip()
    more = dict.fromkeys(chain.from_iterable(each.hosts[1:] for each in endpoints))
    if more:
        yield f"This machine is also {', '.join(more)}."
    yield _openness(endpoints, config)


def _endpoints(urls: Sequence[str], own: Sequence[str]) -> list[_Endpoint]:
    found: dict[tuple[str, int, str], list[str]] = {}
    for url in urls:
        address = parse_listen(url)
        sign = _ANY.get(address.host)
        if address.path:
            found[address.scheme, 0, address.path] = [address.path]
        elif sign is None:
            found[address.scheme, address.port, address.host] = [address.host]
        else:
            hosts = found.setdefault((address.scheme, address.port, ""), [])
            hosts += (host for host in own if sign in host)
    return [
        _Endpoint(scheme, tuple(hosts) or ("127.0.0.1",), port, not hosts)
        for (scheme, port, _), hosts in found.items()
    ]


def _ways(to: _Endpoint, config: Config) -> Sequence[str]:
    ways: Sequence[str] = _WAYS[to.scheme]
    if to.scheme == "tcp" and config.tls_cert is not None:
        ways = _WAYS["tls"] if _only_tls(to, config) else [_ENCRYPTED.get(way, way) for way in ways]
    return ways if config.web and has_http() else [way for way in ways if way not in ("browser", "https")]


def _only_tls(to: _Endpoint, config: Config) -> bool:
    return to.scheme in TLS_SCHEMES or (config.tls_required and not _is_local(to))


def _command(way: str, to: _Endpoint, password: str) -> str:
    host = to.hosts[0]
    if to.scheme == "unix":
        return f"nc -U {host}" if way == "nc" else f"evchat-tui unix://{host}"
    where = f"[{host}]:{to.port}" if ":" in host else f"{host}:{to.port}"
    if way == "browser":
        return f"http://{where}/"
    if way == "https":
        return f"https://{where.removesuffix(':443')}/"
    if way == "openssl":
        return f"openssl s_client -quiet -connect {where}"
    if way == "irssi-tls":
        return f"/connect -tls {host} {to.port} {password}".rstrip()
    if way == "evchat-tui-tls":
        return f"evchat-tui tls://{where.removesuffix(f':{DEFAULT_PORT}')}"
    if way == "nc":
        return f"nc {host} {to.port}"
    if way == "irssi":
        port = f" -p {to.port}" if to.port != _IRC_PORT else ""
        return f"irssi -c {host}{port}" + (f" -w {password}" if password else "")
    if way == "evchat-tui":
        if to.port == DEFAULT_PORT:
            return f"evchat-tui {host}"
        return f"evchat-tui {where}"
    if way == to.scheme:
        return f"{way}: {host} {to.port}"
    if password:
        return f'{{"request": "pass", "password": "{password}"}}'
    return '{"request": "login", "content": "bot"}'


def _openness(endpoints: Sequence[_Endpoint], config: Config) -> str:
    """In one line: who can join, and what protects them."""
    if all(_is_local(each) for each in endpoints):
        return f"Only this machine can join. --listen tcp://0.0.0.0:{DEFAULT_PORT} lets others in."
    alone = all(each.stranded or _is_local(each) for each in endpoints)
    who_can = "This machine is in no network now. Once it is, this is open" if alone else "Open"
    who = "guests may log in" if config.guests else "accounts only"
    password = "everyone needs the server's password" if config.password else "no password is needed"
    if config.tls_cert is None:
        encrypted = "nothing is encrypted (no TLS)"
    elif all(_only_tls(each, config) or _is_local(each) for each in endpoints):
        encrypted = "everything is encrypted (TLS)"
    else:
        encrypted = "only connections with TLS are encrypted"
    return f"{who_can} to everyone who can reach it: {who}, {password}, {encrypted}."


def _is_local(endpoint: _Endpoint) -> bool:
    host = endpoint.hosts[0]
    if endpoint.stranded:
        return False
    return endpoint.scheme == "unix" or host in ("localhost", "::1") or host.startswith("127.")
