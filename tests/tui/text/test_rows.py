"""A row is exactly as wide as it should be, whatever it is made of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.text import width
from tests.tui.texts import shown
from tui.text.rows import beside, block, cut, cut_start, highlight, plain, row, row_width
from tui.text.style import PLAIN, Style

RED, BLUE, BOLD = Style.of(1), Style.of(4), Style.of(bold=True)
runs = st.lists(st.tuples(shown, st.sampled_from([RED, BLUE, PLAIN])))
columns = st.integers(0, 30)


@given(runs, columns, st.booleans())
def test_a_row_is_exactly_as_wide_as_it_should_be(
    parts: list[tuple[str, Style]], wide: int, dots: bool
) -> None:
    made = row(parts, wide, BLUE, ellipsis=dots)
    assert row_width(made) == wide
    assert all(text for text, _ in made)
    assert all(one[1] != other[1] for one, other in zip(made, made[1:], strict=False))


@given(runs, columns)
def test_a_row_begins_with_what_fits(parts: list[tuple[str, Style]], wide: int) -> None:
    text = "".join(text for text, _ in parts)
    made = plain(row(parts, wide))
    if width(text) <= wide:
        assert made == text + " " * (wide - width(text))
    else:
        assert text.startswith(made) or text.startswith(made.rstrip(" "))


def test_a_wide_character_is_never_cut_in_half() -> None:
    assert row([("a日本", RED)], 4) == (("a日", RED), (" ", PLAIN))
    assert row([("日", RED)], 1) == ((" ", PLAIN),)


def test_a_cut_row_may_end_in_an_ellipsis() -> None:
    assert row([("abcdef", RED)], 4, ellipsis=True) == (("abc…", RED),)
    assert row([("abcd", RED), ("ef", BLUE)], 4, ellipsis=True) == (("abc…", RED),)
    assert row([("ab日", RED), ("ef", BLUE)], 4, ellipsis=True) == (("ab…", RED), (" ", PLAIN))
    assert row([("ab", RED)], 4, ellipsis=True) == (("ab", RED), ("  ", PLAIN))


@given(shown, columns)
def test_cut_text_fits(text: str, wide: int) -> None:
    for made in (cut(text, wide), cut_start(text, wide)):
        assert width(made) <= wide
        assert made == text or width(text) > wide


def test_a_cut_keeps_the_beginning_or_the_end() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut_start("abcdef", 4) == "…def"


@given(st.lists(runs, max_size=4), st.lists(runs, max_size=4), columns, columns)
def test_blocks_side_by_side_keep_their_columns(
    left: list[list[tuple[str, Style]]], right: list[list[tuple[str, Style]]], one: int, other: int
) -> None:
    rows = beside(([tuple(r) for r in left], one), ([tuple(r) for r in right], other))
    assert len(rows) == max(len(left), len(right))
    for made in rows:
        assert row_width(made) == one + other


@given(st.lists(runs, max_size=6), st.integers(0, 8), columns, st.booleans())
def test_a_block_has_exactly_its_size(
    rows: list[list[tuple[str, Style]]], high: int, wide: int, bottom: bool
) -> None:
    made = block([tuple(r) for r in rows], high, wide, bottom=bottom)
    assert len(made) == high
    assert all(row_width(r) == wide for r in made)


def test_a_block_at_the_bottom_keeps_its_last_rows() -> None:
    rows = [((str(n), RED),) for n in range(3)]
    assert [plain(r) for r in block(rows, 2, 1, bottom=True)] == ["1", "2"]
    assert [plain(r) for r in block(rows, 2, 1)] == ["0", "1"]
    assert [plain(r) for r in block(rows[:1], 2, 1, bottom=True)] == [" ", "0"]


@given(runs, st.lists(st.integers(0, 40), max_size=6).map(sorted))
def test_highlighting_changes_no_text(parts: list[tuple[str, Style]], borders: list[int]) -> None:
    spots = list(zip(borders[::2], borders[1::2], strict=False))
    assert plain(highlight(parts, spots, BOLD)) == "".join(text for text, _ in parts)


def test_highlights_lie_over_the_styles_of_the_runs() -> None:
    assert highlight([("abcd", RED), ("efgh", BLUE)], [(2, 6)], BOLD) == (
        ("ab", RED),
        ("cd", BOLD.over(RED)),
        ("ef", BOLD.over(BLUE)),
        ("gh", BLUE),
    )
    assert highlight([("ae\u0323b", RED)], [(1, 2)], BOLD) == (
        ("a", RED),
        ("e\u0323", BOLD.over(RED)),
        ("b", RED),
    )
