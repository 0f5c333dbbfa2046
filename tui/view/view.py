"""The whole screen from the model: `view(model)` gives a frame whose rows are exactly as wide as the screen."""

from __future__ import annotations

from tui.layout import messages, welcome
from tui.layout.line import input_layout
from tui.layout.screen import Layout
from tui.terminal.frame import Frame, Pane
from tui.text.rows import block, row
from tui.text.style import PLAIN
from tui.view import overlays
from tui.view.line import shown_rows
from tui.view.panels import people_rows, rooms_rows
from tui.view.status import status_row, title_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.model import Model
    from tui.text.rows import Row


class View:
    """Makes frames, and keeps what did not change since the last one, so that a key costs no more than its own row.

    `stale` tells that the last frame did not show what is new in the panes.
    """

    __slots__ = ("_base", "_based", "_body", "_cursor", "_given", "_news", "_title", "_titled", "stale")

    def __init__(self) -> None:
        self._base: tuple[Row, ...] = ()
        self._based: tuple[object, ...] = ()
        self._body: list[Pane] = []
        self._given: tuple[object, ...] = ()
        self._news: tuple[object, ...] = ()
        self.stale = False
        self._cursor: tuple[int, int] | None = None
        self._title: Row = ()
        self._titled: tuple[object, ...] = ()

    def frame(self, model: Model, *, fresh: bool = True) -> Frame:
        """What the screen shows; without `fresh`, what others did since the last frame may be left for the next one."""
        made = input_layout(model, max(model.columns, 1))
        layout = Layout(model, len(made.rows))
        texts, (cursor_row, cursor_column) = shown_rows(model, made, layout.input, layout.columns)
        panes: list[Pane] = []
        if layout.title:
            panes.append(Pane("title", 0, 0, layout.columns, [self._title_row(model, layout)]))
        panes += self._panes(model, layout, fresh)
        if layout.status:
            panes.append(Pane("status", layout.foot, 0, layout.columns, [status_row(model, layout)]))
        top = layout.foot + layout.status
        texts += [[] for _ in range(layout.input - len(texts))]
        typed = [row(runs, layout.columns, model.theme["input"]) for runs in texts]
        panes.append(Pane("input", top, 0, layout.columns, typed))
        cursor = (top + cursor_row, cursor_column)
        return Frame(self._lines(model, layout), layout.columns, self._focus(layout) or cursor, panes)

    def _lines(self, model: Model, layout: Layout) -> tuple[Row, ...]:
        """The lines between the panes, redrawn only if those have moved."""
        based = (
            layout.columns, layout.rows, layout.title, layout.body, layout.input, layout.rooms, layout.people,
            id(model.theme),
        )  # fmt: skip
        if based != self._based:
            self._based = based
            edge = model.theme["border"]
            self._base = tuple([((text, edge),) for text in _drawn(layout)])
        return self._base

    def _title_row(self, model: Model, layout: Layout) -> Row:
        """The top line, redrawn only if its contents have changed: key presses are many times as frequent."""
        room = model.room
        titled = (
            layout.columns, layout.rooms, id(model.theme), model.place, room.key, room.name, room.topic, room.version,
            model.away.get(room.key), model.state,
        )  # fmt: skip
        if titled != self._titled:
            self._titled = titled
            self._title = title_row(model, layout)
        return self._title

    def _focus(self, layout: Layout) -> tuple[int, int] | None:
        """Where the cursor stands if something other than the line has it: what a screen reader reads next."""
        if self._cursor is None or layout.body <= self._cursor[0]:
            return None
        row, column = self._cursor
        return layout.title + row, layout.messages_left + layout.margins[0] + column

    def _panes(self, model: Model, layout: Layout, fresh: bool) -> list[Pane]:
        given = _given_key(model, layout)
        news = _news_key(model)
        self.stale = not fresh and given == self._given and news != self._news
        if not self.stale and (given != self._given or news != self._news):
            self._body, self._cursor = _body(model, layout)
            self._given, self._news = given, news
        return self._body


