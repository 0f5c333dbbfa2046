"""Faults of the database as sentences."""

from __future__ import annotations

import sqlite3

import pytest

from evchat.storage.faults import FAULTS, explain


def fault(statement: str, *arguments: object) -> Exception:
    db = sqlite3.connect(":memory:")
    try:
        db.execute("CREATE TABLE t (a UNIQUE)")
        db.execute("INSERT INTO t VALUES (1)")
        db.execute(statement, arguments)
    except FAULTS as error:
        return error
    finally:
        db.close()
    raise AssertionError("no fault")


@pytest.mark.parametrize(
    ("statement", "arguments", "said"),
    [
        ("INSERT INTO t VALUES (1)", (), "contradicts what is kept (UNIQUE constraint failed: t.a)"),
        ("INSERT INTO t VALUES (?)", ("\ud800",), "no Unicode text"),
        ("INSERT INTO t VALUES (?)", (2**64,), "failed (Python int too large"),
        ("nonsense", (), "failed (near"),
    ],
)
def test_a_fault_is_told_in_a_sentence(statement: str, arguments: tuple[object, ...], said: str) -> None:
    sentence = str(explain(fault(statement, *arguments)))
    assert said in sentence and sentence.endswith(".") and "{" not in sentence
