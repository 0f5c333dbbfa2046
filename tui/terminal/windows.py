"""The console of Windows 10 and later: keys as sequences of xterm, read by a thread into a socket; PDCurses draws.

Windows can't wait for a console together with sockets, so a thread waits for it. The keys are not left to PDCurses,
which knows neither pastes nor focus. Everything but the calls of the system themselves
(`tui.terminal.windows_kernel`, behind `System`) is here and runs anywhere.
"""

from __future__ import annotations

import os
import socket
import threading

from tui.terminal.console import END, RESIZED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Protocol

    class System(Protocol):
        """The calls of the system that are needed. A console that is gone is an OSError."""

        def modes(self) -> tuple[int, int]:
            """The modes of input and output."""

        def set_modes(self, source: int, target: int) -> None:
            """Sets them."""

        def wait(self) -> bool:
            """Waits until there is input (True) or `wake` was called (False)."""

        def wake(self) -> None:
            """Ends a wait in another thread, or the next one."""

        def records(self) -> list[tuple[int, bool, int, int, int]]:
            """Takes the input there is, as (kind, down, key, UTF-16 unit, count); only the KEY kind has the rest."""

        def drop_input(self) -> None:
            """Forgets what was typed and not read."""

        def write(self, text: str) -> None:
            """Writes a text."""

        def size(self) -> tuple[int, int]:
            """Columns and rows of the window."""

        def on_control(self, handler: Callable[[int], bool]) -> None:
            """Has `handler` called, in a thread of its own, when the system wants the program to end."""


# https://learn.microsoft.com/windows/console/setconsolemode
PROCESSED_INPUT, LINE_INPUT, ECHO_INPUT, WINDOW_INPUT, MOUSE_INPUT = 0x1, 0x2, 0x4, 0x8, 0x10
QUICK_EDIT, EXTENDED_FLAGS, VT_INPUT = 0x40, 0x80, 0x200
PROCESSED_OUTPUT, VT_OUTPUT, NO_AUTO_RETURN = 0x1, 0x4, 0x8

KEY, RESIZE = 0x1, 0x4
"""Kinds of records: KEY_EVENT and WINDOW_BUFFER_SIZE_EVENT (https://learn.microsoft.com/windows/console/input-record-str)."""

_ALTERNATE, _ORDINARY = "\x1b[?1049h", "\x1b[?1049l"
"""Switches to the alternate screen, as curses does elsewhere, so that the old contents reappear afterwards."""

_ALT, _SPACE = 0x12, 0x20
"""Virtual keys: a character typed by its number comes when Alt is let go; Ctrl-Space is the one key that means NUL."""

_CONTROLS = {0: 130, 1: 149, 2: 129, 5: 129, 6: 143}
"""Exit codes for Ctrl-C, Ctrl-Break, the closed window, the end of the session and of the system, as by signals."""
_URGENT = (2, 5, 6)
"""Events that end the program as soon as the handler returns, so it waits until the terminal is restored."""
_PATIENCE = 4.0
"""Seconds that it waits; the system gives 5."""

_ROOM = 1 << 20
"""Bytes of keys that wait to be read; beyond it the thread waits, and the system keeps them."""


