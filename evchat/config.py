"""Every setting of the server: its name, its default, and the reason for the default.

A setting is given on the command line, in the environment (`EVCHAT_` and its name in capitals) or in a TOML file, in
this order of precedence. Limits stand in the file's table `[limits]`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from evchat import __version__
from evchat.core.passwords import is_secret
from evchat.core.rules import Rules
from evchat.dialects.irc.settings import Settings as IrcSettings
from evchat.protocol.text import decoded

DEFAULT_PORT = 9998
_LARGEST = 2**31 - 1
"""No setting needs more, and system calls take no more."""

SCHEMES = ("tcp", "json", "text", "irc", "unix")
LOG_LEVELS = ("debug", "info", "warning", "error")


class ConfigError(Exception):
    """A setting is wrong. The text is a sentence that names it and says what to do."""


def _limit(default: Any, why: str, least: float = 0) -> Any:
    return field(default=default, metadata={"why": why, "least": least})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every limit, with its default and its reason. Times are seconds, sizes bytes; 0 switches a limit off if said."""

    max_clients: int = _limit(10_000, "Connections at once; what one thread serves with ease.", 1)
    max_per_ip: int = _limit(
        16, "Connections of one address (IPv6: one /64): a household. Loopback is free. 0: off."
    )
    login_deadline: float = _limit(
        30.0, "A person needs this long to type a name; a scanner is gone by then. 0: off."
    )
    idle_timeout: float = _limit(
        0.0, "Logs out who says nothing for so long. Off (0): people read for hours."
    )
    ping_after: float = _limit(
        90.0, "Silence after which a full client is asked for a sign of life: below NAT's time-outs.", 1
    )
    dead_after: float = _limit(150.0, "Silence after which it counts as gone: it had a minute to answer.", 2)
    keepalive_idle: int = _limit(60, "Silence before TCP keepalive, for clients that can't be asked.", 1)
    keepalive_interval: int = _limit(15, "Between two keepalive probes.", 1)
    keepalive_count: int = _limit(
        4, "Probes without an answer until a connection is dead: two minutes in all.", 1
    )
    user_timeout: float = _limit(120.0, "How long sent bytes may stay unacknowledged (RFC 5482).", 1)
    pause_above: int = _limit(
        64 * 1024, "Owed output above which a peer is not read from: who asks must listen.", 1024
    )
    output_soft: int = _limit(
        256 * 1024, "Owed output that is borne for output_soft_seconds: a slow link's burst.", 1024
    )
    output_soft_seconds: float = _limit(30.0, "How long; a phone in a tunnel.", 1)
    output_hard: int = _limit(1024 * 1024, "Owed output at which a peer is cut at once.", 4096)
    output_total: int = _limit(
        64 * 1024 * 1024, "Owed output of all peers; beyond it the fattest are cut first.", 65536
    )
    input_before_login: int = _limit(8 * 1024, "Bytes that a stranger may send before a login.", 512)
    commands_before_login: int = _limit(32, "Requests that a stranger may make before a login.", 1)
    command_burst: int = _limit(20, "Requests in one go; a paste of a screenful.", 1)
    command_rate: float = _limit(
        4.0, "Requests a second in the long run; beyond it a peer is delayed, not cut.", 0.1
    )
    pace: float = _limit(0.020, "Between two objects to a plain JSON client, which reads one a segment.")
    pace_backlog: int = _limit(100, "Objects that wait for the pace; more are sent together.", 1)
    stop_flush: float = _limit(5.0, "How long a stopping server goes on sending what it owes.")
    linger: float = _limit(5.0, "How long a closed connection may still take its last words.")
    worker_queue: int = _limit(1_000, "Password checks that may wait; about a minute's work.", 1)
    memory_history: int = _limit(1_000, "Messages of a conversation kept with --memory.", 1)
    max_channels_per_user: int = _limit(100, "Channels one user can be in.", 1)
    max_channels: int = _limit(100_000, "Channels there can be.", 1)
    max_lines: int = _limit(200, "Lines of a message: people get each as a line with its sender.", 1)
    max_topic_bytes: int = _limit(390, "Fits a 512-byte IRC line with its prefix.", 1)
    max_away_bytes: int = _limit(390, "As a topic.", 1)
    max_realname_bytes: int = _limit(150, "A name, a pronoun and a link; every list of people repeats it.", 1)
    max_tag_bytes: int = _limit(4094, "What IRC lets clients add to a message (message-tags).", 1)
    max_mask: int = _limit(200, "Characters of a mask: more than any name, host or real name has.", 1)
    max_watched: int = _limit(100, "Users whose coming and going one session can watch.", 1)
    names_remembered: int = _limit(1_000, "Names given up that whowas knows; about a day's, and 0.5 MB.")
    max_recipients: int = _limit(100, "Names in one broadcast to users: each gets a message of its own.", 1)
    max_blocked: int = _limit(1_000, "Users that one can block.", 1)
    max_list_entries: int = _limit(100, "Bans, exceptions and invitations of one channel together.", 1)
    max_owned: int = _limit(100, "Channels that one account owns, which stay when everybody has left.")
    max_banished: int = _limit(1_000, "Bans from the server: each login is held against all of them.", 1)
    recent_messages: int = _limit(20, "Messages shown on a join: a screenful.")
    history_default: int = _limit(50, "Messages of a history request that names no number.", 1)
    history_max: int = _limit(1_000, "Messages of one history request.", 1)
    list_max: int = _limit(1_000, "Rows of one list of users or channels.", 1)
    quiet_above: int = _limit(
        250, "Members above which coming and going is not told: it grows with the square."
    )
    password_min: int = _limit(
        4, "Characters of a password; guessing is slowed down by the two limits below.", 1
    )
    password_tries: int = _limit(3, "Wrong passwords of one address for one name before it is blocked.", 1)
    password_block: float = _limit(60.0, "For so long.", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that the owner of a server can set."""

    listen: tuple[str, ...] = (f"tcp://127.0.0.1:{DEFAULT_PORT}",)
    data: Path | None = None
    memory: bool = False
    durability: str = "full"
    name: str = "evchat"
    hostname: str = ""
    motd: str = ""
    password: str = ""
    unicode_names: bool = False
    irc_main: bool = False
    irc_playback: bool = True
    insecure_no_limits: bool = False
    log_level: str = "info"
    log_format: str = "text"
    operators: tuple[tuple[str, str], ...] = ()
    limits: Limits = field(default_factory=Limits)

    def irc(self, started: int) -> IrcSettings:
        """What the IRC dialect tells of the server, which runs since `started` (milliseconds since the epoch)."""
        network = "".join(char if char.isalnum() or char in "-_." else "-" for char in self.name) or "evchat"
        host = self.hostname or (network if "." in network.strip(".") else f"{network.lower()}.local")
        return IrcSettings(
            hostname=host,
            network=network,
            version=f"evchat-{__version__}",
            started=started,
            motd=tuple(self.motd.splitlines()),
            playback=self.irc_playback,
            max_channels=self.limits.max_channels_per_user,
            max_watched=self.limits.max_watched,
            max_list=self.limits.max_list_entries,
            topic_bytes=self.limits.max_topic_bytes,
            away_bytes=self.limits.max_away_bytes,
            history_max=self.limits.history_max,
        )

    def rules(self) -> Rules:
        """The part of the settings that the core works by."""
        limits = self.limits
        told = (
            "max_clients",
            "history_max",
            "max_channels_per_user",
            "max_recipients",
            "max_lines",
            "command_burst",
            "max_topic_bytes",
        )
        return Rules(
            server_name=self.name,
            password=self.password,
            everyone_in_main=self.irc_main,
            version=__version__,
            motd=self.motd,
            unicode_names=self.unicode_names,
            max_channels_per_user=limits.max_channels_per_user,
            max_channels=limits.max_channels,
            max_lines=limits.max_lines,
            max_topic_bytes=limits.max_topic_bytes,
            max_away_bytes=limits.max_away_bytes,
            max_realname_bytes=limits.max_realname_bytes,
            max_tag_bytes=limits.max_tag_bytes,
            max_mask=limits.max_mask,
            max_watched=limits.max_watched,
            names_remembered=limits.names_remembered,
            max_recipients=limits.max_recipients,
            max_blocked=limits.max_blocked,
            max_list_entries=limits.max_list_entries,
            max_owned=limits.max_owned,
            max_banished=limits.max_banished,
            operators=self.operators,
            password_min=limits.password_min,
            recent_messages=limits.recent_messages,
            history_default=limits.history_default,
            history_max=limits.history_max,
            list_max=limits.list_max,
            quiet_above=limits.quiet_above,
            login_deadline=int(limits.login_deadline * 1000),
            idle_timeout=int(limits.idle_timeout * 1000),
            password_tries=limits.password_tries,
            password_block=int(limits.password_block * 1000),
            limits=(("object_bytes", 65536), *((key, int(getattr(limits, key))) for key in told)),
            features=(
                "history",
                "inbox",
                "directs",
                "search",
                "accounts",
                "read",
                "ids",
                "modes",
                "operators",
                "redact",
                "typing",
                "watch",
            ),
        )


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen: `scheme` says which dialects; either a host and port or a path of a UNIX socket."""

    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""


def parse_listen(url: str) -> Address:
    """The address that a `--listen` URL names. Raises ConfigError."""
    help_ = f"Use for instance tcp://127.0.0.1:{DEFAULT_PORT} or unix:///run/evchat.sock."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConfigError(f"{url!r} is no address to listen on: {error}. {help_}") from None
    if parts.scheme not in SCHEMES:
        raise ConfigError(f"{url!r} has none of the schemes {', '.join(SCHEMES)}. {help_}")
    if parts.query or parts.fragment or parts.username is not None:
        raise ConfigError(f"{url!r} holds more than an address. {help_}")
    if parts.scheme == "unix":
        if not parts.path or parts.netloc or "\0" in parts.path:
            raise ConfigError(f"{url!r} needs a path. {help_}")
        return Address("unix", path=parts.path)
    if not parts.hostname or "\0" in parts.hostname or parts.path not in ("", "/"):
        raise ConfigError(f"{url!r} needs a host and a port. {help_}")
    return Address(parts.scheme, parts.hostname, DEFAULT_PORT if port is None else port)


def data_directory(environ: Mapping[str, str] = os.environ) -> Path:
    """Where data lies if nothing is said: the platform's directory for a user's application data."""
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "evchat"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "evchat"
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "evchat"


def load(path: Path | None, environ: Mapping[str, str], arguments: Mapping[str, Any]) -> Config:
    """The settings of a TOML file, overridden by the environment, overridden by arguments. Raises ConfigError."""
    values: dict[str, Any] = {}
    limits: dict[str, Any] = {}
    if path is not None:
        for key, value in _read_file(path).items():
            if key == "limits":
                if not isinstance(value, dict):
                    raise ConfigError(f"{path}: limits must be a table: [limits].")
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
    """The operators of the server that a table names, with their secrets. Raises ConfigError."""
    if not isinstance(table, dict):
        raise ConfigError(f"{where} must be a table: [operators].")
    for name, secret in table.items():
        if not name or not name.isprintable() or " " in name:
            raise ConfigError(f"{where}: {name!r} is no name: it needs printable characters and no space.")
        if not isinstance(secret, str) or not is_secret(secret):
            raise ConfigError(f"{where}.{name} is no secret. evchat-server --hash-password makes one.")
    return tuple(table.items())


def _read_file(path: Path) -> dict[str, Any]:
    import tomllib  # here, because most servers start without a file

    try:
        return tomllib.loads(decoded(path.read_bytes()))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}.") from None
    except ValueError as error:
        raise ConfigError(f"{path} is no TOML file: {error}.") from None


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
    """`value` as the setting's own type. Raises ConfigError with `where` it stands."""
    kind = _kind(owner, name)
    if name == "operators":
        raise ConfigError(
            f"{where}: operators are named in a file of settings only, in its table [operators]."
        )
    if not kind or kind == "Limits":
        known = sorted(f.name for f in fields(owner) if f.name not in ("limits", "operators"))
        raise ConfigError(f"{where}: there is no such setting. There are: {', '.join(known)}.")
    if kind in ("int", "float"):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not abs(value) <= _LARGEST or (kind == "int" and value != int(value)):
            raise ConfigError(f"{where}: {value!r} is no {'whole ' if kind == 'int' else ''}number.")
        least = next(f.metadata["least"] for f in fields(owner) if f.name == name)
        if value < least:
            raise ConfigError(f"{where}: {value} is too small; the least is {least}.")
        return int(value) if kind == "int" else float(value)
    if kind == "bool":
        if not isinstance(value, bool):
            raise ConfigError(f"{where}: {value!r} must be true or false.")
        return value
    if kind == "tuple[str, ...]":
        urls = (value,) if isinstance(value, str) else value
        if not isinstance(urls, list | tuple) or not urls or not all(isinstance(url, str) for url in urls):
            raise ConfigError(f"{where}: {value!r} must be an address or a list of addresses.")
        return tuple(urls)
    if kind == "Path | None":
        if not isinstance(value, str | Path) or not str(value) or "\0" in str(value):
            raise ConfigError(f"{where}: {value!r} is no directory's name.")
        try:
            return Path(value).expanduser()
        except RuntimeError as error:
            raise ConfigError(f"{where}: {error}") from None
    if not isinstance(value, str):
        raise ConfigError(f"{where}: {value!r} must be a text.")
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
            raise ConfigError(
                f"{name.replace('_', '-')} must be one of {', '.join(allowed)}, not {getattr(config, name)!r}."
            )
    if not all(char.isascii() and (char.isalnum() or char in "-.") for char in config.hostname):
        raise ConfigError("hostname must be the name of a host: letters, digits, hyphens and dots.")
    if config.memory and config.data:
        raise ConfigError("Choose between --data and --memory: the one keeps everything, the other nothing.")
    if not config.name or not config.name.isprintable() or len(config.name) > 63:
        raise ConfigError("The server's name must be 1 to 63 printable characters.")
    limits = config.limits
    if not limits.pause_above <= limits.output_soft <= limits.output_hard:
        raise ConfigError(
            "pause_above, output_soft and output_hard must not fall: each is the next stage of the one before."
        )
    if limits.dead_after <= limits.ping_after:
        raise ConfigError("dead_after must be greater than ping_after: a client needs time to answer.")


def without_limits(config: Config) -> Config:
    """The settings with rate limits and per-address limits off, for load tests and conformance suites."""
    limits = replace(
        config.limits, max_per_ip=0, command_rate=1e9, command_burst=2**31, commands_before_login=2**31,
        input_before_login=2**31, login_deadline=0.0,
    )  # fmt: skip
    return replace(config, limits=limits)
