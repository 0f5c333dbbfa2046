"""Somebody with the page: what they see and do."""

from __future__ import annotations

from tests.e2e.harness import Server
from tests.web.chromium import Browser, Tab

SOCKETS = """const sockets = []; const Real = WebSocket;
window.WebSocket = class extends Real { constructor(...all) { super(...all); sockets.push(this); } };"""
"""Shows tests the page's connections."""

_SAID = """[...document.querySelectorAll('#log .row.message.sent')].map(
    (row) => `${row.querySelector('.who').textContent}: ${row.querySelector('.body p').textContent}`)"""


class Page(Tab):
    """A tab that shows the page of a server. Nobody else shares its storage but those opened `beside` it: not the other
    pages of the test if it is `alone`, which takes the browser twice as long, and never those of other tests.
    """

    def __init__(
        self,
        browser: Browser,
        server: Server,
        fragment: str = "",
        size: tuple[int, int] | None = None,
        *,
        scheme: str = "http",
        host: str = "",
        beside: Page | None = None,
        alone: bool = True,
    ) -> None:
        address, port = server.where
        self.url = f"{scheme}://{host or address}:{port}/{fragment}"
        self.storage = beside.storage if beside else ""
        tab = browser.open("", SOCKETS, alone=alone and beside is None, context=self.storage)
        super().__init__(browser, tab._session, tab._target, tab._context)
        self.storage = self.storage or tab._context
        if not self.storage and beside is None:
            self.forget(self.url)
        if size is not None:
            self.resize(*size, phone=size[0] < 500)
        self.go(self.url)

    def come(self, name: str) -> None:
        """Answers the question for a name."""
        self.wait("document.activeElement.id === 'answer'")
        self.type(name)
        self.online()

    def online(self) -> None:
        """Waits until the page is connected and logged in."""
        self.wait("document.getElementById('state').textContent === 'Connected'")
        self.wait("document.activeElement.id === 'input' || matchMedia('(pointer: coarse)').matches")

    def said(self) -> list[str]:
        """The messages in the open room that the server has, each as "name: text"."""
        return list(self.js(_SAID))

    def has_said(self, *lines: str) -> None:
        """Waits until the messages in the open room are these, and the server has them."""
        self.wait(_SAID, lambda said: said == list(lines))

    def rooms(self) -> dict[str, str]:
        """The rooms that are listed, each with the number beside it."""
        told = self.js(
            """[...document.querySelectorAll('#rooms .room')].map((room) =>
            [room.dataset.key, room.querySelector('.count')?.firstChild.textContent ?? ''])"""
        )
        return dict(told)

    def settled(self) -> None:
        """Waits until no line waits."""
        self.wait("document.querySelectorAll('#log .row.waiting').length === 0")
