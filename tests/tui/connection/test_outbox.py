"""What was said is on disk until it is acknowledged, whatever happens to the client."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.connection.outbox import Outbox, OutboxEntry
from tui.model.session_events import FAILED, QUEUED

Facts = tuple[str, str, str, int, bool, str, str, int | None]


def facts(line: OutboxEntry) -> Facts:
    return (line.id, line.room, line.text, line.at, line.action, line.state, line.reason, line.tried)


def all_facts(outbox: Outbox) -> list[Facts]:
    return [facts(line) for line in outbox.lines.values()]


def left_by(directory: Path) -> list[OutboxEntry]:
    """What the next client finds if the present one is killed: the lock goes with it, so this is tried on a copy."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place, "copy")
        if directory.exists():
            shutil.copytree(directory, copy)
        outbox = Outbox(str(copy))
        outbox.close()
        return list(outbox.lines.values())


class Writer:
    """Does to an outbox what hypothesis says."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self.now = 0

    def do(self, name: str, which: int, text: str) -> None:
        self.now += 1
        ids = list(self.outbox.lines)
        if name == "add" or not ids:
            self.outbox.add("#main", text, self.now, action=bool(which % 2))
        elif name == "tried":
            self.outbox.tried(ids[which % len(ids)], self.now)
        elif name == "failed":
            self.outbox.failed(ids[which % len(ids)], text)
        elif name == "again":
            self.outbox.again(ids[which % len(ids)])
        else:
            self.outbox.done(ids[which % len(ids)])


texts = st.text(max_size=20)
deeds = st.lists(
    st.tuples(st.sampled_from(("add", "add", "tried", "failed", "again", "done")), st.integers(0, 5), texts),
    max_size=20,
)


@given(deeds)
def test_what_a_killed_client_leaves_is_what_it_had(done: list[tuple[str, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory, "outbox")
        outbox = Outbox(str(place))
        writer = Writer(outbox)
        for deed in done:
            writer.do(*deed)
        found = [facts(line) for line in left_by(place)]
        assert sorted(found) == sorted(all_facts(outbox))
        assert [line[3] for line in found] == sorted(line[3] for line in found), "oldest first"
        outbox.close()


@given(deeds, st.data())
def test_a_journal_cut_off_anywhere_is_the_outbox_at_some_moment(
    done: list[tuple[str, int, str]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory, "outbox")
        outbox = Outbox(str(place))
        writer = Writer(outbox)
        moments = [sorted(all_facts(outbox))]
        for deed in done:
            writer.do(*deed)
            moments.append(sorted(all_facts(outbox)))
        for journal in place.glob("*") if place.exists() else ():
            written = journal.read_bytes()
            journal.write_bytes(written[: data.draw(st.integers(0, len(written)))])
        assert sorted(facts(line) for line in left_by(place)) in moments
        outbox.close()


def test_a_line_is_on_disk_when_it_was_added(tmp_path: Path) -> None:
    outbox = Outbox(str(tmp_path))
    line = outbox.add("#main", "grüße \ud83d 😀\n\x00", 5)
    (found,) = left_by(tmp_path)
    assert facts(found) == facts(line)
    outbox.close()


def test_nothing_is_written_before_something_is_said(tmp_path: Path) -> None:
    Outbox(str(tmp_path / "outbox")).close()
    assert not (tmp_path / "outbox").exists()


def test_an_outbox_with_nothing_in_it_takes_no_room(tmp_path: Path) -> None:
    outbox = Outbox(str(tmp_path))
    for number in range(10):
        outbox.add("#main", str(number), number)
    for id in list(outbox.lines):
        outbox.done(id)
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [0]
    outbox.close()
    assert list(tmp_path.iterdir()) == []


def test_the_journal_is_for_its_owner_alone(tmp_path: Path) -> None:
    outbox = Outbox(str(tmp_path / "outbox"))
    outbox.add("#main", "secret", 1)
    modes = {path.stat().st_mode & 0o077 for path in (tmp_path / "outbox", *(tmp_path / "outbox").iterdir())}
    assert modes == {0}
    outbox.close()


def test_two_clients_at_a_time_have_each_their_own_lines(tmp_path: Path) -> None:
    one, other = Outbox(str(tmp_path)), Outbox(str(tmp_path))
    one.add("#main", "one", 1)
    other.add("#main", "other", 2)
    third = Outbox(str(tmp_path))
    assert third.lines == {}
    one.close()
    other.close()
    fourth = Outbox(str(tmp_path))
    assert [line.text for line in fourth.lines.values()] == ["one", "other"]
    assert len(list(tmp_path.iterdir())) == 1, "what they left was taken over"
    fourth.close()


def test_what_was_taken_over_survives_again(tmp_path: Path) -> None:
    for _ in range(3):
        outbox = Outbox(str(tmp_path))
        outbox.add("#main", "hi", 1)
        outbox.close()
    assert len(left_by(tmp_path)) == 3


def test_ids_are_never_the_same_and_short_enough_for_a_request(tmp_path: Path) -> None:
    boxes = [Outbox() for _ in range(3)]
    ids = [box.new_id() for box in boxes for _ in range(100)]
    assert len(set(ids)) == 300
    assert all(1 <= len(id) <= 64 for id in ids)


def test_a_line_sent_once_more_has_a_new_id_and_the_last_place(tmp_path: Path) -> None:
    outbox = Outbox(str(tmp_path))
    first = outbox.add("#main", "one", 1, action=True)
    outbox.tried(first.id, 2)
    outbox.failed(first.id, "no")
    outbox.add("#main", "two", 3)
    again = outbox.again(first.id)
    assert again.id != first.id
    assert facts(again)[1:] == ("#main", "one", 1, True, QUEUED, "", None)
    assert [line.text for line in outbox.lines.values()] == ["two", "one"]
    outbox.close()


def test_a_long_journal_is_written_anew_without_what_is_done(tmp_path: Path) -> None:
    outbox = Outbox(str(tmp_path))
    outbox.add("#main", "stays", 1)
    for number in range(40):
        outbox.done(outbox.add("#main", "x" * 50_000, number).id)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 1_300_000
    assert [line.text for line in left_by(tmp_path)] == ["stays"]
    outbox.close()


def test_without_a_directory_lines_are_kept_in_memory() -> None:
    outbox = Outbox()
    line = outbox.add("#main", "hi", 1)
    outbox.failed(line.id, "no")
    assert outbox.lines[line.id].state == FAILED
    outbox.done(line.id)
    outbox.close()


def test_a_journal_of_nonsense_is_passed_over(tmp_path: Path) -> None:
    good = '{"id":"a","room":"#main","text":"hi","at":1}'
    bad = [
        '{"id":1,"room":2,"text":3,"at":4}',
        "[]",
        "{}",
        '{"id":"b","done":true}',
        '{"id":"c","tried":1}',
        "\ufffd{",
    ]
    (tmp_path / "x.outbox").write_text("\n".join([*bad, good, *bad]), "utf-8")
    (tmp_path / "other.txt").write_text(good)
    outbox = Outbox(str(tmp_path))
    assert [line.text for line in outbox.lines.values()] == ["hi"]
    outbox.close()


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file may be larger for a while, as on a full disk."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on files")
@pytest.mark.parametrize("room", [0, 100, 1000])
def test_what_a_full_disk_does_not_take_is_written_when_it_has_room_again(tmp_path: Path, room: int) -> None:
    outbox = Outbox(str(tmp_path))
    outbox.add("#main", "before", 1)
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    with largest_file(size + room):
        for number in range(20):
            outbox.add("#main", f"line {number}", 2 + number)
        assert outbox.problem
    assert len(outbox.lines) == 21
    outbox.add("#main", "after", 30)
    assert not outbox.problem
    assert [line.text for line in left_by(tmp_path)] == ["before", *(f"line {n}" for n in range(20)), "after"]
    outbox.close()


_CLIENT = """
import sys
from tui.connection.outbox import Outbox
outbox = Outbox(sys.argv[1])
for number in range(100):
    outbox.add("#main", str(number), number)
    if number % 3 == 0:
        outbox.done(next(iter(outbox.lines)))
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_the_lines_of_a_client_that_was_killed_are_there(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _CLIENT, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[3],
    ) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == b"ready\n"
        busy = Outbox(str(tmp_path))
        assert busy.lines == {}, "it is still running"
        client.send_signal(signal.SIGKILL)
    outbox = Outbox(str(tmp_path))
    assert [line.text for line in outbox.lines.values()] == [str(number) for number in range(34, 100)]
    outbox.close()


def test_lines_move_to_another_place_and_join_those_that_wait_there(tmp_path: Path) -> None:
    left = Outbox(str(tmp_path / "bob"))
    left.add("#main", "left behind", 1)
    left.close()
    outbox = Outbox(str(tmp_path / "alice"))
    outbox.add("#main", "mine", 2)
    found = outbox.move(str(tmp_path / "bob"))
    assert [line.text for line in found] == ["left behind"]
    assert [line.text for line in outbox.lines.values()] == ["left behind", "mine"]
    outbox.add("#main", "later", 3)
    outbox.close()
    assert list((tmp_path / "alice").iterdir()) == []
    again = Outbox(str(tmp_path / "bob"))
    assert [line.text for line in again.lines.values()] == ["left behind", "mine", "later"]
    again.close()


def test_an_empty_outbox_moves_and_leaves_nothing(tmp_path: Path) -> None:
    outbox = Outbox(str(tmp_path / "alice"))
    assert outbox.move(str(tmp_path / "bob")) == []
    assert list(tmp_path.iterdir()) == []
    outbox.add("#main", "hello", 1)
    outbox.close()
    again = Outbox(str(tmp_path / "bob"))
    assert [line.text for line in again.lines.values()] == ["hello"]
    again.close()
