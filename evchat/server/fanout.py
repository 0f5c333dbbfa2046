"""Delivery of one event to many clients: encoded once per variant, and queued once for a whole pass.

What an audience means in clients is worked out once a topic, as a plan, and remembered until the topic comes with
another audience. While effects for one audience follow each other, their frames gather; then the members get them as
one bytes object that all queues share. Only a member that hears something else in between, mostly a sender its
own answers, is set apart and gets every frame by itself, so that each client's order is kept.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from evchat.core.audience import Audience
from evchat.dialects.base import Dialect
from evchat.protocol.base import Event
from evchat.server.client import Client

_MAX_PLANNED = 200_000
"""Receivers in all plans kept at once, some 5 MiB; a plan is made again in the time of a few deliveries."""

_MAX_DEPARTED = 100
"""Gone clients that plans may hold, and a quarter as many as there are clients."""


class _Group:
    """The members of an audience that hear the same bytes, and what has gathered for them."""

    __slots__ = ("apart", "dialect", "frames", "members")

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.members: dict[int, Client] = {}
        """By session id."""
        self.frames: list[bytes] = []
        self.apart: set[Client] = set()
        """The members that have got everything gathered so far, and get the rest frame by frame."""

    def set_apart(self, client: Client) -> None:
        """Queues what has gathered for one member, before it hears something that is for it alone."""
        if client not in self.apart:
            self.apart.add(client)
            client.connection.queue += self.frames

    def add(self, frame: bytes, but: Client | None) -> None:
        """Takes another frame for all members but one."""
        if but is not None:
            self.set_apart(but)
        for client in self.apart:
            if client is not but:
                client.connection.append(frame)
        self.frames.append(frame)

    def settle(self, dirty: set[Client]) -> None:
        """Queues what has gathered, as one piece that all members share."""
        frames, apart = self.frames, self.apart
        data = frames[0] if len(frames) == 1 else b"".join(frames)
        for client in self.members.values():
            if client not in apart:
                client.connection.append(data)
        dirty.update(self.members.values())
        frames.clear()
        apart.clear()


class _Plan:
    """The plan for an audience: a group of clients for each variant."""

    __slots__ = ("_by_variant", "audience", "groups", "of")

    def __init__(self, audience: Audience, clients: dict[int, Client]) -> None:
        self.audience = audience
        self._by_variant: dict[Hashable, _Group] = {}
        self.groups: list[_Group] = []
        self.of: dict[int, _Group] = {}
        """The groups by their members' session ids."""
        self._add(audience.sids, clients)

    def _add(self, sids: Iterable[int], clients: dict[int, Client]) -> None:
        for sid in sids:
            client = clients.get(sid)
            if client is not None:
                variant = client.dialect.variant
                group = self._by_variant.get(variant)
                if group is None:
                    group = self._by_variant[variant] = _Group(client.dialect)
                    self.groups.append(group)
                group.members[sid] = client
                self.of[sid] = group

    def follow(self, audience: Audience, clients: dict[int, Client]) -> None:
        """Takes over what has become of the audience. Mostly some have come, or one is gone; nothing may be gathered."""
        before, sids = self.audience.sids, audience.sids
        self.audience = audience
        if sids[: len(before)] == before:
            self._add(sids[len(before) :], clients)
            return
        for sid in self.of.keys() - set(sids):
            del self.of.pop(sid).members[sid]
        self._add([sid for sid in sids if sid not in self.of], clients)


class Fanout:
    """Queues events for `clients`. Those that have something to be flushed are added to `dirty`."""

    def __init__(self, clients: dict[int, Client], dirty: set[Client]) -> None:
        self._clients = clients
        self._dirty = dirty
        self._plans: dict[str, _Plan] = {}
        """By topic."""
        self._planned = 0
        """The number of receivers in all plans."""
        self._departed = 0
        """How many clients have gone since all plans were dropped."""
        self._open: _Plan | None = None
        """The plan for which frames gather."""

    def forget(self) -> None:
        """Drops all plans, because a client that may be in an audience hears another dialect now."""
        self.settle()
        self._drop_plans()

    def _drop_plans(self) -> None:
        self._plans.clear()
        self._planned = self._departed = 0

    def departed(self) -> None:
        """A client is gone. The audiences that it was in change, and the plans with them when they are used again.

        So that those that never are do not keep the gone in memory, all are dropped when these are many.
        """
        self._departed += 1
        if self._departed > _MAX_DEPARTED and self._departed > len(self._clients) // 4:
            self.forget()

    def settle(self) -> None:
        """Queues what has gathered; to be called before the flush."""
        if self._open is not None:
            for group in self._open.groups:
                if group.frames:
                    group.settle(self._dirty)
            self._open = None

    def deliver(self, event: Event, audience: Audience, but: int | None) -> None:
        """Queues `event` for everyone in `audience` but session `but`."""
        plan = self._open
        if plan is None or plan.audience is not audience:
            if not audience.sids:
                return
            self.settle()
            plan = self._plans.get(audience.topic)
            if plan is None or plan.audience is not audience:
                plan = self._plan(audience, plan)
            self._open = plan
        apart = plan.of.get(but) if but is not None else None
        for group in plan.groups:
            frame = group.dialect.encode(event)
            if frame:
                group.add(frame, group.members[but] if group is apart and but is not None else None)

    def _plan(self, audience: Audience, plan: _Plan | None) -> _Plan:
        """A plan for an audience, out of its topic's present one where there is one."""
        if not audience.topic:  # what was picked for one event never comes again
            return _Plan(audience, self._clients)
        if self._planned > _MAX_PLANNED:
            self._drop_plans()
            plan = None
        if plan is None:
            plan = self._plans[audience.topic] = _Plan(audience, self._clients)
            self._planned += _size(plan)
        else:
            self._planned -= _size(plan)
            plan.follow(audience, self._clients)
            self._planned += _size(plan)
        return plan

    def tell(self, client: Client, event: Event) -> None:
        """Queues `event` for one client, behind everything delivered to it before."""
        frame = client.dialect.answer(event)
        if frame:
            self.write(client, frame)

    def write(self, client: Client, frame: bytes) -> None:
        """Queues a frame, not an empty one, for one client, behind everything delivered to it before."""
        if self._open is not None:
            group = self._open.of.get(client.sid)
            if group is not None and group.frames:
                group.set_apart(client)
        client.connection.append(frame)
        self._dirty.add(client)


def _size(plan: _Plan) -> int:
    """What a plan counts among all that are kept: its receivers, and some for itself."""
    return 8 + len(plan.audience.sids)
