"""Delivery of one event to many clients: encoded once per variant, and queued once for a whole pass.

What an audience means in clients is worked out once a topic, as a plan, and remembered until the topic comes with
another audience: a group for each variant. During a pass the frames for a group gather in it; at the end its members
get them as one bytes object that all their queues share. For a client frames gather in one group at a time: before they
do in another, the first is settled. What is for one client alone, mostly a sender's own answers, goes straight to its
queue, behind what has gathered for it so far. So each client's order is kept.
"""

from __future__ import annotations

from collections.abc import Hashable

from evchat.core.audience import Audience
from evchat.dialects.base import Dialect
from evchat.protocol.base import Event
from evchat.server.client import Client

_MAX_PLANNED = 200_000
"""Receivers in all plans kept at once, some 5 MiB; a plan is made again in the time of a few deliveries."""


class _Group:
    """The members of an audience that hear the same bytes, and what has gathered for them."""

    __slots__ = ("ahead", "dialect", "frames", "members")

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.members: dict[Client, list[bytes]] = {}
        """The members and their queues."""
        self.frames: list[bytes] = []
        self.ahead: dict[Client, int] = {}
        """The members that have got some of the frames, or must not get one: from which on they still get them."""

    def give(self, client: Client, *, but_next: bool = False) -> None:
        """Queues for a member what has gathered for it so far; `but_next`, it does not get the next frame."""
        frames, ahead = self.frames, self.ahead
        self.members[client] += frames[ahead.get(client, 0) :]
        ahead[client] = len(frames) + but_next

    def settle(self) -> None:
        """Queues what has gathered, as one piece that all members share."""
        frames, ahead = self.frames, self.ahead
        data = frames[0] if len(frames) == 1 else b"".join(frames)
        for queue in self.members.values():
            queue.append(data)
        for client, start in ahead.items():
            self.members[client][-1:] = frames[start:]
        ahead.clear()
        frames.clear()


class _Plan:
    """The plan for an audience: a group of clients for each variant."""

    __slots__ = ("audience", "groups")

    def __init__(self, audience: Audience, clients: dict[int, Client]) -> None:
        self.audience = audience
        groups: dict[Hashable, _Group] = {}
        for sid in audience.sids:
            client = clients.get(sid)
            if client is not None:
                variant = client.dialect.variant
                group = groups.get(variant)
                if group is None:
                    group = groups[variant] = _Group(client.dialect)
                group.members[client] = client.connection.queue
        self.groups = list(groups.values())


class Fanout:
    """Queues events for `clients`. Those that have something to be flushed are added to `dirty`."""

    def __init__(self, clients: dict[int, Client], dirty: set[Client]) -> None:
        self._clients = clients
        self._dirty = dirty
        self._plans: dict[str, _Plan] = {}
        """By topic."""
        self._planned = 0
        """The number of receivers in all plans."""
        self._gathering: dict[Client, _Group] = {}
        """In which group frames gather for a client, if they do."""
        self._open: list[_Group] = []
        """The groups in which frames gather, and some that were settled since."""

    def forget(self) -> None:
        """Drops all plans, because a client has connected, disconnected or changed its dialect."""
        self.settle()
        self._plans.clear()
        self._planned = 0

    def settle(self) -> None:
        """Queues what has gathered; to be called before the flush."""
        for group in self._open:
            if group.frames:
                group.settle()
                self._dirty.update(group.members)
        self._open.clear()
        self._gathering.clear()

    def deliver(self, event: Event, audience: Audience, but: int | None) -> None:
        """Queues `event` for everyone in `audience` but session `but`."""
        if len(audience.sids) == 1:
            self._deliver_to_one(event, audience.sids[0], but)
            return
        plan = self._plans.get(audience.topic)
        if plan is None or plan.audience is not audience:
            plan = self._make_plan(audience)
        skipped = self._clients.get(but) if but is not None else None
        for group in plan.groups:
            frame = group.dialect.encode(event)
            if frame:
                if not group.frames:
                    self._gather(group)
                if skipped is not None and skipped in group.members:
                    group.give(skipped, but_next=True)
                group.frames.append(frame)

    def _deliver_to_one(self, event: Event, sid: int, but: int | None) -> None:
        client = self._clients.get(sid) if sid != but else None
        if client is not None:
            frame = client.dialect.encode(event)
            if frame:
                self.write(client, frame)

    def _gather(self, group: _Group) -> None:
        """Lets frames gather in a group from now on, and nowhere else for its members."""
        gathering = self._gathering
        if not gathering.keys().isdisjoint(group.members):
            for other in {gathering[client] for client in group.members if client in gathering}:
                other.settle()
                self._dirty.update(other.members)
                for client in other.members:
                    del gathering[client]
        gathering.update(dict.fromkeys(group.members, group))
        self._open.append(group)

    def _make_plan(self, audience: Audience) -> _Plan:
        plan = _Plan(audience, self._clients)
        if audience.topic:  # what was picked for one event never comes again
            if self._planned > _MAX_PLANNED:
                self._plans.clear()
                self._planned = 0
            old = self._plans.get(audience.topic)
            self._planned += _size(plan) - (_size(old) if old is not None else 0)
            self._plans[audience.topic] = plan
        return plan

    def tell(self, client: Client, event: Event) -> None:
        """Queues `event` for one client, behind everything delivered to it before."""
        frame = client.dialect.answer(event)
        if frame:
            self.write(client, frame)

    def write(self, client: Client, frame: bytes) -> None:
        """Queues a frame, not an empty one, for one client, behind everything delivered to it before."""
        group = self._gathering.get(client)
        if group is not None:
            group.give(client)
        client.connection.queue.append(frame)
        self._dirty.add(client)


def _size(plan: _Plan) -> int:
    """What a plan counts among all that are kept: its receivers, and some for itself."""
    return 8 + len(plan.audience.sids)
