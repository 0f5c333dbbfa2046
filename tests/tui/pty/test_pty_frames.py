"""Frames through the real curses: what a real terminal shows is the frame, cell by cell, links included."""

from __future__ import annotations

import random
import sys

from tests.tui.clients import Clients
from tests.tui.pty.painted import AWAY, NEXT, QUIT, REDRAW, RESIZE
from tests.tui.terminal.frames import ATOMS, Frames, Shown, drawn

COLUMNS, ROWS = 44, 9
EMOJI = ("👍", "🙃", "word ", "♥", "🎉 ", "日")
THOROUGH = __import__("os").environ.get("THO") == "1"


class Painted:
    """The program that paints, its terminal, and the same frames again."""

    def __init__(
        self, clients: Clients, seed: int, atoms: tuple[str, ...] = ATOMS, **environ: str | None
    ) -> None:
        argv = [sys.executable, "-m", "tests.tui.pty.painted", str(seed), *atoms]
        self.program = clients.run(argv, "painter", COLUMNS, ROWS, **environ)
        self.shown = Shown(COLUMNS, ROWS)
        self.program.screen, self.program.stream = self.shown.screen, self.shown  # type: ignore[assignment]
        self.frames = Frames(seed, COLUMNS, ROWS, atoms)
        self.frame = self.frames.next()
        self.done = 0
        self.colours = 256
        self.links = True
        self.check()

    def do(self, key: bytes) -> None:
        """Presses a key, and waits until it is done."""
        self.done += 1
        if key == RESIZE:
            columns, rows = random.Random(self.done).randint(1, 60), random.Random(-self.done).randint(1, 14)
            self.program.resize(columns, rows)
            self.frames.resize(columns, rows)
        if key in (NEXT, RESIZE):
            self.frame = self.frames.next()
        self.program.type(key.decode())

    def check(self) -> None:
        """The terminal shows the frame."""
        self.program.until(lambda: self.shown.screen.title == f"{self.done}", f"number {self.done}")
        wanted = drawn(self.frame, colours=self.colours, links=self.links)
        wrong = [
            (y, x, cell, should)
            for y, (line, ideal) in enumerate(zip(self.shown.cells(), wanted, strict=True))
            for x, (cell, should) in enumerate(zip(line, ideal, strict=True))
            if cell != should
        ]
        assert wrong == [], self.done
        cursor = self.shown.screen.cursor
        assert cursor.hidden == (self.frame.cursor is None)
        assert self.frame.cursor is None or (cursor.y, cursor.x) == self.frame.cursor

    def end(self) -> None:
        self.program.type(QUIT.decode())
        assert self.program.ended() == 0
        assert self.program.left_on() == set()


def count(thorough: int) -> int:
    """How many frames: all in the thorough profile, a few of them otherwise."""
    return thorough if THOROUGH else thorough // 50


def test_any_frames_are_shown_cell_by_cell(clients: Clients) -> None:
    painted = Painted(clients, 1)
    for _ in range(count(3000)):
        painted.do(NEXT)
        painted.check()
    painted.end()


def test_sizes_redraws_and_absences_leave_every_cell_and_every_link_in_its_place(clients: Clients) -> None:
    painted = Painted(clients, 2)
    chance = random.Random(2)
    for _ in range(count(1800)):
        painted.do(chance.choice((NEXT, NEXT, NEXT, RESIZE, REDRAW, AWAY)))
        painted.check()
    painted.end()


def test_rows_of_emoji_that_scroll_stay_whole(clients: Clients) -> None:
    painted = Painted(clients, 3, EMOJI)
    for _ in range(count(1500)):
        painted.do(NEXT)
        painted.check()
    painted.end()
