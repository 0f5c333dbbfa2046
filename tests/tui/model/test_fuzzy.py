"""The switcher finds what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.fuzzy import match, rank

ROOMS = [
    "#main",
    "#maintenance",
    "#mail-admins",
    "#python",
    "#Python-dev",
    "alice",
    "malice",
    "#random",
    "#open-source",
]
words = st.text(st.sampled_from("abAB-#é İ"), max_size=12)


def best(query: str) -> str:
    return rank(query, ROOMS, str)[0][0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("main", "#main"),
        ("mnt", "#maintenance"),
        ("ma", "#main"),
        ("mad", "#mail-admins"),
        ("py", "#python"),
        ("pyd", "#Python-dev"),
        ("Py", "#Python-dev"),
        ("ali", "alice"),
        ("mal", "malice"),
        ("os", "#open-source"),
        ("p y d", "#Python-dev"),
    ],
)
def test_the_best_match_comes_first(query: str, found: str) -> None:
    assert best(query) == found


def test_an_empty_query_keeps_the_order() -> None:
    assert [room for room, _ in rank("", ROOMS, str)] == ROOMS
    assert rank("", ROOMS, str, limit=2) == [("#main", ()), ("#maintenance", ())]


def test_what_does_not_hold_the_letters_in_order_does_not_match() -> None:
    assert match("xyz", "#main") is None
    assert match("nm", "main") is None
    assert match("aa", "a") is None


def test_positions_favour_beginnings_of_words_and_neighbours() -> None:
    assert (match("os", "moss open-source") or (0, ()))[1] == (5, 10)
    assert (match("dev", "dxexvx dev") or (0, ()))[1] == (7, 8, 9)


@given(words, words)
def test_it_matches_exactly_where_the_letters_stand_in_order(query: str, candidate: str) -> None:
    letters = [char.lower() for char in query if char != " "]
    rest = iter([char.lower() for char in candidate])
    matched = match(query, candidate)
    assert (matched is not None) == all(letter in rest for letter in letters)
    if matched is not None:
        positions = matched[1]
        assert [candidate[at].lower() for at in positions] == letters
        assert list(positions) == sorted(set(positions))


@pytest.mark.parametrize("room", ROOMS)
def test_a_name_in_full_finds_that_name(room: str) -> None:
    assert best(room) == room
    assert best(room.lower().lstrip("#")) == room


def test_long_candidates_are_looked_at_only_in_part() -> None:
    assert match("z", "a" * 1000 + "z") is None
