"""From frames to the bytes that a terminal needs: only what changed since the frame before.

Everything is placed absolutely, and behind every character about whose width terminals disagree the place is set
anew, so borders stay straight on a terminal that draws it otherwise (ECMA-48: CUP, CHA, EL, SGR).
"""

from __future__ import annotations

import re

from evchat.protocol.text import width
from tui.text.cells import joins
from tui.text.links import OSC8_END, osc8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.terminal.frame import Frame
    from tui.text.rows import Row
    from tui.text.style import Style

# What every terminal draws one cell wide, box drawing and our own signs included.
_SURE = re.compile(
    "[\x20-\u02ff\u0370-\u0482\u048a-\u0530\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u2191\u2193\u2500-\u257f"
    "\u258f\u25cf\u2713]+"
)
_PARTS = re.compile(f"({_SURE.pattern})")

_ASCII = {
    ord(char): plain
    for chars, plain in (
        ("┌┐└┘├┤┬┴┼", "+"), ("─–—", "-"), ("│▏", "|"), ("…", "."), ("●·", "*"), ("✓", "+"), ("↓", "v"), ("↑", "^"),
        ("“”„", '"'), ("‘’", "'"),
    )
    for char in chars
}  # fmt: skip

_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"
_NO_WRAP, _WRAP = "\x1b[?7l", "\x1b[?7h"
"""Around rows: a combining mark behind the last column of the last row may otherwise scroll the screen."""

_SYNC, _UNSYNC = "\x1b[?2026h", "\x1b[?2026l"


class Painter:
    """Knows what the terminal shows, and how to make another frame of it.

    `colours` is how many the terminal has; without `unicode` all is written in ASCII. `uri` gives the URI of a link's
    number, for terminals that understand OSC 8. `synchronised` means that it can hold back half-drawn frames.
    """

    def __init__(
        self,
        colours: int,
        *,
        unicode: bool = True,
        uri: Callable[[int], str] | None = None,
        synchronised: bool = False,
    ) -> None:
        self._colours = colours
        self._unicode = unicode
        self._uri = uri
        self._synchronised = synchronised
        self._shown: Frame | None = None
        self._cursor_shown = True
        self._codes: dict[int, str] = {}
        self._style = 0
        self._out: list[str] = []

    def forget(self) -> None:
        """What the terminal shows is not known any more: the next frame is painted whole."""
        self._shown = None
        self._cursor_shown = True

    def paint(self, frame: Frame) -> bytes:
        """The bytes that make the terminal show `frame`."""
        before = self._shown
        rows = frame.changed(before)
        self._shown = frame
        if before is not None and not rows and before.cursor == frame.cursor:
            return b""
        self._out = out = []
        if before is None:
            out.append("\x1b[0m\x1b[H\x1b[2J")
            self._style = 0
        olds: tuple[Row, ...] = ()
        if before is not None and before.columns == frame.columns and len(before.rows) == len(frame.rows):
            olds = before.rows
        elif before is not None:
            out.append("\x1b[0m\x1b[2J")
        if rows:
            out.append(_NO_WRAP)
        for index in rows:
            self._row(index, olds[index] if olds else None, frame.rows[index], frame.columns)
        self._use(0)
        if rows:
            out.append(_WRAP)
        many = len(rows) > 2
        if many and self._cursor_shown:
            out.insert(0, _HIDE)
            self._cursor_shown = False
        if frame.cursor is None:
            if self._cursor_shown:
                out.append(_HIDE)
            self._cursor_shown = False
        else:
            row, column = frame.cursor
            out.append(f"\x1b[{row + 1};{min(column, frame.columns - 1) + 1}H")
            if not self._cursor_shown:
                out.append(_SHOW)
                self._cursor_shown = True
        if many and self._synchronised:
            out.insert(0, _SYNC)
            out.append(_UNSYNC)
        return self.encode("".join(out))

    def encode(self, text: str) -> bytes:
        """`text` as the terminal's locale wants it."""
        if self._unicode:
            return text.encode("utf-8", "replace")
        return text.translate(_ASCII).encode("ascii", "replace")

    def _row(self, number: int, old: Row | None, new: Row, columns: int) -> None:
        """Writes what differs in a row: from the first cell that does to the last, if widths are beyond doubt."""
        first, cut, column = _common(old, new) if old is not None else (0, 0, 0)
        pieces = [(new[first][0][cut:], new[first][1]), *new[first + 1 :]] if first < len(new) else []
        sure = old is not None and all(_SURE.fullmatch(text) for text, _ in (*old[first:], *pieces) if text)
        self._out.append(f"\x1b[{number + 1};{column + 1}H")
        if sure and old is not None:
            pieces = _without_tail(old, pieces)
        elif old is not None:
            # What the terminal really shows behind here is not known.
            self._use(0)
            self._out.append("\x1b[K")
        last = len(pieces) - 1
        for index, (text, style) in enumerate(pieces):
            if index == last and style == 0 and not sure:
                kept = text.rstrip(" ")
                self._write(kept, style, column)
                if len(kept) < len(text):
                    self._use(0)
                    if old is None:
                        self._out.append("\x1b[K")
            else:
                self._write(text, style, column)
            column += width(text)

    def _write(self, text: str, style: int, column: int) -> None:
        if not text:
            return
        self._use(style)
        if _SURE.fullmatch(text):
            self._out.append(text)
            return
        for part in _PARTS.split(text):
            if not part:
                continue
            cells = width(part)
            if _SURE.fullmatch(part):
                self._out.append(part)
            elif self._unicode:
                self._out.append(f"{part}\x1b[{column + cells + 1}G")
            else:
                self._out.append("?" * cells)
            column += cells

    def _use(self, style: int) -> None:
        if style == self._style:
            return
        old_link, new_link = _link(self._style), _link(style)
        if old_link != new_link and self._uri is not None:
            if old_link:
                self._out.append(OSC8_END)
            if new_link:
                self._out.append(osc8(self._uri(new_link)))
        code = self._codes.get(style)
        if code is None:
            if len(self._codes) > 4096:
                self._codes.clear()
            code = self._codes[style] = sgr(style, self._colours)
        self._out.append(code)
        self._style = style


