"""The tables of everything there is, by key, and the questions that several handlers ask of them."""

from __future__ import annotations

from typing import Final

from evchat.core.audience import Audience
from evchat.core.rules.event_log import EventLog
from evchat.core.rules.guess_limits import GuessLimits
from evchat.core.rules.name_history import NameHistory
from evchat.core.rules.token_bucket import TokenBuckets
from evchat.core.rules.watchlist import Watchlist
from evchat.core.state import Absence, Channel, Session, User
from evchat.protocol import names
from evchat.protocol.people import Counts
from evchat.protocol.server_bans import ServerBan

UNLIMITED: Final = 2**62
"""Bytes of room, where nothing limits them."""


class State:
    """Everything there is, and the questions that several handlers ask of it."""

    def __init__(self) -> None:
        self.sessions: dict[int, Session] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.heads: dict[str, int] = {}
        """The number of the last message of the conversations in use."""
        self.revs: dict[str, int] = {}
        """The number of the last change in each of them."""
        self.last_times: dict[str, int] = {}
        """When the last thing happened in each of them."""
        self.former_names: dict[str, dict[User, None]] = {}
        """Who had which name since the login, by the names' keys."""
        self.left_silenced: dict[str, dict[str, None]] = {}
        """The keys of the same channels as a user's, of those who have logged out, by their addresses."""
        self.server_bans: dict[str, ServerBan] = {}
        """The bans from the server, by the keys of those whom they name."""
        self.ban_ends: dict[str, int] = {}
        """When those of them end that do, by the monotonic clock."""
        self.entry_ends: dict[tuple[str, str, str], int] = {}
        """When the entries on channels' lists end that do (monotonic), by channel, letter and the mask's key."""
        self.owned: dict[str, int] = {}
        """How many channels the accounts own, by their keys."""
        self.made: dict[str, int] = {}
        """How many channels that nobody owns there are of each address."""
        self.listed: dict[str, int] = {}
        self.listed_in_all = 0
        """How many entries are on the lists of the channels of each account or address, and of all."""
        self.invisible: set[User] = set()
        self.operators: set[User] = set()
        """Those online whose flags of these names are set, so that they are counted at no cost."""
        self.screened: set[User] = set()
        """Those online who keep some direct messages away."""
        self.strangers = 0
        """The number of sessions that have not logged in."""
        self.inhabited = 0
        """How many channels somebody is in."""
        self.waiting: dict[int, int] = {}
        """Sessions that have not logged in yet, and when they connected (monotonic), oldest first."""
        self.absences: dict[Absence, User] = {}
        """The sessions that were lost and may be resumed yet, the earliest first."""
        self.absent_from: dict[str, int] = {}
        """How many of them there are of each address."""
        self.seen_saved: dict[User, int] = {}
        """When (monotonic) it was last saved that a user is there, earliest first."""
        self.cloak_secret = b""
        """What addresses are hidden with; made up by the first start, and kept."""
        self.guess_limits = GuessLimits()
        self.stored_by_site = TokenBuckets()
        self.stored_by_account = TokenBuckets()
        self.stored_in: dict[str, int] = {}
        """The bytes kept of conversations today."""
        self.stored_today = 0
        self.stored_since = 0
        """The bytes kept of everybody, and since when."""
        self.room = UNLIMITED
        self.reserve = 0
        """The bytes that the store may still take, as it was last measured, and those that are not for guests."""
        self.begun = 0
        """When the server started (monotonic)."""
        self.stored = self.free = 0
        """The bytes that the store holds, and those free on its disk, as it was last measured."""
        self.storage_fails = False
        """Whether the last commit failed."""
        self.registrations = TokenBuckets()
        self.registrations_of_day = TokenBuckets()
        """How many accounts an address may still register, soon and today."""
        self.name_history = NameHistory()
        self.watchlist = Watchlist()
        self.event_log = EventLog()
        self.most_users = 0
        """The largest number of users there has been."""
        self.signals = 0
        """How many signals there have been: the number of the last one."""
        self.idle_checked = 0
        """When (monotonic) idle users were last looked for."""
        self._online: Audience | None = None

    def flags_changed(self, user: User) -> None:
        """A user has become invisible, an operator or screened, or is so no longer, or is gone."""
        here = self.users.get(user.key) is user
        (self.invisible.add if here and user.invisible else self.invisible.discard)(user)
        (self.operators.add if here and user.operator else self.operators.discard)(user)
        (self.screened.add if here and user.screens else self.screened.discard)(user)

    def online_changed(self, change: int) -> None:
        """A session has logged in (1) or out (-1)."""
        self.strangers -= change
        self._online = None

    @property
    def online(self) -> Audience:
        """All sessions that are logged in: one object as long as nobody comes or goes."""
        if self._online is None:
            sids = tuple([session.sid for user in self.users.values() for session in user.sessions])
            self._online = Audience(names.EVERYONE, sids)
        return self._online

    def absent(self) -> int:
        """How many users are held whose every session was lost."""
        return len({user for user in self.absences.values() if not user.sessions})

    def counts(self) -> Counts:
        """How many there are. Secret channels count."""
        return Counts(
            len(self.users),
            len(self.invisible),
            len(self.operators),
            self.inhabited,
            self.strangers,
            self.most_users,
        )
