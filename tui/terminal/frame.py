"""A whole screen as a value: exactly rows x columns of styled cells, and where the cursor is."""

from __future__ import annotations

from tui.text.rows import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.text.rows import Row


class Frame:
    """What the terminal shall show. Every row is exactly `columns` cells wide.

    `cursor` is (row, column), counted from 0, or None for a hidden one.
    """

    __slots__ = ("columns", "cursor", "rows")

    def __init__(self, rows: Sequence[Row], columns: int, cursor: tuple[int, int] | None = None) -> None:
        self.rows = tuple(rows)
        self.columns = columns
        self.cursor = cursor

    def lines(self) -> list[str]:
        """The text of each row, without styles, as a person would read it."""
        return [plain(row) for row in self.rows]

    def changed(self, before: Frame | None) -> list[int]:
        """The indexes of the rows that differ from those of `before`; all of them if the size is another."""
        if before is None or before.columns != self.columns or len(before.rows) != len(self.rows):
            return list(range(len(self.rows)))
        return [
            index
            for index, (old, new) in enumerate(zip(before.rows, self.rows, strict=True))
            if old is not new and old != new
        ]
