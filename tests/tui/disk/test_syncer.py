"""What was written is kept by the disk, without anybody waiting for it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tui.connection.outbox import Outbox
from tui.disk.syncer import Syncer


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The files that the disk was asked to keep, by their inodes."""
    found: list[int] = []

    def note(file: int) -> None:
        found.append(os.fstat(file).st_ino)

    for name in ("fsync", "fdatasync"):
        if hasattr(os, name):
            monkeypatch.setattr(os, name, note)
    return found


def test_a_file_is_synced_though_it_is_closed_meanwhile(tmp_path: Path, synced: list[int]) -> None:
    syncer = Syncer()
    for name in ("one", "other"):
        file = os.open(tmp_path / name, os.O_RDWR | os.O_CREAT)
        syncer.sync(file)
        os.close(file)
    syncer.wait()
    assert {(tmp_path / name).stat().st_ino for name in ("one", "other")} == set(synced)


def test_asking_again_while_the_disk_has_just_kept_it_is_no_error(tmp_path: Path, synced: list[int]) -> None:
    syncer = Syncer()
    file = os.open(tmp_path / "one", os.O_RDWR | os.O_CREAT)
    for _ in range(5_000):
        syncer.sync(file)
    os.close(file)
    syncer.wait()
    assert synced and syncer.problem == ""


def test_nobody_waits_if_nothing_was_asked_for() -> None:
    Syncer().wait()


def test_each_line_is_synced_before_the_outbox_is_closed(tmp_path: Path, synced: list[int]) -> None:
    outbox = Outbox(str(tmp_path))
    outbox.add("#main", "hi", 1)
    outbox.close()
    (journal,) = tmp_path.iterdir()
    assert synced == [journal.stat().st_ino]


def test_a_disk_that_fails_to_keep_is_told_with_the_next_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    for name in ("fsync", "fdatasync"):
        if hasattr(os, name):
            monkeypatch.setattr(os, name, fail)
    outbox = Outbox(str(tmp_path))
    outbox.add("#main", "one", 1)
    outbox._syncer.wait()
    outbox.add("#main", "two", 2)
    assert outbox.problem == "Input/output error"
    outbox.close()
