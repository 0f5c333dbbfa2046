"""Events of the session can't come from a server."""

from __future__ import annotations

import pytest

from tui.model.record import Record
from tui.model.server_events import decode
from tui.model.session_events import (
    CONNECTING,
    FAILED,
    OFFLINE,
    ONLINE,
    QUEUED,
    REFUSED,
    SENT,
    Direct,
    LineSent,
    State,
)


@pytest.mark.parametrize("name", ["state", "sent", "reset", "gap", "directs", "logged-in", "linesent"])
def test_a_server_that_names_one_is_not_believed(name: str) -> None:
    event = decode({"response": name, "state": "refused", "content": [], "room": "#main", "id": "x"})
    assert event is None or not type(event).__module__.endswith("session_events")


def test_states_can_be_told_apart() -> None:
    assert len({CONNECTING, ONLINE, OFFLINE, REFUSED, QUEUED, FAILED, SENT}) == 7
    assert State(OFFLINE, "gone", 5).retry_at == 5
    assert LineSent("a", "#main", SENT, away="").away == "", "away without a reason is not the same as here"


def test_a_direct_conversation_is_read_from_whatever_a_server_says() -> None:
    row = Direct(Record({"name": 7, "seq": "x", "read": None, "unread": -3}))
    assert (row.name, row.seq, row.read) == ("", None, None)
    assert row.unread == 0 and not row.fetched
