"""The fixtures of the tests of the page: a real browser, and servers for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from tests import certificates
from tests.e2e.conftest import start
from tests.e2e.harness import Server
from tests.web.chromium import PROGRAM, Browser
from tests.web.person import Page

__all__ = ["start"]


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests. It trusts the certificate of the tests."""
    if PROGRAM is None:
        pytest.skip("Chromium is not installed")
    key = certificates.spki() if shutil.which("openssl") else ""
    trusted = [f"--ignore-certificate-errors-spki-list={key}"] if key else []
    with closing(Browser(tmp_path_factory.mktemp("chromium"), *trusted)) as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser, whose console must have stayed empty at the end of the test."""
    chromium.console.clear()
    yield chromium
    assert not chromium.console, chromium.console


@pytest.fixture
def server(start: Callable[..., Server]) -> Server:
    """A server with all limits at their defaults, but for the rate of commands."""
    return start("--insecure-no-limits")


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Opens pages, each of somebody else with a storage of their own, logged in if a name is given."""
    opened: list[Page] = []
    with ExitStack() as stack:

        def open_one(
            name: str = "",
            fragment: str = "",
            at: Server | None = None,
            size: tuple[int, int] | None = None,
        ) -> Page:
            page = Page(browser, at or server, fragment, size, alone=bool(opened))
            opened.append(page)
            stack.callback(page.close)
            if name:
                page.come(name)
            return page

        yield open_one
