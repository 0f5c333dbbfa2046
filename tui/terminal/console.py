"""The console that the screen needs from the system: the one interface between POSIX and Windows."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Protocol

    class Console(Protocol):
        """A terminal as the system gives it, with keys and screen in the sequences of xterm.

        What `fileno` and `listen` return can be waited for in a loop. `take` and `give_back` can be repeated.
        """

        environ: Mapping[str, str]
        scrolls: bool
        """Whether curses may move rows about here, and with them what was written over them."""

        def able(self) -> bool:
            """Whether it can show a screen."""

        def take(self) -> bool:
            """Has every key given to us as it is, and every byte to the terminal. False if it is gone."""

        def begin(self, curses: Any) -> Any:
            """Begins curses on the terminal, which is taken, and may change its modes by that; the root window."""

        def give_back(self, *, drop_input: bool = False) -> None:
            """Sets all modes as they were. With `drop_input`, what was typed and not read is left to nobody."""

        def close(self) -> None:
            """Gives everything back, for good."""

        def size(self) -> tuple[int, int]:
            """Columns and rows."""

        def fileno(self) -> int:
            """What to wait on for keys."""

        def read(self) -> bytes | None:
            """What was typed; None if the terminal is gone."""

        def write(self, data: bytes) -> None:
            """Writes whole characters. What a terminal that is gone does not take is dropped."""

        def listen(self) -> int:
            """From now on what happens besides keys is noticed; returns what to wait on for that."""

        def notices(self) -> list[tuple[str, int]]:
            """What was noticed: END with an exit code, RESIZED, STOP (go to the background), GO_ON (one is back)."""

        def suspend(self) -> bool:
            """Stops the program as its shell wants it, until that says to go on. False where there is no such thing."""


END, RESIZED, STOP, GO_ON = "end", "resized", "stop", "go on"


def size_of(target: int) -> tuple[int, int]:
    """Columns and rows of a terminal, at least one each; those of the VT100 if it is none."""
    try:
        columns, rows = os.get_terminal_size(target)
    except OSError:
        columns, rows = 80, 24
    return max(columns or 80, 1), max(rows or 24, 1)
