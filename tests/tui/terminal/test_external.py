"""Other programs."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from tui.terminal import external


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!{sys.executable}\n{text}", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
def test_the_editor_changes_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = script(tmp_path / "my editor", "import sys; open(sys.argv[2], 'a').write(' edited')")
    monkeypatch.setenv("VISUAL", f"'{editor}' --flag")
    assert external.edited("dræft") == ("dræft edited", "")


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
def test_an_editor_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = script(tmp_path / "editor", "import sys; open(sys.argv[1], 'w').write(''); sys.exit(1)")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(editor))
    text, problem = external.edited("draft")
    assert text == "draft" and "ended with an error" in problem


@pytest.mark.parametrize("editor", ["/nowhere/editor", "'unclosed"])
def test_an_editor_that_is_not_there_is_told(editor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", editor)
    text, problem = external.edited("draft")
    assert text == "draft" and "can't be started" in problem


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there is always a desktop")
def test_without_a_desktop_the_link_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert external.open_uri("https://example.org/").endswith("https://example.org/")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("PATH", "/nowhere")
    assert "xdg-open is not installed" in external.open_uri("https://example.org/")
