"""Every setting of the client: from the command line, the environment (`EVCHAT_TUI_` and the name in capitals), a TOML
file, or the default, in this order of precedence.
"""
# ruff: noqa: PTH110
# pathlib takes longer to import than a client that starts may take to show itself.

from __future__ import annotations

import os
import sys

from evchat.protocol import names
from evchat.settings.files import decoded
from tui.connection.address import Address, BadAddress, parse
from tui.disk import state
from tui.model import mentions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tui.connection.outbox import Outbox
    from tui.model.keymap import Keymap

_PREFIX = "EVCHAT_TUI_"


class BadSettings(Exception):
    """A setting is wrong. The text is a sentence that names it and says what to do."""


class Option:
    """A setting that may stand in the file: its name, its default, and what the file says about it."""

    __slots__ = ("default", "name", "words")

    def __init__(self, name: str, default: str | bool | list[str] | dict[str, str], words: str) -> None:
        self.name = name
        self.default = default
        self.words = words


OPTIONS: tuple[Option, ...] = (
    Option("server", "127.0.0.1:9998", "Where to connect: HOST, HOST:PORT, tcp://HOST:PORT or unix:///PATH."),
    Option("user", "", "The name to log in with. Without one it is that of the account on this computer."),
    Option("channels", ["#main"], "Where to go after the login."),
    Option("theme", "auto", "The colours: auto, dark, light or mono. auto asks the terminal."),
    Option(
        "words",
        [],
        "What counts as a mention, besides your name: words, and regular expressions as in '/build (failed|broken)/'.",
    ),
    Option(
        "bell", True, "Whether the terminal's bell rings when somebody mentions you while you look elsewhere."
    ),
    Option(
        "typing",
        True,
        "Whether others see that you are typing: in direct conversations and in channels of fewer than 20 people.",
    ),
    Option("mouse", False, "Whether the wheel scrolls the messages. Then Shift selects text."),
    Option("clipboard", False, "Whether copying may write to the terminal's clipboard (OSC 52)."),
    Option("rooms", {}, 'What of a room draws attention: all, mentions or none, as in "#noise" = "none".'),
    Option("keys", {}, 'Other keys for an action, as in next-room = "ctrl-n". F1 shows the actions.'),
)
"""All there is, in the order in which it is written."""

_BY_NAME = {option.name: option for option in OPTIONS}
_WHAT = {str: "a text", bool: "true or false", list: "a list of texts", dict: "a table of texts"}


