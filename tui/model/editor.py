"""The line editor as a value: a text of one or more lines, a cursor, a ring of kills, undo, and recalled history.

Every method gives the editor as it is afterwards and leaves this one as it was; an edit that can't be done gives
the very same one. The keys and what they are called follow GNU readline.
"""

from __future__ import annotations

import re

from evchat.protocol.text import harmless
from evchat.settings.client import MAX_DRAFT_CHARS, MAX_KILLS, MAX_UNDO
from tui.model import motions
from tui.text.cells import joins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.model.motions import Motion

_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
# Invisible, but part of how languages and emoji are written: joiners, variation selectors, skin tones.
_KEPT = re.compile("[\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")


def cleaned(text: str) -> str:
    r"""`text` as it may stand in the editor: `\n` for every line break, and nothing that obeys, turns or hides.

    Unlike `harmless`, it keeps joiners, variation selectors and skin tones: others' screens may show them well.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _BREAK.sub("\n", text)
    dropped = {ord(char): None for char in set(text) if _is_dropped(char)}
    return text.translate(dropped) if dropped else text


def _is_dropped(char: str) -> bool:
    # What is merely not yet in this Python's Unicode stays, because the reader's may know it.
    if char < " " or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff":
        return char not in "\n\t"
    return not harmless(char) and not _KEPT.match(char)


class Editor:
    """A text, a cursor in it (an index between clusters), and what the next key may need to know.

    `ring` holds what was killed, the newest last; a program with several editors passes it from one to the next.
    """

    __slots__ = ("_goal", "_last", "_recall", "_redo", "_undo", "_yanked", "cursor", "ring", "text")

    def __init__(self, text: str = "", cursor: int | None = None, ring: tuple[str, ...] = ()) -> None:
        self.text = cleaned(text[:MAX_DRAFT_CHARS])
        self.cursor = _border(self.text, cursor)
        self.ring = ring
        self._undo: tuple[tuple[str, int], ...] = ()
        self._redo: tuple[tuple[str, int], ...] = ()
        self._last = ""  # What the last key did: some keys go on with it.
        self._goal: int | None = None  # The column that Up and Down keep to.
        self._yanked: tuple[int, int] = (
            0,
            0,
        )  # Where the last yank starts, and how many back in the ring it is.
        self._recall: _Recall | None = None

    def __repr__(self) -> str:
        return f"Editor({self.text[: self.cursor] + '|' + self.text[self.cursor :]!r})"

    def _copy(self) -> Editor:
        new = object.__new__(Editor)
        for name in Editor.__slots__:
            setattr(new, name, getattr(self, name))
        new._goal = None
        return new

    def _move(self, cursor: int) -> Editor:
        if cursor == self.cursor and self._last == "move":
            return self
        new = self._copy()
        new.cursor = cursor
        new._last = "move"
        return new

    def _edit(self, text: str, cursor: int | None, kind: str, *, joined: bool = False) -> Editor:
        """Another text. `joined` makes it one step of undo with the edit before."""
        new = self._copy()
        new.text, new.cursor, new._last = text, _border(text, cursor), kind
        new._recall = None
        new._redo = ()
        if not joined:
            new._undo = (*self._undo[1 - MAX_UNDO :], (self.text, self.cursor))
        return new

    def with_ring(self, ring: tuple[str, ...]) -> Editor:
        """The same with another editor's ring of kills."""
        if ring is self.ring:
            return self
        new = self._copy()
        new.ring = ring
        return new

    # ---- moving -----------------------------------------------------------------------------------------------

    def left(self) -> Editor:
        """Goes one character to the left."""
        return self._move(motions.left(self.text, self.cursor))

    def right(self) -> Editor:
        """Goes one character to the right."""
        return self._move(motions.right(self.text, self.cursor))

    def word_left(self) -> Editor:
        """Goes to the beginning of the word."""
        return self._move(motions.word_left(self.text, self.cursor))

    def word_right(self) -> Editor:
        """Goes to the end of the word."""
        return self._move(motions.word_right(self.text, self.cursor))

    def line_start(self) -> Editor:
        """Goes to the beginning of the line."""
        return self._move(motions.line_start(self.text, self.cursor))

    def line_end(self) -> Editor:
        """Goes to the end of the line."""
        return self._move(motions.line_end(self.text, self.cursor))

    def text_start(self) -> Editor:
        """Goes to the beginning of everything."""
        return self._move(0)

    def text_end(self) -> Editor:
        """Goes to the end of everything."""
        return self._move(len(self.text))

    def up(self, history: Sequence[str] = ()) -> Editor:
        """Goes a line up, from the first one back in `history` (oldest first), among what begins alike."""
        return self._vertical(motions.line_up) or self.older(history)

    def down(self, history: Sequence[str] = ()) -> Editor:
        """Goes a line down, from the last one forth in `history`, at whose end the draft waits."""
        return self._vertical(motions.line_down) or self.newer(history)

    def _vertical(self, motion: Callable[[str, int, int], int | None]) -> Editor | None:
        if self._last == "recall":
            return None
        goal = motions.column(self.text, self.cursor) if self._goal is None else self._goal
        cursor = motion(self.text, self.cursor, goal)
        if cursor is None:
            return None
        new = self._move(cursor)
        new._goal = goal
        return new

    # ---- typing and deleting ----------------------------------------------------------------------------------

    def insert(self, text: str) -> Editor:
        """Types or pastes `text` at the cursor, as `cleaned` leaves it and as much as there is room for."""
        text = cleaned(text[: MAX_DRAFT_CHARS - len(self.text)])
        if not text:
            return self
        before = self.text[self.cursor - 1 : self.cursor]
        joined = self._last == "type" and len(text) == 1 and not (text.isspace() and not before.isspace())
        made = self.text[: self.cursor] + text + self.text[self.cursor :]
        return self._edit(made, self.cursor + len(text), "type", joined=joined)

    def newline(self) -> Editor:
        """Starts a new line."""
        return self.insert("\n")

    def delete_left(self) -> Editor:
        """Deletes the character before the cursor."""
        return self._delete(motions.left)

    def delete_right(self) -> Editor:
        """Deletes the character at the cursor."""
        return self._delete(motions.right)

    def _delete(self, motion: Motion) -> Editor:
        start, end = sorted((self.cursor, motion(self.text, self.cursor)))
        if start == end:
            return self
        joined = self._last == "delete"
        return self._edit(self.text[:start] + self.text[end:], start, "delete", joined=joined)

    def replace(self, text: str, cursor: int | None = None) -> Editor:
        """Puts `text` in place of everything, in one step of undo however often it is repeated (completion)."""
        text = cleaned(text[:MAX_DRAFT_CHARS])
        return self._edit(text, cursor, "replace", joined=self._last == "replace")

    def clear(self) -> Editor:
        """An empty editor with the same ring of kills: the text has been sent."""
        return Editor(ring=self.ring)

    # ---- killing and yanking ----------------------------------------------------------------------------------

    def kill_to_end(self) -> Editor:
        """Kills to the end of the line, or the line break there."""
        end = motions.line_end(self.text, self.cursor)
        return self._kill(self.cursor, end if end > self.cursor else min(end + 1, len(self.text)))

    def kill_to_start(self) -> Editor:
        """Kills to the beginning of the line, or the line break there."""
        start = motions.line_start(self.text, self.cursor)
        return self._kill(start if start < self.cursor else max(start - 1, 0), self.cursor)

    def kill_word_right(self) -> Editor:
        """Kills to the end of the word."""
        return self._kill(self.cursor, motions.word_right(self.text, self.cursor))

    def kill_word_left(self) -> Editor:
        """Kills to the beginning of the word."""
        return self._kill(motions.word_left(self.text, self.cursor), self.cursor)

    def kill_to_space(self) -> Editor:
        """Kills back to a space."""
        return self._kill(motions.space_left(self.text, self.cursor), self.cursor)

    def kill_all(self) -> Editor:
        """Kills everything."""
        return self._kill(0, len(self.text))

    def _kill(self, start: int, end: int) -> Editor:
        """Kills run together into one entry of the ring, in the order of the text."""
        if start == end:
            return self
        killed = self.text[start:end]
        new = self._edit(self.text[:start] + self.text[end:], start, "kill")
        if self._last == "kill" and self.ring:
            together = self.ring[-1] + killed if start == self.cursor else killed + self.ring[-1]
            new.ring = (*self.ring[:-1], together[:MAX_DRAFT_CHARS])
        else:
            new.ring = (*self.ring[1 - MAX_KILLS :], killed)
        return new

    def yank(self) -> Editor:
        """Puts the last kill back at the cursor."""
        return self._yank(self.cursor, 1, joined=False) if self.ring else self

    def yank_pop(self) -> Editor:
        """Straight after a yank: puts the kill before that one in its place."""
        if self._last != "yank":
            return self
        start, back = self._yanked
        return self._yank(start, back % len(self.ring) + 1, joined=True)

    def _yank(self, start: int, back: int, *, joined: bool) -> Editor:
        rest = self.text[:start] + self.text[self.cursor :]
        text = self.ring[-back][: MAX_DRAFT_CHARS - len(rest)]
        new = self._edit(rest[:start] + text + rest[start:], start + len(text), "yank", joined=joined)
        new._yanked = (start, back)
        return new

    # ---- changing ---------------------------------------------------------------------------------------------

    def transpose(self) -> Editor:
        """Swaps the characters around the cursor, at the end of the line the last two."""
        middle = self.cursor
        if middle == motions.line_end(self.text, middle):
            middle = motions.left(self.text, middle)
        first = motions.left(self.text, middle)
        end = motions.right(self.text, middle)
        if first == middle or middle == end or "\n" in self.text[first:end]:
            return self
        swapped = self.text[middle:end] + self.text[first:middle]
        return self._edit(self.text[:first] + swapped + self.text[end:], end, "transpose")

    def transpose_words(self) -> Editor:
        """Swaps the word at the cursor with the one before it."""
        end = motions.word_right(self.text, self.cursor)
        start = motions.word_left(self.text, end)
        first = motions.word_left(self.text, start)
        first_end = motions.word_right(self.text, first)
        if first_end > start or first == start:
            return self
        swapped = self.text[start:end] + self.text[first_end:start] + self.text[first:first_end]
        return self._edit(self.text[:first] + swapped + self.text[end:], end, "transpose")

    def upcase_word(self) -> Editor:
        """Makes the rest of the word capital letters."""
        return self._change_word(str.upper)

    def downcase_word(self) -> Editor:
        """Makes the rest of the word small letters."""
        return self._change_word(str.lower)

    def capitalise_word(self) -> Editor:
        """Makes the first letter of the rest of the word a capital one, the others small."""
        return self._change_word(_capitalised)

    def _change_word(self, change: Callable[[str], str]) -> Editor:
        end = motions.word_right(self.text, self.cursor)
        if end == self.cursor:
            return self
        changed = change(self.text[self.cursor : end])
        made = self.text[: self.cursor] + changed + self.text[end:]
        if len(made) > MAX_DRAFT_CHARS:
            return self
        return self._edit(made, self.cursor + len(changed), "case")

    # ---- undoing ----------------------------------------------------------------------------------------------

    def undo(self) -> Editor:
        """Takes the last edit back."""
        return self._step("_undo", "_redo")

    def redo(self) -> Editor:
        """Does again what undo took back."""
        return self._step("_redo", "_undo")

    def _step(self, source: str, target: str) -> Editor:
        states = getattr(self, source)
        if not states:
            return self
        new = self._copy()
        setattr(new, source, states[:-1])
        setattr(new, target, (*getattr(self, target), (self.text, self.cursor)))
        new.text, new.cursor = states[-1]
        new._last = "undo"
        new._recall = None
        return new

    # ---- recalling --------------------------------------------------------------------------------------------

    def older(self, history: Sequence[str]) -> Editor:
        """Shows what was sent before, of the texts that begin as the draft does up to the cursor."""
        recall = self._recall or _Recall(self.text[: self.cursor], len(history), self.text, self.cursor)
        for index in range(min(recall.index, len(history)) - 1, -1, -1):
            if history[index].startswith(recall.prefix) and history[index] != self.text:
                return self._recalled(history[index], recall.at(index))
        return self

    def newer(self, history: Sequence[str]) -> Editor:
        """Shows what was sent after that, and at last the draft with its cursor where it was."""
        recall = self._recall
        if recall is None:
            return self
        for index in range(recall.index + 1, len(history)):
            if history[index].startswith(recall.prefix) and history[index] != self.text:
                return self._recalled(history[index], recall.at(index))
        new = self._recalled(recall.text, None)
        new.cursor = recall.cursor
        new._undo = self._undo[:-1]
        return new

    def _recalled(self, text: str, recall: _Recall | None) -> Editor:
        """Undo leads from a recalled text straight back to the draft, also once the recalled text was edited."""
        new = self._edit(text, len(text), "recall" if recall else "move", joined=self._recall is not None)
        new._recall = recall
        return new


def _border(text: str, cursor: int | None) -> int:
    """The border between clusters at or behind `cursor`; None means the end."""
    if cursor is None:
        return len(text)
    cursor = min(max(cursor, 0), len(text))
    while 0 < cursor < len(text) and joins(text, cursor) and text[cursor - 1] != "\n":
        cursor += 1
    return cursor


class _Recall:
    """The position in the history, and the draft left for it."""

    __slots__ = ("cursor", "index", "prefix", "text")

    def __init__(self, prefix: str, index: int, text: str, cursor: int) -> None:
        self.prefix = prefix
        self.index = index
        self.text = text
        self.cursor = cursor

    def at(self, index: int) -> _Recall:
        return _Recall(self.prefix, index, self.text, self.cursor)


def _capitalised(text: str) -> str:
    """`text` with its first letter, wherever it stands, as a capital one."""
    for index, char in enumerate(text):
        if char.isalnum():
            return text[:index] + text[index:].capitalize()
    return text
