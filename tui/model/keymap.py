"""The table of keys and what they do. Help, documentation and rebinding are based on it.

The innermost open mode decides what a key does: `Keymap.action(key, *modes)` tries them in the order given. A key
without an action that has a text (`Key.text`) types it, into the line, the search or the list's search.
"""

from __future__ import annotations

from tui.model.inputs import Key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


LINE = "line"
SEARCH = "search"
SELECT = "select"
LIST = "list"
PASTE = "paste"
PAGE = "page"
ASK = "ask"
MODES = (LINE, SEARCH, SELECT, LIST, PASTE, PAGE, ASK)
"""What can be open: the input line, the search of the input history, a selected message, a list to choose from,
a paste waiting for a decision, a page of text, a question."""

TYPING_MODES = (LINE, SEARCH, LIST, ASK)
"""The modes in which characters are typed, and so have no other meaning."""

EDITOR = "Editor"
SEARCHER = "Search"
CLIENT = "client"


class Action:
    """What a key can do: its name, default keys, description, and place in the help.

    `owner` handles it: `EDITOR` (a method of `editor.Editor` without arguments), `SEARCHER` (the same of
    `input_history.HistorySearch`) or `CLIENT` (the client's `update`).
    """

    __slots__ = ("description", "group", "keys", "mode", "name", "owner")

    def __init__(self, name: str, keys: str, description: str, group: str, mode: str, owner: str) -> None:
        self.name = name
        self.keys = tuple(keys.split())
        self.description = description
        self.group = group
        self.mode = mode
        self.owner = owner

    @property
    def handler(self) -> str:
        """The name of the method or function that does it: the action's, with `_` for `-`."""
        return self.name.replace("-", "_")


def _actions(mode: str, group: str, owner: str, rows: tuple[tuple[str, str, str], ...]) -> tuple[Action, ...]:
    return tuple(Action(name, keys, description, group, mode, owner) for name, keys, description in rows)


