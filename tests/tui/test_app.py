"""The shell between the model and the world."""

from __future__ import annotations

from tui.app import _label
from tui.model.inputs import Heard, Key, Paste
from tui.model.server_events import Message


def test_the_report_of_a_crash_holds_nothing_that_anybody_wrote() -> None:
    said = Message({"sender": "bob", "to": "#main", "content": "secret"})
    labels = [_label(event) for event in (Key("s", "s"), Key("up"), Paste("secret"), Heard([said], None))]
    assert labels == ["Key", "Key up", "Paste", "Heard Message"]
