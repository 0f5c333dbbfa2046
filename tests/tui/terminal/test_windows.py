"""The console of Windows, on a fake of the system's calls: keys, sizes, modes, ends, and the whole client upon it."""

from __future__ import annotations

import queue
import select
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte
import pytest

from tests.e2e.harness import DEADLINE, Full, Server
from tests.tui.terminal.fakecurses import FakeCurses, Window
from tui.app import App
from tui.settings import Settings
from tui.terminal import windows as w
from tui.terminal.console import END, RESIZED
from tui.terminal.terminal import Terminal, problem
from tui.terminal.windows import WindowsConsole

Record = tuple[int, bool, int, int, int]
INPUT, OUTPUT = 0x1F7, 0x3
"""The modes of a console as it is opened."""


PATIENCE = 15.0


class System:
    """A console in memory. Its input is a queue; None is a `wake`."""

    def __init__(self, columns: int = 80, rows: int = 24) -> None:
        self.now = (INPUT, OUTPUT)
        self.window = (columns, rows)
        self.input: queue.Queue[list[Record] | None] = queue.Queue()
        self.taken: list[Record] = []
        self.gone = False
        self.too_old = False
        self.dropped = False
        self.handler: Callable[[int], bool] | None = None
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.Stream(self.screen)
        self.lock = threading.Condition()

    def check(self) -> None:
        if self.gone:
            raise OSError(6, "The handle is invalid")

    # ---- what the console calls

    def modes(self) -> tuple[int, int]:
        self.check()
        return self.now

    def set_modes(self, source: int, target: int) -> None:
        self.check()
        if self.too_old and target & w.VT_OUTPUT:
            raise OSError(87, "The parameter is incorrect")
        self.now = (source, target)

    def wait(self) -> bool:
        records = self.input.get()
        self.check()
        self.taken += records or []
        return records is not None

    def wake(self) -> None:
        self.input.put(None)

    def records(self) -> list[Record]:
        assert self.now[0] & w.VT_INPUT
        found, self.taken = self.taken, []
        return found

    def drop_input(self) -> None:
        self.dropped = True

    def write(self, text: str) -> None:
        self.check()
        assert self.now[1] & w.VT_OUTPUT or "\x1b" not in text
        with self.lock:
            self.stream.feed(text)
            self.lock.notify_all()

    def size(self) -> tuple[int, int]:
        self.check()
        return self.window

    def on_control(self, handler: Callable[[int], bool]) -> None:
        self.handler = handler

    # ---- what a person does and sees

    def type(self, text: str) -> None:
        units = text.encode("utf-16-le")
        for at in range(0, len(units), 2):
            unit = int.from_bytes(units[at : at + 2], "little")
            self.input.put([(w.KEY, True, unit & 0xFF, unit, 1), (w.KEY, False, unit & 0xFF, unit, 1)])

    def resize(self, columns: int, rows: int) -> None:
        with self.lock:
            self.window = (columns, rows)
            self.screen.resize(rows, columns)
        self.input.put([(w.RESIZE, False, 0, 0, 0)])

    def see(self, wanted: str) -> None:
        with self.lock:
            seen = self.lock.wait_for(lambda: wanted in "\n".join(self.screen.display), PATIENCE)
            assert seen, "\n".join(self.screen.display)


class PDCurses(FakeCurses):
    """What draws on Windows: it shares the console with us, and leaves its modes as it likes them."""

    def __init__(self, system: System) -> None:
        super().__init__(*system.window, wide=False)
        self._system = system

    def initscr(self) -> Window:
        self._system.now = (w.MOUSE_INPUT, w.PROCESSED_OUTPUT)
        return super().initscr()

    def doupdate(self) -> None:
        super().doupdate()
        self._system.now = (self._system.now[0], w.PROCESSED_OUTPUT)

    def resize_term(self, rows: int, columns: int) -> None:
        if self._system.window == (columns, rows):
            super().resize_term(rows, columns)

    def _feed(self, text: str) -> None:
        with self._system.lock:
            self._system.stream.feed(text)
            self._system.lock.notify_all()


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
def console(system: System) -> Iterator[WindowsConsole]:
    made = WindowsConsole(system, {"TERM": "cygwin", "NO_COLOR": "1"})
    assert made.take()
    yield made
    made.close()
    finish(made)


def finish(console: WindowsConsole) -> None:
    if console._pump is not None:
        console._pump.join(DEADLINE)
        assert not console._pump.is_alive()


@pytest.fixture
def fresh(system: System) -> Iterator[WindowsConsole]:
    """One that was not taken yet."""
    made = WindowsConsole(system, {})
    yield made
    made.close()


def drained(system: System) -> Iterator[list[Record] | None]:
    """What nobody has taken."""
    while not system.input.empty():
        yield system.input.get()


