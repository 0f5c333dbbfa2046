"""The table of the client's settings, and their values as `/set` reads and shows them."""

from __future__ import annotations

from evchat.settings.load import Kind, Option
from tui.text.theme import THEMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

OPTIONS: tuple[Option, ...] = (
    Option(
        "server",
        Kind.STRING,
        "127.0.0.1:9998",
        "Where to connect: HOST, HOST:PORT, tls://HOST:PORT or unix:///PATH. tls://:PASSWORD@HOST gives its password.",
    ),
    Option(
        "servers",
        Kind.STRINGS,
        [],
        "Other servers to connect to as well. Their passwords are asked for, or stand in the address.",
    ),
    Option(
        "user",
        Kind.STRING,
        "",
        "The name to log in with. The default is the one you used last there, or your account name on this computer.",
    ),
    Option(
        "password_command",
        Kind.STRING,
        "",
        "A command whose first line of output is the password of your name, such as 'pass show evchat'.",
    ),
    Option(
        "server_password_command",
        Kind.STRING,
        "",
        "The same for the password of the server, if it has one.",
    ),
    Option("channels", Kind.STRINGS, ["#main"], "The channels to join after login."),
    Option(
        "theme",
        Kind.STRING,
        "auto",
        "The colours: auto, dark, light or mono. auto asks the terminal.",
        choices=("auto", *THEMES),
    ),
    Option(
        "words",
        Kind.STRINGS,
        [],
        "What counts as a mention besides your name: words, and regular expressions such as '/build (failed|broken)/'.",
    ),
    Option(
        "bell",
        Kind.FLAG,
        True,
        "Whether the terminal bell rings when somebody mentions you while you look elsewhere.",
    ),
    Option(
        "typing",
        Kind.FLAG,
        True,
        "Whether others see that you are typing: in direct conversations and in channels of fewer than 20 people.",
    ),
    Option(
        "mouse", Kind.FLAG, False, "Whether to use the mouse: scrolling, clicks. Hold Shift to select text."
    ),
    Option("clipboard", Kind.FLAG, False, "Whether copying writes to the terminal's clipboard (OSC 52)."),
    Option("log", Kind.FLAG, False, "Whether to write what is said to files, one per server and room."),
    Option(
        "log_directory",
        Kind.STRING,
        "",
        "The directory of those files, with one in it for each server. The default is `logs` in the state directory.",
    ),
    Option(
        "rooms",
        Kind.TABLE,
        {},
        'What to notify you of in a room: all, mentions or none, as in "#noise" = "none".',
    ),
    Option(
        "aliases",
        Kind.TABLE,
        {},
        'Names of your own for commands and texts, as in j = "/join $*". $1 to $9 stand for the words after it, '
        "$2- for those from the second on, $* for all.",
    ),
    Option(
        "keys",
        Kind.TABLE,
        {},
        'Other keys for an action, as in next-room = "ctrl-n". /help actions lists them.',
    ),
)
"""All options, in the order in which they are saved."""

BY_NAME = {option.name: option for option in OPTIONS}

_FLAGS = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}


def parse(option: Option, text: str) -> Any:
    """The value that a person wrote; None if it is none for this option. That of a table is written as for its rows."""
    match option.kind:
        case Kind.FLAG:
            return _FLAGS.get(text.lower())
        case Kind.STRINGS:
            return [] if text == "-" else text.replace(",", " ").split()
        case _:
            if option.choices and text not in option.choices:
                return None
            return "" if text == "-" else text


def written(value: Any) -> str:
    """A value as `/set` shows it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, dict):
        return ", ".join(f"{name} = {item}" for name, item in sorted(value.items())) or "-"
    if isinstance(value, list | tuple):
        return " ".join(value) or "-"
    return str(value) or "-"


def values_of(option: Option) -> str:
    """What a value may be, as `completion` has it: words with | between them, or the kind of what is typed."""
    if option.kind is Kind.FLAG:
        return "on|off"
    return "|".join(option.choices) or "text"