ACTIONS: tuple[Action, ...] = (
    *_actions(LINE, "Sending", CLIENT, (
        ("send", "enter", "Sends the line"),
        ("complete", "tab", "Completes a name, command, channel or :emoji:; again: next match"),
        ("complete-back", "shift-tab", "Completes with the previous match"),
        ("edit-outside", "ctrl-x", "Opens the text in $EDITOR"),
        ("kill-or-switch", "ctrl-k", "Cuts to the end of the line; with nothing to cut: finds a room"),
        ("escape", "escape", "Closes what is open, then goes to the newest message"),
    )),
    *_actions(LINE, "Sending", EDITOR, (
        ("newline", "alt-enter ctrl-j shift-enter", "Starts a new line in the text"),
    )),
    *_actions(LINE, "Moving", EDITOR, (
        ("left", "left ctrl-b", "One character to the left"),
        ("right", "right ctrl-f", "One character to the right"),
        ("word-left", "alt-b ctrl-left alt-left", "To the beginning of the word"),
        ("word-right", "alt-f ctrl-right alt-right", "To the end of the word"),
        ("line-start", "ctrl-a home", "To the beginning of the line"),
        ("line-end", "ctrl-e end", "To the end of the line"),
        ("text-start", "alt-<", "To the beginning of the text"),
        ("text-end", "alt->", "To the end of the text"),
    )),
    *_actions(LINE, "Deleting", EDITOR, (
        ("delete-left", "backspace ctrl-h", "Deletes the character before the cursor"),
        ("delete-right", "delete ctrl-d", "Deletes the character at the cursor"),
        ("kill-to-end", "", "Cuts to the end of the line"),
        ("kill-to-start", "ctrl-u", "Cuts to the beginning of the line"),
        ("kill-word-left", "alt-backspace ctrl-backspace", "Cuts the word before the cursor"),
        ("kill-word-right", "alt-d ctrl-delete", "Cuts the word after the cursor"),
        ("kill-to-space", "ctrl-w", "Cuts back to the previous space"),
        ("kill-all", "alt-k", "Cuts the whole text"),
        ("yank", "ctrl-y", "Pastes the text cut last"),
        ("yank-pop", "alt-y", "After that: cycles through earlier cuts"),
    )),
    *_actions(LINE, "Changing", EDITOR, (
        ("undo", "ctrl-_ ctrl-/", "Undoes the last change"),
        ("redo", "alt-_ alt-/", "Redoes it"),
        ("transpose", "ctrl-t", "Swaps two characters"),
        ("transpose-words", "alt-t", "Swaps two words"),
        ("upcase-word", "alt-U", "Makes the word upper case"),
        ("downcase-word", "alt-l", "Makes the word lower case"),
        ("capitalise-word", "alt-c", "Capitalises the word"),
    )),
    *_actions(LINE, "Input history", CLIENT, (
        ("up", "up ctrl-p", "A line up; from the first line: older input that starts the same"),
        ("down", "down ctrl-n", "A line down; from the last line: newer input"),
        ("search-typed", "ctrl-r", "Searches the input history"),
    )),
    *_actions(LINE, "Rooms", CLIENT, (
        ("switch", "f2 alt-j", "Finds a room, person or command by a few letters"),
        ("next-room", "alt-n ctrl-pagedown", "Next room"),
        ("previous-room", "alt-p ctrl-pageup", "Previous room"),
        ("last-room", "alt-z", "The room you were in before"),
        ("active-room", "alt-a", "Next room with something new, mentions first"),
        ("peek", "alt-v", "Peeks at the next room with news, which stays unread; again: back"),
        ("catch-up", "alt-g", "Lists everything new"),
        ("mark-read", "alt-r", "Marks the room as read"),
        ("mark-all-read", "alt-R", "Marks every room as read"),
        ("close-room", "alt-w", "Leaves the room"),
        *((f"room-{n}", f"alt-{n}", f"Room {n}") for n in range(1, 10)),
    )),
    *_actions(LINE, "Messages", CLIENT, (
        ("page-up", "pageup", "Half a page up"),
        ("page-down", "pagedown", "Half a page down"),
        ("scroll-up", "shift-up", "A line up"),
        ("scroll-down", "shift-down", "A line down"),
        ("oldest", "ctrl-home alt-home", "To the oldest message"),
        ("newest", "ctrl-end alt-end", "To the newest message"),
        ("first-unread", "alt-u", "To the first unread message"),
        ("find", "ctrl-s", "Searches the messages"),
        ("select", "alt-up", "Selects messages: to reply, copy, open, delete"),
        ("links", "alt-o", "Lists the links on the screen"),
    )),
    *_actions(LINE, "Program", CLIENT, (
        ("help", "f1 alt-h", "Shows the help"),
        ("toggle-rooms", "f7", "Shows or hides the list of rooms"),
        ("toggle-people", "f8", "Shows or hides the list of people"),
        ("toggle-bare", "f9", "Shows the messages alone, for copying, or everything again"),
        ("toggle-mouse", "alt-m", "Turns mouse support on or off"),
        ("redraw", "ctrl-l", "Redraws the screen"),
        ("suspend", "ctrl-z", "Suspends the client"),
        ("interrupt", "ctrl-c", "Cuts the whole text; without text, pressed twice: quits"),
        ("quit", "ctrl-q", "Quits; asks first if something is unsent"),
    )),
    *_actions(SEARCH, "Searching the input history", SEARCHER, (
        ("older", "ctrl-r up ctrl-p", "Older match"),
        ("newer", "ctrl-s down ctrl-n", "Newer match"),
        ("erase", "backspace ctrl-h", "Deletes the last letter of the search"),
    )),
    *_actions(SEARCH, "Searching the input history", CLIENT, (
        ("accept-search", "tab right left ctrl-a ctrl-e home end", "Puts it into the input line"),
        ("send-search", "enter", "Sends it"),
        ("cancel-search", "escape ctrl-c ctrl-g", "Cancels the search"),
    )),
    *_actions(SELECT, "A message is selected", CLIENT, (
        ("select-older", "up alt-up k", "Previous message"),
        ("select-newer", "down alt-down j", "Next message; after the last: back to typing"),
        ("reply", "r enter", "Replies to it; resends a refused line"),
        ("drop", "d delete", "Deletes your message for everybody; discards a refused line"),
        ("pin", "p", "Pins it in the channel"),
        ("copy", "y c", "Copies its text"),
        ("open-link", "o", "Opens its link"),
        ("mark-unread", "u", "Marks it and everything after it as unread"),
        ("mention", "m", "Inserts its sender's name"),
        ("find-selecting", "/ ctrl-s", "Searches the messages"),
        ("help-selecting", "? f1", "Shows these keys"),
        ("leave-select", "escape q ctrl-c ctrl-g", "Back to typing"),
    )),
    *_actions(LIST, "A list is open", CLIENT, (
        ("list-up", "up ctrl-p shift-tab", "Entry above"),
        ("list-down", "down ctrl-n tab", "Entry below"),
        ("list-page-up", "pageup", "A page up"),
        ("list-page-down", "pagedown", "A page down"),
        ("list-take", "enter", "Chooses it"),
        ("list-copy", "alt-y", "Copies it"),
        *((f"list-{n}", f"alt-{n}", f"Chooses entry {n}") for n in range(1, 10)),
        ("list-erase", "backspace ctrl-h", "Deletes the last letter of the search"),
        ("list-close", "escape ctrl-c ctrl-g", "Closes the list"),
    )),
    *_actions(PASTE, "Pasting several lines", CLIENT, (
        ("paste-send", "enter y", "Sends it as one message"),
        ("paste-edit", "e", "Puts it into the input line for editing"),
        ("paste-drop", "escape n q ctrl-c ctrl-g", "Discards it"),
    )),
    *_actions(PAGE, "A page of text is open", CLIENT, (
        ("page-line-up", "up k ctrl-p", "A line up"),
        ("page-line-down", "down j ctrl-n", "A line down"),
        ("page-back", "pageup b", "A page up"),
        ("page-forth", "pagedown space", "A page down"),
        ("page-close", "escape q f1 enter ctrl-c ctrl-g", "Closes the page"),
    )),
    *_actions(ASK, "A name or password is asked for", CLIENT, (
        ("answer", "enter", "Gives the answer"),
        ("cancel-answer", "escape ctrl-c ctrl-g", "Skips the question"),
    )),
)  # fmt: skip

