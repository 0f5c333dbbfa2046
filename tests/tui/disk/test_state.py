"""What is kept on disk comes back, and what is broken counts as nothing."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.disk.known_names import KnownNames
from tui.disk.state import State, config_file, file_name, state_directory, write
from tui.model import input_history


@pytest.fixture
def state(tmp_path: Path) -> State:
    return KnownNames(str(tmp_path), "example.org:9998").state("alice")


@given(st.text(max_size=64), st.text(max_size=64))
def test_different_names_are_different_files_on_every_platform(one: str, other: str) -> None:
    first, second = file_name(one), file_name(other)
    assert (first.lower() == second.lower()) == (
        one.encode("utf-8", "replace") == other.encode("utf-8", "replace")
    )
    assert first.isascii()
    assert not set(first) & set('/\\:*?"<>| ')
    assert not first.startswith(".") and not first.endswith(".")


def test_the_usual_places_are_those_of_the_platform() -> None:
    environ = {"HOME": "/home/alice", "XDG_STATE_HOME": "/s", "XDG_CONFIG_HOME": "/c"}
    if sys.platform == "linux":
        assert state_directory(environ) == "/s/evchat"
        assert config_file(environ) == "/c/evchat/tui.toml"
        relative = {"XDG_STATE_HOME": "s", "XDG_CONFIG_HOME": "c"}
        assert state_directory(relative) == state_directory({})
        assert config_file(relative) == config_file({})
    assert "evchat" in state_directory({})
    assert "evchat" in config_file({})


def test_nothing_is_made_before_something_is_kept(state: State, tmp_path: Path) -> None:
    assert state.load("drafts") == {}
    assert state.typed() == {}
    state.save("drafts", {})
    assert list(tmp_path.iterdir()) == []


def test_facts_come_back(state: State) -> None:
    facts: dict[str, Any] = {"#main": {"text": "grüße \ud83d", "cursor": 3}}
    state.save("drafts", facts)
    assert state.load("drafts") == facts
    state.save("drafts", {})
    assert state.load("drafts") == {}


@pytest.mark.parametrize("text", ["", "[]", "{", "\xff", "[" * 100_000])
def test_facts_that_can_not_be_read_are_none(state: State, text: str) -> None:
    state.save("drafts", {"a": 1})
    Path(state.directory, "drafts.json").write_bytes(text.encode("latin-1"))
    assert state.load("drafts") == {}


def test_what_one_keeps_is_for_its_owner_alone(state: State) -> None:
    state.save("drafts", {"a": 1})
    state.remember("#main", "hi")
    place = Path(state.directory)
    assert {path.stat().st_mode & 0o077 for path in (place, *place.iterdir())} == {0}


def test_users_and_servers_share_nothing(tmp_path: Path) -> None:
    states = [
        KnownNames(str(tmp_path), server).state(user)
        for server in ("a:1", "a:2")
        for user in ("alice", "bob")
    ]
    for number, state in enumerate(states):
        state.save("drafts", {"number": number})
    assert [state.load("drafts") for state in states] == [{"number": number} for number in range(4)]


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    write(str(path), "old")
    write(str(path), "new")
    assert path.read_text() == "new"
    assert [found.name for found in path.parent.iterdir()] == ["file"]


def test_a_file_that_can_not_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir()
    with pytest.raises(OSError):
        write(str(tmp_path / "directory"), "text")
    assert [path.name for path in tmp_path.iterdir()] == ["directory"]


rooms = st.sampled_from(("#main", "#ops", "bob"))


@given(st.lists(st.tuples(rooms, st.text(max_size=30)), max_size=20))
def test_what_was_typed_comes_back_by_room_and_altogether(typed: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        state = KnownNames(directory, "server").state("alice")
        for room, text in typed:
            state.remember(room, text)
        found = state.typed()
        kept = [
            (room, input_history.remembered(text).encode("utf-8", "replace").decode())
            for room, text in typed
            if input_history.remembered(text)
        ]
        assert found.get("", ()) == tuple(text for _, text in kept)
        for name in ("#main", "#ops", "bob"):
            assert found.get(name, ()) == tuple(text for room, text in kept if room == name)


def test_a_password_is_never_kept(state: State) -> None:
    state.remember("#main", "/login alice secret")
    state.remember("#main", "/register secret")
    assert state.typed()["#main"] == ("/login alice",)
    assert "secret" not in "".join(path.read_text() for path in Path(state.directory).iterdir())


def test_of_a_very_long_history_the_older_half_is_let_go(state: State) -> None:
    for number in range(12):
        state.remember("#main", f"{number} " + "x" * 100_000)
    numbers = [int(text.split()[0]) for text in state.typed()["#main"]]
    assert numbers == list(range(numbers[0], 12))
    assert 3 < len(numbers) < 9
    assert [int(text.split()[0]) for text in state.typed()["#main"]] == numbers
