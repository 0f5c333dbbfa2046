"""The log: one line per event, with foreign text escaped."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat import log

STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}"
ESCAPES = "\x1b[2J\x9b31m\u202e\r\nforged line\x00\u2028\x85\ud800 é"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Puts back what `set_up` changes for the whole process."""
    logger = logging.getLogger("evchat")
    before = logger.handlers[:], logger.level, logger.propagate, logging.raiseExceptions
    yield
    logger.handlers[:], logger.level, logger.propagate, logging.raiseExceptions = before


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
