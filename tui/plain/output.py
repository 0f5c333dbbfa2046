"""Standard output and standard error of the linear mode: lines that never tear the one that is being written."""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from tui.plain.prompt import Prompt

_TYPING = 10.0
"""Seconds since the last key for which what comes is held back while a line is half written."""

_RINGING = 2.0
"""Seconds at least between two bells."""


class Output:
    """Prints lines to `target`, above the `prompt` if there is one, and complaints to `errors` if there is none.

    `gone` is set when nobody reads `target` any more, as when `head` has seen enough; what is printed then is dropped.
    """

    def __init__(self, target: TextIO, errors: TextIO) -> None:
        self.prompt: Prompt | None = None
        self.gone = False
        self._target = target
        self._errors = errors
        self._held: list[str] = []
        self._typed_at = 0.0
        self._rang_at = -_RINGING

    def typed(self) -> None:
        """A key was pressed."""
        self._typed_at = time.monotonic()

    @property
    def due(self) -> float | None:
        """Seconds until what is held back is printed though a line is half written."""
        return self._typed_at + _TYPING - time.monotonic() if self._held and self._is_typing() else None

    def print(self, lines: list[str]) -> None:
        """Prints lines, at once or when the user has stopped writing."""
        self._held += lines
        if self.prompt is None:
            self._print_held()

    def ring(self) -> None:
        """The bell, on a terminal; once for all that comes in a moment."""
        now = time.monotonic()
        if self.prompt is not None and now - self._rang_at >= _RINGING:
            self._rang_at = now
            self._target.write("\a")

    def complain(self, lines: list[str]) -> None:
        """Prints lines to standard error, for a program that reads the other."""
        try:
            self._errors.writelines(f"evchat-tui: {line}\n" for line in lines)
            self._errors.flush()
        except BrokenPipeError:
            _drop(self._errors)

    def draw(self) -> None:
        """Shows the prompt as it is now, unless what is held back is printed first."""
        if self.prompt is not None and self.prompt.is_empty and not self._held:
            self.prompt.draw()

    def flush(self) -> None:
        """Prints what may be printed now, and has it written out."""
        if self._held and (self.prompt is None or not self._is_typing()):
            self._print_held()
        try:
            self._target.flush()
        except BrokenPipeError:
            self._reader_gone()

    def _is_typing(self) -> bool:
        prompt = self.prompt
        return prompt is not None and not prompt.is_empty and time.monotonic() - self._typed_at < _TYPING

    def _print_held(self) -> None:
        held, self._held = self._held, []
        if self.prompt is not None:
            self.prompt.hide()
        try:
            self._target.writelines(f"{line}\n" for line in held)
        except BrokenPipeError:
            self._reader_gone()
        if self.prompt is not None:
            self.prompt.draw()

    def _reader_gone(self) -> None:
        self.gone = True
        _drop(self._target)


def _drop(stream: TextIO) -> None:
    """Lets everything that is still to be written to a pipe without a reader go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
