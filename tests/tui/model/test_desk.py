"""What the servers of a client have in common."""

from __future__ import annotations

from tui.model.desk import Desk, OnDesk
from tui.model.model import Model


def test_what_is_on_the_desk_is_that_of_every_model() -> None:
    first = Model("alice", "a.example")
    second = Model("alice", "b.example", beside=first)
    second.hint = "hello"
    second.columns = 132
    assert (first.hint, first.columns) == ("hello", 132)
    assert first.desk is second.desk
    assert first.models is second.models


def test_every_attribute_of_the_desk_that_is_not_about_models_is_typed_as_that_of_a_model() -> None:
    assert set(Desk.__slots__) - {"shown", "previous"} == set(OnDesk.__annotations__) - {"desk"}


def test_one_model_is_shown() -> None:
    first = Model("alice", "a.example")
    second = Model("alice", "b.example", beside=first)
    assert [first.is_shown, second.is_shown] == [True, False]
    first.desk.shown = "b.example"
    assert first.shown is second.shown is second
    room = first.enter("#main")
    assert not first.is_read(room)
    assert second.is_read(second.enter("#main"))


def test_rooms_of_the_same_name_are_told_apart() -> None:
    first = Model("alice", "a.example")
    second = Model("alice", "b.example", beside=first)
    here, there = first.enter("#main"), second.enter("#main")
    assert first.all_rooms() == [here, there]
    assert (first.home(here), first.home(there)) == (first, second)
    second.leave(there)
    assert first.all_rooms() == [here, second.lobby]
    assert first.home(second.lobby) is second