def _link(style: int) -> int:
    return style >> 23


def _common(old: Row, new: Row) -> tuple[int, int, int]:
    """How far two rows are alike: whole runs, characters of the run after them, and the cells of all that."""
    column = index = 0
    while index < len(new) and index < len(old) and old[index] == new[index]:
        column += width(new[index][0])
        index += 1
    if index == len(new) or index == len(old) or old[index][1] != new[index][1]:
        return index, 0, column
    one, other = old[index][0], new[index][0]
    cut = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        cut += 1
    while cut > 0 and (_is_joined(one, cut) or _is_joined(other, cut)):
        cut -= 1
    return index, cut, column + width(other[:cut])


def _is_joined(text: str, index: int) -> bool:
    return index < len(text) and joins(text[index])


def _without_tail(old: Row, pieces: list[tuple[str, Style]]) -> list[tuple[str, Style]]:
    """`pieces` without what the row ends in already; both rows are equally wide, and a character is a cell."""
    end = len(old) - 1
    pieces = list(pieces)
    while pieces and end >= 0:
        (text, style), (before, old_style) = pieces[-1], old[end]
        if style != old_style:
            break
        if text == before:
            pieces.pop()
            end -= 1
            continue
        same = 0
        for a, b in zip(reversed(text), reversed(before), strict=False):
            if a != b:
                break
            same += 1
        pieces[-1] = (text[: len(text) - same], style)
        break
    return pieces


def sgr(style: int, colours: int) -> str:
    """The sequence that makes the characters after it look like `style`, whatever was before (ECMA-48, 8.3.117)."""
    from tui.text.style import Style as Look

    look = Look(style)
    codes = ["0"]
    for number, on in (
        (1, look.bold),
        (2, look.dim),
        (3, look.italic),
        (4, look.underline),
        (7, look.reverse),
    ):
        if on:
            codes.append(str(number))
    for colour, base in ((look.fg, 30), (look.bg, 40)):
        if colour < 0 or colours < 8:
            continue
        if colours > 16:
            codes.append(f"{base + 8};5;{colour}")
        elif colour < 8:
            codes.append(str(base + colour))
        else:
            codes.append(str(base + 60 + colour - 8))
    return f"\x1b[{';'.join(codes)}m"
