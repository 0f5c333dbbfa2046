"""The guard: a bug is logged and told, and costs no more than the work that met it."""

from __future__ import annotations

import pytest

from evchat.protocol.basics import Ping
from evchat.server.guard import Guard
from tests.server.notes import Notes


def fail(error: BaseException) -> None:
    raise error


def test_work_that_goes_well_gives_its_result(notes: Notes) -> None:
    assert Guard().run(1, "sum", sum, (1, 2)) == 3
    assert notes.records == []


def test_a_bug_is_logged_with_its_session_and_request_and_told(notes: Notes) -> None:
    bugs: list[BaseException] = []
    bug = KeyError("lost")
    assert Guard(bugs.append).run(7, Ping("x"), fail, bug) is None
    assert bugs == [bug]
    (record,) = notes.records
    assert record.event == "bug" and record.level == "error" and "KeyError" in record.traceback
    assert record.facts == {"sid": 7, "what": "Ping"}


def test_what_is_no_request_is_called_by_its_word(notes: Notes) -> None:
    Guard().run(0, "tick", fail, ValueError())
    assert notes.records[0].facts["what"] == "tick"


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_what_is_to_end_the_process_does(end: type[BaseException]) -> None:
    with pytest.raises(end):
        Guard().run(0, "work", fail, end())
