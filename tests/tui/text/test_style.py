"""A style is a value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.text.style import PLAIN, Style, contrast, nearest, rgb

colours = st.integers(-1, 255)
styles = st.builds(
    Style.of,
    colours,
    colours,
    bold=st.booleans(),
    dim=st.booleans(),
    italic=st.booleans(),
    underline=st.booleans(),
    reverse=st.booleans(),
    link=st.integers(0, 9999),
)


@given(colours, colours, st.lists(st.booleans(), min_size=5, max_size=5), st.integers(0, 2**20))
def test_every_part_comes_out_as_it_went_in(fg: int, bg: int, flags: list[bool], link: int) -> None:
    bold, dim, italic, underline, reverse = flags
    style = Style.of(
        fg, bg, bold=bold, dim=dim, italic=italic, underline=underline, reverse=reverse, link=link
    )
    assert (style.fg, style.bg, style.link) == (fg, bg, link)
    assert [style.bold, style.dim, style.italic, style.underline, style.reverse] == flags


def test_the_plain_style_is_the_terminals_own() -> None:
    assert Style.of() == PLAIN
    assert repr(PLAIN) == "Style(fg=-1, bg=-1, plain, link=0)"


@given(styles, styles)
def test_a_style_over_another_keeps_what_it_says_itself(top: Style, under: Style) -> None:
    both = top.over(under)
    assert both.fg == (top.fg if top.fg >= 0 else under.fg)
    assert both.bold == (top.bold or under.bold)
    assert top.over(PLAIN) == top == PLAIN.over(top)


@given(styles, st.integers(0, 99))
def test_a_link_changes_nothing_else(style: Style, link: int) -> None:
    linked = style.linked(link)
    assert linked.link == link
    assert linked.linked(style.link) == style


@given(styles, st.sampled_from([0, 1, 8, 16, 88, 256, 1 << 24]))
def test_a_limited_style_asks_for_no_colour_that_is_not_there(style: Style, available: int) -> None:
    limited = style.limited(available)
    most = 255 if available >= 256 else 15 if available >= 16 else 7 if available >= 8 else -1
    assert limited.fg <= most
    assert limited.bg <= most
    assert (limited.bold, limited.link) == (style.bold, style.link)
    assert limited.reverse or not style.reverse


def test_a_colour_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 255"):
        Style.of(256)


def test_colours_and_contrast_are_those_of_xterm_and_of_wcag() -> None:
    assert rgb(16) == (0, 0, 0)
    assert rgb(231) == (255, 255, 255)
    assert rgb(208) == (255, 135, 0)
    assert rgb(244) == (128, 128, 128)
    assert contrast(rgb(16), rgb(231)) == pytest.approx(21)
    assert contrast(rgb(231), rgb(244)) == pytest.approx(3.95, abs=0.01)


@pytest.mark.parametrize(
    ("colour", "of_eight", "of_sixteen"),
    [
        (-1, -1, -1), (196, 1, 9), (228, 3, 11), (210, 1, 9), (117, 6, 14), (114, 2, 10), (124, 1, 1), (16, 0, 0),
        (242, -1, 8), (252, -1, 7), (231, -1, 15), (1, 1, 1), (39, 6, 14), (27, 4, 12),
    ],
)  # fmt: skip
def test_of_few_colours_that_of_the_same_hue_is_taken(colour: int, of_eight: int, of_sixteen: int) -> None:
    assert (nearest(colour, 8), nearest(colour, 16)) == (of_eight, of_sixteen)


def test_with_few_colours_calm_backgrounds_become_reverse_and_signals_stay() -> None:
    calm, signal = Style.of(252, 237), Style.of(231, 124, bold=True)
    for colours in (8, 16):
        assert calm.limited(colours) == Style.of(reverse=True)
        assert signal.limited(colours).bg == 1