class WindowsConsole:
    """The console of this process (`tui.terminal.console.Console`)."""

    def __init__(self, system: System, environ: Mapping[str, str]) -> None:
        # A shell of another world may have set TERM; the console itself is always of this kind.
        self.environ: Mapping[str, str] = {**environ, "TERM": "xterm-256color"}
        self.scrolls = False
        self._system = system
        self._saved: tuple[int, int] | None = None
        self._keys, self._typed = _pair()
        self._noticed, self._notice = _pair()
        self._notice.setblocking(False)
        self._noticed.setblocking(False)
        self._taken = threading.Event()
        self._given_back = threading.Event()
        self._half = b""
        """A UTF-16 unit that waits for its other half."""
        self._pump: threading.Thread | None = None
        self._ended = False

    def able(self) -> bool:
        """Whether this version of the console understands the sequences."""
        try:
            source, target = self._system.modes()
            self._system.set_modes(*_raw(source, target))
            self._system.set_modes(source, target)
        except OSError:
            return False
        return True

    def take(self) -> bool:
        """Has keys come as sequences, and sequences understood. False if the console is gone."""
        try:
            modes = self._system.modes()
            self._system.set_modes(*_raw(*modes))
            if self._saved is None:
                self._saved = modes
                self._system.write(_ALTERNATE)
        except OSError:
            return False
        self._given_back.clear()
        self._taken.set()
        if self._pump is None:
            self._pump = threading.Thread(target=self._run, daemon=True)
            self._pump.start()
        return True

    def begin(self, curses: Any) -> Any:
        """Begins PDCurses on this console, and not on one of its own, where nothing else could be written."""
        os.environ["PDC_RESTORE_SCREEN"] = "0"
        return curses.initscr()

    def give_back(self, *, drop_input: bool = False) -> None:
        """Sets the modes as they were; keys are left to others from now on."""
        saved, self._saved = self._saved, None
        if saved is None:
            return
        self._taken.clear()
        try:
            self._system.wake()
            if drop_input:
                self._system.drop_input()
            self.write(_ORDINARY.encode())
            self._system.set_modes(*saved)
        except OSError:
            pass  # it is gone
        self._given_back.set()

    def close(self) -> None:
        """Gives everything back, for good, and ends the thread."""
        self.give_back()
        self._ended = True
        self._taken.set()
        try:
            self._system.wake()
        except OSError:
            pass  # it is gone
        if self._pump is None:
            self._typed.close()
        for sock in (self._keys, self._noticed, self._notice):
            sock.close()

    def size(self) -> tuple[int, int]:
        """Columns and rows, at least one each."""
        try:
            columns, rows = self._system.size()
        except OSError:
            columns, rows = 80, 24
        return max(columns, 1), max(rows, 1)

    def fileno(self) -> int:
        """The socket on which the keys come."""
        return self._keys.fileno()

    def read(self) -> bytes | None:
        """What was typed; None if the console is gone."""
        try:
            return self._keys.recv(65_536) or None
        except OSError:
            return None

    def write(self, data: bytes) -> None:
        """Writes whole characters of UTF-8, and sequences, which PDCurses switches off when it has changed a colour."""
        try:
            source, target = self._system.modes()
            if not target & VT_OUTPUT:
                self._system.set_modes(*_raw(source, target))
            self._system.write(data.decode("utf-8", "replace"))
        except OSError:
            pass  # it is gone, which reading will tell

    def listen(self) -> int:
        """The end that the system wants is noticed from now on."""
        self._system.on_control(self._control)
        return self._noticed.fileno()

    def notices(self) -> list[tuple[str, int]]:
        """What was noticed, each once."""
        try:
            found = dict.fromkeys(self._noticed.recv(4096))
        except OSError:
            return []
        ending = [(END, code) for code in found if code]
        return ending[:1] or [(RESIZED, 0)]

    def suspend(self) -> bool:
        """This system can't suspend programs."""
        return False

    # ---- other threads --------------------------------------------------------------------------------------------

    def _tell(self, code: int) -> None:
        """An exit code, or 0 for another size."""
        try:
            self._notice.send(bytes([code]))
        except OSError:
            pass  # full: then there is enough to wake up for

    def _control(self, kind: int) -> bool:
        self._tell(_CONTROLS.get(kind, 129))
        if kind in _URGENT:
            self._given_back.wait(_PATIENCE)
        return True

    def _run(self) -> None:
        """Passes keys on, while the console is ours, until it is gone."""
        with self._typed:
            while not self._ended:
                self._taken.wait()
                try:
                    if not self._system.wait() or not self._taken.is_set():
                        continue
                    data = self._read_records()
                    if data:
                        self._typed.sendall(data)
                except OSError:
                    return

    def _read_records(self) -> bytes:
        units = self._half
        for kind, down, key, unit, count in self._system.records():
            if kind == RESIZE:
                self._tell(0)
            elif kind == KEY and (unit or key == _SPACE) and (down or key == _ALT):
                units += unit.to_bytes(2, "little") * max(count, 1)
        last = int.from_bytes(units[-2:], "little")
        self._half = units[-2:] if 0xD800 <= last < 0xDC00 else b""
        text = units[: len(units) - len(self._half)].decode("utf-16-le", "replace")
        return text.encode("utf-8", "replace")


def _raw(source: int, target: int) -> tuple[int, int]:
    """Modes in which every key reaches us, as a sequence if it is not a character, and sequences are interpreted."""
    source &= ~(PROCESSED_INPUT | LINE_INPUT | ECHO_INPUT | MOUSE_INPUT)
    return source | WINDOW_INPUT | VT_INPUT, target | PROCESSED_OUTPUT | VT_OUTPUT | NO_AUTO_RETURN


def _pair() -> tuple[socket.socket, socket.socket]:
    reader, writer = socket.socketpair()
    writer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ROOM)
    return reader, writer
