"""What an audience means in clients: a group for each variant of the dialects, and what has gathered for it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Final

from evchat.core.audience import Audience
from evchat.dialects.base import Dialect
from evchat.protocol.channels import Joined, Left
from evchat.protocol.login import Disconnected
from evchat.server.client import Client

UNHURRIED: Final = frozenset({Joined, Left, Disconnected})
"""Events that nobody waits for, and that come by the hundred when everybody comes at once."""


class Group:
    """The members of an audience that hear the same bytes, and what has gathered for them."""

    __slots__ = ("ahead", "dialect", "frames", "hurried", "members")

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.members: dict[int, Client] = {}
        """By session id."""
        self.frames: list[bytes] = []
        self.ahead: dict[int, int] = {}
        """The members that have got some of the frames, or must not get one: from which on they still get them."""
        self.hurried = False
        """Whether one of the frames must not wait."""

    def give(self, sid: int, but_next: bool = False) -> None:
        """Queues for a member what has gathered for it so far; `but_next`, it does not get the next frame."""
        frames, ahead = self.frames, self.ahead
        start = ahead.get(sid, 0)
        if start < len(frames):
            self.members[sid].connection.queue += frames[start:]
        ahead[sid] = len(frames) + but_next

    def settle(self, dirty: set[Client], unhurried: dict[Client, None]) -> None:
        """Queues what has gathered, as one piece that all members share, and marks them as dirty or as unhurried."""
        frames, ahead, members = self.frames, self.ahead, self.members
        data = frames[0] if len(frames) == 1 else b"".join(frames)
        for client in members.values():
            client.connection.queue.append(data)
        for sid, start in ahead.items():
            members[sid].connection.queue[-1:] = frames[start:]
        if self.hurried:
            dirty.update(members.values())
        else:
            unhurried.update(dict.fromkeys(members.values()))
        self.hurried = False
        frames.clear()
        ahead.clear()


class Plan:
    """The plan for an audience: a group of clients for each variant."""

    __slots__ = ("_by_variant", "audience", "groups")

    def __init__(self, audience: Audience, clients: dict[int, Client]) -> None:
        self.audience = audience
        self._by_variant: dict[Hashable, Group] = {}
        self.groups: list[Group] = []
        for _ in self._add(audience.sids, clients):
            pass

    def _add(self, sids: Iterable[int], clients: dict[int, Client]) -> Iterator[tuple[Group, int]]:
        for sid in sids:
            client = clients.get(sid)
            if client is not None:
                variant = client.dialect.variant
                group = self._by_variant.get(variant)
                if group is None:
                    group = self._by_variant[variant] = Group(client.dialect)
                    self.groups.append(group)
                if sid not in group.members:
                    group.members[sid] = client
                    yield group, sid

    def grows_to(self, audience: Audience) -> bool:
        """Whether an audience is the present one and some behind it."""
        before = self.audience.sids
        return audience.sids[: len(before)] == before

    def grow(self, audience: Audience, clients: dict[int, Client]) -> Iterator[tuple[Group, int]]:
        """Takes over an audience that `grows_to` has found; yields each new member, with its group."""
        before, self.audience = self.audience, audience
        return self._add(audience.sids[len(before.sids) :], clients)

    def follow(self, audience: Audience, clients: dict[int, Client]) -> None:
        """Takes over what the audience has become: mostly one is gone. Nothing may be gathered."""
        self.audience = audience
        remaining, new = set(audience.sids), set(audience.sids)
        for group in self.groups:
            for sid in group.members.keys() - remaining:
                del group.members[sid]
            new -= group.members.keys()
        for _ in self._add(new, clients):
            pass

    @property
    def size(self) -> int:
        """What it counts among all plans that are kept: its receivers, and some for itself."""
        return 8 + len(self.audience.sids)
