"""Rows of styled text: cut, filled up, laid beside each other, highlighted; always by cells."""

from __future__ import annotations

from evchat.protocol.text import width
from tui.text.cells import fit, fit_end, joins
from tui.text.style import PLAIN, Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Run = tuple[str, Style]
"""Harmless text in one style."""

Row = tuple[Run, ...]
"""Runs side by side."""

ELLIPSIS = "…"


def plain(row: Iterable[Run]) -> str:
    """The text of a row without its styles."""
    return "".join([run[0] for run in row])


def row_width(row: Iterable[Run]) -> int:
    """How many cells a row takes."""
    return sum([width(run[0]) for run in row])


def row(runs: Iterable[Run], columns: int, fill: Style = PLAIN, *, ellipsis: bool = False) -> Row:
    """`runs` cut or padded with `fill` to exactly `columns` cells; runs of one style that touch become one.

    A wide character that would stand half outside makes room for a space. With `ellipsis`, a row that had to
    be cut ends in one.
    """
    made: list[Run] = []
    room = columns
    for text, style in runs:
        if not text:
            continue
        taken = width(text)
        if taken > room:
            if ellipsis and columns > 0:
                return row(_cut_for_ellipsis(made, text, style, room), columns, fill)
            kept = text[: fit(text, room)]
            _append(made, kept, style)
            room -= width(kept)
            break
        _append(made, text, style)
        room -= taken
    if room > 0:
        _append(made, " " * room, fill)
    return tuple(made)


def _append(made: list[Run], text: str, style: Style) -> None:
    if not text:
        return
    if made and made[-1][1] == style:
        made[-1] = (made[-1][0] + text, style)
    else:
        made.append((text, style))


def _cut_for_ellipsis(made: list[Run], text: str, style: Style, room: int) -> list[Run]:
    """The runs that fit in front of an ellipsis, and the ellipsis, in the style of what it stands for."""
    if room > 0:
        return [*made, (text[: fit(text, room - 1)], style), (ELLIPSIS, style)]
    last_text, last_style = made[-1]
    return [
        *made[:-1],
        (last_text[: fit(last_text, width(last_text) - 1)], last_style),
        (ELLIPSIS, last_style),
    ]


def counted(number: int, what: str) -> str:
    """`1 line`, `2 lines`, `1,200 lines`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def cut(text: str, columns: int) -> str:
    """`text` if it fits into `columns` cells, else its beginning and an ellipsis."""
    if width(text) <= columns:
        return text
    return text[: fit(text, columns - 1)] + ELLIPSIS if columns > 0 else ""


def cut_start(text: str, columns: int) -> str:
    """`text` if it fits into `columns` cells, else an ellipsis and its end."""
    if width(text) <= columns:
        return text
    return ELLIPSIS + text[fit_end(text, columns - 1) :] if columns > 0 else ""


def beside(*blocks: tuple[Sequence[Row], int], fill: Style = PLAIN) -> list[Row]:
    """Blocks of rows side by side, each (rows, columns); the shorter ones are filled up below."""
    height = max((len(rows) for rows, _ in blocks), default=0)
    joined = []
    for index in range(height):
        runs: list[Run] = []
        for rows, columns in blocks:
            part = rows[index] if index < len(rows) else ()
            runs.extend(row(part, columns, fill))
        joined.append(row(runs, sum(columns for _, columns in blocks), fill))
    return joined


def block(
    rows: Sequence[Row], height: int, columns: int, fill: Style = PLAIN, *, bottom: bool = False
) -> list[Row]:
    """Exactly `height` rows of `columns` cells: filled up below, or above if it sticks to the `bottom`.

    Of too many rows the first ones stay, or the last ones if it sticks to the bottom.
    """
    height = max(height, 0)
    kept = (rows[-height:] if height else ()) if bottom else rows[:height]
    empty = [row((), columns, fill)] * (height - len(kept))
    made = [row(runs, columns, fill) for runs in kept]
    return [*empty, *made] if bottom else [*made, *empty]


def highlight(runs: Iterable[Run], spots: Iterable[tuple[int, int]], style: Style) -> Row:
    """`runs` with `style` over the characters of each (start, end) of `spots`, indexes into the row's text.

    `spots` are in order and apart. A border inside a cluster moves to the cluster's end.
    """
    made: list[Run] = []
    offset = 0
    pending = list(spots)
    for text, under in runs:
        done = 0
        for start, end in pending:
            begin = max(_to_border(text, start - offset), done)
            stop = _to_border(text, end - offset)
            if begin < stop:
                _append(made, text[done:begin], under)
                _append(made, text[begin:stop], style.over(under))
                done = stop
        _append(made, text[done:], under)
        offset += len(text)
    return tuple(made)


def _to_border(text: str, index: int) -> int:
    """The border between clusters at or behind `index`, within `text`."""
    index = min(max(index, 0), len(text))
    while 0 < index < len(text) and joins(text, index):
        index += 1
    return index
