"""Small laws of the model."""

from __future__ import annotations

import pytest

from tui.model.keymap import MODES
from tui.model.model import Model, room_key
from tui.model.overlays import Choice, Page


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("alice", True), ("hi Alice!", True), ("@ALICE", True), ("alices", False), ("malice", False),
        ("alice-x", False), ("x_alice", False), ("(alice)", True), ("", False), ("alice's", True),
    ],
)  # fmt: skip
def test_a_mention_is_a_whole_word(text: str, meant: bool) -> None:
    assert Model("alice").mentions(text) is meant


def test_names_of_signs_are_mentioned_too() -> None:
    assert Model("[al]").mentions("hello [AL]")
    assert not Model("[al]").mentions("al")


def test_a_room_is_known_by_its_key() -> None:
    model = Model("alice")
    assert model.enter("#Main") is model.enter("#main")
    assert model.enter("Bob") is model.enter("bob")
    assert room_key("#MAIN") == "#main"
    assert [room.name for room in model.order()] == ["#Main", "Bob"]


def test_what_was_kept_of_a_room_is_there_when_it_is() -> None:
    model = Model("alice")
    model.drafts = {"#main": "half", "bob": "a word"}
    model.kept = {"#main": ("typed",)}
    model.levels = {"#main": "none"}
    room = model.enter("#main")
    assert (room.draft.text, room.typed, room.level) == ("half", ("typed",), "none")
    assert model.all_drafts() == {"#main": "half", "bob": "a word"}


def test_what_is_open_last_has_the_keys() -> None:
    model = Model("alice")
    seen = [model.modes]
    model.selected = 0
    seen.append(model.modes)
    model.choice = Choice("find", "", [])
    seen.append(model.modes)
    model.page = Page("", [])
    seen.append(model.modes)
    model.paste = "x"
    seen.append(model.modes)
    assert [modes[0] for modes in seen] == ["line", "select", "list", "page", "paste"]
    assert {mode for modes in seen for mode in modes} < set(MODES)


def test_a_server_is_called_by_its_own_name_unless_another_one_has_it() -> None:
    first = Model("alice", "a.example")
    second = Model("alice", "b.example", beside=first)
    assert (first.label, second.label) == ("a.example", "b.example")
    first.server_name = "Class 7B"
    assert (first.label, second.label) == ("Class 7B", "b.example")
    for taken in ("Class 7B", "a.example"):
        second.server_name = taken
        assert second.label == "b.example"
