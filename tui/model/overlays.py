"""What is open over the messages: a list to choose from, or a page to read."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Item:
    """A row of a list to choose from: what it stands for, how it is shown, and which of its letters matched.

    `role` is the theme's for the note.
    """

    __slots__ = ("label", "note", "role", "spots", "value")

    def __init__(
        self, value: Any, label: str, note: str = "", spots: tuple[int, ...] = (), role: str = "ghost"
    ) -> None:
        self.value = value
        self.label = label
        self.note = note
        self.spots = spots
        self.role = role


class Choice:
    """A list to choose from: `kind` says what taking an item does, `items` are those of `all` that match the query."""

    __slots__ = ("all", "index", "items", "kind", "query", "title")

    def __init__(self, kind: str, title: str, items: list[Item], query: str = "", index: int = 0) -> None:
        self.kind = kind
        self.title = title
        self.all = self.items = items
        self.query = query
        self.index = index


class Page:
    """A page of text to read: rows of (text, role), scrolled down by `top`."""

    __slots__ = ("rows", "title", "top")

    def __init__(self, title: str, rows: list[list[tuple[str, str]]]) -> None:
        self.title = title
        self.rows = rows
        self.top = 0
