"""Answers about people: who is there, who was, and what they are."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.event import NOBODY, Answer, Identity
from evchat.protocol.modes import Change
from evchat.protocol.value import value


@value
class Seat:
    """A channel that somebody is in, with the roles held there."""

    channel: str
    roles: str = ""


@value
class Person:
    """What `who` and `whois` tell about a user. Times are milliseconds since the epoch; `idle` is milliseconds.

    `channels` are those shared with who asks, `seats` (only where one user was asked about) all that may be known of.
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
    seats: tuple[Seat, ...] = ()
    operator: bool = False
    modes: str = ""
    """The letters of the user's modes. This and the next one only for operators and for oneself."""
    address: str = ""
    who: Identity = field(default=NOBODY, compare=False)


@value
class PeopleListed(Answer):
    """Users: everyone online (`minutes` is None), or who was seen in the last `minutes`.

    `omitted` counts those beyond the limit of a list.
    """

    people: tuple[Person, ...]
    minutes: int | None = None
    omitted: int = 0


@value
class WhoIsTold(Answer):
    """What one may know about a user."""

    person: Person


@value
class PeopleFound(Answer):
    """People online who match: each with the channel that is shown with them (None: none)."""

    mask: str
    people: tuple[tuple[Person, Seat | None], ...]
    omitted: int = 0


@value
class PeopleTold(Answer):
    """About the users asked for, in the order of the question; those who are not online are left out."""

    people: tuple[Person, ...]


@value
class Past:
    """A name that somebody had until `until`."""

    name: str
    until: int
    who: Identity = field(default=NOBODY, compare=False)


@value
class PastTold(Answer):
    """Who had a name before, the latest first."""

    name: str
    people: tuple[Past, ...]


@value
class WatchTold(Answer):
    """Of those whom one watches, or has begun to: who is online and who is not (as one wrote them)."""

    online: tuple[Person, ...]
    offline: tuple[str, ...]


@value
class UserModesTold(Answer):
    """One's own modes, as letters."""

    name: str
    letters: str


@value
class UserModesChanged(Answer):
    """One's own modes have changed."""

    name: str
    changes: tuple[Change, ...]


@value
class BlockedListed(Answer):
    """Whom one has blocked."""

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
class Counted(Answer):
    """How many there are."""

    counts: Counts
