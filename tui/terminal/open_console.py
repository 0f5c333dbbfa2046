"""The console of this process, whichever its system is."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.terminal.console import Console


def open_console(environ: Mapping[str, str]) -> Console:
    """The console of this process."""
    if sys.platform == "win32":
        from tui.terminal.windows import WindowsConsole
        from tui.terminal.windows_kernel import Kernel

        return WindowsConsole(Kernel(), environ)
    else:  # noqa: RET505  (what is behind an `if` alone would be checked for Windows)
        from tui.terminal.posix import PosixConsole

        return PosixConsole(environ)
