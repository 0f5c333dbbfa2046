"""The screen: whatever the terminal showed, afterwards it shows the frame, and the cursor is where it belongs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.text import width
from tests.tui.pictures import PICTURES
from tests.tui.scenes import Scene, morning
from tests.tui.terminal.fakecurses import FakeCurses
from tests.tui.terminal.frames import ATOMS, JOINED, STYLES, Shown, drawn, framed, uri
from tui.terminal.frame import Frame, Pane
from tui.terminal.screen import Screen, in_ascii, sgr
from tui.text.rows import plain
from tui.text.style import PLAIN, Style

COLUMNS, ROWS = 24, 4

texts = st.lists(st.sampled_from(ATOMS + JOINED), max_size=12).map("".join)
looks = st.sampled_from(STYLES) | st.sampled_from(STYLES).map(lambda style: style.linked(1 + style.bold))
runs = st.lists(st.tuples(texts, looks), max_size=5)
frames = st.builds(
    lambda rows, cursor, split: framed(rows, COLUMNS, cursor, split),
    st.lists(runs, min_size=ROWS, max_size=ROWS),
    st.one_of(st.none(), st.tuples(st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1))),
    st.sampled_from([0, 7, 8]),
)


class Drawn:
    """A screen on a curses that records, and a terminal. `written` is what did not go through curses."""

    def __init__(
        self, columns: int = COLUMNS, rows: int = ROWS, *, wide: bool = True, scrolls: bool = False, links: bool = True,
        pairs: int = 65_536, colours: int = 256, unicode: bool = True, shown: Shown | None = None,
    ) -> None:  # fmt: skip
        self.shown = shown or Shown(columns, rows)
        self.written = b""
        self.curses = FakeCurses(
            columns, rows, self.shown, wide=wide, scrolls=scrolls, pairs=pairs, colours=colours
        )
        self.screen = Screen(
            self.curses, self.curses.initscr(), self._write, colours,
            unicode=unicode, synchronised=True, scrolls=scrolls,
        )  # fmt: skip
        if links:
            self.screen.uri = uri

    def _write(self, data: bytes) -> None:
        self.written += data
        self.shown.feed(data)

    def paint(self, frame: Frame) -> None:
        self.screen.paint(frame)


@given(frames, frames, st.booleans(), st.booleans(), st.booleans())
def test_what_is_shown_is_the_frame_whatever_was_shown_before(
    one: Frame, other: Frame, wide: bool, scrolls: bool, links: bool
) -> None:
    screen = Drawn(wide=wide, scrolls=scrolls, links=links)
    for frame in (one, other, one, other):
        screen.paint(frame)
        assert screen.shown.cells() == drawn(frame, links=links)
        cursor = screen.shown.screen.cursor
        assert cursor.hidden == (frame.cursor is None)
        if frame.cursor is not None:
            assert (cursor.y, cursor.x) == frame.cursor


@given(frames)
def test_the_text_of_the_frame_is_shown(frame: Frame) -> None:
    screen = Drawn()
    screen.paint(frame)
    assert screen.shown.lines() == frame.lines()


@given(frames)
def test_the_same_frame_again_costs_nothing(frame: Frame) -> None:
    screen = Drawn()
    screen.paint(frame)
    updates, written = len(screen.curses.updates), screen.written
    again = [Pane(pane.name, pane.top, pane.left, pane.columns, list(pane.rows)) for pane in frame.panes]
    screen.paint(Frame(list(frame.base), frame.columns, frame.cursor, again))
    assert (len(screen.curses.updates), screen.written) == (updates, written)


@given(frames, frames, st.booleans())
def test_what_others_have_written_over_it_is_gone_when_it_is_painted_whole(
    one: Frame, other: Frame, wide: bool
) -> None:
    screen = Drawn(wide=wide)
    screen.paint(one)
    screen.shown.feed(b"\x1b[HSomebody else was here.")
    screen.screen.forget()
    screen.paint(other)
    assert screen.shown.cells() == drawn(other)


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.integers(1, 12), st.lists(runs, min_size=12, max_size=12)),
        max_size=4,
    )
)
def test_every_size_is_filled(sizes: list[tuple[int, int, list[list[tuple[str, Style]]]]]) -> None:
    screen = Drawn()
    for columns, rows, content in sizes:
        screen.shown.screen.resize(rows, columns)
        frame = framed([tuple(runs) for runs in content[:rows]], columns, (rows - 1, 0), columns // 2)
        screen.paint(frame)
        assert screen.shown.cells() == drawn(frame)


def test_every_pane_is_a_window() -> None:
    screen = Drawn(120, 30)
    frame = morning(120, 30).frame()
    screen.paint(frame)
    names = {pane.name: pane.box for pane in frame.panes}
    assert set(names) == {"title", "rooms", "messages", "people", "status", "input"}
    assert [window.box for window in screen.curses.windows] == list(names.values())


def test_a_key_is_brought_to_the_terminal_by_one_window_and_one_update() -> None:
    scene = morning(80, 14)
    screen = Drawn(80, 14)
    screen.paint(scene.frame())
    updates, windows = len(screen.curses.updates), len(screen.curses.windows)
    written = screen.written
    scene.type("x")
    frame = scene.frame()
    screen.paint(frame)
    typed = screen.curses.windows[[pane.name for pane in frame.panes].index("input")]
    assert screen.curses.updates[updates:] == [[typed, screen.curses.root]]
    assert len(screen.curses.windows) == windows
    assert screen.written == written


def borders(scene: Scene) -> list[int]:
    """The columns of the lines between the panes."""
    return [column for column, char in enumerate(plain(scene.frame().base[1])) if char == "│"]


@pytest.mark.parametrize("cells", [1, 2])
@pytest.mark.parametrize("wide", [True, False])
def test_borders_stay_straight_on_a_terminal_with_other_widths(
    monkeypatch: pytest.MonkeyPatch, cells: int, wide: bool
) -> None:
    def other(char: str) -> int:
        # Of what curses gets as it is, nobody thinks otherwise.
        if wide and ("\u3041" <= char <= "\u9fff" or "\uac00" <= char <= "\uff60"):
            return 2
        return 1 if char < "\u2600" or char == "✓" else cells

    monkeypatch.setattr("pyte.screens.wcwidth", other)
    scene = morning(100, 14)
    screen = Drawn(100, 14, wide=wide)
    screen.paint(scene.frame())
    for text in ("日本語 👍 x", "♥♥♥♥♥♥♥♥♥♥ 日本語日本語", "y"):
        scene.says("bob", text)
        scene.says("carol", text * 9)
        screen.paint(scene.frame())
        columns = borders(scene)
        assert len(columns) == 2
        for column in columns:
            assert [line[column][0] for line in screen.shown.cells()[1:12]] == ["│"] * 11


def test_many_flags_on_a_terminal_that_draws_each_too_wide_leave_the_panes_beside_them_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pyte.screens.wcwidth", lambda char: 2 if char >= "\U0001f1e6" else 1)
    scene = morning(100, 14)
    screen = Drawn(100, 14)
    scene.says("bob", "\U0001f1f3\U0001f1f4" * 20 + " end")
    screen.paint(scene.frame())
    cells = screen.shown.cells()
    columns = borders(scene)
    assert len(columns) == 2
    for line in cells[1:12]:
        assert [line[column][0] for column in columns] == ["│", "│"]


def test_a_terminal_that_draws_joined_emoji_apart_shows_all_that_is_beside_them() -> None:
    scene = morning(100, 14)
    screen = Drawn(100, 14)
    screen.shown.screen.apart = True
    family = "👨\u200d👩\u200d👧\u200d👦"
    for text in (f"{family} end one", f"❤\ufe0f{family * 9} end two", "word " * 12 + family * 2):
        scene.says("bob", text)
        screen.paint(scene.frame())
    lines = screen.shown.lines()
    assert any("end one" in line for line in lines) and any("end two" in line for line in lines)
    for line in screen.shown.cells()[1:12]:
        assert [line[column][0] for column in borders(scene)] == ["│", "│"]


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_written_over_is_less_than_three_bytes_a_cell(name: str) -> None:
    frame = PICTURES[name]().frame()
    screen = Drawn(frame.columns, len(frame.base))
    screen.paint(frame)
    assert len(screen.written) < 3 * frame.columns * len(frame.base) + 200
    assert screen.shown.lines() == frame.lines()


def test_a_link_is_one_also_where_it_is_wrapped() -> None:
    scene = morning(60, 15)
    target = "https://example.org/" + "x" * 80
    scene.says("bob", target)
    screen = Drawn(60, 15)
    screen.screen.uri = scene.model.links.uri
    screen.paint(scene.frame())
    starts = [part for part in screen.written.decode().split("\x1b]8;")[1:] if target in part]
    assert len(starts) == 3
    assert len({part.partition(";")[0] for part in starts}) == 1
    assert screen.written.count(b"\x1b]8;;\x1b\\") >= 3


@given(frames)
def test_in_ascii_every_character_keeps_its_cells(frame: Frame) -> None:
    screen = Drawn(links=False, unicode=False)
    screen.paint(frame)
    shown = screen.shown.lines()
    assert all(line.isascii() for line in shown)
    assert [len(line) for line in shown] == [COLUMNS] * ROWS
    assert screen.written.isascii() and b"H" not in screen.written


def test_signs_have_a_like_in_ascii() -> None:
    assert in_ascii("│日本 é…● ✓") == "|???? ?.* +"


@given(texts)
def test_ascii_is_as_wide(text: str) -> None:
    assert len(in_ascii(text)) == width(text)


@given(st.lists(frames, min_size=2, max_size=4))
def test_colours_beyond_the_pairs_there_are_keep_the_text(several: list[Frame]) -> None:
    screen = Drawn(pairs=3)
    for frame in several:
        screen.paint(frame)
        assert screen.shown.lines() == frame.lines()


def test_pairs_are_used_again_when_there_were_many() -> None:
    screen = Drawn(COLUMNS, 2)
    for start in range(0, 256, 20):
        styles = [Style.of(fg % 256, bg) for fg in range(start, start + 20) for bg in (16, 17)]
        for one, other in zip(styles[::2], styles[1::2], strict=True):
            frame = framed([((("one"), one), ("two", other)), (("👍", one),)], COLUMNS, None, 0)
            screen.paint(frame)
            assert screen.shown.cells() == drawn(frame)


def test_without_colours_curses_is_asked_for_none() -> None:
    screen = Drawn(colours=0)
    frame = framed([(("bold", Style.of(1, 2, bold=True)),)] * ROWS, COLUMNS, None, 0)
    screen.paint(frame)
    assert screen.curses.calls == []
    assert screen.shown.cells() == drawn(frame, colours=0)


def test_a_terminal_of_another_size_than_the_frame_is_left_alone() -> None:
    screen = Drawn()
    screen.curses.resize_term = lambda rows, columns: None  # type: ignore[method-assign]
    before = screen.shown.cells()
    screen.paint(morning(80, 14).frame())
    assert screen.shown.cells() == before


def test_looks_are_told_with_the_colours_that_there_are() -> None:
    look = Style.of(9, 4, bold=True, underline=True)
    assert sgr(look, 256) == "\x1b[0;1;4;91;44m"
    assert sgr(Style.of(250, 17), 256) == "\x1b[0;38;5;250;48;5;17m"
    assert sgr(look, 0) == "\x1b[0;1;4m"
    assert sgr(PLAIN, 256) == "\x1b[0m"


@given(frames)
def test_a_link_that_is_one_no_more_is_none(frame: Frame) -> None:
    screen = Drawn()
    screen.paint(frame)
    bare = [
        Pane(p.name, p.top, p.left, p.columns, [tuple([(t, s.linked(0)) for t, s in r]) for r in p.rows])
        for p in frame.panes
    ]
    unlinked = Frame(frame.base, frame.columns, frame.cursor, bare)
    screen.paint(unlinked)
    assert screen.shown.cells() == drawn(unlinked)
