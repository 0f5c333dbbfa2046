"""Paints frames on the terminal it is started on: one for each key pressed. See test_pty_frames.py.

python -m tests.tui.pty.painted SEED ATOM…
"""

from __future__ import annotations

import os
import sys

from tests.tui.terminal.frames import ATOMS, Frames, uri
from tui.terminal.open_console import open_console
from tui.terminal.terminal import Terminal

NEXT, TYPED, REDRAW, RESIZE, AWAY, QUIT = b"n", b"t", b"l", b"r", b"z", b"q"


def main(seed: int, atoms: tuple[str, ...]) -> None:
    """Numbers what it has done in the title of the window, so that one can wait for it."""
    console = open_console(os.environ)
    terminal = Terminal(console)
    terminal.link_with(uri)
    assert terminal.enter()
    columns, rows = console.size()
    frames = Frames(seed, columns, rows, atoms)
    frame = frames.next()
    done = 0
    try:
        while True:
            terminal.paint(frame)
            terminal.write(
                f"\x1b]2;{done}\x1b\\".encode()
            )  # also where titles are not known: it is for the test
            for key in console.read() or QUIT:
                match bytes((key,)):
                    case b"n":
                        frame = frames.next()
                    case b"t":
                        frame = frames.typed()
                    case b"l":
                        terminal.retake()
                    case b"r":
                        columns, rows = console.size()
                        frames.resize(columns, rows)
                        frame = frames.next()
                    case b"z":
                        terminal.leave()
                        terminal.enter()
                    case b"q":
                        return
                done += 1
    finally:
        terminal.leave()


if __name__ == "__main__":
    main(int(sys.argv[1]), tuple(sys.argv[2:]) or ATOMS)
