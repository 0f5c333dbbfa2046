"""A curses that records what the screen asks of it, and a terminal that shows what the real one might make of that.

It is harsher than the real one. It takes no text whose width anyone may doubt, and none that leaves its window, and it
writes whole rows again where one cell has changed, so that whatever was written over them has to be written again.
"""

from __future__ import annotations

from tests.tui.terminal.frames import Shown
from tui.terminal.screen import sgr
from tui.text.style import Style

Cell = tuple[str, int]


class error(Exception):  # noqa: N801  (the name that curses gives it)
    """What curses raises."""


class Window:
    """A window, which shares the cells of the root."""

    def __init__(self, curses: FakeCurses, rows: int, columns: int, top: int = 0, left: int = 0) -> None:
        assert rows > 0 and columns > 0 and top + rows <= curses.rows and left + columns <= curses.columns
        self._curses = curses
        self.box = (rows, columns, top, left)
        self._at = (0, 0)

    def derwin(self, *box: int) -> Window:
        made = Window(self._curses, *box)
        self._curses.windows.append(made)
        return made

    def getmaxyx(self) -> tuple[int, int]:
        return self._curses.rows, self._curses.columns

    def getyx(self) -> tuple[int, int]:
        return self._at

    def move(self, row: int, column: int) -> None:
        rows, columns, top, left = self.box
        assert 0 <= row < rows and 0 <= column < columns
        self._at = (row, column)
        if self is self._curses.root:
            self._curses.cursor = (row, column)

    def addstr(self, text: str, look: int = 0) -> None:
        self._curses.texts.append(text)
        rows, columns, top, left = self.box
        row, column = self._at
        cells = self._curses.cells[top + row]
        for char in text:
            taken = self._curses.width(char)
            assert column + taken <= columns, f"{text!r} leaves its window"
            cells[left + column] = (char, look)
            if taken == 2:
                cells[left + column + 1] = ("", look)
            column += taken
        self._at = (row, column) if column < columns else (row + 1, 0)
        if self._at[0] == rows:
            self._at = (row, columns - 1)
            raise error("addwstr() returned ERR")

    def erase(self) -> None:
        self._curses.cells = self._curses.blank()

    def clearok(self, on: bool) -> None:
        self._curses.clears = on

    def noutrefresh(self) -> None:
        self._curses.note_refresh(self)


class Pad:
    """What tells how wide the library takes a text to be."""

    def __init__(self, curses: FakeCurses) -> None:
        self._curses = curses
        self._column = 0

    def addstr(self, text: str) -> None:
        self._column += sum(self._curses.width(char) for char in text)

    def getyx(self) -> tuple[int, int]:
        return 0, self._column


class FakeCurses:
    """The module, without a terminal if none is `shown`.

    With `wide` ideographs take two cells, as ncurses has it, else one, as PDCurses has it.
    """

    error = error
    A_BOLD, A_DIM, A_ITALIC, A_UNDERLINE, A_REVERSE = (1 << bit for bit in range(16, 21))
    unget_wch = None

    def __init__(
        self,
        columns: int,
        rows: int,
        shown: Shown | None = None,
        *,
        wide: bool = True,
        scrolls: bool = False,
        colours: int = 256,
        pairs: int = 65_536,
    ) -> None:
        self.COLORS, self.COLOR_PAIRS = colours, pairs
        self._shown = shown
        self._wide = wide
        self._scrolls = scrolls
        self._colours = colours
        self._made: dict[int, tuple[int, int]] = {0: (-1, -1)}
        self.rows, self.columns = rows, columns
        self.cells = self.blank()
        self._drawn = self.blank()
        self.clears = False
        self.cursor = (0, 0)
        self.calls: list[str] = []
        self.windows: list[Window] = []
        self.texts: list[str] = []
        """The texts that were written into windows."""
        self.updates: list[list[Window]] = []
        """The windows that each `doupdate` has brought to the terminal, in their order."""
        self._refreshed: list[Window] = []
        self.root = Window(self, self.rows, self.columns)

    def blank(self) -> list[list[Cell]]:
        return [[(" ", 0)] * self.columns for _ in range(self.rows)]

    def width(self, char: str) -> int:
        if "\u3041" <= char <= "\uff60":
            assert self._wide or not self.windows, f"{char!r} takes a cell and not two here"
            return 2 if self._wide else 1
        assert char < "\u0300" or char.isalpha() or char in "–—‘’“”…↑↓▏●✓✗" or "\u2500" <= char <= "\u257f", (
            char
        )
        return 1

    def initscr(self) -> Window:
        return self.root

    def newpad(self, rows: int, columns: int) -> Pad:
        return Pad(self)

    def typeahead(self, fd: int) -> None:
        assert fd == -1

    def start_color(self) -> None:
        self.calls.append("start_color")

    def use_default_colors(self) -> None:
        self.calls.append("use_default_colors")

    def init_pair(self, number: int, fg: int, bg: int) -> None:
        assert 0 < number < min(self.COLOR_PAIRS, 256)
        self._made[number] = (fg, bg)

    def color_pair(self, number: int) -> int:
        return number

    def curs_set(self, visibility: int) -> None:
        self._feed("\x1b[?25h" if visibility else "\x1b[?25l")

    def resize_term(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        self.cells, self._drawn = self.blank(), self.blank()
        self.root.box = (rows, columns, 0, 0)

    def note_refresh(self, window: Window) -> None:
        self._refreshed.append(window)

    def doupdate(self) -> None:
        self.updates.append(self._refreshed)
        self._refreshed = []
        changed = [index for index in range(self.rows) if self.cells[index] != self._drawn[index]]
        if self.clears or (self._scrolls and len(changed) > 1):
            changed = list(range(self.rows))
        if self.clears:
            self._feed("\x1b[0m\x1b[2J")
            self.clears = False
        for index in changed:
            self._drawn[index] = list(self.cells[index])
            for column, (char, look) in enumerate(self.cells[index]):
                if char:
                    self._feed(f"\x1b[{index + 1};{column + 1}H{self._sequence(look)}{char}")
        self._feed(f"\x1b[0m\x1b[{self.cursor[0] + 1};{self.cursor[1] + 1}H")

    def endwin(self) -> None:
        self.calls.append("endwin")

    def _feed(self, text: str) -> None:
        if self._shown is not None:
            self._shown.feed(text.encode())

    def _sequence(self, look: int) -> str:
        fg, bg = self._made[look & 0xFFFF]
        return sgr(
            Style.of(
                fg, bg, bold=bool(look & self.A_BOLD), dim=bool(look & self.A_DIM), italic=bool(look & self.A_ITALIC),
                underline=bool(look & self.A_UNDERLINE), reverse=bool(look & self.A_REVERSE),
            ),
            self._colours,
        )  # fmt: skip
