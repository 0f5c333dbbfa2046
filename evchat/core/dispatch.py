"""The chat: sessions come and go, requests become effects.

`Chat` knows no sockets, clock or disk: times are arguments, randomness and the store's answers are given functions.
A request's effects are all or nothing: a handler checks everything before it changes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from typing import Any, TypeVar

from evchat.core import records as rec
from evchat.core.effects import Broadcast, Effect, Hangup, Reply, Save
from evchat.core.errors import Refused
from evchat.core.handlers import (
    authentication,
    basics,
    channels,
    client_tags,
    history,
    login,
    membership,
    messages,
    modes,
    monitor,
    operators,
    people,
    redaction,
    server_bans,
    user_search,
    user_settings,
    whowas,
)
from evchat.core.policy import Rules
from evchat.core.rules import event_log, persistent_channels
from evchat.core.state import Channel, Pending, Session, State, User
from evchat.protocol.authentication import Authenticate, Pass, Register, Scram
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import (
    Failed,
    Greet,
    Hello,
    Help,
    HungUp,
    Malformed,
    Ping,
    Pong,
    ReplyLocally,
    Stopping,
    TypedLine,
)
from evchat.protocol.channels import Join, ListChannels, ListNames, Part, Topic
from evchat.protocol.client_tags import SendTagMessage
from evchat.protocol.history import GetHistory, GetInbox, ListConversations, ListDirects, Search
from evchat.protocol.login import ChangeNick, Introduce, Login, Logout, Quit
from evchat.protocol.membership import Invite, Kick
from evchat.protocol.messages import Announce, SendMessage
from evchat.protocol.modes import Ban, ChannelMode, GrantRole
from evchat.protocol.monitor import ListMonitored, Monitor
from evchat.protocol.operators import Kill, ListAudit, Oper, Wallops
from evchat.protocol.people import (
    Block,
    Counts,
    FindUsers,
    GetCounts,
    ListBlocked,
    LookUpUsers,
    SetAway,
    Who,
    WhoIs,
    WhoLast,
    WhoWas,
)
from evchat.protocol.read_markers import GetReadMarker, SetReadMarker
from evchat.protocol.redaction import Redact
from evchat.protocol.server_bans import BanFromServer, ListServerBans, UnbanFromServer
from evchat.protocol.user_settings import SetRealname, UserMode

E = TypeVar("E", bound=Event)
Handler = Callable[["Chat", Session, Any, int], Iterable[Effect]]

HANDLERS: dict[type[Request], Handler] = {
    Hello: basics.hello,
    Greet: basics.greet,
    Help: basics.help_,
    Ping: basics.ping,
    Pong: basics.pong,
    Malformed: basics.malformed,
    TypedLine: basics.typed,
    Login: login.login,
    Register: login.register,
    Logout: login.logout,
    Quit: login.quit_,
    ChangeNick: login.nick,
    Pass: authentication.pass_,
    Introduce: authentication.introduce,
    Authenticate: authentication.authenticate,
    Scram: authentication.scram_,
    ReplyLocally: authentication.aside,
    Join: channels.join,
    Part: channels.part,
    ListChannels: channels.list_channels,
    ListNames: channels.list_names,
    Topic: channels.topic,
    SendMessage: messages.say,
    Announce: messages.announce,
    GetHistory: history.history,
    GetInbox: history.inbox,
    ListDirects: history.directs,
    SetReadMarker: history.read,
    GetReadMarker: history.mark,
    Search: history.search,
    Who: people.who,
    WhoLast: people.wholast,
    WhoIs: people.whois,
    SetAway: people.away,
    Block: people.block,
    ListBlocked: people.list_blocked,
    ChannelMode: modes.mode,
    GrantRole: modes.grant,
    Ban: modes.ban,
    Kick: membership.kick,
    Invite: membership.invite,
    Oper: operators.oper,
    Kill: operators.kill,
    Wallops: operators.wallops,
    ListAudit: operators.list_acts,
    BanFromServer: server_bans.ban,
    UnbanFromServer: server_bans.unban,
    ListServerBans: server_bans.list_bans,
    WhoWas: whowas.whowas,
    FindUsers: user_search.find,
    LookUpUsers: user_search.look,
    GetCounts: user_search.count,
    Monitor: monitor.watch,
    ListMonitored: monitor.watched,
    UserMode: user_settings.user_mode,
    SetRealname: user_settings.realname,
    SendTagMessage: client_tags.signal,
    Redact: redaction.redact,
    ListConversations: history.conversations,
}

_MOST_HEADS = 100_000
"""Conversations whose last number is kept at hand; they can always be asked of the store again."""

_NO_ACTIVITY = frozenset({Pong, Ping})


class Chat(State):
    """The whole chat. `fetch` answers questions at once from the store; `salt` gives fresh random bytes.

    `set_rules` replaces the `rules` at any time.
    """

    def __init__(self, rules: Rules, fetch: rec.Fetch[Any], salt: Callable[[int], bytes]) -> None:
        super().__init__()
        self.rules = rules
        self.fetch = fetch
        self.salt = salt
        self.guess_limits = login.GuessLimits()
        self.name_history = whowas.NameHistory()
        self.waiting: dict[int, int] = {}
        """Sessions that have not logged in yet, and when they came, oldest first."""
        self.seen_due: dict[User, int] = {}
        """When the store is next told that a user is still there, soonest first."""
        self.cloak_secret = b""
        self.watchlist = monitor.Watchlist()
        self.event_log = event_log.EventLog()
        self.most_users = 0
        """The largest number of users there has been."""
        self.signals = 0
        """How many signals there have been: the number of the last one."""
        self._idle_checked = 0

    def start(self) -> list[Effect]:
        """Brings back what is kept; what it makes up anew is to be kept. Raises StoreError."""
        persistent_channels.bring_back(self)
        server_bans.bring_back(self)
        for setting in self.fetch(rec.SettingOf("cloak")):
            self.cloak_secret = bytes.fromhex(setting.value)
        if self.cloak_secret:
            return []
        self.cloak_secret = self.salt(32)
        return [Save(rec.Setting("cloak", self.cloak_secret.hex()), vital=False)]

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

    def head(self, conversation: str) -> int:
        """The number of a conversation's last message, asked of the store once. Raises StoreError."""
        seq = self.heads.get(conversation)
        if seq is None:
            if len(self.heads) >= _MOST_HEADS:
                self.heads.clear()
            found = self.fetch(rec.HeadOf(conversation))
            seq = self.heads[conversation] = found[0] if found else 0
        return seq

    def is_quiet(self, channel: Channel) -> bool:
        """Whether a channel has so many members that coming and going is not told there."""
        return len(channel.members) > self.rules.quiet_above

    def peers_of(self, user: User) -> tuple[int, ...]:
        """The sessions of everyone who shares a channel with `user` that is not quiet, and the user's own."""
        sids = dict.fromkeys(user.sessions)
        for channel in user.channels.values():
            if not self.is_quiet(channel):
                sids.update(dict.fromkeys(channel.audience))
        return tuple(sids)

    def remember(self, channel: Channel, event: E) -> E:
        """The event as it is remembered, unless nobody is told of such things in this channel."""
        if self.is_quiet(channel):
            return event
        return self.event_log.keep(channel.key, self.heads.get(channel.key), event)

    def connect(self, sid: int, address: str, now: int) -> Iterable[Effect]:
        """A connection from `address` is there, under the new id `sid`."""
        self.sessions[sid] = Session(sid, address)
        self.strangers += 1
        self.waiting[sid] = now
        return ()

    def request(self, sid: int, request: Request, now: int) -> list[Effect]:
        """A session asks for something. Refusals and a store that can't read become `Failed` answers."""
        session = self.sessions[sid]
        user = session.user
        if user is not None and type(request) not in _NO_ACTIVITY:
            user.active = now
        try:
            if session.pending is not None:
                raise Refused("busy", "Your password is still being checked. Wait for the answer.")
            effects = list(HANDLERS[type(request)](self, session, request, now))
        except (Refused, rec.StoreError) as error:
            effects = [_failed(sid, request, error, now)]
        session.started = True
        return effects

    def hashed(self, sid: int, result: Any, now: int) -> list[Effect]:
        """The work of a `Hash` effect is done; `result` is what it returned."""
        session, pending = self._take_pending(sid)
        if session is None or pending is None:
            return []
        try:
            return list(login.hashed(self, session, pending, result, now))
        except (Refused, rec.StoreError) as error:
            return [_failed(sid, pending.request, error, now)]

    def not_hashed(self, sid: int, now: int) -> list[Effect]:
        """The work of a `Hash` effect could not be taken on: too much waits already."""
        _, pending = self._take_pending(sid)
        if pending is None:
            return []
        text = "The server has too many passwords to check at the moment. Try again in a minute."
        return [_failed(sid, pending.request, Refused("busy", text), now)]

    def _take_pending(self, sid: int) -> tuple[Session | None, Pending | None]:
        session = self.sessions.get(sid)
        if session is None:
            return None, None
        pending, session.pending = session.pending, None
        return session, pending

    def disconnect(self, sid: int, reason: str, now: int) -> list[Effect]:
        """A connection is gone, for a reason that the others are told."""
        session = self.sessions.pop(sid, None)
        if session is None:
            return []
        self.waiting.pop(sid, None)
        effects = list(login.leave(self, session, reason, now))
        self.strangers -= 1
        return effects

    def tick(self, now: int) -> list[Effect]:
        """Time has passed: deadlines for the login, idle users, and who is still there. Call about once a second."""
        return [
            *self._late_logins(now),
            *self._idle_users(now),
            *self._still_there(now),
            *server_bans.expire(self, now),
        ]

    def set_rules(self, rules: Rules, now: int) -> list[Effect]:
        """New rules hold from now on."""
        self.rules = rules
        return list(operators.dismiss(self, now))

    def stop(self, reason: str, now: int) -> list[Effect]:
        """The server goes down: everyone is told, and when everyone was last seen is kept."""
        effects: list[Effect] = [Broadcast(Stopping(now, reason), tuple(self.sessions))]
        effects += [Save(rec.LastSeen(user.key, user.name, now), vital=False) for user in self.users.values()]
        return effects

    def _late_logins(self, now: int) -> Iterator[Effect]:
        limit = self.rules.login_deadline
        for sid, since in list(self.waiting.items()) if limit else ():
            if now - since < limit:
                break
            if self.sessions[sid].pending is None:
                del self.waiting[sid]
                reason = f"Nobody logged in within {limit // 1000} seconds."
                yield Reply(sid, HungUp(now, "login-deadline", reason))
                yield Hangup(sid, reason)

    def _idle_users(self, now: int) -> Iterator[Effect]:
        limit = self.rules.idle_timeout
        if not limit or now - self._idle_checked < min(limit, 5_000):
            return
        self._idle_checked = now
        for user in self.users.values():
            if now - user.active >= limit:
                user.active = now  # so that it is told only once, however long it takes to close
                reason = f"Idle for {limit // 1000} seconds."
                for sid in user.sessions:
                    yield Reply(sid, HungUp(now, "idle", reason))
                    yield Hangup(sid, reason)

    def _still_there(self, now: int) -> Iterator[Effect]:
        for user in list(takewhile(lambda user: self.seen_due[user] <= now, self.seen_due)):
            del self.seen_due[user]  # to put it last again
            self.seen_due[user] = now + self.rules.seen_every
            yield Save(rec.LastSeen(user.key, user.name, now), vital=False)


def _failed(sid: int, request: Request, error: Refused | rec.StoreError, now: int) -> Reply:
    code, about = (error.code, error.about) if isinstance(error, Refused) else ("storage", "")
    return Reply(sid, Failed(now, request.id, code, str(error), about, request=request))
