"""The addresses to listen on, as URLs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from evchat.settings.errors import SettingsError

DEFAULT_PORT = 9998

SCHEMES = ("tcp", "json", "text", "irc", "unix")


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen: `scheme` says which dialects; either a host and port or a path of a UNIX socket."""

    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""


def parse_listen(url: str) -> Address:
    """The address that a `--listen` URL names. Raises SettingsError."""
    help_ = f"Use for instance tcp://127.0.0.1:{DEFAULT_PORT} or unix:///run/evchat.sock."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingsError(f"{url!r} is no address to listen on: {error}. {help_}") from None
    if parts.scheme not in SCHEMES:
        raise SettingsError(f"{url!r} has none of the schemes {', '.join(SCHEMES)}. {help_}")
    if parts.query or parts.fragment or parts.username is not None:
        raise SettingsError(f"{url!r} holds more than an address. {help_}")
    if parts.scheme == "unix":
        if not parts.path or parts.netloc or "\0" in parts.path:
            raise SettingsError(f"{url!r} needs a path. {help_}")
        return Address("unix", path=parts.path)
    if not parts.hostname or "\0" in parts.hostname or parts.path not in ("", "/"):
        raise SettingsError(f"{url!r} needs a host and a port. {help_}")
    return Address(parts.scheme, parts.hostname, DEFAULT_PORT if port is None else port)
