"""The catalogue holds what the subjects define, each once."""

from __future__ import annotations

from evchat.protocol import bans, messages
from evchat.protocol.base import Answer, Event, Request
from evchat.protocol.catalog import EVENTS, REQUESTS, SUBJECTS
from evchat.protocol.commands import COMMANDS


def test_requests_and_events_of_every_subject_are_there_once() -> None:
    assert len(set(REQUESTS)) == len(REQUESTS) and len(set(EVENTS)) == len(EVENTS)
    assert {messages.SendMessage, bans.Ban} <= set(REQUESTS) and messages.Message in EVENTS
    assert {kind.__module__ for kind in (*REQUESTS, *EVENTS)} == {subject.__name__ for subject in SUBJECTS}


def test_the_base_classes_are_not_among_them() -> None:
    assert not {Request, Event, Answer} & {*REQUESTS, *EVENTS}


def test_every_command_asks_for_something_of_its_own_subject() -> None:
    for subject in SUBJECTS:
        for command in subject.COMMANDS:
            assert command.request.__module__ == subject.__name__, command.name
    assert sum(len(subject.COMMANDS) for subject in SUBJECTS) == len(COMMANDS)
