#!/usr/bin/env python3
"""Draws the terminal client as it is: a real server, real people, a real terminal; to docs/tui-*.svg.

.venv/bin/python scripts/screenshot.py [FOLDER]
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from ptyscreen import Program

ROOT = Path(__file__).resolve().parent.parent
PICTURES = (("tui-dark", "dark", 104, 24), ("tui-light", "light", 104, 24), ("tui-80x24", "dark", 80, 24))
"""The pictures: their names, themes, columns and rows."""
CELL, LINE = 8.4, 18.0
"""Width and height of a cell, in pixels, for a font of 14."""
MARGIN = 14.0

THEMES = {"dark": ("#16181d", "#d6d9de"), "light": ("#fcfcfa", "#24272c")}
"""Background and text of a terminal of each kind."""

BASIC = {
    "black": "#000000", "red": "#cd3131", "green": "#0dbc79", "brown": "#c8a000", "blue": "#2472c8",
    "magenta": "#bc3fbc", "cyan": "#11a8cd", "white": "#e5e5e5",
}  # fmt: skip

BOXES = {
    "─": "lr", "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "rud", "┤": "lud", "┴": "lru", "┬": "lrd",
}  # fmt: skip
"""Which sides of its cell a character reaches: left, right, up, down."""

WORDS = re.compile("[─│┌┐└┘├┤┴┬]+|[^ ─│┌┐└┘├┤┴┬]+(?: [^ ─│┌┐└┘├┤┴┬]+)*")
NO_BREAK_SPACE = "\u00a0"

TALK = (
    (95, "bob", "#main", "good morning! did anyone see the build?"),
    (94, "carol", "#main", "it is green again: https://ci.example.org/build/4711"),
    (93, "dave", "#main", "the flaky one was the clock, of course 🙃"),
    (71, "carol", "#main", "日本語のテストも通りました 🎉"),
    (70, "erin", "#main", "nice! who writes the release notes?"),
    (68, "bob", "#main", "I have a draft: https://pad.example.org/notes-2.4"),
    (66, "bob", "#ops", "deploying 2.4 to staging"),
    (52, "bob", "#ops", "done, all hosts are up"),
    (50, "dave", "#main", "reading it now"),
    (
        49,
        "dave",
        "#main",
        "short and clear. I would move the part about the backup to the top, that is what people look for first",
    ),
    (41, "erin", "alice", "lunch at twelve?"),
)
"""What was said, and how many minutes ago."""
LATER = (
    (33, "erin", "#main", "the packages are built: https://ci.example.org/release/2.4"),
    (31, "carol", "#main", "tested on three machines, no surprises"),
    (12, "bob", "#main", "alice: can you look at the release notes?"),
    (9, "dave", "#main", "they read well, I have only found one typo:"),
    (9, "dave", "#main", "“recieve” in the second paragraph"),
)

SERVER = """
import sys, time
place, real = sys.argv.pop(1), time.time
def shifted():
    with open(place) as file:
        return real() - 60 * float(file.read() or 0)
time.time = shifted
from evchat.cli import main
raise SystemExit(main())
"""
"""A server whose clock goes so many minutes behind as a file says."""


class Person:
    """Somebody who speaks the full JSON protocol and hears only what was asked for."""

    def __init__(self, port: int, name: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.file = self.socket.makefile("r", encoding="utf-8")
        self.count = 0
        self.ask(request="hello", content={"version": 1, "client": "screenshot"})
        self.ask(request="login", content=name)

    def ask(self, **request: object) -> None:
        """Sends a request and waits for its answer."""
        self.count += 1
        id = f"{id_of(self)}-{self.count}"
        self.socket.sendall(json.dumps({**request, "id": id}).encode() + b"\n")
        for line in self.file:
            if json.loads(line).get("reply_to") == id:
                return

    def close(self) -> None:
        """Leaves."""
        self.file.close()
        self.socket.close()


def id_of(person: Person) -> str:
    """A prefix that no other person's ids have."""
    return f"{person.socket.getsockname()[1]}"


def free_port() -> int:
    """The usual port, which the picture need not name, if nobody has it; else 0, for any."""
    with socket.socket() as sock:
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("127.0.0.1", 9998))
        except OSError:
            return 0
        return 9998


def shoot(theme: str, columns: int, rows: int) -> str:
    """The picture of a session in a theme, on a screen of that size."""
    folder = tempfile.TemporaryDirectory()
    clock = Path(folder.name) / "clock"
    clock.write_text("100")
    listen = f"tcp://127.0.0.1:{free_port()}"
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(clock), "--memory", "--listen", listen],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    people: dict[str, Person] = {}
    with folder as home:
        assert server.stdout is not None
        port = int(server.stdout.readline().rsplit(":", 1)[1])
        program = None
        try:
            for name in ("bob", "carol", "dave", "erin"):
                people[name] = Person(port, name)
                people[name].ask(request="join", content="#ops")
            people["bob"].ask(request="topic", to="#main", content="Release on Friday · be kind")
            people["erin"].ask(request="away", content="lunch")
            environ = {
                "PATH": os.environ["PATH"], "HOME": home, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
                "TZ": "UTC", "PYTHONPATH": str(ROOT), "EVCHAT_TUI_THEME": theme,
            }  # fmt: skip
            argv = [sys.executable, "-m", "tui", f"localhost:{port}", "--user", "alice"]
            argv += ["--channel", "#main", "--channel", "#ops"]
            program = Program(argv, environ, columns, rows, home)
            play(program, people, clock)
            return svg(program, theme)
        finally:
            if program is not None:
                program.close()
            for person in people.values():
                person.close()
            server.send_signal(signal.SIGTERM)
            server.wait()
            server.stdout.close()


