"""What the servers of a client have in common: the screen, the keyboard, and what is open on it."""

from __future__ import annotations

from operator import attrgetter

from tui.model.keymap import Keymap
from tui.text.links import LinkTable
from tui.text.nickcolor import Places
from tui.text.theme import DARK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tui.model.input_history import HistorySearch
    from tui.model.overlays import Choice, Page
    from tui.text.theme import Theme


class Desk:
    """One for all servers. `shown` is the server that is on the screen, `previous` the one that was there before the
    last change of rooms, as their models call them.

    `now` is when the last thing happened, in milliseconds since the epoch, and the last key was pressed at `keyed_at`.
    `columns` and `rows` are the screen's cells, `colours` is how many the terminal has. `chosen_theme` is the name of
    the theme the user has chosen in this run. `words` count as a mention besides the user's name.

    `bare` shows nothing but messages and the line, for copying. `peeking`: one looks into the current room without
    reading it. `taking`: the user was asked whether to delete the selected message. `held_back` is the line that
    looked like a command without its `/`; Enter again says it. `tell_typing`: others may know that one is typing.

    `logging`: what is said is written to files. `settings` are the values, by their names, of the settings that stand
    nowhere else here.
    """

    __slots__ = (
        "aliases", "bare", "bell", "choice", "chosen_theme", "clipboard", "colours", "columns", "focus_told",
        "focused", "held_back", "hint", "keyed_at", "keymap", "links", "logging", "mouse", "nick_places", "now",
        "page", "paste", "peeking", "previous", "quitting", "rows", "search", "selected", "settings",
        "show_people", "show_rooms", "shown", "taking", "tell_typing", "theme", "words",
    )  # fmt: skip

    def __init__(self, shown: str, keymap: Keymap | None = None) -> None:
        self.shown = self.previous = shown
        self.keymap = keymap or Keymap()
        self.theme: Theme = DARK
        self.chosen_theme = ""
        self.colours = 256
        self.links = LinkTable()
        self.nick_places = Places()
        self.now = 0
        self.columns = 80
        self.rows = 24
        self.focused = True
        self.focus_told = False
        self.keyed_at = 0
        self.words: tuple[str, ...] = ()

        self.search: HistorySearch | None = None
        self.selected: int | None = None
        self.taking = False
        self.peeking = False
        self.choice: Choice | None = None
        self.page: Page | None = None
        self.paste: str | None = None
        self.hint = ""
        self.held_back = ""
        self.quitting = False
        self.show_rooms: bool | None = None
        self.show_people: bool | None = None
        self.bare = False
        self.mouse = False
        self.bell = True
        self.clipboard = False
        self.tell_typing = True
        self.logging = False
        self.aliases: dict[str, str] = {}
        self.settings: dict[str, Any] = {}


class OnDesk:
    """The desk's attributes, as those of whatever has a `desk`: `model.hint` is `model.desk.hint`."""

    desk: Desk
    keymap: Keymap
    theme: Theme
    chosen_theme: str
    colours: int
    links: LinkTable
    nick_places: Places
    now: int
    columns: int
    rows: int
    focused: bool
    focus_told: bool
    keyed_at: int
    words: tuple[str, ...]
    search: HistorySearch | None
    selected: int | None
    taking: bool
    peeking: bool
    choice: Choice | None
    page: Page | None
    paste: str | None
    hint: str
    held_back: str
    quitting: bool
    show_rooms: bool | None
    show_people: bool | None
    bare: bool
    mouse: bool
    bell: bool
    clipboard: bool
    tell_typing: bool
    logging: bool
    aliases: dict[str, str]
    settings: dict[str, Any]


def _on_desk(name: str) -> property:
    def put(self: OnDesk, value: Any) -> None:
        setattr(self.desk, name, value)

    return property(attrgetter(f"desk.{name}"), put)


for _name in Desk.__slots__:
    if _name not in ("shown", "previous"):  # which are about models
        setattr(OnDesk, _name, _on_desk(_name))
