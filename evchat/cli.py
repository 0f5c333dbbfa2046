"""The command line of `evchat-server`.

Exit codes: 0 stopped cleanly, 1 failed at run time, 2 bad usage or configuration.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from evchat import __version__, log
from evchat.settings.errors import SettingsError
from evchat.settings.files import decoded
from evchat.settings.model import Config, Limits, unit, without_limits
from evchat.settings.server import ADMINISTRATION, data_directory, load, misleading, strays

TYPE_CHECKING = False
if TYPE_CHECKING:
    from evchat.core.store import Store

_EPILOG = """\
These can be set in the --config file, or by environment variables named EVCHAT_ + the name in capitals:

  password      what everyone must enter before login: plain text, or made by --hash-password
  tls_cert      the certificate chain for TLS, in PEM (--make-cert makes one); without it there is none
  tls_key       its key (default: in the same file)
  tls_required  true: only this machine may connect without TLS (default false)
  tls_client_ca whose certificates IRC clients can show at ircs://HOST:PORT?certificates=1 (default: those users added)
  sts           for how many seconds IRC clients are to use TLS only (default 0: off)
  hostname      the server's name in IRC (default: derived from its name)
  irc_main      true: IRC clients start in #main, as everyone else does (default false)
  guests        false: only people with an account may log in (default true)
  irc_playback  false: IRC clients that can't ask for history get none on joining (default true)

Channels that are always there are tables [channels."#name"] in the --config file: modes, topic, auto_join, announce
(only operators speak) and operators (accounts).

Limits can be set in the table [limits] of the --config file, or by EVCHAT_ + the name in capitals.
s means seconds, B bytes:

"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evchat-server",
        description="A chat server: IRC, netcat, JSON and terminal clients on one port, nothing to configure.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EPILOG
        + "\n".join(
            f"  {f.name:28} {f.default!s:>11} {unit(f):5} {f.metadata['reason']}" for f in fields(Limits)
        ),
    )
    add = parser.add_argument
    add("--listen", metavar="URL", action="append", help="tcp:// or tls:// (any dialect), json://, text://, irc://, "
        "ircs://, http:// or https://HOST:PORT, unix:///PATH, or for older clients room://, chatapp://, letschat://, "
        "wholast://HOST:PORT?chat=PORT, or systemd: for the sockets of a socket unit; may be repeated "
        "(default tcp://127.0.0.1:9998)")  # fmt: skip
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--data", metavar="DIR", help="where to store everything (default: your data directory)"
    )
    where.add_argument("--memory", action="store_true", default=None, help="store nothing on disk")
    add("--durability", choices=("full", "normal"), help="full (default): what was seen survives a power cut; "
        "normal: only a crash of the server, but faster")  # fmt: skip
    add("--config", metavar="FILE", type=Path, help="a TOML file of settings")
    add("--check-config", metavar="FILE", type=Path, help="check a settings file and exit")
    add("--hash-password", action="store_true", default=None, help="read a password, print its hash for "
        "password and [operators] in the settings file, and exit")  # fmt: skip
    add("--make-cert", metavar="DIR", nargs="?", type=Path, const=Path(), help="make a self-signed certificate for TLS "
        "in DIR, print its fingerprint, and exit")  # fmt: skip
    add("--name", metavar="NAME", help="the server's name (default evchat)")
    add("--motd", metavar="FILE", type=Path, help="a text file shown to everyone who logs in")
    add("--max-clients", metavar="N", type=int, help="connections at once")
    add("--max-per-ip", metavar="N", type=int, help="connections per address; 0: no limit")
    add("--stop-when-empty", action="store_true", default=None, help="end when the last client has left")
    add(
        "--insecure-no-limits",
        action="store_true",
        default=None,
        help="no rate limits and per-address limits: for tests only",
    )
    add("--log-level", choices=("debug", "info", "warning", "error"), help="what to log (default info)")
    add(
        "--log-format",
        choices=("text", "json"),
        help="how to log: a line of text (default) or JSON per event",
    )
    add(
        "--log-file",
        metavar="FILE",
        type=Path,
        help="where to log (default: stderr); SIGUSR1 begins a new file",
    )
    add(
        "--print-unit",
        choices=("service", "socket", "logrotate"),
        help="print a unit for systemd, or rules for logrotate, and exit",
    )
    add("--version", action="version", version=f"evchat {__version__}")
    return parser


