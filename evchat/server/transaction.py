"""A transaction: what the core wants done, held back until the store has committed all of it, or nothing.

If the store can't, everyone whose request needed it is told so, while the rest (presence, reading) goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from evchat.core.effects import Broadcast, Effect, Fetch, Hangup, Hash, Log, Post, Reply, Save
from evchat.core.records import Record
from evchat.core.store import Store, StoreError
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
PUTS_OFF: Final = 32
"""Nothing was decided: the request is to be made again when the commit under way has ended."""

_FLAGS: Final = {Hash: HASHES, Log: LOGS}

Decision = tuple[int, Request | None, Sequence[Effect | Delivery]]
"""A session, what it asked for, and what the core wants done for it."""


class Transaction:
    """Decisions that the `store` keeps or loses together."""

    __slots__ = ("_counted", "_sids", "_store", "decisions", "effects", "flags", "saved")

    def __init__(self, store: Store) -> None:
        self._store = store
        self.decisions: list[Decision] = []
        self.effects: list[Effect | Delivery] = []
        """Their effects that are carried out after the commit."""
        self.flags = 0
        self.saved = False
        """Whether there is anything to commit."""
        self._sids: set[int] = set()
        self._counted = 0

    def add(self, sid: int, request: Request | None, effects: Iterable[Effect | Delivery]) -> int:
        """Takes in the core's effects, from a request or of its own. Returns flags for the kinds among them."""
        decided = effects if type(effects) is list else list(effects)
        self.decisions.append((sid, request, decided))
        flags = 0
        for effect in decided:
            if type(effect) is Post:
                self.effects.append(effect)
                if effect.said.seq:  # as `_save`: without a call, because this is by far what is done most
                    self.saved = True
                    try:
                        self._store.save(effect.said)
                    except StoreError:
                        pass
                continue
            if type(effect) is Save:
                self._save(effect.record)
                continue
            self.effects.append(effect)
            if type(effect) is Reply or type(effect) is Broadcast:
                continue
            if isinstance(effect, Fetch):
                flags |= READS if effect.query.long else FETCHES
            elif isinstance(effect, Hangup):
                flags |= HANGS_UP if effect.sid == sid else 0  # who puts out somebody else goes on
            else:
                flags |= _FLAGS.get(type(effect), 0)
        self.flags |= flags
        return flags

    def _save(self, record: Record) -> None:
        self.saved = True
        try:
            self._store.save(record)
        except StoreError:
            pass  # the commit raises it again

    def holds(self, sid: int) -> bool:
        """Whether any decision is of that session."""
        self._sids.update(decision[0] for decision in islice(self.decisions, self._counted, None))
        self._counted = len(self.decisions)
        return sid in self._sids


def without_vital(decisions: Iterable[Decision], reason: str, now: int) -> Iterable[Effect | Delivery]:
    """What is carried out of decisions that could not be kept, for a reason: errors, and what needed no keeping."""
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
