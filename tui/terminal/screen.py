"""Frames through curses: a window a pane, the rows that changed, and over them what curses can't write.

curses finds out what differs on the terminal and how to say it in few bytes. Two things are beyond it: hyperlinks, and
text about whose width the C library and terminals disagree (emoji, marks, scripts younger than the library). For those
it gets stand-ins as wide as they are, and the text itself is written over them afterwards, each piece placed absolutely
(ECMA-48: CUP, CHA, SGR; hyperlinks: OSC 8).
"""

from __future__ import annotations

from functools import cache, lru_cache

from evchat.protocol.text import width
from tui.text.cells import clusters, fit, joins, next_cluster
from tui.text.links import OSC8_END, osc8
from tui.text.style import Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from typing import Any

    from tui.terminal.frame import Frame, Pane
    from tui.text.rows import Row, Run

_NARROW_RANGES = (
    "\x20-\u02ff", "\u0370-\u0482", "\u048a-\u0530", "\u1e00-\u1fff", "\u2010-\u2027", "\u2030-\u205e",
    "\u2191-\u2191", "\u2193-\u2193", "\u2500-\u257f", "\u258f-\u258f", "\u25cf-\u25cf", "\u2713-\u2713",
    "\u2717-\u2717",
)  # fmt: skip
_NARROW = frozenset(chr(code) for span in _NARROW_RANGES for code in range(ord(span[0]), ord(span[2]) + 1))
"""Characters that every terminal draws one cell wide, including box drawing and our own signs."""

_WIDE_RANGES = ("\u3041-\u3096", "\u30a1-\u30fa", "\u4e00-\u9fff", "\uac00-\ud7a3", "\uff01-\uff60")
"""Characters that every terminal draws two cells wide: kana, ideographs, Hangul and full-width letters."""

_STAND_IN = "\u00a0"
"""Takes the place of a cell that is written over: no frame holds it, and curses does not clear it as it does blanks."""

_PAIRS = 255
"""Pairs of colours that Python's curses can tell apart (before 3.16, python/cpython#119138)."""

_ASCII = {
    ord(char): plain
    for chars, plain in (
        ("┌┐└┘├┤┬┴┼", "+"), ("─–—", "-"), ("│▏", "|"), ("…", "."), ("●·", "*"), ("✓", "+"), ("✗", "x"), ("↓", "v"),
        ("↑", "^"), ("“”„", '"'), ("‘’", "'"),
    )
    for char in chars
}  # fmt: skip

_EMOJI_PARTS = ("\u200d", *map(chr, range(0x1F3FB, 0x1F400)))

_REMEMBERED = 1024
"""Texts whose parts are remembered: curses needs them, what is written over it, and both again when they scroll."""

_SYNC, _UNSYNC = b"\x1b[?2026h", b"\x1b[?2026l"
_SAVE, _RESTORE = "\x1b7\x1b[?7l", "\x1b[0m\x1b[?7h\x1b8"
"""Around what is written over: curses must find its cursor where it left it, and a mark behind the last column of the
last row must not scroll the screen."""


