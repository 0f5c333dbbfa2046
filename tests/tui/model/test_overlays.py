"""What is open over the messages."""

from __future__ import annotations

from tui.model.overlays import Choice, Item, Page


def test_a_list_begins_with_all_its_items_at_the_first() -> None:
    items = [Item(1, "one"), Item(2, "two", "a note")]
    choice = Choice("switch", "Rooms", items)
    assert (choice.items, choice.all, choice.index, choice.query) == (items, items, 0, "")


def test_a_page_begins_at_its_top() -> None:
    assert Page("Help", [[("text", "role")]]).top == 0
