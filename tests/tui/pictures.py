"""The screens that the tests compare, by name. `python -m tests.tui.pictures` writes them anew."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from tests.tui.scenes import Scene, morning

FOLDER = Path(__file__).with_name("screens")


def _talk(columns: int, rows: int) -> Scene:
    scene = morning(columns, rows)
    scene.type("and here I am typing")
    return scene


def _kinds() -> Scene:
    scene = morning(104, 20)
    for name in ("dave", "erin"):
        scene.hear({"response": "joined", "sender": name, "to": "#main"})
    scene.hear({"response": "left", "sender": "bob", "to": "#main", "content": ""})
    scene.says("dave", "waves", action=True)
    scene.says("carol", "two\nlines, 日本語 and e\u0301 👍")
    scene.says("al1ce", "I am alice")
    scene.says("carol", "lunch?", to="*", seq=1)
    scene.hear({"response": "info", "content": "The server is fine."})
    scene.hear({"response": "error", "reply_to": None, "content": "Something went wrong."})
    scene.line("kept for later")
    scene.line("/me is refused")
    scene.hear({"response": "sent", "id": "line-2", "room": "#main", "state": "failed", "reason": "No."})
    return scene


def _offline() -> Scene:
    scene = morning(80, 14)
    scene.hear({"response": "state", "state": "offline", "reason": "The connection was broken."})
    scene.line("kept for later")
    return scene


def _scrolled() -> Scene:
    scene = morning(80, 14)
    for number in range(30):
        scene.says("bob", f"line {number} " + "word " * 20)
    scene.press("pageup", "pageup")
    scene.says("bob", "more")
    return scene


def _several_lines() -> Scene:
    scene = morning(60, 15)
    scene.paste("the first line")
    scene.press("alt-enter")
    scene.type("a second one that is so long that it does not fit into one row")
    return scene


def _pressed(*keys: str, text: str = "", size: tuple[int, int] = (80, 16)) -> Scene:
    scene = morning(*size)
    scene.press(*keys)
    scene.type(text)
    return scene


def _completing() -> Scene:
    scene = morning(80, 14)
    scene.type("/c")
    scene.press("tab", "tab")
    return scene


def _pasting() -> Scene:
    scene = morning(80, 14)
    scene.paste("\n".join(f"line {number}" for number in range(12)))
    return scene


def _days() -> Scene:
    scene = Scene(columns=60, rows=12)
    scene.online()
    scene.join("#main", "bob")
    scene.says("bob", "good night")
    scene.now += 24 * 3_600_000
    scene.says("bob", "good morning")
    return scene


PICTURES: dict[str, Callable[[], Scene]] = {
    "120x40": lambda: _talk(120, 40),
    "100x20": lambda: _talk(100, 20),
    "80x24": lambda: _talk(80, 24),
    "60x12": lambda: _talk(60, 12),
    "40x10": lambda: _talk(40, 10),
    "10x3": lambda: _talk(10, 3),
    "1x1": lambda: _talk(1, 1),
    "kinds": _kinds,
    "offline": _offline,
    "scrolled": _scrolled,
    "several-lines": _several_lines,
    "days": _days,
    "completing": _completing,
    "pasting": _pasting,
    "switcher": lambda: _pressed("ctrl-k", text="op"),
    "finding": lambda: _pressed("ctrl-s", text="look"),
    "links": lambda: _pressed("alt-o"),
    "searching-typed": lambda: _pressed("ctrl-r", text="htt"),
    "help": lambda: _pressed("f1"),
    "help-40": lambda: _pressed("f1", size=(40, 12)),
    "catching-up": lambda: _pressed("alt-g"),
    "selecting": lambda: _pressed("alt-up", "alt-up"),
}


def drawn(name: str) -> str:
    """The screen of that name, with the place of the cursor behind it."""
    scene = PICTURES[name]()
    frame = scene.frame()
    return f"{scene.screen()}\n\ncursor {frame.cursor}\n"


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    time.tzset()
    for each in PICTURES:
        (FOLDER / f"{each}.txt").write_text(drawn(each), "utf-8")
