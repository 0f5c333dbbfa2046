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
from tui.model.desk import Desk, OnDesk
from tui.model.editor import Editor
from tui.model.input_history import shown_part
from tui.model.log import Log
from tui.model.mentions import Mentions
from tui.text.confusables import Lookalikes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.completion import Completion
    from tui.model.keymap import Keymap
    from tui.model.question import Question
    from tui.text.style import Style

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

    `spent` is a `draft` that could not be sent or done: what is typed next replaces it.
    """

    __slots__ = (
        "asking", "coming", "completion", "draft", "entered", "exhausted", "joined", "key", "level", "log",
        "lookalikes", "marker", "mentions", "name", "nick_width", "operators", "people", "pending", "read_told",
        "scroll", "speakers", "spent", "topic", "typed", "typing", "unread", "users", "version", "voiced",
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
        self.spent: Editor | None = None
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


NAMELESS = "evchat"
"""What a server is called that its owner has not named."""


class Model(OnDesk):
    """Everything about one server, and the desk that all servers of the client share. Times are in milliseconds since
    the epoch.

    `server` is its address in short. `models` are those of all servers in their order; those made `beside` another one
    share its desk.

    `retry_at` is when the next attempt to connect is, `latency_ms` how long the server took for its last sign of life.
    An attempt to connect is told to be without an answer from `silent_from` on. `needs` is what a refused login as
    `wanted` needs from the user (`session_events`), `question` asks for it.

    `places` are the rooms of the last run in their order. `max_lines` of a message are the server's limit.
    `typing_told` is the key of the room where the others know since `typing_told_at` that one is typing. Ids of lines
    and requests begin with `id_prefix`, which no other client has.
    """

    def __init__(
        self,
        user: str,
        server: str = "",
        keymap: Keymap | None = None,
        id_prefix: str = "",
        *,
        beside: Model | None = None,
    ) -> None:
        self.desk = Desk(server, keymap) if beside is None else beside.desk
        self.models: list[Model] = [] if beside is None else beside.models
        self.models.append(self)
        self.server = server
        self.encrypted = False
        """Whether the connection to it has TLS."""
        self.server_name = NAMELESS
        """What the server calls itself, once it has said so."""
        self._id_prefix = id_prefix
        self._ids: dict[str, int] = {}

        self.state = "connecting"
        self.reason = ""
        self.is_banned = False
        """Whether the login was refused for good, so that nothing will be sent."""
        self.last_words = ""
        """Why the server has ended the connection, until one is logged in again: nobody needs to read it twice."""
        self.motd = ""
        """The message of the day as it was shown last."""
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
        self.user = ""
        self.user_key = ""
        self.rename(user)

        self.question: Question | None = None
        self.needs = ""
        self.wanted = ""
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
        self.mentions = Mentions((user, *self.words))

    def highlight(self, words: tuple[str, ...]) -> None:
        """Sets the `words` that count as a mention besides the user's name, on all servers."""
        self.words = words
        for model in self.models:
            model.mentions = Mentions((model.user, *words))

    @property
    def is_shown(self) -> bool:
        """Whether this server is the one on the screen."""
        return self.desk.shown == self.server

    @property
    def shown(self) -> Model:
        """The model of the server on the screen."""
        return next(model for model in self.models if model.is_shown)

    def find(self, server: str | None) -> Model:
        """The model of a server; this one if there is no such server."""
        return next((model for model in self.models if model.server == server), self)

    @property
    def is_one_of_several(self) -> bool:
        """Whether there are other servers, too."""
        return len(self.models) > 1

    @property
    def label(self) -> str:
        """What lists call the server: its own name, if it has one that no other server has; else its address."""
        name = self.server_name
        others = {
            text for each in self.models if each is not self for text in (each.server_name, each.server)
        }
        return self.server if name == NAMELESS or name in others else name

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
        desk = self.desk
        if desk.paste is not None:
            return (keys.PASTE,)
        if desk.page is not None:
            return (keys.PAGE,)
        if desk.choice is not None:
            return (keys.LIST,)
        if desk.search is not None:
            return (keys.SEARCH, keys.LINE)
        if self.question is not None:
            return (keys.ASK, keys.LINE)
        if desk.selected is not None:
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
        texts = ((room.key, shown_part(room.draft.text, self.aliases)) for room in self.rooms.values())
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

    def all_rooms(self) -> list[Room]:
        """The rooms of all servers as the list shows them. Of several servers, each has one room at least."""
        if len(self.models) == 1:
            return self.order()
        return [room for model in self.models for room in model.order() or [model.lobby]]

    def home(self, room: Room) -> Model:
        """The model of the server that a room is on."""
        return next(
            (one for one in self.models if one.rooms.get(room.key) is room or one.lobby is room), self
        )

    def is_read(self, room: Room) -> bool:
        """Whether what comes in a room is seen at once."""
        desk = self.desk  # asked of each message, so every look-up counts
        return (
            room.key == self.current
            and desk.focused
            and room.scroll is None
            and not desk.peeking
            and desk.shown == self.server
        )


EVERYBODY = EVERYONE
"""The conversation of broadcasts; they are shown in the current room."""
