"""The input line as it is painted: the prompt, and the rows around the cursor."""

from __future__ import annotations

from evchat.protocol.text import width
from tui.layout.line import prompt_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.layout.line import InputLayout
    from tui.model.model import Model
    from tui.text.rows import Run


def window(made: InputLayout, height: int) -> tuple[list[str], tuple[int, int]]:
    """The `height` rows around the cursor, and the cursor in them."""
    row, column = made.cursor
    top = max(0, min(row - height + 1, len(made.rows) - height)) if row >= height else 0
    return made.rows[top : top + height], (row - top, column)


def shown_rows(
    model: Model, made: InputLayout, height: int, columns: int
) -> tuple[list[list[Run]], tuple[int, int]]:
    """The rows with the prompt, and the cursor among their cells."""
    theme = model.theme
    prompt = prompt_text(model, columns)
    lead = width(prompt)
    texts, (row, column) = window(made, height)
    # Marked as what is typed next replaces.
    style = theme["selected" if model.question is None and model.editor is model.room.spent else "input"]
    rows: list[list[Run]] = []
    for number, text in enumerate(texts):
        rows.append([(prompt if number == 0 else " " * lead, theme["prompt"]), (text, style)])
    return rows, (row, min(column + lead, max(columns - 1, 0)))
