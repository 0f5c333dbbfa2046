"""The pages of help: how to begin, and keys, commands and signs from their tables."""

from __future__ import annotations

from evchat.protocol.text import caseless
from tui.model import keymap
from tui.model.overlays import Page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.effects import Effect
    from tui.model.model import Model

    Entry = list[tuple[str, str]]
    Rows = list[Entry]


_DIGITS = tuple("123456789")

_FIRST = ("Sending", "Rooms", "Messages", "Program", "A message is selected", "Input history")
"""The groups of keys that are used most; the others follow in the order of their table."""

_CLIENT = ("client", "This client")
"""The word and the title of the group of commands that only the client knows."""


def open_help(model: Model, word: str = "") -> list[Effect]:
    """Opens the page that tells how to begin, or what `word` names: a subject, or all that matches it."""
    wanted = caseless(word.lstrip("/"))
    rows = _subject(model, wanted)
    if rows is None:
        rows = _matching_commands(wanted) + _keys(model, wanted) + _signs(wanted)
    if not rows:
        from evchat.protocol.lines import SUGGESTIONS

        found = SUGGESTIONS.find(wanted)
        meant = f"Did you mean /help {found}?" if found else "/help all shows everything."
        rows = [[(f" No help on {word}. {meant}", "text")]]
    model.page = Page("Help: ↑ ↓ PgUp PgDn, Esc closes", rows)
    return []


def help_selecting(model: Model) -> list[Effect]:
    """Opens the page of what can be done with the selected message."""
    actions = [action for action in keymap.ACTIONS if action.mode == keymap.SELECT]
    model.page = Page("Help: ↑ ↓ PgUp PgDn, Esc closes", _key_rows(model, "", actions))
    return []


def _subject(model: Model, wanted: str) -> Rows | None:
    """The rows about a subject; None if there is none of that name."""
    match wanted:
        case "":
            return _begin(model)
        case "keys":
            return _keys(model, "")
        case "signs":
            return _signs("")
        case "commands":
            return _grouped(_groups())
        case "actions":
            return _actions(model)
        case "all":
            return _keys(model, "") + [[], *_signs("")] + [[], *_grouped(_groups())]
    groups = [group for group in _groups() if group[0] == wanted]
    return _grouped(groups) if groups else None


def _entry(left: str, right: str) -> Entry:
    return [(left, "key"), (right, "text")]


def _heading(text: str) -> Entry:
    return [(f" {text}", "heading")]


def _begin(model: Model) -> Rows:
    """What a newcomer needs, in ten lines, and where to read on."""

    def key(action: str) -> str:
        return " or ".join(keymap.shown(key) for key in model.keymap.keys(action)[:2])

    rows = [
        ("Enter", "Sends what you type to this room"),
        ("/join #channel", "Joins a channel, or creates it"),
        ("/msg name text", "Sends a direct message"),
        ("/who", "Lists the users online"),
        (key("active-room"), "Goes to the next room with news"),
        (key("page-up"), "Shows earlier messages"),
        (key("complete"), "Completes a name or command"),
        ("/close", "Leaves the room"),
        (key("help"), "Opens this page"),
        (key("quit"), "Quits"),
    ]
    subjects = ", ".join(name for name, _, _ in _groups())
    more = [
        ("/help keys", "All keys"),
        ("/help signs", "The signs on the screen"),
        ("/help word", "A command, a key, any word"),
        ("/help commands", f"All commands; by subject: /help {subjects}"),
    ]
    shown = [_entry(left, right) for left, right in rows if left]
    return [_heading("How to begin"), *shown, [], *(_entry(*row) for row in more)]


# ---- keys and signs ---------------------------------------------------------------------------------------------


def _keys(model: Model, wanted: str) -> Rows:
    groups = [*_FIRST, *(action.group for action in keymap.ACTIONS)]
    return _key_rows(model, wanted, sorted(keymap.ACTIONS, key=lambda action: groups.index(action.group)))


