"""The whole client on a Windows console: Python for Windows, PDCurses, wine (tests/tui/terminal/wine.py makes them).

wine's console takes the mode in which Windows interprets sequences, and interprets none. So there are no colours here,
which PDCurses makes with sequences, and what the client writes past PDCurses goes to a file, with the console's mode at
that moment. The screen is read from the console, as wine does not bring all of it to the terminal it runs on.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ptyscreen import PATIENCE, Program
from tests.e2e.harness import ROOT, Full, Server
from tests.tui.terminal import wine

pytestmark = pytest.mark.skipif(bool(wine.problem()), reason=wine.problem() or "all is there")

VT_OUTPUT = 0x4
COLUMNS, ROWS = 80, 24
CLIENT = """
import ctypes, json, os, sys, threading, time
from tui.terminal.windows_kernel import Kernel

home = sys.argv.pop(1)
log = open(home + "/written", "a", encoding="utf-8", buffering=1)
Kernel.write = lambda kernel, text: print(json.dumps([kernel.modes()[1], text]), file=log)

def watch():
    kernel32 = ctypes.windll.kernel32
    kernel32.GetStdHandle.restype = ctypes.c_void_p
    text, count = ctypes.create_unicode_buffer(1000), ctypes.c_ulong()
    while True:
        target = ctypes.c_void_p(kernel32.GetStdHandle(-11))
        if os.path.exists(home + "/wanted"):
            with open(home + "/wanted") as file:
                columns, rows = map(int, file.read().split())
            window = (ctypes.c_short * 4)(0, 0, 1, 1)
            kernel32.SetConsoleWindowInfo(target, True, window)
            kernel32.SetConsoleScreenBufferSize(target, ctypes.c_ulong(rows << 16 | columns))
            window = (ctypes.c_short * 4)(0, 0, columns - 1, rows - 1)
            kernel32.SetConsoleWindowInfo(target, True, window)
            os.remove(home + "/wanted")
        lines = []
        columns, rows = os.get_terminal_size(1)
        for row in range(rows):
            place = ctypes.c_ulong(row << 16)
            kernel32.ReadConsoleOutputCharacterW(target, text, columns, place, ctypes.byref(count))
            lines.append(text[:count.value])
        with open(home + "/new", "w", encoding="utf-8", errors="replace") as file:
            file.write("\\n".join(lines))
        os.replace(home + "/new", home + "/screen")
        time.sleep(0.02)

threading.Thread(target=watch, daemon=True).start()
from tui.cli import main

before = Kernel().modes()
code = main(sys.argv[1:])
print("ended with", code, "modes as before:", Kernel().modes() == before, file=log)
"""


class Client:
    """Alice's client, and what it wrote past PDCurses."""

    def __init__(self, server: Server, home: Path) -> None:
        self._home = home
        folder = wine.windows_path(home)
        environ = {
            **wine.environ(),
            "NO_COLOR": "1",
            "PYTHONPATH": wine.windows_path(ROOT),
            "LOCALAPPDATA": folder,
            "USERPROFILE": folder,
        }
        script = home / "client.py"
        script.write_text(CLIENT, "utf-8")
        arguments = wine.windows_path(script), folder, "{}:{}".format(*server.where), "--user", "alice"
        self.program = Program(wine.argv(wine.FOLDER, *arguments), environ, COLUMNS, ROWS, str(home))

    def lines(self) -> list[str]:
        """What the console's screen holds."""
        try:
            return (self._home / "screen").read_text("utf-8").replace("\u00a0", " ").split("\n")
        except OSError:
            return []

    def resize(self, columns: int, rows: int) -> None:
        """Makes the console's window and buffer another size."""
        (self._home / "asked").write_text(f"{columns} {rows}")
        (self._home / "asked").rename(self._home / "wanted")

    def see(self, pattern: str) -> None:
        """Waits until the console's screen matches a regular expression."""
        end = time.monotonic() + PATIENCE
        while not re.search(pattern, "\n".join(self.lines())):
            if time.monotonic() > end or not self.program.read(0.02):
                raise AssertionError("\n".join([f"never: {pattern}", *self.lines(), *self.log()[-5:]]))

    def log(self) -> list[str]:
        return (self._home / "written").read_text("utf-8").splitlines()

    def written(self) -> list[tuple[int, str]]:
        """The mode of the console's output, and the text, of each write."""
        return [json.loads(line) for line in self.log() if line.startswith("[")]


@pytest.fixture
def alice(server: Server, tmp_path: Path) -> Iterator[Client]:
    client = Client(server, tmp_path)
    yield client
    client.program.close()


def test_the_client_runs_on_windows_as_far_as_wine_is_windows(alice: Client, friend: Full) -> None:
    program = alice.program
    alice.see(r"\[alice\] 1:#main +● connected")
    program.type("hello 日本 😀\r")
    assert friend.event("message")["content"] == "hello 日本 😀"
    alice.see(r"alice +hello .* ✓")
    friend.request("msg", "hi alice: 日本語 https://example.org/x end")
    alice.see(r"bob +hi alice: +https://example.org/x end")
    lines = alice.lines()
    assert re.fullmatch(r" #main +evchat · .* ", lines[0])
    assert len(lines) == ROWS and len(lines[-1]) == COLUMNS
    sides = "│" * (ROWS - 3)
    assert ["".join(line[column] for line in lines[1:-2]) for column in range(COLUMNS)].count(sides) == 1
    # What PDCurses has left blank is written over it, in a mode in which Windows interprets it.
    written = alice.written()
    assert all(mode & VT_OUTPUT for mode, _ in written)
    assert any("日本語" in text for _, text in written)
    assert any("\x1b]8;id=" in text and "https://example.org/x" in text for _, text in written)
    program.press("ctrl-k")  # wine sends no sequences, so no F1
    alice.see("Go to a room")
    program.press("ctrl-g")
    alice.see(r"bob +hi alice")
    program.type("half a line")
    alice.see("> half a line")
    program.press("ctrl-l", "ctrl-q")
    assert program.ended() == 0
    assert alice.log()[-1] == "ended with 0 modes as before: True"


def test_another_size_of_the_console_fills_it(alice: Client, friend: Full) -> None:
    alice.see(r"\[alice\] 1:#main +● connected")
    for columns, rows in ((60, 20), (70, 22), (20, 5), (80, 24)):
        alice.resize(columns, rows)
        friend.request("msg", f"now {columns}")
        alice.see(f"now {columns}")
        alice.see(r"\n> *$")
        assert {len(line) for line in alice.lines()} == {columns}
    alice.program.press("ctrl-q")
    assert alice.program.ended() == 0