class Screen:
    """The terminal's screen as curses has it. There can be one in a process, as curses knows but one.

    `curses` is the module, `root` the window with which it began; what curses can't write goes through `write`.
    `colours` is how many the terminal has; without `unicode` all is written in ASCII. `synchronised` means that the
    terminal can hold back half-drawn frames, `scrolls` that curses may move rows about. `uri` may be set: it gives the
    URI of a link's number, for terminals that understand OSC 8.
    """

    def __init__(
        self,
        curses: Any,
        root: Any,
        write: Callable[[bytes], None],
        colours: int,
        *,
        unicode: bool = True,
        synchronised: bool = False,
        scrolls: bool = True,
    ) -> None:
        self.uri: Callable[[int], str] | None = None
        self._curses = curses
        self._root = root
        self._write = write
        self._unicode = unicode
        self._synchronised = synchronised
        self._scrolls = scrolls
        self._boxes: list[tuple[int, int, int, int]] = []
        self._windows: list[Any] = []
        self._shown: Frame | None = None
        self._whole = True
        self._cursor_shown = True
        self._pairs: dict[tuple[int, int], int] = {}
        self._looks: dict[int, int] = {}
        self._codes: dict[int, str] = {}
        self._over: dict[int, str] = {}
        """What is written over, by the row of the screen."""
        self._linked: dict[int, list[tuple[int, int]]] = {}
        """The columns (from, to) that are links on the terminal, by the row: to curses they are like other text."""
        curses.typeahead(-1)  # or it would stop amid a frame because somebody types
        self._wide = unicode and self._has_wide()
        self._colours = self._start_colours(colours)
        self.take()

    def take(self) -> None:
        """Has the terminal show our screen; also after `give_back`."""
        self._whole = True
        self._root.erase()
        self._root.clearok(True)
        self._root.noutrefresh()
        self._curses.doupdate()

    def give_back(self) -> None:
        """Has the terminal show what it showed before."""
        self._show_cursor(True)
        try:
            self._curses.endwin()
        except self._curses.error:
            pass  # it is gone

    def forget(self) -> None:
        """What the terminal shows is not known any more: the next frame is painted whole."""
        self._whole = True

    def paint(self, frame: Frame) -> None:
        """Makes the terminal show `frame`."""
        size = (len(frame.base), frame.columns)
        if self._root.getmaxyx() != size and not self._resize(*size):
            return
        if len(self._pairs) > _PAIRS // 2:
            # Every frame begins with room for the colours it may need, and those of the last ones go.
            self._pairs.clear()
            self._looks.clear()
            self._shown = None
        whole, before = self._whole, self._shown
        if whole:
            self._root.clearok(True)
            self._linked.clear()
        changed = self._draw(None if whole else before, frame)
        self._shown, self._whole = frame, False
        if changed or before is None or before.cursor != frame.cursor:
            self._update(frame, changed)

    # ---- what curses draws ------------------------------------------------------------------------------------------

    def _has_wide(self) -> bool:
        """Whether the library gives an ideograph two cells: PDCurses does not."""
        pad = self._curses.newpad(1, 4)
        pad.addstr("日")
        return bool(pad.getyx() == (0, 2))

    def _start_colours(self, colours: int) -> int:
        if colours < 8:
            return 0
        try:
            self._curses.start_color()
            self._curses.use_default_colors()
        except self._curses.error:
            return 0
        return int(min(colours, self._curses.COLORS))

    def _resize(self, rows: int, columns: int) -> bool:
        """Tells curses the size of the screen. False if it has seen another since, which we shall be told, too."""
        self._boxes.clear()
        self._windows.clear()
        self._whole = True
        try:
            self._curses.resize_term(rows, columns)
        except self._curses.error:
            return False
        return bool(self._root.getmaxyx() == (rows, columns))

    def _draw(self, before: Frame | None, frame: Frame) -> set[int]:
        """Has curses draw the rows that changed, each in its window; which rows of the screen they are."""
        changed: set[int] = set()
        boxes = [pane.box for pane in frame.panes]
        if boxes != self._boxes or before is None or before.base != frame.base:
            # The windows share their cells with the root, so what lies under them is drawn first.
            self._windows = [self._root.derwin(*box) for box in boxes]
            self._boxes = boxes
            before = None
            for index, row in enumerate(frame.base):
                self._put(self._root, index, row, index == len(frame.base) - 1)
            changed.update(range(len(frame.base)))
            self._over.clear()
            self._root.noutrefresh()
        for index, (pane, window) in enumerate(zip(frame.panes, self._windows, strict=True)):
            olds = before.panes[index].rows if before is not None else ()
            if olds is pane.rows:
                continue
            last = len(pane.rows) - 1
            touched = False
            for number, row in enumerate(pane.rows):
                if olds and (olds[number] is row or olds[number] == row):
                    continue
                self._put(window, number, row, number == last)
                changed.add(pane.top + number)
                touched = True
            if touched:
                window.noutrefresh()
        if self._unicode:
            for line in changed:
                self._lay_over(frame, line)
        return changed

    def _put(self, window: Any, number: int, row: Row, last: bool) -> None:
        """Writes a row of a window from its first column to its last."""
        window.move(number, 0)
        try:
            for text, style in row:
                window.addstr(self._standing(text), self._look(style))
        except self._curses.error:
            # Behind the last cell of a window there is no place for its cursor; the cell itself is written.
            if not last:
                raise

    def _standing(self, text: str) -> str:
        """What curses gets for `text`: the same where its width is beyond doubt, and stand-ins elsewhere."""
        if not self._unicode:
            return in_ascii(text)
        if _is_narrow(text):
            return text
        return "".join(
            [part if sure else _STAND_IN * cells for part, cells, sure in _parts(text, self._wide)]
        )

    def _look(self, style: Style) -> int:
        look = self._looks.get(style)
        if look is None:
            if len(self._looks) > 4096:
                self._looks.clear()
            look = self._looks[style] = self._made_look(style)
        return look

    def _made_look(self, style: Style) -> int:
        curses = self._curses
        style = style.limited(self._colours)
        look = 0
        for name, on in (
            ("A_BOLD", style.bold), ("A_DIM", style.dim), ("A_ITALIC", style.italic), ("A_UNDERLINE", style.underline),
            ("A_REVERSE", style.reverse),
        ):  # fmt: skip
            if on:
                look |= getattr(curses, name, 0)
        if style.fg >= 0 or style.bg >= 0:
            look |= curses.color_pair(self._pair(style.fg, style.bg))
        return look

    def _pair(self, fg: int, bg: int) -> int:
        number = self._pairs.get((fg, bg))
        if number is None:
            number = len(self._pairs) + 1
            if number > min(_PAIRS, self._curses.COLOR_PAIRS - 1):
                return 0
            self._curses.init_pair(number, fg, bg)
            self._pairs[fg, bg] = number
        return number

    # ---- what is written over it ------------------------------------------------------------------------------------

    def _lay_over(self, frame: Frame, line: int) -> None:
        """Remembers what has to be written over a row of the screen."""
        made = ""
        if line in self._linked or any(self._needs_over(pane, line - pane.top) for pane in frame.panes):
            made = self._over_row(frame.runs(line), line)
        if made:
            self._over[line] = made
        else:
            self._over.pop(line, None)

    def _needs_over(self, pane: Pane, number: int) -> bool:
        if not 0 <= number < len(pane.rows):
            return False
        links = self.uri is not None
        return any((links and style.link) or not _is_narrow(text) for text, style in pane.rows[number])

    def _over_row(self, row: list[Run], line: int) -> str:
        """The pieces of a row that are or were hyperlinks or are of disputed width, and the cells behind the latter."""
        out: list[str] = []
        were, are = self._linked.pop(line, ()), []
        column = 0
        at = -1  # the column of the terminal's cursor, once it is in this row
        behind = 0  # the cells that something of disputed width may have been drawn over, to be written again
        for text, style in row:
            link = osc8(self.uri(style.link)) if self.uri is not None and style.link else ""
            begin = column
            for part, cells, sure in _parts(text, self._wide):
                end = column + cells
                over = link or not sure or any(start < end and column < stop for start, stop in were)
                piece = part if over else part[: _covering(part, behind)] if behind else ""
                if not sure:
                    piece = _placed(part, column)
                if piece:
                    if at != column:
                        out.append(f"\x1b[{line + 1};{column + 1}H")
                    out += (link, self._sgr(style), piece, OSC8_END if link else "")
                    at = end if over else column + width(piece)
                    if not sure:
                        out.append(f"\x1b[{at + 1}G")
                behind = max(behind - cells, 0 if sure else _reach(part))
                column = end
            if link:
                are.append((begin, column))
        if are:
            self._linked[line] = are
        return "".join(out)

    def _sgr(self, style: Style) -> str:
        look = style.linked(0)
        code = self._codes.get(look)
        if code is None:
            if len(self._codes) > 4096:
                self._codes.clear()
            code = self._codes[look] = sgr(look.limited(self._colours), self._colours)
        return code

    def _update(self, frame: Frame, changed: set[int]) -> None:
        """Brings it all to the terminal, the cursor last."""
        over = ""
        if self._over:
            # Where curses scrolls, rows may have moved that did not change: their stand-ins look all alike to it.
            everything = self._scrolls and len(changed) > 1
            lines = self._over if everything else [line for line in changed if line in self._over]
            over = "".join([self._over[line] for line in lines])
        many = len(changed) > 2 or bool(over)
        if many and self._synchronised:
            self._write(_SYNC)
        if many or frame.cursor is None:
            self._show_cursor(False)  # or it would be seen running about
        if frame.cursor is not None:
            row, column = frame.cursor
            self._root.move(min(row, len(frame.base) - 1), min(column, frame.columns - 1))
        self._root.noutrefresh()
        self._curses.doupdate()
        if over:
            self._write(f"{_SAVE}{over}{_RESTORE}".encode("utf-8", "replace"))
        if frame.cursor is not None:
            self._show_cursor(True)
        if many and self._synchronised:
            self._write(_UNSYNC)

    def _show_cursor(self, on: bool) -> None:
        if on == self._cursor_shown:
            return
        self._cursor_shown = on
        try:
            self._curses.curs_set(1 if on else 0)
        except self._curses.error:
            pass  # this terminal always shows it


