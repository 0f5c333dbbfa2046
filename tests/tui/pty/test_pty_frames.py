"""Frames through the real curses: what a real terminal shows is the frame, cell by cell, links included."""

from __future__ import annotations

import os
import pty
import random
import sys
import termios

import pytest
from hypothesis import settings

from tests.tui.clients import Clients
from tests.tui.pty.painted import AWAY, NEXT, QUIT, REDRAW, RESIZE, TYPED
from tests.tui.terminal.frames import ATOMS, Frames, Shown, drawn

COLUMNS, ROWS = 44, 9
EMOJI = ("👍", "🙃", "word ", "♥", "🎉 ", "日")
THOROUGH = settings().max_examples >= 100
"""Whether the profile of hypothesis is the one that tries everything (`tests.profiles`)."""


class Painted:
    """The program that paints, its terminal, and the same frames again.

    `looks` tells whether the terminal can show every look there is in them, and not the text alone.
    """

    def __init__(
        self, clients: Clients, seed: int, atoms: tuple[str, ...] = ATOMS, *, looks: bool = True, colours: int = 256,
        hides: bool = True, **environ: str | None,
    ) -> None:  # fmt: skip
        argv = [sys.executable, "-m", "tests.tui.pty.painted", str(seed), *atoms]
        self.program = clients.run(argv, "painter", COLUMNS, ROWS, **environ)
        self.shown = Shown(COLUMNS, ROWS)
        self.program.screen, self.program.stream = self.shown.screen, self.shown  # type: ignore[assignment]
        self.frames = Frames(seed, COLUMNS, ROWS, atoms)
        self.frame = self.frames.next()
        self.done = 0
        self.looks, self.colours, self.hides = looks, colours, hides
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
        elif key == TYPED:
            self.frame = self.frames.typed()
        self.program.type(key.decode())

    def check(self) -> None:
        """The terminal shows the frame."""
        self.program.until(lambda: self.shown.screen.title == f"{self.done}", f"number {self.done}")
        if self.looks:
            wanted = drawn(self.frame, colours=self.colours)
            wrong = [
                (y, x, cell, should)
                for y, (line, ideal) in enumerate(zip(self.shown.cells(), wanted, strict=True))
                for x, (cell, should) in enumerate(zip(line, ideal, strict=True))
                if cell != should
            ]
            assert wrong == [], self.done
        assert self.shown.lines() == self.frame.lines(), self.done
        cursor = self.shown.screen.cursor
        if self.frame.cursor is None:
            assert cursor.hidden or not self.hides
        else:
            # Behind what was written in the last column pyte counts one more.
            assert (cursor.y, min(cursor.x, self.shown.screen.columns - 1)) == self.frame.cursor
            assert not cursor.hidden

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


@pytest.mark.parametrize("term", ["xterm-256color", "linux", "vt100"])
def test_rows_of_emoji_that_scroll_stay_whole(clients: Clients, term: str) -> None:
    modern = term.startswith("xterm")  # on the others curses moves rows about, and there are fewer colours
    painted = Painted(clients, 3, EMOJI, looks=modern, hides=term != "vt100", TERM=term)
    for _ in range(count(1500)):
        painted.do(NEXT)
        painted.check()
    painted.end()


@pytest.mark.parametrize("term", ["xterm", "xterm-256color", "screen", "tmux-256color", "xterm-kitty"])
def test_terminals_of_xterms_kind_are_spoken_to_in_the_same_way(clients: Clients, term: str) -> None:
    painted = Painted(clients, 4, TERM=term, COLORTERM="truecolor")
    for _ in range(count(300)):
        painted.do(NEXT)
        painted.check()
    painted.end()


@pytest.mark.parametrize("term", ["linux", "vt100", "never-heard-of-it"])
def test_other_terminals_show_every_character(clients: Clients, term: str) -> None:
    painted = Painted(clients, 5, looks=False, hides=term != "vt100", TERM=term)
    for _ in range(count(300)):
        painted.do(NEXT)
        painted.check()
    painted.end()


def test_without_colours_every_character_is_shown(clients: Clients) -> None:
    painted = Painted(clients, 6, colours=0, NO_COLOR="1")
    for _ in range(count(300)):
        painted.do(NEXT)
        painted.check()
    painted.end()


@pytest.mark.parametrize("locale", ["de_DE.UTF-8", "nowhere.UTF-8", ""])
def test_the_width_of_a_character_does_not_depend_on_installed_locales(clients: Clients, locale: str) -> None:
    painted = Painted(clients, 7, LC_ALL=locale, LANG=locale)
    for _ in range(count(300)):
        painted.do(NEXT)
        painted.check()
    painted.end()


def test_the_terminal_is_as_before_and_as_it_was_asked_to_be_meanwhile(clients: Clients) -> None:
    other, fresh = pty.openpty()
    painted = Painted(clients, 8)
    try:
        program = painted.program
        meanwhile = {mode for mode, on in program.modes.items() if on}
        assert meanwhile >= {"1049", "2004", "1004", "7"}
        assert termios.tcgetattr(program.fd)[:4] != termios.tcgetattr(fresh)[:4]
        painted.do(AWAY)
        painted.check()
        assert {mode for mode, on in program.modes.items() if on} == meanwhile
        painted.end()
        assert not program.modes["1049"] and program.modes["25"] and program.modes["7"]
        assert termios.tcgetattr(program.fd) == termios.tcgetattr(fresh)
    finally:
        os.close(other)
        os.close(fresh)


def test_kitty_is_asked_about_its_keys_on_the_screen_that_they_are_for(clients: Clients) -> None:
    painted = Painted(clients, 9)
    painted.end()
    raw = bytes(painted.program.raw)
    assert raw.index(b"\x1b[?1049h") < raw.index(b"\x1b[?u")


def test_a_typed_character_costs_one_byte(clients: Clients) -> None:
    painted = Painted(clients, 10)
    for _ in range(2):
        painted.do(TYPED)
        painted.check()
    before = len(painted.program.raw)
    painted.do(TYPED)
    painted.check()
    title = len(f"\x1b]2;{painted.done}\x1b\\")
    assert len(painted.program.raw) - before - title == 1
