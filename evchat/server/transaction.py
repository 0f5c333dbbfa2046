"""The transaction of a pass: what the core wants done, gathered until the store has committed.

The store keeps a pass as a whole or not at all. If it can't, the core's changes are undone and everyone whose
request needed the store is told so, while the rest of the pass (presence, reading) goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from evchat.core.effects import Broadcast, Effect, Fetch, Hangup, Hash, Log, Reply, Save
from evchat.core.records import Store, StoreError
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

_Group = tuple[int, Request | None, int, bool]
"""A request and its session, where its effects begin in the list, and whether they hang on what was saved."""


class Transaction:
    """Gathers effects between two commits. `report` hears a failure's first reason, and None on recovery."""

    def __init__(self, store: Store, report: Callable[[str | None], None]) -> None:
        self._store = store
        self._report = report
        self._effects: list[Effect | Delivery] = []
        self._groups: list[_Group] = []
        self._saves: list[Save] = []
        self.failing = False
        """Whether the last commit failed."""

    def add(self, sid: int, request: Request | None, effects: Iterable[Effect | Delivery]) -> int:
        """Takes in the core's effects, from a request or of its own. Returns flags for the kinds among them."""
        start = len(self._effects)
        vital = False
        flags = 0
        for effect in effects:
            kind = type(effect)
            if kind is Save:
                vital |= effect.vital  # type: ignore[union-attr]
                self._save(effect)  # type: ignore[arg-type]
                continue
            self._effects.append(effect)
            if kind is Reply or kind is Broadcast:
                continue
            if isinstance(effect, Fetch):
                flags |= READS if effect.query.long else FETCHES
            elif isinstance(effect, Hangup):
                flags |= HANGS_UP if effect.sid == sid else 0  # who puts out somebody else goes on
            else:
                flags |= _FLAGS.get(kind, 0)
        self._groups.append((sid, request, start, vital))
        return flags

    def _save(self, effect: Save) -> None:
        self._saves.append(effect)
        try:
            self._store.save(effect.record)
        except StoreError:
            pass  # the commit of this pass raises it again

    def commit(self, now: int) -> list[Effect | Delivery]:
        """Makes the pass durable and returns the effects to carry out: all, or those that a failed commit leaves."""
        effects, groups, saves = self._effects, self._groups, self._saves
        self._effects, self._groups, self._saves = [], [], []
        if not saves:
            return effects
        try:
            self._store.commit()
        except StoreError as error:
            for save in reversed(saves):
                if save.undo is not None:
                    save.undo()
            if not self.failing:
                self._report(str(error))
            self.failing = True
            return list(_without_vital(effects, groups, str(error), now))
        if self.failing:
            self._report(None)
            self.failing = False
        return effects


def _without_vital(
    effects: list[Effect | Delivery], groups: list[_Group], reason: str, now: int
) -> Iterable[Effect | Delivery]:
    ends = [start for _, _, start, _ in groups[1:]] + [len(effects)]
    for (sid, request, start, vital), end in zip(groups, ends, strict=True):
        own = effects[start:end]
        if not vital:
            yield from own
            continue
        request_id = None if request is None else request.id
        yield Reply(sid, Failed(now, request_id, "storage", reason, request=request))
        # A user who wanted to leave leaves; a user whom the request would have disconnected stays.
        yield from (effect for effect in own if isinstance(effect, Hangup) and effect.sid == sid)
