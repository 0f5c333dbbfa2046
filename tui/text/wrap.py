"""Wrapping of text into rows of so many cells: at spaces, beside wide characters, and hard inside long words."""

from __future__ import annotations

from evchat.protocol.text import is_narrow, width
from tui.text.cells import fit, next_cluster, previous_cluster
from tui.text.style import Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.text.rows import Row

TOO_WIDE = "\ufffd"
"""The replacement for a cluster that is wider than a whole row."""


def wrap(text: str, limit: int, first: int | None = None) -> list[str]:
    """The harmless `text` as one or more pieces of at most `limit` cells, the first of at most `first` cells.

    A caller that indents the rows, or has something before the first one, gives the cells that are left.
    Spaces at a break are dropped. Limits below 1 count as 1.
    """
    if first is None:
        first = limit
    if is_narrow(text) and len(text) <= first:
        return [text]
    return [_shown(text[start:end], limit if start else first) for start, end in spans(text, limit, first)]


def wrap_runs(runs: Sequence[tuple[str, Style]], limit: int, first: int | None = None) -> list[Row]:
    """Wraps styled text as `wrap` does plain text; the styles stay with their characters."""
    text = "".join(run[0] for run in runs)
    if first is None:
        first = limit
    if is_narrow(text) and len(text) <= first:
        return [tuple(run for run in runs if run[0])]
    rows = []
    edges = _edges(runs)
    first_edge = 0
    for start, end in spans(text, limit, first):
        row = []
        # Rows and runs both go forth through the text: no run is looked at again once it lies behind.
        while first_edge < len(edges) and edges[first_edge][1] <= start:
            first_edge += 1
        for index in range(first_edge, len(edges)):
            run_start, run_end, style = edges[index]
            if run_start >= end:
                break
            piece = text[max(start, run_start) : min(end, run_end)]
            if piece:
                row.append((piece, style))
        if len(row) == 1:
            row = [(_shown(row[0][0], limit if start else first), row[0][1])]
        rows.append(tuple(row))
    return rows


def _edges(runs: Sequence[tuple[str, Style]]) -> list[tuple[int, int, Style]]:
    edges = []
    start = 0
    for text, style in runs:
        edges.append((start, start + len(text), style))
        start += len(text)
    return edges


def _shown(piece: str, limit: int) -> str:
    """`piece`, or its stand-in if it is one cluster wider than the row."""
    if len(piece) > limit or not is_narrow(piece):
        return TOO_WIDE if width(piece) > max(limit, 1) else piece
    return piece


def spans(text: str, limit: int, first: int | None = None) -> list[tuple[int, int]]:
    """Where the pieces of `wrap` start and end in `text`. A cluster wider than a row is a piece by itself."""
    room = max(1, limit if first is None else first)
    limit = max(1, limit)
    find = _narrow_end if is_narrow(text) else _wide_end
    found = []
    start = 0
    while True:
        end = find(text, start, room)
        found.append((start, end))
        room = limit
        start = end
        if start >= len(text):
            return found
        while start < len(text) and text[start] == " ":
            start += 1
        if start >= len(text):
            return found


def _narrow_end(text: str, start: int, room: int) -> int:
    hard = start + room
    if hard >= len(text):
        return len(text)
    space = text.rfind(" ", start + 1, hard + 1)
    return space if space > 0 and not text[start:space].isspace() else hard


def _wide_end(text: str, start: int, room: int) -> int:
    hard = fit(text, room, start)
    if hard >= len(text):
        return len(text)
    if hard == start:
        return next_cluster(text, start)
    end = hard
    while end > start and not _may_break(text, end):
        end = previous_cluster(text, end)
    return end if end > start and not text[start:end].isspace() else hard


def _may_break(text: str, index: int) -> bool:
    """Whether a row may end at `index`: before a space, or beside a wide character, as ideographs do."""
    return text[index] == " " or width(text[index]) == 2 or width(text[previous_cluster(text, index)]) == 2
