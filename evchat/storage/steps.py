"""Long questions are answered in steps, between which others have their turn."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.core.query import R

_A_STEP = 20_000
"""Work of one step, some 3 ms: a character that is looked at counts 1."""


def last_step(steps: Iterator[list[R] | None]) -> list[R]:
    """The answer, which the last step yields."""
    (found,) = (found for found in steps if found is not None)
    return found


class Pace:
    """Counts the work of a step."""

    def __init__(self) -> None:
        self._left = _A_STEP

    def is_over(self, work: int) -> bool:
        """Whether the step is to end before this piece of work."""
        self._left -= work
        if self._left > 0:
            return False
        self._left = _A_STEP
        return True
