"""The client's settings: from the command line, the environment (`EVCHAT_TUI_` and the name in capitals), a TOML
file, or the default, in this order of precedence.
"""
# ruff: noqa: PTH110
# Importing pathlib takes longer than the client may take to show its first screen.

from __future__ import annotations

import os
import sys

from evchat.protocol import names
from evchat.settings import dump as toml
from evchat.settings.address import Address, parse_connect
from evchat.settings.errors import SettingsError
from evchat.settings.load import from_arguments, from_environ, from_file
from evchat.settings.reserved import RESERVED_NAMES
from tui import passwords
from tui.disk import state
from tui.disk.known_names import KnownNames
from tui.model import aliases, mentions
from tui.model.options import OPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from tui.connection.outbox import Outbox, OutboxEntry
    from tui.connection.session import Session
    from tui.connection.trust import KnownServers, Trust
    from tui.disk.state import State
    from tui.model.keymap import Keymap

_PREFIX = "EVCHAT_TUI_"


class Settings:
    """The settings of this run. `values` are those of OPTIONS by their names; the attributes are ready for use.

    `password` is that of the user's name, `server_password` that of the server; they are in no file.

    `others` are the other servers to connect to, each with its password if that is known.

    `chosen` says whether a server was named at all. `tail` is the room to read only, if any. `piped`: nobody types.

    Without a name, `user` is who one was last on this server, or else `account`, the name on this computer.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        environ: Mapping[str, str],
        config: str = "",
        *,
        chosen: bool = False,
        password: str | None = None,
        server_password: str | None = None,
        others: Iterable[tuple[str, str | None]] = (),
        plain: bool = False,
        tail: str | None = None,
        piped: bool = False,
    ) -> None:
        self.values = {option.name: values.get(option.name, option.default) for option in OPTIONS}
        self.environ = environ
        self.config = config
        self.chosen = chosen
        self.password = password
        self.server_password = server_password
        self.plain = plain
        self.tail = tail
        self.address: Address = _address(self.values["server"])
        self.account = account_name(environ)
        where = state.state_directory(environ)
        self._piped = piped
        self._known_names = KnownNames(where, str(self.address))
        # A script has one name, whatever somebody is called who talks.
        self._is_named = bool(self.values["user"]) or tail is not None or piped
        last = "" if self._is_named else self._known_names.last()
        self.user: str = self.values["user"] or last or self.account
        self.channels: tuple[str, ...] = tuple(self.values["channels"]) or (names.MAIN,)
        self.theme: str = self.values["theme"]
        self.words: tuple[str, ...] = tuple(self.values["words"])
        self.bell: bool = self.values["bell"]
        self.typing: bool = self.values["typing"]
        self.mouse: bool = self.values["mouse"]
        self.clipboard: bool = self.values["clipboard"]
        self.rooms: dict[str, str] = self.values["rooms"]
        self._outbox: Outbox | None = None
        self._keymap: Keymap | None = None
        self._check()
        self.state = self._known_names.state(
            _GUEST if self._is_guest(self.user) else names.user_key(self.user)
        )
        """What is kept on disk for this user on this server, under whatever name."""
        self._others = tuple(others)

    def _check(self) -> None:
        for channel in self.channels:
            problem = names.check_channel_name(channel)
            if problem:
                raise SettingsError(f"channels: {channel!r}: {problem}")
        if self.tail is not None:
            is_channel = names.is_channel(self.tail)
            problem = (
                names.check_channel_name(self.tail)
                if is_channel
                else names.check_user_name(self.tail, unicode_names=True)
            )
            if problem:
                raise SettingsError(f"--tail {self.tail!r}: {problem}")
        problem = names.check_user_name(self.user, unicode_names=True)
        if problem:
            raise SettingsError(f"user: {self.user!r}: {problem}")
        problem = mentions.problem(self.words)
        if problem:
            raise SettingsError(f"words: {problem}")
        for name, text in self.values["aliases"].items():
            problem = aliases.problem(name, text)
            if problem:
                raise SettingsError(f"aliases: {name}: {problem}")
        for room, level in self.rooms.items():
            if level not in ("all", "mentions", "none"):
                raise SettingsError(f"rooms: {room} = {level!r}: must be all, mentions or none.")

    @property
    def trust(self) -> Trust | None:
        """What judges the certificate of the server; None if the address asks for none."""
        if self.address.scheme != "tls":
            return None
        from tui.connection.trust import Trust

        return Trust(self.address, self.known_servers)

    @property
    def known_servers(self) -> KnownServers:
        """The servers whose certificates were confirmed."""
        from tui.connection.trust import KnownServers

        return KnownServers(f"{state.state_directory(self.environ)}/known_servers")

    @property
    def others(self) -> list[Settings]:
        """The settings for the other servers, each once. Raises SettingsError."""
        found = {self.address.short: self}
        for address, password in self._others:
            other = self.for_server(address, password)
            found.setdefault(other.address.short, other)
        return list(found.values())[1:]

    def for_server(self, address: str, server_password: str | None = None) -> Settings:
        """The same settings for another server. Raises SettingsError.

        The user's password is not for it, and the channels may not be: it gets those that were used there last.
        """
        address, in_address = passwords.from_address(address)
        values = {**self.values, "server": address, "channels": []}
        return Settings(
            values,
            self.environ,
            self.config,
            chosen=True,
            server_password=server_password or in_address,
            piped=self._piped,
        )

    @property
    def log_directory(self) -> str:
        """Where logs are written if the user names no place."""
        return f"{state.state_directory(self.environ)}/logs"

    @property
    def outbox(self) -> Outbox:
        """The lines not sent yet, including those left by the last run."""
        if self._outbox is None:
            from tui.connection.outbox import Outbox

            self._outbox = Outbox(self.state.outbox)
        return self._outbox

    def new_session(self, channels: tuple[str, ...]) -> Session:
        """A conversation with the server, as this user, in these channels."""
        from tui.connection.session import Session

        return Session(self.user, self.password, channels, self.outbox, self.server_password)

    @property
    def keymap(self) -> Keymap:
        """The keys, with those in the file. Raises SettingsError."""
        if self._keymap is None:
            from tui.model.keymap import BadBinding, Keymap

            try:
                self._keymap = Keymap(self.values["keys"] or None)
            except BadBinding as problem:
                raise SettingsError(f"keys: {problem}") from None
        return self._keymap

    def _is_guest(self, user: str) -> bool:
        """Whether the name was made up for this run, so that the next one has another."""
        return not self.values["user"] and user == self.account == f"guest{os.getpid()}"

    def state_of(self, user: str) -> State | None:
        """What is kept for another user, if that is not the present one's."""
        found = self._known_names.state(names.user_key(user))
        return found if found.exists and found.directory != self.state.directory else None

    def renamed(self, user: str, account: str = "") -> list[OutboxEntry] | None:
        """The user is called so from now on. What is kept is found under this name, too, and the next run takes it, or
        that of the user's account.

        If somebody of that name has a state already, it is used from now on; returns the lines that wait there.
        """
        if self._is_guest(user):
            return None
        try:
            if not self._is_named:
                self._known_names.keep_last(account or user)
            kept = self._known_names.rename(self.state, names.user_key(user))
        except OSError:
            return None  # the disk is full or read-only, and everything stays where it is
        if kept.directory == self.state.directory:
            return None
        self.state = kept
        return self.outbox.move(kept.outbox)

    def remember(self, room: str, text: str) -> str:
        """Stores what was typed in a room, given by its key; returns why that failed, or an empty text."""
        try:
            self.state.remember(room, text)
        except OSError as error:
            return f"Your input history can't be saved: {error.strerror}."
        return ""

    def save(self, **changed: Any) -> str:
        """Writes the settings, including changed ones, to the file; returns a sentence about it."""
        path = self.config or state.config_file(self.environ)
        self.values.update(changed)
        try:
            state.write(path, dump(self.values))
        except OSError as error:
            return f"Can't save the settings to {path}: {error.strerror}."
        return f"Settings saved to {path}."


