"""The calls of Windows that `windows` needs, through ctypes. Untested: nothing here can run anywhere else."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

if sys.platform == "win32":
    import ctypes
    import os
    from ctypes import wintypes as w

    class _Key(ctypes.Structure):
        """KEY_EVENT_RECORD."""

        _fields_ = (
            ("down", w.BOOL),
            ("count", w.WORD),
            ("key", w.WORD),
            ("scan", w.WORD),
            ("unit", w.WORD),
            ("state", w.DWORD),
        )

    class _Record(ctypes.Structure):
        """INPUT_RECORD; of the union only the key is read, which is its largest part."""

        _fields_ = (("kind", w.WORD), ("key", _Key))

    _INPUT, _OUTPUT = -10, -11
    _FOREVER = 0xFFFFFFFF
    _MOST_RECORDS = 1024
    _MOST_WRITTEN = 8192
    """Characters in one call; larger ones were refused by older consoles."""

    class Kernel:
        """The console of this process (`tui.terminal.windows.System`)."""

        def __init__(self) -> None:
            kernel = self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel.GetStdHandle.restype = kernel.CreateEventW.restype = w.HANDLE
            kernel.GetStdHandle.argtypes = (w.DWORD,)
            kernel.CreateEventW.argtypes = (w.LPVOID, w.BOOL, w.BOOL, w.LPCWSTR)
            kernel.SetEvent.argtypes = kernel.FlushConsoleInputBuffer.argtypes = (w.HANDLE,)
            kernel.GetConsoleMode.argtypes = (w.HANDLE, w.LPDWORD)
            kernel.SetConsoleMode.argtypes = (w.HANDLE, w.DWORD)
            kernel.WriteConsoleW.argtypes = (w.HANDLE, w.LPCWSTR, w.DWORD, w.LPDWORD, w.LPVOID)
            kernel.ReadConsoleInputW.argtypes = (w.HANDLE, w.LPVOID, w.DWORD, w.LPDWORD)
            kernel.WaitForMultipleObjects.argtypes = (w.DWORD, ctypes.POINTER(w.HANDLE), w.BOOL, w.DWORD)
            kernel.WaitForMultipleObjects.restype = w.DWORD
            self._source = kernel.GetStdHandle(_INPUT & 0xFFFFFFFF)
            self._target = kernel.GetStdHandle(_OUTPUT & 0xFFFFFFFF)
            self._event = kernel.CreateEventW(None, False, False, None)
            self._handler: object = None

        def modes(self) -> tuple[int, int]:
            """The modes of input and output."""
            source, target = w.DWORD(), w.DWORD()
            _check(self._kernel.GetConsoleMode(self._source, ctypes.byref(source)))
            _check(self._kernel.GetConsoleMode(self._target, ctypes.byref(target)))
            return source.value, target.value

        def set_modes(self, source: int, target: int) -> None:
            """Sets them."""
            _check(self._kernel.SetConsoleMode(self._target, target))
            _check(self._kernel.SetConsoleMode(self._source, source))

        def wait(self) -> bool:
            """Waits until there is input (True) or `wake` was called (False)."""
            handles = (w.HANDLE * 2)(self._event, self._source)
            which = self._kernel.WaitForMultipleObjects(2, handles, False, _FOREVER)
            if which not in (0, 1):
                raise ctypes.WinError(ctypes.get_last_error())
            return bool(which == 1)

        def wake(self) -> None:
            """Ends a wait."""
            _check(self._kernel.SetEvent(self._event))

        def records(self) -> list[tuple[int, bool, int, int, int]]:
            """Takes the input there is."""
            found, count = (_Record * _MOST_RECORDS)(), w.DWORD()
            _check(
                self._kernel.ReadConsoleInputW(
                    self._source, ctypes.byref(found), _MOST_RECORDS, ctypes.byref(count)
                )
            )
            return [
                (one.kind, bool(one.key.down), one.key.key, one.key.unit, one.key.count)
                for one in found[: count.value]
            ]

        def drop_input(self) -> None:
            """Forgets what was typed and not read."""
            _check(self._kernel.FlushConsoleInputBuffer(self._source))

        def write(self, text: str) -> None:
            """Writes a text."""
            for start in range(0, len(text), _MOST_WRITTEN):
                piece, written = text[start : start + _MOST_WRITTEN], w.DWORD()
                units = len(piece.encode("utf-16-le")) // 2
                _check(self._kernel.WriteConsoleW(self._target, piece, units, ctypes.byref(written), None))

        def size(self) -> tuple[int, int]:
            """Columns and rows of the window."""
            columns, rows = os.get_terminal_size(1)
            return columns, rows

        def on_control(self, handler: Callable[[int], bool]) -> None:
            """Has `handler` called when the system wants the program to end."""
            self._handler = ctypes.WINFUNCTYPE(w.BOOL, w.DWORD)(handler)  # kept, as the system keeps it
            _check(self._kernel.SetConsoleCtrlHandler(self._handler, True))

    def _check(done: int) -> None:
        if not done:
            raise ctypes.WinError(ctypes.get_last_error())
