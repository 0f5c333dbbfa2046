"""Lists to choose from: the switcher, messages that were found, links; and pages to read."""

from __future__ import annotations

from tui import links
from tui.cells import previous_cluster
from tui.clock import day, hour
from tui.effects import SEARCH, Ask, Copy, Open
from tui.model import ONLINE, Choice, Item
from tui.panes.line import layout_of
from tui.panes.messages import Pane

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.effects import Effect
    from tui.model import Model

FOUND = 200
"""Messages listed of those found."""


def open_list(model: Model, kind: str, title: str, items: list[Item]) -> list[Effect]:
    """Opens a list; typing narrows it down."""
    model.choice = Choice(kind, title, items)
    return []


def narrow(model: Model, query: str) -> list[Effect]:
    """The search in the open list is `query` now."""
    choice = model.choice
    if choice is None:
        return []
    choice.query, choice.index = query, 0
    if choice.kind == "find":
        choice.items = _find(model, query)
        return []
    from tui.fuzzy import rank

    if not query:
        choice.items = choice.all
        return []
    ranked = rank(query, choice.all, lambda item: item.label)
    choice.items = [Item(item.value, item.label, item.note, spots) for item, spots in ranked]
    return []


def erase(model: Model) -> list[Effect]:
    """Makes the search shorter."""
    query = model.choice.query if model.choice else ""
    return narrow(model, query[: previous_cluster(query, len(query))]) if query else []


def move(model: Model, by: int) -> list[Effect]:
    """Goes so many rows down the list, around its end if by one."""
    choice = model.choice
    if choice is not None and choice.items:
        index = choice.index + by
        last = len(choice.items) - 1
        choice.index = index % (last + 1) if abs(by) == 1 else min(max(index, 0), last)
    return []


def page_rows(model: Model) -> int:
    """Rows of a page or list on the screen."""
    return max(layout_of(model).body - 2, 1)


# ---- finding ----------------------------------------------------------------------------------------------------


def finder(model: Model, query: str = "") -> list[Effect]:
    """Opens the search through the messages of the room."""
    open_list(model, "find", f"Find in {model.room.name}", [])
    return narrow(model, query)


def _find(model: Model, query: str) -> list[Item]:
    if not query.strip():
        return []
    room = model.room
    items = []
    for entry in room.log.find(query, FOUND):
        if entry.sender:
            label = f"{hour(entry.at)} {entry.sender}: " + entry.text.replace("\n", " ")
            items.append(Item((room.key, entry.seq), label, day(entry.at, model.now)))
    if model.state == ONLINE:
        items.append(Item(query, "Search on the server, too"))
    return items


def ask_server(model: Model, query: str) -> list[Effect]:
    """Lets the server search, too; what it finds comes into the open list."""
    request = {"request": "search", "content": query, "to": model.room.name, "limit": FOUND}
    return [Ask(request, SEARCH, query)]


# ---- links ------------------------------------------------------------------------------------------------------


def link_list(model: Model) -> list[Effect]:
    """Opens the list of links on the screen, the newest first; with none there, of all in the room."""
    room = model.room
    layout = layout_of(model)
    _, owners = Pane(model, room, layout.text).visible(layout.body)
    shown = [index for index in dict.fromkeys(owners) if index < room.log.end]
    items = _links(model, shown)
    if not items:
        items = _links(model, list(range(max(room.log.first, room.log.end - 5000), room.log.end)))
    if not items:
        model.hint = "There are no links here."
        return []
    return open_list(model, "links", "Links: Enter opens, Alt-Y copies", items)


def _links(model: Model, indexes: list[int]) -> list[Item]:
    items: dict[str, Item] = {}
    for index in reversed(indexes):
        entry = model.room.log[index]
        if "://" not in entry.text and "www." not in entry.text.lower():
            continue
        for link in links.find(entry.text.replace("\n", " ")):
            note = links.warning(link.uri) or entry.sender
            items.setdefault(link.uri, Item(link.uri, link.uri, note))
    return list(items.values())


def open_uri(model: Model, uri: str) -> list[Effect]:
    """Opens a link, as it really is."""
    target = links.ascii_uri(uri)
    return [Open(target)] if target else []


def copy(model: Model, text: str) -> list[Effect]:
    """Puts a text into the clipboard."""
    if not model.clipboard:
        model.hint = "The terminal's clipboard is off: set clipboard = true to allow it."
        return []
    model.hint = "Copied."
    return [Copy(text)]
