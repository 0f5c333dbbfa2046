"""The help: keys and commands, from their tables."""

from __future__ import annotations

from tui import keymap
from tui.model import Page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.effects import Effect
    from tui.model import Model

    Rows = list[list[tuple[str, str]]]

_COLUMN = 26
"""Cells of the column of keys or commands."""


def open_help(model: Model, word: str = "") -> list[Effect]:
    """Opens the page of keys and commands, or only those that have something to do with `word`."""
    wanted = word.lstrip("/").casefold()
    rows = _commands(wanted) + _keys(model, wanted) if wanted else _keys(model, "") + _commands("")
    if not rows:
        rows = [[(f" Nothing is known about {word}. /help alone shows everything.", "text")]]
    model.page = Page("Help: ↑ ↓ PgUp PgDn, Esc closes", rows)
    return []


def _entry(left: str, right: str) -> list[tuple[str, str]]:
    gap = " " * max(_COLUMN - len(left), 2)
    return [(f"  {left}{gap}", "key"), (right, "text")]


def _keys(model: Model, wanted: str) -> Rows:
    rows: Rows = []
    group = ""
    for action in keymap.ACTIONS:
        keys = ", ".join(keymap.shown(key) for key in model.keymap.keys(action.name))
        if not keys or (wanted and wanted not in f"{keys} {action.name} {action.description}".casefold()):
            continue
        if action.group != group:
            group = action.group
            rows += [[], [(f" {group}", "heading")]]
        rows.append(_entry(keys, action.description))
    return rows[1:]


def _commands(wanted: str) -> Rows:
    from evchat.protocol.commands import COMMANDS
    from tui.updates.commands import LOCAL

    found = {command.usage: command.summary for command in COMMANDS if command.usage}
    own = {local.word: local for local in LOCAL}
    usages = {
        **{usage: summary for usage, summary in found.items() if usage[1:].split()[0] not in own},
        **{local.usage: local.summary for local in LOCAL},
    }
    rows = [
        _entry(usage, usages[usage])
        for usage in sorted(usages)
        if not wanted or wanted in f"{usage} {usages[usage]}".casefold()
    ]
    return [[], [(" Commands", "heading")], *rows] if rows else []
