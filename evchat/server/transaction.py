"""The transaction of a pass: what the core wants done, gathered until the store has committed.

The store keeps a pass as a whole or not at all. If it can't, the core's changes are undone and everyone whose
request needed the store is told so, while the rest of the pass (presence, reading) goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from evchat.core.effects import Broadcast, Effect, Fetch, Hangup, Hash, Log, Post, Reply, Save
from evchat.core.records import Record, Store, StoreError
from evchat.protocol.base import Request
from evchat.protocol.basics import Failed
from evchat.server.deliveries import Delivery

# What `add` tells about the effects that it took in: a sum of these, mostly 0.
FETCHES: Final = 1
"""Something is to be fetched, so an answer of unknown size is to come."""
HASHES: Final = 2
"""A password goes to the worker."""
HANGS_UP: Final = 4
"""The session itself is to end."""
LOGS: Final = 8
"""A line is to be written to the log."""
READS: Final = 16
"""A long query has to be asked, whose answer arrives in a later pass."""

_FLAGS: Final = {Hash: HASHES, Log: LOGS}

_Decision = tuple[int, Request | None, Sequence[Effect | Delivery]]
"""A session, what it asked for, and what the core wants done for it."""


class Transaction:
    """Gathers effects between two commits. `report` hears a failure's first reason, and None on recovery.

    `take_back` has the core undo its own changes that came with effects which could not be kept.
    """

    def __init__(
        self,
        store: Store,
        report: Callable[[str | None], None],
        take_back: Callable[[Sequence[Effect | Delivery]], None],
    ) -> None:
        self._store = store
        self._report = report
        self._take_back = take_back
        self._decisions: list[_Decision] = []
        self._effects: list[Effect | Delivery] = []
        """Their effects that are carried out after the commit."""
        self._saved = False
        """Whether there is anything to commit."""
        self.failing = False
        """Whether the last commit failed."""

    def add(self, sid: int, request: Request | None, effects: Iterable[Effect | Delivery]) -> int:
        """Takes in the core's effects, from a request or of its own. Returns flags for the kinds among them."""
        decided = effects if type(effects) is list else list(effects)
        self._decisions.append((sid, request, decided))
        flags = 0
        for effect in decided:
            if isinstance(effect, Save):
                self._save(effect.record)
                continue
            self._effects.append(effect)
            if isinstance(effect, Post):
                if effect.said.seq:
                    self._save(effect.said)
            elif isinstance(effect, Reply | Broadcast):
                continue
            elif isinstance(effect, Fetch):
                flags |= READS if effect.query.long else FETCHES
            elif isinstance(effect, Hangup):
                flags |= HANGS_UP if effect.sid == sid else 0  # who puts out somebody else goes on
            else:
                flags |= _FLAGS.get(type(effect), 0)
        return flags

    def _save(self, record: Record) -> None:
        self._saved = True
        try:
            self._store.save(record)
        except StoreError:
            pass  # the commit of this pass raises it again

    def commit(self, now: int) -> list[Effect | Delivery]:
        """Makes the pass durable and returns the effects to carry out: all, or those that a failed commit leaves."""
        effects, decisions = self._effects, self._decisions
        self._effects, self._decisions = [], []
        if not self._saved:
            return effects
        self._saved = False
        try:
            self._store.commit()
        except StoreError as error:
            for _, _, decided in reversed(decisions):
                self._take_back(decided)
            if not self.failing:
                self._report(str(error))
            self.failing = True
            return list(_without_vital(decisions, str(error), now))
        if self.failing:
            self._report(None)
            self.failing = False
        return effects


def _without_vital(decisions: list[_Decision], reason: str, now: int) -> Iterable[Effect | Delivery]:
    for sid, request, effects in decisions:
        if any(map(_is_vital, effects)):
            request_id = None if request is None else request.id
            yield Reply(sid, Failed(now, request_id, "storage", reason, request=request))
            # A user who wanted to leave leaves; a user whom the request would have disconnected stays.
            yield from (effect for effect in effects if isinstance(effect, Hangup) and effect.sid == sid)
        else:
            yield from (effect for effect in effects if not isinstance(effect, Save))


def _is_vital(effect: Effect | Delivery) -> bool:
    """Whether a request has failed if this could not be kept."""
    return effect.vital if isinstance(effect, Save) else isinstance(effect, Post) and effect.said.seq > 0