def view(model: Model) -> Frame:
    """The frame of a model, without anything kept from an earlier one."""
    return View().frame(model)


def _given_key(model: Model, layout: Layout) -> tuple[object, ...]:
    """What the panes depend on that only the user changes: as long as it is equal, the same is to be seen."""
    room = model.room
    scroll = room.scroll and (room.scroll.index, room.scroll.below)
    size = (layout.columns, layout.rows, layout.body, layout.rooms, layout.people, layout.bare)
    return (
        model.server,
        room.key,
        scroll,
        size,
        id(model.theme),
        model.user,
        len(room.pending),
        overlays.key(model, layout),
    )


def _news_key(model: Model) -> tuple[object, ...]:
    """What the panes depend on that others change."""
    room = model.room
    here: tuple[object, ...] = (
        room.log.version,
        room.version,
        room.marker,
        room.nick_width,
        len(model.away),
        len(model.ignored),
    )
    if not room.log.last_seq:
        here += (model.state, room.entered)
    if model.is_one_of_several:
        here += tuple([(one.server, one.state, one.question is None) for one in model.models])
    return here, [
        (one.key, one.unread, one.mentions, len(one.pending))
        for server in model.models
        for one in server.rooms.values()
    ]


def _drawn(layout: Layout) -> list[str]:
    """The rows of the screen with nothing but the lines between the panes."""
    between = [" "] * layout.columns
    if layout.rooms:
        between[layout.rooms] = "│"
    if layout.people:
        between[-1 - layout.people] = "│"
    empty = " " * layout.columns
    return (
        [empty] * layout.title + ["".join(between)] * layout.body + [empty] * (layout.status + layout.input)
    )


def _body(model: Model, layout: Layout) -> tuple[list[Pane], tuple[int, int] | None]:
    """Rooms, messages with what is open over them, people; and where the focus is in the messages."""
    height, top = layout.body, layout.title
    if height <= 0:
        return [], None
    middle, cursor = _middle(model, layout)
    panes = [Pane("messages", top, layout.messages_left, layout.messages, middle)]
    if layout.rooms:
        rooms = block(rooms_rows(model, height, layout.rooms), height, layout.rooms)
        panes.append(Pane("rooms", top, 0, layout.rooms, rooms))
    if layout.people:
        people = block(people_rows(model, model.room, height, layout.people), height, layout.people)
        panes.append(Pane("people", top, layout.columns - layout.people, layout.people, people))
    return panes, cursor


def _middle(model: Model, layout: Layout) -> tuple[list[Row], tuple[int, int] | None]:
    over = overlays.rows(model, layout)
    cursor = overlays.cursor(model, layout.text)
    if cursor is not None:
        cursor = (layout.body - len(over) + cursor[0], cursor[1])
    height = layout.body - len(over)
    rows: list[Row] = []
    room = model.room
    if height > 0:
        pane = messages.Pane(model, room, layout.text)
        rows, owners = pane.visible(height)
        if model.selected is not None and model.selected in owners:
            last = len(owners) - owners[::-1].index(model.selected)
            first = max(last - len(pane.rows(model.selected)) + pane.lead(model.selected), 0)
            rows[first:last] = overlays.selected(model, rows[first:last], layout.text)
            if not over:
                cursor = (first, 0)
    first_words = welcome.rows(model, room, layout.text)
    if rows and first_words:
        first_words.append(row((), layout.text))
    if first_words and (not rows or len(first_words) + len(rows) <= height):
        rows = [*first_words, *rows]
        if cursor is not None and not over:
            cursor = (cursor[0] + len(first_words), cursor[1])
    made = block(rows, height, layout.text)
    made += [row(runs, layout.text) for runs in over]
    left, right = layout.margins
    if left or right:
        before, behind = (" " * left, PLAIN), (" " * right, PLAIN)
        made = [row([before, *content, behind], layout.messages) for content in made]
    return made, cursor
