"""Backups, restoring, checks and exports, as an administrator does them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from evchat.core import records as rec
from evchat.storage.sqlite.store import SqliteStore
from tests.admin.run import Run, refusal
from tests.e2e.harness import ROOT, Full, Server
from tests.storage.samples import message


def filled(directory: Path, *texts: str) -> Path:
    """A data directory in which so much was said in #main."""
    with closing(SqliteStore(directory, "normal")) as store:
        for seq, text in enumerate(texts, 1):
            store.save(message("#main", seq, text))
        store.save(rec.Account("alice", "Alice", "scrypt$secret", 1))
        store.commit()
    return directory


def test_a_backup_under_load_restored_elsewhere_goes_on_and_misses_nothing_acknowledged(
    start: Callable[..., Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    server = start("--data", str(data), "--insecure-no-limits")
    speakers = {
        place: Full(server.connect(), f"speaker{number}") for number, place in enumerate(("#main", "#den"))
    }
    for place, speaker in speakers.items():
        speaker.request("join", place)
    acknowledged = dict.fromkeys(speakers, 0)
    enough, over = threading.Event(), threading.Event()

    def speak(place: str, speaker: Full) -> None:
        while not over.is_set():
            acknowledged[place] = speaker.request("msg", f"{place} {acknowledged[place] + 1}", to=place)[
                "seq"
            ]
            if acknowledged[place] >= 20:
                enough.set()

    threads = [threading.Thread(target=speak, args=pair) for pair in speakers.items()]
    for thread in threads:
        thread.start()
    try:
        assert enough.wait(20)
        before = dict(acknowledged)
        done = Run(capsys, "backup", "--data", data, copy)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert done.code == 0, done.err
    assert not copy.with_name("copy.db.part").exists() and copy.stat().st_mode & 0o777 == 0o600
    for speaker in speakers.values():
        speaker.leave()
    server.stop()

    elsewhere = tmp_path / "elsewhere"
    assert Run(capsys, "restore", "--data", elsewhere, copy).code == 0
    server = start("--data", str(elsewhere))
    again = Full(server.connect(), "again")
    for place, least in before.items():
        again.request("join", place)
        if place == "#main":  # a guests' channel begins anew with the server; its numbers go on all the same
            history = again.request("history", to=place, limit=1000)["content"]
            assert [said["seq"] for said in history] == list(range(1, len(history) + 1))
            assert len(history) >= least
            assert [said["content"] for said in history] == [
                f"{place} {n}" for n in range(1, len(history) + 1)
            ]
        head = again.request("history", to=place)["seq"]
        assert least <= head <= acknowledged[place]
        assert again.request("msg", "on", to=place)["seq"] == head + 1


def test_a_restore_is_refused_while_a_server_runs_and_for_what_is_no_backup(
    start: Callable[..., Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    server = start("--data", str(data))
    assert Run(capsys, "backup", "--data", data, copy).code == 0
    text = refusal(capsys, "restore", "--data", data, copy)
    assert f"(process {server.process.pid})" in text and "Stop it" in text
    server.stop()
    before = (data / "evchat.db").read_bytes()
    (tmp_path / "words").write_text("words")
    assert "not a database of evchat" in refusal(capsys, "restore", "--data", data, tmp_path / "words")
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refusal(capsys, "restore", "--data", data, copy)
    copy.write_bytes(whole[:8192] + b"\xff" * 8192 + whole[16384:])
    refusal(capsys, "restore", "--data", data, copy)
    assert "no file" in refusal(capsys, "restore", "--data", data, tmp_path / "nothing")
    assert "is the database itself" in refusal(capsys, "restore", "--data", data, data / "evchat.db")
    assert (data / "evchat.db").read_bytes() == before
    assert sorted(path.name for path in data.iterdir()) == ["evchat.db", "evchat.lock"]


def test_what_a_restore_replaces_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = filled(tmp_path / "one", "first"), filled(tmp_path / "two", "a", "b")
    assert Run(capsys, "backup", "--data", one, tmp_path / "copy").code == 0
    for number in (1, 2):
        done = Run(capsys, "restore", "--data", two, tmp_path / "copy")
        assert f"evchat.db.replaced-{number}" in done.out and "1 message." in done.out
    assert "messages                  2" in Run(capsys, "check", two / "evchat.db.replaced-1").out


def test_a_backup_never_replaces_what_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = filled(tmp_path / "data", "hello")
    letter = tmp_path / "letter"
    letter.write_text("Dear Alice")
    assert "is not a backup" in refusal(capsys, "backup", "--data", data, letter)
    assert "the database itself" in refusal(capsys, "backup", "--data", data, data / "evchat.db")
    assert "is a directory" in refusal(capsys, "backup", "--data", data, tmp_path)
    assert "no database" in refusal(capsys, "backup", "--data", tmp_path / "typo", letter)
    assert "can't be written" in refusal(capsys, "backup", "--data", data, tmp_path / "no" / "where")
    assert letter.read_text() == "Dear Alice" and not (tmp_path / "typo").exists()
    copy = tmp_path / "copy"
    (tmp_path / "copy.part").write_text("of one that was interrupted")
    assert Run(capsys, "backup", "--data", data, copy).code == 0
    assert Run(capsys, "backup", "--data", data, copy).code == 0, "an older backup is replaced"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "data", "letter"]


@pytest.mark.skipif(sys.platform != "linux", reason="a small disk is made with Linux's mount namespaces")
def test_a_backup_to_a_full_disk_leaves_nothing_and_says_how_much_is_needed(tmp_path: Path) -> None:
    data = filled(tmp_path / "data", *("x" * 4000 for _ in range(500)))
    small = tmp_path / "small"
    small.mkdir()
    script = (
        'mount -t tmpfs -o size=512k none "$1" || exit 77; shift; "$@"; code=$?; ls -A "$DISK"; exit $code'
    )
    command = ["unshare", "-Urm", "sh", "-c", script, "sh", str(small), sys.executable]
    command += ["-m", "evchat.admin", "backup", "--data", str(data), str(small / "copy.db")]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            env={**os.environ, "DISK": str(small)},
        )
    except FileNotFoundError:
        pytest.skip("there is no unshare")
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("this user can't make a small disk")
    assert done.returncode == 1 and done.stdout == "", done
    assert "no room for" in done.stderr and "MiB are needed" in done.stderr and "Traceback" not in done.stderr


def test_a_check_tells_sizes_and_versions_and_fails_for_damage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = filled(tmp_path / "data", *("word " * 300 for _ in range(300)))
    done = Run(capsys, "check", "--data", data)
    assert (
        done.code == 0
        and "messages                300" in done.out
        and done.out.endswith("Everything is sound.\n")
    )
    path = data / "evchat.db"
    whole = path.read_bytes()
    path.write_bytes(whole[: -40 * 4096] + b"\xff" * 40 * 4096)
    done = Run(capsys, "check", "--data", data)
    assert done.code == 1 and "damaged" in done.err and len(done.out.splitlines()) < 30
    assert "there is no file" in refusal(capsys, "check", "--data", tmp_path / "nowhere").lower()


def test_an_export_holds_all_of_a_channel_and_of_a_person_but_no_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    with closing(SqliteStore(data, "normal")) as store:
        store.save(message("#main", 1, "hello", "Alice"))
        store.save(message("#den", 1, "in the den", "carol"))
        store.save(message("alice bob", 1, "psst", "alice"))
        store.save(message("bob carol", 1, "not hers", "bob"))
        store.save(rec.Account("alice", "Alice", "scrypt$hash", 7))
        store.save(rec.Blocking("alice", "mallory", "Mallory", True))
        store.save(rec.ReadMark("alice", "#main", 1, 9))
        store.save(rec.InboxEntry("bob", "alice bob", 1))
        store.commit()

    def exported(*which: str) -> list[dict[str, object]]:
        target = tmp_path / "out.jsonl"
        assert Run(capsys, "export", "--data", data, *which, target).code == 0
        assert target.stat().st_mode & 0o777 == 0o600
        return [json.loads(line) for line in target.read_text("utf-8").splitlines()]

    assert [row["content"] for row in exported("--channel", "#den")] == ["in the den"]
    assert exported("--channel", "den") == exported("--channel", "#DEN")
    hers = exported("--user", "ALICE")
    assert [row["kind"] for row in hers] == ["account", "blocked", "read", "message", "message"]
    assert [row["content"] for row in hers if row["kind"] == "message"] == ["hello", "psst"]
    everything = exported()
    assert len([row for row in everything if row["kind"] == "message"]) == 4
    assert "scrypt" not in json.dumps(everything + hers)
    to_stdout = Run(capsys, "export", "--data", data, "--channel", "#den", "-")
    assert json.loads(to_stdout.out)["sender"] == "carol"
    assert "Nothing was ever said in #nowhere." in refusal(
        capsys, "export", "--data", data, "--channel", "#nowhere", tmp_path / "x"
    )
    assert not (tmp_path / "x").exists()


def test_a_reader_that_goes_away_is_no_error_of_ours(tmp_path: Path) -> None:
    data = filled(tmp_path / "data", *("x" * 1000 for _ in range(300)))
    command = f"'{sys.executable}' -m evchat.admin export --data '{data}' - | head -1"
    done = subprocess.run(
        command, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert json.loads(done.stdout)["kind"] == "account" and done.stderr == ""
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_database_shrinks_by_what_was_deleted(
    start: Callable[..., Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = filled(tmp_path / "data", *("x" * 3000 for _ in range(300)))
    with closing(SqliteStore(data, "normal")) as store:
        store._db.execute("DELETE FROM messages WHERE id < 300")
    before = (data / "evchat.db").stat().st_size
    done = Run(capsys, "--data", data, "compact")
    assert done.code == 0 and " before, " in done.out
    assert (data / "evchat.db").stat().st_size < before / 2
    assert Run(capsys, "--data", data, "check").code == 0
    start("--data", str(data))
    assert "Stop it" in refusal(capsys, "--data", data, "compact")
    assert "no database" in refusal(capsys, "--data", tmp_path / "typo", "compact")