def _read_motd(path: Path) -> str:
    try:
        return decoded(path.read_bytes()).strip()[:4096]
    except (OSError, ValueError) as problem:
        raise SettingsError(f"--motd {path}: {problem}.") from None


_HASH = re.compile(r"scrypt\$|\$[a-z0-9-]+\$")
"""How a hash of a password begins: one of ours, or of other programs."""

_FILE_NAME = re.compile(r"(?:~|\.{1,2})?/\S*|\S+\.(?:txt|text|md|motd|asc|ans|rst|html?)", re.IGNORECASE)
"""What is the name of a file, even if there is none of that name."""


def _is_file_name(text: str, folder: Path) -> bool:
    """Whether a text that is to be shown is rather the name of a file in which it stands."""
    if not text or not text.isprintable():
        return False
    is_there = not text.endswith(".") and os.access(folder / text, os.R_OK)
    return is_there or _FILE_NAME.fullmatch(text) is not None


def read(path: Path | None, environ: Mapping[str, str], given: Mapping[str, Any]) -> Config:
    """The settings of a file, the environment and arguments. Raises SettingsError, also for an invalid secret."""
    from evchat.core.rules import (  # here, so that --help and usage errors are fast
        defined_channels,
        passwords,
    )

    config = load(path, environ, given)
    for name, secret in config.operators:
        if not passwords.is_secret(secret):
            raise SettingsError(
                f"{path}: operators.{name} is not a password hash. evchat-server --hash-password makes one."
            )
    if _HASH.match(config.password) and not passwords.is_secret(config.password):
        raise SettingsError(
            "password starts like a hash, but is not a whole one of evchat's. evchat-server --hash-password makes one."
        )
    if "motd" not in given and _is_file_name(config.motd, path.parent if path else Path()):
        raise SettingsError(
            f"motd is the text itself, and {config.motd!r} looks like the name of a file. Write the text there, or "
            f"start with --motd {config.motd}."
        )
    for channel in config.channels:
        problem = defined_channels.problem(channel, config.limits)
        if problem:
            raise SettingsError(f'{path}: channels."{channel.name}": {problem}')
    return config