def play(program: Program, people: dict[str, Person], clock: Path) -> None:
    """A morning in the office."""
    program.see("● connected")
    program.see("#ops")
    for minutes, name, to, text in TALK:
        clock.write_text(str(minutes))
        people[name].ask(request="msg", to=to, content=text)
    program.see(r"erin +!")
    clock.write_text("38")
    program.line("thanks! I have read it all")
    program.see("read it all ✓")
    program.press("focus-out")
    for minutes, name, to, text in LATER:
        clock.write_text(str(minutes))
        people[name].ask(request="msg", to=to, content=text)
    clock.write_text("2")
    people["carol"].ask(request="me", to="#main", content="waves the green flag")
    program.see("green flag")
    program.press("focus-in")
    program.type("bob: sure, give me ten min")
    program.see("ten min")
    people["bob"].ask(request="typing", to="#main", content="active")
    program.see("bob is typing")
    program.read(0.3)


def svg(program: Program, theme: str) -> str:
    """The screen as a picture: rectangles for backgrounds, paths for lines, a text for each stretch of one look."""
    back, text = THEMES[theme]
    columns, rows = program.columns, program.rows
    width, height = columns * CELL + 2 * MARGIN, rows * LINE + 2 * MARGIN
    made = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img"'
        ' aria-label="evchat-tui in a terminal">',
        '<style>text{font:14px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}</style>',
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{back}"/>',
    ]
    lines: dict[str, list[str]] = {}
    for y in range(rows):
        top = MARGIN + y * LINE
        for x, cells, content, look in stretches(program, y):
            fg, bg, bold, italic, underline = look
            left = MARGIN + x * CELL
            if bg != "default":
                made.append(
                    f'<rect x="{left:.1f}" y="{top:.1f}" width="{cells * CELL:.1f}" height="{LINE:g}"'
                    f' fill="{colour(bg, back, THEMES[theme])}"/>'
                )
            style = ' font-weight="bold"' * bold + ' font-style="italic"' * italic
            style += ' text-decoration="underline"' * underline
            for match in WORDS.finditer(content):
                at = left + match.start() * CELL
                if match[0][0] in BOXES:
                    lines.setdefault(colour(fg, text, THEMES[theme]), []).extend(box(match[0], at, top))
                    continue
                # As wide as on the screen, whatever the font, and with spaces that no reader of the file collapses.
                length = (cells if len(match[0]) == len(content) else len(match[0])) * CELL
                made.append(
                    f'<text x="{at:.1f}" y="{top + 13.5:.1f}" textLength="{length:.1f}"'
                    f' lengthAdjust="spacingAndGlyphs" fill="{colour(fg, text, THEMES[theme])}"{style}>'
                    f"{escape(match[0].replace(' ', NO_BREAK_SPACE))}</text>"
                )
    for stroke, paths in lines.items():
        made.append(f'<path d="{"".join(paths)}" stroke="{stroke}" fill="none"/>')
    row, column = program.screen.cursor.y, program.screen.cursor.x
    left, top = MARGIN + column * CELL, MARGIN + row * LINE
    made.append(
        f'<rect x="{left:.1f}" y="{top + 1:.1f}" width="{CELL}" height="{LINE - 2:g}" fill="{text}"/>'
    )
    return "\n".join([*made, "</svg>"]) + "\n"


def box(text: str, left: float, top: float) -> list[str]:
    """Box drawing as paths that meet: from the middle of each cell to the sides that its character reaches."""
    made = []
    if set(text) == {"─"}:
        return [f"M{left:.1f} {top + LINE / 2:.1f}h{len(text) * CELL:.1f}"]
    for index, char in enumerate(text):
        x, y = left + (index + 0.5) * CELL, top + LINE / 2
        ends = {
            "l": f"h{-CELL / 2:.1f}",
            "r": f"h{CELL / 2:.1f}",
            "u": f"v{-LINE / 2:g}",
            "d": f"v{LINE / 2:g}",
        }
        made += [f"M{x:.1f} {y:.1f}{ends[side]}" for side in BOXES[char]]
    return made


def stretches(program: Program, y: int) -> list[tuple[int, int, str, tuple[str, str, bool, bool, bool]]]:
    """The parts of a row that look alike: where they start, how many cells they take, their text and look."""
    found: list[tuple[int, int, str, tuple[str, str, bool, bool, bool]]] = []
    for x in range(program.columns):
        char = program.screen.buffer[y][x]
        fg, bg = char.fg, char.bg
        if char.reverse:
            fg, bg = bg if bg != "default" else "behind", fg if fg != "default" else "before"
        look = (fg, bg, char.bold, char.italics, char.underscore)
        last = found[-1] if found else None
        # A wide character stands alone, so that its width is that of its cells whatever the font.
        wide = char.data == "" or (x + 1 < program.columns and program.screen.buffer[y][x + 1].data == "")
        if last is not None and char.data == "":
            found[-1] = (last[0], last[1] + 1, last[2], last[3])
        elif last is not None and last[3] == look and not wide and last[1] == len(last[2]):
            found[-1] = (last[0], last[1] + 1, last[2] + char.data, look)
        else:
            found.append((x, 1, char.data, look))
    return found


def colour(name: str, default: str, look: tuple[str, str]) -> str:
    """A colour of pyte's as one of SVG's; `look` are those behind and before in the terminal's own look."""
    if name in ("behind", "before"):
        return look[name == "before"]
    return default if name == "default" else BASIC.get(name, f"#{name}")


def main() -> None:
    """Draws all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    folder.mkdir(exist_ok=True)
    for name, theme, columns, rows in PICTURES:
        path = folder / f"{name}.svg"
        path.write_text(shoot(theme, columns, rows), "utf-8")
        print(path)


if __name__ == "__main__":
    main()
