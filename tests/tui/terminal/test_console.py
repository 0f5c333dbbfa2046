"""What the screen needs of the system, whichever that is."""

from __future__ import annotations

import os
import sys

import pytest

from tui.terminal.console import END, GO_ON, RESIZED, STOP, size_of


def test_the_notices_can_be_told_apart() -> None:
    assert len({END, RESIZED, STOP, GO_ON}) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("given", "size"), [((37, 11), (37, 11)), ((0, 0), (80, 24)), ((1, 1), (1, 1))])
def test_the_size_is_the_terminal_s_and_never_nothing(given: tuple[int, int], size: tuple[int, int]) -> None:
    import fcntl
    import struct
    import termios

    outside, inside = os.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", given[1], given[0], 0, 0))
    assert size_of(inside) == size
    os.close(inside)
    os.close(outside)


def test_what_is_no_terminal_is_taken_for_a_common_one() -> None:
    source, target = os.pipe()
    assert size_of(target) == (80, 24)
    os.close(source)
    os.close(target)
