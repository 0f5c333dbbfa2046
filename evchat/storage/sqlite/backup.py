"""Copies of the database, made while a server writes to it, and put back in its place."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from evchat.core.store import StoreError
from evchat.storage.sqlite.errors import FULL
from evchat.storage.sqlite.inspection import Findings, inspect, is_ours
from evchat.storage.sqlite.lock import LOCK, DirectoryLock
from evchat.storage.sqlite.long_reader import open_to_read

DATABASE = "evchat.db"
"""The database's name in its directory."""

_COMPANIONS = ("-wal", "-shm")
"""Ends of the names of SQLite's files beside a database."""


def back_up(directory: Path, target: Path) -> int:
    """Copies the database in `directory` to the file `target`, all or nothing, and returns its size in bytes.

    A server may go on meanwhile. The copy holds what was committed when this began; it is in the one transaction of
    `VACUUM INTO`, because a copy made page by page starts anew at every commit, and never ends on a busy server.
    An older backup at `target` is replaced, and nothing else ever is. Raises StoreError.
    """
    source = directory / DATABASE
    if not source.is_file():
        raise StoreError(
            f"There is no database in {directory}. --data names the directory of another server."
        )
    _check_target(source, target)
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)  # of a backup that was interrupted
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise StoreError(f"{part} can't be written: {error.strerror}.") from error
    try:
        with closing(open_to_read(source)) as db:
            db.execute("VACUUM INTO ?", (str(part),))
        os.fsync(handle)
        size = os.fstat(handle).st_size
        if not os.path.samestat(os.fstat(handle), part.stat()):
            raise StoreError(f"Another backup to {target} has begun meanwhile, so this one was given up.")
        part.replace(target)
        _sync_directory(target.parent)
    except (sqlite3.Error, OSError) as error:
        _remove(part, handle)
        raise StoreError(_why_no_backup(error, source, target)) from error
    finally:
        os.close(handle)
    return size


def _check_target(source: Path, target: Path) -> None:
    """Raises StoreError for a place that holds anything but an older backup."""
    if target.is_dir():
        raise StoreError(f"{target} is a directory. Name a file in it.")
    if not target.exists():
        return
    if target.samefile(source):
        raise StoreError(f"{target} is the database itself. Name another file.")
    if target.stat().st_size and not is_ours(target):
        raise StoreError(f"{target} exists and is not a backup of evchat. Name another file.")


def _remove(part: Path, handle: int) -> None:
    with suppress(OSError):
        if os.path.samestat(os.fstat(handle), part.stat()):
            part.unlink()


def _why_no_backup(error: Exception, source: Path, target: Path) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or getattr(error, "errno", 0) in FULL:
        return (
            f"There is no room for {target}: up to {source.stat().st_size >> 20} MiB are needed, and "
            f"{shutil.disk_usage(target.parent).free >> 20} MiB are free. Nothing was left there."
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return f"{source} is damaged ({error}), so it can't be copied. Restore an older backup."
    return (
        f"The backup to {target} failed: {getattr(error, 'strerror', None) or error}. Nothing was left there."
    )


def restore(backup: Path, directory: Path) -> tuple[Findings, Path | None]:
    """Puts a backup in the place of the database in `directory`, which is kept under another name.

    Returns what was found in the backup, and where the former database is now, if there was one. Raises StoreError, and
    has changed nothing then: while a server runs there, for a file that is no sound backup, or one that a newer evchat
    has made.
    """
    place = directory / DATABASE
    if place.exists() and backup.exists() and place.samefile(backup):
        raise StoreError(f"{backup} is the database itself. Name a backup.")
    findings = inspect(backup)
    findings.check(backup)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{directory} can't be used as the data directory: {error.strerror}.") from error
    with _held(directory):
        fresh = place.with_name(f"{DATABASE}.new")
        try:
            _copy(backup, fresh)
            _give_to_owner(directory, fresh, directory / LOCK)
            kept = _put_aside(place) if place.exists() else None
            fresh.replace(place)
            _sync_directory(directory)
        except (OSError, sqlite3.Error) as error:
            fresh.unlink(missing_ok=True)
            reason = getattr(error, "strerror", None) or error
            raise StoreError(f"{backup} can't be restored to {directory}: {reason}.") from error
    return findings, kept


def compact(directory: Path) -> tuple[int, int]:
    """Writes the database anew, without the room that deleted messages have left. Returns its size before and after.

    Raises StoreError: while a server runs there, or if the disk has no room for a second copy.
    """
    place = directory / DATABASE
    if not place.is_file():
        raise StoreError(
            f"There is no database in {directory}. --data names the directory of another server."
        )
    with _held(directory):
        if not is_ours(place):
            raise StoreError(f"{place} is not a database of evchat.")
        before = place.stat().st_size
        try:
            with closing(sqlite3.connect(place, isolation_level=None)) as db:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                db.execute("VACUUM")
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise StoreError(f"{place} can't be written anew: {error}. It is as it was.") from error
        return before, place.stat().st_size


@contextmanager
def _held(directory: Path) -> Iterator[None]:
    lock = DirectoryLock(directory)
    try:
        yield
    finally:
        lock.release()


def _copy(backup: Path, fresh: Path) -> None:
    """A durable copy, for its owner alone; what the backup's own log holds is in it."""
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with closing(open_to_read(backup)) as db:
            db.execute("VACUUM INTO ?", (str(fresh),))
        os.fsync(handle)
    finally:
        os.close(handle)


def _give_to_owner(directory: Path, *paths: Path) -> None:
    """What root has made belongs to the user whose directory it is, because the server runs as that user."""
    if sys.platform != "win32" and os.geteuid() == 0:
        owner = directory.stat()
        for path in paths:
            os.chown(path, owner.st_uid, owner.st_gid)


def _put_aside(place: Path) -> Path:
    """Gives the database another name beside its own. Whatever happens meanwhile, one of the two is whole."""
    number = 1
    while (kept := place.with_name(f"{place.name}.replaced-{number}")).exists():
        number += 1
    if is_ours(place):  # of one that is too damaged to be known as ours, SQLite would throw the log away
        with suppress(sqlite3.Error), closing(sqlite3.connect(place, isolation_level=None)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # and closing it removes the log
    for end in _COMPANIONS:
        companion = place.with_name(place.name + end)
        if companion.exists():
            companion.rename(place.with_name(kept.name + end))
    try:
        kept.hardlink_to(place)
    except (OSError, NotImplementedError):  # a file system without hard links
        place.rename(kept)
    return kept


def _sync_directory(directory: Path) -> None:
    """Makes the names in a directory durable, where a system lets programs do that."""
    if sys.platform != "win32":
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
