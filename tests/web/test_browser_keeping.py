"""The page loses no line: each that was typed appears once for everybody, whatever ends while it is under way."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.harness import Full, Server
from tests.web.chromium import Browser
from tests.web.person import Page

pytestmark = pytest.mark.browser

_KEPT = """(async () => {
    const open = indexedDB.open('evchat');
    const database = await new Promise((done) => { open.onsuccess = () => done(open.result) });
    const asked = database.transaction('lines').objectStore('lines').getAll();
    const lines = await new Promise((done) => { asked.onsuccess = () => done(asked.result) });
    database.close();
    return lines.map((line) => line.text).sort();
})()"""
"""The lines that are on the device."""


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


class Place:
    """A server that is killed and comes back at the same address, with what it had stored."""

    def __init__(self, start: Callable[..., Server], folder: Path, **environ: str) -> None:
        self._start, self._environ = start, environ
        self._kept = ("--data", str(folder / "kept"), "--insecure-no-limits")
        self.server = start(*self._kept, **environ)
        self._url = f"tcp://127.0.0.1:{self.server.where[1]}"

    def back(self) -> Server:
        self.server = self._start(*self._kept, listen=(self._url,), **self._environ)
        return self.server

    def said(self) -> list[str]:
        """All that was said in #main, in order; its numbers have no hole."""
        listed = Full(self.server.connect(), "historian").request("history", to="#main", limit=1000)[
            "content"
        ]
        assert [event["seq"] for event in listed] == list(range(1, len(listed) + 1))
        return [event["content"] for event in listed]


@pytest.fixture
def place(start: Callable[..., Server], tmp_path: Path) -> Place:
    return Place(start, tmp_path)


@pytest.fixture
def tab(browser: Browser, stack: ExitStack) -> Iterator[Callable[..., Page]]:
    """Opens pages; what the console tells of connections that were refused is no news here."""
    opened: list[Page] = []

    def open_one(server: Server, name: str = "", beside: Page | None = None, host: str = "") -> Page:
        page = Page(browser, server, host=host, beside=beside, alone=bool(opened))
        opened.append(page)
        stack.callback(page.close)
        if name:
            page.come(name)
        return page

    yield open_one
    noise = ("ERR_CONNECTION", "WebSocket connection", "hidden) username")
    told = [line for line in browser.console if not any(words in line for words in noise)]
    browser.console[:] = told


def typed(page: Page, *lines: str) -> None:
    """Types lines in the tab that is in front then, and waits until the page has taken them in."""
    page.front()
    page.wait("Boolean(document.querySelector('.room[aria-current]'))")
    for line in lines:
        page.type(line)
    page.wait("document.getElementById('input').value === ''")


def reconnected(page: Page) -> None:
    """Waits until all is sent, without the patience that the page has for a server that is gone."""
    page.wait(
        """(document.querySelector('.status button')?.click(),
        document.getElementById('state').textContent === 'Connected')"""
    )
    page.settled()


def offline(page: Page) -> None:
    page.wait("document.getElementById('state').textContent !== 'Connected'")


def test_a_server_that_is_killed_six_times_while_one_types_gets_each_line_once(
    place: Place, tab: Callable[..., Page]
) -> None:
    page = tab(place.server, "pia")
    lines = []
    for kill in range(6):
        for number in range(6):
            lines.append(f"line {kill}.{number}")
            page.type(lines[-1])
            if number == 2:
                place.server.kill()
        place.back()
        reconnected(page)
    assert place.said() == lines
    page.has_said(*(f"pia: {line}" for line in lines))


def test_what_was_typed_offline_in_a_tab_that_was_closed_is_sent_by_the_next(
    place: Place, tab: Callable[..., Page]
) -> None:
    first = tab(place.server, "pia")
    typed(first, "before")
    first.has_said("pia: before")
    place.server.kill()
    offline(first)
    typed(first, "one", "two", "three")
    first.wait(_KEPT, lambda kept: kept == ["one", "three", "two"])
    first.close_tab()
    place.back()
    second = tab(place.server, beside=first)
    second.online()
    second.has_said("pia: before", "pia: one", "pia: two", "pia: three")
    assert place.said() == ["before", "one", "two", "three"]
    second.wait(_KEPT, lambda kept: kept == [])


def test_a_page_that_is_opened_while_the_server_is_gone_keeps_what_one_types_for_later(
    place: Place, tab: Callable[..., Page]
) -> None:
    first = tab(place.server, "pia")
    first.wait("navigator.serviceWorker.ready.then(() => true)")
    first.wait("caches.open('evchat').then((cache) => cache.keys()).then((keys) => keys.length > 10)")
    place.server.kill()
    offline(first)
    typed(first, "one")
    first.wait(_KEPT, lambda kept: kept == ["one"])
    first.close_tab()
    second = tab(place.server, beside=first)
    second.sees("one")
    place.back()
    reconnected(second)
    assert place.said() == ["one"]


