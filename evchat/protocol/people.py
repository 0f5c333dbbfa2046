"""Users, online and past, and what is visible of them."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.base import NOBODY, Answer, Event, Identity, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class Who(Request):
    """Lists everyone online; `others` leaves out the user who asks (whoelse)."""

    traits = Traits(heavy=True)

    others: bool = False


@value
class WhoLast(Request):
    """Lists who was online in the last `minutes`."""

    traits = Traits(heavy=True)

    minutes: int


@value
class WhoIs(Request):
    """Asks for details about a user."""

    name: str


@value
class WhoWas(Request):
    """Asks who had a name before: the latest first, at most `limit` (0: all on record)."""

    traits = Traits(heavy=True)

    name: str
    limit: int = 0


@value
class FindUsers(Request):
    """Finds people online: a channel's members, or those whose name, username, host or real name match a mask.

    `operators` finds only operators of the server.
    """

    traits = Traits(heavy=True)

    mask: str
    operators: bool = False


@value
class LookUpUsers(Request):
    """Asks about users by their names, whether they are online or not."""

    traits = Traits(heavy=True)

    names: tuple[str, ...]


@value
class GetCounts(Request):
    """Asks how many users, channels and operators there are."""


@value
class Block(Request):
    """Blocks a user's direct messages and broadcasts, or lets them through again (`on` is False)."""

    traits = Traits(heavy=True)

    name: str
    on: bool = True


@value
class ListBlocked(Request):
    """Lists the users one has blocked."""

    traits = Traits(heavy=True)


@value
class SetAway(Request):
    """Marks the user as away, with a reason; without a text, as back."""

    traits = Traits(heavy=True)

    text: str | None = None


@value
class ChannelMembership:
    """A channel that somebody is in, with the roles held there."""

    channel: str
    roles: str = ""


@value
class Person:
    """What `who` and `whois` say about a user. Times are milliseconds since the epoch; `idle` is milliseconds.

    `channels` are those shared with the user who asks; `seats` (only when asking about one user) are all visible ones.
    """

    name: str
    online: bool
    registered: bool
    since: int = 0
    seen: int = 0
    idle: int = 0
    away: str | None = None
    channels: tuple[str, ...] = ()
    sessions: int = 0
    seats: tuple[ChannelMembership, ...] = ()
    operator: bool = False
    modes: str = ""
    """The letters of the user's modes. These and `address` are told only to operators and to the user."""
    address: str = ""
    who: Identity = field(default=NOBODY, compare=False)


@value
class PeopleListed(Answer):
    """Users: everyone online (`minutes` is None), or those seen in the last `minutes`.

    `omitted` counts those beyond the limit of a list.
    """

    people: tuple[Person, ...]
    minutes: int | None = None
    omitted: int = 0


@value
class WhoIsTold(Answer):
    """Details about a user."""

    person: Person


@value
class PeopleFound(Answer):
    """People online who match: each with the channel that is shown with them (None: none)."""

    mask: str
    people: tuple[tuple[Person, ChannelMembership | None], ...]
    omitted: int = 0


@value
class PeopleTold(Answer):
    """The users asked for, in the order of the request; those who are not online are left out."""

    people: tuple[Person, ...]


@value
class FormerName:
    """A name that somebody had until `until`."""

    name: str
    until: int
    who: Identity = field(default=NOBODY, compare=False)


@value
class WhoWasTold(Answer):
    """Who had a name before, the latest first."""

    name: str
    people: tuple[FormerName, ...]


@value
class BlockedListed(Answer):
    """The users one has blocked."""

    names: tuple[str, ...]


@value
class Counts:
    """How many there are: users (the invisible among them), operators, channels, connections without a user; `most`
    is the largest number of users there has been.
    """

    users: int
    invisible: int
    operators: int
    channels: int
    strangers: int
    most: int


@value
class CountsTold(Answer):
    """How many users, channels and operators there are."""

    counts: Counts


@value
class PresenceChanged(Event):
    """A user is away (`away` says why) or back (`away` is None)."""

    name: str
    away: str | None
    afar: bool = field(default=False, compare=False)
    """Sent to a user who only watches this one and shares no channel."""


COMMANDS: tuple[Command, ...] = (
    Command("who", Who, "Lists everyone online.", words=("who",), lenient=True),
    Command(
        "whoelse",
        Who,
        "Lists everyone else who is online.",
        words=("whoelse",),
        fixed=(("others", True),),
        lenient=True,
    ),
    Command(
        "wholast",
        WhoLast,
        "Lists everyone seen in the last minutes, and when.",
        (Param("minutes", Kind.NUMBER, "minutes", required=True),),
        words=("wholast",),
    ),
    Command(
        "whois",
        WhoIs,
        "Shows details about a user.",
        (Param("name", Kind.USER, "name", required=True),),
        words=("whois",),
    ),
    Command(
        "block",
        Block,
        "Blocks a user's direct messages and broadcasts. The user is not told.",
        (Param("name", Kind.USER, "name", required=True),),
        words=("block",),
    ),
    Command(
        "unblock",
        Block,
        "Unblocks a user.",
        (Param("name", Kind.USER, "name", required=True),),
        words=("unblock",),
        fixed=(("on", False),),
    ),
    Command("blocked", ListBlocked, "Lists the users you have blocked.", words=("blocked",), lenient=True),
    Command(
        "whowas",
        WhoWas,
        "Shows who had a name before, latest first.",
        (
            Param("name", Kind.USER, "name", required=True),
            Param("limit", Kind.NUMBER, "number", key="limit"),
        ),
        words=("whowas",),
    ),
    Command(
        "find",
        FindUsers,
        "Finds users online: members of a channel, or by name, username, host or real name.",
        (
            Param("mask", Kind.TEXT, "mask", required=True),
            Param("operators", Kind.FLAG, "operators", key="operators", line=False),
        ),
        words=("people",),
    ),
    Command(
        "look",
        LookUpUsers,
        "Shows which of these users are online.",
        (Param("names", Kind.USERS, "name,name", required=True),),
    ),
    Command(
        "count",
        GetCounts,
        "Shows how many users, channels and operators there are.",
        words=("count",),
        lenient=True,
    ),
    Command(
        "away",
        SetAway,
        "Marks you as away, with a reason; without one, as back.",
        (Param("text", Kind.TEXT, "text"),),
        words=("away",),
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""
