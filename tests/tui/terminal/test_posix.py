"""A terminal of POSIX is taken whole, and given back as it was."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no termios", allow_module_level=True)

import signal
import termios

from tui.terminal.console import END, RESIZED
from tui.terminal.posix import PosixConsole


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    """The outside and the inside of a pseudo-terminal."""
    outside, inside = os.openpty()
    yield outside, inside
    os.close(inside)
    os.close(outside)


@pytest.fixture
def handlers() -> Iterator[None]:
    """All signals as they were before, after a test that has them noticed."""
    before = {number: signal.getsignal(number) for number in signal.valid_signals()}
    yield
    for number, handler in before.items():
        if handler is not None and signal.getsignal(number) is not handler:
            signal.signal(number, handler)


def test_it_is_given_back_as_it_was_however_often_it_is_taken(ends: tuple[int, int]) -> None:
    before = termios.tcgetattr(ends[1])
    console = PosixConsole({}, *[ends[1]] * 2)
    assert console.take() and console.take()
    taken = termios.tcgetattr(ends[1])
    assert not taken[3] & (termios.ECHO | termios.ICANON | termios.ISIG)
    console.give_back()
    console.give_back()
    assert termios.tcgetattr(ends[1]) == before


def test_every_byte_passes_as_it_is(ends: tuple[int, int]) -> None:
    console = PosixConsole({}, *[ends[1]] * 2)
    console.take()
    os.write(ends[0], b"\x03\r\x1a\xff")
    assert console.read() == b"\x03\r\x1a\xff"
    console.write(b"\n\x1b[A")
    assert os.read(ends[0], 100) == b"\n\x1b[A"


def test_a_terminal_that_is_gone_is_told() -> None:
    source, target = os.pipe()
    os.close(target)
    console = PosixConsole({}, source, source)
    assert console.read() is None
    assert not console.take(), "a pipe has no modes"
    os.close(source)


def test_signals_are_noticed_once_and_an_end_before_all_else(ends: tuple[int, int], handlers: None) -> None:
    console = PosixConsole({}, *[ends[1]] * 2)
    console.listen()
    assert console.notices() == []
    for number in (signal.SIGWINCH, signal.SIGWINCH):
        os.kill(os.getpid(), number)
    assert console.notices() == [(RESIZED, 0)]
    for number in (signal.SIGWINCH, signal.SIGHUP):
        os.kill(os.getpid(), number)
    assert console.notices() == [(END, 128 + signal.SIGHUP)]
    console.close()
