"""Records and questions: values of a closed set, which every store knows."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args

import pytest

from evchat.core import records as rec
from evchat.protocol.messages import Message
from evchat.storage.memory import MemoryStore
from tests.storage.samples import QUERIES

RECORDS = [kind for kind in get_args(rec.Record) if kind is not Message]


def made(kind: type[Any], number: int) -> Any:
    """One of this kind, with something in every field."""
    values = {"int": number, "int | None": number, "bool": bool(number % 2), "tuple[str, int] | None": None}
    values |= {"tuple[str, ...]": (str(number),), "tuple[tuple[str, int], ...]": ((str(number), number),)}
    return kind(**{field.name: values.get(str(field.type), f"x{number}") for field in fields(kind)})


@pytest.mark.parametrize("kind", RECORDS + QUERIES, ids=lambda kind: kind.__name__)
def test_records_and_questions_are_values(kind: type[Any]) -> None:
    assert made(kind, 1) == made(kind, 1) and hash(made(kind, 1)) == hash(made(kind, 1))
    assert made(kind, 1) != made(kind, 2) or not fields(kind)


@pytest.mark.parametrize("kind", QUERIES, ids=lambda kind: kind.__name__)
def test_an_empty_store_answers_every_question(kind: type[Any]) -> None:
    assert [x for x in MemoryStore().fetch(made(kind, 1)) if x] == []
