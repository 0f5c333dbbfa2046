"""Tables in Markdown."""

from __future__ import annotations


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    """The lines of a table."""
    return [f"| {' | '.join(cells)} |".replace("  ", " ") for cells in (head, ("---",) * len(head), *rows)]
