"""Lists as tables: one form for every client that shows rows, with columns aligned by display width.

A program that reads aloud, or joins everything into one line, gets the same cells as words (`spoken`).
"""

from __future__ import annotations

from evchat.protocol.text import harmless, is_mark, joins_emoji, width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Row = tuple[str, ...]
"""The cells of a row, one for each column. They may hold foreign text: showing a table sanitises it."""

_GAP = "  "
_ELLIPSIS = "…"


# By hand and not as dataclasses, which take the terminal client 10 ms to load.
class Column:
    """A column: its heading, how a cell of it is put into words, and how many terminal cells it takes at most.

    The limit does not hold for the last column, behind which there is nothing to align.
    """

    __slots__ = ("heading", "most", "spoken")

    def __init__(self, heading: str, spoken: str = "{}", most: int = 32) -> None:
        self.heading = heading
        self.spoken = spoken
        self.most = most


class Table:
    """A list: what it is a list of, its columns and its rows."""

    __slots__ = ("columns", "rows", "title")

    def __init__(self, title: str, columns: tuple[Column, ...], rows: Sequence[Row]) -> None:
        self.title = title
        self.columns = columns
        self.rows = rows

    def lines(self, clean: Callable[[str], str] = harmless) -> list[str]:
        """The title, the headings (if there are any) and the rows, each a line; columns without content are left out.

        `clean` makes the text of a cell harmless.
        """
        rows = [tuple(map(clean, row)) for row in self.rows]
        used = [index for index in range(len(self.columns)) if any(row[index] for row in rows)]
        headings = tuple(column.heading for column in self.columns)
        shown = [headings, *rows] if any(headings) else rows
        aligned = [[""] * len(used) for _ in shown]
        for place, index in enumerate(used):
            cells = [row[index] for row in shown]
            if place < len(used) - 1:
                cells = [_cut(cell, self.columns[index].most) for cell in cells]
                size = max(map(width, cells))
                cells = [cell + " " * (size - width(cell)) for cell in cells]
            for line, cell in zip(aligned, cells, strict=True):
                line[place] = cell
        return [clean(self.title), *(_GAP.join(line).rstrip() for line in aligned)]

    def spoken(self, clean: Callable[[str], str] = harmless) -> list[str]:
        """The rows in words, each a line."""
        return [
            ", ".join(
                column.spoken.format(clean(cell))
                for column, cell in zip(self.columns, row, strict=True)
                if cell
            )
            for row in self.rows
        ]


def _cut(text: str, most: int) -> str:
    """`text` if it fits into `most` cells, else its beginning and an ellipsis."""
    if width(text) <= most:
        return text
    end = min(len(text), most) - 1
    while end > 0 and (
        width(text[:end]) > most - 1 or is_mark(text[end]) or joins_emoji(text, end)
    ):  # never between a character and its marks
        end -= 1
    return text[:end] + _ELLIPSIS
