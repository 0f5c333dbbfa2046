"""The fixture of a server under attack; and those of the end-to-end tests, whose clients some attackers are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.attacks.siege import Siege
from tests.e2e.conftest import clients, full, person, server, start
from tests.e2e.harness import Server

__all__ = ["clients", "full", "person", "server", "siege", "start"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts a server here is an end-to-end test."""
    for item in items:
        if "attacks" in Path(str(item.fspath)).parts and {"siege", "start"} & set(
            getattr(item, "fixturenames", ())
        ):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture
def siege(tmp_path: Path) -> Iterator[Callable[[type[Server]], Siege]]:
    """Starts a server to be besieged; at the end it must stop, and have seen no bug."""
    with ExitStack() as stack:

        def begin(server: type[Server]) -> Siege:
            return stack.enter_context(closing(Siege(server, tmp_path / "data")))

        yield begin
