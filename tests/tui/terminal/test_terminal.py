"""The terminal's modes, on a pair of pseudo-terminals."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals", allow_module_level=True)

import pty
import termios

from tests.e2e.harness import ROOT
from tests.tui.terminal.fakecurses import FakeCurses
from tui.terminal.posix import PosixConsole
from tui.terminal.terminal import Terminal, problem, speaks_unicode

MODERN = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}


class Pair:
    """A terminal as the program has it, and the other end."""

    def __init__(self) -> None:
        self.user, self.program = pty.openpty()

    def written(self) -> bytes:
        """What was written since the last time; a pseudo-terminal takes its time, so a mark is sent behind it."""
        os.write(self.program, b"<mark>")
        data = b""
        while not data.endswith(b"<mark>"):
            data += os.read(self.user, 65_536)
        return data.removesuffix(b"<mark>")

    def close(self) -> None:
        for fd in (self.user, self.program):
            try:
                os.close(fd)
            except OSError:
                pass  # the test did it


def terminal_on(pair: Pair, environ: dict[str, str]) -> Terminal:
    """A terminal on the pair. Python's curses takes standard output alone, so another one draws here."""
    return Terminal(PosixConsole(environ, pair.program, pair.program), FakeCurses(80, 24))


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.close()


def test_it_is_given_back_as_it_was(pair: Pair) -> None:
    before = termios.tcgetattr(pair.program)
    terminal = terminal_on(pair, MODERN)
    assert terminal.enter(ask_background=True)
    assert termios.tcgetattr(pair.program) != before
    terminal.use_mouse(True)
    terminal.use_kitty_keys()
    on = pair.written()
    terminal.leave()
    terminal.leave()
    off = pair.written()
    assert termios.tcgetattr(pair.program) == before
    for mode in (b"2004", b"1004", b"1002", b"1006"):
        assert b"?" + mode + b"h" in on and off.count(b"?" + mode + b"l") == 1
    assert b"\x1b[>1u" in on and b"\x1b[<u" in off
    assert b"\x1b[?7h" in off


def test_it_can_be_taken_again(pair: Pair) -> None:
    terminal = terminal_on(pair, MODERN)
    terminal.enter()
    terminal.use_mouse(True)
    terminal.leave()
    pair.written()
    assert terminal.enter()
    assert b"\x1b[?1002h" in pair.written()


def test_a_simple_terminal_is_asked_nothing(pair: Pair) -> None:
    terminal = terminal_on(pair, {"TERM": "vt100"})
    terminal.enter(ask_background=True)
    terminal.title("title")
    terminal.copy("text")
    terminal.alert("text")
    assert pair.written() == b"\a"


def test_every_byte_typed_arrives(pair: Pair) -> None:
    terminal = terminal_on(pair, MODERN)
    terminal.enter()
    typed = bytes(byte for byte in range(1, 256))
    os.write(pair.user, typed)
    assert terminal.console.read() == typed


def test_a_terminal_that_is_gone_is_no_error(pair: Pair) -> None:
    terminal = terminal_on(pair, MODERN)
    terminal.enter()
    os.close(pair.user)
    assert terminal.console.read() is None
    terminal.write(b"x")
    terminal.leave()
    assert not Terminal(PosixConsole(MODERN, 99, 99)).enter()
    assert PosixConsole(MODERN, 99, 99).size() == (80, 24)


@pytest.mark.parametrize(
    ("environ", "sequence"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, b"\x1b]9;evchat: bob, hi\x1b\\"),
        ({"TERM": "foot"}, b"\x1b]777;notify;evchat;bob, hi\x1b\\"),
        ({"TERM": "xterm-kitty"}, b"\x1b]99;;evchat: bob, hi\x1b\\"),
        ({}, b"\a"),
    ],
)
def test_attention_is_drawn_as_the_terminal_can(pair: Pair, environ: dict[str, str], sequence: bytes) -> None:
    terminal = terminal_on(pair, {**MODERN, **environ})
    terminal.enter()
    pair.written()
    terminal.alert("bob; hi")
    written = pair.written()
    assert written.startswith(b"\a") and sequence in written
    terminal.alert("x", bell=False)
    assert b"\a" not in pair.written().replace(b"\x1b", b"")


def test_the_clipboard_and_title_are_written_once(pair: Pair) -> None:
    terminal = terminal_on(pair, MODERN)
    terminal.enter()
    pair.written()
    terminal.copy("hé")
    terminal.title("evchat")
    terminal.title("evchat")
    assert pair.written() == b"\x1b]52;c;aMOp\x1b\\\x1b]2;evchat\x1b\\"


@pytest.mark.parametrize(
    ("environ", "count"),
    [
        ({"TERM": "xterm-256color"}, 256), ({"TERM": "linux"}, 8), ({"TERM": "vt100"}, 0),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, 0), ({"TERM": "linux", "COLORTERM": "truecolor"}, 256),
        ({"TERM": "xterm"}, 8), ({"TERM": "xterm-mono"}, 0), ({"TERM": "xterm-16color"}, 16), ({"TERM": "foot"}, 256),
        ({"TERM": "screen"}, 8), ({"TERM": "xterm-direct"}, 256), ({"TERM": "unheard-of"}, 8),
        ({"TERM": "xterm-unheard-of"}, 256),
    ],
)  # fmt: skip
def test_colours_are_those_of_the_terminal(environ: dict[str, str], count: int) -> None:
    # In a process of its own, as curses looks at terminfo but once.
    code = f"from tui.terminal.terminfo import colours; print(colours({environ!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    assert int(done.stdout) == count


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True), ({"LC_ALL": "C"}, False), ({"LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"}, False),
        ({"LANG": "de_DE.UTF-8"}, True), ({"LC_CTYPE": "C.utf8"}, True), ({"LANG": "de_DE.UTF-8@euro"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, False), ({"LC_ALL": "", "LANG": "C.UTF-8"}, True),
    ],
)  # fmt: skip
def test_the_locale_says_whether_unicode_is_spoken(environ: dict[str, str], expected: bool) -> None:
    assert speaks_unicode(environ) is expected


def test_a_terminal_that_can_not_show_a_screen_says_why() -> None:
    assert problem({"TERM": "dumb"}) and problem({}) and problem({"TERM": ""})
    assert not problem({"TERM": "xterm-256color"})
    assert not problem({"TERM": "vt100"})
    assert not problem({"TERM": "unheard-of"})


def test_without_curses_there_is_no_screen() -> None:
    code = (
        "import sys; sys.modules['curses'] = None; from tui.terminal.terminal import problem; "
        "print(problem({'TERM': 'xterm'}), problem({'TERM': 'linux'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True
    )
    assert done.stdout.count("This Python has no curses module.") == 2
