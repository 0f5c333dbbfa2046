"""The fixture of a server under attack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.attacks.siege import Siege
from tests.e2e.harness import Server


@pytest.fixture
def siege(tmp_path: Path) -> Iterator[Callable[[type[Server]], Siege]]:
    """Starts a server to be besieged; at the end it must stop, and have seen no bug."""
    with ExitStack() as stack:

        def begin(server: type[Server]) -> Siege:
            return stack.enter_context(closing(Siege(server("--data", str(tmp_path / "data")))))

        yield begin
