"""The log: one line per event, with foreign text escaped."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat import log

HANGS = 20.0
"""Seconds after which a wait counts as endless."""

STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}"
ESCAPES = "\x1b[2J\x9b31m\u202e\r\nforged line\x00\u2028\x85\ud800 é"


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts back what `set_up` changes for the whole process."""
    monkeypatch.setattr(log, "_quotas", None)
    monkeypatch.setattr(log, "sink", log.sink)


class Stderr:
    """Takes the place of stderr between `with` and the end of its block."""

    def __init__(self, level: str = "debug", log_format: str = "text") -> None:
        self._level, self._format = level, log_format
        self._text = io.StringIO()

    def __enter__(self) -> Stderr:
        self._old, sys.stderr = sys.stderr, self._text
        log.set_up(self._level, self._format)
        return self

    def __exit__(self, *_: object) -> None:
        sys.stderr = self._old

    @property
    def text(self) -> str:
        return self._text.getvalue()

    @property
    def line(self) -> str:
        """The only line."""
        text = self.text
        assert text.endswith("\n") and text.count("\n") == 1, text
        return text[:-1]


def test_an_event_is_a_line_with_its_time_level_and_facts() -> None:
    with Stderr() as stderr:
        log.info("login", sid=7, name="alice", address="127.0.0.1")
    assert re.fullmatch(STAMP + r" info    login sid=7 name=alice address=127\.0\.0\.1", stderr.line)


@pytest.mark.parametrize("level", log_levels := ("debug", "info", "warning", "error"))
def test_events_below_the_level_are_left_out(level: str) -> None:
    with Stderr(level) as stderr:
        log.debug("debug")
        log.info("info")
        log.warning("warning")
        log.error("error")
    told = [line.split()[-1] for line in stderr.text.splitlines()]
    assert told == list(log_levels[log_levels.index(level) :])


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("alice", "alice"),
        (12, "12"),
        (1.5, "1.5"),
        (True, "True"),
        (None, "None"),
        ("", '""'),
        ("two words", '"two words"'),
        ('a"b', r'"a\"b"'),
        ("a=b", '"a=b"'),
        ("å", r'"\u00e5"'),
        ("a\nb", r'"a\nb"'),
        ("\x1b[31m", r'"\u001b[31m"'),
        ("#main", "#main"),
        (("a", 1), "\"('a', 1)\""),
    ],
)
def test_values_are_plain_where_they_can_be_and_quoted_otherwise(value: object, written: str) -> None:
    with Stderr() as stderr:
        log.info("x", fact=value)
    assert stderr.line.endswith(f" x fact={written}")


@given(
    st.dictionaries(st.sampled_from(["name", "reason", "address"]), st.text() | st.just(ESCAPES), min_size=1)
)
def test_foreign_text_stays_on_its_line_harmless_and_can_be_read_back(facts: dict[str, str]) -> None:
    with Stderr() as stderr:
        log.warning("cut", **facts)
    assert len(stderr.text.splitlines()) == 1 and stderr.line.isascii() and stderr.line.isprintable()
    rest = stderr.line.split(" cut ", 1)[1]
    for key, value in facts.items():
        match = re.match(rf'{key}=("(?:[^"\\]|\\.)*"|[^ "=]+)(?: |$)', rest)
        assert match, rest
        written = match[1]
        assert (json.loads(written) if written.startswith('"') else written) == value
        rest = rest[match.end() :]
    assert rest == ""


@given(
    st.dictionaries(
        st.sampled_from(["name", "reason", "address"]), st.text() | st.integers() | st.booleans() | st.none()
    )
)
def test_as_json_every_line_is_an_object_with_the_facts_as_they_are(facts: dict[str, object]) -> None:
    with Stderr(log_format="json") as stderr:
        log.info("login", **facts)
    assert len(stderr.text.splitlines()) == 1 and stderr.line.isascii() and stderr.line.isprintable()
    entry = json.loads(stderr.line)
    assert re.fullmatch(STAMP, entry.pop("time"))
    assert entry == {"level": "info", "event": "login", **facts}


