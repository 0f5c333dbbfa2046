"""Delivery of one event to many clients: encoded once per variant, and queued once for a whole pass.

What an audience means in clients is worked out once a topic, as a plan, and remembered until the topic comes with
another audience. While effects for one audience follow each other, their frames gather; then the members get them as
one bytes object that all queues share. Only a member that hears something else in between, mostly a sender its
own answers, is set apart and gets every frame by itself, so that each client's order is kept.
"""

from __future__ import annotations

from evchat.core.audience import Audience
from evchat.protocol.base import Event
from evchat.server.client import Client
from evchat.server.fanout_plan import Plan

_MAX_PLANNED = 200_000
"""Receivers in all plans kept at once, some 5 MiB; a plan is made again in the time of a few deliveries."""

_MAX_DEPARTED = 100
"""Gone clients that plans may hold, and a quarter as many as there are clients."""


class Fanout:
    """Queues events for `clients`. Those that have something to be flushed are added to `dirty`."""

    def __init__(self, clients: dict[int, Client], dirty: set[Client]) -> None:
        self._clients = clients
        self._dirty = dirty
        self._plans: dict[str, Plan] = {}
        """By topic."""
        self._planned = 0
        """The number of receivers in all plans."""
        self._departed = 0
        """How many clients have gone since all plans were dropped."""
        self._open: Plan | None = None
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
            plan.follow(audience, self._clients)
            self._planned += plan.size
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
