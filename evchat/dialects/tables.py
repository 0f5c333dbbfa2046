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

_NARROWEST = 6
"""The cells of a column below which nothing in it can be told any more."""


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

    def lines(self, clean: Callable[[str], str] = harmless, room: int = 0) -> list[str]:
        """The title, the headings (if there are any) and the rows, each a line; columns without content are left out.

        `clean` makes the text of a cell harmless. With `room`, so many terminal cells are there: the widest columns are
        cut until all fit, if they can.
        """
        rows = [tuple(map(clean, row)) for row in self.rows]
        used = [index for index in range(len(self.columns)) if any(row[index] for row in rows)]
        headings = tuple(column.heading for column in self.columns)
        shown = [headings, *rows] if any(headings) else rows
        sizes = [max(width(row[index]) for row in shown) for index in used]
        sizes[:-1] = [
            min(size, self.columns[index].most) for size, index in zip(sizes, used[:-1], strict=False)
        ]
        if room:
            _narrow(sizes, room - len(_GAP) * (len(sizes) - 1))
        aligned = [[""] * len(used) for _ in shown]
        for place, index in enumerate(used):
            size = sizes[place]
            cells = [_cut(row[index], size) for row in shown]
            for line, cell in zip(aligned, cells, strict=True):
                line[place] = cell + " " * (size - width(cell))
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


def _narrow(sizes: list[int], room: int) -> None:
    """Makes the widest of the columns narrower until all have room together, or are as narrow as they may be."""
    over = sum(sizes) - room
    while over > 0 and max(sizes) > _NARROWEST:
        widest = sizes.index(max(sizes))
        rest = max((size for place, size in enumerate(sizes) if place != widest), default=0)
        by = min(over, max(sizes[widest] - max(rest, _NARROWEST), 1))
        sizes[widest] -= by
        over -= by


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
