"""The fixtures of the tests of the page: a real browser, and servers for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.e2e.conftest import start
from tests.web.chromium import PROGRAM, Browser

__all__ = ["start"]


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for a file of tests."""
    if PROGRAM is None:
        pytest.skip("Chromium is not installed")
    with closing(Browser(tmp_path_factory.mktemp("chromium"))) as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser, whose console must have stayed empty at the end of the test."""
    chromium.console.clear()
    yield chromium
    assert not chromium.console, chromium.console
