"""The back half of the server: the chat, its store and its worker.

It knows sessions by their ids and nothing of connections, dialects or queues. The front calls it with what clients do;
what clients are to hear comes out of `settle` at the end of the pass.
"""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final, cast

from evchat import log
from evchat.core.dispatch import Chat
from evchat.core.effects import Effect, Fetch, Hash, Log, Reply
from evchat.core.query import Query, R
from evchat.core.rules.membership import account
from evchat.core.rules.request_cost import weight
from evchat.core.server_queries import AllCertificates, MessageCount, UnindexedCount
from evchat.core.store import Store, StoreBusy, StoreError
from evchat.net.loop import Loop
from evchat.net.worker import Dropped, Worker
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import Failed, RequestContext
from evchat.protocol.messages import SendMessage
from evchat.server import wall_clock
from evchat.server.commits import Commits
from evchat.server.committer import Committer
from evchat.server.deliveries import Abort, Delivery, Resume
from evchat.server.guard import Guard
from evchat.server.long_reads import LongReads
from evchat.server.transaction import FETCHES, HANGS_UP, HASHES, LOGS, PUTS_OFF, READS
from evchat.settings.model import Config

_TICK: Final = 1.0
"""Seconds between the chat's looks at its deadlines, as long as there are sessions."""

_UPKEEP_DELAY: Final = 0.25
"""Seconds between a pass and the upkeep of the store that may follow from it: a busy moment passes first."""
_UPKEEP_AT_LEAST: Final = 600.0
"""Seconds between two looks for upkeep where nothing happens."""
_UPKEEP_PAUSE: Final = 0.01
"""Seconds between two pieces of upkeep, so that clients are served in between."""

_OWN: Final = FETCHES | HASHES | LOGS | READS
"""Effects that the back carries out itself."""


