"""Columns of names suit most names, whatever one of them is like."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.layout.widths import WHOLE, usual


@given(st.lists(st.integers(1, 40), max_size=60), st.integers(1, 40))
def test_short_names_are_whole_and_few_long_ones_cut(widths: list[int], most: int) -> None:
    made = usual(widths, most)
    assert made <= most
    assert made <= max(widths, default=0)
    if most >= WHOLE:
        assert all(each <= made for each in widths if each <= WHOLE)
    if most == 40 and widths:
        assert sum(each > made for each in widths) <= max(len(widths) // 10, 1)


def test_one_long_name_costs_nobody_else_anything() -> None:
    assert usual([5, 6, 4, 32], 16) == WHOLE
    assert usual([5, 6, 4, 14, 15], 16) == 14
    assert usual([32] * 5, 16) == 16
    assert usual([3, 4], 16) == 4
    assert usual([], 16) == 0
