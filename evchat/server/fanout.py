"""Delivery of one event to many clients: encoded once per variant, and queued once for a whole pass.

What an audience means in clients is worked out once a topic, as a plan, and remembered until the topic comes with
another audience. During a pass the frames for an audience gather; at the end its members get them as one bytes object
that all their queues share. For a client they gather in one place at a time: before they do in another, the first is
settled. What is for one client alone, mostly a sender's own answers, goes straight to its queue, behind what has
gathered for it so far. So each client's order is kept.
"""

from __future__ import annotations

from evchat.core.audience import Audience
from evchat.protocol.base import Event
from evchat.server.client import Client
from evchat.server.fanout_plan import UNHURRIED, Group, Plan

_MAX_PLANNED = 200_000
"""Receivers in all plans kept at once, some 5 MiB; a plan is made again in the time of a few deliveries."""

_MAX_DEPARTED = 100
"""Gone clients that plans may hold, and a quarter as many as there are clients."""


class Fanout:
    """Queues events for `clients`. Those that have something to be flushed are added to `dirty`."""

    def __init__(self, clients: dict[int, Client], dirty: set[Client]) -> None:
        self._clients = clients
        self._dirty = dirty
        self.unhurried: dict[Client, None] = {}
        """Those that have nothing new but who came and went: it may wait a little. Who has waited longest is first."""
        self._plans: dict[str, Plan] = {}
        """By topic."""
        self._planned = 0
        """The number of receivers in all plans."""
        self._departed = 0
        """How many clients have gone since all plans were dropped."""
        self._gathering: dict[int, Group] = {}
        """Where frames gather for a client, if they do, by its session id."""
        self._open: list[Group] = []
        """Where frames gather at all, and what was settled since."""

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
        for group in self._open:
            if group.frames:
                group.settle(self._dirty, self.unhurried)
        self._open.clear()
        self._gathering.clear()

    def deliver(self, event: Event, audience: Audience, but: int | None) -> None:
        """Queues `event` for everyone in `audience` but session `but`."""
        if len(audience.sids) == 1:
            self._deliver_to_one(event, audience.sids[0], but)
            return
        plan = self._plans.get(audience.topic)
        if plan is None or plan.audience is not audience:
            plan = self._plan(audience, plan)
        hurried = type(event) not in UNHURRIED
        for group in plan.groups:
            frame = group.dialect.encode(event)
            if frame:
                if not group.frames:
                    self._gather(group)
                if but in group.members:
                    group.give(but, True)
                group.frames.append(frame)
                group.hurried |= hurried

    def _deliver_to_one(self, event: Event, sid: int, but: int | None) -> None:
        client = self._clients.get(sid) if sid != but else None
        if client is not None:
            frame = client.dialect.encode(event)
            if frame:  # as `write`, without a call
                group = self._gathering.get(sid)
                if group is not None:
                    group.give(sid)
                client.connection.queue.append(frame)
                self._dirty.add(client)

    def _gather(self, group: Group) -> None:
        """Lets frames gather in a group from now on, and nowhere else for its members."""
        gathering = self._gathering
        if not gathering.keys().isdisjoint(group.members):
            for other in {gathering[sid] for sid in group.members if sid in gathering}:
                self._settle(other)
        gathering.update(dict.fromkeys(group.members, group))
        self._open.append(group)

    def _settle(self, group: Group) -> None:
        group.settle(self._dirty, self.unhurried)
        for sid in group.members:
            del self._gathering[sid]

    def _plan(self, audience: Audience, plan: Plan | None) -> Plan:
        """A plan for an audience, out of its topic's present one where there is one."""
        if not audience.topic:  # what was picked for one event never comes again
            return Plan(audience, self._clients)
        if self._planned > _MAX_PLANNED:
            self._drop_plans()
            plan = None
        if plan is None:
            plan = self._plans[audience.topic] = Plan(audience, self._clients)
            self._planned += plan.size
        else:
            self._planned -= plan.size
            if plan.grows_to(audience):
                for group, sid in plan.grow(audience, self._clients):
                    self._catch_up(group, sid)
            else:
                for group in plan.groups:
                    if group.frames:
                        self._settle(group)
                plan.follow(audience, self._clients)
            self._planned += plan.size
        return plan

    def _catch_up(self, group: Group, sid: int) -> None:
        """Lets frames gather for a new member, too, but for those that are there already.

        Settling them instead would cost every join the time of a visit to each member.
        """
        if group.frames:
            other = self._gathering.get(sid)
            if other is not None:
                self._settle(other)
            self._gathering[sid] = group
            group.ahead[sid] = len(group.frames)

    def tell(self, client: Client, event: Event) -> None:
        """Queues `event` for one client, behind everything delivered to it before."""
        frame = client.dialect.answer(event)
        if frame:
            self.write(client, frame)

    def write(self, client: Client, frame: bytes) -> None:
        """Queues a frame, not an empty one, for one client, behind everything delivered to it before."""
        group = self._gathering.get(client.sid)
        if group is not None:
            group.give(client.sid)
        client.connection.queue.append(frame)
        self._dirty.add(client)
