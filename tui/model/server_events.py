"""Server events as values: each object of docs/protocol/json.md is decoded once, and its types are checked here.

What only the session itself tells (`session_events`) is of other types, so a server can't say it in its place. Texts
are not harmless yet.
"""

from __future__ import annotations

from evchat.settings.client import MAX_CHANGES_SHOWN, MAX_LABEL_CHARS, MAX_SHOWN_CHARS
from tui.model.record import Record, is_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class ServerEvent:
    """Something that the server told, or that concerns it. Names are those of the protocol; it compares by value."""

    __slots__: tuple[str, ...] = ()

    def _values(self) -> tuple[object, ...]:
        slots = [name for one in type(self).__mro__ for name in getattr(one, "__slots__", ())]
        return tuple(getattr(self, name) for name in slots)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ServerEvent) and type(self) is type(other) and self._values() == other._values()
        )

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._values()))})"


class Message(ServerEvent):
    """Something that was said, live or out of the `history`.

    `room` is where it belongs: a channel, the other user of a conversation, or `*`; the session fills it in. A message
    without a number (`seq`) was for those with a `role` only.
    """

    __slots__ = (
        "action", "at", "broadcast", "content", "edited", "history", "id", "notice", "redacted", "rev", "role", "room",
        "sender", "seq", "to",
    )  # fmt: skip

    def __init__(self, facts: dict[str, Any], *, history: bool = False) -> None:
        # By hand and not with a `Record`: a flood of messages is what a client has most to do with.
        get = facts.get
        to, sender, content, role, id = get("to"), get("sender"), get("content"), get("role"), get("id")
        self.to: str = to[:MAX_LABEL_CHARS] if type(to) is str else ""
        self.sender: str = sender[:MAX_LABEL_CHARS] if type(sender) is str else ""
        self.content: str = content[:MAX_SHOWN_CHARS] if type(content) is str else ""
        self.role: str = role if type(role) is str else ""
        self.id: str = id if type(id) is str else ""
        seq, at, rev, edited = get("seq"), get("at"), get("rev"), get("edited")
        self.seq: int | None = seq if is_number(seq) else None
        self.at: int | None = at if is_number(at) else None
        self.rev: int | None = rev if is_number(rev) else None
        self.action = get("action") is True
        self.notice = get("notice") is True
        self.redacted = get("redacted") is True
        self.edited: int | bool = edited if type(edited) is int and is_number(edited) else False
        """When it was given another text; True: it was, and nobody has said when."""
        self.broadcast = get("broadcast") is True
        self.history = history
        self.room = ""

    def take_back(self) -> None:
        """It was deleted before it was shown: its text is forgotten."""
        self.content, self.redacted, self.edited = "", True, False

    def edit(self, content: str) -> None:
        """It was given another text before it was shown."""
        self.content, self.edited = content, True


def messages(facts: Record) -> list[Message]:
    """The messages of the list under `content`, as history, inbox and search give them."""
    return [Message(one, history=True) for one in facts.objects("content")]


class Told(ServerEvent):
    """What somebody did, or what is so: `sender` did it, `to` says where, and `content` is said about it, `at` ms."""

    __slots__ = ("at", "content", "sender", "to")

    def __init__(self, facts: Record) -> None:
        self.sender = facts.label("sender")
        self.to = facts.label("to")
        self.content = facts.text("content")
        self.at = facts.number("at")


class Left(Told):
    """`sender` left the channel `to`."""

    __slots__ = ()


class Quit(Told):
    """`sender` is not online any more."""

    __slots__ = ()


class Renamed(Told):
    """`sender` is called `content` now."""

    __slots__ = ()


class Appeared(Told):
    """`sender`, whom one watches, is online now."""

    __slots__ = ()


class Vanished(Told):
    """`sender`, whom one watches, is not online any more."""

    __slots__ = ()


class Wallops(Told):
    """`sender` tells the operators of the server something."""

    __slots__ = ()


class Pinned(Told):
    """`sender` pinned message `seq` of the channel `to`: `name` wrote it, and it says `content`."""

    __slots__ = ("name", "seq")

    def __init__(self, facts: Record) -> None:
        super().__init__(facts)
        self.name = facts.label("name")
        self.seq = facts.count("seq")


class Unpinned(Told):
    """`sender` removed the pin of message `seq` of the channel `to`."""

    __slots__ = ("seq",)

    def __init__(self, facts: Record) -> None:
        super().__init__(facts)
        self.seq = facts.count("seq")


class Typing(Told):
    """`sender` is typing, if `content` is "active"."""

    __slots__ = ()


class Info(Told):
    """The server says something."""

    __slots__ = ()


class Stopping(Told):
    """The server ends."""

    __slots__ = ()


class Ping(Told):
    """The server asks whether the client is still there."""

    __slots__ = ()


class Joined(Told):
    """`sender` joined the channel `to`.

    If one came in oneself, `seq` is the channel's last number, `rev` that of its last change and `read` what one has
    read; `current` and `login` say whether one is in it now, and whether it was the login that led there.
    """

    __slots__ = ("current", "login", "read", "rev", "seq")

    def __init__(self, facts: Record) -> None:
        super().__init__(facts)
        self.current = facts.flag("current")
        self.login = facts.flag("login")
        self.seq = facts.number("seq")
        self.rev = facts.number("rev")
        self.read = facts.number("read")


class Kicked(Told):
    """`by` put `name` out of the channel `to`, because of `content`."""

    __slots__ = ("by", "name")

    def __init__(self, facts: Record) -> None:
        super().__init__(facts)
        self.by = facts.label("by")
        self.name = facts.label("name")


