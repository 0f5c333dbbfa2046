"""The console is that of the system."""

from __future__ import annotations

import sys

import pytest

from tui.terminal.open_console import open_console


@pytest.mark.skipif(sys.platform == "win32", reason="asks for the console of POSIX")
def test_it_is_the_one_of_the_system_and_knows_its_environment() -> None:
    from tui.terminal.posix import PosixConsole

    environ = {"TERM": "xterm"}
    console = open_console(environ)
    assert isinstance(console, PosixConsole)
    assert console.environ is environ
