"""A colour for a name: the same in every session and for everybody, and always readable on the theme's background."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# Of the colours of the 6x6x6 cube with a contrast of at least 4.5 on the backgrounds of `theme` and a chroma (CIE
# L*a*b*) from 30 to 62, or to 92 on light, so that they are neither grey nor glaring: those that differ by at least 18
# from each other, as fewer would be one colour to the eye; without those that mentions and errors have.
DARK = (
    36, 37, 39, 45, 50, 71, 74, 87, 121, 147, 150, 158, 175, 179, 185, 192, 209, 212, 215, 216, 217, 219,
)  # fmt: skip
"""Colours for names on a dark background."""

LIGHT = (17, 18, 22, 24, 26, 52, 53, 58, 61, 88, 90, 91, 94, 96, 161, 162)
"""Colours for names on a light background."""

BASIC_DARK = (2, 3, 6, 9, 10, 11, 13, 14)
BASIC_LIGHT = (1, 4, 5)
"""The same for terminals of 16 colours."""


def stable_hash(key: str) -> int:
    """32 bits that depend on `key` alone, unlike `hash()` (FNV-1a, draft-eastlake-fnv)."""
    value = 0x811C9DC5
    for byte in key.encode("utf-8", "surrogatepass"):
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    # Its low bits alone are poor (same draft, section 3): the high ones are folded in.
    return value ^ value >> 16


def colour(key: str, palette: Sequence[int]) -> int:
    """The colour, out of `palette`, of the name whose key (`names.user_key`) is given; -1 if there is none."""
    return palette[stable_hash(key) % len(palette)] if palette else -1
