"""The client's state: rooms and their messages, members, what is being typed, what is open.

Plain data. `update` changes it, `view` shows it, and neither does any I/O. All text that came from somebody else is
harmless (`evchat.protocol.text`) when it comes in here.
"""

from __future__ import annotations

from evchat.protocol.names import EVERYONE, channel_key, is_channel, user_key
from evchat.protocol.signs import OPERATOR, VOICE, sign
from evchat.settings.client import MAX_ROOMS
from tui.model import keymap as keys
from tui.model.bounded_dict import BoundedDict
from tui.model.editor import Editor
from tui.model.input_history import shown_part
from tui.model.keymap import Keymap
from tui.model.log import Log
from tui.model.mentions import Mentions
from tui.text.confusables import Lookalikes
from tui.text.links import LinkTable
from tui.text.nickcolor import Places
from tui.text.theme import DARK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tui.model.completion import Completion
    from tui.model.input_history import HistorySearch
    from tui.model.question import Question
    from tui.text.style import Style
    from tui.text.theme import Theme

ALL, MENTIONS, NOTHING = "all", "mentions", "none"
"""The notification level of a room."""


TYPING_HOLDS = 6_000
"""Milliseconds for which a typing notification is valid: it is sent every 3 s, and one may be late."""


def room_key(name: str) -> str:
    """The key under which a room is kept: a channel's, or that of the user one talks with."""
    return channel_key(name) if is_channel(name) else user_key(name)


class Pending:
    """A line that the server does not have yet, said at `at` (ms since the epoch).

    `failed` says why the server will not take it, and is empty before.
    """

    __slots__ = ("action", "at", "failed", "id", "text")

    def __init__(self, id: str, text: str, at: int, action: bool = False) -> None:
        self.id = id
        self.text = text
        self.at = at
        self.action = action
        self.failed = ""


class Anchor:
    """The scroll position: the last entry on the screen, and how many of its rows are below the screen."""

    __slots__ = ("below", "index")

    def __init__(self, index: int, below: int = 0) -> None:
        self.index = index
        self.below = below

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Anchor) and (self.index, self.below) == (other.index, other.below)

    def __hash__(self) -> int:
        return hash((self.index, self.below))

    def __repr__(self) -> str:
        return f"Anchor({self.index}, {self.below})"


class Room:
    """A channel, or the conversation with a user. `people` are names by key; empty in channels of very many.

    `operators` and `voiced` are keys. `typing` are those who were writing lately: name and until when that holds, in ms
    since the epoch; `speakers` when each has spoken last, likewise. `nick_width` is in cells. `exhausted`: the server
    has nothing older; `asking`: it was asked for that.

    `marker` is the number of the last message that was read when one last looked away; `read_told` up to which
    the server knows it. `coming` are those who came and went since the last message, to be told in one line.
    """

    __slots__ = (
        "asking", "coming", "completion", "draft", "entered", "exhausted", "joined", "key", "level", "log",
        "lookalikes", "marker", "mentions", "name", "nick_width", "operators", "people", "pending", "read_told",
        "scroll", "speakers", "topic", "typed", "typing", "unread", "users", "version", "voiced",
    )  # fmt: skip

    def __init__(self, name: str) -> None:
        self.key = room_key(name)
        self.name = name
        self.log = Log()
        self.people: dict[str, str] = {}
        self.operators: set[str] = set()
        self.voiced: set[str] = set()
        self.typing: dict[str, tuple[str, int]] = {}
        self.users = 0
        self.topic = ""
        self.joined = False
        self.entered = False
        self.unread = 0
        self.mentions = 0
        self.marker = 0
        self.read_told = 0
        self.level = MENTIONS
        self.scroll: Anchor | None = None
        self.pending: dict[str, Pending] = {}
        self.draft = Editor()
        self.completion: Completion | None = None
        self.typed: tuple[str, ...] = ()
        self.speakers: dict[str, int] = {}
        self.coming: list[tuple[str, str, bool]] = []
        self.lookalikes: Lookalikes | None = None
        self.exhausted = False
        self.asking = False
        self.nick_width = 0
        self.version = 0

    @property
    def is_channel(self) -> bool:
        """Whether it is a channel, and not a conversation with one user."""
        return is_channel(self.name)

    def sign(self, key: str) -> str:
        """What stands before a name in lists: @ for operators of the channel, + for those with a voice."""
        return sign(OPERATOR if key in self.operators else VOICE if key in self.voiced else "")