_GUEST = "~guest"
"""The user whose state is that of all guests without a name. No name begins like that."""


def account_name(environ: Mapping[str, str]) -> str:
    """The name of the account on this computer, made legal; `guest` and a number if there is none or it is reserved.

    Containers often have only root, and whoever starts there should not have to choose a name first.
    """
    reserved = set(map(str.lower, RESERVED_NAMES))
    for wanted in (environ.get("LOGNAME"), environ.get("USER"), environ.get("USERNAME"), _login_name()):
        name = "".join(char if char.isalnum() and char.isascii() else "-" for char in wanted or "")
        name = name.strip("-")[: names.MAX_USER_BYTES]
        if name and name.lower() not in reserved and names.check_user_name(name) is None:
            return name
    return f"guest{os.getpid()}"


def _login_name() -> str:
    """The name in the system's user database, which works without environment variables."""
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""


def load(
    given: Mapping[str, Any], environ: Mapping[str, str], config: str | None = None, **run: Any
) -> Settings:
    """The settings: those `given` on the command line, the environment's, those of the file `config` (or of the usual
    one, if it exists), and the defaults. `run` is for `Settings`. Raises SettingsError.
    """
    path = config or state.config_file(environ)
    values = from_file(OPTIONS, path) if config is not None or os.path.exists(path) else {}
    values |= from_environ(OPTIONS, environ, _PREFIX)
    values |= from_arguments(OPTIONS, given)
    others = list(map(passwords.from_address, values.get("servers", ())))
    if others and not values.get("server"):
        values["server"] = values["servers"][0]
        del others[0]
    values["servers"] = [address for address, _ in others]
    chosen = bool(values.get("server"))
    in_address = None
    if chosen:
        values["server"], in_address = passwords.from_address(values["server"])
    return Settings(
        values,
        environ,
        path,
        chosen=chosen,
        password=environ.get(_PREFIX + "PASSWORD") or passwords.from_command(values, "password_command"),
        server_password=environ.get(_PREFIX + "SERVER_PASSWORD")
        or in_address
        or passwords.from_command(values, "server_password_command"),
        others=others,
        **run,
    )


def _address(text: str) -> Address:
    try:
        return parse_connect(text)
    except SettingsError as problem:
        raise SettingsError(f"server: {problem}") from None


def dump(values: Mapping[str, Any]) -> str:
    """The settings as a TOML file, each with its purpose."""
    head = "# The settings of evchat-tui. Lines that start with # show the defaults.\n"
    return head + toml.dump(OPTIONS, values)