def configure(options: argparse.Namespace) -> Config:
    """The settings from arguments, environment and file together. Raises SettingsError."""
    given: dict[str, Any] = {
        name: value
        for name, value in vars(options).items()
        if value is not None
        and name not in ("config", "check_config", "hash_password", "make_cert", "motd", "print_unit")
    }
    if options.motd is not None:
        given["motd"] = _read_motd(options.motd)
    config = read(options.config, os.environ, given)
    return without_limits(config) if config.insecure_no_limits else config


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the server until it is stopped; returns the exit code."""
    options = _parser().parse_args(arguments)
    gc.disable()  # what a start makes stays: looking for garbage among it would be a tenth of the start
    try:
        return _run(options)
    finally:
        gc.enable()


def _run(options: argparse.Namespace) -> int:
    if options.hash_password:
        return _hash_password()
    if options.make_cert is not None:
        from evchat import make_cert  # here, because starting the server does not need it

        return make_cert.make(options.make_cert)
    if options.print_unit:
        from evchat import units  # here, because starting the server does not need it

        print(units.text(options.print_unit), end="")
        return 0
    try:
        if options.check_config is not None:
            checked = read(options.check_config, os.environ, {})
            from evchat.server import preflight  # here, because starting the server does not need it

            problem = preflight.problem(checked, os.environ)
            if problem:
                raise SettingsError(problem)
            _warn(checked)
            print(f"{options.check_config}: OK")
            return 0
        config = configure(options)
    except SettingsError as problem:
        print(f"evchat-server: {problem}", file=sys.stderr)
        return 2
    _warn(config)
    try:
        log.set_up(
            config.log_level,
            config.log_format,
            limited=not config.insecure_no_limits,
            file=config.log_file,
        )
    except OSError as problem:
        print(f"evchat-server: log_file: {problem.filename}: {problem.strerror}.", file=sys.stderr)
        return 1
    return _serve(config, options)


def _warn(config: Config) -> None:
    """Says which variables are ignored, because they may be mistyped, and which settings may not do what is meant."""
    for text in (*strays(os.environ), *misleading(config)):
        print(f"evchat-server: {text}", file=sys.stderr)


def _hash_password() -> int:
    """Prints the hash of a password, which is asked for or read from the first line of piped input."""
    from getpass import getpass  # here, because starting the server does not need it

    from evchat.core.rules import passwords

    asks = sys.stdin.isatty()
    password = getpass("Password: ") if asks else _first_line()
    if asks and password and getpass("Once more: ") != password:
        print("evchat-server: The two passwords differ.", file=sys.stderr)
        return 2
    if not password:
        print("evchat-server: The password is empty.", file=sys.stderr)
        return 2
    print(passwords.make_secret(password, os.urandom(passwords.SALT_BYTES)))
    return 0


def _first_line() -> str:
    return sys.stdin.readline().rstrip("\r\n").removeprefix("\ufeff")


def _serve(config: Config, options: argparse.Namespace) -> int:
    from evchat.core.store import StoreError  # here, so that --help and usage errors are fast
    from evchat.server import invitations
    from evchat.server.server import Server

    store: Store | None = None
    try:
        store = open_store(config)
        administration = "" if config.memory else str(_data(config) / ADMINISTRATION)
        server = Server(config, store, reload=lambda: configure(options), administration=administration)
        urls = server.open()
        messages = server.back.messages()
    except (StoreError, OSError) as problem:
        if store is not None:
            store.close()
        print(f"evchat-server: {problem}", file=sys.stderr)
        return 1
    _allow_descriptors(config.limits.max_clients)
    try:
        metrics = (f"metrics {url}/metrics" for url in server.metrics_urls)
        for line in (*(f"listening {url}" for url in urls), *metrics, *invitations.lines(urls, config)):
            print(line, flush=True)
    except OSError:
        pass  # whoever started it reads no more: the server serves all the same
    data = "memory" if config.memory else str(_data(config))
    config_file = str(options.config or "-")
    log.info(
        "started", version=__version__, pid=os.getpid(), data=data, config=config_file, messages=messages
    )
    for url in urls:
        log.info("listening", url=url)
    try:
        return server.run()
    finally:
        log.flush()


def open_store(config: Config) -> Store:
    """The store that the settings ask for. Raises StoreError."""
    if config.memory:
        from evchat.storage.memory import MemoryStore

        limits = config.limits
        return MemoryStore(
            limits.memory_history,
            conversations=limits.memory_conversations,
            size=limits.memory_bytes,
            others=limits.memory_others,
            receipt_age=limits.receipt_age,
        )
    from evchat.storage.sqlite.store import SqliteStore  # here, because --memory does not need it

    return SqliteStore(_data(config), config.durability, config.limits)


def _data(config: Config) -> Path:
    """Where everything is stored."""
    return config.data or data_directory(os.environ)


def _allow_descriptors(clients: int) -> None:
    """Raises this process's limit on open files as far as possible, and logs it if that is too low for `clients`."""
    if sys.platform == "win32":  # no such limit there
        return
    import resource

    wanted = clients + 64
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        if soft < wanted:
            log.info("too few open files allowed for max-clients: raise `ulimit -n`", open_files=soft)
