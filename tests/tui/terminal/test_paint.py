"""Painting: whatever was on the screen, after the bytes it shows the frame, and the cursor is where it belongs."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.pictures import PICTURES
from tests.tui.scenes import morning
from tui.terminal.frame import Frame
from tui.terminal.paint import Painter, sgr
from tui.text.rows import row
from tui.text.style import PLAIN, Style

COLUMNS, ROWS = 24, 4
STYLES = [PLAIN, Style.of(1), Style.of(250, 17, bold=True), Style.of(underline=True), Style.of(reverse=True)]

texts = st.lists(
    st.sampled_from(["a", "b", " ", " ", "─", "│", "…", "é", "日", "👍", "x\u0323", "ø"]), max_size=12
).map("".join)
runs = st.lists(st.tuples(texts, st.sampled_from(STYLES)), max_size=5)
frames = st.builds(
    lambda rows, cursor: Frame([row(runs, COLUMNS) for runs in rows], COLUMNS, cursor),
    st.lists(runs, min_size=ROWS, max_size=ROWS),
    st.one_of(st.none(), st.tuples(st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1))),
)


class Shown:
    """A terminal of pyte's."""

    def __init__(self, columns: int = COLUMNS, rows: int = ROWS) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)

    def feed(self, data: bytes) -> None:
        self.stream.feed(data)

    def cells(self) -> list[list[tuple[object, ...]]]:
        """Every cell with its look; of an empty one the colour of the text can't be seen."""
        found = []
        for y in range(self.screen.lines):
            line = []
            for x in range(self.screen.columns):
                char = self.screen.buffer[y][x]
                look: tuple[object, ...] = (char.bg, char.underscore, char.reverse)
                line.append(
                    (char.data, *look) if char.data in " " else (char.data, char.fg, char.bold, *look)
                )
            found.append(line)
        return found

    def lines(self) -> list[str]:
        return ["".join(str(cell[0]) for cell in line) for line in self.cells()]


def painted_anew(frame: Frame) -> Shown:
    terminal = Shown(frame.columns, len(frame.rows))
    terminal.feed(Painter(256).paint(frame))
    return terminal


@given(frames, frames)
def test_a_change_shows_the_same_as_painting_anew(one: Frame, other: Frame) -> None:
    painter, terminal = Painter(256, synchronised=True), Shown()
    for frame in (one, other, one, other):
        terminal.feed(painter.paint(frame))
        assert terminal.cells() == painted_anew(frame).cells()
        if frame.cursor is not None:
            assert (terminal.screen.cursor.y, terminal.screen.cursor.x) == frame.cursor
        assert terminal.screen.cursor.hidden == (frame.cursor is None)


@given(frames)
def test_what_is_painted_is_the_frame(frame: Frame) -> None:
    assert painted_anew(frame).lines() == frame.lines()


@given(frames)
def test_the_same_frame_again_costs_nothing(frame: Frame) -> None:
    painter = Painter(256)
    painter.paint(frame)
    again = Frame([tuple(runs) for runs in frame.rows], frame.columns, frame.cursor)
    assert painter.paint(again) == b""


@pytest.mark.parametrize("cells", [1, 2])
def test_borders_stay_straight_on_a_terminal_with_other_widths(
    monkeypatch: pytest.MonkeyPatch, cells: int
) -> None:
    monkeypatch.setattr("pyte.screens.wcwidth", lambda char: 1 if char < "\u2600" or char == "✓" else cells)
    scene = morning(80, 14)
    painter, terminal = Painter(256), Shown(80, 14)
    terminal.feed(painter.paint(scene.frame()))
    for text in ("日本語 👍 x", "♥♥♥♥♥♥♥♥♥♥ 日本語日本語", "y"):
        scene.says("bob", text)
        scene.says("carol", text * 9)
        terminal.feed(painter.paint(scene.frame()))
        for column in (0, 12, 79):
            drawn = [line[column][0] for line in terminal.cells()[1:11]]
            assert drawn == ["│"] * 9 + [{0: "├", 12: "┴", 79: "┤"}[column]]


def test_a_typed_character_costs_few_bytes() -> None:
    scene = morning()
    scene.type("hello")
    painter = Painter(256, synchronised=True)
    painter.paint(scene.frame())
    scene.type("!")
    assert len(painter.paint(scene.frame())) <= 32


def test_every_screen_costs_less_than_three_bytes_a_cell() -> None:
    for make in PICTURES.values():
        frame = make().frame()
        cells = frame.columns * len(frame.rows)
        assert len(Painter(256, synchronised=True).paint(frame)) < 3 * cells + 200


def test_a_link_is_one_also_where_it_is_wrapped() -> None:
    scene = morning(60, 15)
    uri = "https://example.org/" + "x" * 80
    scene.says("bob", uri)
    data = Painter(256, uri=scene.model.links.uri).paint(scene.frame()).decode()
    starts = [part for part in data.split("\x1b]8;")[1:] if uri in part]
    assert len(starts) == 3
    assert len({part.partition(";")[0] for part in starts}) == 1
    assert data.count("\x1b]8;;\x1b\\") >= 2


def test_in_ascii_every_character_keeps_its_cells() -> None:
    frame = Frame([row([("│日本 é…● ✓", PLAIN)], 16)], 16)
    terminal = Shown(16, 1)
    data = Painter(0, unicode=False).paint(frame)
    assert data.isascii()
    terminal.feed(data)
    assert terminal.lines() == ["|???? ?.* +     "]


def test_looks_are_told_with_the_colours_that_there_are() -> None:
    look = Style.of(9, 4, bold=True, underline=True)
    assert sgr(look, 256) == "\x1b[0;1;4;38;5;9;48;5;4m"
    assert sgr(look, 16) == "\x1b[0;1;4;91;44m"
    assert sgr(look, 0) == "\x1b[0;1;4m"
    assert sgr(PLAIN, 256) == "\x1b[0m"
