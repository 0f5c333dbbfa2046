"""Which entry of terminfo curses takes, and that nobody else sees how it is told."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ptyscreen import Program
from tests.e2e.harness import ROOT
from tui.terminal.terminfo import OWN, SYSTEM

if sys.platform == "win32":
    pytest.skip("there is no terminfo", allow_module_level=True)


def said(code: str, **environ: str) -> str:
    """What a program prints; a process of its own, as curses looks at terminfo but once."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        env={**os.environ, **environ},
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("xterm-256color", OWN), ("screen", OWN), ("xterm-that-nobody-knows", OWN), ("linux", SYSTEM),
        ("vt100", SYSTEM), ("never-heard-of-it", OWN),
    ],
)  # fmt: skip
def test_terminals_of_xterms_kind_and_unknown_ones_get_our_own_entry(term: str, kind: str) -> None:
    assert said(f"from tui.terminal.terminfo import entry; print(entry({term!r}))") == kind


def test_an_entry_that_the_library_can_not_read_gives_way_to_the_systems() -> None:
    code = "from tui.terminal import terminfo; terminfo.ENTRY = 'AAAA'; print(terminfo.entry('xterm'))"
    assert said(code) == SYSTEM


def test_our_own_entry_moves_no_rows_and_repeats_nothing() -> None:
    names = "csr", "ind", "indn", "ri", "rin", "il", "il1", "dl", "dl1", "ich", "ich1", "dch", "dch1", "rep"
    code = (
        "import curses; from tui.terminal import terminfo; assert terminfo.entry('xterm') == 'own'; "
        f"print([name for name in {names} if curses.tigetstr(name)], curses.tigetnum('colors'))"
    )
    assert said(code) == "[] 256"


def test_programs_that_are_started_later_find_their_environment_as_it_was() -> None:
    code = (
        "import curses, os; from tui.terminal import terminfo; before = dict(os.environ); "
        "terminfo.begin(curses, 'xterm-256color'); curses.endwin(); print('', 'the same', os.environ == before)"
    )
    environ = {**os.environ, "TERM": "xterm-256color", "LINES": "5", "COLUMNS": "7", "TERMINFO": "/nowhere"}
    program = Program([sys.executable, "-c", code], environ, 40, 10, str(ROOT))
    try:
        program.see("the same True")
    finally:
        program.close()
