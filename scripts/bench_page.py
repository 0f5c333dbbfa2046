#!/usr/bin/env python3
"""Measures the page in Chromium: the first paint, long scrolling, a flood. It reports; it judges nothing.

.venv/bin/python scripts/bench_page.py [MESSAGES]

What a frame costs is the processor time of the page's thread in one task of the browser: script, layout and painting
are tasks of the same thread. Other programs on the machine count as little as possible so, but they do slow it down.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from screenshot import Person  # noqa: E402  (after the path of the clone)
from tests.web.chromium import Browser  # noqa: E402

FLOOD, A_SECOND = 10_000, 2_000
"""Messages of the flood, in all and a second."""
TRACED = "toplevel devtools.timeline disabled-by-default-devtools.timeline"
CONNECTED = "document.getElementById('state').textContent === 'Connected'"


def say(person: Person, first: int, count: int) -> None:
    """Says numbered messages, and waits until the server has the last one."""
    lines = [
        json.dumps({"request": "msg", "to": "#main", "content": f"message {number}", "id": f"m{number}"})
        for number in range(first, first + count)
    ]
    person.socket.sendall("\n".join(lines).encode() + b"\n")
    for line in person.file:
        if json.loads(line).get("reply_to") == f"m{first + count - 1}":
            return


def tasks(browser: Browser, what: str) -> None:
    """Tells what the tasks of the page's thread have cost since `browser.trace`."""
    events = browser.traced()
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    costs = sorted(
        event.get("tdur", 0) / 1000
        for event in events
        if event["name"].endswith("RunTask") and (event["pid"], event["tid"]) in mains
    )
    late = sum(cost > 50 for cost in costs)
    print(
        f"{what}: {len(costs)} tasks, {sum(costs):.0f} ms in all, longest {costs[-1]:.0f} ms, {late} over 50 ms"
    )


def measure(browser: Browser, port: int, messages: int) -> None:
    """Measures all, and prints it."""
    alice = Person(port, "alice")
    say(alice, 0, messages)
    tab = browser.open("", alone=True)
    tab.resize(1440, 900)
    tab.go(f"http://127.0.0.1:{port}/")
    paint = tab.wait("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
    print(f"first paint: {paint:.0f} ms")
    tab.wait("document.activeElement.id === 'answer'")
    began = time.monotonic()
    tab.type("pia")
    tab.wait(CONNECTED)
    tab.wait(f"document.body.innerText.includes('message {messages - 1}')")
    print(f"from the name to the room: {(time.monotonic() - began) * 1000:.0f} ms")
    browser.trace(TRACED)
    began = time.monotonic()
    while not tab.js(
        "Boolean(document.querySelector('#log .top h2')) && document.getElementById('log').scrollTop < 100"
    ):
        tab.scroll("#log", -1_200)
        if time.monotonic() - began > 300:
            break
    tasks(browser, f"scrolling back over {messages} messages, {time.monotonic() - began:.0f} s")
    print(f"rows: {tab.js('document.querySelectorAll(`#log .row`).length')}")
    tab.press("Ctrl-End")
    tab.wait(f"document.body.innerText.includes('message {messages - 1}')")
    browser.trace(TRACED)
    paints = "Number(document.documentElement.dataset.paints)"
    before, began = tab.js(paints), time.monotonic()
    for number in range(0, FLOOD, 100):
        say(alice, messages + number, 100)
        time.sleep(max(0.0, began + (number + 100) / A_SECOND - time.monotonic()))
    tab.wait(f"document.body.innerText.includes('message {messages + FLOOD - 1}')")
    took = time.monotonic() - began
    print(
        f"a flood of {FLOOD / took:.0f} messages a second: {(tab.js(paints) - before) / took:.1f} paints a second"
    )
    tasks(browser, "during it")


def main() -> None:
    """Starts a server and a browser, and measures."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    folder = tempfile.TemporaryDirectory()
    arguments = ["--data", folder.name, "--insecure-no-limits", "--listen", "tcp://127.0.0.1:0"]
    server = subprocess.Popen(
        [sys.executable, "-m", "evchat", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    port = int(server.stdout.readline().rsplit(":", 1)[1])
    try:
        with folder, tempfile.TemporaryDirectory() as home, closing(Browser(Path(home))) as browser:
            measure(browser, port, messages)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
