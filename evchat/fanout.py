"""Delivery of one event to many peers: encoded once per variant, appended to every queue.

An audience of the core is an immutable tuple that stays the same object as long as nobody comes or goes. What it means
in peers is worked out once and remembered, so that a message to a channel costs little more than one list append a
receiver.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable

from evchat.dialects.base import Dialect
from evchat.peer import Peer
from evchat.protocol.events import Event

_MOST_PLANNED = 200_000
"""Receivers in all plans remembered at once, some 5 MiB; a plan is made again in the time of a few deliveries."""


class _Plan:
    """An audience by variants: one dialect that encodes for all, the queues' appends, and the peers."""

    __slots__ = ("audience", "groups", "sids")

    def __init__(self, audience: Collection[int], peers: dict[int, Peer]) -> None:
        self.audience = audience
        """Kept so that the id under which the plan is remembered can't be reused."""
        groups: dict[Hashable, tuple[Dialect, list[Callable[[bytes], None]], list[Peer]]] = {}
        for sid in audience:
            peer = peers.get(sid)
            if peer is not None:
                dialect = peer.dialect
                _, appends, members = groups.setdefault(dialect.variant, (dialect, [], []))
                appends.append(peer.connection.append)
                members.append(peer)
        self.groups = list(groups.values())
        self.sids = frozenset(audience)


class Fanout:
    """Delivers to audiences. `dirty` is where peers that owe bytes are noted."""

    def __init__(self, peers: dict[int, Peer], dirty: set[Peer]) -> None:
        self._peers = peers
        self._dirty = dirty
        self._plans: dict[int, _Plan] = {}
        self._planned = 0
        self._noted: set[int] = set()

    def forget(self) -> None:
        """A peer has come, gone or changed its dialect: nothing worked out before holds any more."""
        self._plans.clear()
        self._planned = 0
        self._noted.clear()

    def flushed(self) -> None:
        """The dirty peers were flushed: every audience is to be noted again."""
        self._noted.clear()

    def deliver(self, event: Event, audience: Collection[int], but: int | None) -> None:
        """Queues `event` for everyone in `audience` but session `but`."""
        if not audience:
            return
        plan = self._plans.get(id(audience))
        if plan is None:
            if self._planned > _MOST_PLANNED:
                self.forget()
            self._planned += 8 + len(audience)
            plan = self._plans[id(audience)] = _Plan(audience, self._peers)
        spared = self._peers.get(but) if but is not None and but in plan.sids else None
        for dialect, appends, _ in plan.groups:
            frame = dialect.encode(event)
            if not frame:
                continue
            for append in appends:
                append(frame)
            if spared is not None and spared.dialect.variant == dialect.variant:
                spared.connection.queue.pop()
        if id(audience) not in self._noted:
            self._noted.add(id(audience))
            for _, _, members in plan.groups:
                self._dirty.update(members)
