#!/usr/bin/env python3
"""Takes pictures of the page as it is: a real server, real people, a real Chromium; to docs/page-*.webp.

.venv/bin/python scripts/screenshot_page.py [FOLDER] [all]

`all` takes all sizes and colours, to look at; without it, only those that the documents show.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from screenshot import LATER, SERVER, TALK, Person, free_port  # noqa: E402  (after the path of the clone)
from tests.web.chromium import Browser, Tab  # noqa: E402

SHOWN = (("page-light", "light", 1280, 800), ("page-phone", "dark", 375, 667))
"""The pictures in the documents: their names, colours, widths and heights."""
ALL = tuple(
    (f"page-{theme}-{width}", theme, width, height)
    for theme in ("light", "dark")
    for width, height in ((375, 667), (1024, 768), (1440, 900))
)
PRESENT = "document.getElementById('state')?.textContent === 'Connected'"


def speak(people: dict[str, Person], clock: Path, talk: tuple[tuple[int, str, str, str], ...]) -> None:
    """Has them say it; not what many machines have no font for."""
    for minutes, name, to, text in talk:
        if name in people and all(character < "\u2e80" for character in text):
            clock.write_text(str(minutes))
            people[name].ask(request="msg", to=to, content=text)


def act(tab: Tab, people: dict[str, Person], clock: Path) -> None:
    """A morning in the office."""
    tab.wait("document.activeElement.id === 'answer'")
    tab.type("alice")
    tab.wait(PRESENT)
    tab.wait("!document.getElementById('input').disabled")
    tab.js("document.getElementById('input').focus()")
    speak(people, clock, TALK)
    clock.write_text("38")
    tab.type("thanks! I have read it all")
    send(tab)
    tab.wait("document.querySelectorAll('#log .row.mine.sent').length === 1")
    tab.type("/join #ops")
    send(tab)
    tab.wait("document.getElementById('title').textContent === '#ops'")
    speak(people, clock, LATER)
    clock.write_text("2")
    people["carol"].ask(request="me", to="#main", content="waves the green flag")
    people["bob"].ask(request="msg", to="#ops", content="staging is up to date")
    tab.wait("Number(document.querySelector('#rooms .mentions .count')?.firstChild.textContent) === 1")
    clock.write_text("0")
    tab.press("Alt-1")
    tab.wait("document.getElementById('title').textContent === '#main'")
    tab.wait("!document.querySelector('#rooms [aria-current] .count')")
    people["bob"].ask(request="typing", to="#main", content="active")
    tab.wait("document.body.innerText.includes('bob is typing')")


def send(tab: Tab) -> None:
    """Presses the button, where Enter starts a new line."""
    if tab.js("document.getElementById('input').value"):
        tab.click(".send")


def shoot(browser: Browser, theme: str, width: int, height: int, save: Callable[[bytes], object]) -> None:
    """Takes a picture of a session of its own."""
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        clock = Path(home) / "clock"
        clock.write_text("100")
        listen = f"tcp://127.0.0.1:{free_port()}"
        arguments = [str(clock), "--memory", "--listen", listen, "--name", "chat.example"]
        server = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-c", SERVER, *arguments],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        )
        stack.callback(server.terminate)
        assert server.stdout is not None
        port = int(server.stdout.readline().rsplit(":", 1)[1])
        people = {
            name: stack.enter_context(closing(Person(port, name)))
            for name in ("bob", "carol", "dave", "erin")
        }
        for person in people.values():
            person.ask(request="join", content="#ops")
        people["erin"].ask(request="join", content="#music")
        people["bob"].ask(request="topic", to="#main", content="Release on Friday · be kind")
        people["erin"].ask(request="away", content="lunch")
        tab = stack.enter_context(closing(browser.open("", alone=True)))
        tab.resize(width, height, phone=width < 500, scale=2 if width < 500 else 1)
        tab.prefer(color_scheme=theme, reduced_motion="reduce")
        tab.go(f"http://127.0.0.1:{port}/")
        act(tab, people, clock)
        save(tab.picture("webp"))


def main() -> None:
    """Takes the pictures."""
    arguments = sys.argv[1:]
    pictures = ALL if "all" in arguments else SHOWN
    folder = Path(next((each for each in arguments if each != "all"), ROOT / "docs"))
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home, closing(Browser(Path(home))) as browser:
        for name, theme, width, height in pictures:
            path = folder / f"{name}.webp"
            shoot(browser, theme, width, height, path.write_bytes)
            print(path)


if __name__ == "__main__":
    main()
