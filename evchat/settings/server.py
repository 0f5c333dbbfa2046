"""The server's settings: from their sources to a consistent `Config`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from evchat.settings.address import TLS_SCHEMES, endpoints, is_loopback, parse_listen, parse_range
from evchat.settings.directories import directory
from evchat.settings.errors import SettingsError
from evchat.settings.load import Kind, Option, from_arguments, from_environ, from_file, from_table
from evchat.settings.load import strays as load_strays
from evchat.settings.model import ChannelSettings, Config, Limits

PREFIX = "EVCHAT_"
_CLIENTS = "EVCHAT_TUI_"

ADMINISTRATION = "admin.sock"
"""The name, in the data directory, of the socket through which a running server is administered."""

_KINDS = {
    "str": Kind.STRING,
    "bool": Kind.FLAG,
    "int": Kind.INTEGER,
    "float": Kind.NUMBER,
    "Path | None": Kind.DIRECTORY,
    "File": Kind.FILE,
    "tuple[str, ...]": Kind.ADDRESSES,
    "Words": Kind.STRINGS,
    "tuple[tuple[str, str], ...]": Kind.TABLE,
    "tuple[ChannelSettings, ...]": Kind.TABLES,
}
"""The kinds of options by the types of the fields that hold them."""


def _options(owner: type, table: str) -> list[Option]:
    return [
        Option(each.name, _KINDS[str(each.type)], each.default, table=table, **each.metadata)
        for each in fields(owner)
        if each.type != "Limits"
    ]


OPTIONS = (*_options(Config, ""), *_options(Limits, "limits"))
_OF_A_CHANNEL = tuple(option for option in _options(ChannelSettings, "") if option.name != "name")


def data_directory(environ: Mapping[str, str]) -> Path:
    """The default data directory."""
    return Path(directory("data", environ)) / "evchat"


def strays(environ: Mapping[str, str]) -> list[str]:
    """A sentence about each variable that looks like a setting of the server's and is none."""
    return load_strays(OPTIONS, environ, PREFIX, _CLIENTS)


def load(path: Path | None, environ: Mapping[str, str], arguments: Mapping[str, Any]) -> Config:
    """The settings of a TOML file, overridden by the environment, overridden by arguments. Raises SettingsError."""
    values = from_file(OPTIONS, str(path)) if path is not None else {}
    values |= from_environ(OPTIONS, environ, PREFIX)
    for one, other in (("memory", "data"), ("data", "memory")):
        if arguments.get(one):
            values.pop(other, None)
    values |= from_arguments(OPTIONS, arguments)
    values["operators"] = tuple(values.get("operators", {}).items())
    if values.get("password") == "":
        raise SettingsError("password is empty. Leave it out if there is to be none.")
    values["channels"] = tuple(
        _channel(str(path), name, given) for name, given in values.get("channels", {}).items()
    )
    for name in ("listen", "reserved_names", "web_hosts", "web_origins"):
        values[name] = tuple(values.get(name, getattr(Config(), name)))
    limits = {each.name: values.pop(each.name) for each in fields(Limits) if each.name in values}
    for name in ("shared_addresses", "trusted_proxies"):
        limits[name] = tuple(map(parse_range, limits.get(name, ())))
    config = Config(**values, limits=Limits(**limits))
    _check_together(config)
    return config


def _channel(path: str, name: str, given: Mapping[str, Any]) -> ChannelSettings:
    values = from_table(_OF_A_CHANNEL, given, f'{path}: channels."{name}"')
    values["operators"] = tuple(values.get("operators", ()))
    return ChannelSettings(name=name, **values)


def _check_together(config: Config) -> None:
    _check_listen((*config.listen, config.metrics) if config.metrics else config.listen)
    if not all(char.isascii() and (char.isalnum() or char in "-.") for char in config.hostname):
        raise SettingsError("hostname can only have letters, digits, hyphens and dots.")
    if config.memory and config.data:
        raise SettingsError("Use either --data or --memory: one stores everything, the other nothing.")
    if not config.name or not config.name.isprintable() or len(config.name) > 63:
        raise SettingsError("The server's name must be 1 to 63 printable characters.")
    for name, _ in config.operators:
        if not name or not name.isprintable() or " " in name:
            raise SettingsError(f"operators: {name!r} is not a name: use printable characters and no space.")
    if not config.tls_cert:
        for url in config.listen:
            if parse_listen(url).scheme in TLS_SCHEMES:
                raise SettingsError(
                    f"listen: {url} needs a certificate: tls_cert. evchat-server --make-cert makes one."
                )
        if config.tls_key or config.tls_required or config.tls_client_ca or config.sts:
            raise SettingsError("tls_key, tls_required, tls_client_ca and sts need a certificate: tls_cert.")
    if config.sts < 0:
        raise SettingsError("sts is a number of seconds; 0: off.")
    _check_metrics(config)
    limits = config.limits
    if not limits.pause_above <= limits.output_soft <= limits.output_hard:
        raise SettingsError(
            "pause_above, output_soft and output_hard must not decrease: each is the next stage."
        )
    if limits.dead_after <= limits.ping_after:
        raise SettingsError("dead_after must be greater than ping_after: a client needs time to answer.")


def _check_metrics(config: Config) -> None:
    """Raises SettingsError for metrics that everybody could read, or that nobody could."""
    if not config.metrics:
        return
    address = parse_listen(config.metrics)
    if address.scheme != "http":
        raise SettingsError("metrics must be an http:// address, such as http://127.0.0.1:9100.")
    if not is_loopback(address) and not config.metrics_token:
        raise SettingsError(
            f"metrics: others can connect to {address}. Set metrics_token, or use http://127.0.0.1:{address.port}."
        )
    token = config.metrics_token
    if not token.isascii() or not token.isprintable() or " " in token:
        raise SettingsError("metrics_token must consist of printable ASCII characters without spaces.")


_ALL = {"0.0.0.0": "IPv4", "::": "IPv6"}  # noqa: S104  (compared, not bound)
"""The addresses that stand for all of their family."""


def _check_listen(urls: tuple[str, ...]) -> None:
    """Raises SettingsError for what is no address, and for two that can't both be listened on."""
    taken: dict[tuple[str, int], str] = {}
    for url in urls:
        for place in endpoints(parse_listen(url)):  # none for port 0: each gets a free one
            if place in taken:
                raise SettingsError(f"listen: {taken[place]} and {url} are the same address.")
            taken[place] = url
    for (host, port), url in taken.items():
        for (other, its_port), its in taken.items():
            is_part = _ALL.get(host) == ("IPv6" if ":" in other else "IPv4") and its is not url
            if is_part and port == its_port and port:
                raise SettingsError(f"listen: {its} is part of {url} already.")


def misleading(config: Config) -> list[str]:
    """A sentence about each setting that is valid, but may not do what its author thinks."""
    told = []
    hosts = {(address.host, address.port) for address in map(parse_listen, config.listen)}
    for host, port in sorted(hosts):
        if host == "::" and ("0.0.0.0", port) not in hosts:  # noqa: S104
            told.append(f"listen: [::]:{port} takes IPv6 only. tcp://*:{port} takes IPv4 and IPv6.")
    return told
