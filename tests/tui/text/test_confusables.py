"""Names that look alike are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.text.confusables import Lookalikes, confusable, skeleton

names = st.text(st.sampled_from("aAlI1|0oOrnmvw_bбоНηé"), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice", "a1ice"),
        ("alice", "aIice"),
        ("alice", "a|ice"),
        ("bob", "b0b"),
        ("BOB", "b0b"),
        ("modern", "modem"),
        ("walter", "vvalter"),
        ("bob", "bоb"),
        ("paypal", "раураl"),
        ("NICK", "ΝΙϹΚ"),
        ("alice", "аlісе"),
        ("bob", "ｂｏｂ"),
        ("jose", "josé"),
        ("a_b", "a__b"),
        ("ivan", "lvan"),
    ],
)
def test_look_alikes_are_confusable_both_ways(one: str, other: str) -> None:
    assert confusable(one, ["zoe", other]) == other
    assert confusable(other, [one]) == one


@pytest.mark.parametrize(
    ("one", "other"), [("alice", "alicia"), ("bob", "rob"), ("tom", "tim"), ("ann", "anna"), ("a-b", "a_b")]
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert confusable(one, [other]) is None


def test_one_name_in_other_capitals_is_the_same_name() -> None:
    assert confusable("Alice", ["alice", "ALICE"]) is None


@given(names)
def test_a_skeleton_is_its_own_skeleton(name: str) -> None:
    assert skeleton(skeleton(name)) == skeleton(name)


@given(st.lists(names), names)
def test_the_index_knows_what_comparing_with_everybody_finds(room: list[str], name: str) -> None:
    index = Lookalikes(room)
    found = index.others(name)
    assert bool(found) == (confusable(name, room) is not None)
    assert all(skeleton(other) == skeleton(name) and other.casefold() != name.casefold() for other in found)


@given(st.lists(names), names)
def test_who_left_is_not_confused_with_anybody(room: list[str], name: str) -> None:
    index = Lookalikes(room)
    before = index.others(name)
    for other in before:
        index.discard(other)
    index.discard("nobody")
    assert index.others(name) == ()


def test_who_was_there_first_is_named_first() -> None:
    assert Lookalikes(["alice", "a1ice", "aIice"]).others("aIice") == ("alice", "a1ice")
