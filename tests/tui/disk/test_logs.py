"""Logs of what is said, in files."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.scenes import START, Scene
from tui.disk.known_names import KnownNames
from tui.disk.logs import Logs


class Desk:
    """A client with logs in files, whose next runs find what the last one has left."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.logs = Logs(KnownNames(str(directory / "state"), "localhost").state("alice"), "localhost")
        self.scene = Scene()
        self.scene.online()
        self.scene.join("#main", "bob")

    def write(self) -> str:
        return self.logs.write(self.scene.model, str(self.directory / "logs"), at_once=True)

    def file(self, name: str = "#main.log") -> Path:
        return self.directory / "logs" / "localhost" / name

    def lines(self, name: str = "#main.log") -> list[str]:
        return self.file(name).read_text("utf-8").splitlines()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_is_said_stands_in_the_file_of_its_room_with_day_and_time(desk: Desk) -> None:
    desk.scene.says("bob", "hello")
    desk.scene.says("bob", "waves", action=True)
    desk.scene.says("bob", "no answer, please", notice=True)
    desk.scene.says("bob", "psst", to="alice")
    desk.scene.line("hi bob")
    desk.scene.sent("line-1", 4)
    assert desk.write() == ""
    assert desk.lines() == [
        "2026-11-21 10:14:00 <bob> hello",
        "2026-11-21 10:14:00 * bob waves",
        "2026-11-21 10:14:00 -bob- no answer, please",
        "2026-11-21 10:14:00 <alice> hi bob",
    ]
    assert desk.lines("bob.log") == ["2026-11-21 10:14:00 <bob> psst"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions")
def test_only_its_owner_can_read_it(desk: Desk) -> None:
    desk.scene.says("bob", "hello")
    desk.write()
    assert stat.S_IMODE(desk.file().stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.file().parent.stat().st_mode) == 0o700


def test_each_message_is_logged_once_over_all_runs_also_those_between_them(
    desk: Desk, tmp_path: Path
) -> None:
    desk.scene.says("bob", "one")
    desk.write()
    desk.write()
    desk.scene.says("bob", "two")
    desk.write()
    again = Desk(tmp_path)
    again.scene.now = START + 1000
    again.scene.says("bob", "one", seq=1, at=START, history=True)
    again.scene.says("bob", "two", seq=2, at=START, history=True)
    again.scene.says("bob", "three", seq=3, at=START + 500, history=True)
    again.write()
    assert [line.partition("> ")[2] for line in again.lines()] == ["one", "two", "three"]


def test_a_server_that_numbers_anew_is_logged_on(desk: Desk) -> None:
    desk.scene.says("bob", "one")
    desk.scene.says("bob", "two")
    desk.write()
    desk.scene.hear({"response": "reset", "room": "#main"})
    desk.scene.now += 1000
    desk.scene.says("bob", "three", seq=1)
    desk.write()
    assert [line.partition("> ")[2] for line in desk.lines()] == ["one", "two", "three"]


def test_answers_errors_and_deleted_messages_are_not_logged(desk: Desk) -> None:
    desk.scene.says("bob", "gone")
    desk.scene.hear({"response": "redacted", "sender": "bob", "to": "#main", "seq": 1})
    desk.scene.hear({"response": "info", "content": "only for you"})
    desk.scene.hear({"response": "error", "reply_to": None, "content": "wrong"})
    desk.write()
    assert not desk.file().exists()


@given(text=st.text())
def test_no_message_can_look_like_two(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.scene.says("bob", f"a\n2026-11-21 10:14:00 <carol> forged{text}")
    desk.write()
    first, *others = desk.lines()
    assert first == "2026-11-21 10:14:00 <bob> a"
    assert others
    assert all(line.startswith(" " * 20) for line in others)
    assert not any(char < " " or "\x7f" <= char < "\xa0" for line in others for char in line)


def test_a_disk_that_fails_is_told_once_and_nothing_is_missing_later(desk: Desk) -> None:
    (desk.directory / "logs").write_text("in the way")
    desk.scene.says("bob", "one")
    first = desk.write()
    assert (first or desk.write()).startswith("Can't write the log: ")
    desk.scene.says("bob", "two")
    assert desk.write() == ""
    assert desk.write() == ""
    (desk.directory / "logs").unlink()
    desk.write()
    assert [line.partition("> ")[2] for line in desk.lines()] == ["one", "two"]


def test_a_room_of_any_name_has_a_file_below_the_directory(desk: Desk) -> None:
    desk.scene.says("../../bob", "up", to="alice")
    desk.scene.says("é" * 300, "long", to="alice")
    assert desk.write() == ""
    assert desk.write() == ""
    assert len(list((desk.directory / "logs" / "localhost").iterdir())) == 2


def test_a_thread_writes_it_meanwhile(desk: Desk) -> None:
    desk.scene.says("bob", "one")
    place = str(desk.directory / "logs")
    assert desk.logs.write(desk.scene.model, place) == ""
    desk.scene.says("bob", "two")
    desk.write()
    assert [line.partition("> ")[2] for line in desk.lines()] == ["one", "two"]
