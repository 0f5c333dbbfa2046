"""The messages of a room as rows: what each entry looks like, and which are on the screen."""

from __future__ import annotations

from functools import lru_cache

from evchat.protocol.names import user_key
from evchat.protocol.signs import DELETED, EDITED
from evchat.protocol.text import width
from tui.layout import signs
from tui.model import log
from tui.model.log import Entry
from tui.text import links
from tui.text.rows import cut, row, row_width
from tui.text.style import PLAIN
from tui.text.times import day, day_number, hour
from tui.text.wrap import wrap_runs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.model import Model, Pending, Room
    from tui.text.rows import Row, Run
    from tui.text.style import Style

_COLUMNS_FROM = 48
_TIME_FROM = 22
"""Cells from which names have a column of their own, and from which the time is shown."""

_NICK = 6
"""The least cells of the column of names."""

_LONG = 4_000
"""Characters of a line from which its rows are remembered."""

_SIGNS = {
    log.NOTICE: signs.NEWS,
    log.ERROR: signs.FAILED,
    log.COMING: signs.PRESENCE,
    log.ACTION: signs.ACTION,
    log.PRIVATE: signs.PRIVATE,
    log.TABLE: signs.PRIVATE,
}
"""The sign in place of a name. No name can look like it, so nobody can forge server messages."""

_ONLY_YOU = "only you"
"""What stands at the end of the first row of something that nobody else sees."""

_DISCARDED = "(/discard removes it)"
"""What stands behind the reason why the last line was refused."""

_ROLES = {
    log.NOTICE: "notice",
    log.ERROR: "error",
    log.COMING: "coming",
    log.ACTION: "action",
    log.PRIVATE: "private",
    log.TABLE: "private",
    log.GONE: "coming",
}

_MARKS = {
    log.NOTIFIED: "notice: ",
    log.BROADCAST: "to everyone: ",
    log.TO_OPERATORS: "to operators: ",
    log.TO_VOICED: "to operators and voiced: ",
}
"""The prefixes of messages that are not just for everybody here."""