BY_NAME: dict[str, Action] = {action.name: action for action in ACTIONS}
"""The actions by name; names are unique across modes."""


class BadBinding(ValueError):
    """An invalid binding; its text is a sentence for the user."""


class Keymap:
    """Which key does what: the table's bindings, overridden by the user's.

    `bindings` are keys by action name, as in a configuration file: {"undo": "ctrl-u ctrl-_"}; an empty string
    removes all keys. A key that another action of the same mode had is taken from it.
    Raises `BadBinding` for an action or a key that does not exist, or one key for two actions.
    """

    __slots__ = ("_actions", "_keys")

    def __init__(self, bindings: Mapping[str, str] | None = None) -> None:
        self._actions = {(action.mode, key): action for action in ACTIONS for key in action.keys}
        if bindings:
            self._bind(bindings)
        self._keys: dict[str, list[str]] = {action.name: [] for action in ACTIONS}
        for (_, key), action in self._actions.items():
            self._keys[action.name].append(key)

    def _bind(self, bindings: Mapping[str, str]) -> None:
        for name in bindings:
            if name not in BY_NAME:
                raise BadBinding(f"There is no action {name}. /help actions lists them.")
        self._actions = {at: action for at, action in self._actions.items() if action.name not in bindings}
        bound: dict[tuple[str, str], str] = {}
        for name, keys in bindings.items():
            action = BY_NAME[name]
            for word in keys.split():
                key = canonical(word)
                other = bound.setdefault((action.mode, key), name)
                if other != name:
                    raise BadBinding(
                        f"The key {key} can't do both {other} and {name}. Take it from one of them."
                    )
                self._actions[action.mode, key] = action

    def action(self, key: Key, *modes: str) -> Action | None:
        """What `key` does in the first of `modes` that has it, or None."""
        for mode in modes:
            action = self._actions.get((mode, key.name))
            if action is not None:
                return action
        return None

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of the action with that name, the handiest first."""
        return tuple(self._keys[name])


_SPECIAL = frozenset(
    [
        "up",
        "down",
        "left",
        "right",
        "home",
        "end",
        "begin",
        "insert",
        "delete",
        "pageup",
        "pagedown",
        "tab",
        "enter",
        "escape",
        "backspace",
        "space",
    ]
) | {f"f{number}" for number in range(1, 36)}
_MODIFIERS = ("ctrl-", "alt-", "shift-", "super-")


def canonical(key: str) -> str:
    """The name that the decoder gives to `key` as a person may write it. Raises `BadBinding` if there is none."""
    rest = key
    held = set()
    while len(rest) > 1:
        modifier = next((m for m in _MODIFIERS if rest.lower().startswith(m) and len(rest) > len(m)), None)
        if modifier is None:
            break
        held.add(modifier)
        rest = rest[len(modifier) :]
    if rest.lower() in _SPECIAL:
        rest = rest.lower()
    elif len(rest) != 1 or not rest.isprintable():
        raise BadBinding(
            f"There is no key {key}. Keys are written like ctrl-a, alt-enter, shift-f5 or pageup."
        )
    elif "ctrl-" in held:
        rest = rest.lower()
    elif "shift-" in held:
        held.remove("shift-")
        rest = rest.upper()
    return "".join(modifier for modifier in _MODIFIERS if modifier in held) + rest


def shown(key: str) -> str:
    """How help writes a key: "Ctrl-Right", "Alt-Enter", "F1", "q"."""
    prefix = ""
    rest = key
    for modifier in _MODIFIERS:
        if rest.startswith(modifier) and len(rest) > len(modifier):
            prefix += modifier.capitalize()
            rest = rest[len(modifier) :]
    names = {"pageup": "PgUp", "pagedown": "PgDn", "escape": "Esc"}
    if rest in _SPECIAL:
        return prefix + names.get(rest, rest.capitalize())
    return prefix + (rest.upper() if prefix == "Ctrl-" else rest)