def _key_rows(model: Model, wanted: str, actions: list[keymap.Action]) -> Rows:
    rows: Rows = []
    group = ""
    for action in actions:
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
            rows += [[], _heading(group)] if rows else [_heading(group)]
        rows.append(_entry(keys, description))
    return rows


def _actions(model: Model) -> Rows:
    """The names of all actions, for the table of keys in the configuration file."""
    rows: Rows = [_heading("Actions, for the table keys of the configuration file")]
    for action in keymap.ACTIONS:
        keys = ", ".join(keymap.shown(key) for key in model.keymap.keys(action.name))
        rows.append(_entry(action.name, f"{keys or 'no key'}: {action.description}"))
    return rows


def _signs(wanted: str) -> Rows:
    from tui.layout.signs import LEGEND

    rows = [_entry(sign, text) for sign, text in LEGEND if wanted in caseless(f"signs {sign} {text}")]
    return [_heading("Signs"), *rows] if rows else []


def _is_usual(model: Model, stem: str) -> bool:
    """Whether the nine actions whose names begin like this have their default keys."""
    return all(model.keymap.keys(f"{stem}{digit}") == (f"alt-{digit}",) for digit in _DIGITS)


# ---- commands ---------------------------------------------------------------------------------------------------


class _Command:
    """A command of the server or of the client, as help shows it; `words` are all that it is called."""

    __slots__ = ("summary", "usage", "words")

    def __init__(self, usage: str, words: tuple[str, ...], summary: str) -> None:
        self.usage = usage
        self.words = words
        self.summary = summary

    @property
    def row(self) -> Entry:
        """Its entry on a page."""
        others = f" Also: /{', /'.join(self.words[1:])}." if self.words[1:] else ""
        return _entry(self.usage, self.summary + others)

    def nearness(self, wanted: str) -> int:
        """How far it is from what was asked for: 0 for one of its words, 1 for a prefix, 2 otherwise."""
        return 0 if wanted in self.words else 1 if any(word.startswith(wanted) for word in self.words) else 2


_Group = tuple[str, str, "list[_Command]"]
"""The word for a group of commands, its title, its commands."""


def _groups() -> list[_Group]:
    """The server's groups with the client's commands in them, and the client's own."""
    from evchat.protocol.help_groups import GROUPS
    from tui.model.local_commands import LOCAL_COMMANDS

    local = {each.word: each for each in LOCAL_COMMANDS}
    taken = {word for each in LOCAL_COMMANDS for word in (each.word, *each.aliases)}
    groups: list[_Group] = []
    for group in GROUPS:
        members = []
        for command in group.commands:
            own = local.pop(command.words[0], None)
            further = (*command.words[1:], *command.slash_words)
            mine = own.aliases if own else ()
            words = (command.words[0], *(word for word in further if word in mine or word not in taken))
            usage, summary = (own.usage, own.summary) if own else (command.usage, command.summary)
            members.append(_Command(usage, words, summary))
        groups.append((group.name, group.title, members))
    rest: dict[str, list[_Command]] = {name: members for name, _, members in groups}
    rest[_CLIENT[0]] = []
    for each in local.values():
        rest[each.group].append(_Command(each.usage, (each.word, *each.aliases), each.summary))
    groups.insert(-2, (*_CLIENT, rest[_CLIENT[0]]))
    return groups


def _grouped(groups: list[_Group]) -> Rows:
    rows: Rows = []
    for _, title, commands in groups:
        rows += [[], _heading(title)] if rows else [_heading(title)]
        rows += [command.row for command in commands]
    return rows


def _matching_commands(wanted: str) -> Rows:
    """The commands that `wanted` occurs in, those first that are called so."""
    known = [command for _, _, commands in _groups() for command in commands]
    found = [
        command
        for command in known
        if wanted in caseless(f"{command.usage} {' '.join(command.words)} {command.summary}")
    ]
    rows = [command.row for command in sorted(found, key=lambda each: (each.nearness(wanted), each.usage))]
    return [_heading("Commands"), *rows, []] if rows else []