def _placed(text: str, column: int) -> str:
    """`text` of disputed width with each of its clusters at its own column (CHA), where one drawn too wide can't
    push the others over the cells behind them.
    """
    made: list[str] = []
    for cluster in clusters(text):
        if made:
            made.append(f"\x1b[{column + 1}G")
        made.append(cluster)
        column += width(cluster)
    return "".join(made)


def _reach(text: str) -> int:
    """How many cells behind `text` of disputed width a terminal may draw over: one, or of joined emoji each one's."""
    if not any(part in text for part in _EMOJI_PARTS):
        return 1
    column, reach = 0, 1
    for cluster in clusters(text):
        column += width(cluster)
        reach = max(reach, column + 2 * sum(map(cluster.count, _EMOJI_PARTS)) + 1)
    return max(reach - column, 1)


def _covering(text: str, cells: int) -> int:
    """How many characters of `text` take at least so many cells, or its length."""
    end = fit(text, cells)
    return end if width(text[:end]) >= cells else next_cluster(text, end)


@cache
def _doubtful(wide: bool) -> re.Pattern[str]:
    """Compiled when the first such text comes, as a client that starts has to echo its first key soon."""
    import re

    sure = (*_NARROW_RANGES, *_WIDE_RANGES) if wide else _NARROW_RANGES
    return re.compile(f"[^{''.join(sure)}]+")