def test_as_json_what_json_does_not_know_is_told_as_text() -> None:
    with Stderr(log_format="json") as stderr:
        log.info("x", reason=OSError("gone"), raw=b"\x1b")
    entry = json.loads(stderr.line)
    assert entry["reason"] == "gone" and entry["raw"] == "b'\\x1b'"


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_bug_has_its_traceback_on_the_same_line(log_format: str) -> None:
    with Stderr(log_format=log_format) as stderr:
        try:
            raise ValueError(ESCAPES)
        except ValueError as problem:
            log.bug("bug", problem, sid=3)
    line = stderr.line
    assert len(line.splitlines()) == 1 and line.isascii() and line.isprintable()
    assert "ValueError" in line and "test_log.py" in line and "forged line" in line
    if log_format == "json":
        entry = json.loads(line)
        assert entry["level"] == "error" and entry["sid"] == 3
        assert entry["traceback"].startswith("Traceback")


def test_per_cent_signs_mean_nothing() -> None:
    with Stderr() as stderr:
        log.info("at 100% %s", name="%d%s")
    assert stderr.line.endswith("at 100% %s name=%d%s")


def test_setting_up_again_changes_level_and_format_and_doubles_nothing() -> None:
    with Stderr("error", "text") as stderr:
        log.info("unheard")
        log.set_up("info", "json")
        log.info("heard")
    assert json.loads(stderr.line)["event"] == "heard"


