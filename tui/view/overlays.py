"""Overlays on the messages: completions, lists, a pending paste, a page, the selected message."""

from __future__ import annotations

from evchat.protocol.text import legible, lines, width
from tui.layout.usage import usage_of
from tui.model.keymap import shown
from tui.text.rows import counted, cut, cut_start, highlight, plain, row
from tui.text.split import parts as split
from tui.text.style import PLAIN
from tui.text.wrap import wrap, wrap_runs
from tui.view.status import overflowing_hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.layout.screen import Layout
    from tui.model.completion import Completion
    from tui.model.model import Model
    from tui.model.overlays import Choice, Page
    from tui.text.rows import Row, Run

COMPLETIONS = 6
"""Candidates shown at once."""

_PREVIEW = 6
"""Lines of a paste shown."""

_SEARCH_SIGN = " Search: "
"""The prompt of the search in a list."""

_LEAST_BODY = 4
"""Rows of messages from which one of them is given to the usage of a command."""

_LEFT = 26
"""Cells of a page's first column; longer text continues in the next row of the column."""

_NARROW = 24
"""Cells below which a page does without a second column."""


def key(model: Model, layout: Layout) -> tuple[object, ...]:
    """What the overlays depend on."""
    room = model.room
    choice, page = model.choice, model.page
    return (
        room.completion,
        (choice, choice.index, choice.query, id(choice.items), len(choice.items)) if choice else None,
        (page, page.top) if page else None,
        model.paste,
        model.selected,
        overflowing_hint(model, layout),
        usage_of(model),
    )


def rows(model: Model, layout: Layout) -> list[Row]:
    """The rows of what is open, at most as many as the panes have."""
    columns = layout.text
    hint = overflowing_hint(model, layout)
    told: list[Row] = []
    if hint:
        style = model.theme["status-alert" if model.quitting else "status"]
        told = [row([(" " + part, style)], columns, style) for part in wrap(hint, columns - 1)][: layout.body]
    over = _open(model, layout.body - len(told), columns)
    if not over and layout.body - len(told) >= _LEAST_BODY:
        told = [*_usage(model, columns), *told]
    return [*over, *told]


def _usage(model: Model, columns: int) -> list[Row]:
    """How the command is typed that stands in the input line, above which it is shown."""
    found = usage_of(model)
    if found is None:
        return []
    typed, does = found
    return [
        row([(f" {typed}", model.theme["key"]), (f"  {does}", model.theme["ghost"])], columns, ellipsis=True)
    ]


def _open(model: Model, height: int, columns: int) -> list[Row]:
    room = model.room
    if model.paste is not None:
        return _paste(model, model.paste, height, columns)
    if model.page is not None:
        return _page(model, model.page, height, columns)
    if model.choice is not None:
        return _choice(model, model.choice, height, columns)
    if room.completion is not None and len(room.completion.candidates) > 1:
        return _completions(model, room.completion, height, columns)
    return []


def selected(model: Model, rows: list[Row], columns: int) -> list[Row]:
    """The rows of the selected message, marked."""
    full = [row(runs, columns) for runs in rows]
    return [highlight(runs, [(0, len(plain(runs)))], model.theme["selected"]) for runs in full]


