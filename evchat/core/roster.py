"""The roster of a channel: its members as others are told of them, in the order of their names.

Whoever joins is told all of it. So it is made once and then kept up to date, at the cost of one member for each change.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from evchat.protocol.channels import Member


def _place(name: str) -> str:
    """The name in lower case, which is the very `name` where it can be: then both are one string in memory."""
    place = name.lower()
    return name if place == name else place


class Roster:
    """Members by name in lower case; of those who have the same, whoever was added first comes first."""

    __slots__ = ("_places", "_rows")

    def __init__(self, members: Iterable[Member]) -> None:
        self._rows = sorted(members, key=lambda member: member.name.lower())
        self._places = [_place(member.name) for member in self._rows]
        """What the rows are sorted by. Beside them, because a search calls no function for what is there already."""

    def all(self) -> tuple[Member, ...]:
        """Everybody."""
        return tuple(self._rows)

    def add(self, member: Member) -> None:
        """Takes in somebody who is not in it."""
        place = _place(member.name)
        index = bisect_right(self._places, place)
        self._places.insert(index, place)
        self._rows.insert(index, member)

    def remove(self, name: str) -> None:
        """Takes out somebody who is in it, by the name that stands there."""
        index = self._index(name)
        del self._places[index], self._rows[index]

    def replace(self, member: Member) -> None:
        """Tells something else of somebody who is in it under the same name."""
        self._rows[self._index(member.name)] = member

    def _index(self, name: str) -> int:
        rows = self._rows
        index = bisect_left(self._places, name.lower())
        while rows[index].name != name:  # beyond ASCII names may differ that are the same in lower case
            index += 1
        return index
