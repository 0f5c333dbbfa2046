"""A name has one colour, for everybody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.text.nickcolor import BASIC_DARK, DARK, LIGHT, colour, stable_hash


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_the_hash_of_a_name_has_32_bits_and_its_colour_is_of_the_palette(key: str) -> None:
    assert 0 <= stable_hash(key) < 2**32
    assert colour(key, DARK) in DARK and colour(key, BASIC_DARK) in BASIC_DARK
    assert colour(key, ()) == -1


def test_a_hash_is_the_same_on_every_computer() -> None:
    # FNV-1a of "a" is 0xe40c292c (draft-eastlake-fnv); its halves are folded together.
    assert stable_hash("a") == 0xE40C292C ^ 0xE40C292C >> 16


def test_names_that_differ_little_spread_over_the_colours() -> None:
    for palette in (DARK, LIGHT):
        assert len({colour(f"user{number}", palette) for number in range(200)}) == len(palette)
