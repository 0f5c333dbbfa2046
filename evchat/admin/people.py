"""The sub-commands about a running server and the people on it."""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import closing
from getpass import getpass
from pathlib import Path

from evchat.admin.errors import USAGE, AdminError
from evchat.admin.link import to_either, to_server
from evchat.protocol.administration import GetStatus
from evchat.protocol.authentication import AddAccount, ResetPassword
from evchat.protocol.base import Request
from evchat.protocol.retention import EraseUser
from evchat.protocol.server_bans import BanFromServer, UnbanFromServer
from evchat.settings.model import Config
from evchat.storage.sqlite import archive
from evchat.storage.sqlite.backup import DATABASE
from evchat.storage.sqlite.lock import LOCK


def status(directory: Path) -> None:
    """`status`. Raises AdminError (1) if the server can't keep anything, (3) if none runs there."""
    with to_server(directory) as link:
        told = link.ask(GetStatus())
    print(f"{directory}: process {_process(directory)}.\n{told['content']}")
    if not told["storing"]:
        raise AdminError("The server runs, but can't keep what is said.")


def restart(directory: Path) -> None:
    """`restart`: says how, because whoever has started the server has to do it."""
    with to_server(directory) as link:
        link.ask(GetStatus())
    raise AdminError(
        "evchat-admin can't restart a server that something else has started. With systemd: systemctl restart evchat. "
        f"Otherwise: kill {_process(directory)}, and start it as before; clients come back by themselves."
    )


def _process(directory: Path) -> str:
    try:
        return (directory / LOCK).read_text().strip() or "unknown"
    except (OSError, ValueError):
        return "unknown"


def ask(directory: Path, config: Config, request: Request) -> None:
    """Has a request carried out, by the server or without one, and prints the answer."""
    with to_either(directory, config) as link:
        print(link.ask(request)["content"])


def list_accounts(directory: Path) -> None:
    """`user list`."""
    path = directory / DATABASE
    if not path.is_file():
        raise AdminError(
            f"There is no database in {directory}. --data names the directory of another server."
        )
    try:
        with closing(archive.open_archive(path)) as db:
            rows = list(archive.accounts(db))
    except sqlite3.Error as error:
        raise AdminError(f"{path} can't be read: {error}.") from error
    width = max([4, *(len(row["name"]) for row in rows)])
    print(f"{'NAME':{width}}  REGISTERED  LAST SEEN   MESSAGES")
    for row in rows:
        ends = "  (given up)" if row["given_up"] else ""
        print(f"{row['name']:{width}}  {_day(row['at'])}  {_day(row['seen'])}  {row['messages']:>8,}{ends}")


def _day(at: int | None) -> str:
    return "never     " if at is None else time.strftime("%Y-%m-%d", time.localtime(at / 1000))


def ban(directory: Path, config: Config, whom: str, minutes: int, reason: str) -> None:
    """`user ban NAME`."""
    ask(directory, config, BanFromServer(whom, minutes, reason))


def unban(directory: Path, config: Config, whom: str) -> None:
    """`user unban NAME`."""
    ask(directory, config, UnbanFromServer(whom))


def add(directory: Path, config: Config, name: str) -> None:
    """`user add NAME`."""
    ask(directory, config, AddAccount(name, new_password()))


def set_password(directory: Path, config: Config, name: str) -> None:
    """`user password NAME`."""
    ask(directory, config, ResetPassword(name, new_password()))


def erase(directory: Path, config: Config, name: str, *, sure: bool) -> None:
    """`user erase NAME`: asks back first, unless that was done."""
    if not sure:
        if not sys.stdin.isatty():
            raise AdminError(f"This deletes all that is stored about {name}, for good. Add --yes.", USAGE)
        if input(f"Delete all that is stored about {name}, for good? Type the name again: ") != name:
            raise AdminError("That was another name. Nothing was deleted.", USAGE)
    ask(directory, config, EraseUser(name))


def new_password() -> str:
    """A new password, asked for twice, or the first line of piped input. Raises AdminError (2)."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass("New password: ")
        if password and getpass("Once more: ") != password:
            raise AdminError("The two passwords differ.", USAGE)
    if not password:
        raise AdminError("The password is empty.", USAGE)
    return password
