"""The sub-commands that need no server: they copy the database, look at it, and write what it holds to a file."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TextIO

from evchat import __version__
from evchat.admin.errors import AdminError
from evchat.core.store import StoreError
from evchat.protocol import names
from evchat.storage.sqlite import archive, backup, inspection


def back_up(directory: Path, target: Path) -> None:
    """`backup FILE`."""
    begun = time.monotonic()
    size = backup.back_up(directory, target)
    print(
        f"{target}: {_amount(size)} in {time.monotonic() - begun:.1f} s. evchat-admin check {target} checks it."
    )


def restore(source: Path, directory: Path) -> None:
    """`restore FILE`."""
    findings, kept = backup.restore(source, directory)
    rows = dict(findings.rows)
    print(f"{directory} holds what {source} does: {_count(rows.get('messages', 0), 'message')}.")
    if kept is not None:
        print(f"The former database is {kept}. Delete it when you are content.")


def compact(directory: Path) -> None:
    """`compact`."""
    before, after = backup.compact(directory)
    print(f"{directory / backup.DATABASE}: {_amount(before)} before, {_amount(after)} now.")


def check(path: Path) -> None:
    """`check [FILE]`. Raises AdminError if something is wrong."""
    found = inspection.inspect(path)
    print(f"evchat {__version__}, SQLite {sqlite3.sqlite_version}")
    print(
        f"{path}: {_amount(found.size)}, of which {_amount(found.unused)} are free; log {_amount(found.log_size)}"
    )
    print(f"tables: version {found.version}; this evchat knows {found.newest}")
    for name, count in found.rows:
        print(f"  {name:14} {count:>12,}")
    for problem in found.problems:
        print(f"  {problem}")
    try:
        found.check(path)
    except StoreError as error:
        raise AdminError(str(error)) from error
    print("Everything is sound.")


def export(directory: Path, target: Path, channel: str | None, person: str | None) -> None:
    """`export [--channel NAME | --user NAME] FILE`: an object per line, to a file that only its owner can read."""
    path = directory / backup.DATABASE
    if not path.is_file():
        raise AdminError(
            f"There is no database in {directory}. --data names the directory of another server."
        )
    if target.is_dir():
        raise AdminError(f"{target} is a directory. Name a file in it.")
    try:
        with closing(archive.open_archive(path)) as db:
            count = _write(target, _rows(db, channel, person))
    except sqlite3.Error as error:
        raise AdminError(f"{path} can't be read: {error}.") from error
    if str(target) != "-":
        print(f"{target}: {_count(count, 'line')}.")


def _rows(db: sqlite3.Connection, channel: str | None, person: str | None) -> Iterator[dict[str, Any]]:
    if channel is not None:
        name = channel if channel.startswith("#") else f"#{channel}"
        found = archive.of_channel(db, names.channel_key(name))
        if found is None:
            raise AdminError(f"Nothing was ever said in {name}.")
        return found
    if person is not None:
        return archive.of_person(db, names.user_key(person))
    return archive.of_all(db)


def _write(target: Path, rows: Iterator[dict[str, Any]]) -> int:
    """Writes the rows to a file, whole or not at all, or to the standard output ("-"). Returns how many they were."""
    if str(target) == "-":
        return _write_lines(sys.stdout, rows)
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(
            os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            count = _write_lines(file, rows)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise AdminError(f"{target} can't be written: {error.strerror}. Nothing was left there.") from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return count


def _write_lines(file: TextIO, rows: Iterator[dict[str, Any]]) -> int:
    count = 0
    for row in rows:
        file.write(_line(row) + "\n")
        count += 1
    return count


def _line(row: dict[str, Any]) -> str:
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode()


def _amount(size: int) -> str:
    """A number of bytes, for people."""
    for unit in ("bytes", "KiB", "MiB"):
        if size < 10_000:
            return f"{size:,} {unit}"
        size >>= 10
    return f"{size:,} GiB"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
