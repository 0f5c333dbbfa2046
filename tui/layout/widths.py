"""How wide a column of names is: as wide as most of them need, so that one long name does not cost everybody room."""

from __future__ import annotations

WHOLE = 10
"""Cells of a name that are always shown."""

WIDEST_NICK = 16
"""The most cells of the column of senders, on a wide screen."""

_FEW = 10
"""One name in so many may be cut."""


def usual(widths: list[int], most: int) -> int:
    """The cells that nearly all of these names need, and at least `WHOLE` if any does; at most `most`."""
    if not widths:
        return 0
    ordered = sorted(widths)
    longest = ordered[-1]
    if longest > WHOLE:
        longest = max(ordered[-1 - max(len(ordered) // _FEW, 1)] if len(ordered) > 1 else 0, WHOLE)
    return min(longest, most)
