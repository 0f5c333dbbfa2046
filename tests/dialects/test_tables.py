"""Tables are aligned by display width, bounded and harmless."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.tables import Column, Table
from evchat.protocol.text import harmless, width

COLUMNS = (Column("NAME", most=8), Column("SINCE", "since {}"), Column("TOPIC"))


def test_columns_stand_below_their_headings() -> None:
    table = Table("2 rooms", COLUMNS, [("日本", "10:15", "x"), ("bob", "9 Nov 10:15", "y z")])
    assert table.lines() == [
        "2 rooms",
        "NAME  SINCE        TOPIC",
        "日本  10:15        x",
        "bob   9 Nov 10:15  y z",
    ]


def test_a_column_without_content_is_left_out() -> None:
    assert Table("1 room", COLUMNS, [("bob", "", "x")]).lines() == ["1 room", "NAME  TOPIC", "bob   x"]


def test_a_long_cell_is_cut_but_for_the_last_of_a_row() -> None:
    long = "abcdefghijk"
    assert Table("", COLUMNS, [(long, "1", long)]).lines()[-1] == f"abcdefg…  1      {long}"


def test_a_cell_is_cut_between_characters_and_not_before_their_marks() -> None:
    marked = "x\u0301" * 20
    assert Table("", COLUMNS, [(marked, "", "x")]).lines()[-1].split("…")[0] in marked
    assert not Table("", COLUMNS, [(marked, "", "x")]).lines()[-1].startswith("\u0301")


def test_in_words_each_cell_says_what_it_is() -> None:
    assert Table("", COLUMNS, [("bob", "10:15", "")]).spoken() == ["bob, since 10:15"]


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12)), min_size=1))
def test_whatever_the_cells_hold_the_lines_are_harmless_and_aligned(rows: list[tuple[str, str, str]]) -> None:
    made = Table(
        "t", (Column("A", most=8), Column("B", most=8), Column("C")), [(*row[:2], "|") for row in rows]
    )
    _, headings, *lines = made.lines()
    assert all(harmless(line) == line for line in lines)
    assert {width(line) for line in lines} == {width(headings)}
    assert all(harmless(line) == line for line in made.spoken())


@given(
    st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40)), min_size=1),
    st.integers(24, 100),
)
def test_where_there_is_little_room_every_column_has_some(
    rows: list[tuple[str, str, str]], room: int
) -> None:
    table = Table("", COLUMNS, rows)
    _, *fitted = table.lines(room=room)
    assert max(map(width, fitted)) <= room
    assert len(fitted) == len(rows) + 1
    headings = [
        column.heading for index, column in enumerate(COLUMNS) if any(harmless(row[index]) for row in rows)
    ]
    assert [heading in fitted[0] for heading in headings] == [True] * len(headings)
