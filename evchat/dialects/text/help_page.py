"""The pages of `/help` for people with netcat: lines that fit a terminal of 24 rows and 80 columns."""

from __future__ import annotations

from textwrap import wrap
from typing import Final

from evchat.protocol.basics import Helped
from evchat.protocol.help_groups import ALL, BY_GROUP, GROUPS, HelpGroup

_COLUMNS: Final = 72
"""Cells of a line, beside the time before it."""

_USAGE: Final = 28
"""Cells of the column that says how a command is typed."""

BEGIN: Final = (
    ("Just type", "sends the line to your channel"),
    ("/msg NAME TEXT", "sends a direct message"),
    ("/who", "lists the users online"),
    ("/channels", "lists the channels"),
    ("/join #CHANNEL", "joins a channel, or creates it"),
    ("/part", "leaves the channel you are in"),
    ("/history", "shows earlier messages"),
    ("/nick NAME", "changes your name"),
    ("/quit", "leaves the chat"),
    (f"/help {ALL}, /help WORD", "shows all commands, or explains one"),
)
"""What a newcomer needs: how it is typed, and what it does."""


def page(helped: Helped) -> list[str]:
    """The lines of an answer to `/help`."""
    if helped.one:
        return [
            _explained(command.usage or command.name, command.summary, command.words[1:])
            for command in helped.commands
        ]
    if group := BY_GROUP.get(helped.topic):
        return _group(group)
    if helped.topic:
        shown = [line for group in GROUPS for line in _group(group)]
        return [*shown, "To say something that starts with /, type // instead."]
    groups = ", ".join(group.name for group in GROUPS)
    begin = [f"{typed:{_USAGE}}{does}" for typed, does in BEGIN]
    return [*begin, f"/help SUBJECT: {groups}"]


def _explained(usage: str, summary: str, others: tuple[str, ...]) -> str:
    also = f" Also: {', '.join(f'/{word}' for word in others)}." if others else ""
    return f"{usage}   {summary}{also}"


def _group(group: HelpGroup) -> list[str]:
    lines = [f"{group.title} (/help {group.name})"]
    for command in group.commands:
        usage = f"  {command.usage}"
        first, *rest = wrap(command.summary, _COLUMNS - _USAGE)
        if len(usage) < _USAGE:
            lines.append(f"{usage:{_USAGE}}{first}")
        else:
            lines += [usage, f"{'':{_USAGE}}{first}"]
        lines += [f"{'':{_USAGE}}{line}" for line in rest]
    return lines
