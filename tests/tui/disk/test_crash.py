"""The report of a crash says where, and nothing of what anybody wrote."""

from __future__ import annotations

from pathlib import Path

from tui.disk import crash


def broken(secret: str) -> BaseException:
    try:
        raise ValueError(secret)
    except ValueError as error:
        return error


def test_a_report_tells_the_place_and_the_last_events_but_no_text() -> None:
    text = crash.report(broken("hunter2"), ["Key enter", "Heard message"])
    assert "test_crash.py" in text and "ValueError" in text
    assert text.endswith("Key enter\nHeard message\n")
    assert "hunter2" not in text


def test_it_is_written_where_only_the_user_can_read_it(tmp_path: Path) -> None:
    words = crash.told(broken("x"), ["Key f1"], str(tmp_path / "state"))
    (path,) = (tmp_path / "state").iterdir()
    assert str(path) in words
    assert path.stat().st_mode & 0o077 == 0


def test_a_disk_that_takes_nothing_is_no_second_crash(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert crash.told(broken("x"), [], str(tmp_path / "file")) == ""
