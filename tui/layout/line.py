"""The input line as rows: where it is broken, and where the cursor stands in them."""

from __future__ import annotations

from evchat.protocol.text import is_narrow, legible, width
from tui.model.input_history import hidden
from tui.text.cells import clusters
from tui.text.rows import cut

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.model import Model

PROMPT = "> "


class InputLayout:
    """What is written as rows of text, and the cursor as (row, column) among them.

    Rows end behind a space or beside a wide character; only in words longer than a row anywhere. No space is dropped.
    """

    __slots__ = ("cursor", "rows")

    def __init__(self, text: str, cursor: int, columns: int, prompt: int) -> None:
        self.rows: list[str] = []
        self.cursor = (0, 0)
        room = max(columns - prompt, 1)
        start = 0
        for part in text.split("\n"):
            self._add(part, cursor - start if start <= cursor <= start + len(part) else -1, room)
            start += len(part) + 1

    def _add(self, part: str, cursor: int, room: int) -> None:
        """One line of the text; `cursor` is that in it, or -1."""
        if (part.isascii() and part.isprintable()) or (is_narrow(part) and legible(part) == part):
            start = 0
            while len(part) - start > room:
                end = part.rfind(" ", start, start + room) + 1 or start + room
                if start <= cursor < end:
                    self.cursor = (len(self.rows), cursor - start)
                self.rows.append(part[start:end])
                start = end
            self._add_last(part[start:], len(part) - start, cursor - start, room)
            return
        made: list[tuple[str, int, int]] = []
        used = at = fits = 0
        for cluster in clusters(part):
            shown = legible(cluster)
            cells = width(shown)
            if cells > room:
                shown, cells = "?", 1
            if used + cells > room:
                # Where the row may end: here beside a wide character, else behind the last space or wide one.
                count = fits if fits and cells < 2 else len(made)
                self._add_row(made[:count], cursor)
                made = made[count:]
                used, fits = sum(entry[1] for entry in made), 0
            made.append((shown, cells, at))
            used += cells
            at += len(cluster)
            if cells > 1 or cluster == " ":
                fits = len(made)
        self._add_row(made, cursor, room if cursor == at else 0)

    def _add_row(self, made: list[tuple[str, int, int]], cursor: int, room: int = 0) -> None:
        """A row of clusters (as shown, cells, index); with `room`, the last one, with the cursor behind it."""
        column = 0
        for index, (_, cells, at) in enumerate(made):
            following = made[index + 1][2] if index + 1 < len(made) else cursor + 1
            if at <= cursor < following and not room:
                self.cursor = (len(self.rows), column)
            column += cells
        text = "".join([shown for shown, _, _ in made])
        if room:
            self._add_last(text, column, column, room)
        else:
            self.rows.append(text)

    def _add_last(self, text: str, cells: int, cursor: int, room: int) -> None:
        """The last row of a line; the cursor behind the last cell of a full one needs a row more."""
        if cursor == cells >= room:
            self.rows += [text, ""]
            self.cursor = (len(self.rows) - 1, 0)
            return
        if cursor >= 0:
            self.cursor = (len(self.rows), cursor)
        self.rows.append(text)


def prompt_text(model: Model, columns: int) -> str:
    """What stands before the line: the prompt, or what is asked; nothing on a very narrow screen."""
    if columns < 8:
        return ""
    return PROMPT if model.question is None else cut(model.question.label, columns // 2)


def input_layout(model: Model, columns: int) -> InputLayout:
    """The line as it is written, the answer to a question, or what was found in what was typed."""
    prompt = width(prompt_text(model, columns))
    if model.question is not None:
        return InputLayout(model.question.shown, model.question.editor.cursor, columns, prompt)
    if model.search is not None:
        text = model.search.match or hidden(model.search.editor.text, model.aliases)
        cursor = model.search.span[0] if model.search.match else len(text)
        return InputLayout(text, cursor, columns, prompt)
    editor = model.editor
    return InputLayout(hidden(editor.text, model.aliases), editor.cursor, columns, prompt)
