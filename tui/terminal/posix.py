"""The console of POSIX systems: termios for its modes, signals for what happens besides keys."""

from __future__ import annotations

import os
import signal
import sys

assert sys.platform != "win32"  # there is `tui.terminal.windows`

import termios  # noqa: E402  (what stands behind the assertion is not checked for Windows)

from tui.terminal import terminfo  # noqa: E402
from tui.terminal.console import END, GO_ON, RESIZED, STOP, size_of  # noqa: E402

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_READ = 65_536
"""Bytes read at once: a paste of a screenful of screens."""

_ENDING = (
    signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGABRT, signal.SIGUSR1, signal.SIGUSR2,
    signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF, signal.SIGXCPU,
)  # fmt: skip
"""Signals that end a program, except for its own faults: the terminal has to be restored first."""
_NOTICES = {signal.SIGWINCH: RESIZED, signal.SIGTSTP: STOP, signal.SIGCONT: GO_ON}


class PosixConsole:
    """A terminal on two file descriptors (`tui.terminal.console.Console`)."""

    def __init__(self, environ: Mapping[str, str], source: int = 0, target: int = 1) -> None:
        self.environ = environ
        self.scrolls = True
        self._source = source
        self._target = target
        self._saved: list[Any] | None = None
        self._wake_reader, self._wake_writer = -1, -1

    def able(self) -> bool:
        """Every terminal is; which sequences it knows, TERM tells."""
        return True

    def take(self) -> bool:
        """Has every key given to us as it is. False if the terminal is gone."""
        try:
            mode = termios.tcgetattr(self._source)
            if self._saved is None:
                self._saved = termios.tcgetattr(self._source)
            termios.tcsetattr(self._source, termios.TCSADRAIN, _raw(mode))
        except termios.error:
            return False
        return True

    def begin(self, curses: Any) -> Any:
        """Begins curses on standard input and output, with the entry of terminfo that suits TERM."""
        term = self.environ.get("TERM", "")
        self.scrolls = terminfo.entry(term) != terminfo.OWN
        return terminfo.begin(curses, term)

    def give_back(self, *, drop_input: bool = False) -> None:
        """Sets all modes as they were."""
        saved, self._saved = self._saved, None
        if saved is None:
            return
        try:
            termios.tcsetattr(self._source, termios.TCSAFLUSH if drop_input else termios.TCSADRAIN, saved)
        except termios.error:
            pass  # it is gone

    def close(self) -> None:
        """Gives everything back, for good; signals stay without effect, as the program is about to end."""
        self.give_back()
        if self._wake_writer >= 0:
            signal.set_wakeup_fd(-1)
            os.close(self._wake_reader)
            os.close(self._wake_writer)
            self._wake_reader = self._wake_writer = -1

    def size(self) -> tuple[int, int]:
        """Columns and rows, at least one each."""
        return size_of(self._target)

    def fileno(self) -> int:
        """What to wait on for keys."""
        return self._source

    def read(self) -> bytes | None:
        """What was typed; None if the terminal is gone."""
        try:
            return os.read(self._source, _READ) or None
        except InterruptedError:
            return b""
        except OSError:
            return None

    def write(self, data: bytes) -> None:
        """Writes bytes as they are. What a terminal that is gone does not take is dropped."""
        while data:
            try:
                data = data[os.write(self._target, data) :]
            except BlockingIOError:
                _wait_writable(self._target)
            except OSError:
                return

    def listen(self) -> int:
        """Signals are noticed from now on, instead of what they usually do."""
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_writer, False)
        os.set_blocking(self._wake_reader, False)
        signal.set_wakeup_fd(self._wake_writer, warn_on_full_buffer=False)
        for number in (*_ENDING, *_NOTICES):
            signal.signal(number, _noted)
        return self._wake_reader

    def notices(self) -> list[tuple[str, int]]:
        """The signals received, each once."""
        try:
            numbers = dict.fromkeys(os.read(self._wake_reader, 4096))
        except BlockingIOError:
            return []
        ending = [(END, 128 + number) for number in numbers if number in _ENDING]
        return ending[:1] or [(_NOTICES[signal.Signals(n)], 0) for n in numbers if n in _NOTICES]

    def suspend(self) -> bool:
        """Stops as any program does on Ctrl-Z, and goes on when the shell says so."""
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, _noted)
        return True


def _raw(mode: list[Any]) -> list[Any]:
    """A mode of a terminal (termios) with every key given to us as it is, and every byte to the terminal."""
    mode[0] &= ~(
        termios.BRKINT | termios.ICRNL | termios.INPCK | termios.ISTRIP | termios.IXON | termios.INLCR
    )
    mode[1] &= ~termios.OPOST
    mode[2] = mode[2] & ~(termios.CSIZE | termios.PARENB) | termios.CS8
    mode[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
    return mode


def _wait_writable(target: int) -> None:
    import select

    select.select([], [target], [])


def _noted(number: int, frame: object) -> None:
    """Records a signal; the loop learns of it through the wake-up descriptor."""
