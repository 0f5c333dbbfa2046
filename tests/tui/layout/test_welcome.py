"""What somebody reads who is here for the first time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.scenes import Scene
from tui.layout import welcome
from tui.text.rows import plain, row_width


def arrived(columns: int = 80, rows: int = 24) -> Scene:
    scene = Scene(columns=columns, rows=rows)
    scene.online()
    scene.join("#main", "bob")
    return scene


def test_a_room_without_messages_says_who_one_is_and_what_one_can_do() -> None:
    screen = arrived().screen()
    for words in (
        "You are alice in #main.", "Enter", "sends what you type", "/nick NAME", "F1", "Ctrl-Q", "nc localhost 9998",
    ):  # fmt: skip
        assert words in screen


def test_it_stays_above_what_is_no_message_and_goes_with_the_first_one() -> None:
    scene = arrived()
    scene.hear({"response": "info", "content": "Be kind."})
    lines = [line.rstrip() for line in scene.screen().splitlines()]
    told = next(at for at, line in enumerate(lines) if "Be kind." in line)
    assert any("You are alice" in line for line in lines[:told])
    scene.says("bob", "hello")
    assert "You are alice" not in scene.screen()


def test_without_a_connection_it_is_not_shown() -> None:
    scene = Scene()
    assert "You are alice" not in scene.screen()
    scene.online()
    assert "You are alice, and not in a room." in scene.screen()
    assert "/join #main" in scene.screen()


def test_a_conversation_says_who_reads_it() -> None:
    scene = arrived()
    scene.line("/query bob")
    assert "Only bob will see what you write here." in scene.screen()


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ("localhost", "nc localhost 9998"),
        ("chat.example:1234", "nc chat.example 1234"),
        ("[2001:db8::1]:1234", "nc 2001:db8::1 1234"),
        ("2001:db8::1", "nc 2001:db8::1 9998"),
    ],
)
def test_others_are_told_host_and_port(server: str, words: str) -> None:
    scene = arrived()
    scene.model.server = server
    assert words in scene.screen()


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ("localhost", "openssl s_client -quiet -connect localhost:9998"),
        ("[2001:db8::1]:1234", "openssl s_client -quiet -connect [2001:db8::1]:1234"),
    ],
)
def test_whoever_is_connected_with_tls_tells_others_how_to_be(server: str, words: str) -> None:
    scene = arrived(columns=120)
    scene.model.server, scene.model.encrypted = server, True
    assert words in scene.screen()


def test_of_a_unix_socket_nobody_else_is_told() -> None:
    scene = arrived()
    scene.model.server = "unix:///run/evchat.sock"
    assert "Others join" not in scene.screen()


@given(st.integers(1, 120))
def test_every_row_fits(columns: int) -> None:
    scene = arrived()
    made = welcome.rows(scene.model, scene.model.room, columns)
    assert all(row_width(row) == columns for row in made)
    assert "alice" in "".join(plain(row).strip() for row in made)
