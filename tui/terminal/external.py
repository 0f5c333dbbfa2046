"""Other programs: the one that opens links, and the user's editor. Imported when first needed, as it takes its time."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LAST_WORDS = 1.0
"""Seconds that an editor may take to end when it is told to."""


def open_uri(uri: str) -> str:
    """Opens a URI with the system's program; why that can't be done, or an empty text."""
    if sys.platform == "win32":
        try:
            os.startfile(uri)
        except OSError:
            return f"Windows has no program to open it with: {uri}"
        return ""
    program = "open" if sys.platform == "darwin" else "xdg-open"
    if sys.platform != "darwin" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return f"There is no desktop to open it on: {uri}"
    try:
        subprocess.Popen(
            [program, uri],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return f"{program} is not installed, so this has to be opened by hand: {uri}"
    return ""


class Editor:
    """The user's editor ($VISUAL or $EDITOR) at work on `text`, on the terminal that was left to it.

    `done` is called in a thread of its own when it has ended; then `result` tells the outcome. `problem` says why it
    could not be started, if so; then `done` is never called.
    """

    def __init__(self, text: str, done: Callable[[], None]) -> None:
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        self._command = editor or ("notepad" if sys.platform == "win32" else "vi")
        self._name = Path(self._command.split()[0]).name if self._command.strip() else self._command
        self._text = text
        self._done = done
        self._mode = _terminal_mode()
        self._directory = tempfile.TemporaryDirectory(prefix="evchat-")
        self._path = Path(self._directory.name, "message.txt")
        self._stopped = False
        self.problem = ""
        try:
            self._path.write_text(text, "utf-8")
            command = [*shlex.split(self._command, posix=sys.platform != "win32"), str(self._path)]
            self._process = subprocess.Popen(command)
        except (OSError, ValueError):
            self.problem = f"{self._name} can't be started. Set EDITOR to the editor you like."
            self._directory.cleanup()
        else:
            threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        self._process.wait()
        self._done()

    def result(self) -> tuple[str, str]:
        """The text as it is now, and why it is as it was, if something went wrong. The terminal has its modes again."""
        _set_terminal_mode(self._mode)
        with self._directory:
            if self._process.returncode and not self._stopped:
                return self._text, f"{self._name} ended with an error; the text is unchanged."
            try:
                edited = self._path.read_text("utf-8-sig", "replace")
            except OSError:
                return self._text, f"{self._name} saved no text, so nothing has changed."
        # One that was stopped may have been about to write.
        return (edited or self._text if self._stopped else edited), ""

    def stop(self) -> None:
        """Ends it, as nobody is there any more, or this program is to end. What was saved in it counts."""
        self._stopped = True
        self._process.terminate()
        try:
            self._process.wait(_LAST_WORDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


if sys.platform == "win32":

    def _terminal_mode() -> list[Any] | None:
        """None: a console of Windows gets its modes from what takes it back."""
        return None

    def _set_terminal_mode(mode: list[Any] | None) -> None:
        """Does nothing."""

else:
    import termios

    def _terminal_mode() -> list[Any] | None:
        """The modes of the terminal, which an editor that dies does not set back."""
        try:
            return termios.tcgetattr(0)
        except termios.error:
            return None

    def _set_terminal_mode(mode: list[Any] | None) -> None:
        if mode is not None:
            try:
                termios.tcsetattr(0, termios.TCSADRAIN, mode)
            except termios.error:
                pass  # it is gone
