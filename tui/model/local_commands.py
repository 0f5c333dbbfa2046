"""The table of the client's own commands: what is typed, and what it means. What they do is in `update.commands`."""

from __future__ import annotations

from tui.model.model import ALL, MENTIONS, NOTHING
from tui.text.theme import THEMES


class LocalCommand:
    """A command of the client: its word, how it is typed, what it does in words, the kinds of its parameters (as
    `completion.CommandWord.takes`), and other words for it.
    """

    __slots__ = ("aliases", "summary", "takes", "usage", "word")

    def __init__(
        self, usage: str, summary: str, takes: tuple[str, ...], aliases: tuple[str, ...] = ()
    ) -> None:
        self.word = usage[1:].partition(" ")[0]
        self.usage = usage
        self.summary = summary
        self.takes = takes
        self.aliases = aliases


LOCAL_COMMANDS: tuple[LocalCommand, ...] = (
    LocalCommand(
        "/msg name text", "Says something to one user, wherever you are.", ("user", "text"), ("pm", "send")
    ),
    LocalCommand("/me text", "Says what you do: /me waves.", ("text",)),
    LocalCommand("/broadcast text", "Tells everyone online.", ("text",)),
    LocalCommand("/query name", "Opens a conversation with a user.", ("user",)),
    LocalCommand("/close", "Leaves the room, or puts the conversation away.", (), ("wc",)),
    LocalCommand("/find [words]", "Searches the messages of the room.", ("text",), ("grep",)),
    LocalCommand("/urls", "Lists the links on the screen.", ()),
    LocalCommand(
        "/ignore [name]", "Hides what a user says, here only. /block stops it at the server.", ("user",)
    ),
    LocalCommand("/unignore name", "Shows it again.", ("user",)),
    LocalCommand(
        "/notify [all|mentions|none]",
        "What of this room draws your attention.",
        (f"{ALL}|{MENTIONS}|{NOTHING}",),
    ),
    LocalCommand(
        "/highlight [words]",
        "Words that count as a mention, besides your name; also /regular expressions/.",
        ("text",),
    ),
    LocalCommand("/theme name", "Changes the colours: dark, light or mono.", ("|".join(THEMES),)),
    LocalCommand("/mouse", "Gives the mouse to evchat, or back to the terminal.", ()),
    LocalCommand("/clear", "Empties the screen; the server still has everything.", ()),
    LocalCommand("/save", "Writes the settings to the configuration file.", ()),
    LocalCommand(
        "/login name [password]", "Logs in under another name, or with a password.", ("user", "text")
    ),
    LocalCommand("/logout", "There is no need: /login takes another name, /quit ends.", ()),
    LocalCommand("/help [word]", "Shows keys and commands, or those with a word.", ("command",), ("?",)),
    LocalCommand("/quit", "Ends the program.", (), ("exit", "disconnect")),
)
"""The client's own commands. One with the word of a server's command stands for it."""