class Item:
    """A row of a list to choose from: what it stands for, how it is shown, and which of its letters matched.

    `role` is the theme's for the note.
    """

    __slots__ = ("label", "note", "role", "spots", "value")

    def __init__(
        self, value: Any, label: str, note: str = "", spots: tuple[int, ...] = (), role: str = "ghost"
    ) -> None:
        self.value = value
        self.label = label
        self.note = note
        self.spots = spots
        self.role = role


class Choice:
    """A list to choose from: `kind` says what taking an item does, `items` are those of `all` that match the query."""

    __slots__ = ("all", "index", "items", "kind", "query", "title")

    def __init__(self, kind: str, title: str, items: list[Item], query: str = "", index: int = 0) -> None:
        self.kind = kind
        self.title = title
        self.all = self.items = items
        self.query = query
        self.index = index


class Page:
    """A page of text to read: rows of (text, role), scrolled down by `top`."""

    __slots__ = ("rows", "title", "top")

    def __init__(self, title: str, rows: list[list[tuple[str, str]]]) -> None:
        self.title = title
        self.rows = rows
        self.top = 0


class Model:
    """Everything. `now` is when the last thing happened, `retry_at` when the next attempt to connect is: both, as all
    times here, in milliseconds since the epoch. `columns` and `rows` are the screen's cells, `colours` is how many the
    terminal has, and `latency_ms` is how long the server took for its last sign of life.

    `needs` is what a refused login as `wanted` needs from the user (`session_events`), `question` asks for it. The
    last key was pressed at `keyed_at`.

    An attempt to connect is told to be without an answer from `silent_from` on. `chosen_theme` is the name of the
    theme the user has chosen in this run; `bare` shows nothing but messages and the line, for copying; `places` are the
    rooms of the last run in their order.

    `peeking`: one looks into the current room without reading it. `max_lines` of a message are the server's limit.
    `taking`: the user was asked whether to delete the selected message. `typing_told` is the key of the room where
    the others know since `typing_told_at` that one is typing; `tell_typing` says whether they may. Ids of lines and
    requests begin with `id_prefix`, which no other client has.
    """

    def __init__(
        self, user: str, server: str = "", keymap: Keymap | None = None, id_prefix: str = ""
    ) -> None:
        self.server = server
        self.server_name = "evchat"
        """What the server calls itself, once it has said so."""
        self._id_prefix = id_prefix
        self._ids: dict[str, int] = {}
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

        self.state = "connecting"
        self.reason = ""
        self.silent_from = 0
        self.latency_ms: int | None = None
        self.retry_at: int | None = None
        self.asked: dict[str, tuple[str, ...]] = BoundedDict()

        self.rooms: dict[str, Room] = {}
        self.lobby = Room(EVERYONE)
        self.current = ""
        self.previous = ""
        self.wire: dict[str, Room] = {}
        self.away: dict[str, str] = {}
        self.ignored: set[str] = set()
        self.max_lines = 200
        self.acquaintances: dict[str, str] = {}
        self.words: tuple[str, ...] = ()
        self.user = ""
        self.user_key = ""
        self.rename(user)

        self.question: Question | None = None
        self.needs = ""
        self.wanted = ""
        self.keyed_at = 0
        self.search: HistorySearch | None = None
        self.selected: int | None = None
        self.taking = False
        self.peeking = False
        self.choice: Choice | None = None
        self.page: Page | None = None
        self.paste: str | None = None
        self.hint = ""
        self.held_back = ""
        """The line that looked like a command without its `/`; Enter again says it."""
        self.quitting = False
        self.show_rooms: bool | None = None
        self.show_people: bool | None = None
        self.bare = False
        self.mouse = False
        self.bell = True
        self.clipboard = False
        self.tell_typing = True
        self.typing_told = ""
        self.typing_told_at = 0
        self.typed: tuple[str, ...] = ()
        self.kept: dict[str, tuple[str, ...]] = {}
        self.drafts: dict[str, str] = {}
        self.places: dict[str, int] = {}
        self.levels: dict[str, str] = {}

    def new_id(self, kind: str) -> str:
        """An id for a line or a request; unlike any other if the model's `id_prefix` is."""
        self._ids[kind] = self._ids.get(kind, 0) + 1
        return f"{self._id_prefix}{kind}-{self._ids[kind]}"

    def rename(self, user: str) -> None:
        """One's own name is `user` from now on."""
        self.user = user
        self.user_key = user_key(user)
        self.highlight(self.words)

    def highlight(self, words: tuple[str, ...]) -> None:
        """Sets the `words` that count as a mention besides the user's name."""
        self.words = words
        self.mentions = Mentions((self.user, *words))

    @property
    def place(self) -> str:
        """Where one is, for titles: the server's name and address."""
        return f"{self.server_name} · {self.server}" if self.server else self.server_name

    @property
    def room(self) -> Room:
        """The current room; without any, the lobby, where only the program talks."""
        return self.rooms.get(self.current, self.lobby)

    @property
    def editor(self) -> Editor:
        """The line that is being written."""
        return self.room.draft

    @property
    def modes(self) -> tuple[str, ...]:
        """What is open, the innermost first: what a key means is looked up in this order."""
        if self.paste is not None:
            return (keys.PASTE,)
        if self.page is not None:
            return (keys.PAGE,)
        if self.choice is not None:
            return (keys.LIST,)
        if self.search is not None:
            return (keys.SEARCH, keys.LINE)
        if self.question is not None:
            return (keys.ASK, keys.LINE)
        if self.selected is not None:
            return (keys.SELECT,)
        return (keys.LINE,)

    def typists(self) -> list[tuple[str, int]]:
        """The users typing in the current room, and until when that is valid."""
        # A clock that was set back must not make a sign hold for longer.
        return [one for one in self.room.typing.values() if 0 < one[1] - self.now <= TYPING_HOLDS]

    def enter(self, name: str) -> Room:
        """The room of that name, made if there is none."""
        key = room_key(name)
        room = self.rooms.get(key)
        if room is None:
            if len(self.rooms) >= MAX_ROOMS:
                self._make_room()
            room = self.rooms[key] = Room(name)
            self.restore(room)
            if not self.current:
                self.current = key
        return room

    def nick_style(self, key: str) -> Style:
        """The look of the name whose key is given."""
        return self.theme.nick(key, self.nick_places)

    def alike(self, room: Room, name: str) -> tuple[str, ...]:
        """The other names that `name` may be taken for, of those who are in the room or spoke there.

        In a conversation: of everybody that one can see, as anybody may begin one.
        """
        if room.lookalikes is None:
            places = [room] if room.is_channel else self.rooms.values()
            names = [name for place in places for name in (*place.people.values(), *place.speakers)]
            names += [self.user] if room.is_channel else [self.user, *(one.name for one in places)]
            room.lookalikes = Lookalikes(name for name in names if not is_channel(name))
        return room.lookalikes.others(name)

    def _make_room(self) -> None:
        """Forgets a room that is not in use: a conversation, if there is one, and one with nothing new, if there is."""
        idle = [
            room
            for room in self.rooms.values()
            if not (room.key == self.current or room.pending or room.draft.text)
        ]
        if idle:
            self.leave(min(idle, key=lambda room: (room.is_channel, bool(room.unread))))

    def restore(self, room: Room) -> None:
        """Gives a room what was kept of it: what was typed there, a draft, what draws attention."""
        room.typed = self.kept.get(room.key, room.typed)
        room.level = self.levels.get(room.key, room.level)
        draft = self.drafts.pop(room.key, "")
        if draft and not room.draft.text:
            room.draft = Editor(draft, ring=room.draft.ring)

    def all_drafts(self) -> dict[str, str]:
        """What is being written in each room, by its key, with what waits for rooms that are not there yet.

        Without passwords: drafts are kept on the disk.
        """
        texts = ((room.key, shown_part(room.draft.text)) for room in self.rooms.values())
        here = {key: text for key, text in texts if text}
        return self.drafts | here

    def leave(self, room: Room) -> None:
        """Forgets a room; from the current one one goes to the one before it in the list."""
        order = self.order()
        at = order.index(room)
        del self.rooms[room.key]
        self.wire = {name: kept for name, kept in self.wire.items() if kept is not room}
        if self.previous == room.key:
            self.previous = ""
        if self.current == room.key:
            rest = self.order()
            self.current = self.previous or (rest[max(at - 1, 0)].key if rest else "")
            self.previous = ""

    def order(self) -> list[Room]:
        """The rooms as the list shows them: channels in the order joined, then conversations.

        Those of the last run stay in the order they had in it (`places`).
        """
        places = self.places
        rooms = list(self.rooms.values())
        if places:
            rooms.sort(key=lambda room: places.get(room.key, len(places)))
        return [room for room in rooms if room.is_channel] + [room for room in rooms if not room.is_channel]

    def is_read(self, room: Room) -> bool:
        """Whether what comes in a room is seen at once."""
        return room.key == self.current and self.focused and room.scroll is None and not self.peeking


EVERYBODY = EVERYONE
"""The conversation of broadcasts; they are shown in the current room."""