class Shape:
    """How the rows of a room are divided at a given width: cells of the time and the names, and of the indent.

    `bare`: for copying, with nothing before the names but the time, and nothing before further rows.
    """

    __slots__ = ("columns", "indent", "nick", "time")

    def __init__(self, room: Room, columns: int, *, bare: bool = False) -> None:
        self.columns = max(columns, 1)
        self.time = columns >= _TIME_FROM
        self.nick = 0
        if bare:
            self.indent = 0
        elif columns >= _COLUMNS_FROM:
            self.nick = max(min(room.nick_width, columns // 6), _NICK)
            self.indent = 6 + self.nick + 1
        elif self.time:
            self.indent = 6
        else:
            self.indent = 1 if columns > 3 else 0


def entry_rows(model: Model, room: Room, entry: Entry, shape: Shape) -> list[Row]:
    """The rows of an entry, each at most as wide as the pane; the lines before it are not here."""
    theme = model.theme
    kind = entry.kind & log.KIND
    style = theme[_ROLES.get(kind, "mention" if entry.kind & log.MENTION else "text")]
    texts = [DELETED] if kind == log.GONE else entry.text.split("\n")
    sign = _SIGNS.get(kind)
    if sign is None:
        head: list[Run] = [(entry.sender, _nick_style(model, room, entry))]
    else:
        head = [(sign, style)]
    private = kind in (log.PRIVATE, log.TABLE)
    if kind == log.TABLE and shape.nick:
        # Its columns would be lost if its rows were wrapped. On a narrow screen cutting them would lose more.
        texts = [cut(text, shape.columns - shape.indent) for text in texts]
    body: list[list[Run]] = [_styled(model, text, style) for text in texts]
    if kind == log.TABLE:
        body[0] = [(text, theme["heading"].over(under)) for text, under in body[0]]
    if kind == log.ACTION:
        body[0] = [(entry.sender, _nick_style(model, room, entry)), (" ", style), *body[0]]
    elif kind in _MARKS:
        body[0] = [(_MARKS[kind], theme["notice"]), *body[0]]
    if entry.kind & log.EDITED:
        body[-1].append((f" {EDITED}", theme["ghost"]))
    if entry.kind & log.SENT:
        body[-1].append((f" {signs.SENT}", theme["sent"]))
    made = _laid_out(model, head, body, entry.at, shape, barred=private)
    if private and shape.nick:
        made[0] = _ended(made[0], _ONLY_YOU, theme["ghost"], shape.columns)
    return made


def _ended(runs: Row, text: str, style: Style, columns: int) -> Row:
    """A row with a text at its right end, if that is free."""
    space = columns - row_width(runs) - width(text)
    return (*runs, (" " * space, PLAIN), (text, style)) if space > 1 else runs


def pending_rows(model: Model, room: Room, pending: Pending, shape: Shape) -> list[Row]:
    """The rows of a line that is not sent yet."""
    style = model.theme["failed" if pending.failed else "queued"]
    body: list[list[Run]] = [[(text, style)] for text in pending.text.split("\n")]
    if pending.action:
        body[0] = [(f"{model.user} ", style), *body[0]]
    if pending.failed:
        body.append([(f"{signs.FAILED} Not sent: {pending.failed}", style)])
        if pending.id == next(reversed(room.pending)):
            body[-1].append((f" {_DISCARDED}", model.theme["ghost"]))
    else:
        body[-1].append((f" {signs.QUEUED}", style))
    sender = signs.ACTION if pending.action else model.user
    return _laid_out(model, [(sender, style)], body, pending.at, shape)


def _nick_style(model: Model, room: Room, entry: Entry) -> Style:
    if entry.kind & log.OWN:
        return model.theme["own-nick"]
    if model.alike(room, entry.sender):
        return model.theme["suspect"]
    return model.nick_style(user_key(entry.sender))


def _styled(model: Model, text: str, style: Style) -> list[Run]:
    """A line with its links as links, and beside a link that deceives where it really leads."""
    found = links.find(text)
    if not found:
        return [(text, style)]
    runs: list[Run] = []
    done = 0
    for link in found:
        runs.append((text[done : link.start], style))
        number = model.links.number(link.uri)
        runs.append((text[link.start : link.end], model.theme["link"].linked(number)))
        real = links.warning(link.uri)
        if real:
            runs.append((f" [{real}]", model.theme["suspect"]))
        done = link.end
    runs.append((text[done:], style))
    return runs


def _laid_out(
    model: Model, head: list[Run], body: list[list[Run]], at: int, shape: Shape, *, barred: bool = False
) -> list[Row]:
    """The rows of an entry; `barred`: its sign stands before each of them."""
    lead: list[Run] = [(hour(at) + " ", model.theme["time"])] if shape.time else []
    if shape.nick:
        name, style = head[0]
        lead += row([(name, style)], shape.nick, ellipsis=True)
        lead.append((" ", PLAIN))
        first = shape.columns - shape.indent
    else:
        name = cut(head[0][0], max(shape.columns - (6 if shape.time else 0) - 1, 1))
        lead += [(name, head[0][1]), (" ", PLAIN)]
        first = shape.columns - sum(width(text) for text, _ in lead)
    indent: Row = ((" " * shape.indent, PLAIN),) if shape.indent else ()
    if barred and shape.indent > 1:
        bar = width(head[0][0]) + 1
        at_sign = shape.indent - 1 - shape.nick if shape.nick else shape.indent
        indent = row([(" " * at_sign, PLAIN), head[0]], max(shape.indent, at_sign + bar))
    room = max(shape.columns - row_width(indent), 1)
    made: list[Row] = []
    for number, runs in enumerate(body):
        if number == 0 and first < 1:
            made.append(tuple(lead))
            wrapped = _wrapped(runs, room, room)
        elif number == 0:
            first_row, *wrapped = _wrapped(runs, room, first)
            made.append((*lead, *first_row))
        else:
            wrapped = _wrapped(runs, room, room)
        made += [(*indent, *part) for part in wrapped]
    return made


def _wrapped(runs: list[Run], limit: int, first: int) -> list[Row]:
    """As `wrap_runs`; what is long, and so takes as long as a hundred others, is wrapped once and remembered."""
    if sum([len(text) for text, _ in runs]) < _LONG:
        return wrap_runs(runs, limit, first)
    return _wrapped_once(tuple(runs), limit, first)


@lru_cache(maxsize=16)
def _wrapped_once(runs: tuple[Run, ...], limit: int, first: int) -> list[Row]:
    return wrap_runs(runs, limit, first)


def ruled(text: str, columns: int, style: Style) -> Row:
    """A line across the pane with a text in it."""
    if columns < 8:
        return ((cut(text, columns), style),)
    shown = f"── {cut(text, columns - 6)} "
    return ((shown + "─" * (columns - width(shown)), style),)


class Pane:
    """A room's messages at a given width: the rows of each entry, and with them how to scroll."""

    __slots__ = ("_leads", "_made", "_marker", "model", "room", "shape")

    def __init__(self, model: Model, room: Room, columns: int) -> None:
        self.model = model
        self.room = room
        self.shape = Shape(room, columns, bare=model.bare)
        self._made: dict[int, list[Row]] = {}
        self._leads: dict[int, int] = {}
        self._marker = -1
        if room.marker < room.log.last_seq:
            self._marker = room.log.after(room.marker)
            if self._marker == room.log.end:
                self._marker = -1

    @property
    def end(self) -> int:
        """One more than the index of the last entry, counting those that are not sent yet."""
        return self.room.log.end + len(self.room.pending)

    def rows(self, index: int) -> list[Row]:
        """The rows of the entry at `index`, with the lines for a new day or the unread before it."""
        made = self._made.get(index)
        if made is None:
            made = self._made[index] = self._make(index)
        return made

    def lead(self, index: int) -> int:
        """How many of the rows of the entry at `index` are lines before it."""
        self.rows(index)
        return self._leads.get(index, 0)

    def _make(self, index: int) -> list[Row]:
        model, room, written = self.model, self.room, self.room.log
        if index >= written.end:
            pending = list(room.pending.values())[index - written.end]
            made = pending_rows(model, room, pending, self.shape)
            at = pending.at
        else:
            entry = written[index]
            made = entry_rows(model, room, entry, self.shape)
            at = entry.at
        before: list[Row] = []
        columns = self.shape.columns
        if index == written.first or day_number(at) != day_number(self._at(index - 1)):
            before.append(ruled(day(at, model.now), columns, model.theme["day"]))
        if index == self._marker:
            before.append(ruled("new", columns, model.theme["marker"]))
        if before:
            self._leads[index] = len(before)
            return before + made
        return made

    def _at(self, index: int) -> int:
        written = self.room.log
        if index < written.end:
            return written[index].at
        return list(self.room.pending.values())[index - written.end].at

    def visible(self, height: int) -> tuple[list[Row], list[int]]:
        """The rows on a screen of that height, at most so many, and the index of the entry that each belongs to."""
        if height <= 0:
            return [], []
        scroll, first = self.room.scroll, self.room.log.first
        index = min(scroll.index, self.end - 1) if scroll else self.end - 1
        rows: list[Row] = []
        owners: list[int] = []
        skip = scroll.below if scroll else 0
        while index >= first and len(rows) < height:
            part = self.rows(index)
            part = part[: len(part) - skip] if skip else part
            skip = 0
            rows = part + rows if not rows else part[-(height - len(rows)) :] + rows
            owners = [index] * (len(rows) - len(owners)) + owners
            index -= 1
        return rows[-height:], owners[-height:]
