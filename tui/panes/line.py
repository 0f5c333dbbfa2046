"""The line one writes: its rows, and where the cursor stands in them."""

from __future__ import annotations

from evchat.protocol.text import harmless, width
from tui.cells import clusters
from tui.history import hidden
from tui.layout import Layout, line_columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.frame import Run
    from tui.model import Model

PROMPT = "> "


class Line:
    """What is written as rows of text, hard-wrapped, and the cursor as (row, column) among them."""

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
        if part.isascii() and part.isprintable():
            # The cursor behind the last cell needs a row more.
            count = max(len(part), cursor + 1, 1)
            if cursor >= 0:
                self.cursor = (len(self.rows) + cursor // room, cursor % room)
            self.rows += [part[at : at + room] for at in range(0, count, room)]
            return
        made, used, at = "", 0, 0
        for cluster in clusters(part):
            shown = harmless(cluster)
            cells = width(shown)
            if cells > room:
                shown, cells = "?", 1
            if used + cells > room:
                self.rows.append(made)
                made, used = "", 0
            if at <= cursor < at + len(cluster):
                self.cursor = (len(self.rows), used)
            made += shown
            used += cells
            at += len(cluster)
        if cursor == at:
            if used >= room:
                self.rows.append(made)
                made, used = "", 0
            self.cursor = (len(self.rows), used)
        self.rows.append(made)


def prompt_cells(columns: int) -> int:
    """How much of a row the prompt takes; none on a very narrow screen."""
    return len(PROMPT) if columns >= 8 else 0


def line(model: Model, columns: int) -> Line:
    """The line as it is written, or what was found in what was typed."""
    if model.search is not None:
        text = model.search.match or model.search.editor.text
        cursor = model.search.span[0] if model.search.match else len(text)
        return Line(text, cursor, columns, prompt_cells(columns))
    editor = model.editor
    return Line(hidden(editor.text), editor.cursor, columns, prompt_cells(columns))


def window(made: Line, height: int) -> tuple[list[str], tuple[int, int]]:
    """The `height` rows around the cursor, and the cursor in them."""
    row, column = made.cursor
    top = max(0, min(row - height + 1, len(made.rows) - height)) if row >= height else 0
    return made.rows[top : top + height], (row - top, column)


def shown_rows(
    model: Model, made: Line, height: int, columns: int
) -> tuple[list[list[Run]], tuple[int, int]]:
    """The rows with the prompt, and the cursor among their cells."""
    theme = model.theme
    prompt = prompt_cells(columns)
    texts, (row, column) = window(made, height)
    rows: list[list[Run]] = []
    for number, text in enumerate(texts):
        lead = PROMPT if number == 0 else " " * len(PROMPT)
        rows.append([(lead[:prompt], theme["prompt"]), (text, theme["input"])])
    return rows, (row, min(column + prompt, max(columns - 1, 0)))


def layout_of(model: Model) -> Layout:
    """How the screen is divided, with the line as long as it is."""
    return Layout(model, len(line(model, line_columns(model.columns, model.rows)).rows))
