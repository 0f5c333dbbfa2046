"""Commits: what was decided is durable before anybody hears of it, and nobody waits for the disk but who must.

Decisions gather in a transaction. While one is being committed, in a thread that waits for the disk, the core goes on
deciding, and the next one gathers behind it. If the store can't keep one, the core's changes are undone, newest first,
those of the one behind it too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evchat.core.effects import Effect
from evchat.core.store import Store, StoreError
from evchat.server.committer import Committer
from evchat.server.deliveries import Delivery
from evchat.server.transaction import Transaction, without_vital


class Commits:
    """Holds effects back until all that was decided before them is durable.

    `report` hears a failure's first reason, and None on recovery. `take_back` has the core undo its own changes that
    came with effects which could not be kept. Without a `committer` a commit ends where it begins.
    """

    def __init__(
        self,
        store: Store,
        report: Callable[[str | None], None],
        take_back: Callable[[Sequence[Effect | Delivery]], None],
        committer: Committer | None = None,
    ) -> None:
        self._store = store
        self._report = report
        self._take_back = take_back
        self._committer = committer
        self.open = Transaction(store)
        """What is decided now."""
        self._sealed: Transaction | None = None
        """What the committer is making durable; without decisions while it tidies."""
        self._tidied: Callable[[bool, StoreError | None], None] | None = None
        """Who hears what becomes of that."""
        self._ready: list[Transaction] = []
        """What is durable, in order."""
        self._alone = Transaction(store)
        """What hangs on nothing."""
        self.failing = False
        """Whether the last commit failed."""
        self.failures = 0
        """How many commits have failed."""

    def alone(self, sid: int) -> Transaction:
        """Where to add what tells a session something that hangs on nothing but its own request.

        That waits for no commit, unless something that was decided for the same session does: its answers keep their
        order.
        """
        return self.open if self._committer is None or self.waits(sid) else self._alone

    def waits(self, sid: int) -> bool:
        """Whether anything that was decided for a session is still to be carried out."""
        sealed = self._sealed
        return (
            (sealed is not None and sealed.holds(sid))
            or self.open.holds(sid)
            or any(transaction.holds(sid) for transaction in self._ready)
        )

    @property
    def is_under_way(self) -> bool:
        """Whether the committer is at work."""
        return self._sealed is not None

    @property
    def waiting(self) -> int:
        """How many decisions wait behind a commit."""
        return len(self.open.decisions) if self._sealed is not None else 0

    def begin(self, now: int) -> None:
        """Begins to commit the open transaction, unless a commit is under way or there is nothing to commit."""
        if self._sealed is not None or not self.open.saved:
            return
        transaction, self.open = self.open, Transaction(self._store)
        try:
            if self._committer is not None:
                self._committer.begin()
                self._sealed = transaction
            else:
                self._store.commit()
                self._keep(transaction)
        except StoreError as error:
            self._lose(transaction, error, now)

    def end(self, now: int, *, wait: bool = False) -> bool:
        """Learns how the commit under way has ended; False if it has not, or if there was none."""
        transaction, committer = self._sealed, self._committer
        outcome = committer.outcome(wait=wait) if committer is not None and transaction is not None else None
        if transaction is None or outcome is None:
            return False
        self._sealed = None
        more, error = outcome
        if self._tidied is not None:
            tidied, self._tidied = self._tidied, None
            tidied(more, error)
        elif error is None:
            self._keep(transaction)
        else:
            self._lose(transaction, error, now)
        return True

    def take(self) -> tuple[list[Effect | Delivery], int]:
        """The effects that can be carried out now, in order, and the flags of them all."""
        ready, self._ready = self._ready, []
        held_back = self.open.saved or (self._sealed is not None and self._sealed.decisions)
        if self.open.decisions and not held_back:
            ready.append(self.open)
            self.open = Transaction(self._store)
        if self._alone.decisions:
            ready.insert(0, self._alone)  # nothing of their sessions is older
            self._alone = Transaction(self._store)
        if len(ready) == 1:
            return ready[0].effects, ready[0].flags
        flags = 0
        for transaction in ready:
            flags |= transaction.flags
        return [effect for transaction in ready for effect in transaction.effects], flags

    def commit(self, now: int) -> list[Effect | Delivery]:
        """Commits all that was decided and waits for it. Returns the effects to carry out."""
        self.commit_here(now)
        self.begin(now)
        return self.take()[0]

    def commit_here(self, now: int) -> None:
        """Waits for the commit under way, and from now on for each where it begins."""
        self.end(now, wait=True)
        self._committer = None

    def tidy(self, work: Callable[[], bool], tidied: Callable[[bool, StoreError | None], None]) -> bool:
        """Has upkeep done where commits are made. False: not now. `tidied` hears what `work` returned or raised."""
        if self._sealed is not None:
            return False
        if self._committer is not None:
            if not self._committer.begin_to_tidy(work):
                return False
            self._sealed, self._tidied = Transaction(self._store), tidied
            return True
        try:
            tidied(work(), None)
        except StoreError as error:
            tidied(False, error)
        return True

    def _keep(self, transaction: Transaction) -> None:
        self._ready.append(transaction)
        if self.failing:
            self._report(None)
            self.failing = False

    def _lose(self, transaction: Transaction, error: StoreError, now: int) -> None:
        """Takes a transaction back that could not be kept, and before it what was decided on top of it."""
        self.failures += 1
        transaction.decisions += self.open.decisions
        transaction.flags |= self.open.flags
        self.open = Transaction(self._store)
        for _, _, decided in reversed(transaction.decisions):
            self._take_back(decided)
        if not self.failing:
            self._report(str(error))
        self.failing = True
        transaction.effects = list(without_vital(transaction.decisions, str(error), now))
        self._ready.append(transaction)
