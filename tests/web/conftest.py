"""The fixtures of the tests of the page: a real browser, and servers for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests import certificates
from tests.e2e.conftest import start
from tests.web.chromium import PROGRAM, Browser

__all__ = ["start"]


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for a file of tests. It trusts the certificate of the tests."""
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
