"""One pass's decisions: what the core wants done, gathered until the store has committed.

The store keeps a pass as a whole or not at all. If it can't, the core's changes are taken back and everyone whose
request needed the store is told so, while the rest of the pass (presence, reading) goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from evchat.core.effects import Effect, Fetch, Hangup, Reply, Save
from evchat.core.records import Store, StoreError
from evchat.protocol.base import Request
from evchat.protocol.basics import Failed

_Group = tuple[int, Request | None, int, bool]
"""A request and its session, where its effects begin in the list, and whether they hang on what was saved."""


class Transaction:
    """Gathers effects between two commits. `report` hears a failure's first reason, and None on recovery."""

    def __init__(self, store: Store, report: Callable[[str | None], None]) -> None:
        self._store = store
        self._report = report
        self._effects: list[Effect] = []
        self._groups: list[_Group] = []
        self._saves: list[Save] = []
        self.failing = False
        """Whether the last commit failed."""

    def add(self, sid: int, request: Request | None, effects: Iterable[Effect]) -> bool:
        """Takes in what the core answered to a request, or did of itself; True if something is to be fetched for it."""
        start = len(self._effects)
        vital = fetches = False
        for effect in effects:
            kind = type(effect)
            if kind is Save:
                vital |= effect.vital  # type: ignore[union-attr]
                self._save(effect)  # type: ignore[arg-type]
            else:
                fetches |= kind is Fetch
                self._effects.append(effect)
        self._groups.append((sid, request, start, vital))
        return fetches

    def _save(self, effect: Save) -> None:
        self._saves.append(effect)
        try:
            self._store.save(effect.record)
        except StoreError:
            pass  # the commit of this pass raises it again

    def commit(self, now: int) -> list[Effect]:
        """Makes the pass durable and returns what is to be done now: everything, or what a failed commit leaves."""
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


def _without_vital(effects: list[Effect], groups: list[_Group], reason: str, now: int) -> Iterable[Effect]:
    ends = [start for _, _, start, _ in groups[1:]] + [len(effects)]
    for (sid, request, start, vital), end in zip(groups, ends, strict=True):
        own = effects[start:end]
        if not vital:
            yield from own
            continue
        request_id = None if request is None else request.id
        yield Reply(sid, Failed(now, request_id, "storage", reason, request=request))
        # Who wanted to go goes; whom the request would have put out stays.
        yield from (effect for effect in own if isinstance(effect, Hangup) and effect.sid == sid)
