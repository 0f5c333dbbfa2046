"""The command line of `evchat-tui`.

Exit codes: 0 exited cleanly, 1 failed at run time (no server, login refused, lines refused), 2 bad usage or settings.
"""

from __future__ import annotations

import gc
import os
import sys

from evchat import __version__
from evchat.settings.errors import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import Any

    from tui.settings import Settings

_EPILOG = """\
Passwords are asked for. They can also come from the environment (EVCHAT_TUI_PASSWORD,
EVCHAT_TUI_SERVER_PASSWORD), or from commands in the settings (password_command and
server_password_command).

  printf 'done\\n' | evchat-tui --plain --user bot    sends a line, and exits once it has arrived
"""


_VALUES = {"--user": "user", "--channel": "channels", "--config": "config", "--tail": "tail"}
"""The options that take a value, and the names of their values."""


def _parser() -> argparse.ArgumentParser:
    import argparse  # here, because most starts do not need it

    parser = argparse.ArgumentParser(
        prog="evchat-tui",
        description="A chat client for the terminal. Without an address, it connects to the server on this machine.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EPILOG,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    add = parser.add_argument
    add(
        "server",
        metavar="ADDRESS",
        nargs="*",
        type=_given,
        help="HOST, HOST:PORT, tls://HOST:PORT (encrypted) or unix:///PATH; several for several servers at once",
    )
    add("--user", metavar="NAME", type=_given, help="the name to log in with")
    add("--channel", metavar="NAME", dest="channels", action="append", type=_channel, help="a channel to join; may "
        "be repeated (default #main)")  # fmt: skip
    add(
        "--config",
        metavar="FILE",
        type=_given,
        help="a TOML file of settings (default ~/.config/evchat/tui.toml)",
    )
    add(
        "--plain",
        action="store_true",
        help="plain lines instead of a full screen, for pipes and screen readers",
    )
    add(
        "--tail",
        metavar="ROOM",
        type=_given,
        help="print the messages of a channel or a user, and send nothing",
    )
    add(
        "--forget",
        action="store_true",
        help="forget the certificate that was confirmed for ADDRESS, and exit",
    )
    add("--version", action="version", version=f"evchat-tui {__version__}")
    return parser


def _given(text: str) -> str:
    if not text:
        import argparse

        raise argparse.ArgumentTypeError("the value is empty")
    return text


def _channel(text: str) -> str:
    return text if _given(text).startswith("#") else f"#{text}"


def parse(arguments: Sequence[str] | None) -> dict[str, Any]:
    """The given arguments by name. Raises SystemExit after --help, --version, or a usage error."""
    given = _simple(sys.argv[1:] if arguments is None else arguments)
    return vars(_parser().parse_intermixed_args(arguments)) if given is None else given


def _simple(arguments: Sequence[str]) -> dict[str, Any] | None:
    """What `_parser` makes of arguments that anyone can read: addresses, --plain, and options with their value behind.

    None if there are others. Without argparse, because importing it and making the parser is a fifth of a start.
    """
    given: dict[str, Any] = {}
    rest = iter(arguments)
    for argument in rest:
        if argument == "--plain":
            given["plain"] = True
        elif argument in _VALUES:
            value = next(rest, "")
            if not value or value.startswith("-"):
                return None
            if argument == "--channel":
                given.setdefault("channels", []).append(_channel(value))
            else:
                given[_VALUES[argument]] = value
        elif not argument or argument.startswith("-"):
            return None
        else:
            given.setdefault("server", []).append(argument)
    return given


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the client; returns the exit code. Raises SystemExit where `parse` does."""
    gc.disable()  # until the client runs: looking for garbage among modules, which stay, takes milliseconds
    try:
        given = parse(arguments)
        forget = given.pop("forget", False)
        settings = _settings(given)
        if forget:
            return _forget(settings)
        pid = 0
        if not settings.chosen:
            pid = _find_server(settings)
            if pid < 0:
                return 1
        code = _run(settings, several=len(given.get("server", ())) > 1)
        if pid > 0:
            _say_how_to_stop(pid)
        return code
    except SettingsError as problem:
        print(f"evchat-tui: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 1
    finally:
        gc.enable()


def _settings(given: dict[str, Any]) -> Settings:
    from tui.settings import load  # here, while no garbage is collected

    options: dict[str, Any] = {name: given[name] for name in ("user", "channels") if name in given}
    if given.get("server"):
        options["server"], *options["servers"] = given["server"]
    run: dict[str, Any] = {name: given[name] for name in ("plain", "tail") if name in given}
    run["piped"] = not os.isatty(0)
    settings = load(options, os.environ, given.get("config"), **run)
    _ = settings.keymap, settings.others  # reports a mistake in them now, not from inside the screen
    return settings


def _run(settings: Settings, *, several: bool) -> int:
    if settings.plain or settings.tail is not None or not _is_screen():
        if several:
            raise SettingsError("plain lines are for one server only.")
        from tui.plain import plain

        gc.enable()
        return plain.run(settings)
    from tui import app

    gc.freeze()
    gc.enable()
    return app.run(settings)


def _forget(settings: Settings) -> int:
    """Forgets a server's certificate; the exit code."""
    server = str(settings.address)
    try:
        known = settings.known_servers.forget(server)
    except OSError as error:
        print(f"evchat-tui: {settings.known_servers.path}: {error.strerror}", file=sys.stderr)
        return 1
    print(
        f"The certificate of {server} is forgotten."
        if known
        else f"No certificate of {server} is remembered."
    )
    return 0 if known else 1


def _is_screen() -> bool:
    """Whether there is a terminal to draw on and to read keys from."""
    return os.isatty(0) and os.isatty(1) and os.environ.get("TERM") != "dumb"


def _say_how_to_stop(pid: int) -> None:
    """Where others still use the server that was started for this client, it goes on."""
    from tui.connection import local_server

    if local_server.goes_on(pid):
        print(
            f"Others are still connected, so the server goes on until they have left. `kill {pid}` stops it now.",
            file=sys.stderr,
        )


def _find_server(settings: Settings) -> int:
    """Looks for the server on this machine, because none was named. Offers to start one if there is none.

    Returns the process id of the server if it was started, 0 if one runs already, -1 if there is none.
    """
    from tui.connection import local_server

    if local_server.runs(settings.address):
        return 0
    if not (os.isatty(0) and os.isatty(2)):
        print(
            f"evchat-tui: No server is running at {settings.address}. Start one with evchat-server, or name another: "
            "evchat-tui HOST",
            file=sys.stderr,
        )
        return -1
    print(
        "No evchat server is running on this machine. (To use another: evchat-tui HOST)\nStart one here? [Y/n] ",
        end="",
        file=sys.stderr,
        flush=True,
    )
    answer = sys.stdin.readline()
    if not answer or answer.strip().lower() not in ("", "y", "yes"):
        return -1
    from tui.disk.state import state_directory

    log = f"{state_directory(os.environ)}/server.log"
    pid, problem = local_server.start(settings.address, log, os.environ)
    if problem:
        print(f"evchat-tui: {problem}", file=sys.stderr)
        return -1
    print(f"It ends when the last one has left; `kill {pid}` stops it now. Its log is {log}", file=sys.stderr)
    return pid
