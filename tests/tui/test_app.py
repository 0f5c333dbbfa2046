"""The shell between the model and the world."""

from __future__ import annotations

from tui.app import _label, _refusal
from tui.connection.outbox import OutboxEntry
from tui.model.inputs import Heard, Key, Paste
from tui.model.server_events import Message
from tui.model.session_events import FAILED


def test_the_report_of_a_crash_holds_nothing_that_anybody_wrote() -> None:
    said = Message({"sender": "bob", "to": "#main", "content": "secret"})
    labels = [_label(event) for event in (Key("s", "s"), Key("up"), Paste("secret"), Heard([said], None))]
    assert labels == ["Key", "Key up", "Paste", "Heard Message"]


def test_a_line_of_the_last_run_says_why_it_was_refused_and_only_then() -> None:
    line = OutboxEntry("1", "#main", "hi", 0)
    assert _refusal(line) == ""
    line.state = FAILED
    assert _refusal(line)
    line.reason = "No."
    assert _refusal(line) == "No."
