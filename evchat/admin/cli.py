"""The command line of `evchat-admin`.

Exit codes: 0 done, 1 it could not be done, 2 bad usage or settings, 3 no server runs there.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evchat import __version__
from evchat.admin.errors import USAGE, AdminError
from evchat.settings.errors import SettingsError
from evchat.settings.model import Config

EXIT_STATUS = (
    ("0", "It is done."),
    ("1", "It could not be done, or what was looked at is not sound; a sentence says why."),
    ("2", "The usage or the settings are wrong."),
    ("3", "No server runs there, and the command needs one."),
)
"""What the exit codes mean, for the man page."""


def parser() -> argparse.ArgumentParser:
    """The parser; each sub-command has its own."""
    where = argparse.ArgumentParser(add_help=False)
    add = where.add_argument
    add(
        "--data",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="the server's data directory (default: as the server's)",
    )
    add("--config", metavar="FILE", type=Path, default=argparse.SUPPRESS, help="the server's settings file")
    made = argparse.ArgumentParser(
        prog="evchat-admin",
        description="Looks after an evchat server and its data. Run it as the user that runs the server, or as root.",
        parents=[where],
    )
    made.add_argument("--version", action="version", version=f"evchat {__version__}")
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, about: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=about, description=about, parents=[where])

    file = command(
        "backup", "Copies the database to FILE, also while the server runs; replaces an older backup."
    )
    file.add_argument("file", metavar="FILE", type=Path, help="where to")
    file = command("restore", "Puts a backup in the place of the database, which is kept under another name.")
    file.add_argument("file", metavar="FILE", type=Path, help="a file that backup has made")
    file = command("check", "Looks whether the database, or a backup, is sound; tells its size and versions.")
    file.add_argument("file", metavar="FILE", type=Path, nargs="?", help="a backup (default: the database)")
    command("compact", "Shrinks the database by what was deleted. The server must not run.")
    file = command(
        "export", "Writes what is stored to FILE, a JSON object per line; - is the standard output."
    )
    what = file.add_mutually_exclusive_group()
    what.add_argument("--channel", metavar="NAME", help="only what was said in this channel")
    what.add_argument("--user", metavar="NAME", help="only what is stored about this person")
    file.add_argument("file", metavar="FILE", type=Path, help="where to")
    file = command(
        "import", "Takes over messages: what export writes, a Slack export (zip), or a log of irssi or WeeChat. "
        "The server must not run. What is there already is not taken over twice."
    )  # fmt: skip
    file.add_argument("--channel", metavar="NAME", default="", help="the channel of a log")
    file.add_argument(
        "--owner", metavar="NAME", default="", help="the account that gets channels which are missing"
    )
    file.add_argument("file", metavar="FILE", type=Path, help="what to read")
    file = command("cert", "Makes a self-signed certificate for TLS in DIR and prints its fingerprint.")
    file.add_argument(
        "folder", metavar="DIR", type=Path, nargs="?", default=Path(), help="where (default: here)"
    )
    command("status", "Tells how the running server is; exit code 0 if all is well.")
    command("restart", "Says how to restart the running server.")
    code = command("invite", "Makes a code with which people can register, and prints a link that has it.")
    code.add_argument(
        "--uses", metavar="N", type=int, default=1, help="how many can register with it (default 1)"
    )
    code.add_argument("--days", metavar="N", type=int, default=7, help="for how long (default 7)")
    code.add_argument(
        "--url", metavar="URL", default="", help="the page's address (default: from the settings)"
    )
    _add_users(command("user", "Lists, bans and helps people."), where)
    return made


def _add_users(of_users: argparse.ArgumentParser, where: argparse.ArgumentParser) -> None:
    """The sub-commands of `user`."""
    commands = of_users.add_subparsers(dest="act", metavar="COMMAND", required=True)

    def command(name: str, about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about, parents=[where])
        if name != "list":
            made.add_argument("name", metavar="NAME", help="whom")
        return made

    command("list", "Lists the accounts.")
    banned = command("ban", "Bans a name, account, address, range of addresses or mask from the server.")
    banned.add_argument(
        "--minutes", metavar="N", type=int, default=0, help="for how long (default: for good)"
    )
    banned.add_argument("--reason", metavar="TEXT", default="", help="why, for everybody to read")
    command("unban", "Takes such a ban back.")
    erased = command("erase", "Deletes all that is stored about somebody, for good; the name stays reserved.")
    erased.add_argument("--yes", action="store_true", help="without asking back")
    command("add", "Registers a name for somebody; the password is asked for, or read from piped input.")
    command("password", "Gives an account another password, which is asked for, or read from piped input.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Carries out one command; returns the exit code."""
    options = parser().parse_args(arguments)
    from evchat.core.store import StoreError  # here, so that --help and usage errors are fast

    try:
        return _run(options) or 0
    except SettingsError as problem:
        return _complain(str(problem), USAGE)
    except AdminError as problem:
        return _complain(str(problem), problem.code)
    except StoreError as problem:
        return _complain(str(problem), 1)
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return _complain("Interrupted.", 130)


def _complain(text: str, code: int) -> int:
    print(f"evchat-admin: {text}", file=sys.stderr)
    return code


def _settings(options: argparse.Namespace) -> Config:
    """The server's settings, as far as the arguments name them. Raises SettingsError."""
    from evchat.settings.server import load

    given: dict[str, Any] = {"data": options.data} if getattr(options, "data", None) is not None else {}
    return load(getattr(options, "config", None), os.environ, given)


def _directory(options: argparse.Namespace) -> Path:
    """The server's data directory. Raises SettingsError."""
    from evchat.settings.server import data_directory

    config = _settings(options)
    if config.memory:
        raise SettingsError("With the setting memory nothing is stored, so there is nothing to look after.")
    return config.data or data_directory(os.environ)


def _run(options: argparse.Namespace) -> int | None:
    if options.command == "cert":
        from evchat import make_cert

        return make_cert.make(options.folder)
    from evchat.admin import files
    from evchat.storage.sqlite.backup import DATABASE

    directory = _directory(options)
    if options.command in ("status", "restart", "user", "invite"):
        _about_people(options, directory)
    elif options.command == "backup":
        files.back_up(directory, options.file)
    elif options.command == "restore":
        files.restore(options.file, directory)
    elif options.command == "compact":
        files.compact(directory)
    elif options.command == "check":
        files.check(options.file or directory / DATABASE)
    elif options.command == "import":
        from evchat.admin import importing

        importing.bring_in(directory, _settings(options), options.file, options.channel, options.owner)
    elif options.command == "export":
        files.export(directory, options.file, options.channel, options.user)
    return None


def _about_people(options: argparse.Namespace, directory: Path) -> None:
    from evchat.admin import people

    if options.command == "invite":
        from evchat.admin import invitations

        invitations.invite(directory, _settings(options), options.uses, options.days, options.url)
    elif options.command == "status":
        people.status(directory)
    elif options.command == "restart":
        people.restart(directory)
    elif options.act == "list":
        people.list_accounts(directory)
    elif options.act == "ban":
        people.ban(directory, _settings(options), options.name, options.minutes, options.reason)
    elif options.act == "erase":
        people.erase(directory, _settings(options), options.name, sure=options.yes)
    elif options.act == "unban":
        people.unban(directory, _settings(options), options.name)
    elif options.act == "add":
        people.add(directory, _settings(options), options.name)
    elif options.act == "password":
        people.set_password(directory, _settings(options), options.name)