class Invited(Told):
    """`by` invites `name` into the channel `to`."""

    __slots__ = ("by", "name")

    def __init__(self, facts: Record) -> None:
        super().__init__(facts)
        self.by = facts.label("by")
        self.name = facts.label("name")


class ModeChange(ServerEvent):
    """`mode` is `on` now, or not any more, with `value`; a ban is one of those for `whom`, and ends at `until` (ms)."""

    __slots__ = ("mode", "on", "until", "value", "whom")

    def __init__(self, facts: Record) -> None:
        self.mode = facts.text("mode")
        self.value = facts.text("value")
        self.on = facts.flag("on")
        self.whom = facts.label("whom")
        self.until = facts.number("until")


class Moded(Told):
    """The modes of the channel `to` were changed by `by`."""

    __slots__ = ("by", "changes")

    def __init__(self, facts: Record) -> None:
        super().__init__(facts)
        self.by = facts.label("by")
        self.changes = [ModeChange(change) for change in facts.records("changes")[:MAX_CHANGES_SHOWN]]

    @property
    def bans(self) -> list[tuple[bool, str, str, int]]:
        """The changes of bans, as `phrases.moderated` takes them."""
        at = self.at or 0
        return [
            (x.on, x.value, x.whom, -(-(x.until - at) // 60_000) if x.until else 0)
            for x in self.changes
            if x.mode == "ban"
        ]


class Redacted(Told):
    """`sender` took back the message `seq` of `to`, said at `sent_at`; long ago, if it comes out of the `history`.

    It is change `rev` of the room.
    """

    __slots__ = ("history", "rev", "sent_at", "seq")

    def __init__(self, facts: Record, *, history: bool = False) -> None:
        super().__init__(facts)
        self.seq = facts.number("seq")
        self.rev = facts.number("rev")
        self.sent_at = facts.number("sent_at")
        self.history = history


class Edited(Redacted):
    """`sender` gave the message `seq` of `to` another text, `content`."""

    __slots__ = ()


class Topic(Told):
    """The topic of the channel `to` is `content`, since `set_at`."""

    __slots__ = ("set_at",)

    def __init__(self, facts: Record) -> None:
        super().__init__(facts)
        self.set_at = facts.number("set_at")


class Names(Told):
    """Who is in the channel `to`: `names`, of whom some are `operators` or `voiced`; `users` counts all of them."""

    __slots__ = ("names", "operators", "users", "voiced")

    def __init__(self, facts: Record) -> None:
        super().__init__(facts)
        self.names = facts.texts("content") if facts.is_list("content") else None
        self.operators = facts.texts("operators")
        self.voiced = facts.texts("voiced")
        self.users = facts.number("users")


class Presence(Told):
    """`sender` is `away` (with a reason, perhaps an empty one), or back (None)."""

    __slots__ = ("away",)

    def __init__(self, facts: Record) -> None:
        super().__init__(facts)
        self.away = facts.text_or_none("away")


class Read(Told):
    """One has read `to` up to `seq`, on whatever device."""

    __slots__ = ("seq",)

    def __init__(self, facts: Record) -> None:
        super().__init__(facts)
        self.seq = facts.number("seq")


class History(Told):
    """The newest messages of a channel that the user joined; `seq` is its last number."""

    __slots__ = ("messages", "seq")

    def __init__(self, facts: Record) -> None:
        super().__init__(facts)
        self.messages = messages(facts)
        self.seq = facts.number("seq")


class Answer(ServerEvent):
    """The answer to the request whose id is `reply_to` (empty: to none), or, if it `failed`, why: `code` and `content`.

    What else is in it (`facts`) depends on the request.
    """

    __slots__ = ("closing", "code", "content", "facts", "failed", "reply_to")

    def __init__(self, facts: Record) -> None:
        self.failed = facts.text("response") == "error"
        self.reply_to = facts.text("reply_to")
        self.code = facts.text("code")
        self.content = facts.text("content")
        self.closing = facts.flag("closing")
        self.facts = facts


class Welcome(Answer):
    """The server greets: `server` is its name, `motd` what it has to say, and these are its limits, None where it names
    none. It `keeps_rooms` if it leads registered users back to where they were.
    """

    __slots__ = ("keeps_rooms", "max_lines", "motd", "object_bytes", "server")

    def __init__(self, facts: Record) -> None:
        super().__init__(facts)
        content = facts.record("content") or Record({})
        limits = content.record("limits") or Record({})
        self.server = content.label("server")
        self.motd = content.text("motd")
        self.keeps_rooms = "rooms" in content.texts("features")
        self.max_lines = limits.number("max_lines")
        self.object_bytes = limits.number("object_bytes")


KINDS: dict[str, Callable[[Record], ServerEvent]] = {
    "ok": Answer,
    "error": Answer,
    "welcome": Welcome,
    "joined": Joined,
    "left": Left,
    "kicked": Kicked,
    "invited": Invited,
    "moded": Moded,
    "redacted": Redacted,
    "edited": Edited,
    "typing": Typing,
    "appeared": Appeared,
    "vanished": Vanished,
    "wallops": Wallops,
    "pinned": Pinned,
    "unpinned": Unpinned,
    "quit": Quit,
    "renamed": Renamed,
    "topic": Topic,
    "names": Names,
    "presence": Presence,
    "read": Read,
    "history": History,
    "info": Info,
    "stopping": Stopping,
    "ping": Ping,
}
"""The decoder of each `response` except `message`. Others are not for a client like this."""


def decode(facts: dict[str, Any]) -> ServerEvent | None:
    """An object of the server as a value; None for what this client does not know."""
    kind = facts.get("response")
    if kind == "message":
        return Message(facts)
    make = KINDS.get(kind) if type(kind) is str else None
    return make(Record(facts)) if make is not None else None
