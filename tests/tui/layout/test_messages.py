"""Messages as rows."""

from __future__ import annotations

import pytest

from tests.tui.scenes import Scene, morning
from tui.layout.messages import Pane, Shape, entry_rows, ruled
from tui.model.log import ACTION, COMING, ERROR, NOTICE, PRIVATE, SAID
from tui.model.model import Model
from tui.text.rows import plain, row_width
from tui.text.style import PLAIN


def rows(scene: Scene, columns: int, index: int = 0) -> list[str]:
    room = scene.model.room
    entry = room.log[room.log.first + index]
    return [plain(row).rstrip() for row in entry_rows(scene.model, room, entry, Shape(room, columns))]


def long_message() -> Scene:
    scene = Scene()
    scene.online()
    scene.join("#main", "bob")
    scene.says("bob", "a message of several words\nand of two lines")
    return scene


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (60, ["10:14 bob    a message of several words", "             and of two lines"]),
        (30, ["10:14 bob a message of several", "      words", "      and of two lines"]),
        (20, ["bob a message of", " several words", " and of two lines"]),
        (8, ["bob a", " message", " of", " several", " words", " and of", " two", " lines"]),
    ],
)
def test_a_message_is_laid_out_for_the_room_there_is(columns: int, expected: list[str]) -> None:
    assert rows(long_message(), columns) == expected


def test_no_user_can_look_like_the_server() -> None:
    scene = morning()
    room = scene.model.room
    heads = set()
    for kind in (NOTICE, ERROR, COMING, PRIVATE):
        room.log.note(scene.now, "", "text", kind)
        made = entry_rows(scene.model, room, room.log[room.log.end - 1], Shape(room, 80))
        heads.add(plain(made[0]).split()[1])
    assert heads == {"–", "✗", "·", "▏"}
    forged = "10:16 –      The server is stopping."
    scene.says("bob", f"x\n{forged}")
    shown = [line for line in scene.frame().lines() if "The server is stopping." in line]
    assert all("              10:16" in line for line in shown)


def test_a_long_name_is_cut_and_the_column_stays() -> None:
    scene = morning(100, 20)
    scene.says("a" * 32, "hi")
    line = next(line for line in scene.frame().lines() if "aaa" in line)
    assert "10:16 aaaaaaaaa… hi" in line


def test_what_only_the_user_sees_has_a_bar_along_all_its_rows() -> None:
    scene = morning()
    room = scene.model.room
    room.log.note(scene.now, "", "two\nlines of some words", PRIVATE)
    made = [plain(row) for row in entry_rows(scene.model, room, room.log[room.log.end - 1], Shape(room, 60))]
    assert [text[6] for text in made] == ["▏", "▏"]
    assert made[0].endswith("  only you") and "only you" not in made[1]
    for columns in range(2, 60):
        rows = entry_rows(scene.model, room, room.log[room.log.end - 1], Shape(room, columns))
        assert all(row_width(row) <= columns for row in rows)


def test_bare_rows_have_nothing_but_text_in_front_of_them() -> None:
    scene = morning()
    room = scene.model.room
    room.log.append(9, scene.now, "bob", "word " * 30 + "\nsecond", SAID)
    shape = Shape(room, 60, bare=True)
    made = [plain(row) for row in entry_rows(scene.model, room, room.log[room.log.end - 1], shape)]
    assert made[0].startswith("10:16 bob word word")
    assert made[1].startswith("word") and made[-1] == "second"


def test_an_action_names_who_does_it() -> None:
    scene = morning()
    room = scene.model.room
    room.log.append(9, scene.now, "bob", "waves", ACTION)
    made = entry_rows(scene.model, room, room.log[room.log.end - 1], Shape(room, 60))
    assert plain(made[0]) == "10:16 *      bob waves"


def test_a_link_that_deceives_tells_where_it_leads() -> None:
    scene = morning()
    scene.says("bob", "https://bank.example@evil.example/")
    assert "https://bank.example@evil.example/ [evil.example]" in scene.screen()


def test_a_line_with_a_text_fits_its_pane() -> None:
    for columns in range(60):
        assert row_width(ruled("Saturday, 21 November", columns, PLAIN)) == columns


def test_only_what_is_seen_is_laid_out() -> None:
    model = Model("alice")
    room = model.enter("#main")
    for seq in range(1, 10_001):
        room.log.append(seq, 0, "bob", "text", SAID)
    pane = Pane(model, room, 60)
    shown, owners = pane.visible(20)
    assert len(shown) == len(owners) == 20
    assert len(pane._made) == 20
