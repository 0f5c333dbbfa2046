"""One pass's decisions: what the core wants done, gathered until the store has committed.

The store keeps a pass as a whole or not at all. If it can't, the core's changes are taken back and everyone whose
request needed the store is told so, while the rest of the pass (presence, reading) goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from evchat.core.effects import Effect, Hangup, Reply, Save
from evchat.core.records import Store, StoreError
from evchat.protocol.events import Failed


@dataclass(slots=True)
class _Group:
    """The effects of one request: their place in the list, and whether they hang on what was saved."""

    sid: int
    request_id: str | None
    start: int
    vital: bool


class Turn:
    """Gathers effects between two commits. `report` hears a failure's first reason, and None on recovery."""

    def __init__(self, store: Store, report: Callable[[str | None], None]) -> None:
        self._store = store
        self._report = report
        self._effects: list[Effect] = []
        self._groups: list[_Group] = []
        self._saves: list[Save] = []
        self.failing = False
        """Whether the last commit failed."""

    def add(self, sid: int, request_id: str | None, effects: Iterable[Effect]) -> None:
        """Takes in what the core answered to one request."""
        group = _Group(sid, request_id, len(self._effects), False)
        for effect in effects:
            if type(effect) is Save:
                group.vital |= effect.vital
                self._saves.append(effect)
                self._save(effect)
            else:
                self._effects.append(effect)
        self._groups.append(group)

    def _save(self, effect: Save) -> None:
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
    ends = [group.start for group in groups[1:]] + [len(effects)]
    for group, end in zip(groups, ends, strict=True):
        own = effects[group.start : end]
        if not group.vital:
            yield from own
            continue
        yield Reply(group.sid, Failed(now, group.request_id, "storage", reason))
        yield from (effect for effect in own if isinstance(effect, Hangup))
