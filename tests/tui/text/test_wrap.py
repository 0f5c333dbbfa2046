"""Wrapped text loses nothing but spaces at breaks, and no row is too wide."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.text import width
from tests.tui.texts import sentences
from tui.text.cells import clusters, joins
from tui.text.rows import plain, row_width
from tui.text.style import Style
from tui.text.wrap import TOO_WIDE, spans, wrap, wrap_runs

limits = st.integers(1, 40)


@given(sentences, limits, limits)
def test_no_piece_is_wider_than_its_limit(text: str, limit: int, first: int) -> None:
    pieces = wrap(text, limit, first)
    assert width(pieces[0]) <= first
    assert all(width(piece) <= limit for piece in pieces[1:])


@given(sentences, st.integers(6, 40), st.integers(6, 40))
def test_only_spaces_at_breaks_are_lost(text: str, limit: int, first: int) -> None:
    position = 0
    for piece in wrap(text, limit, first):
        gap = re.compile(" *").match(text, position)
        assert gap is not None
        if not text.startswith(piece, position):
            position = gap.end()
        assert text.startswith(piece, position)
        position += len(piece)
    assert text[position:].strip(" ") == ""


@given(sentences, limits)
def test_no_cluster_is_ever_split(text: str, limit: int) -> None:
    for start, end in spans(text, limit):
        assert start == 0 or start == len(text) or not joins(text, start)
        assert end == len(text) or not joins(text, end)


@given(sentences, limits)
def test_a_row_ends_early_only_at_a_space_or_beside_a_wide_character(text: str, limit: int) -> None:
    for start, end in spans(text, limit)[:-1]:
        following = clusters(text[end:])[0]
        if width(text[start:end] + following) <= limit:
            assert following == " " or 2 in (width(following[0]), width(clusters(text[start:end])[-1][0]))


def test_it_breaks_at_the_last_space_that_fits() -> None:
    assert wrap("the quick brown fox", 10) == ["the quick", "brown fox"]
    assert wrap("the quick brown fox", 9) == ["the quick", "brown fox"]
    assert wrap("a  b", 2) == ["a ", "b"]
    assert wrap("", 5) == [""]


def test_what_is_too_long_is_cut_hard() -> None:
    assert wrap("see http://example.org/x", 10) == ["see", "http://exa", "mple.org/x"]
    assert wrap("abcdef", 4, 2) == ["ab", "cdef"]


def test_indentation_at_the_beginning_stays() -> None:
    assert wrap("    return x", 10) == ["    return", "x"]


def test_ideographs_break_anywhere() -> None:
    assert wrap("ab 日本語テスト", 7) == ["ab 日本", "語テス", "ト"]


def test_a_width_of_one_works() -> None:
    assert wrap("a bc", 1) == ["a", "b", "c"]
    assert wrap("日a", 1) == [TOO_WIDE, "a"]
    assert wrap("ab", 0) == ["a", "b"]


RED, BLUE = Style.of(1), Style.of(4)


@given(st.lists(st.tuples(sentences, st.sampled_from([RED, BLUE]))), limits, limits)
def test_styled_text_wraps_as_plain_text_does(runs: list[tuple[str, Style]], limit: int, first: int) -> None:
    rows = wrap_runs(runs, limit, first)
    text = "".join(text for text, _ in runs)
    assert [plain(row) for row in rows] == wrap(text, limit, first)
    for index, row in enumerate(rows):
        assert row_width(row) <= (limit if index else first)
        assert all(piece for piece, _ in row)


def test_each_piece_keeps_its_style() -> None:
    assert wrap_runs([("red and ", RED), ("blue ones", BLUE)], 9) == [
        (("red and", RED),),
        (("blue ones", BLUE),),
    ]
    assert wrap_runs([("re", RED), ("d bl", BLUE), ("ue", RED)], 3) == [
        (("re", RED), ("d", BLUE)),
        (("bl", BLUE), ("u", RED)),
        (("e", RED),),
    ]
