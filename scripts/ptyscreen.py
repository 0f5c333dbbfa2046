"""A program on a pseudo-terminal, and the screen that a person would see: for the tests and the pictures.

The screen is emulated by pyte. What pyte does not tell (which modes are on, what went by) is kept besides.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence

import pyte

PATIENCE = 20.0
"""Seconds within which even a busy machine shows what is waited for."""

KEYS = {
    "enter": "\r", "tab": "\t", "escape": "\x1b", "backspace": "\x7f", "up": "\x1b[A", "down": "\x1b[B",
    "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F", "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~", "shift-tab": "\x1b[Z", "alt-enter": "\x1b\r", "alt-up": "\x1b[1;3A", "f1": "\x1bOP",
    "ctrl-end": "\x1b[1;5F", "focus-in": "\x1b[I", "focus-out": "\x1b[O",
}  # fmt: skip

_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_SEQUENCE = re.compile(
    rb"\x1b\[[<=>?]?[0-9;:]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[0-Z\\-~]"
)


def key(name: str) -> str:
    """What a terminal sends for a key: "ctrl-a", "alt-x", "pageup", …"""
    if name in KEYS:
        return KEYS[name]
    if name.startswith("ctrl-"):
        return chr(ord(name[-1].upper()) & 0x1F)
    return "\x1b" + name.removeprefix("alt-") if name.startswith("alt-") else name


class Program:
    """A program on a terminal of `columns` x `rows`. `raw` is all that it wrote, `modes` are those it switched."""

    def __init__(
        self,
        argv: Sequence[str],
        environ: Mapping[str, str],
        columns: int = 80,
        rows: int = 24,
        cwd: str = "/",
    ) -> None:
        self.columns, self.rows = columns, rows
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        self.modes: dict[str, bool] = {}
        self.code: int | None = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                _resize(0, columns, rows)
                os.chdir(cwd)
                os.execvpe(argv[0], list(argv), dict(environ))
            finally:
                os._exit(127)
        os.set_blocking(self.fd, False)

    # ---- what a person does -----------------------------------------------------------------------------------------

    def type(self, text: str) -> None:
        """Types characters."""
        data = text.encode()
        while data:
            try:
                data = data[os.write(self.fd, data) :]
            except BlockingIOError:
                self.read(0.01)

    def press(self, *names: str) -> None:
        """Presses keys by their names."""
        for name in names:
            self.type(key(name))

    def line(self, text: str) -> None:
        """Types a line."""
        self.type(text + "\r")

    def paste(self, text: str) -> None:
        """Pastes a text as a terminal does: in brackets, if the program asked for them."""
        body = text.replace("\n", "\r")
        self.type(f"\x1b[200~{body}\x1b[201~" if self.modes.get("2004") else body)

    def resize(self, columns: int, rows: int) -> None:
        """Makes the window another size."""
        self.read(0)
        self.columns, self.rows = columns, rows
        self.screen.resize(rows, columns)
        _resize(self.fd, columns, rows)

    def kill(self, number: int) -> None:
        """Sends a signal."""
        os.kill(self.pid, number)

    # ---- what a person sees -----------------------------------------------------------------------------------------

    def read(self, seconds: float) -> bool:
        """Takes what the program writes within that time; False once it has ended."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.fd, 65_536)
        except BlockingIOError:
            return True
        except OSError:
            return False  # Linux says so when the last process of the terminal is gone.
        if not data:
            return False
        start = max(len(self.raw) - 16, 0)
        self.raw += data
        for match in _MODE.finditer(self.raw, start):
            for mode in match[1].decode().split(";"):
                self.modes[mode] = match[2] == b"h"
        self.stream.feed(data)
        return True

    def lines(self) -> list[str]:
        """The rows of the screen. A wide character takes two columns, of which the second one is empty here."""
        return ["".join(self.screen.buffer[y][x].data for x in range(self.columns)) for y in range(self.rows)]

    def text(self) -> str:
        """The screen without the spaces at the ends of its rows."""
        return "\n".join(line.rstrip() for line in self.lines())

    def cells(self, column: int) -> str:
        """What stands in a column, from above."""
        return "".join(self.screen.buffer[y][column].data for y in range(self.rows))

    def until(self, true: Callable[[], bool], what: str) -> None:
        """Waits until something holds; fails with the screen if it never does."""
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end or not self.read(0.02):
                if true():
                    return
                tail = bytes(self.raw[-2000:])
                raise AssertionError(f"never: {what}\n{self.text()}\n{tail!r}")

    def see(self, pattern: str) -> re.Match[str]:
        """Waits until the screen matches a regular expression."""
        self.until(lambda: re.search(pattern, self.text()) is not None, pattern)
        match = re.search(pattern, self.text())
        assert match is not None
        return match

    def miss(self, pattern: str) -> None:
        """Waits until the screen does not match a regular expression any more."""
        self.until(lambda: re.search(pattern, self.text()) is None, f"no {pattern}")

    def sequences(self) -> set[bytes]:
        """The control sequences that went by."""
        return set(_SEQUENCE.findall(bytes(self.raw)))

    def echoes(self) -> bool:
        """Whether the terminal is in its usual mode: what is typed is echoed, by the line."""
        flags = termios.tcgetattr(self.fd)[3]
        return bool(flags & termios.ECHO and flags & termios.ICANON and flags & termios.ISIG)

    def left_on(self) -> set[str]:
        """The modes that a program has to switch off again and did not."""
        own = ("1049", "2004", "1000", "1002", "1003", "1004", "1006", "2026")
        return {mode for mode in own if self.modes.get(mode)}

    # ---- the end ----------------------------------------------------------------------------------------------------

    def ended(self) -> int:
        """Waits until the program has ended; its exit code, or minus the signal that killed it."""
        end = time.monotonic() + PATIENCE
        while self.code is None:
            self.read(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise AssertionError(f"it goes on and on\n{self.text()}")
        while select.select([self.fd], [], [], 0)[0] and self.read(0):
            pass
        return self.code

    def close(self) -> None:
        """Ends the program, whatever it does, and lets go of the terminal."""
        if self.code is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
                self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            except (ProcessLookupError, ChildProcessError):
                pass  # it is gone
        try:
            os.close(self.fd)
        except OSError:
            pass  # closed already


def _resize(fd: int, columns: int, rows: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
