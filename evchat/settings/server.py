"""The server's settings: from their sources to a consistent `Config`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from evchat.settings.address import parse_listen, parse_range
from evchat.settings.directories import directory
from evchat.settings.errors import SettingsError
from evchat.settings.load import Kind, Option, check_environ, from_arguments, from_environ, from_file
from evchat.settings.model import Config, Limits

PREFIX = "EVCHAT_"
_CLIENTS = "EVCHAT_TUI_"

_KINDS = {
    "str": Kind.STRING,
    "bool": Kind.FLAG,
    "int": Kind.INTEGER,
    "float": Kind.NUMBER,
    "Path | None": Kind.DIRECTORY,
    "tuple[str, ...]": Kind.ADDRESSES,
    "Words": Kind.STRINGS,
    "tuple[tuple[str, str], ...]": Kind.TABLE,
}
"""The kinds of options by the types of the fields that hold them."""


def _options(owner: type, table: str) -> list[Option]:
    return [
        Option(each.name, _KINDS[str(each.type)], each.default, table=table, **each.metadata)
        for each in fields(owner)
        if each.type != "Limits"
    ]


OPTIONS = (*_options(Config, ""), *_options(Limits, "limits"))


def data_directory(environ: Mapping[str, str]) -> Path:
    """The default data directory."""
    return Path(directory("data", environ)) / "evchat"


def load(path: Path | None, environ: Mapping[str, str], arguments: Mapping[str, Any]) -> Config:
    """The settings of a TOML file, overridden by the environment, overridden by arguments. Raises SettingsError."""
    check_environ(OPTIONS, environ, PREFIX, _CLIENTS)
    values = from_file(OPTIONS, str(path)) if path is not None else {}
    values |= from_environ(OPTIONS, environ, PREFIX)
    for one, other in (("memory", "data"), ("data", "memory")):
        if arguments.get(one):
            values.pop(other, None)
    values |= from_arguments(OPTIONS, arguments)
    values["operators"] = tuple(values.get("operators", {}).items())
    for name in ("listen", "reserved_names"):
        values[name] = tuple(values.get(name, getattr(Config(), name)))
    limits = {each.name: values.pop(each.name) for each in fields(Limits) if each.name in values}
    limits["shared_addresses"] = tuple(map(parse_range, limits.get("shared_addresses", ())))
    config = Config(**values, limits=Limits(**limits))
    _check_together(config)
    return config


def _check_together(config: Config) -> None:
    for url in config.listen:
        parse_listen(url)
    if not all(char.isascii() and (char.isalnum() or char in "-.") for char in config.hostname):
        raise SettingsError("hostname can only have letters, digits, hyphens and dots.")
    if config.memory and config.data:
        raise SettingsError("Use either --data or --memory: one stores everything, the other nothing.")
    if not config.name or not config.name.isprintable() or len(config.name) > 63:
        raise SettingsError("The server's name must be 1 to 63 printable characters.")
    for name, _ in config.operators:
        if not name or not name.isprintable() or " " in name:
            raise SettingsError(f"operators: {name!r} is not a name: use printable characters and no space.")
    limits = config.limits
    if not limits.pause_above <= limits.output_soft <= limits.output_hard:
        raise SettingsError(
            "pause_above, output_soft and output_hard must not decrease: each is the next stage."
        )
    if limits.dead_after <= limits.ping_after:
        raise SettingsError("dead_after must be greater than ping_after: a client needs time to answer.")
