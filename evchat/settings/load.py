"""Reads settings: from the command line, the environment (`EVCHAT_` and the name in capitals) and a TOML file.

They take precedence in this order. Limits stand in the file's table `[limits]`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from evchat.settings.address import parse_listen
from evchat.settings.errors import SettingsError
from evchat.settings.files import decoded
from evchat.settings.model import Config, Limits

_LARGEST = 2**31 - 1
"""No setting needs more, and system calls take no more."""

LOG_LEVELS = ("debug", "info", "warning", "error")


def data_directory(environ: Mapping[str, str] = os.environ) -> Path:
    """Where data lies if nothing is said: the platform's directory for a user's application data."""
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "evchat"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "evchat"
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "evchat"


def load(path: Path | None, environ: Mapping[str, str], arguments: Mapping[str, Any]) -> Config:
    """The settings of a TOML file, overridden by the environment, overridden by arguments. Raises SettingsError."""
    values: dict[str, Any] = {}
    limits: dict[str, Any] = {}
    if path is not None:
        for key, value in _read_file(path).items():
            if key == "limits":
                if not isinstance(value, dict):
                    raise SettingsError(f"{path}: limits must be a table: [limits].")
                limits.update(
                    {name: _checked(f"{path}: limits.{name}", Limits, name, v) for name, v in value.items()}
                )
            elif key == "operators":
                values[key] = _operators(f"{path}: operators", value)
            else:
                values[key] = _checked(f"{path}: {key}", Config, key, value)
    for variable, text in environ.items():
        if not variable.startswith("EVCHAT_") or variable.startswith("EVCHAT_TUI_"):
            continue
        name = variable[len("EVCHAT_") :].lower()
        owner: type = Limits if name in Limits.__dataclass_fields__ else Config
        (limits if owner is Limits else values)[name] = _checked(
            variable, owner, name, _from_text(owner, name, text)
        )
    for one, other in (("memory", "data"), ("data", "memory")):
        if arguments.get(one):
            values.pop(other, None)
    for name, value in arguments.items():
        owner = Limits if name in Limits.__dataclass_fields__ else Config
        (limits if owner is Limits else values)[name] = _checked(
            "--" + name.replace("_", "-"), owner, name, value
        )
    config = Config(**values, limits=Limits(**limits))
    _check_together(config)
    return config


def _operators(where: str, table: Any) -> tuple[tuple[str, str], ...]:
    """The operators of the server that a table names, with their secrets. Raises SettingsError."""
    if not isinstance(table, dict):
        raise SettingsError(f"{where} must be a table: [operators].")
    for name, secret in table.items():
        if not name or not name.isprintable() or " " in name:
            raise SettingsError(f"{where}: {name!r} is no name: it needs printable characters and no space.")
        if not isinstance(secret, str):
            raise SettingsError(f"{where}.{name} is not a secret. evchat-server --hash-password makes one.")
    return tuple(table.items())


def _read_file(path: Path) -> dict[str, Any]:
    import tomllib  # here, because most servers start without a file

    try:
        return tomllib.loads(decoded(path.read_bytes()))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}.") from None
    except ValueError as error:
        raise SettingsError(f"{path} is no TOML file: {error}.") from None


def _from_text(owner: type, name: str, text: str) -> Any:
    """The value that an environment variable's text stands for."""
    kind = _kind(owner, name)
    if kind == "bool":
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}.get(
            text.lower(), text
        )
    if kind == "tuple[str, ...]":
        return text.split()
    if kind in ("int", "float"):
        try:
            return int(text) if kind == "int" else float(text)
        except ValueError:
            return text
    return text


def _kind(owner: type, name: str) -> str:
    for known in fields(owner):
        if known.name == name:
            return str(known.type)
    return ""


def _checked(where: str, owner: type, name: str, value: Any) -> Any:
    """`value` as the setting's own type. Raises SettingsError with `where` it stands."""
    kind = _kind(owner, name)
    if name == "operators":
        raise SettingsError(
            f"{where}: operators are named in a file of settings only, in its table [operators]."
        )
    if not kind or kind == "Limits":
        known = sorted(f.name for f in fields(owner) if f.name not in ("limits", "operators"))
        raise SettingsError(f"{where}: there is no such setting. There are: {', '.join(known)}.")
    if kind in ("int", "float"):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not abs(value) <= _LARGEST or (kind == "int" and value != int(value)):
            raise SettingsError(f"{where}: {value!r} is no {'whole ' if kind == 'int' else ''}number.")
        least = next(f.metadata["least"] for f in fields(owner) if f.name == name)
        if value < least:
            raise SettingsError(f"{where}: {value} is too small; the least is {least}.")
        return int(value) if kind == "int" else float(value)
    if kind == "bool":
        if not isinstance(value, bool):
            raise SettingsError(f"{where}: {value!r} must be true or false.")
        return value
    if kind == "tuple[str, ...]":
        urls = (value,) if isinstance(value, str) else value
        if not isinstance(urls, list | tuple) or not urls or not all(isinstance(url, str) for url in urls):
            raise SettingsError(f"{where}: {value!r} must be an address or a list of addresses.")
        return tuple(urls)
    if kind == "Path | None":
        if not isinstance(value, str | Path) or not str(value) or "\0" in str(value):
            raise SettingsError(f"{where}: {value!r} is no directory's name.")
        try:
            return Path(value).expanduser()
        except RuntimeError as error:
            raise SettingsError(f"{where}: {error}") from None
    if not isinstance(value, str):
        raise SettingsError(f"{where}: {value!r} must be a text.")
    return value


def _check_together(config: Config) -> None:
    for url in config.listen:
        parse_listen(url)
    for name, allowed in (
        ("durability", ("full", "normal")),
        ("log_level", LOG_LEVELS),
        ("log_format", ("text", "json")),
    ):
        if getattr(config, name) not in allowed:
            raise SettingsError(
                f"{name.replace('_', '-')} must be one of {', '.join(allowed)}, not {getattr(config, name)!r}."
            )
    if not all(char.isascii() and (char.isalnum() or char in "-.") for char in config.hostname):
        raise SettingsError("hostname must be the name of a host: letters, digits, hyphens and dots.")
    if config.memory and config.data:
        raise SettingsError(
            "Choose between --data and --memory: the one keeps everything, the other nothing."
        )
    if not config.name or not config.name.isprintable() or len(config.name) > 63:
        raise SettingsError("The server's name must be 1 to 63 printable characters.")
    limits = config.limits
    if not limits.pause_above <= limits.output_soft <= limits.output_hard:
        raise SettingsError(
            "pause_above, output_soft and output_hard must not fall: each is the next stage of the one before."
        )
    if limits.dead_after <= limits.ping_after:
        raise SettingsError("dead_after must be greater than ping_after: a client needs time to answer.")
