"""What the state consists of: sessions, users and channels, in plain objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from evchat.core.audience import Audience, pick
from evchat.core.errors import Refused
from evchat.core.roster import Roster
from evchat.core.rules.scram import Exchange
from evchat.core.rules.token_bucket import TokenBucket
from evchat.core.unfinished import Asked, Draft, Pending
from evchat.protocol import modes, names
from evchat.protocol.base import NOBODY, Identity, Request
from evchat.protocol.channels import Member
from evchat.protocol.login import Expectations
from evchat.protocol.modes import ListEntry
from evchat.protocol.pins import PinEntry

NO_KEYS: Final[frozenset[str]] = frozenset()
_NONE: Final[Mapping[Any, Any]] = {}
"""What all share who have nothing: most users and sessions. So whatever changes is replaced by another value."""

T = TypeVar("T")


def latest(kept: tuple[T, ...], one: T, most: int) -> tuple[T, ...]:
    """What is kept, and one more, which is the latest then; of more than `most` the oldest are forgotten."""
    return (*without(kept, one), one)[-most:]


def without(kept: tuple[T, ...], one: T) -> tuple[T, ...]:
    """All but one."""
    return tuple([other for other in kept if other is not one])


_EXPECTS = Expectations()


class Session:
    """One connection, with or without a user behind it. `current` is the key of the channel where plain lines go.

    `full` and `echo` are what its hello said; without one it hears its own messages, as plain clients expect.
    `expects` is what its client takes for granted. With a `draft` its login comes in parts.
    """

    __slots__ = (
        "address",
        "administrator",
        "admitted",
        "asked",
        "budget",
        "called",
        "certificate",
        "credit",
        "current",
        "draft",
        "echo",
        "exchange",
        "expects",
        "full",
        "held_back",
        "knows_end",
        "metadata_keys",
        "pending",
        "repeats",
        "shared",
        "sid",
        "started",
        "token",
        "user",
        "watching",
    )

    def __init__(self, sid: int, address: str, shared: bool = False) -> None:
        self.sid = sid
        self.address = address
        self.administrator: User | None = None
        """Who administers the server through it, and is logged in nowhere; None for everybody else."""
        self.shared = shared
        """Whether the address is one that many share, so that no limits of an address hold."""
        self.budget: TokenBucket | None = None
        """The bytes that may still be kept of its address; None if they are not counted."""
        self.credit = 0
        """The bytes that it has taken from there and from all other budgets, and not used."""
        self.user: User | None = None
        self.token = b""
        """The hash of what its client can resume it with; empty if it can't."""
        self.called = ""
        """The name of its last user, once there is none: for the log."""
        self.current: str | None = None
        self.started = False
        self.full = False
        self.echo = True
        self.repeats = True
        """Whether a person hears what they have typed to their channel."""
        self.admitted = False
        """Whether it has given the server's password."""
        self.draft: Draft | None = None
        self.expects = _EXPECTS
        self.pending: Pending[Request] | None = None
        self.asked: Asked | None = None
        """What the person at the other end was asked for, where lines are typed to the server itself."""
        self.held_back = ""
        """The line that looked like a command and was not said; typed again, it is."""
        self.knows_end = False
        """Whether its user was told how long a guest's channel lasts, which nobody needs to read twice."""
        self.exchange: Exchange | None = None
        """By which it is proving a password."""
        self.certificate = ""
        """The beginning of one that is added in several pieces."""
        self.metadata_keys: Mapping[str, None] = _NONE
        """The keys that it subscribes to: it hears of changes of such values around it."""
        self.watching: Mapping[str, str] = _NONE
        """The names that it watches, as it wrote them, by their keys."""

    @property
    def reads_hints(self) -> bool:
        """Whether it is told what may help its user: not clients that know exactly what an answer holds."""
        return self.full or not self.repeats

    @property
    def copies(self) -> bool:
        """Whether it hears its own direct messages: if it asked for it. To the others the answer says it all."""
        return self.full and self.echo


@dataclass(eq=False, slots=True)
class Absence:
    """A session that was lost, and may be resumed. `token` is the hash of what its client resumes it with.

    `since` is when the link was lost (milliseconds since the epoch), `ends` when it is too late to come back
    (monotonic), and `reason` what the others are told then.
    """

    token: bytes
    address: str
    shared: bool
    since: int
    ends: int
    reason: str