class Back:
    """Decides and keeps. At most `worker_queue` passwords (see the limits) may wait for the worker.

    Raises StoreError if the store can't be read at the start.
    """

    def __init__(self, loop: Loop, config: Config, store: Store, guard: Guard) -> None:
        self._loop = loop
        self._store = store
        self._guard = guard
        self._worker = Worker(loop, config.limits.worker_queue)
        self._long_reads = LongReads(loop, store.long_reader())
        self._logged_faults: set[str] = set()
        """Why the store could not answer, each told once: most damage is seen by those who read alone."""
        self._chat = Chat(config, self._ask, os.urandom, self._monotonic)
        beside = store.group_commit()
        self._committer = None if beside is None else Committer(loop, beside)
        self._commits = Commits(store, _report_storage, self._chat.take_back, self._committer)
        self.commits_beside = beside is not None
        """Whether decisions may wait for a commit longer than a pass."""
        self._most_waiting = config.limits.commit_backlog
        self._full = False
        """Whether so much waits for a commit that no more is to be decided."""
        self._clocks_of = -1
        """The number of the pass whose clocks were read."""
        self._time_of_day = self._ticks = 0
        self._hashing: dict[int, tuple[Request, bool]] = {}
        """By session: the request whose password is with the worker, and whether its client wants context."""
        self._hashed_early: list[tuple[int, Any]] = []
        """The sessions with the worker's results that could not be heeded before a commit has ended."""
        self._ticking = False
        self._upkeep_due = False
        self._upkeep_planned = False
        self._commits.open.add(0, None, self._chat.start(self._now()))
        self._measure()
        loop.call_later(_UPKEEP_AT_LEAST, self._regular_upkeep)

    def _regular_upkeep(self) -> None:
        """Upkeep is due now and then, too, if nothing happens: messages grow old by themselves."""
        self._upkeep_due = True
        self._loop.call_later(_UPKEEP_AT_LEAST, self._regular_upkeep)

    def _now(self) -> int:
        """The time of day in milliseconds: one for a whole pass, because asking a clock for every message adds up."""
        if self._clocks_of != self._loop.passes:
            self._read_clocks()
        return self._time_of_day

    def _monotonic(self) -> int:
        """The clock of all durations in milliseconds; one for a whole pass, too."""
        if self._clocks_of != self._loop.passes:
            self._read_clocks()
        return self._ticks

    def _read_clocks(self) -> None:
        self._clocks_of = self._loop.passes
        self._time_of_day, self._ticks = wall_clock.now(), int(self._loop.time() * 1000)

    @property
    def failing(self) -> bool:
        """Whether the last commit failed."""
        return self._commits.failing

    @property
    def commit_failures(self) -> int:
        """How many commits have failed."""
        return self._commits.failures

    @property
    def passwords_waiting(self) -> int:
        """How many passwords wait for the worker."""
        return self._worker.waiting

    # ---- what the front reports -------------------------------------------------------------------------------

    def connect(self, sid: int, address: str, shared: bool = False) -> None:
        """A client has connected from `address`, one that many share or not, and is known as `sid` from now on."""
        self._commits.open.add(sid, None, self._chat.connect(sid, address, self._now(), shared=shared))
        if not self._ticking:
            self._ticking = True
            self._loop.call_later(_TICK, self._tick)

    def administer(self, sid: int, name: str) -> None:
        """The client that has just connected is an administrator of the machine, to be written down under this name."""
        self._chat.administer(sid, name)

    def move(self, sid: int, address: str, shared: bool = False) -> None:
        """A client that has asked for nothing yet comes from `address`, as a proxy says that stands before it."""
        self._chat.move(sid, address, shared=shared)

    def request(self, sid: int, request: Request, context: bool) -> int:
        """Carries a session's request out. Returns what follows for its next one: flags of `transaction`.

        With `context` the answers are preceded by `RequestContext`. A bug ends the session.
        """
        alone = self.commits_beside and request.traits.standalone
        if self._full and not alone:
            return PUTS_OFF
        try:
            now = self._time_of_day if self._clocks_of == self._loop.passes else self._now()
            effects = self._chat.request(sid, request, now)
        except StoreBusy:
            return PUTS_OFF
        except Exception as error:  # noqa: BLE001  (as `Guard.run`, which would be one call more for every message)
            self._guard.report(sid, request, error)
            return self._abort(sid)
        if not effects:
            return 0  # nothing to keep and nothing to tell, as of most parts of a login
        if context and type(request) is not SendMessage:  # whose answers tell what they are for
            effects = [Reply(sid, RequestContext(self._now(), request)), *effects]
        transaction = self._commits.alone(sid) if alone else self._commits.open
        flags = transaction.add(sid, request, effects)
        if flags & HASHES:
            self._hashing[sid] = request, context
        return flags

    @property
    def holds(self) -> bool:
        """Whether anybody is held whose link was lost."""
        return bool(self._chat.state.absences)

    def disconnect(self, sid: int, reason: str, *, lost: bool = False) -> None:
        """A session is over, for a reason that the others are told; at once, unless its link was only `lost`.

        Does nothing if it was over before.
        """
        self._long_reads.forget(sid)
        effects = self._guard.run(sid, "disconnect", self._chat.disconnect, sid, reason, self._now(), lost)
        if effects:
            self._commits.open.add(sid, None, effects)

    def add(self, sid: int, *deliveries: Delivery) -> None:
        """Puts deliveries of the front's own behind the answers to what the session has asked before."""
        self._commits.alone(sid).add(sid, None, deliveries)

    def waits(self, sid: int) -> bool:
        """Whether an answer to the session waits for a commit."""
        return self.commits_beside and self._commits.waits(sid)

    def weight(self, sid: int, request: Request) -> float:
        """How much work a session's request makes, measured in requests of the usual kind; 0 for most."""
        return weight(self._chat.context, sid, request)

    def is_open(self, sid: int) -> bool:
        """Whether the session is not over yet."""
        return sid in self._chat.state.sessions

    def name(self, sid: int) -> str:
        """The name under which somebody is logged in to the session; empty if nobody is."""
        session = self._chat.state.sessions.get(sid)
        return session.user.name if session is not None and session.user is not None else ""

    def last_name(self, sid: int) -> str:
        """The same, or the name under which somebody was logged in last."""
        session = self._chat.state.sessions.get(sid)
        return self.name(sid) or ("" if session is None else session.called)

    def counts(self) -> dict[str, object]:
        """How many users, channels and messages there are, for the log."""
        state = self._chat.state
        return {"users": len(state.users), "channels": len(state.channels), "messages": self.messages()}

    def population(self) -> tuple[int, int]:
        """How many users there are, and how many channels."""
        return len(self._chat.state.users), len(self._chat.state.channels)

    def stored_bytes(self) -> int:
        """The bytes that the store holds; 0 if that can't be told."""
        try:
            return self._store.measure()[0]
        except StoreError:
            return 0

    def unindexed(self) -> int:
        """How many messages the search index does not hold yet; 0 if that can't be told."""
        try:
            return self._store.fetch_committed(UnindexedCount())[0]
        except StoreError:
            return 0

    def messages(self) -> int | str:
        """How many messages are stored, or that it can't be told."""
        try:
            return self._store.fetch_committed(MessageCount())[0]
        except StoreError:
            return "unknown"

    def certificates(self) -> list[bytes]:
        """Those by which users can log in, in DER. Raises OSError."""
        try:
            kept = self._store.fetch_committed(AllCertificates())
        except StoreError as error:
            raise OSError(str(error)) from error
        return [b64decode(each.der) for each in kept]

    def account(self, sid: int) -> str:
        """The key of the account that the session is logged in to; empty for a guest."""
        session = self._chat.state.sessions.get(sid)
        return account(session.user) if session is not None and session.user is not None else ""

    # ---- the pass ---------------------------------------------------------------------------------------------

    @property
    def is_committing(self) -> bool:
        """Whether a commit is under way, or upkeep of the store."""
        return self._commits.is_under_way

    @property
    def commit_began(self) -> float:
        """The loop's time at which the commit under way began, or the upkeep; 0 if there is none."""
        return self._committer.began if self._committer is not None and self._commits.is_under_way else 0.0

    def commit_ended(self) -> bool:
        """Whether a commit has ended since this was last called: requests that were put off can be made again now.

        They are to be made before `settle` begins with the next commit.
        """
        if not self._commits.end(self._now()) or self._tidies():
            return False
        self._full = False
        hashed, self._hashed_early = self._hashed_early, []
        for sid, result in hashed:
            self._hashed(sid, result, None)
        return True

    def settle(self) -> Iterable[Delivery]:
        """Ends the pass: begins to commit what was decided, unless a commit is under way.

        Returns what the front is to carry out, in order: all that hangs on nothing that is not durable. To be iterated
        over once, at once.
        """
        now = self._now()
        self._commits.begin(now)
        effects, flags = self._commits.take()
        self._full = self._commits.waiting >= self._most_waiting
        if effects and not self._upkeep_planned:
            self._upkeep_planned = True
            self._loop.call_later(_UPKEEP_DELAY, self._upkeep_is_due)
        if flags & _OWN:
            return self._carry_out_own(effects, now)
        return cast("list[Delivery]", effects)

    def _carry_out_own(self, effects: list[Effect | Delivery], now: int) -> Iterator[Delivery]:
        """Carries out, in order, the effects for the store, the worker and the log; yields the rest."""
        for effect in effects:
            if isinstance(effect, Fetch) and effect.query.long:
                self._begin_to_read(effect)
            elif isinstance(effect, Fetch):
                event = self._guard.run(effect.sid, "fetch", self._fetch, effect, now)
                if event is not None:
                    yield Reply(effect.sid, event)
            elif isinstance(effect, Hash):
                self._hash(effect)
            elif isinstance(effect, Log):
                log.info(effect.event, **dict(effect.facts))
            else:
                yield cast("Delivery", effect)

    def _ask(self, query: Query[R]) -> list[R]:
        """The store's answer, for the core; a fault of its own is logged. Raises StoreError."""
        try:
            return self._store.fetch(query)
        except StoreBusy:
            raise
        except StoreError as error:
            self._log_fault(error)
            raise

    def _log_fault(self, error: StoreError) -> None:
        reason = str(error)
        if error.is_own and reason not in self._logged_faults:
            self._logged_faults.add(reason)
            log.error("the store can't answer: who asked is told so", reason=reason)

    def _fetch(self, effect: Fetch, now: int) -> Event:
        try:
            return effect.answer(self._store.fetch_committed(effect.query))
        except StoreError as error:
            self._log_fault(error)
            return Failed(now, effect.reply_to, "storage", str(error))

    def _begin_to_read(self, effect: Fetch) -> None:
        """Asks a long question, unless the session has ended since in this pass."""
        session = self._chat.state.sessions.get(effect.sid)
        if session is not None:
            self._long_reads.ask(effect.sid, session.address, effect.query, partial(self._read, effect))

    def _read(self, effect: Fetch, found: list[Any] | None, error: BaseException | None) -> None:
        """A long question is answered."""
        sid = effect.sid
        if found is not None:
            event = self._guard.run(sid, "fetch", effect.answer, found)
        elif isinstance(error, StoreError):
            self._log_fault(error)
            event = Failed(wall_clock.now(), effect.reply_to, "storage", str(error))
        else:
            assert error is not None
            self._guard.report(sid, "fetch", error)
            event = None
        if event is not None:
            self.add(sid, Reply(sid, event))
        self.add(sid, Resume(sid))

    def _abort(self, sid: int) -> int:
        self.add(sid, Abort(sid, "An error of the server."))
        return HANGS_UP

    # ---- passwords --------------------------------------------------------------------------------------------

    def _hash(self, effect: Hash) -> None:
        if effect.delay:
            self._loop.call_later(effect.delay / 1000, partial(self._submit, effect))
        else:
            self._submit(effect)

    def _submit(self, effect: Hash) -> None:
        sid = effect.sid
        work = partial(self._unless_gone, sid, effect.work)
        if not self._worker.submit(work, partial(self._hashed, sid), effect.turn):
            self._loop.call_soon(partial(self._not_hashed, sid))

    def _unless_gone(self, sid: int, work: Callable[[], Any]) -> Any:
        """In the worker: skips work that nobody waits for any more, or clients that come and go could keep it busy."""
        return work() if sid in self._chat.state.sessions else None

    def _hashed(self, sid: int, result: Any, error: BaseException | None) -> None:
        if isinstance(error, Dropped):
            self._not_hashed(sid)
            return
        request, context = self._hashing[sid]
        if error is not None:
            del self._hashing[sid]
            self._guard.report(sid, request, error)
            self._abort(sid)
            return
        try:
            effects: list[Effect] | None = self._chat.hashed(sid, result, self._now())
        except StoreBusy:
            self._hashed_early.append((sid, result))
            return
        except Exception as bug:  # noqa: BLE001  (as `Guard.run`, which knows nothing of a busy store)
            self._guard.report(sid, request, bug)
            effects = None
        del self._hashing[sid]
        if effects is None:
            self._abort(sid)
            return
        if context:
            effects = [Reply(sid, RequestContext(self._now(), request)), *effects]
        self._commits.open.add(sid, request, effects)
        self.add(sid, Resume(sid))

    def _not_hashed(self, sid: int) -> None:
        del self._hashing[sid]
        self._commits.open.add(sid, None, self._chat.not_hashed(sid, wall_clock.now()))
        self.add(sid, Resume(sid))

    # ---- time, settings, the end ------------------------------------------------------------------------------

    def _measure(self) -> None:
        """Tells the chat how much room the store has; if that can't be told, what was known goes on to hold."""
        self._chat.storage_fails(self._commits.failing)
        try:
            self._chat.measured(*self._store.measure())
        except StoreError as error:
            log.debug("the store can't be measured", reason=str(error))

    def _tick(self) -> None:
        self._measure()
        effects = self._guard.run(0, "tick", self._chat.tick, self._now())
        if effects:
            self._commits.open.add(0, None, effects)
        self._ticking = bool(self._chat.state.sessions) or self.holds
        if self._ticking:
            self._loop.call_later(_TICK, self._tick)

    def set_config(self, config: Config) -> None:
        """New settings hold from now on."""
        self._most_waiting = config.limits.commit_backlog
        self._commits.open.add(0, None, self._chat.set_config(config, wall_clock.now()))

    def _upkeep_is_due(self) -> None:
        self._upkeep_due = True

    def upkeep(self) -> None:
        """Does a bounded piece of the store's upkeep, if it is due. Call it when a pass has done everything else."""
        self._tidies()

    def _tidies(self) -> bool:
        """Begins with a piece of upkeep if it is due and nothing else is under way."""
        if not self._upkeep_due:
            return False
        work = partial(self._store.tidy, self._chat.context.steady_date())
        return self._commits.tidy(work, self._tidied)

    def _tidied(self, more: bool, error: StoreError | None) -> None:
        if error is not None:
            log.warning("upkeep of the store failed", reason=str(error))
        self._upkeep_due = False
        self._upkeep_planned = more
        if more:
            self._loop.call_later(_UPKEEP_PAUSE, self._upkeep_is_due)

    def stop(self, reason: str) -> None:
        """The server goes down: everyone is told, and each pass waits for its commit from now on."""
        self._commits.commit_here(self._now())
        self._commits.open.add(0, None, self._chat.stop(reason, wall_clock.now()))

    def close(self) -> None:
        """Commits the rest and closes the store."""
        self._worker.close()
        self._long_reads.close()
        self._commits.commit(wall_clock.now())
        if self._committer is not None:
            self._committer.close()
        self._store.close()


def _report_storage(reason: str | None) -> None:
    if reason is None:
        log.info("the store keeps again")
    else:
        log.error("the store can't keep: senders are told so, everything else goes on", reason=reason)
