"""Every theme styles every role so that it can be read."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.text import nickcolor
from tui.text.style import PLAIN, contrast, rgb
from tui.text.theme import BACKGROUNDS, DARK, LIGHT, MONO, ROLES, THEMES, Theme, background, choose

READABLE = 4.5
VISIBLE = 2.0


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_theme_has_a_style_for_every_role_and_no_other(theme: Theme) -> None:
    assert theme.styles.keys() == ROLES.keys()
    assert theme["text"] == PLAIN


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_every_role_can_be_read_on_its_background(theme: Theme) -> None:
    for role, style in theme.styles.items():
        if style.fg >= 0:
            behind = [rgb(style.bg)] if style.bg >= 0 else BACKGROUNDS[theme.name]
            least = VISIBLE if role == "border" else READABLE
            assert min(contrast(rgb(style.fg), colour) for colour in behind) >= least, role
        else:
            assert style.bg == -1, f"{role}: the terminal's own colour on ours may be the same one"


@pytest.mark.parametrize(
    ("palette", "name"), [(nickcolor.DARK, "dark"), (nickcolor.LIGHT, "light")], ids=["dark", "light"]
)
def test_every_colour_of_a_name_can_be_read(palette: tuple[int, ...], name: str) -> None:
    assert len(set(palette)) == len(palette) >= 12
    for colour in palette:
        assert min(contrast(rgb(colour), behind) for behind in BACKGROUNDS[name]) >= READABLE, colour


def test_without_colours_there_are_none() -> None:
    name = MONO.nick("alice", nickcolor.Places())
    for style in [*MONO.styles.values(), name]:
        assert (style.fg, style.bg) == (-1, -1)
    assert name.bold


def test_what_must_be_told_apart_differs_in_every_theme() -> None:
    for theme in (*THEMES.values(), DARK.limited(16), LIGHT.limited(8)):
        for one, other in [
            *pairwise(["room", "room-unread", "room-mention"]),
            ("text", "mention"),
            ("text", "error"),
        ]:
            assert theme[one] != theme[other], (theme.name, one, other)
        assert theme["room-current"] != theme["room"]


@pytest.mark.parametrize("colours", [0, 2, 8, 16, 88])
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_limited_theme_uses_only_the_colours_there_are(theme: Theme, colours: int) -> None:
    limited = theme.limited(colours)
    most = 15 if colours >= 16 else 7 if colours >= 8 else -1
    for style in [*limited.styles.values(), *(limited.nick(str(n), nickcolor.Places()) for n in range(50))]:
        assert style.fg <= most
        assert style.bg <= most


def test_the_hash_is_the_published_one() -> None:
    # Test vectors of draft-eastlake-fnv, before the folding.
    for key, fnv in {"": 0x811C9DC5, "a": 0xE40C292C, "foobar": 0xBF9CF968}.items():
        assert nickcolor.stable_hash(key) == fnv ^ fnv >> 16


@given(st.text())
def test_a_name_always_has_the_same_colour_of_the_palette(key: str) -> None:
    place = nickcolor.Places().of(key, len(nickcolor.DARK))
    assert DARK.nick(key, nickcolor.Places()).fg == nickcolor.DARK[place]
    assert MONO.nick(key, nickcolor.Places()).fg == -1


def test_names_spread_over_the_whole_palette() -> None:
    for palette in (nickcolor.DARK, nickcolor.LIGHT):
        counts = [0] * len(palette)
        for number in range(1000):
            counts[nickcolor.Places().of(f"user{number}", len(palette))] += 1
        assert min(counts) > 1000 / len(palette) / 3


def test_with_few_colours_names_differ_in_weight_too() -> None:
    few = DARK.limited(8)
    places = nickcolor.Places()
    looks = {few.nick(f"user{number}", places) for number in range(100)}
    assert len(looks) == 8
    assert {look.fg for look in looks} == {2, 3, 5, 6}


@pytest.mark.parametrize(
    ("wanted", "environ", "colours", "behind", "name"),
    [
        ("auto", {}, 256, None, "dark"),
        ("auto", {}, 256, (255, 255, 255), "light"),
        ("auto", {"COLORFGBG": "0;15"}, 256, None, "light"),
        ("auto", {"COLORFGBG": "15;default;0"}, 256, None, "dark"),
        ("auto", {"COLORFGBG": "default"}, 256, None, "dark"),
        ("auto", {"COLORFGBG": "0;15"}, 256, (0, 0, 0), "dark"),
        ("light", {}, 256, (0, 0, 0), "light"),
        ("light", {"NO_COLOR": "1"}, 256, None, "mono"),
        ("light", {"NO_COLOR": ""}, 256, None, "light"),
        ("dark", {}, 0, None, "mono"),
        ("dark", {}, 8, None, "dark"),
    ],
)
def test_the_theme_is_chosen_by_wish_environment_and_terminal(
    wanted: str, environ: dict[str, str], colours: int, behind: tuple[int, int, int] | None, name: str
) -> None:
    assert choose(wanted, environ, colours, behind).name == name


def test_an_unknown_theme_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="no theme pink"):
        choose("pink", {})


def test_the_terminals_answer_about_its_background_is_understood() -> None:
    assert background("]11;rgb:ffff/8080/0000") == (255, 128, 0)
    assert background("]11;rgb:ff/80/0") == (255, 128, 0)
    assert background("]11;rgba:0000/0000/0000/ffff") == (0, 0, 0)
    assert background("[?1u") is None