class User:
    """Someone online under a name, through one session or several; through none while one that was lost may be resumed.

    `since` and `named_at` are times of day (milliseconds since the epoch), `active` and `named_monotonic` moments of
    the monotonic clock.
    """

    __slots__ = (
        "absences",
        "active",
        "_audience",
        "away",
        "blocked_by",
        "budget",
        "channels",
        "former",
        "invisible",
        "invitations",
        "key",
        "metadata",
        "left_silenced",
        "name",
        "named_at",
        "named_monotonic",
        "operator",
        "proved",
        "screens",
        "sessions",
        "since",
        "wallops",
        "who",
        "written_to",
    )

    def __init__(self, name: str, key: str, now: int, monotonic: int = 0) -> None:
        self.name = name
        self.key = key
        self.since = now
        self.named_at = now
        self.named_monotonic = monotonic
        """Since when the user has this name, by both clocks."""
        self.active = monotonic
        self.away: str | None = None
        self.who = NOBODY
        """Who this is beside the name: one value that events carry, replaced when it changes."""
        self.operator = ""
        """As which operator of the server the user is known; empty for no operator."""
        self.invisible = False
        self.wallops = False
        self.metadata: Mapping[str, str] = _NONE
        """Values by their keys."""
        self.screens: frozenset[str] = NO_KEYS
        """The letters of the modes that are on and keep some direct messages away."""
        self.written_to: tuple[User, ...] = ()
        """Those to whom the user wrote while guests were kept away: they may answer. The latest are last."""
        self.invitations: tuple[Channel, ...] = ()
        """The channels that the user was let into by one of their operators and has not come into yet."""
        self.sessions: tuple[Session, ...] = ()
        self.absences: tuple[Absence, ...] = ()
        """The sessions that were lost and may be resumed yet, the latest last."""
        self.channels: dict[str, Channel] = {}
        self.blocked_by: frozenset[str] = NO_KEYS
        """The keys of those who have blocked this user."""
        self.former: Mapping[str, str] = _NONE
        """The names that the user had since the login, by their keys: bans and blocks that name them still hold."""
        self.left_silenced: tuple[Channel, ...] = ()
        """The channels that the user was kicked from, or left without the right to speak, the latest last."""
        self.proved: frozenset[str] = NO_KEYS
        """The keys of registered names whose password this user has given."""
        self.budget: TokenBucket | None = None
        """The bytes that may still be kept of its account, once some were."""
        self._audience: Audience | None = None

    @property
    def registered(self) -> bool:
        """Whether the present name is one whose password was given."""
        return self.key in self.proved

    @property
    def places(self) -> tuple[Session | Absence, ...]:
        """The sessions, and those that were lost: what has an address. There is always one of a user online."""
        return (*self.sessions, *self.absences)

    @property
    def sids(self) -> tuple[int, ...]:
        """The ids of the sessions."""
        return tuple([session.sid for session in self.sessions])

    @property
    def audience(self) -> Audience:
        """The user's sessions: one object as long as none comes or goes, and the key is the same."""
        if self._audience is None:
            self._audience = Audience(self.key, self.sids)
        return self._audience

    def changed(self) -> None:
        """The sessions or the key have changed, so the audience is rebuilt when it is next needed."""
        self._audience = None

    def add(self, session: Session) -> None:
        """Puts a session under this user, in all the user's channels."""
        self.sessions = (*self.sessions, session)
        self.changed()
        session.user = self
        for channel in self.channels.values():
            channel.changed()

    def remove(self, session: Session) -> None:
        """Takes a session away from this user."""
        self.sessions = without(self.sessions, session)
        self.changed()
        session.user = None
        session.called = self.name
        session.token = b""
        session.current = None
        for channel in self.channels.values():
            channel.lose(session.sid)

    def identify(self, who: Identity) -> None:
        """The user is somebody else now beside the name."""
        self.who = who
        for channel in self.channels.values():
            channel.refresh(self)


