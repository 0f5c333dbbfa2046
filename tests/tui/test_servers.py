"""A server of the client, with its model and its files."""

from __future__ import annotations

from tui.connection.outbox import OutboxEntry
from tui.model.session_events import FAILED
from tui.servers import _refusal


def test_a_line_of_the_last_run_says_why_it_was_refused_and_only_then() -> None:
    line = OutboxEntry("1", "#main", "hi", 0)
    assert _refusal(line) == ""
    line.state = FAILED
    assert _refusal(line)
    line.reason = "No."
    assert _refusal(line) == "No."
