"""The lock on a data directory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evchat.core.store import StoreError
from evchat.storage.sqlite.lock import DirectoryLock


def test_a_second_lock_is_refused_with_the_holder_and_the_directory(tmp_path: Path) -> None:
    lock = DirectoryLock(tmp_path)
    with pytest.raises(StoreError) as refused:
        DirectoryLock(tmp_path)
    assert f"(process {os.getpid()})" in str(refused.value) and str(tmp_path) in str(refused.value)
    lock.release()


def test_a_lock_can_be_taken_again_when_it_is_released(tmp_path: Path) -> None:
    DirectoryLock(tmp_path).release()
    lock = DirectoryLock(tmp_path)
    lock.release()
    lock.release()


def test_a_file_left_behind_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / "evchat.lock").write_text("999999 and more than a number, from long ago")
    lock = DirectoryLock(tmp_path)
    assert (tmp_path / "evchat.lock").read_text() == str(os.getpid())
    lock.release()


def test_a_directory_that_can_t_be_written_to_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "evchat.lock").mkdir()
    with pytest.raises(StoreError, match=r"evchat\.lock can't be opened: .*\. The server needs"):
        DirectoryLock(tmp_path)
