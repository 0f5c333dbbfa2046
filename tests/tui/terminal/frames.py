"""Frames of any text in any look, and a terminal that tells what it shows cell by cell, hyperlinks included."""

from __future__ import annotations

import random
import re

import pyte

from evchat.protocol.text import width
from tui.terminal.frame import Frame, Pane
from tui.terminal.screen import sgr
from tui.text.cells import clusters
from tui.text.rows import Row, plain, row
from tui.text.style import PLAIN, Style

ATOMS = (
    "a", "b", "word", " ", "  ", "─", "│", "…", "é", "ж", "ø", "日", "本語", "한", "か", "Ａ", "👍", "🙃🎉", "x\u0323",
    "か\u0323", "♥", "☃", "\u25cc\u0301", "ﬁ", "←", "\ufffd",
)  # fmt: skip
JOINED = ("👨\u200d👩\u200d👧", "❤\ufe0f", "می\u200cخو", "1\ufe0f\u20e3", "क्\u200dष")
"""What is several characters, some of them without a cell, and looks like one."""
STYLES = (
    PLAIN, Style.of(1), Style.of(250, 17, bold=True), Style.of(underline=True), Style.of(reverse=True),
    Style.of(246, dim=True), Style.of(-1, 52, italic=True),
)  # fmt: skip
LINKS = 5
"""Links with the numbers from 1."""

_JOINING = re.compile("[\u200c\u200d\ufe0f]")
_OSC_8_BEGUN = re.compile(rb"\x1b(?:\](?:8(?:;[^\x1b]*\x1b?)?)?)?\Z")
_OSC_8 = re.compile("\x1b\\]8;[^;]*;([^\x1b]*)\x1b\\\\")


def uri(number: int) -> str:
    """The URI of a link's number."""
    return f"https://example.org/{number}"


class LinkedScreen(pyte.Screen):
    """A screen of pyte's that keeps the hyperlink of each cell where pyte keeps whether it blinks."""

    link = ""
    apart = False
    """Whether it draws emoji apart that are to be joined, as terminals do that do not know them."""

    def select_graphic_rendition(self, *codes: int, **more: bool) -> None:
        super().select_graphic_rendition(*codes, **more)
        self.use_link(self.link)

    def draw(self, data: str) -> None:
        """As terminals do that know clusters: one has the cells of one character, or two if it is an emoji."""
        if self.apart or not _JOINING.search(data):
            super().draw(_JOINING.sub("", data))
            return
        for cluster in clusters(data):
            if not _JOINING.search(cluster):
                super().draw(cluster)
                continue
            row, column = self.cursor.y, self.cursor.x
            super().draw(cluster[0])
            line = self.buffer[row]
            line[column] = line[column]._replace(data=cluster)
            if width(cluster) == 2 and self.cursor.x == column + 1 < self.columns:
                line[column + 1] = line[column]._replace(data="")
                self.cursor.x += 1

    def use_link(self, target: str) -> None:
        """What is written from now on leads there."""
        self.link = target
        self.cursor.attrs = self.cursor.attrs._replace(blink=target)


class Shown:
    """A terminal. `feed` takes what a program writes."""

    def __init__(self, columns: int, rows: int) -> None:
        self.screen = LinkedScreen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self._rest = b""

    def feed(self, data: bytes) -> None:
        data = self._rest + data
        begun = _OSC_8_BEGUN.search(data)
        whole = begun.start() if begun else len(data)
        data, self._rest = data[:whole], data[whole:]
        while data:  # a character may be parted, too
            try:
                text = data.decode()
                break
            except UnicodeDecodeError as problem:
                assert problem.reason == "unexpected end of data", data
                self._rest = data[problem.start :] + self._rest
                data = data[: problem.start]
        else:
            return
        for index, part in enumerate(_OSC_8.split(text)):
            if index % 2:
                self.screen.use_link(part)
            else:
                self._stream.feed(part)

    def cells(self) -> list[list[tuple[object, ...]]]:
        """Every cell with its look; of an empty one the colour of the text can't be seen."""
        found = []
        for y in range(self.screen.lines):
            line = []
            for x in range(self.screen.columns):
                char = self.screen.buffer[y][x]
                look: tuple[object, ...] = (char.bg, char.underscore, char.reverse, char.blink or "")
                text = char.data.replace("\u00a0", " ")
                line.append((text, *look) if text in " " else (text, char.fg, char.bold, char.italics, *look))
            found.append(line)
        return found

    def lines(self) -> list[str]:
        return ["".join(str(cell[0]) for cell in line) for line in self.cells()]