class Broken(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize("how", ["a broken pipe", "closed"])
def test_a_vanished_stderr_harms_nobody(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = Broken() if how == "a broken pipe" else io.StringIO()
    if how == "closed":
        stderr.close()
    monkeypatch.setattr(sys, "stderr", stderr)
    log.set_up("info", "text")
    log.info("nobody reads this")
    log.set_up("info", "json")
    log.error("nor this")
    assert how == "closed" or stderr.getvalue() == ""


# ---- whoever does not read the log, and whoever fills it ----------------------------------------------------------


class Pipe:
    """A stderr that is read only when the test wants."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reader, writer = os.pipe()
        self.stderr = os.fdopen(writer, "w")
        monkeypatch.setattr(sys, "stderr", self.stderr)
        log.set_up("info", "text")

    def rest(self) -> list[str]:
        """All lines, once the log is done with them."""
        lines: list[str] = []

        def read() -> None:
            with os.fdopen(self.reader, errors="replace") as pipe:
                lines.extend(pipe)

        reader = threading.Thread(target=read)
        reader.start()
        log.flush()
        log.sink.destination.close()
        self.stderr.close()
        reader.join(HANGS)
        return [line.rstrip("\n") for line in lines]


def test_nobody_waits_for_a_log_that_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = Pipe(monkeypatch)
    for number in range(50_000):
        log.info("line", number=number)
    lines = pipe.rest()
    numbers = [int(line.rpartition("=")[2]) for line in lines if " line " in line]
    dropped = [int(line.rpartition("=")[2]) for line in lines if "dropped" in line]
    assert numbers == sorted(set(numbers)) and numbers[0] == 0
    assert len(numbers) < 50_000 and len(numbers) + sum(dropped) == 50_000


def test_everything_is_written_in_its_order_to_a_log_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = Pipe(monkeypatch)
    for number in range(100):
        log.info("line", number=number)
    assert [line.rpartition(" ")[2] for line in pipe.rest()] == [f"number={number}" for number in range(100)]


def test_lines_that_come_together_are_written_together(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = Pipe(monkeypatch)
    written: list[int] = []
    write = os.write
    monkeypatch.setattr(
        os, "write", lambda descriptor, data: written.append(len(data)) or write(descriptor, data)
    )
    for number in range(100):
        log.info("line", number=number)
    assert len(pipe.rest()) == 100 and len(written) < 50


def test_a_pipe_that_was_closed_at_its_other_end_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = Pipe(monkeypatch)
    os.close(pipe.reader)
    log.info("nobody reads this")
    log.flush()
    log.set_up("info", "json")
    log.error("nor this")
    log.flush()
    pipe.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="ends a program by a signal")
def test_a_server_serves_and_ends_while_its_log_is_stalled() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writer, b"x" * 4096)
    os.set_blocking(writer, True)
    server = subprocess.Popen(
        [sys.executable, "-m", "evchat", "--memory", "--listen", "tcp://127.0.0.1:0", "--log-level", "debug"],
        stdout=subprocess.PIPE,
        stderr=writer,
    )
    os.close(writer)
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline().rpartition(b":")[2])
        with socket.create_connection(("127.0.0.1", port), HANGS) as alice:
            alice.sendall(b"alice\n")
            heard = b""
            while b"Hello alice" not in heard:
                data = alice.recv(4096)
                assert data, heard
                heard += data
            server.send_signal(signal.SIGTERM)
            assert server.wait(HANGS) == 0
    finally:
        server.kill()
        server.wait()
        server.stdout.close() if server.stdout else None
        os.close(reader)


def test_one_address_fills_no_log_and_keeps_nobody_else_out_of_it() -> None:
    quotas = log.Quotas()
    admitted = [quotas.admit("disconnected", "192.0.2.1", now / 100) for now in range(100_000)]
    logged = [before for before in admitted if before is not None]
    assert 60 <= len(logged) <= 60 + 1000 * 0.2 + 1
    assert quotas.admit("disconnected", "192.0.2.2", 1000.0) == 0
    assert quotas.admit("login", "192.0.2.1", 1000.0) == 0


def test_many_addresses_fill_no_log_either() -> None:
    quotas = log.Quotas()
    admitted = [quotas.admit("disconnected", f"host{number}", number / 1000) for number in range(100_000)]
    assert 1000 <= sum(before is not None for before in admitted) <= 1000 + 100 * 5 + 1
    assert len(quotas) <= 2 * 4096


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["login", "cut"]),
            st.sampled_from(["a", "b", ""]),
            st.sampled_from([0.0, 1.0, 70.0]),
        ),
        max_size=400,
    )
)
def test_every_line_is_logged_or_counted_once(lines: list[tuple[str, str, float]]) -> None:
    quotas, now, told = log.Quotas(), 0.0, 0
    for event, address, later in lines * 3:
        now += later
        before = quotas.admit(event, address, now)
        told += 0 if before is None else 1 + before
        told += sum(count for *_, count in quotas.unlogged(now))
    told += sum(count for *_, count in quotas.unlogged(now, at_once=True))
    assert told == 3 * len(lines)


def test_what_was_not_logged_is_told_with_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_quotas", log.Quotas())
    with Stderr() as stderr:
        for _ in range(100):
            log.info("disconnected", address="192.0.2.1")
        for _ in range(100):
            log.info("operator", what="kill")
        log.summarise(at_once=True)
        log.summarise(at_once=True)
    lines = stderr.text.splitlines()
    assert sum(" disconnected " in line for line in lines) == 60
    assert sum(" operator " in line for line in lines) == 100
    (told,) = [line for line in lines if "not logged" in line]
    assert told.endswith("not logged what=disconnected count=40 of=192.0.2.1")


def test_a_file_takes_the_log_and_a_new_one_takes_it_after_the_old_was_moved(tmp_path: Path) -> None:
    file, moved = tmp_path / "evchat.log", tmp_path / "evchat.log.1"
    log.set_up("info", "text", file=file)
    log.info("before")
    log.flush()
    file.rename(moved)
    log.info("still in the old one")
    log.reopen()
    log.info("after")
    log.flush()
    assert [line.split()[2] for line in moved.read_text().splitlines()] == ["before", "still"]
    assert [line.split()[2] for line in file.read_text().splitlines()] == ["after"]
    assert stat.S_IMODE(file.stat().st_mode) & 0o137 == 0
    log.sink.destination.close()


def test_if_there_can_be_no_new_file_the_old_one_goes_on_and_says_why(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    file = folder / "evchat.log"
    log.set_up("info", "text", file=file)
    moved = tmp_path / "logs.1"
    folder.rename(moved)
    log.reopen()
    log.info("after")
    log.flush()
    first, second = (moved / "evchat.log").read_text().splitlines()
    assert "No such file" in first and second.endswith(" after")
    log.sink.destination.close()


def test_a_log_on_stderr_stays_there() -> None:
    with Stderr() as stderr:
        log.reopen()
        log.info("still here")
    assert stderr.line.endswith("still here")


def test_other_settings_leave_the_file_open(tmp_path: Path) -> None:
    file = tmp_path / "evchat.log"
    log.set_up("info", "text", file=file)
    former = log.sink.destination
    log.set_up("debug", "json", file=file)
    assert log.sink.destination is former and log.sink.least == log.DEBUG
    former.close()
