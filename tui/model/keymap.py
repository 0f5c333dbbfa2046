"""The one table of keys: what each does, in words. The help overlay, the documents and rebinding are made from it.

A key means what the innermost open mode says: `Keymap.action(key, *modes)` tries them in the order given. A key that
means nothing and types a text (`Key.text`) types it, into the line, the search or the list's search.
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
MODES = (LINE, SEARCH, SELECT, LIST, PASTE, PAGE)
"""What may be open: the line to write in, the search of what was typed, a selected message, a list to choose from,
a paste that waits for a decision, a page of text."""

TYPING_MODES = (LINE, SEARCH, LIST)
"""Where characters are typed, and so mean nothing else."""

EDITOR = "Editor"
SEARCHER = "Search"
CLIENT = "client"


class Action:
    """What a key can do: its name, the keys it has by default, what help says, and where that stands.

    `owner` is who handles it: `EDITOR` (a method of `editor.Editor` without arguments), `SEARCHER` (the same of
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
        ("complete", "tab", "Completes a name, a command, a channel or an :emoji:; again: the next one"),
        ("complete-back", "shift-tab", "Completes with the one before"),
        ("edit-outside", "ctrl-x", "Opens the text in $EDITOR"),
        ("kill-or-switch", "ctrl-k", "Cuts to the end of the line; with nothing to cut: goes to another room"),
        ("escape", "escape", "Closes what is open; then: goes to the newest message"),
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
        ("kill-word-right", "alt-d ctrl-delete", "Cuts the word behind the cursor"),
        ("kill-to-space", "ctrl-w", "Cuts back to a space"),
        ("kill-all", "alt-k", "Cuts the whole text"),
        ("yank", "ctrl-y", "Puts back what was cut last"),
        ("yank-pop", "alt-y", "Then: what was cut before that"),
    )),
    *_actions(LINE, "Changing", EDITOR, (
        ("undo", "ctrl-_ ctrl-/", "Takes the last change back"),
        ("redo", "alt-_ alt-/", "Does it again"),
        ("transpose", "ctrl-t", "Swaps two characters"),
        ("transpose-words", "alt-t", "Swaps two words"),
        ("upcase-word", "alt-U", "Makes the word capital letters"),
        ("downcase-word", "alt-l", "Makes the word small letters"),
        ("capitalise-word", "alt-c", "Makes the first letter of the word a capital one"),
    )),
    *_actions(LINE, "What was typed", CLIENT, (
        ("up", "up ctrl-p", "A line up; from the first one: what was typed before, beginning alike"),
        ("down", "down ctrl-n", "A line down; from the last one: what was typed after that"),
        ("search-typed", "ctrl-r", "Searches what was typed"),
    )),
    *_actions(LINE, "Rooms", CLIENT, (
        ("switch", "f2 alt-j", "Goes to a room, person or command by some of its letters"),
        ("next-room", "alt-n ctrl-pagedown", "The next room"),
        ("previous-room", "alt-p ctrl-pageup", "The room before"),
        ("last-room", "alt-z", "The room one was in before"),
        ("active-room", "alt-a", "The next room with something new, mentions first"),
        ("peek", "alt-v", "Looks into the next such room, which stays unread; again: back"),
        ("catch-up", "alt-g", "Lists all that is new"),
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
        ("select", "alt-up", "Selects messages: to reply, copy, open, take back"),
        ("links", "alt-o", "Lists the links on the screen"),
    )),
    *_actions(LINE, "Program", CLIENT, (
        ("help", "f1 alt-h", "Shows the keys"),
        ("toggle-rooms", "f7", "Shows or hides the list of rooms"),
        ("toggle-people", "f8", "Shows or hides the list of people"),
        ("toggle-mouse", "alt-m", "Gives the mouse to evchat, or back to the terminal"),
        ("redraw", "ctrl-l", "Paints the screen anew"),
        ("suspend", "ctrl-z", "Goes to the background"),
        ("interrupt", "ctrl-c", "Cuts the whole text; with none, and pressed twice: quits"),
        ("quit", "ctrl-q", "Quits; asks first if something is not sent yet"),
    )),
    *_actions(SEARCH, "Searching what was typed", SEARCHER, (
        ("older", "ctrl-r up ctrl-p", "The one before"),
        ("newer", "ctrl-s down ctrl-n", "The one after"),
        ("erase", "backspace ctrl-h", "Makes the search shorter"),
    )),
    *_actions(SEARCH, "Searching what was typed", CLIENT, (
        ("accept-search", "tab right left ctrl-a ctrl-e home end", "Takes it, to be edited"),
        ("send-search", "enter", "Takes it and sends it"),
        ("cancel-search", "escape ctrl-c ctrl-g", "Back to what was there"),
    )),
    *_actions(SELECT, "A message is selected", CLIENT, (
        ("select-older", "up alt-up k", "The one before"),
        ("select-newer", "down alt-down j", "The one after; from the last: back to writing"),
        ("reply", "r enter", "Answers it; sends a line again that was refused"),
        ("drop", "d delete", "Takes back what you have said, for everybody; drops a line that was refused"),
        ("pin", "p", "Pins it to the channel"),
        ("copy", "y c", "Copies its text"),
        ("open-link", "o", "Opens its link"),
        ("mark-unread", "u", "Marks it and what follows as unread"),
        ("mention", "m", "Writes its sender's name"),
        ("find-selecting", "/ ctrl-s", "Searches the messages"),
        ("help-selecting", "? f1", "Shows the keys"),
        ("leave-select", "escape q ctrl-c ctrl-g", "Back to writing"),
    )),
    *_actions(LIST, "A list is open", CLIENT, (
        ("list-up", "up ctrl-p shift-tab", "One up"),
        ("list-down", "down ctrl-n tab", "One down"),
        ("list-page-up", "pageup", "A page up"),
        ("list-page-down", "pagedown", "A page down"),
        ("list-take", "enter", "Takes it"),
        ("list-copy", "alt-y", "Copies it"),
        *((f"list-{n}", f"alt-{n}", f"Takes entry {n}") for n in range(1, 10)),
        ("list-erase", "backspace ctrl-h", "Makes the search shorter"),
        ("list-close", "escape ctrl-c ctrl-g", "Closes the list"),
    )),
    *_actions(PASTE, "A paste of several lines waits", CLIENT, (
        ("paste-send", "enter y", "Sends it as one message"),
        ("paste-edit", "e", "Puts it into the text, to be edited"),
        ("paste-drop", "escape n q ctrl-c ctrl-g", "Drops it"),
    )),
    *_actions(PAGE, "A page of text is open", CLIENT, (
        ("page-line-up", "up k ctrl-p", "A line up"),
        ("page-line-down", "down j ctrl-n", "A line down"),
        ("page-back", "pageup b", "A page up"),
        ("page-forth", "pagedown space", "A page down"),
        ("page-close", "escape q f1 enter ctrl-c ctrl-g", "Closes the page"),
    )),
)  # fmt: skip

BY_NAME: dict[str, Action] = {action.name: action for action in ACTIONS}
"""The actions by name; names differ in all modes."""


class BadBinding(ValueError):
    """A binding that can't be: its text is a sentence for the user."""


class Keymap:
    """Which key does what, with the user's bindings over the table's.

    `bindings` are keys by action name, as in a configuration file: {"undo": "ctrl-u ctrl-_"}; an empty string
    takes all keys away. A key that another action of the same mode had is taken from it.
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
                raise BadBinding(f"There is no action {name}. The help (F1) lists them.")
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
        """The keys that do the action of that name, the handiest first."""
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
