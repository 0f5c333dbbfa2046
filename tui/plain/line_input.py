"""The lines that are read: from a pipe, or as they are typed on a terminal."""

from __future__ import annotations

import signal
from collections import deque

from tui.plain import prompt
from tui.plain.source import LineSplitter, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from evchat.net.loop import Loop
    from tui.model.keymap import Keymap
    from tui.plain.output import Output


class LineInput:
    """Reads from the file descriptor `source`. `lines` were read and wait for their turn; None stands for one that is
    too long. `ended`: no more are read.
    """

    def __init__(self, loop: Loop, source: int, out: Output) -> None:
        self.lines: deque[str | None] = deque()
        self.ended = False
        self._loop = loop
        self._fd = source
        self._out = out
        self._source: Source | None = None
        self._splitter = LineSplitter()
        self._raw = prompt.Raw(source)

    def begin_to_talk(self, target: TextIO, sign: str, keymap: Keymap, aliases: Mapping[str, str]) -> None:
        """Takes the terminal, with a prompt to write in at the end of what is printed to `target`."""
        if self._raw.enter():
            fd = target.fileno()
            self._out.prompt = prompt.Prompt(target.write, lambda: prompt.columns(fd), keymap, aliases)
            self._out.prompt.sign = sign
            if hasattr(signal, "SIGCONT"):
                signal.signal(signal.SIGCONT, self._continued)

    def leave(self) -> None:
        """Gives the terminal back, and reads no more."""
        self._raw.leave()
        self.end()
        if self._source is not None:
            self._source.reader.close()

    def _continued(self, number: int, frame: object) -> None:
        """After Ctrl-Z and `fg`, or a shell that has changed the terminal."""
        self._raw.enter()
        if self._out.prompt is not None:
            self._out.prompt.draw()
            self._out.flush()

    def read_on(self, *, patient: bool) -> None:
        """Reads what comes, or leaves it there while lines still wait, if `patient`."""
        if self._source is None:
            self._source = Source(self._fd)
            self._loop.register(self._source.reader, self._typed, None)
        self._loop.watch(self._source.reader, not (patient and self.lines), False)

    def _typed(self) -> None:
        assert self._source is not None
        data = self._source.reader.recv(65_536)
        prompt = self._out.prompt
        if not data:
            self.end()
            self.lines += self._splitter.end()
        elif prompt is None:
            self.lines += self._splitter.feed(data)
        else:
            self._out.typed()
            self.lines += prompt.feed(data)
            if prompt.ended:
                self.end()
        self._out.draw()

    def end(self) -> None:
        """No more is read."""
        if not self.ended and self._source is not None:
            self._loop.unregister(self._source.reader)
        self.ended = True
