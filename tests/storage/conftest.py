"""Every kind of store, open and empty."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from evchat.core.store import Store
from evchat.storage.sqlite.store import SqliteStore
from tests.storage.samples import STORES, open_store


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(request.param, tmp_path)) as opened:
        yield opened


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path, "normal")) as opened:
        yield opened
