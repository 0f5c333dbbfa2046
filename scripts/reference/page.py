"""The tables of the page: the commands and emoji that it knows, as the terminal client does."""

from __future__ import annotations

from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.commands import COMMANDS
from tui.text.emoji import EMOJI

_TEXT = (Kind.TEXT, Kind.ANY)

_ELSEWHERE = frozenset({"help", "login", "logout", "quit", "pass", "authenticate", "inbox"})
"""Commands for which the page has something of its own."""


def _param(param: Param) -> str:
    kind = "text" if param.kind in _TEXT else param.kind.name.lower()
    told = {"!": param.must_be_typed, "*": param.secret, "@": param.here, "-": not param.line}
    marks = "".join(mark for mark, holds in told.items() if holds)
    return f"{param.key}:{kind}{marks}" + (f"={param.marker}" if param.marker else "")


def _row(command: Command) -> str:
    words = " ".join([*command.words, *command.slash_words])
    if command.name != command.words[0]:
        words += f"={command.name}"
    behind = command.usage.removeprefix(f"/{command.words[0]}").strip()
    params = " ".join(_param(param) for param in command.params if param.line or param.here)
    cells = [words, behind, command.summary, params, *(["1"] if command.confirm else [])]
    row = "|".join(cells)
    if row.count("|") >= len(cells) or set(row) & set("`\\$"):
        raise ValueError(f"the page can't read {row}")
    return f"  {row}"


def commands_table() -> str:
    """A row for each command that can be typed, whose cells stand between bars: its words and, if not the first of
    them, `=` and its request; what is typed after them; what it does; its parameters; 1 if nothing else shows that it
    was carried out.

    A parameter is `key:kind`, and `!` if it must be typed, `*` if it is secret, `@` if the current room is meant where
    it is missing, `-` if a line can't give it, `=word` if that word stands before it.
    """
    return "\n".join(
        _row(command) for command in COMMANDS if command.words and command.name not in _ELSEWHERE
    )


def emoji_table() -> str:
    """All emoji and their names, ten a line."""
    pairs = [f"{name} {sign}" for name, sign in EMOJI.items()]
    return "\n".join("  " + " ".join(pairs[at : at + 10]) for at in range(0, len(pairs), 10))