class Channel:
    """A channel with its members and modes. Its name is as the first to join wrote it."""

    __slots__ = (
        "_audience",
        "_roster",
        "appointed",
        "begins",
        "created",
        "defined",
        "flags",
        "founder",
        "join_key",
        "keep",
        "key",
        "limit",
        "lists",
        "members",
        "metadata",
        "name",
        "operators",
        "origin",
        "pins",
        "topic",
        "topic_at",
        "topic_by",
        "voiced",
    )

    def __init__(self, name: str, key: str) -> None:
        self.name = name
        self.key = key
        self.members: dict[str, User] = {}
        self.metadata: Mapping[str, str] = _NONE
        """As a user's."""
        self.topic = ""
        self.topic_by = ""
        self.topic_at = 0
        self.created = 0
        """When the first came into it, as it is now."""
        self.begins = 1
        """The number of its first message: those before it were said in an earlier channel of this name."""
        self.founder = ""
        """The key of the account that owns it; such a channel stays, with its modes, when the last member leaves."""
        self.defined = False
        """Whether the settings define it: then it stays, too."""
        self.appointed: frozenset[str] = NO_KEYS
        """The keys of the accounts that the settings make operators of it."""
        self.origin = ""
        """From where it was made, "@" and an address, for whom it counts as long as no account owns it."""
        self.operators: set[User] = set()
        self.voiced: set[User] = set()
        self.flags: set[str] = {modes.MEMBERS_ONLY}
        """The letters of the modes that are on and have no value."""
        self.join_key = ""
        """What who joins must give (mode `key`); empty for nothing."""
        self.keep = 0
        """For how many days its messages are kept; 0: as long as the server keeps them."""
        self.limit = 0
        """How many can be in it; 0 for any number."""
        self.lists: dict[str, dict[str, ListEntry]] = {}
        """The entries of its lists, by the list's letter and the mask's key, in the order in which they came."""
        self.pins: dict[int, PinEntry] = {}
        """The pinned messages, by their `seq`, in the order in which they were pinned."""
        self._audience: Audience | None = None
        self._roster: Roster | None = None

    @property
    def stays(self) -> bool:
        """Whether it is kept, with its modes, also when nobody is in it."""
        return bool(self.founder) or self.defined or self.key == names.MAIN

    # ---- who is in it. What is worked out from that, the audience and the roster, is made when it is first needed and
    # then follows every change, because both are needed for every join, and making them takes time for each member.

    def changed(self) -> None:
        """Sessions have come that are not the last, so the audience is rebuilt when it is next needed."""
        self._audience = None

    def add(self, user: User, *, operator: bool) -> None:
        """A user comes into it."""
        self.members[user.key] = user
        if operator:
            self.operators.add(user)
        if self._audience is not None:
            self._audience = Audience(self.key, self._audience.sids + user.sids)
        if self._roster is not None:
            self._roster.add(self.member(user))

    def remove(self, user: User) -> None:
        """A user leaves it, with all roles."""
        del self.members[user.key]
        self.operators.discard(user)
        self.voiced.discard(user)
        for sid in user.sids:
            self.lose(sid)
        if self._roster is not None:
            self._roster.remove(user.name)

    def lose(self, sid: int) -> None:
        """A member has a session less."""
        if self._audience is not None:
            sids = self._audience.sids
            place = sids.index(sid)
            self._audience = Audience(self.key, sids[:place] + sids[place + 1 :])

    def rename(self, user: User, key: str, name: str) -> None:
        """A member, who has still the old name and key, gets others."""
        if key != user.key:
            del self.members[user.key]
            self.members[key] = user
        if self._roster is not None:
            self._roster.remove(user.name)
            self._roster.add(Member(name, self.roles(user), user.who))

    def set_role(self, user: User, letter: str, *, on: bool) -> None:
        """A member gets a role or loses it."""
        holders = self.operators if letter == modes.OPERATOR else self.voiced
        (holders.add if on else holders.discard)(user)
        self.refresh(user)

    def refresh(self, user: User) -> None:
        """Something else is told of a user than before, if the user is a member."""
        if self._roster is not None and self.members.get(user.key) is user:
            self._roster.replace(self.member(user))

    def roles(self, user: User) -> str:
        """The letters of the roles that a user holds here, the highest first."""
        operator = modes.OPERATOR if user in self.operators else ""
        return operator + modes.VOICE if user in self.voiced else operator

    def member(self, user: User) -> Member:
        """A member, as others are told."""
        return Member(user.name, self.roles(user), user.who)

    @property
    def roster(self) -> Roster:
        """All members by name."""
        if self._roster is None:
            self._roster = Roster(map(self.member, self.members.values()))
        return self._roster

    def hides(self, user: User) -> bool:
        """Whether only operators see that a user is in it."""
        return modes.AUDITORIUM in self.flags and user not in self.operators and user not in self.voiced

    def witnesses(self, user: User) -> Audience:
        """The sessions that are told what becomes of a user here: those that see the user, and the user's own."""
        if not self.hides(user):
            return self.audience
        sids = dict.fromkeys(user.sids)
        for operator in sorted(self.operators, key=lambda operator: operator.key):
            sids.update(dict.fromkeys(operator.sids))
        return pick(sids)

    @property
    def audience(self) -> Audience:
        """All sessions that hear this channel: one object as long as nobody comes or goes."""
        if self._audience is None:
            sids = tuple([session.sid for user in self.members.values() for session in user.sessions])
            self._audience = Audience(self.key, sids)
        return self._audience


def logged_in(session: Session) -> User:
    """The session's user. Raises Refused (not-logged-in) if nobody is logged in."""
    if session.user is None:
        raise Refused("not-logged-in", "Log in first. Before that, only login and help are allowed.")
    return session.user