def drawn(frame: Frame, *, colours: int = 256, links: bool = True) -> list[list[tuple[object, ...]]]:
    """The cells that a frame should be, written one after the other without any cleverness."""
    shown = Shown(frame.columns, len(frame.base))
    shown.feed(b"\x1b[?7l")
    for y, runs in enumerate(frame.rows):
        column = 0
        for text, style in runs:
            target = uri(style.link) if links and style.link else ""
            for cluster in clusters(text):
                shown.screen.use_link(target)
                shown.feed(f"\x1b[{y + 1};{column + 1}H{sgr(style, colours)}{cluster}".encode())
                column += width(cluster)
    return shown.cells()


def framed(rows: list[Row], columns: int, cursor: tuple[int, int] | None, split: int) -> Frame:
    """A frame of two panes with a line between them at the column `split`, and one of a row below them.

    `rows` give each pane what fits, from its beginning. Too small a screen has one pane.
    """
    height = len(rows)
    if not (2 <= split < columns - 2 and height > 1):
        return Frame(
            [row([], columns)] * height,
            columns,
            cursor,
            [Pane("all", 0, 0, columns, [row(r, columns) for r in rows])],
        )
    base = [row([(" " * split + "│", STYLES[1])], columns)] * (height - 1) + [row([], columns)]
    panes = [
        Pane("left", 0, 0, split, [row(r, split) for r in rows[:-1]]),
        Pane(
            "right", 0, split + 1, columns - split - 1, [row(r[::-1], columns - split - 1) for r in rows[:-1]]
        ),
        Pane("below", height - 1, 0, columns, [row(rows[-1], columns)]),
    ]
    return Frame(base, columns, cursor, panes)


class Frames:
    """Frames that follow each other as those of a client do: typed characters, new rows, scrolling, everything new."""

    def __init__(self, seed: int, columns: int, rows: int, atoms: tuple[str, ...] = ATOMS) -> None:
        self._random = random.Random(seed)
        self._atoms = atoms
        self._split = 0
        self._typing = False
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        """From now on they are of another size."""
        self._columns, self._height = columns, rows
        self._everything()

    def _everything(self) -> None:
        self._rows = [self._row() for _ in range(self._height)]
        self._split = self._random.choice((0, self._columns // 3, self._columns // 2))

    def _row(self) -> Row:
        chance = self._random
        runs = []
        for _ in range(chance.randint(0, 5)):
            text = "".join(chance.choices(self._atoms, k=chance.randint(1, 7)))
            style = chance.choice(STYLES)
            if chance.random() < 0.2:
                style = style.linked(chance.randint(1, LINKS))
            runs.append((text, style))
        return tuple(runs)

    def next(self) -> Frame:
        """The next one."""
        chance = self._random
        rows = self._rows
        match chance.randint(0, 9):
            case 0:
                self._everything()
            case 1 | 2 | 3:
                by = chance.randint(1, 3)
                self._rows = [*rows[by:-1], *(self._row() for _ in range(by)), rows[-1]][-self._height :]
            case 4:
                self._rows = [self._row(), *rows[:-1]]
            case 5 | 6:
                rows[chance.randrange(self._height)] = self._row()
            case _:
                rows[-1] = (*rows[-1], (chance.choice(self._atoms), PLAIN))
        cursor = (chance.randrange(self._height), chance.randrange(self._columns))
        return self._frame(cursor if chance.random() < 0.9 else None)

    def typed(self) -> Frame:
        """The last one with an empty last row, and the next time with a letter more in it."""
        text = plain(self._rows[-1]) + "x" if self._typing else ""
        self._typing = True
        self._rows[-1] = ((text, PLAIN),)
        return self._frame((self._height - 1, len(text)))

    def _frame(self, cursor: tuple[int, int] | None) -> Frame:
        return framed(list(self._rows), self._columns, cursor, self._split)