def typed(console: WindowsConsole, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += console.read() or b"<gone>"
    return data


def noticed(console: WindowsConsole, fd: int) -> list[tuple[str, int]]:
    assert select.select([fd], [], [], DEADLINE)[0]
    return console.notices()


def test_every_key_comes_as_it_is_and_every_sequence_is_understood(
    system: System, console: WindowsConsole
) -> None:
    source, target = system.now
    assert not source & (w.LINE_INPUT | w.ECHO_INPUT | w.PROCESSED_INPUT)
    assert source & w.VT_INPUT and source & w.WINDOW_INPUT
    assert target & w.VT_OUTPUT
    assert console.take(), "again, after another program"
    console.give_back(drop_input=True)
    console.give_back()
    assert system.now == (INPUT, OUTPUT)
    assert system.dropped


def test_it_is_a_terminal_like_those_of_xterm(console: WindowsConsole, fresh: WindowsConsole) -> None:
    terminal = Terminal(console)
    assert Terminal(fresh).colours == 256
    assert problem(console.environ) == ""
    assert terminal.modern and terminal.unicode and terminal.colours == 0


def test_a_console_that_does_not_know_the_sequences_shows_no_screen(
    system: System, fresh: WindowsConsole
) -> None:
    assert fresh.able()
    assert system.now == (INPUT, OUTPUT)
    system.too_old = True
    assert not fresh.able()
    assert not fresh.take()


@pytest.mark.parametrize(
    "text", ["a", "é", "日本", "😀", "\x1b[A", "\x1b[200~pasted\x1b[201~", "\x03", "e\u0301"]
)
def test_what_is_typed_is_read_in_utf_8(system: System, console: WindowsConsole, text: str) -> None:
    system.type(text)
    assert typed(console, len(text.encode())) == text.encode()


def test_half_a_character_waits_for_the_other_half(system: System, console: WindowsConsole) -> None:
    high, low = 0xD83D, 0xDE00
    system.input.put([(w.KEY, True, 0, high, 1)])
    system.input.put([(w.KEY, True, 0, low, 1), (w.KEY, True, 0, high, 1)])
    system.input.put([(w.KEY, True, 0, ord("x"), 1)])
    assert typed(console, 8) == "😀\ufffdx".encode()


def test_keys_that_are_no_characters_and_keys_let_go_are_nothing(
    system: System, console: WindowsConsole
) -> None:
    shift, alt = 0x10, 0x12
    system.input.put([(w.KEY, True, shift, 0, 1), (w.KEY, False, shift, 0, 1), (0x10, False, 0, 0, 0)])
    system.input.put([(w.KEY, True, ord("A"), ord("a"), 3), (w.KEY, False, ord("A"), ord("a"), 1)])
    system.input.put([(w.KEY, False, alt, ord("€"), 1)])
    system.input.put([(w.KEY, True, 0x20, 0, 1)])
    assert typed(console, 7) == "aaa€\0".encode()


def test_another_size_is_noticed(system: System, console: WindowsConsole) -> None:
    fd = console.listen()
    assert console.size() == (80, 24)
    system.resize(100, 30)
    assert noticed(console, fd) == [(RESIZED, 0)]
    assert console.size() == (100, 30)
    assert console.notices() == []


@pytest.mark.parametrize(("control", "code"), [(0, 130), (1, 149)])
def test_an_interruption_ends_the_program(
    system: System, console: WindowsConsole, control: int, code: int
) -> None:
    fd = console.listen()
    assert system.handler is not None
    assert system.handler(control)
    assert noticed(console, fd) == [(END, code)]


def test_a_window_that_is_closed_waits_until_everything_is_given_back(
    system: System, console: WindowsConsole
) -> None:
    fd = console.listen()
    assert system.handler is not None
    closing = threading.Thread(target=system.handler, args=(2,))
    closing.start()
    assert noticed(console, fd) == [(END, 129)]
    assert closing.is_alive()
    console.give_back()
    closing.join(DEADLINE)
    assert not closing.is_alive()


def test_while_another_program_has_the_console_its_keys_are_left_alone(
    system: System, console: WindowsConsole
) -> None:
    system.type("a")
    assert typed(console, 1) == b"a"
    console.give_back()
    system.type("for the editor")
    left = [records for records in drained(system) if records]
    assert len(left) == len("for the editor")
    assert console.take()
    system.type("b")
    assert typed(console, 1) == b"b"


def test_a_console_that_is_gone_is_told_by_reading(system: System, console: WindowsConsole) -> None:
    system.gone = True
    system.input.put([])
    assert console.read() is None
    console.write(b"nobody there")
    assert console.size() == (80, 24)
    assert not console.take()


def test_there_is_no_background(console: WindowsConsole) -> None:
    assert not console.suspend()


def test_the_whole_client_runs_on_it(server: Server, friend: Full, system: System, tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}
    values = {"server": "{}:{}".format(*server.where), "user": "alice"}
    console = WindowsConsole(system, environ)
    terminal = Terminal(console, PDCurses(system))
    app = App(Settings(values, environ), terminal)
    codes: list[int] = []

    def run() -> None:
        try:
            codes.append(app.run())
        finally:
            terminal.leave(drop_input=True)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        system.see("● connected")
        system.type("hello 😀\r")
        assert friend.event("message")["content"] == "hello 😀"
        friend.request("msg", "hello alice, 日本")
        system.see("hello alice, 日本")
        system.resize(60, 12)
        system.type("half a line")
        system.see("> half a line")
        system.type("\x1a")
        system.see("This system can't suspend")
        system.type("\x15/quit\r")
        thread.join(DEADLINE)
    finally:
        assert system.handler is not None
        system.handler(0)  # for one that has not ended
        thread.join(DEADLINE)
        console.close()
        finish(console)
    assert codes == [0]
    assert system.now == (INPUT, OUTPUT)
    assert system.dropped
