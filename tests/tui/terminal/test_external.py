"""Other programs."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from tests.e2e.harness import DEADLINE
from tui.terminal import external


def edited(text: str) -> tuple[str, str]:
    """What becomes of a text in the editor, and why nothing, if so."""
    done = threading.Event()
    editor = external.Editor(text, done.set)
    if editor.problem:
        return text, editor.problem
    assert done.wait(DEADLINE)
    return editor.result()


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!{sys.executable}\n{text}", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
def test_the_editor_changes_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = script(tmp_path / "my editor", "import sys; open(sys.argv[2], 'a').write(' edited')")
    monkeypatch.setenv("VISUAL", f"'{editor}' --flag")
    assert edited("dræft") == ("dræft edited", "")


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
def test_an_editor_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = script(tmp_path / "editor", "import sys; open(sys.argv[1], 'w').write(''); sys.exit(1)")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(editor))
    text, problem = edited("draft")
    assert text == "draft" and "ended with an error" in problem


@pytest.mark.parametrize("editor", ["/nowhere/editor", "'unclosed"])
def test_an_editor_that_is_not_there_is_told(editor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", editor)
    text, problem = edited("draft")
    assert text == "draft" and "can't be started" in problem


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there is always a desktop")
def test_without_a_desktop_the_link_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert external.open_uri("https://example.org/").endswith("https://example.org/")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("PATH", "/nowhere")
    assert "xdg-open is not installed" in external.open_uri("https://example.org/")


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
def test_what_was_saved_before_the_editor_is_stopped_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fifo = tmp_path / "saved"
    os.mkfifo(fifo)
    text = (
        f"import signal, sys; open(sys.argv[1], 'a').write(' saved'); open({str(fifo)!r}, 'w').close();"
        "signal.pause()"
    )
    monkeypatch.setenv("VISUAL", str(script(tmp_path / "editor", text)))
    done = threading.Event()
    editor = external.Editor("draft", done.set)
    fifo.read_bytes()
    editor.stop()
    assert done.wait(DEADLINE)
    assert editor.result() == ("draft saved", "")
