"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """The lines of a table."""
    return [f"| {' | '.join(cells)} |".replace("  ", " ") for cells in (head, ("---",) * len(head), *rows)]
