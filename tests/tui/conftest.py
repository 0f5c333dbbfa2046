"""Every test of the client sees the time of Greenwich, and names of a locale that says nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.harness import Full, Server
from tests.tui.clients import Clients
from tui.text import times


@pytest.fixture(autouse=True, scope="session")
def _greenwich() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        if hasattr(time, "tzset"):
            time.tzset()
        times.forget()
        yield
    if hasattr(time, "tzset"):
        time.tzset()
    times.forget()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs the client on a pseudo-terminal needs a system that has them."""
    for item in items:
        if Path(str(item.fspath)).name.startswith("test_pty_"):
            item.add_marker(pytest.mark.pty)
            item.add_marker(
                pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
            )


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that keeps nothing, with nothing to slow a test down."""
    started = Server("--memory", "--insecure-no-limits")
    yield started
    started.stop()


@pytest.fixture
def clients(tmp_path: Path) -> Iterator[Clients]:
    """Starts clients, and ends those that are left."""
    started = Clients(tmp_path)
    yield started
    started.close()


@pytest.fixture
def friend(server: Server) -> Full:
    """Bob, who speaks to the server without a screen."""
    return Full(server.connect(), "bob")
