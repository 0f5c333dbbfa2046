"""The lists that people are shown, as tables: their columns, and how plain values become cells.

Like `phrases`, these are built from plain values, so that the server can build them from its events and the terminal
client from what it has decoded. Times are texts already, because each writes them in its own time zone.
"""

from __future__ import annotations

from evchat.dialects.phrases import MUTE, counted
from evchat.dialects.tables import Column, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from evchat.dialects.tables import Row

_PEOPLE = (
    Column("NAME"),
    Column("STATUS", most=28),
    Column("IDLE", "idle {}"),
    Column("SINCE", "since {}"),
    Column("LAST SEEN", "last seen {}"),
    Column("CHANNELS", "in {}"),
    Column("REAL NAME", "real name {}", most=24),
    Column("ACCOUNT", "account {}"),
    Column("ROLE"),
    Column("ADDRESS", "connects from {}", most=45),
)


def people(
    rows: Sequence[Row], minutes: int | None = None, mask: str | None = None, omitted: int = 0
) -> Table:
    """People; `minutes`: those who were online in so many last ones; `mask`: those whom it matches.

    There are `omitted` more than the rows show.
    """
    users = counted(len(rows) + omitted, "user")
    if mask is not None:
        return Table(f"{users} found", _PEOPLE, rows)
    if minutes is not None:
        return Table(f"{users} seen in the last {counted(minutes, 'minute')}", _PEOPLE, rows)
    return Table(f"{users} online", _PEOPLE, rows)


def person(
    name: str,
    *,
    online: bool,
    away: str | None = None,
    idle: str = "",
    since: str = "",
    seen: str = "",
    channels: Sequence[str] = (),
    realname: str = "",
    account: str = "",
    role: str = "",
    address: str = "",
) -> Row:
    """Somebody's row. `seen` is shown of those who are not online, the rest of those who are."""
    if not online:
        return (name, "offline", "", "", seen, "", realname, account, role, "")
    return (
        name, _status(away), idle, since, "", ", ".join(channels), realname, account, role, address,
    )  # fmt: skip


def _status(away: str | None) -> str:
    return "online" if away is None else f"away: {away}" if away else "away"


def role(*, operator: bool, bot: bool) -> str:
    """What somebody is besides a user."""
    return ", ".join(["server operator"] * operator + ["bot"] * bot)


def details(row: Row, *, registered: bool) -> Table:
    """One person, from the cells of their row: a line for each."""
    name, *cells = row
    headings = [column.heading.capitalize() for column in _PEOPLE[1:]]
    rows = [(f"  {heading}", cell) for heading, cell in zip(headings, cells, strict=True) if cell]
    return Table(
        f"{name} ({'a registered name' if registered else 'a guest'})", (Column(""), Column("")), rows
    )


_CHANNELS = (Column("CHANNEL"), Column("MEMBERS", "members: {}"), Column("TOPIC"))


def channels(rows: Sequence[Row], omitted: int = 0) -> Table:
    """Channels: the name, the number of members, the topic. There are `omitted` more than the rows show."""
    return Table(counted(len(rows) + omitted, "channel"), _CHANNELS, rows)


_DIRECTS = (Column("NAME"), Column("LAST MESSAGE", "last message {}"), Column("UNREAD", "{} unread"))


def directs(rows: Sequence[Row]) -> Table:
    """Direct conversations: with whom, when the last message was, how many are unread."""
    return Table(counted(len(rows), "direct conversation"), _DIRECTS, rows)


def conversations(rows: Sequence[Row]) -> Table:
    """Conversations: the name, when the last message was."""
    return Table(counted(len(rows), "conversation"), _DIRECTS[:2], rows)


_ENTRIES = (
    Column("MASK", most=48),
    Column("KIND"),
    Column("NAME"),
    Column("SET BY", "by {}"),
    Column("SET", "set {}"),
    Column("ENDS", "ends {}"),
)


def mode_list(mode: str, channel: str, rows: Sequence[Row]) -> Table:
    """A list of a channel, such as its bans: as `list_entry` makes the rows."""
    return Table(f"The {mode} list of {channel}", _ENTRIES, rows)


def list_entry(mask: str, mode: str, whom: str, by: str, when: str, ends: str) -> Row:
    """An entry of a list of a channel, with the name of the person it is for, if any, and when it ends, if it does."""
    kind = "" if mode != "ban" else "muted" if mask.startswith(MUTE) else "banned"
    return mask.removeprefix(MUTE), kind, whom, by, when, ends


_SERVER_BANS = (
    Column("BANNED", most=48),
    Column("BY", "by {}"),
    Column("SET", "set {}"),
    Column("ENDS", "ends {}"),
    Column("REASON"),
)


def server_bans(rows: Sequence[Row]) -> Table:
    """The bans of the server: whom, by whom, when, until when, why."""
    return Table(counted(len(rows), "server ban"), _SERVER_BANS, rows)


_PINS = (
    Column("NUMBER", "number {}"),
    Column("SENT", "sent {}"),
    Column("FROM", "from {}"),
    Column("PINNED BY", "pinned by {}"),
    Column("MESSAGE"),
)


def pins(channel: str, rows: Sequence[Row]) -> Table:
    """The pinned messages of a channel: the number, when, from whom, pinned by whom, the text."""
    return Table(f"{counted(len(rows), 'pinned message')} in {channel}", _PINS, rows)


_AUDIT = (
    Column("WHEN"),
    Column("OPERATOR"),
    Column("ACTION", most=16),
    Column("TARGET", most=48),
    Column("DETAILS"),
)


def audit(rows: Sequence[Row]) -> Table:
    """Actions of server operators: when, who, what, concerning whom, details."""
    return Table("Latest actions of server operators", _AUDIT, rows)


_PAST = (
    Column("NAME"),
    Column("UNTIL", "until {}"),
    Column("ACCOUNT", "account {}"),
    Column("REAL NAME", "real name {}"),
)


def past(rows: Sequence[Row]) -> Table:
    """Who had a name: the name, until when, the account, the real name."""
    return Table("Earlier users of the name", _PAST, rows)


_FOUND = (Column("SENT"), Column("IN", most=24), Column("FROM", most=20), Column("MESSAGE"))

EVERYONE = "(broadcast)"
"""Where a message to everyone was sent."""


def found(rows: Sequence[Row]) -> Table:
    """Messages that a search found: when, where, from whom, the text."""
    return Table(f"{counted(len(rows), 'message')} found", _FOUND, rows)
