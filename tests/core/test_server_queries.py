"""The queries of the server itself are values, which every store knows."""

from __future__ import annotations

from typing import Any

import pytest

from evchat.core import server_queries
from evchat.core.query import Query
from evchat.storage.memory import MemoryStore
from tests.core.test_records import made

QUERIES = [
    kind
    for kind in vars(server_queries).values()
    if isinstance(kind, type) and issubclass(kind, Query) and kind is not Query
]


@pytest.mark.parametrize("kind", QUERIES, ids=lambda kind: kind.__name__)
def test_they_are_values_and_an_empty_store_answers_them(kind: type[Any]) -> None:
    assert made(kind, 1) == made(kind, 1) and hash(made(kind, 1)) == hash(made(kind, 1))
    assert [x for x in MemoryStore().fetch(made(kind, 1)) if x] == []
