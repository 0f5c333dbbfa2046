"""What a user asked for is answered once, and remembered where a server forgets it."""

from __future__ import annotations

from typing import Any

from tui.connection.channels import Channels
from tui.connection.login import Login
from tui.connection.requests import Requests
from tui.connection.user_requests import UserRequests
from tui.model.record import Record
from tui.model.server_events import Answer, Message, ServerEvent


class Asker:
    """A user's requests, on a connection."""

    def __init__(self) -> None:
        ids = iter(f"own-{number}" for number in range(100))
        self.requests = Requests(lambda: next(ids))
        self.requests.connected = True
        self.news: list[ServerEvent] = []
        self.login = Login("alice", None)
        self.channels = Channels(["#main", "#dev"])
        self.said: list[Message] = []
        self.changed: list[tuple[str, int | None]] = []
        self.user = UserRequests(
            self.requests,
            self.news,
            self.login,
            self.channels,
            self._rename,
            self.said.append,
            lambda room, rev: self.changed.append((room, rev)),
        )

    def _rename(self, name: str) -> None:
        self.login.user = name

    def ask(self, facts: dict[str, Any], **answer: Any) -> None:
        self.user.ask(facts, "q1", online=True)
        assert self.user.is_under_way("q1")
        self.user.answered(Answer(Record({"response": "ok", "reply_to": "q1", **answer})))
        assert not self.user.is_under_way("q1")

    def errors(self) -> list[tuple[str, str]]:
        return [(one.reply_to, one.code) for one in self.news if isinstance(one, Answer) and one.failed]


def test_without_a_connection_a_request_is_answered_at_once() -> None:
    asker = Asker()
    asker.user.ask({"request": "who"}, "q1", online=False)
    assert asker.errors() == [("q1", "offline")] and asker.requests.out == []


def test_a_request_that_is_too_long_is_answered_at_once() -> None:
    asker = Asker()
    asker.requests.max_bytes = 100
    asker.user.ask({"request": "topic", "content": "x" * 200}, "q1", online=True)
    assert asker.errors() == [("q1", "too-long")] and asker.requests.out == []


def test_what_is_under_way_when_the_connection_is_lost_is_answered_once() -> None:
    asker = Asker()
    asker.user.ask({"request": "who"}, "q1", online=True)
    asker.user.lost()
    asker.user.lost()
    assert asker.errors() == [("q1", "offline")]


def test_what_was_granted_is_remembered() -> None:
    asker = Asker()
    asker.ask({"request": "register", "password": "apple"})
    assert asker.login.password == "apple"
    asker.ask({"request": "unregister"})
    assert asker.login.password is None
    asker.ask({"request": "nick", "content": "alice2"}, name="alice2")
    assert asker.login.user == "alice2"
    asker.ask({"request": "part", "content": "#dev"}, channels=["#dev"])
    assert list(asker.channels.wanted) == ["#main"]
    asker.ask({"request": "redact", "to": "#main", "seq": 3}, to="#main", seq=3, rev=7)
    assert asker.changed == [("#main", 7)]


def test_what_a_server_forgets_with_the_connection_is_said_again() -> None:
    asker = Asker()
    asker.ask({"request": "away", "content": "lunch"})
    asker.ask({"request": "watch", "content": ["bob"]})
    asker.requests.out.clear()
    asker.user.say_again()
    assert [b'"away"' in asker.requests.out[0], b'"watch"' in asker.requests.out[1]] == [True, True]


def test_what_was_refused_is_not_remembered() -> None:
    asker = Asker()
    asker.ask({"request": "away", "content": "lunch"}, response="error", code="storage")
    asker.user.say_again()
    assert len(asker.requests.out) == 1, "only the request itself"
