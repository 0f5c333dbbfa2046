"""A whole screen as a value: exactly rows x columns of styled cells, the panes they lie in, and where the cursor is."""

from __future__ import annotations

from tui.text.rows import plain, row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.text.rows import Row, Run


class Pane:
    """A rectangle of the screen and what it shows: `rows`, each exactly `columns` cells wide.

    `top` and `left` are the row and column of its first cell on the screen, counted from 0.
    """

    __slots__ = ("columns", "left", "name", "rows", "top")

    def __init__(self, name: str, top: int, left: int, columns: int, rows: Sequence[Row]) -> None:
        self.name = name
        self.top = top
        self.left = left
        self.columns = columns
        self.rows = tuple(rows)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Rows, columns, top and left: what a window of curses is made from."""
        return len(self.rows), self.columns, self.top, self.left


class Frame:
    """What the terminal shall show.

    `base` is what lies under the panes, and is seen between them: the lines around them. Each of its rows is `columns`
    characters of one cell each. The panes do not overlap. `cursor` is (row, column), counted from 0, or None for a
    hidden one.
    """

    __slots__ = ("base", "columns", "cursor", "panes")

    def __init__(
        self,
        base: Sequence[Row],
        columns: int,
        cursor: tuple[int, int] | None = None,
        panes: Sequence[Pane] = (),
    ) -> None:
        self.base = tuple(base)
        self.columns = columns
        self.cursor = cursor
        self.panes = tuple(panes)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the screen, each exactly `columns` cells wide."""
        return tuple([self.row(index) for index in range(len(self.base))])

    def row(self, index: int) -> Row:
        """One row of the screen."""
        return row(self.runs(index), self.columns)

    def runs(self, index: int) -> list[Run]:
        """The runs of a row of the screen, as they come: some may be empty, and neighbours of one style."""
        runs: list[Run] = []
        column = 0
        for pane in sorted(self.panes, key=_left):
            if 0 <= index - pane.top < len(pane.rows):
                if column < pane.left:
                    runs += _between(self.base[index], column, pane.left)
                runs += pane.rows[index - pane.top]
                column = pane.left + pane.columns
        if column < self.columns:
            runs += _between(self.base[index], column, self.columns)
        return runs

    def lines(self) -> list[str]:
        """The text of each row, without styles, as a person would read it."""
        return [plain(runs) for runs in self.rows]


def _left(pane: Pane) -> int:
    return pane.left


def _between(runs: Row, start: int, stop: int) -> list[Run]:
    """The cells from column `start` to `stop` of a row whose characters take one cell each."""
    found = []
    column = 0
    for text, style in runs:
        found.append((text[max(start - column, 0) : max(stop - column, 0)], style))
        column += len(text)
    return found