def test_a_tab_that_crashed_loses_nothing(place: Place, tab: Callable[..., Page]) -> None:
    first = tab(place.server, "pia")
    place.server.kill()
    offline(first)
    typed(first, "one", "two")
    first.wait(_KEPT, lambda kept: kept == ["one", "two"])
    first.crash()
    place.back()
    second = tab(place.server, beside=first)
    second.online()
    second.has_said("pia: one", "pia: two")
    assert place.said() == ["one", "two"]


def test_a_tab_that_is_open_sends_what_another_one_of_the_same_user_leaves(
    place: Place, tab: Callable[..., Page]
) -> None:
    full = Full(place.server.connect(), "pia")
    full.request("register", password="open sesame")
    full.request("quit")
    pages = []
    for number in range(2):
        pages.append(tab(place.server, beside=pages[0] if pages else None))
        if not number:
            pages[0].wait("document.activeElement.id === 'answer'")
            pages[0].type("pia")
        pages[number].sees("Password of pia")
        pages[number].type("open sesame")
        pages[number].online()
    first, second = pages
    typed(first, "from the first")
    second.has_said("pia: from the first")
    typed(second, "from the second")
    first.has_said("pia: from the first", "pia: from the second")
    place.server.kill()
    offline(first)
    typed(first, "left behind")
    first.wait(_KEPT, lambda kept: kept == ["left behind"])
    first.close_tab()
    second.sees("left behind")
    place.back()
    second.wait(
        """(document.querySelector('.status button')?.click(), !document.querySelector('.gate').hidden
        || document.getElementById('state').textContent === 'Connected')"""
    )
    second.settled()
    assert place.said() == ["from the first", "from the second", "left behind"]


def test_a_guest_is_in_one_tab_and_the_next_one_says_so(server: Server, tab: Callable[..., Page]) -> None:
    first = tab(server, "pia")
    second = tab(server, beside=first)
    second.sees("You are pia in another tab")
    second.type("quinn")
    second.online()
    typed(second, "hello")
    first.sees("hello")


def test_without_a_secure_context_all_is_kept_as_well(
    start: Callable[..., Server], tab: Callable[..., Page], tmp_path: Path
) -> None:
    place = Place(start, tmp_path, EVCHAT_WEB_HOSTS="chat.test")
    first = tab(place.server, host="chat.test")
    assert not first.js("isSecureContext || Boolean(navigator.locks) || Boolean(navigator.serviceWorker)")
    first.come("pia")
    place.server.kill()
    offline(first)
    typed(first, "one", "two")
    first.wait(_KEPT, lambda kept: kept == ["one", "two"])
    first.close_tab()
    place.back()
    second = tab(place.server, beside=first, host="chat.test")
    second.online()
    second.has_said("pia: one", "pia: two")
    assert place.said() == ["one", "two"]


def test_a_network_that_comes_back_is_used_at_once(server: Server, tab: Callable[..., Page]) -> None:
    page = tab(server, "pia")
    witness = Full(server.connect(), "witness")
    page.network(there=False)
    page.js("sockets.at(-1).close()")
    offline(page)
    typed(page, "one", "two")
    page.network(there=True)
    page.has_said("pia: one", "pia: two")
    assert [witness.event("message")["content"] for _ in range(2)] == ["one", "two"]


def test_a_server_that_hears_nothing_for_a_while_gets_each_line_once(
    place: Place, tab: Callable[..., Page]
) -> None:
    page = tab(place.server, "pia")
    os.kill(place.server.process.pid, signal.SIGSTOP)
    lines = [f"line {number}" for number in range(40)]
    typed(page, *lines)
    page.wait(_KEPT, lambda kept: len(kept) == len(lines))
    page.js("sockets.at(-1).close()")
    os.kill(place.server.process.pid, signal.SIGCONT)
    reconnected(page)
    page.wait(_KEPT, lambda kept: not kept)
    assert place.said() == lines


def test_a_reload_goes_on_at_once_and_nobody_hears_of_it(server: Server, tab: Callable[..., Page]) -> None:
    page = tab(server, "pia")
    witness = Full(server.connect(), "witness")
    for number in range(3):
        page.reload()
        page.online()
        typed(page, f"line {number}")
        witness.event("message", content=f"line {number}")
    told = [event["response"] for event in witness.sync() if event.get("sender") == "pia"]
    assert set(told) <= {"message", "typing"}
