"""A line to write in, at the bottom of a terminal that can do nothing but print: no escape sequence is used.

The line is drawn with a carriage return and taken away with spaces, so it is never mixed with what else is printed.
"""

from __future__ import annotations

import os
import sys
import time

from evchat.protocol.text import harmless, width
from tui.model.editor import Editor
from tui.model.input_history import add, hidden, remembered
from tui.model.inputs import Key, Paste
from tui.model.keymap import EDITOR, LINE, Keymap
from tui.model.question import PAUSE
from tui.terminal.keys import KeyDecoder
from tui.text.rows import cut, cut_start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from tui.model.question import Question

_FEWEST_COLUMNS = 20


class Prompt:
    """The line being written, behind the text `sign`. `write` prints, `columns` tells how wide the terminal is. It may
    begin with one of the user's `aliases`.

    `ended` is set when the user wants no more: by Ctrl-D on an empty line.
    """

    def __init__(
        self,
        write: Callable[[str], object],
        columns: Callable[[], int],
        keymap: Keymap,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        self.sign = "> "
        self._aliases = aliases
        self.ended = False
        self._write = write
        self._columns = columns
        self._keymap = keymap
        self._decoder = KeyDecoder()
        self._editor = Editor()
        self._history: tuple[str, ...] = ()
        self._question: Question | None = None
        self._put_aside: Editor | None = None
        self._drawn = 0
        self._fed_at = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written yet."""
        return not self._editor.text

    @property
    def text(self) -> str:
        """What is written so far."""
        return self._editor.text

    @property
    def cursor(self) -> int:
        """Where in it the cursor is."""
        return self._editor.cursor

    def feed(self, data: bytes) -> list[str]:
        """Takes what was typed; returns the lines that are complete."""
        done = []
        patience, now = self._decoder.patience, time.monotonic()
        lost = patience is not None and now - self._fed_at > patience
        before, self._fed_at = self._fed_at, now
        if self._question is not None:
            self._question.deaf = self._question.deaf and now - before < PAUSE / 1000
        for event in (self._decoder.end_paste() if lost else []) + self._decoder.feed(data):
            if self._question is not None and self._question.deaf:
                continue
            if isinstance(event, Key):
                line = self._key(event)
                if line is not None:
                    done.append(line)
            elif isinstance(event, Paste):
                self._insert(event.text)
        if not done:
            self.draw()
        return done

    def _key(self, key: Key) -> str | None:
        if key.name in ("enter", "ctrl-j"):
            line = self._editor.text
            if self._question is None:
                self._history = add(self._history, remembered(line, self._aliases))
            self._editor = Editor()
            self.hide()
            return line
        if key.name == "ctrl-d" and self.is_empty:
            self.ended = True
            return None
        action = self._keymap.action(key, LINE)
        if action is not None and action.name in ("up", "down"):
            if self._question is not None:
                return None
            recall = self._editor.older if action.name == "up" else self._editor.newer
            self._editor = recall(self._history)
        elif action is not None and action.owner == EDITOR:
            if self._question is not None:
                self._question.suggested = False
            self._editor = getattr(self._editor, action.handler)()
        elif action is None and key.text:
            self._insert(key.text)
        return None

    def _insert(self, text: str) -> None:
        if self._question is not None and self._question.suggested:
            self._editor = Editor()
            self._question.suggested = False
        self._editor = self._editor.insert(text)

    def ask(self, question: Question | None) -> None:
        """What is written is the answer to a question from now on; with None, a line again: the one begun before."""
        if question is None:
            self._editor, self._put_aside = self._put_aside or Editor(), None
        else:
            if self._question is None:
                self._put_aside = self._editor
                question.deaf = bool(self.text) and time.monotonic() - self._fed_at < PAUSE / 1000
            self._editor = question.editor
        self._question = question

    def _shown(self) -> tuple[str, str]:
        """What stands before the line, and the line as it may be seen."""
        if self._question is None:
            return self.sign, hidden(self.text, self._aliases)
        return self._question.label, "*" * len(self.text) if self._question.secret else self.text

    def hide(self) -> None:
        """Takes the line off the screen, so that something else can be printed."""
        if self._drawn:
            self._write("\r" + " " * self._drawn + "\r")
            self._drawn = 0

    def draw(self) -> None:
        """Puts the line on the screen: the part of it around the cursor, with the cursor in its place."""
        room = max(self._columns(), _FEWEST_COLUMNS) - 1
        label, text = self._shown()
        sign = cut(label, room // 2)
        room -= width(sign)
        before = cut_start(harmless(text[: self._editor.cursor]), room - 1)
        after = cut(harmless(text[self._editor.cursor :]), room - width(before))
        shown = sign + before + after
        cells = width(shown)
        blank = max(self._drawn - cells, 0)
        self._write("\r" + shown + " " * blank + "\b" * (blank + width(after)))
        self._drawn = cells


class Raw:
    """Gives us each key of a terminal as it is typed, without echo, and gives the terminal back as it was."""

    def __init__(self, source: int) -> None:
        self._source = source
        self._saved: list[Any] | None = None

    def enter(self) -> bool:
        """Takes the terminal. False where that is not possible; then whole lines come, as the system edits them."""
        if sys.platform == "win32":
            return False
        import termios

        try:
            self._saved = termios.tcgetattr(self._source)
        except termios.error:
            return False
        mode = [*self._saved[:6], [*self._saved[6]]]
        mode[0] &= ~termios.ICRNL
        mode[3] &= ~(termios.ICANON | termios.ECHO)
        mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self._source, termios.TCSADRAIN, mode)
        return True

    def leave(self) -> None:
        """Gives it back."""
        if sys.platform != "win32" and self._saved is not None:
            import termios

            saved, self._saved = self._saved, None
            try:
                termios.tcsetattr(self._source, termios.TCSADRAIN, saved)
            except termios.error:
                pass  # the terminal is gone


def columns(target: int) -> int:
    """How many columns the terminal has."""
    try:
        return os.get_terminal_size(target).columns
    except OSError:
        return 80