def _window(count: int, index: int, height: int) -> int:
    """The first row of a list to show so that `index` is visible."""
    return max(0, min(index - height // 2, count - height))


def _heading(model: Model, title: str, columns: int) -> Row:
    theme = model.theme
    text = f"── {cut(title, columns - 6)} " if columns >= 8 else ""
    return row([(text + "─" * max(columns - width(text), 0), theme["border"])], columns)


def _completions(model: Model, completion: Completion, height: int, columns: int) -> list[Row]:
    theme = model.theme
    visible = min(COMPLETIONS, len(completion.candidates), max(height - 1, 0))
    top = _window(len(completion.candidates), completion.index, visible)
    made = []
    labels = [candidate.label for candidate in completion.candidates]
    aligned = min(max(map(width, labels)), columns // 2)
    for index in range(top, top + visible):
        candidate = completion.candidates[index]
        chosen = index == completion.index
        style = theme["selected"] if chosen else theme["text"]
        runs: list[Run] = [(f" {candidate.label}", style)]
        if candidate.note:
            gap = " " * max(aligned - width(candidate.label), 0)
            runs.append((f"{gap}  {candidate.note}", style if chosen else theme["ghost"]))
        made.append(row(runs, columns, style, ellipsis=True))
    if made and height > visible:
        made.insert(0, _heading(model, f"{completion.index + 1} of {len(completion.candidates)}", columns))
    return made


def _query(choice: Choice, columns: int) -> str:
    """As much of the search as fits, with room for the cursor."""
    return cut_start(legible(choice.query), max(columns - len(_SEARCH_SIGN) - 1, 0))


def cursor(model: Model, columns: int) -> tuple[int, int] | None:
    """Where the cursor belongs in the rows of what is open; None if it stays in the input line."""
    if model.choice is not None:
        column = len(_SEARCH_SIGN) + width(_query(model.choice, columns))
        return 1, min(column, max(columns - 1, 0))
    if model.page is not None or model.paste is not None:
        return 0, 0
    return None


def _choice(model: Model, choice: Choice, height: int, columns: int) -> list[Row]:
    theme = model.theme
    if height < 1:
        return []
    room = max(height - 2, 0)
    top = _window(len(choice.items), choice.index, room)
    made = [_heading(model, choice.title, columns)]
    query: Run = (_query(choice, columns), theme["input"])
    made.append(row([(_SEARCH_SIGN, theme["prompt"]), query], columns))
    shown_items = choice.items[top : top + room]
    # Notes stand in a column of their own, and however long the labels are, half of the row is theirs if they need it.
    notes = max((width(item.note) for item in shown_items), default=0)
    numbered = 2 if choice.kind == "links" else 0
    most = max(columns - 2 - numbered - (min(notes, columns // 2) + 2 if notes else 0), 1)
    aligned = min(max((width(item.label) for item in shown_items if item.note), default=0), most)
    for index, item in enumerate(shown_items, top):
        chosen = index == choice.index
        style = theme["selected"] if chosen else theme["text"]
        text = cut(item.label, most) if item.note else item.label
        spots = [(at, at + 1) for at in item.spots if at < len(text)]
        number = f" {index + 1 if index < 9 else ' '}" if numbered else ""
        runs: list[Run] = [(f"{number} ", style), *highlight([(text, style)], spots, theme["match"])]
        if item.note:
            gap = " " * max(aligned - width(text), 0)
            runs.append((f"{gap}  {item.note}", style if chosen else theme[item.role]))
        made.append(row(runs, columns, style, ellipsis=True))
    if not choice.items and room:
        made.append(row([(" No matches.", theme["ghost"])], columns))
    made += [row((), columns)] * (height - len(made))
    return made[:height]


def _paste(model: Model, text: str, height: int, columns: int) -> list[Row]:
    theme = model.theme
    parts = lines(text)
    messages = len(split(text, model.max_lines))
    counts = (counted(len(parts), "line"), counted(len(text), "character"), counted(messages, "message"))
    heading = f"Paste: {', '.join(counts if messages > 1 else counts[:2])}"
    made = [_heading(model, heading, columns)]
    room = max(min(_PREVIEW, height - 3), 0)
    made += [row([(" " + part, theme["text"])], columns, ellipsis=True) for part in parts[:room]]
    if len(parts) > room > 0:
        more = counted(len(parts) - room, "more line")
        made.append(row([(f" … {more}", theme["ghost"])], columns))
    keys = [
        shown((model.keymap.keys(name) or ("",))[0]) for name in ("paste-send", "paste-edit", "paste-drop")
    ]
    whole = "one message" if messages == 1 else f"{messages} messages"
    hint = "{}: send as {whole} · {}: edit · {}: discard".format(*keys, whole=whole)
    made += [row([(" " + part, theme["key"])], columns) for part in wrap(hint, max(columns - 1, 1))]
    return made[-max(height, 0) :] if height > 0 else []


def _page(model: Model, page: Page, height: int, columns: int) -> list[Row]:
    if height < 1:
        return []
    made = [_heading(model, page.title, columns)]
    for runs in page.rows[page.top : page.top + height - 1]:
        made += _page_rows(model, runs, columns)
        if len(made) >= height:
            break
    made += [row((), columns)] * (height - len(made))
    return made[:height]


def _page_rows(model: Model, runs: list[tuple[str, str]], columns: int) -> list[Row]:
    """A row of a page: its two parts side by side, each wrapped in its column, or one text if it is narrow."""
    styled: list[Run] = [(text, model.theme[role]) for text, role in runs]
    if len(styled) == 2 and columns - _LEFT >= _NARROW:
        (left, left_style), right = styled
        lefts = wrap(left.strip(), _LEFT - 4)
        rights = wrap_runs([right], columns - _LEFT)
        lefts += [""] * (len(rights) - len(lefts))
        rights += [()] * (len(lefts) - len(rights))
        return [
            row([*row([(f"  {name}", left_style)], _LEFT), *said], columns)
            for name, said in zip(lefts, rights, strict=True)
        ]
    indent = min(4 if len(styled) == 2 else 1, columns // 2)
    if len(styled) == 2:
        styled[0] = (f"  {styled[0][0]}  ", styled[0][1])
    first, *rest = wrap_runs(styled, max(columns - indent, 1), columns) or [()]
    return [row(first, columns), *(row([(" " * indent, PLAIN), *part], columns) for part in rest)]
