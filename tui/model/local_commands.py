"""The table of the client's own commands. `update.commands` carries them out."""

from __future__ import annotations

from tui.model.model import ALL, MENTIONS, NOTHING
from tui.text.theme import THEMES


class LocalCommand:
    """A command of the client: its word, usage, summary, the kinds of its parameters (as
    `completion.CommandWord.takes`), aliases, and the group in which help shows it, if the server has none of that name.
    """

    __slots__ = ("aliases", "group", "summary", "takes", "usage", "word")

    def __init__(
        self,
        usage: str,
        summary: str,
        takes: tuple[str, ...],
        aliases: tuple[str, ...] = (),
        group: str = "client",
    ) -> None:
        self.word = usage[1:].partition(" ")[0]
        self.usage = usage
        self.summary = summary
        self.takes = takes
        self.aliases = aliases
        self.group = group


LOCAL_COMMANDS: tuple[LocalCommand, ...] = (
    LocalCommand(
        "/msg name text", "Sends a direct message to a user.", ("user", "text"), ("pm", "send", "w")
    ),
    LocalCommand("/me text", "Describes what you do: /me waves.", ("text",)),
    LocalCommand("/broadcast text", "Sends a message to everyone online.", ("text",)),
    LocalCommand("/query name", "Opens a conversation with a user.", ("user",), group="talking"),
    LocalCommand("/close", "Leaves the channel or closes the conversation.", (), ("wc",), "rooms"),
    LocalCommand(
        "/discard",
        "Discards the lines of this room that were refused or can't be sent now.",
        (),
        group="talking",
    ),
    LocalCommand("/find [words]", "Searches the messages of the room.", ("text",), ("grep",), "talking"),
    LocalCommand("/urls", "Lists the links on the screen.", (), group="talking"),
    LocalCommand(
        "/ignore [name]",
        "Hides a user's messages in this client. /block stops them at the server.",
        ("user",),
        group="users",
    ),
    LocalCommand("/unignore name", "Shows an ignored user's messages again.", ("user",), group="users"),
    LocalCommand(
        "/notify [all|mentions|none]",
        "Sets what this room notifies you of.",
        (f"{ALL}|{MENTIONS}|{NOTHING}",),
    ),
    LocalCommand(
        "/highlight [words]",
        "Sets words that count as a mention besides your name; /regular expressions/ work too.",
        ("text",),
    ),
    LocalCommand("/theme name", "Changes the colours: dark, light or mono.", ("|".join(THEMES),)),
    LocalCommand(
        "/set [name] [value]",
        "Lists the settings, explains one, or changes it; /save keeps it.",
        ("setting", "value"),
    ),
    LocalCommand(
        "/alias [name] [text]",
        "Names a command or text: /alias j /join $*. $1 to $9 are the words after it, $* all of them.",
        ("alias", "text"),
    ),
    LocalCommand("/unalias name", "Removes an alias.", ("alias",)),
    LocalCommand(
        "/connect address",
        "Connects to another server as well: HOST, HOST:PORT, tls://HOST:PORT or unix:///PATH.",
        ("text",),
    ),
    LocalCommand(
        "/disconnect [server]",
        "Leaves a server, or exits if it is the only one. Unsent lines are kept for the next time.",
        ("server",),
    ),
    LocalCommand("/reconnect", "Connects to the server again at once.", ()),
    LocalCommand("/bare", "Shows only the messages, for copying; /bare again or Esc shows everything.", ()),
    LocalCommand("/mouse", "Turns mouse support on or off.", ()),
    LocalCommand("/clear", "Clears the screen; the server still has everything.", ()),
    LocalCommand("/save", "Saves the settings to the configuration file.", ()),
    LocalCommand(
        "/login [name] [password]",
        "Logs in under another name, or tries again. If a password is needed, you are asked for it.",
        ("user", "text"),
    ),
    LocalCommand(
        "/pass [password]", "Gives the server's password; asks for it if you leave it out.", ("text",)
    ),
    LocalCommand("/logout", "Not used here: /login changes names, /quit exits.", ()),
    LocalCommand(
        "/help [word]",
        "Shows how to begin; with a word: keys, commands, or what matches it.",
        ("command",),
        ("h", "?"),
    ),
    LocalCommand("/quit", "Exits the client.", (), ("exit",)),
)
"""The client's own commands. They override server commands with the same word."""
