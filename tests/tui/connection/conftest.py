"""A server and clients without sockets, for every test of the connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)
