"""Lists to choose from: the switcher, messages that were found, links; and pages to read."""

from __future__ import annotations

import re

from tui.layout.messages import Pane
from tui.layout.screen import layout_of
from tui.model.effects import SEARCH, Ask, Copy, Open
from tui.model.overlays import Choice, Item
from tui.model.session_events import ONLINE
from tui.text import links
from tui.text.cells import previous_cluster
from tui.text.rows import ELLIPSIS
from tui.text.times import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.effects import Effect
    from tui.model.model import Model

FOUND = 200
"""Messages listed of those found."""

_BEFORE = 40
"""Characters shown at most of a message before the words that were searched in it."""


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
    from tui.model.fuzzy import rank

    if not query:
        choice.items = choice.all
        return []
    # @ before a name is how others write of people; no label has it.
    ranked = rank(query.removeprefix("@") or query, choice.all, lambda item: item.label)
    choice.items = [Item(item.value, item.label, item.note, spots, item.role) for item, spots in ranked]
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
            items.append(found_item(model, room.key, entry.seq, entry.at, entry.sender, entry.text, query))
    if model.state == ONLINE:
        items.append(Item(query, "Search on the server, too"))
    return items


def found_item(model: Model, key: str, seq: int, at: int, sender: str, text: str, query: str) -> Item:
    """The row of a message that was found: when, who, and what around the words that were searched."""
    text = text.replace("\n", " ")
    # Not casefold() of the text: that may change its length, and with it the place.
    match = re.search(re.escape(query.strip()), text, re.IGNORECASE) if query.strip() else None
    if match and match.start() > _BEFORE:
        text = ELLIPSIS + text[_border(text, match.start() - _BEFORE // 2) :]
        match = re.search(re.escape(query.strip()), text, re.IGNORECASE)
    lead = f"{moment(at, model.now)} {sender}: "
    spots = range(len(lead) + match.start(), len(lead) + match.end()) if match else ()
    return Item((key, seq), lead + text, spots=tuple(spots))


def _border(text: str, at: int) -> int:
    """The beginning of the word, or at least of the character, around `at`."""
    space = text.rfind(" ", 0, at)
    return space + 1 if at - space <= _BEFORE // 2 else previous_cluster(text, at + 1)


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
    copies = ", Alt-Y copies" if model.clipboard else ""
    return open_list(model, "links", f"Links: Enter or Alt and the number opens{copies}", items)


def _links(model: Model, indexes: list[int]) -> list[Item]:
    items: dict[str, Item] = {}
    for index in reversed(indexes):
        entry = model.room.log[index]
        if "://" not in entry.text and "www." not in entry.text.lower():
            continue
        for link in links.find(entry.text.replace("\n", " ")):
            real = links.warning(link.uri)
            role = "suspect" if real else "ghost"
            items.setdefault(link.uri, Item(link.uri, link.uri, real or entry.sender, role=role))
    return list(items.values())


def open_uri(model: Model, uri: str) -> list[Effect]:
    """Opens a link, as it really is."""
    target = links.ascii_uri(uri)
    return [Open(target)] if target else []


def copy(model: Model, text: str) -> list[Effect]:
    """Puts a text into the clipboard."""
    if not model.clipboard:
        model.hint = "Copying is off: set clipboard = true to allow it."
        return []
    model.hint = "Copied."
    return [Copy(text)]
