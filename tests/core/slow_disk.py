"""A disk whose commits end when a test says so, and people who go on talking meanwhile."""

from __future__ import annotations

from typing import Any

from evchat.core import records as rec
from evchat.core.effects import Effect, Fetch
from evchat.core.query import Query
from evchat.core.store import StoreBusy, StoreError
from evchat.protocol.base import Event, Request
from evchat.server.commits import Commits
from evchat.server.deliveries import Delivery
from evchat.storage.memory import MemoryStore
from tests.cheap_passwords import cheap_passwords
from tests.core.playbook import Disk, Playbook, snapshot


class SlowDisk(Disk):
    """A disk and its own committer. While a commit is under way it answers no question of the core if it is `shy`."""

    def __init__(self, *, shy: bool) -> None:
        super().__init__()
        self.shy = shy
        self._sealed: list[rec.Record] | None = None
        self._outcome: tuple[bool, StoreError | None] | None = None

    @property
    def is_committing(self) -> bool:
        return self._sealed is not None and self._outcome is None

    def fetch(self, query: Query[Any]) -> list[Any]:
        if self.shy and self._sealed is not None:
            raise StoreBusy("Not now.")
        return super().fetch(query)

    def fetch_committed(self, query: Query[Any]) -> list[Any]:
        store = MemoryStore()
        for record in self._kept:
            store.save(record)
        return store.fetch(query)

    def begin(self) -> None:
        if self.full:
            self.fail_to_commit()
            raise StoreError("The disk is full.")
        self._sealed, self._saved = self._saved, []

    def end(self, *, fails: bool) -> None:
        self._outcome = False, StoreError("The disk is full.") if fails else None

    def outcome(self, *, wait: bool = False) -> tuple[bool, StoreError | None] | None:
        """As the committer's."""
        if self._outcome is None and wait:
            self.end(fails=False)
        outcome, self._outcome = self._outcome, None
        if outcome is not None:
            assert self._sealed is not None
            if outcome[1] is None:
                self._kept += self._sealed
            else:
                self.fail_to_commit()
            self._sealed = None
        return outcome


class SlowPlay(Playbook):
    """A play on a slow disk: `begin` and `end` of a commit are steps of it, and requests may come in between.

    What the disk can't answer meanwhile is asked again, in order, when the commit has ended.
    """

    def __init__(self, *, shy: bool, **given: Any) -> None:
        self.slow = SlowDisk(shy=shy)
        self._put_off: list[tuple[str, Request]] = []
        self.decided: list[tuple[str, Request]] = []
        """Who has asked for what, in the order in which it was decided."""
        super().__init__(disk=self.slow, deferred=True, **given)
        self._commits = Commits(self.slow, lambda _: None, self.chat.take_back, self.slow)  # type: ignore[arg-type]

    def decide(self, who: str, request: Request) -> list[Effect]:
        if any(who == other for other, _ in self._put_off):
            self._put_off.append((who, request))
            return []
        before = _all_but_what_was_read(self)
        try:
            effects = super().decide(who, request)
            self.decided.append((who, request))
            return effects
        except StoreBusy:
            assert _all_but_what_was_read(self) == before, "what has to be asked again has changed nothing"
            self._put_off.append((who, request))
            return []

    def decide_hashes(self) -> None:
        waiting, self.hashes = self.hashes, []
        for effect in waiting:
            with cheap_passwords():
                result = effect.work()
            try:
                effects = self.chat.hashed(effect.sid, result, self.now)
            except StoreBusy:
                self.hashes.append(effect)
                continue
            self._gather(effect.sid, self._hashing.pop(effect.sid), effects)

    def begin(self, *, fails: bool = False) -> None:
        """A pass ends: what was decided begins to be committed, if nothing is, and what is durable is told."""
        self.slow.full = fails
        self._commits.begin(self.now)
        self.slow.full = False
        effects, _ = self._commits.take()
        for effect in effects:
            self._carry_out(effect)

    def end(self, *, fails: bool = False) -> None:
        """The commit under way ends, well or not, and what was put off is asked for again."""
        if self.slow.is_committing:
            self.slow.end(fails=fails)
            assert self._commits.end(self.now)
        put_off, self._put_off = self._put_off, []
        for who, request in put_off:
            if self.sid(who) in self.chat.state.sessions and self.sid(who) not in self.hung_up:
                self.decide(who, request)
        assert not self._put_off

    def commit(self, *, fails: bool = False) -> None:
        """All commits end, the last one well or not."""
        self.end()
        self.begin()
        self.end(fails=fails)
        self.begin()
        self.end()

    def hear_all(self) -> list[Event]:
        """All that anybody has ever heard."""
        return [event for events in self.heard.values() for event in events]

    def _carry_out(self, effect: Effect | Delivery) -> None:
        if isinstance(effect, Fetch):
            self._hear(effect.sid, effect.answer(self.slow.fetch_committed(effect.query)))
        else:
            super()._carry_out(effect)


def _all_but_what_was_read(play: Playbook) -> dict[str, Any]:
    return {key: value for key, value in snapshot(play.chat).items() if key not in ("heads", "wrong")}
