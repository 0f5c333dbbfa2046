"""What a store offers to whoever commits in a thread of its own: how the two threads hand it over to each other."""

from __future__ import annotations

from typing import Protocol


class GroupCommit(Protocol):
    """A commit that another thread makes while the store's own goes on.

    `seal`, then `sync` in the other thread, then `unseal`. In between, what is saved belongs to the next group, and
    `Store.fetch` answers from what is committed, or raises StoreBusy if that is not enough to know. With `lend` and
    `Store.tidy` in place of the first two, the other thread does a piece of upkeep.
    """

    def seal(self) -> None:
        """Ends the group of what was saved so far. Raises StoreError: then nothing of it is kept, nor sealed."""

    def lend(self) -> bool:
        """Lets the other thread tidy; what was saved so far goes on waiting. False if it is half written."""

    def sync(self) -> None:
        """Makes the sealed group durable; it may take as long as the disk does. On StoreError nothing of it is kept."""

    def unseal(self, kept: bool) -> None:
        """The other thread is done. If nothing was kept, what was saved meanwhile is not either."""
