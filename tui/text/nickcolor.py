"""Colours for names: readable on the theme's background, and as different as the terminal's colours allow."""

from __future__ import annotations

_REMEMBERED = 4096
"""Names whose place is remembered; the others are where their hash says."""

# Of the colours of the 6x6x6 cube with a contrast of at least 4.5 on the backgrounds of `theme` and a chroma (CIE
# L*a*b*) from 28 to 75, or to 95 on light, so that they are neither grey nor glaring: the set whose two nearest colours
# are farthest apart (CIEDE2000: 14.3 on dark, 9.6 on light), away from what mentions and errors have.
DARK = (36, 39, 51, 105, 107, 120, 142, 158, 172, 183, 204, 209, 212, 217)
"""Colours for names on a dark background."""

LIGHT = (17, 22, 27, 53, 55, 58, 61, 94, 96, 97, 127, 161)
"""Colours for names on a light background."""

BASIC_DARK = (2, 3, 5, 6, 9, 10, 11, 13, 14)
BASIC_LIGHT = (1, 4, 5)
"""The same for terminals of 16 colours."""


def stable_hash(key: str) -> int:
    """32 bits that depend on `key` alone, unlike `hash()` (FNV-1a, draft-eastlake-fnv)."""
    value = 0x811C9DC5
    for byte in key.encode("utf-8", "surrogatepass"):
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    # Its low bits alone are poor (same draft, section 3): the high ones are folded in.
    return value ^ value >> 16


class Places:
    """The place of each name in a palette of a size: where its hash says, so that it is the same in every session.

    If another name has that place, it gets the next free one: as long as there are enough colours, no two are alike.
    """

    __slots__ = ("_places", "_taken")

    def __init__(self) -> None:
        self._places: dict[tuple[str, int], int] = {}
        self._taken: set[tuple[int, int]] = set()

    def of(self, key: str, size: int) -> int:
        """The place of the name whose key (`names.user_key`) is given among `size` colours."""
        place = self._places.get((key, size))
        if place is None:
            place = stable_hash(key) % size
            if len(self._places) >= _REMEMBERED:
                return place
            free = (at % size for at in range(place, place + size) if (at % size, size) not in self._taken)
            place = self._places[key, size] = next(free, place)
            self._taken.add((place, size))
        return place
