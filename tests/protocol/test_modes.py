"""The table of modes, and lines of changes: what is read is what was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.modes import (
    BY_LETTER,
    CHANNEL_MODES,
    USER_BY_LETTER,
    USER_MODES,
    Change,
    Takes,
    parse,
    write,
)

words = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=6).filter(
    lambda word: word.split() == [word]
)


@pytest.mark.parametrize("modes", [CHANNEL_MODES, USER_MODES])
def test_every_mode_has_a_letter_and_a_name_of_its_own_and_says_what_it_means(
    modes: tuple[object, ...],
) -> None:
    table = BY_LETTER if modes is CHANNEL_MODES else USER_BY_LETTER
    assert len(table) == len(modes) == len({mode.name for mode in table.values()})
    for letter, mode in table.items():
        assert len(letter) == 1 and letter.isascii() and letter.isalpha()
        assert mode.summary.endswith(".") and mode.name == mode.name.lower() and " " not in mode.name


@pytest.mark.parametrize(
    ("line", "good", "bad"),
    [
        ("", [], []),
        ("+", [], []),
        ("m", [Change(True, "m")], []),
        ("+m-m+m", [Change(True, "m"), Change(False, "m"), Change(True, "m")], []),
        ("+ov-k alice bob key", [Change(True, "o", "alice"), Change(True, "v", "bob"), Change(False, "k", "key")], []),
        ("-l+l 5", [Change(False, "l"), Change(True, "l", "5")], []),
        ("b", [Change(True, "b")], []),
        ("-b", [Change(False, "b")], []),
        ("+bb x", [Change(True, "b", "x"), Change(True, "b")], []),
        ("-k", [Change(False, "k")], []),
        ("+okl", [], [Change(True, "o"), Change(True, "k"), Change(True, "l")]),
        ("+x-ym", [Change(False, "m")], [Change(True, "x"), Change(False, "y")]),
        ("m too many", [Change(True, "m")], []),
    ],
)  # fmt: skip
def test_a_line_is_read(line: str, good: list[Change], bad: list[Change]) -> None:
    assert parse(line) == (good, bad)


@given(st.text(max_size=40))
def test_any_line_is_read_and_what_is_written_means_the_same(line: str) -> None:
    good, bad = parse(line)
    assert parse(write(tuple(good))) == (good, [])
    assert all(change.letter not in BY_LETTER or change.value is None for change in bad)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Change, ...]:
    """Changes as the server tells them: each with the value that its mode takes."""
    made = []
    for letter, on in draw(
        st.lists(st.tuples(st.sampled_from(sorted(BY_LETTER)), st.booleans()), max_size=8)
    ):
        takes = BY_LETTER[letter].takes
        valued = takes in (Takes.MASK, Takes.KEY, Takes.MEMBER) or (takes is Takes.NUMBER and on)
        made.append(Change(on, letter, draw(words) if valued else None))
    return tuple(made)


@given(changes())
def test_what_is_written_is_read_again(given_changes: tuple[Change, ...]) -> None:
    assert parse(write(given_changes)) == (list(given_changes), [])
