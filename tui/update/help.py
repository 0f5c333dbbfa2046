"""The help page: keys and commands, from their tables."""

from __future__ import annotations

from evchat.protocol.text import caseless
from tui.model import keymap
from tui.model.overlays import Page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.effects import Effect
    from tui.model.model import Model

    Rows = list[list[tuple[str, str]]]


_DIGITS = tuple("123456789")


def open_help(model: Model, word: str = "") -> list[Effect]:
    """Opens the page of keys and commands, or only those that match `word`."""
    wanted = caseless(word.lstrip("/"))
    if wanted:
        rows = (_commands(wanted) + _keys(model, wanted) + _signs(wanted))[1:]
    else:
        rows = _keys(model, "") + _signs("") + _commands("")
    if not rows:
        rows = [[(f" No help on {word}. /help alone shows everything.", "text")]]
    model.page = Page("Help: ↑ ↓ PgUp PgDn, Esc closes", rows)
    return []


def _entry(left: str, right: str) -> list[tuple[str, str]]:
    return [(left, "key"), (right, "text")]


def _keys(model: Model, wanted: str) -> Rows:
    rows: Rows = []
    group = ""
    for action in keymap.ACTIONS:
        keys = ", ".join(keymap.shown(key) for key in model.keymap.keys(action.name))
        description = action.description
        if action.name.endswith(_DIGITS) and _is_usual(model, action.name[:-1]):
            # Nine similar rows would crowd out the others.
            if not action.name.endswith("1"):
                continue
            keys, description = "Alt-1 … Alt-9", f"{description} … 9"
        if not keys or (wanted and wanted not in caseless(f"{keys} {action.name} {description}")):
            continue
        if action.group != group:
            group = action.group
            rows += [[], [(f" {group}", "heading")]]
        rows.append(_entry(keys, description))
    return rows[1:]


def _signs(wanted: str) -> Rows:
    from tui.layout.signs import LEGEND

    rows = [_entry(sign, text) for sign, text in LEGEND if wanted in caseless(f"signs {sign} {text}")]
    return [[], [(" Signs", "heading")], *rows] if rows else []


def _is_usual(model: Model, stem: str) -> bool:
    """Whether the nine actions whose names begin like this have their default keys."""
    return all(model.keymap.keys(f"{stem}{digit}") == (f"alt-{digit}",) for digit in _DIGITS)


def _nearness(words: tuple[str, ...], wanted: str) -> int:
    """How far a command is from what was asked for: 0 for one of its words, 1 for a prefix, 2 otherwise."""
    if not wanted:
        return 2
    return 0 if wanted in words else 1 if any(word.startswith(wanted) for word in words) else 2


def _commands(wanted: str) -> Rows:
    from evchat.protocol.commands import COMMANDS
    from tui.model.local_commands import LOCAL_COMMANDS

    known = {c.words[0]: (c.usage, c.words, c.summary) for c in COMMANDS if c.words}
    for local in LOCAL_COMMANDS:
        words = known[local.word][1] if local.word in known else (local.word,)
        known[local.word] = local.usage, words, local.summary
    found = list(known.values())
    rows = [
        _entry(usage, summary + (f" Also: /{', /'.join(words[1:])}." if words[1:] else ""))
        for usage, words, summary in sorted(found, key=lambda row: (_nearness(row[1], wanted), row[0]))
        if not wanted or wanted in caseless(f"{usage} {' '.join(words)} {summary}")
    ]
    return [[], [(" Commands", "heading")], *rows] if rows else []
