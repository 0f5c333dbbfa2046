"""Events that only the session itself raises, about the server and the connection. No server can send them."""

from __future__ import annotations

from tui.model.server_events import ServerEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.record import Record

CONNECTING, ONLINE, OFFLINE, REFUSED = "connecting", "online", "offline", "refused"
"""States of the connection."""

SERVER_PASSWORD, NAME, PASSWORD, CERTIFICATE = "server-password", "name", "password", "certificate"
"""What a refused login needs from the user."""

WRONG_SERVER = "wrong-server"
"""The code of a refusal by what does not speak the protocol; those of servers are in `evchat.protocol.errors`."""

QUEUED, FAILED, SENT = "queued", "failed", "sent"
"""The state of a line."""


class State(ServerEvent):
    """The connection is in this state, because of `reason`; if it is offline, it is tried again at `retry_at` (ms).

    `code` is that of the error by which the server has ended the connection, or has refused the login. If the login was
    refused: `needs` what the user has to give, if that would do, `name` the one
    that was wanted, and `suggestion` one that is free. If it `needs` that a CERTIFICATE is confirmed, `suggestion` is
    its fingerprint.
    """

    __slots__ = ("code", "name", "needs", "reason", "retry_at", "state", "suggestion")

    def __init__(
        self,
        state: str,
        reason: str = "",
        retry_at: int | None = None,
        *,
        code: str = "",
        needs: str = "",
        name: str = "",
        suggestion: str = "",
    ) -> None:
        self.state = state
        self.reason = reason
        self.retry_at = retry_at
        self.code = code
        self.needs = needs
        self.name = name
        self.suggestion = suggestion


class Back(ServerEvent):
    """An outage of `lasted` milliseconds is over: `sent` lines of the user's were sent then, and `missed` messages of
    others fetched.
    """

    __slots__ = ("lasted", "missed", "sent")

    def __init__(self, lasted: int, sent: int, missed: int) -> None:
        self.lasted = lasted
        self.sent = sent
        self.missed = missed


class LoggedIn(ServerEvent):
    """One is logged in, as `name`. `motd` is what the server has to say, if it does not say it to strangers."""

    __slots__ = ("motd", "name")

    def __init__(self, name: str, motd: str = "") -> None:
        self.name = name
        self.motd = motd


class LineSent(ServerEvent):
    """What has become of the line `id` in `room`: SENT, with its number and time if it has them, FAILED, or QUEUED once
    more; `reason` says why.

    `kept`: the user is not online and will find it in the inbox. `away` is why the user is, None if not.
    """

    __slots__ = ("at", "away", "id", "kept", "reason", "room", "seq", "state")

    def __init__(
        self,
        id: str,
        room: str,
        state: str,
        reason: str = "",
        *,
        seq: int | None = None,
        at: int | None = None,
        kept: bool = False,
        away: str | None = None,
    ) -> None:
        self.id = id
        self.room = room
        self.state = state
        self.reason = reason
        self.seq = seq
        self.at = at
        self.kept = kept
        self.away = away


class Direct(ServerEvent):
    """A direct conversation with `name`: the numbers of its last message, of the last one read and of the last change,
    and the unread count.

    `fetched`: what is unread comes as messages.
    """

    __slots__ = ("fetched", "name", "read", "rev", "seq", "unread")

    def __init__(self, facts: Record) -> None:
        self.name = facts.text("name")
        self.seq = facts.number("seq")
        self.read = facts.number("read")
        self.rev = facts.number("rev")
        self.unread = facts.count("unread")
        self.fetched = False


class Directs(ServerEvent):
    """One's direct conversations, as the server lists them."""

    __slots__ = ("rows",)

    def __init__(self, rows: list[Direct]) -> None:
        self.rows = rows


class Reset(ServerEvent):
    """The server has restarted the numbering of `room`, as one does that was restarted and stores nothing."""

    __slots__ = ("room",)

    def __init__(self, room: str) -> None:
        self.room = room


class Gap(ServerEvent):
    """The messages of `room` between the numbers `after` and `before` were not fetched."""

    __slots__ = ("after", "before", "room")

    def __init__(self, room: str, after: int, before: int) -> None:
        self.room = room
        self.after = after
        self.before = before
