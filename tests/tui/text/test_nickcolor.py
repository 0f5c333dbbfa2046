"""A name has one colour in every session, and names that are seen together differ as long as there are enough."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.text.colours import difference
from tui.text.nickcolor import BASIC_DARK, DARK, LIGHT, Places, stable_hash

keys = st.text(st.characters(exclude_categories=()), max_size=30)


@given(keys)
def test_the_hash_of_a_name_has_32_bits_and_its_place_is_in_the_palette(key: str) -> None:
    assert 0 <= stable_hash(key) < 2**32
    for palette in (DARK, BASIC_DARK):
        assert 0 <= Places().of(key, len(palette)) < len(palette)


def test_a_hash_is_the_same_on_every_computer() -> None:
    # FNV-1a of "a" is 0xe40c292c (draft-eastlake-fnv); its halves are folded together.
    assert stable_hash("a") == 0xE40C292C ^ 0xE40C292C >> 16


@given(st.lists(keys, max_size=40), st.integers(1, 20))
def test_a_name_keeps_its_place_and_the_first_ones_have_one_each(names: list[str], size: int) -> None:
    places = Places()
    first = [places.of(name, size) for name in names]
    assert [places.of(name, size) for name in names] == first
    distinct = list(dict.fromkeys(names))
    seen = {places.of(name, size) for name in distinct[:size]}
    assert len(seen) == min(len(distinct), size)
    if distinct:
        assert places.of(distinct[0], size) == stable_hash(distinct[0]) % size


def test_names_that_differ_little_spread_over_the_colours() -> None:
    for palette in (DARK, LIGHT):
        assert len({Places().of(f"user{number}", len(palette)) for number in range(200)}) == len(palette)


def test_colours_of_names_are_told_apart_at_a_glance() -> None:
    # A difference of 2.3 (CIEDE2000) is just noticeable side by side; names stand rows apart.
    for palette, least in ((DARK, 14), (LIGHT, 9)):
        assert min(difference(one, other) for one, other in combinations(palette, 2)) >= least