def _is_narrow(text: str) -> bool:
    return text.isascii() or _NARROW.issuperset(text)


@lru_cache(_REMEMBERED)
def _parts(text: str, wide: bool) -> tuple[tuple[str, int, bool], ...]:
    """`text` in parts, each with its cells, and whether their number is beyond doubt; a mark stays with its base."""
    if _is_narrow(text):
        return ((text, len(text), True),)
    made: list[tuple[str, bool]] = []
    done = 0
    for match in _doubtful(wide).finditer(text):
        start = match.start()
        if start > done and joins(text, start):
            start -= 1
        made.append((text[done:start], True))
        done = match.end()
        made.append((text[start:done], False))
    made.append((text[done:], True))
    return tuple([(part, width(part), sure) for part, sure in made if part])


def in_ascii(text: str) -> str:
    """`text` in ASCII, as many cells wide."""
    text = text.translate(_ASCII)
    return "".join([part if part.isascii() else "?" * width(part) for part in clusters(text)])


def sgr(style: int, colours: int) -> str:
    """The sequence that makes the characters after it look like `style`, whatever was before (ECMA-48, 8.3.117)."""
    look = Style(style)
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
        # The first 16 as curses says them: what is bold and said so, many terminals show in a brighter colour.
        if colour < 8:
            codes.append(str(base + colour))
        elif colour < 16:
            codes.append(str(base + 60 + colour - 8))
        else:
            codes.append(f"{base + 8};5;{colour}")
    return f"\x1b[{';'.join(codes)}m"