class Settings:
    """What holds for this run. `values` are those of OPTIONS by their names; the attributes are ready to be used.

    `chosen` says whether a server was named at all. `tail` is the room that is only to be read, if any.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        environ: Mapping[str, str],
        config: str = "",
        *,
        chosen: bool = False,
        password: str | None = None,
        plain: bool = False,
        tail: str | None = None,
    ) -> None:
        self.values = {option.name: values.get(option.name, option.default) for option in OPTIONS}
        self.environ = environ
        self.config = config
        self.chosen = chosen
        self.password = password
        self.plain = plain
        self.tail = tail
        self.address: Address = _address(self.values["server"])
        self.user: str = self.values["user"] or account_name(environ)
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

    def _check(self) -> None:
        for channel in self.channels:
            problem = names.check_channel_name(channel)
            if problem:
                raise BadSettings(f"channels: {channel!r}: {problem}")
        problem = names.check_user_name(self.user, unicode_names=True)
        if problem:
            raise BadSettings(f"user: {self.user!r}: {problem}")
        problem = mentions.problem(self.words)
        if problem:
            raise BadSettings(f"words: {problem}")
        for room, level in self.rooms.items():
            if level not in ("all", "mentions", "none"):
                raise BadSettings(f"rooms: {room} = {level!r}: must be all, mentions or none.")

    @property
    def state(self) -> state.State:
        """What is kept on disk for this user on this server."""
        return state.State(state.state_directory(self.environ), str(self.address), names.user_key(self.user))

    @property
    def outbox(self) -> Outbox:
        """The lines that are not sent yet, with those that the last run left."""
        if self._outbox is None:
            from tui.connection.outbox import Outbox

            self._outbox = Outbox(self.state.outbox)
        return self._outbox

    @property
    def keymap(self) -> Keymap:
        """The keys, with those that the file says. Raises BadSettings."""
        if self._keymap is None:
            from tui.model.keymap import BadBinding, Keymap

            try:
                self._keymap = Keymap(self.values["keys"] or None)
            except BadBinding as problem:
                raise BadSettings(f"keys: {problem}") from None
        return self._keymap

    def remember(self, room: str, text: str) -> str:
        """Keeps what was typed in a room, given by its key; returns why that was not possible, or an empty text."""
        try:
            self.state.remember(room, text)
        except OSError as error:
            return f"What you type can't be kept: {error.strerror}."
        return ""

    def save(self, theme: str = "", **changed: Any) -> str:
        """Writes the settings, with those that have changed, to the file; returns a sentence about it."""
        path = self.config or state.config_file(self.environ)
        self.values.update(changed, theme=theme or self.theme)
        try:
            state.write(path, dump(self.values))
        except OSError as error:
            return f"The settings could not be written to {path}: {error.strerror}."
        return f"The settings are in {path} now."


def account_name(environ: Mapping[str, str]) -> str:
    """The name of the account on this computer, as far as it is a legal name here."""
    for wanted in (environ.get("LOGNAME"), environ.get("USER"), environ.get("USERNAME"), _login_name()):
        name = "".join(char if char.isalnum() and char.isascii() else "-" for char in wanted or "")
        name = name.strip("-")[: names.MAX_USER_BYTES]
        if name and names.check_user_name(name) is None:
            return name
    return f"guest{os.getpid()}"


def _login_name() -> str:
    """The name in the system's list of users, which is there even if the environment has none."""
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
    one, if there is one), and the defaults. `run` is for `Settings`. Raises BadSettings.
    """
    path = config or state.config_file(environ)
    values: dict[str, Any] = {}
    if config is not None or os.path.exists(path):
        values.update(_read(path))
    for option in OPTIONS:
        text = environ.get(_PREFIX + option.name.upper())
        if text is not None:
            values[option.name] = _from_text(option, text)
    values.update(given)
    password = environ.get(_PREFIX + "PASSWORD") or None
    return Settings(values, environ, path, chosen=bool(values.get("server")), password=password, **run)


def _read(path: str) -> dict[str, Any]:
    import tomllib  # here, because it takes 10 ms and most have no such file
    from pathlib import Path

    try:
        found = tomllib.loads(decoded(Path(path).read_bytes()))
    except OSError as error:
        raise BadSettings(f"{path}: {error.strerror}.") from None
    except ValueError as error:
        raise BadSettings(f"{path} is no TOML file: {error}.") from None
    for name, value in found.items():
        option = _BY_NAME.get(name)
        if option is None:
            raise BadSettings(f"{path}: there is no setting {name}. There are {', '.join(_BY_NAME)}.")
        kind = type(option.default)
        inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
        if type(value) is not kind or not all(isinstance(item, str) for item in inner):
            raise BadSettings(f"{path}: {name} must be {_WHAT[kind]}.")
    return found


def _from_text(option: Option, text: str) -> Any:
    """The value that an environment variable's text stands for. Raises BadSettings."""
    if isinstance(option.default, bool):
        value = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(
            text.lower()
        )
        if value is None:
            raise BadSettings(f"{_PREFIX}{option.name.upper()}: {text!r} must be true or false.")
        return value
    if isinstance(option.default, list):
        return text.replace(",", " ").split()
    if isinstance(option.default, dict):
        pairs = [part.partition("=") for part in text.split(",") if part.strip()]
        return {name.strip(): value.strip() for name, _, value in pairs}
    return text


def _address(text: str) -> Address:
    try:
        return parse(text)
    except BadAddress as problem:
        raise BadSettings(f"server: {problem}") from None


def dump(values: Mapping[str, Any]) -> str:
    """The settings as a TOML file, with what each is for; those that are as by default are commented out."""
    parts = ["# The settings of evchat-tui. A line with # before it says what holds anyway.\n"]
    for option in sorted(OPTIONS, key=lambda option: isinstance(option.default, dict)):
        value = values.get(option.name, option.default)
        sign = "# " if value == option.default else ""
        parts.append(f"\n# {option.words}\n")
        if isinstance(value, dict):
            parts.append(f"{sign}[{option.name}]\n")
            parts += [f"{_toml(key)} = {_toml(item)}\n" for key, item in value.items()]
        else:
            parts.append(f"{sign}{option.name} = {_toml(value)}\n")
    return "".join(parts)


def _toml(value: str | bool | list[str]) -> str:
    """A value as TOML 1.0 writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    # A basic string: what JSON escapes is escaped alike, and DEL has to be escaped as well.
    import json

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
