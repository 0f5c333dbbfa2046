"""The chat: sessions come and go, requests become effects.

`Chat` knows no sockets, clock or disk: times are arguments, randomness and the store's answers are given functions.
A request's effects are all or nothing: a handler checks everything before it changes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Any

from evchat.core import records as rec
from evchat.core.audience import pick
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Hangup, Reply, Save
from evchat.core.errors import Refused, failed
from evchat.core.handlers import (
    administration,
    authentication,
    bans,
    basics,
    certificates,
    channels,
    client_tags,
    defined_channels,
    editing,
    history,
    invitation_codes,
    login,
    membership,
    messages,
    metadata,
    modes,
    monitor,
    operators,
    people,
    pins,
    read_markers,
    redaction,
    retention,
    server_bans,
    typed_lines,
    user_settings,
)
from evchat.core.registry import Continuation, Handler, Handlers
from evchat.core.rules import password_tries, storage_budget, undo
from evchat.core.rules.login import leave, lose
from evchat.core.state import Session, User
from evchat.core.store import Fetch, StoreBusy, StoreError
from evchat.core.tables import State
from evchat.core.unfinished import Pending
from evchat.protocol.base import Request
from evchat.protocol.basics import HungUp, Stopping
from evchat.settings.model import Config, milliseconds

MODULES: tuple[Handlers, ...] = (
    basics.handlers,
    typed_lines.handlers,
    login.handlers,
    authentication.handlers,
    certificates.handlers,
    messages.handlers,
    history.handlers,
    read_markers.handlers,
    channels.handlers,
    defined_channels.handlers,
    membership.handlers,
    modes.handlers,
    bans.handlers,
    people.handlers,
    pins.handlers,
    monitor.handlers,
    user_settings.handlers,
    metadata.handlers,
    client_tags.handlers,
    redaction.handlers,
    editing.handlers,
    operators.handlers,
    server_bans.handlers,
    administration.handlers,
    invitation_codes.handlers,
    retention.handlers,
)

HANDLERS: dict[type[Request], Handler[Any]] = {
    kind: handler for module in MODULES for kind, handler in module.by_request.items()
}
"""The handler of every kind of request."""

AFTER_HASH: dict[type[Request], Continuation[Any, Any]] = {
    kind: step for module in MODULES for kind, step in module.after_hash.items()
}
"""What goes on with a request once its password has been hashed."""


class Chat:
    """The whole chat. `fetch` answers questions at once from the store; `salt` gives fresh random bytes.

    `monotonic` is the clock of all durations, in milliseconds. `now` is the time of day everywhere: milliseconds since
    the epoch.
    """

    def __init__(
        self,
        config: Config,
        fetch: Fetch[Any],
        salt: Callable[[int], bytes],
        monotonic: Callable[[], int],
    ) -> None:
        self.state = State()
        self._sessions = self.state.sessions
        self._monotonic = monotonic
        self.context = Context(self.state, config, fetch, salt, monotonic)

    def start(self, now: int) -> list[Effect]:
        """Loads the stored state; yields records for what has to be created. Raises StoreError."""
        self.state.begun = self._monotonic()
        self.context.started_at = now - self.state.begun
        return [effect for module in MODULES for step in module.start for effect in step(self.context, now)]

    def connect(self, sid: int, address: str, now: int, *, shared: bool = False) -> Iterable[Effect]:
        """A connection from `address`, one that many share or not, is there, under the new id `sid`."""
        self._open(sid, address, shared)
        self.state.strangers += 1
        self.state.waiting[sid] = self._monotonic()
        return ()

    def administer(self, sid: int, name: str) -> None:
        """The session, which has just been opened, is that of an administrator of the machine: an operator, who need
        not log in, is seen by nobody, and is written down under this name.
        """
        session = self._sessions[sid]
        session.administrator = User(name, name, 0)
        session.administrator.operator = name
        self.state.strangers -= 1
        del self.state.waiting[sid]

    def _open(self, sid: int, address: str, shared: bool) -> None:
        session = self.state.sessions[sid] = Session(sid, address, shared)
        storage_budget.open_session(self.context, session)

    def move(self, sid: int, address: str, *, shared: bool = False) -> None:
        """A connection that has asked for nothing yet comes from another address than it seemed to."""
        storage_budget.close_session(self.state.sessions[sid])
        self._open(sid, address, shared)

    def request(self, sid: int, request: Request, now: int) -> list[Effect]:
        """A session asks for something. Refusals and a store that can't read become `Failed` answers; a busy store
        raises StoreBusy: then nothing has changed, and the same can be asked again.
        """
        session = self._sessions[sid]
        kind = type(request)
        user = session.user
        if user is not None and request.traits.activity:
            user.active = self._monotonic()
        try:
            if session.pending is not None:
                raise Refused("busy", "Your password is still being checked. Wait for the answer.")
            # To the end at once: a generator that is left half run would have changed half of the state.
            decided = HANDLERS[kind](self.context, session, request, now)
            effects = decided if type(decided) is list else list(decided)
            effects = storage_budget.within(self.context, session, effects)
        except StoreBusy:
            raise
        except (Refused, StoreError) as error:
            effects = [_failed(sid, request, error, now)]
        session.started = True
        return effects

    def take_back(self, effects: Sequence[object]) -> None:
        """The commit of these effects has failed: what they changed here is as before. Call it for the newest first."""
        undo.take_back(self.context, effects)

    def hashed(self, sid: int, result: Any, now: int) -> list[Effect]:
        """The work of a `Hash` effect is done; `result` is what it returned. Raises StoreBusy, as `request` does."""
        session, pending = self._take_pending(sid)
        if session is None or pending is None:
            return []
        try:
            effects = list(AFTER_HASH[type(pending.request)](self.context, session, pending, result, now))
            return storage_budget.within(self.context, session, effects)
        except StoreBusy:
            session.pending = pending
            raise
        except (Refused, StoreError) as error:
            return [_failed(sid, pending.request, error, now)]

    def not_hashed(self, sid: int, now: int) -> list[Effect]:
        """The work of a `Hash` effect could not be taken on: too much waits already."""
        session, pending = self._take_pending(sid)
        if session is None or pending is None:
            return []
        password_tries.give_back(self.context, session, pending)
        text = "Too many passwords are being checked at the moment. Try again in a minute."
        return [_failed(sid, pending.request, Refused("busy", text), now)]

    def _take_pending(self, sid: int) -> tuple[Session | None, Pending[Request] | None]:
        session = self.state.sessions.get(sid)
        if session is None:
            return None, None
        pending, session.pending = session.pending, None
        return session, pending

    def disconnect(self, sid: int, reason: str, now: int, lost: bool = False) -> list[Effect]:
        """A connection has ended, for a reason that the others are told.

        If it was `lost` without anybody wanting it, they are told only when its client has not come back in time.
        """
        session = self.state.sessions.pop(sid, None)
        if session is None:
            return []
        self.state.waiting.pop(sid, None)
        if session.pending is not None:  # nobody hears whether it was right
            password_tries.give_back(self.context, session, session.pending)
        effects = list((lose if lost else leave)(self.context, session, reason, now))
        self.state.strangers -= session.administrator is None
        effects = storage_budget.within(self.context, session, effects)
        storage_budget.close_session(session)
        return effects

    def tick(self, now: int) -> list[Effect]:
        """Time has passed: deadlines for the login, idle users, and who is still there. Call about once a second."""
        return [
            *self._late_logins(now),
            *self._idle_users(now),
            *self._still_there(now),
            *(effect for module in MODULES for step in module.tick for effect in step(self.context, now)),
        ]

    def measured(self, stored: int, free: int, disk: int) -> None:
        """The store holds so many bytes, and so many are free on its disk, which has so many."""
        storage_budget.measured(self.context, stored, free, disk)

    def storage_fails(self, fails: bool) -> None:
        """The last commit failed, or did not."""
        self.state.storage_fails = fails

    def set_config(self, config: Config, now: int) -> list[Effect]:
        """New settings hold from now on."""
        self.context.set_config(config)
        return [
            effect
            for module in MODULES
            for step in module.limits_changed
            for effect in step(self.context, now)
        ]

    def stop(self, reason: str, now: int) -> list[Effect]:
        """The server goes down: everyone is told, and when everyone was last seen is kept."""
        effects: list[Effect] = [Broadcast(Stopping(now, reason), pick(self.state.sessions))]
        effects += [
            Save(rec.LastSeen(user.key, user.name, now), vital=False) for user in self.state.users.values()
        ]
        return effects

    def _late_logins(self, now: int) -> Iterator[Effect]:
        limit, passed = milliseconds(self.context.limits.login_deadline), self._monotonic()
        for sid, since in list(self.state.waiting.items()) if limit else ():
            if passed - since < limit:
                break
            if self.state.sessions[sid].pending is None:
                del self.state.waiting[sid]
                reason = f"No login within {limit // 1000} seconds."
                yield Reply(sid, HungUp(now, "login-deadline", reason))
                yield Hangup(sid, reason)

    def _idle_users(self, now: int) -> Iterator[Effect]:
        limit, passed = milliseconds(self.context.limits.idle_timeout), self._monotonic()
        if not limit or passed - self.state.idle_checked < min(limit, 5_000):
            return
        self.state.idle_checked = passed
        for user in self.state.users.values():
            if passed - user.active >= limit:
                user.active = passed  # so that it is told only once, however long it takes to close
                reason = f"Idle for {limit // 1000} seconds."
                for sid in user.sids:
                    yield Reply(sid, HungUp(now, "idle", reason))
                    yield Hangup(sid, reason)

    def _still_there(self, now: int) -> Iterator[Effect]:
        passed, saved = self._monotonic(), self.state.seen_saved
        due = passed - milliseconds(self.context.limits.seen_interval)
        for user in list(takewhile(lambda user: saved[user] <= due, saved)):
            del saved[user]  # to put it last again
            saved[user] = passed
            yield Save(rec.LastSeen(user.key, user.name, now), vital=False)


def _failed(sid: int, request: Request, error: Refused | StoreError, now: int) -> Reply:
    return Reply(sid, failed(request, error, now))
