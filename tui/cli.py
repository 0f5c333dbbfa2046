"""The command line of `evchat-tui`.

Exit codes: 0 a clean end, 1 failed at run time (no server, login refused, lines refused), 2 bad usage or settings.
"""

from __future__ import annotations

import os
import sys

from evchat import __version__
from tui.settings import BadSettings, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tui.settings import Settings

USAGE = """\
Usage: evchat-tui [URL | HOST[:PORT]] [options]

Chats in the terminal. Without an address: with the server on this machine.

  --user NAME       the name to log in with; its password, if it has one, is
                    taken from EVCHAT_TUI_PASSWORD
  --channel NAME    a channel to go to; may be repeated (default #main)
  --config FILE     a TOML file of settings (default ~/.config/evchat/tui.toml)
  --plain           lines instead of a screen: for pipes and screen readers
  --tail ROOM       print what is said in a channel or by a user, and send nothing
  --version         print the version
  --help            print this

  printf 'done\\n' | evchat-tui --plain --user bot    sends a line, and ends when
                                                    it has arrived
"""

_TAKES = {"--user": "user", "--channel": "channels", "--config": "config", "--tail": "tail"}
_FLAGS = {"--plain": "plain", "--version": "version", "--help": "help", "-h": "help"}


class Usage(Exception):
    """The arguments are wrong; the text says how."""


def parse(arguments: Sequence[str]) -> dict[str, Any]:
    """The arguments by name: only what was given. Raises Usage.

    By hand, because argparse takes as long to import as everything else of a start together.
    """
    found: dict[str, Any] = {}
    left = list(arguments)
    while left:
        argument = left.pop(0)
        name, sign, value = argument.partition("=") if argument.startswith("--") else (argument, "", "")
        if name in _TAKES:
            if not sign:
                if not left:
                    raise Usage(f"{name} needs a value.")
                value = left.pop(0)
            if not value:
                raise Usage(f"{name} needs a value that is not empty.")
            if name == "--channel":
                found.setdefault("channels", []).append(value if value.startswith("#") else f"#{value}")
            else:
                found[_TAKES[name]] = value
        elif argument in _FLAGS:
            found[_FLAGS[argument]] = True
        elif argument.startswith("-"):
            raise Usage(f"There is no option {argument}. --help lists them.")
        elif "server" in found:
            raise Usage(f"One server is enough: {found['server']} or {argument}?")
        else:
            found["server"] = argument
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the client; returns the exit code."""
    try:
        given = parse(sys.argv[1:] if arguments is None else arguments)
        if "help" in given or "version" in given:
            print(
                USAGE if "help" in given else f"evchat-tui {__version__}", end="" if "help" in given else "\n"
            )
            return 0
        settings = _settings(given)
        if not settings.chosen and not _find_server(settings):
            return 1
        return _run(settings)
    except (Usage, BadSettings) as problem:
        print(f"evchat-tui: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 1


def _settings(given: dict[str, Any]) -> Settings:
    options: dict[str, Any] = {name: given[name] for name in ("server", "user", "channels") if name in given}
    run: dict[str, Any] = {name: given[name] for name in ("plain", "tail") if name in given}
    settings = load(options, os.environ, given.get("config"), **run)
    _ = settings.keymap  # a mistake in it is told now, and not from inside the screen
    return settings


def _run(settings: Settings) -> int:
    if settings.plain or settings.tail is not None or not _is_screen():
        from tui.plain import plain

        return plain.run(settings)
    from tui import app

    return app.run(settings)


def _is_screen() -> bool:
    """Whether there is a terminal to paint on, and keys to be read from it."""
    return os.isatty(0) and os.isatty(1) and os.environ.get("TERM") != "dumb"


def _find_server(settings: Settings) -> bool:
    """No server was named: the one on this machine is meant. Offers to start it if there is none."""
    from tui.connection import local_server

    if local_server.runs(settings.address):
        return True
    if not (os.isatty(0) and os.isatty(2)):
        print(
            f"evchat-tui: No server runs at {settings.address}. Start one with evchat-server, or name another: "
            "evchat-tui HOST",
            file=sys.stderr,
        )
        return False
    print(
        "No evchat server runs on this machine. (To go to another: evchat-tui HOST)\nStart one here? [Y/n] ",
        end="",
        file=sys.stderr,
        flush=True,
    )
    answer = sys.stdin.readline()
    if not answer or answer.strip().lower() not in ("", "y", "yes"):
        return False
    from tui.disk.state import state_directory

    log = f"{state_directory(os.environ)}/server.log"
    pid, problem = local_server.start(settings.address, log, os.environ)
    if problem:
        print(f"evchat-tui: {problem}", file=sys.stderr)
        return False
    print(f"It runs, also when you leave; `kill {pid}` ends it. Its log is {log}", file=sys.stderr)
    return True
