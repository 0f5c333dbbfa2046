"""Fixtures of the server's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.halves import Halves, halves
from tests.server.notes import Notes, noting


@pytest.fixture
def notes() -> Iterator[Notes]:
    with noting() as notes:
        yield notes


@pytest.fixture
def both() -> Iterator[Halves]:
    """A server's two halves, with the default limits."""
    with halves() as both:
        yield both
