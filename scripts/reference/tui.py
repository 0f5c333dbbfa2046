"""The tables of docs/tui-reference.md about the terminal client."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from reference.markdown import table
from tui.layout.signs import LEGEND
from tui.model import keymap
from tui.model.local_commands import LOCAL_COMMANDS
from tui.model.options import OPTIONS

_DIGITS = tuple("123456789")


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _key_row(action: keymap.Action) -> tuple[str, ...]:
    keys = ", ".join(map(_as_text, map(keymap.shown, action.keys))) or "none"
    return keys, f"`{action.name}`", action.description


def _as_text(key: str) -> str:
    """A key in a cell of a table, where some signs have a meaning."""
    return "".join("\\" + char if char in "\\|<>_*`" else char for char in key)


def keys_tables() -> str:
    """A table of actions for each group of the help; nine numbered actions are one row."""
    parts: list[str] = []
    for group, actions in groupby(keymap.ACTIONS, lambda action: action.group):
        rows: list[tuple[str, ...]] = []
        for action in actions:
            stem = action.name[:-1]
            if not action.name.endswith(_DIGITS):
                rows.append(_key_row(action))
            elif action.name.endswith("1"):
                rows.append(("Alt-1 … Alt-9", f"`{stem}1` … `{stem}9`", f"{action.description} … 9"))
        parts += [f"**{group}**", "", *table(("keys", "action", "what it does"), rows), ""]
    return "\n".join(parts[:-1])


def commands_table() -> str:
    """The commands of the client itself."""
    rows = [
        (
            f"`{command.usage}`".replace("|", "\\|"),
            _code(f"/{word}" for word in command.aliases),
            command.summary,
        )
        for command in LOCAL_COMMANDS
    ]
    return "\n".join(table(("command", "also", "what it does"), rows))


def signs_table() -> str:
    """The signs on the screen."""
    return "\n".join(table(("sign", "meaning"), [(f"`{sign}`", meaning) for sign, meaning in LEGEND]))


def _default(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"`{value!r}`".replace("'", '"') if value else "none"


def settings_table() -> str:
    """The settings of the client."""
    rows = [(f"`{each.name}`", _default(each.default), each.reason.replace("|", "\\|")) for each in OPTIONS]
    return "\n".join(table(("setting", "default", "what it does"), rows))
